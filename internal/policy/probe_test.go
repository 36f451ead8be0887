package policy_test

import (
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/policy"
)

func TestParseEndpoint(t *testing.T) {
	for endpoint, host := range map[string]string{
		"shop.example:443": "shop.example", "db:5432": "db", "192.0.2.1:1": "192.0.2.1", "[2001:db8::1]:443": "2001:db8::1", "_grpc._tcp.shop.example:65535": "_grpc._tcp.shop.example",
		"": "", "shop.example": "", ":443": "", "shop.example:": "", "shop.example:0": "", "shop.example:65536": "", "shop.example:+1": "", "shop.example:443/x": "",
		"2001:db8::1:443": "", "[192.0.2.1]:443": "", "[shop]:443": "", "[fe80::1%eth0]:443": "", "a b:1": "", "user@shop:1": "", "shop\n:1": "", "-shop:1": "", strings.Repeat("a.", 127) + "a:1": "",
	} {
		got, err := policy.ParseEndpoint(endpoint)
		if got != host || (err == nil) != (host != "") {
			t.Errorf("%q: %q, %v; want %q", endpoint, got, err, host)
		}
	}
}

func TestParseCount(t *testing.T) {
	for text, holds := range map[string]string{ // for 0 to 4
		"": "-++++", ">=2": "--+++", ">2": "---++", "2": "--+--", "=2": "--+--", "==2": "--+--", "<3": "+++--", "<= 3": "++++-",
		"0": "", "<1": "", "<=0": "", "-1": "", ">=": "", "~2": "", "2.5": "", "1001": "", "99999999999999999999": "", "=>2": "",
	} {
		c, err := policy.ParseCount(text)
		if err != nil {
			if holds != "" {
				t.Errorf("%q: %v", text, err)
			}
			continue
		}
		got := ""
		for n := range 5 {
			got += map[bool]string{true: "+", false: "-"}[c.Holds(n)]
		}
		if got != holds {
			t.Errorf("%q: %s, want %s", text, got, holds)
		}
	}
}

// Every kind takes all that goes with it.
func TestProbesOfEveryKind(t *testing.T) {
	p, err := policy.Parse("p", []byte(`version: 1
verify:
  probes:
    - name: order
      http: https://shop.example/order
      method: POST
      body: '{"version": "${version}"}'
      headers: {Authorization: "env:SHOP_TOKEN", Content-Type: application/json}
      redirects: 0
      ca-file: deploy/ca.pem
      client-cert: env:SHOP_CERT
      client-key: env:SHOP_KEY
      expect: {status: 201, headers: {X-Version: "${version}"}, json: {$.ok: "true"}, body: '"ok"', body-matches: ok, latency: <2s}
      timeout: 5s
      interval: 10s
      backoff: 1.5
      deadline: 2m
      consecutive: 5
      times: 3
    - {name: login, http: "http://shop.example/", redirects: 0, expect: {redirect: "https://shop.example/login"}}
    - {name: cert, tls: "shop.example:443", expect: {valid-for: 14d, version: "1.3", names: [shop.example, 192.0.2.1], latency: <1s}}
    - {name: dns, dns: shop.example, expect: {answers: ">=2", addresses: [192.0.2.1, "2001:db8::1"], latency: <1s}}
    - {name: pay, grpc: "pay.internal:9000", expect: {service: pay.v1.Pay, status: SERVING, latency: <1s}}
    - {name: pays, grpc: "grpcs://pay.internal:443", ca-file: ca.pem, client-cert: env:SHOP_CERT, client-key: env:SHOP_KEY}
    - {name: port, tcp: "[2001:db8::1]:5432", expect: {latency: <1s}}
    - {name: web, kubernetes: shop/web, kubeconfig: env:KUBECONFIG_TEXT, expect: {image: ":${version}"}}
`))
	if err != nil {
		t.Fatal(err)
	}
	for _, probe := range p.Verify.Probes {
		if probe.Kind() == "" {
			t.Errorf("%s is of no kind", probe.Name)
		}
	}
}
