package policy

import (
	"slices"
	"strings"
)

// Keys that go with some kinds alone; those of a schedule go with all.
var (
	probeKeys = map[string][]string{
		"http":       {"method", "body", "headers", "redirects", "ca-file", "client-cert", "client-key"},
		"tls":        {"ca-file", "client-cert", "client-key"},
		"grpc":       {"ca-file", "client-cert", "client-key"},
		"kubernetes": {"kubeconfig"},
	}
	expectKeys = map[string][]string{
		"http":       {"status", "headers", "json", "body", "body-matches", "latency", "redirect"},
		"tls":        {"valid-for", "version", "names", "latency"},
		"tcp":        {"latency"},
		"dns":        {"answers", "addresses", "latency"},
		"grpc":       {"service", "status", "latency"},
		"kubernetes": {"image"},
	}
)

type key struct {
	name string
	set  bool
}

// validateKeys refuses what does not go with the kind, and so would change nothing.
func (p Probe) validateKeys(at string) *misfit {
	kind, e := p.Kind(), p.Expect
	for _, k := range []key{
		{"method", p.Method != ""}, {"body", p.Body != ""}, {"headers", len(p.Headers) > 0}, {"redirects", p.Redirects != nil},
		{"ca-file", p.CAFile != ""}, {"client-cert", p.ClientCert != ""}, {"client-key", p.ClientKey != ""}, {"kubeconfig", p.Kubeconfig != ""},
	} {
		if allowed := probeKeys[kind]; k.set && !slices.Contains(allowed, k.name) {
			return misfitf(at+"."+k.name, "%s probe has no use for that%s", article(kind), orElse("; it can have ", allowed))
		}
	}
	for _, k := range []key{
		{"status", e.Status != ""}, {"headers", len(e.Headers) > 0}, {"json", len(e.JSON) > 0}, {"body", e.Body != ""}, {"body-matches", e.BodyMatches != ""},
		{"latency", e.Latency != ""}, {"redirect", e.Redirect != ""}, {"valid-for", e.ValidFor != 0}, {"version", e.Version != ""}, {"names", len(e.Names) > 0},
		{"answers", e.Answers != ""}, {"addresses", len(e.Addresses) > 0}, {"service", e.Service != ""}, {"image", e.Image != ""},
	} {
		if allowed := expectKeys[kind]; k.set && !slices.Contains(allowed, k.name) {
			return misfitf(at+".expect."+k.name, "%s probe cannot expect that%s", article(kind), orElse("; it can expect ", allowed))
		}
	}
	return nil
}

func article(kind string) string {
	if kind == "http" {
		return "an http"
	}
	return "a " + kind
}

func orElse(before string, allowed []string) string {
	if len(allowed) == 0 {
		return ""
	}
	return before + strings.Join(allowed, ", ")
}
