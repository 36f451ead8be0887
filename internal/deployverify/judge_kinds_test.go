package deployverify

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/probe"
)

// checkOf is the check of a probe of the policy, with 1.5.0 expected.
func checkOf(t *testing.T, p policy.Probe) check {
	t.Helper()
	p.Name = "p"
	i := inputs{Expected: "1.5.0"}
	if err := i.readProbes(policy.Verify{Probes: []policy.Probe{p}}); err != nil {
		t.Fatal(err)
	}
	return i.checks[0]
}

func answered(change func(*probe.Answer)) probe.Answer {
	a := probe.Answer{Class: probe.Answered, Latency: 20 * time.Millisecond}
	change(&a)
	return a
}

type judgement struct {
	p       policy.Probe
	answer  probe.Answer
	says    says
	problem string
}

func wantEach(t *testing.T, all []judgement) {
	t.Helper()
	for _, j := range all {
		if s := judge(checkOf(t, j.p), j.answer); s.says != j.says || s.problem != j.problem {
			t.Errorf("%+v: says %d, %q; want %d, %q", j.answer, s.says, s.problem, j.says, j.problem)
		}
	}
}

func TestJudgeHTTPExtras(t *testing.T) {
	to := func(raw string) *url.URL {
		u, err := url.Parse(raw)
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	ask := func(e policy.Expectation) policy.Probe { return policy.Probe{HTTP: "https://shop.example/", Expect: e} }
	header := func(values ...string) probe.Answer {
		return answered(func(a *probe.Answer) {
			a.Status, a.Header, a.Body = 200, http.Header{"X-Version": values}, []byte("shop 1.5.0 is well")
		})
	}
	led := func(status int, raw string) probe.Answer {
		return answered(func(a *probe.Answer) {
			if a.Status = status; raw != "" {
				a.Redirect, a.Final = to(raw), "https://shop.example/elsewhere"
			}
		})
	}
	none := 0
	login := policy.Probe{HTTP: "https://shop.example/", Redirects: &none, Expect: policy.Expectation{Redirect: "https://shop.example/login?next=hidden"}}
	wantEach(t, []judgement{
		{ask(policy.Expectation{Headers: map[string]string{"x-version": "${version}"}}), header("1.5.0"), good, ""},
		{ask(policy.Expectation{Headers: map[string]string{"x-version": "${version}"}}), header("1.4.2"), bad, "said 1.4.2"},
		{ask(policy.Expectation{Headers: map[string]string{"x-version": "v${version}"}}), header("1.5.0"), bad, `the header X-Version is "1.5.0", wanted "v1.5.0"`},
		{ask(policy.Expectation{Headers: map[string]string{"x-version": "${version}"}}), header("1.5.0", "1.4.2"), bad, "the header X-Version is there 2 times"},
		{ask(policy.Expectation{Headers: map[string]string{"x-version": "${version}"}}), header(), bad, "there is no header X-Version"},
		{ask(policy.Expectation{Body: "shop ${version}"}), header(), good, ""},
		{ask(policy.Expectation{Body: "v${version}"}), header(), bad, `the body does not contain "v1.5.0"`},
		{login, led(302, "https://shop.example/login?next=hidden"), good, ""},
		{login, led(302, "https://shop.example/login?next=other"), bad, "it leads to https://shop.example/login with another query, wanted https://shop.example/login"},
		{login, led(302, "https://mallory.example/\x00login"[:24]), bad, "it leads to https://mallory.example/, wanted https://shop.example/login"},
		{login, led(302, ""), bad, "there is no redirect, wanted one to https://shop.example/login"},
		{login, led(200, ""), bad, "status 200, wanted 3xx; there is no redirect, wanted one to https://shop.example/login"},
		{ask(policy.Expectation{Redirect: "https://shop.example/v${version}"}), led(200, "https://shop.example/v1.5.0"), good, ""},
		{policy.Probe{HTTP: "https://shop.example/", Redirects: &none}, led(302, "https://shop.example/"), bad, "status 302, wanted 2xx"},
	})
	if s := judge(checkOf(t, login), led(302, "https://shop.example/login?next=hidden")); s.final != "" || strings.Contains(checkOf(t, login).wanted(), "hidden") {
		t.Errorf("it warns of a redirect that is wanted, or shows its query: %+v, %s", s, checkOf(t, login).wanted())
	}
	if c := checkOf(t, ask(policy.Expectation{Headers: map[string]string{"x-version": "${version}"}})); !c.tellsVersion() || c.expects() != "1.5.0" {
		t.Error("a header does not tell the version")
	}
}

func TestJudgeCertificate(t *testing.T) {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	seen := func(days int, protocol uint16) probe.Answer {
		return answered(func(a *probe.Answer) {
			a.Certificate = &probe.Certificate{Leaf: &x509.Certificate{DNSNames: []string{"shop.example", "*.shop.example"}}, Until: at.AddDate(0, 0, days), At: at, Protocol: protocol, Cipher: tls.TLS_RSA_WITH_AES_128_CBC_SHA}
		})
	}
	ask := func(e policy.Expectation) policy.Probe { return policy.Probe{TLS: "shop.example:443", Expect: e} }
	wantEach(t, []judgement{
		{ask(policy.Expectation{}), seen(1, tls.VersionTLS12), good, ""},
		{ask(policy.Expectation{ValidFor: policy.Duration(14 * 24 * time.Hour)}), seen(14, tls.VersionTLS12), good, ""},
		{ask(policy.Expectation{ValidFor: policy.Duration(14 * 24 * time.Hour)}), seen(13, tls.VersionTLS12), bad, "it ends 2026-03-14, in 13d, wanted 14d at least"},
		{ask(policy.Expectation{}), seen(1, tls.VersionTLS11), bad, "TLS 1.1 with TLS_RSA_WITH_AES_128_CBC_SHA was agreed on, wanted TLS 1.2 at least"},
		{ask(policy.Expectation{Version: "1.3"}), seen(1, tls.VersionTLS12), bad, "TLS 1.2 with TLS_RSA_WITH_AES_128_CBC_SHA was agreed on, wanted TLS 1.3 at least"},
		{ask(policy.Expectation{Names: []string{"shop.example", "www.shop.example"}}), seen(1, tls.VersionTLS13), good, ""},
		{ask(policy.Expectation{Names: []string{"shop.example", "a.b.shop.example", "192.0.2.1"}}), seen(1, tls.VersionTLS13), bad, "it is not for a.b.shop.example; it is not for 192.0.2.1"},
		{ask(policy.Expectation{Latency: "<20ms"}), seen(1, tls.VersionTLS13), bad, "it took 20ms, wanted less than 20ms"},
		{ask(policy.Expectation{}), answered(func(*probe.Answer) {}), blind, "no certificate was seen"},
		{ask(policy.Expectation{}), answered(func(a *probe.Answer) { a.Certificate = &probe.Certificate{Leaf: &x509.Certificate{}} }), blind, "no certificate was seen"},
		{ask(policy.Expectation{}), probe.Answer{Class: probe.TLS, Detail: "the certificate expired 2026-02-26, 3d ago"}, bad, "TLS failed: the certificate expired 2026-02-26, 3d ago"},
	})
}

func TestJudgeNames(t *testing.T) {
	of := func(partial string, addresses ...string) probe.Answer {
		return answered(func(a *probe.Answer) {
			a.Names = &probe.Names{Partial: partial}
			for _, s := range addresses {
				a.Names.Addresses = append(a.Names.Addresses, netip.MustParseAddr(s))
			}
		})
	}
	ask := func(answers string, addresses ...string) policy.Probe {
		return policy.Probe{DNS: "shop.example", Expect: policy.Expectation{Answers: answers, Addresses: addresses}}
	}
	wantEach(t, []judgement{
		{ask(""), of("", "192.0.2.1"), good, ""},
		{ask(""), of(""), bad, "there is no such name, or it has no address"},
		{ask("<5"), of(""), bad, "there is no such name, or it has no address"},
		{ask(">=2"), of("", "192.0.2.1"), bad, "addresses: 1, wanted >=2"},
		{ask("<2"), of("", "192.0.2.1", "192.0.2.2"), bad, "addresses: 2, wanted <2"},
		{ask("", "192.0.2.1", "2001:db8:0::1"), of("", "192.0.2.1", "2001:db8::1"), good, ""},
		{ask("", "192.0.2.9"), of("", "192.0.2.1"), bad, "192.0.2.9 is not among its addresses"},
		// Of half an answer only what it holds is known.
		{ask(">=1"), of("server misbehaving", "192.0.2.1"), good, ""},
		{ask(">=2"), of("server misbehaving", "192.0.2.1"), blind, "the resolver: server misbehaving"},
		{ask("1"), of("server misbehaving", "192.0.2.1"), blind, "the resolver: server misbehaving"},
		{ask("<5"), of("server misbehaving", "192.0.2.1"), blind, "the resolver: server misbehaving"},
		{ask("", "192.0.2.9"), of("server misbehaving", "192.0.2.1"), blind, "the resolver: server misbehaving"},
		{ask(""), answered(func(*probe.Answer) {}), blind, "the resolver said nothing"},
		{ask(""), probe.Answer{Class: probe.DNS, Detail: "shop.example: server misbehaving"}, blind, "the resolver: no address: shop.example: server misbehaving"},
	})
}

func TestJudgeHealth(t *testing.T) {
	said := func(status int, health, detail string) probe.Answer {
		return answered(func(a *probe.Answer) { a.Status, a.Health, a.Detail = status, health, detail })
	}
	pay := policy.Probe{GRPC: "pay:9000", Expect: policy.Expectation{Service: "pay.v1.Pay"}}
	off := policy.Probe{GRPC: "grpcs://pay:9000", Expect: policy.Expectation{Status: "NOT_SERVING"}}
	wantEach(t, []judgement{
		{pay, said(0, "SERVING", ""), good, ""},
		{pay, said(0, "NOT_SERVING", ""), bad, "it is NOT_SERVING, wanted SERVING"},
		{pay, said(0, "UNKNOWN", ""), bad, "it is UNKNOWN, wanted SERVING"},
		{pay, said(0, "", ""), bad, "it is , wanted SERVING"},
		{off, said(0, "NOT_SERVING", ""), good, ""},
		{off, said(0, "SERVING", ""), bad, "it is SERVING, wanted NOT_SERVING"},
		{pay, said(5, "", "unknown service"), bad, `it knows no service "pay.v1.Pay"`},
		{pay, said(12, "", "x"), bad, "it does not tell its health: it serves no grpc.health.v1.Health"},
		{pay, said(14, "", "down\n::error::"), bad, "gRPC status 14: down ::error::"},
		{pay, said(16, "", "who are you"), blind, "it does not tell us its health (status 16): who are you"},
		{pay, said(7, "", ""), blind, "it does not tell us its health (status 7)"},
		{pay, probe.Answer{Class: probe.Malformed, Detail: "x"}, bad, "the answer is no gRPC: x"},
	})
}

// The rules are those of kubectl rollout status, and that nothing that does not run is complete.
func TestJudgeRollout(t *testing.T) {
	done := probe.Rollout{Generation: 7, Observed: 7, Wanted: 3, Updated: 3, All: 3, Available: 3, Progressing: "NewReplicaSetAvailable", Images: []string{"acme/web:1.5.0"}}
	with := func(change func(*probe.Rollout)) probe.Answer {
		r := done
		change(&r)
		return answered(func(a *probe.Answer) { a.Status, a.Rollout = 200, &r })
	}
	status := func(n int) probe.Answer { return answered(func(a *probe.Answer) { a.Status = n }) }
	web, image := policy.Probe{Kubernetes: "shop/web"}, policy.Probe{Kubernetes: "shop/web", Expect: policy.Expectation{Image: ":${version}"}}
	wantEach(t, []judgement{
		{web, with(func(*probe.Rollout) {}), good, ""},
		{image, with(func(*probe.Rollout) {}), good, ""},
		{web, with(func(r *probe.Rollout) { r.Observed = 8 }), good, ""},
		{web, with(func(r *probe.Rollout) { r.Observed, r.Progressing = 6, "ProgressDeadlineExceeded" }), bad, "the cluster has not begun to act on the newest Deployment"},
		{web, with(func(r *probe.Rollout) { r.Progressing = "ProgressDeadlineExceeded" }), bad, "the rollout failed: it exceeded its progress deadline"},
		{web, with(func(r *probe.Rollout) { r.Updated = 2 }), bad, "2 of 3 pods are new"},
		{web, with(func(r *probe.Rollout) { r.Updated, r.Paused = 2, true }), bad, "2 of 3 pods are new, and the rollout is paused"},
		{web, with(func(r *probe.Rollout) { r.All = 4 }), bad, "old pods that still run: 1"},
		{web, with(func(r *probe.Rollout) { r.Available = 1 }), bad, "1 of 3 new pods are available"},
		{web, with(func(r *probe.Rollout) { r.Wanted, r.Updated, r.All, r.Available = 0, 0, 0, 0 }), bad, "it is scaled to no pod at all"},
		{web, with(func(r *probe.Rollout) { r.Deleted = true }), bad, "it is being deleted"},
		{image, with(func(r *probe.Rollout) { r.Images = []string{"acme/web:1.4.2", "envoy:1"} }), bad, "its image is acme/web:1.4.2, envoy:1, wanted one that ends with :1.5.0"},
		{web, status(404), bad, "there is no Deployment shop/web"},
		{web, status(403), blind, "the cluster's API does not let us read it (status 403); the account needs the verb get on deployments.apps"},
		{web, status(401), blind, "the cluster's API does not let us read it (status 401); the account needs the verb get on deployments.apps"},
		{web, status(500), blind, "the cluster's API answered with status 500"},
		{web, status(200), blind, "the cluster's API answered with status 200"},
		{web, probe.Answer{Class: probe.Refused, Detail: "10.0.0.1:6443: connection refused"}, blind, "the cluster's API: no connection: 10.0.0.1:6443: connection refused"},
		{web, probe.Answer{Class: probe.Malformed, Detail: "18 bytes that are no JSON of a Deployment"}, blind, "the cluster's API: the answer is no Deployment: 18 bytes that are no JSON of a Deployment"},
	})
	for wanted, images := range map[string][]string{
		":1.5.0":     {"acme/web:1.5.0", "acme/web:1.5.0@sha256:abc"},
		"1.5.0":      {"acme/web:1.5.0", "!acme/web:11.5.0", "!acme/web:v1.5.0"},
		"web:1.5.0":  {"acme/web:1.5.0", "web:1.5.0", "!acme/oldweb:1.5.0", "!acme/web:1.5.0-rc.1"},
		"@sha256:ab": {"acme/web:1@sha256:ab", "!acme/web:sha256:ab"},
	} {
		for _, image := range images {
			name, not := strings.CutPrefix(image, "!")
			if got := (imageRule{want: wanted}).fits(name); got == not {
				t.Errorf("%s ends with %s: %t", name, wanted, got)
			}
		}
	}
	if c := checkOf(t, image); !c.tellsVersion() || checkOf(t, web).tellsVersion() {
		t.Error("an image with the version tells it, and nothing else of a Deployment does")
	}
}

// No class but a whole answer is good, whatever is asked, and a kind that nobody knows is none.
func TestNoKindPassesWithoutAnswer(t *testing.T) {
	probes := []policy.Probe{{HTTP: "https://shop.example/"}, {TLS: "shop.example:443"}, {DNS: "shop.example"}, {GRPC: "pay:1"}, {TCP: "db:1"}, {Kubernetes: "shop/web"}}
	for _, p := range probes {
		c := checkOf(t, p)
		for class := range silence {
			s := judge(c, probe.Answer{Class: class, Status: 200, Detail: "::error::\x1b[1m"})
			if s.says == good || s.problem == "" || s.whole || strings.ContainsRune(s.problem, 0x1b) {
				t.Errorf("%s, %s: %+v", c.kind, class, s)
			}
			if behind := p.DNS != "" || p.Kubernetes != ""; behind && s.says != blind {
				t.Errorf("%s, %s: it speaks against the service", c.kind, class)
			}
		}
		if s := judge(c, probe.Answer{Class: "new", Status: 200}); s.says != blind {
			t.Errorf("%s: a class that nobody knows says %d", c.kind, s.says)
		}
		if s := judge(c, probe.Answer{Class: probe.Answered}); (s.says == good) != (p.TCP != "") {
			t.Errorf("%s: an answer without facts says %d", c.kind, s.says)
		}
		if c.wanted() == "" || !strings.Contains(c.title(), "p (") {
			t.Errorf("%s: %s wants %q", c.kind, c.title(), c.wanted())
		}
	}
	if s := judge(check{kind: "smtp"}, probe.Answer{Class: probe.Answered, Status: 200}); s.says != blind {
		t.Error("a kind that nobody knows passes")
	}
}

// Every key that is about how a probe is asked gets into what is asked.
func TestRequest(t *testing.T) {
	none := 0
	c := checkOf(t, policy.Probe{HTTP: "https://shop.example/", Method: "POST", Body: `{"v":"${version}"}`, Redirects: &none, Timeout: policy.Duration(3 * time.Second)})
	c.asking.header = http.Header{"X-Key": {"secret"}}
	r := c.request(plan{Timeout: time.Minute})
	if r.Kind != probe.KindHTTP || r.Method != "POST" || r.Body != `{"v":"1.5.0"}` || *r.Redirects != 0 || r.Timeout != 3*time.Second || r.Header.Get("X-Key") != "secret" {
		t.Errorf("%+v", r)
	}
	if r := c.request(plan{Timeout: time.Second}); r.Timeout != time.Second {
		t.Errorf("it may take %s, longer than all looks", r.Timeout)
	}
	if r := versionCheck("1.5.0").request(plan{Timeout: time.Minute}); r.Timeout != requestTimeout {
		t.Errorf("it may take %s", r.Timeout)
	}
	c = checkOf(t, policy.Probe{GRPC: "grpcs://pay:9000", Expect: policy.Expectation{Service: "pay.v1.Pay"}})
	if r := c.request(plan{Timeout: time.Minute}); r.Target != "pay:9000" || !r.Encrypted || r.Service != "pay.v1.Pay" {
		t.Errorf("%+v", r)
	}
	c = checkOf(t, policy.Probe{TCP: "db:1", Interval: 2, Backoff: 3, Deadline: 4, Consecutive: 5, Times: 6})
	if c.interval != 2 || c.backoff != 3 || c.deadline != 4 || c.consecutive != 5 || c.times != 6 {
		t.Errorf("%+v", c)
	}
}

// What the service repeats of our secrets is not shown.
func TestHidden(t *testing.T) {
	a := asking{secrets: []string{"Bearer s3cr3t-token", "s3cr3t-token"}}.hidden(probe.Answer{
		Detail: "x s3cr3t-token", Final: "https://a/s3cr3t-token", Body: []byte(`{"version":"Bearer s3cr3t-token"}`),
		Header: http.Header{"X-S3cr3t": {"s3cr3t-token"}}, Redirect: &url.URL{Scheme: "https", Host: "a", Path: "/", RawQuery: "t=s3cr3t-token"},
	})
	all := []string{a.Detail, a.Final, string(a.Body), a.Header.Get("X-S3cr3t"), a.Redirect.String()}
	if slices.ContainsFunc(all, func(s string) bool { return strings.Contains(s, "s3cr3t-token") }) || string(a.Body) != `{"version":"***"}` {
		t.Errorf("%q", all)
	}
}
