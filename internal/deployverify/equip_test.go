package deployverify

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/probe"
)

// pair is a certificate and its key, in PEM.
func pair(t *testing.T) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	text := func(kind string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	return text("CERTIFICATE", der), text("PRIVATE KEY", secret)
}

// equipped is what becomes of one probe of a policy.
func equipped(t *testing.T, p policy.Probe, env, files map[string]string) (asking, error) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, w := surroundings(t, dir, nil)
	w.Getenv = func(name string) string { return env[name] }
	p.Name = "pay"
	v := policy.Verify{Probes: []policy.Probe{{Name: "first", TCP: "db:1"}, p}}
	i := inputs{}
	if err := i.readProbes(v); err != nil {
		t.Fatal(err)
	}
	err := equip(t.Context(), w, v, i.checks)
	return i.checks[1].asking, err
}

func TestEquip(t *testing.T) {
	cert, key := pair(t)
	config := "current-context: a\ncontexts: [{name: a, context: {cluster: a, user: a}}]\nclusters: [{name: a, cluster: {server: 'https://10.0.0.1:6443'}}]\nusers: [{name: a, user: {token: s3cr3t-token}}]\n"
	got, err := equipped(t, policy.Probe{
		HTTP: "https://pay.example/", Headers: map[string]string{"Authorization": "env:PAY_TOKEN", "X-Tenant": "shop"}, CAFile: "ca.pem", ClientCert: "env:PAY_CERT", ClientKey: "env:PAY_KEY",
	}, map[string]string{"PAY_TOKEN": "Bearer s3cr3t-token\n", "PAY_CERT": cert, "PAY_KEY": key}, map[string]string{"ca.pem": "# ours\n" + cert})
	if err != nil || got.header.Get("Authorization") != "Bearer s3cr3t-token" || got.header.Get("X-Tenant") != "shop" || got.trust.Roots == nil || got.trust.Certificate == nil ||
		!slices.Equal(got.secrets, []string{"Bearer s3cr3t-token", "s3cr3t-token"}) {
		t.Errorf("%v, %+v", err, got)
	}
	got, err = equipped(t, policy.Probe{Kubernetes: "shop/web", Kubeconfig: "env:KUBE"}, map[string]string{"KUBE": config}, nil)
	if err != nil || got.cluster.Token != "s3cr3t-token" || !slices.Equal(got.secrets, []string{"s3cr3t-token"}) {
		t.Errorf("%v, %+v", err, got)
	}
}

// What is missing is the caller's mistake, is named, and tells no secret.
func TestEquipRefuses(t *testing.T) {
	cert, key := pair(t)
	http := func(change func(*policy.Probe)) policy.Probe {
		p := policy.Probe{HTTP: "https://pay.example/"}
		change(&p)
		return p
	}
	token := http(func(p *policy.Probe) { p.Headers = map[string]string{"Authorization": "env:PAY_TOKEN"} })
	ca := func(path string) policy.Probe { return http(func(p *policy.Probe) { p.CAFile = path }) }
	own := http(func(p *policy.Probe) { p.ClientCert, p.ClientKey = "env:PAY_CERT", "env:PAY_KEY" })
	web := policy.Probe{Kubernetes: "shop/web", Kubeconfig: "env:KUBE"}
	for name, test := range map[string]struct {
		p     policy.Probe
		env   map[string]string
		files map[string]string
		want  string
	}{
		"unset":       {token, nil, nil, "verify.probes[1] (pay) of the policy takes headers.Authorization from the environment variable PAY_TOKEN, which is not set. Add it to the step:\n  env:\n    PAY_TOKEN: ${{ secrets.PAY_TOKEN }}"},
		"blank":       {token, map[string]string{"PAY_TOKEN": " \n"}, nil, "which is not set"},
		"two lines":   {token, map[string]string{"PAY_TOKEN": "s3cr3t\nX: y"}, nil, "which holds more than one line, or what no header can hold"},
		"no file":     {ca("ca.pem"), nil, nil, `names the ca-file "ca.pem"; there is no such file in the workspace`},
		"outside":     {ca("../ca.pem"), nil, nil, "allowed: a path inside the repository"},
		"no PEM":      {ca("ca.pem"), nil, map[string]string{"ca.pem": "s3cr3t"}, `names the ca-file "ca.pem", in which there is no certificate`},
		"key for CA":  {ca("ca.pem"), nil, map[string]string{"ca.pem": key}, `in which there is no certificate`},
		"no cert":     {own, map[string]string{"PAY_KEY": key}, nil, "takes client-cert from the environment variable PAY_CERT, which is not set"},
		"no key":      {own, map[string]string{"PAY_CERT": cert}, nil, "takes client-key from the environment variable PAY_KEY, which is not set"},
		"other key":   {own, map[string]string{"PAY_CERT": cert, "PAY_KEY": "s3cr3t"}, nil, "client-cert and client-key are no certificate and its key in PEM"},
		"no config":   {web, nil, nil, "takes kubeconfig from the environment variable KUBE, which is not set"},
		"config path": {web, map[string]string{"KUBE": "/s3cr3t/config"}, nil, "it is no kubeconfig in YAML"},
		"no pod":      {policy.Probe{Kubernetes: "shop/web"}, nil, nil, "has no kubeconfig, so the pod's own account is used, but this is no pod with an account of its own"},
		"bad base64":  {web, map[string]string{"KUBE": "users: [{user: {client-key-data: '" + base64.StdEncoding.EncodeToString([]byte(key))[1:] + "'}}]"}, nil, "kubeconfig: it is no kubeconfig in YAML"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := equipped(t, test.p, test.env, test.files)
			var wrong *action.CallerError
			if !errors.As(err, &wrong) || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "s3cr3t") {
				t.Errorf("%v, want %s", err, test.want)
			}
		})
	}
}

// Without environment and files the same checks come out, so that a replay judges the same.
func TestReplayNeedsNoEquipment(t *testing.T) {
	p := policy.Probe{Name: "pay", HTTP: "https://pay.example/", Headers: map[string]string{"Authorization": "env:PAY_TOKEN"}, CAFile: "none.pem", Expect: policy.Expectation{Body: "ok"}}
	c := checkOf(t, p)
	if s := judge(c, probe.Answer{Class: probe.Answered, Status: 200, Body: []byte("ok")}); s.says != good {
		t.Errorf("%+v", s)
	}
}
