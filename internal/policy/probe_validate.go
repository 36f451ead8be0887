package policy

import (
	"fmt"
	"maps"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/jsonpath"
)

// Bounds of probes.
const (
	maxProbes    = 50
	maxTimes     = 100 // requests of one probe in one look
	maxRedirects = 20
	maxHeaders   = 50
	maxBody      = 64 << 10
	maxText      = 1000 // letters of a text that is expected
	maxNames     = 100
	maxBackoff   = 10
	maxRow       = 1000
)

func (v *Verify) validateProbes() *misfit {
	if len(v.Probes) > maxProbes {
		return misfitf("verify.probes", "there are %d; at most %d are asked", len(v.Probes), maxProbes)
	}
	names := map[string]bool{}
	for i, p := range v.Probes {
		at := fmt.Sprintf("verify.probes[%d]", i)
		if p.Name == "" || p.Kind() == "" {
			return misfitf(at, "a probe needs a name and exactly one of http, tls, dns, grpc, tcp, kubernetes")
		}
		if len(p.Name) > 100 || strings.TrimSpace(p.Name) != p.Name {
			return misfitf(at+".name", "%q is no name of at most 100 characters", p.Name)
		}
		if names[p.Name] {
			return misfitf(at+".name", "there are two probes named %q; give each a name of its own", p.Name)
		}
		names[p.Name] = true
		for _, part := range []func(string) *misfit{p.validateKeys, p.validateSchedule, p.validateTarget, p.validateAccount, p.validateExpectation} {
			if m := part(at); m != nil {
				return m
			}
		}
	}
	return nil
}

func (p Probe) validateSchedule(at string) *misfit {
	if p.Times < 0 || p.Times > maxTimes {
		return misfitf(at+".times", "%d is not from 1 to %d", p.Times, maxTimes)
	}
	if p.Consecutive < 0 || p.Consecutive > maxRow {
		return misfitf(at+".consecutive", "%d is not from 1 to %d", p.Consecutive, maxRow)
	}
	if b := p.Backoff; b != 0 && !(b >= 1 && b <= maxBackoff) {
		return misfitf(at+".backoff", "%v is not from 1 to %d", b, maxBackoff)
	}
	for _, d := range []struct {
		key   string
		value Duration
		most  time.Duration
	}{{"timeout", p.Timeout, 5 * time.Minute}, {"interval", p.Interval, time.Hour}, {"deadline", p.Deadline, 24 * time.Hour}} {
		if value := time.Duration(d.value); value != 0 && (value < 10*time.Millisecond || value > d.most) {
			return misfitf(at+"."+d.key, "allowed: from 10ms to %s", d.most)
		}
	}
	if least := Duration(max(p.Consecutive-1, 0)) * p.Interval; p.Deadline != 0 && least > p.Deadline {
		return misfitf(at+".deadline", "it leaves no room for %d looks %s apart", p.Consecutive, time.Duration(p.Interval))
	}
	return nil
}

// dns1123 is how Kubernetes calls namespaces and Deployments.
var dns1123 = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?/[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$`)

func (p Probe) validateTarget(at string) *misfit {
	var err error
	switch kind := p.Kind(); kind {
	case "http":
		if _, err = ParseAddress(p.HTTP); err == nil {
			return p.validateRequest(at)
		}
		return misfitf(at+".http", "%v", err)
	case "tls":
		_, err = ParseEndpoint(p.TLS)
	case "tcp":
		_, err = ParseEndpoint(p.TCP)
	case "grpc":
		if _, _, err = ParseGRPC(p.GRPC); err != nil {
			err = fmt.Errorf("%w, or grpcs://shop.example:443 for one over TLS", err)
		}
	case "dns":
		if _, numeric := netip.ParseAddr(p.DNS); !isHostname(p.DNS) || numeric == nil {
			err = fmt.Errorf("%q is no name that can be looked up; use one such as shop.example", p.DNS)
		}
	case "kubernetes":
		if !dns1123.MatchString(p.Kubernetes) || strings.Contains(p.Kubernetes, "..") {
			err = fmt.Errorf("%q is no Deployment; use its namespace and name, such as shop/web", p.Kubernetes)
		}
	}
	if err != nil {
		return misfitf(at+"."+p.Kind(), "%v", err)
	}
	return nil
}

// methods are what can be asked over http; those with a body first.
var methods = []string{"POST", "PUT", "PATCH", "DELETE", "GET", "HEAD", "OPTIONS"}

// headerName is a token of RFC 9110.
var headerName = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$")

// framing are headers that belong to the connection. Set by hand they would be passed over, or break it.
var framing = []string{"connection", "content-length", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"}

func (p Probe) validateRequest(at string) *misfit {
	if p.Method != "" && !slices.Contains(methods, p.Method) {
		return misfitf(at+".method", "%q is not allowed here; allowed: %s", p.Method, strings.Join(methods, ", "))
	}
	if p.Body != "" && !slices.Contains(methods[:4], p.Method) {
		return misfitf(at+".body", "it goes with method: %s alone", strings.Join(methods[:4], ", "))
	}
	if len(p.Body) > maxBody {
		return misfitf(at+".body", "it has %d bytes; at most %d are sent", len(p.Body), maxBody)
	}
	if r := p.Redirects; r != nil && (*r < 0 || *r > maxRedirects) {
		return misfitf(at+".redirects", "%d is not from 0 to %d", *r, maxRedirects)
	}
	if len(p.Headers) > maxHeaders {
		return misfitf(at+".headers", "there are %d; at most %d are sent", len(p.Headers), maxHeaders)
	}
	seen := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(p.Headers)) {
		where, lower := at+".headers", strings.ToLower(name)
		if !headerName.MatchString(name) || seen[lower] {
			return misfitf(where, "%q is no name of a header, or there twice", name)
		}
		if slices.Contains(framing, lower) {
			return misfitf(where, "%s belongs to the connection and is set by itself", name)
		}
		seen[lower] = true
		if m := headerValue(where, name, p.Headers[name]); m != nil {
			return m
		}
	}
	return nil
}

func (p Probe) validateAccount(at string) *misfit {
	for _, secret := range []struct{ key, value string }{{"client-cert", p.ClientCert}, {"client-key", p.ClientKey}, {"kubeconfig", p.Kubeconfig}} {
		if secret.value != "" && !isVariable(secret.value) {
			return misfitf(at+"."+secret.key, "it does not belong into a file; put it into the step's env, and name the variable here, such as env:%s", strings.ToUpper(strings.ReplaceAll(secret.key, "-", "_")))
		}
	}
	if (p.ClientCert == "") != (p.ClientKey == "") {
		return misfitf(at, "client-cert and client-key go together")
	}
	secured := p.TLS != "" || strings.HasPrefix(p.GRPC, "grpcs://")
	if u, err := url.Parse(p.HTTP); err == nil && u.Scheme == "https" {
		secured = true
	}
	if !secured && (p.CAFile != "" || p.ClientCert != "") {
		if p.HTTP != "" && (p.Redirects == nil || *p.Redirects > 0) {
			return nil // it may be redirected to https
		}
		key, instead := "ca-file", "https://"
		if p.CAFile == "" {
			key = "client-cert"
		}
		if p.GRPC != "" {
			instead = "grpcs://"
		}
		return misfitf(at+"."+key, "there is no TLS without %s", instead)
	}
	return nil
}

func (p Probe) validateExpectation(at string) *misfit {
	at += ".expect"
	e := p.Expect
	if _, err := ParseLatency(e.Latency); err != nil {
		return misfitf(at+".latency", "%v", err)
	}
	for _, text := range []struct{ key, value string }{{"body", e.Body}, {"body-matches", e.BodyMatches}, {"redirect", e.Redirect}, {"service", e.Service}, {"image", e.Image}} {
		if len(text.value) > maxText {
			return misfitf(at+"."+text.key, "it has %d bytes; at most %d are compared", len(text.value), maxText)
		}
	}
	switch p.Kind() {
	case "http":
		return p.validateAnswer(at)
	case "tls":
		if !slices.Contains([]string{"", "1.2", "1.3"}, e.Version) {
			return misfitf(at+".version", "%q is not allowed here; allowed: 1.2, 1.3. Older ones are broken", e.Version)
		}
		if d := time.Duration(e.ValidFor); d < 0 || d > 10*365*24*time.Hour {
			return misfitf(at+".valid-for", "allowed: from 0s to ten years")
		}
		return list(at+".names", e.Names, "a name or address such as shop.example, without a wildcard", func(s string) bool {
			_, notAddress := netip.ParseAddr(s)
			return isHostname(s) || notAddress == nil
		})
	case "dns":
		if _, err := ParseCount(e.Answers); err != nil {
			return misfitf(at+".answers", "%v", err)
		}
		return list(at+".addresses", e.Addresses, "an address such as 192.0.2.1 or 2001:db8::1", func(s string) bool {
			address, err := netip.ParseAddr(s)
			return err == nil && address.Zone() == ""
		})
	case "grpc":
		if !slices.Contains([]string{"", Serving, "NOT_SERVING"}, e.Status) {
			return misfitf(at+".status", "%q is not allowed here; allowed: %s, NOT_SERVING", e.Status, Serving)
		}
	case "kubernetes":
		if strings.ContainsAny(e.Image, " \t\r\n") {
			return misfitf(at+".image", "%q is no end of an image; use one such as \":${version}\"", e.Image)
		}
	}
	return nil
}

func list(at string, values []string, such string, fits func(string) bool) *misfit {
	if len(values) > maxNames {
		return misfitf(at, "there are %d; at most %d are compared", len(values), maxNames)
	}
	for i, v := range values {
		if !fits(v) {
			return misfitf(fmt.Sprintf("%s[%d]", at, i), "%q is not %s", v, such)
		}
	}
	return nil
}

func (p Probe) validateAnswer(at string) *misfit {
	e := p.Expect
	if _, _, err := ParseStatus(e.Status); err != nil {
		return misfitf(at+".status", "%v", err)
	}
	if p.Method == "HEAD" && (e.Body != "" || e.BodyMatches != "" || len(e.JSON) > 0) {
		return misfitf(at, "the answer to HEAD has no body to expect anything of")
	}
	if _, err := regexp.Compile(e.BodyMatches); err != nil {
		return misfitf(at+".body-matches", "%q is no regular expression: %v", e.BodyMatches, err)
	}
	for _, path := range slices.Sorted(maps.Keys(e.JSON)) {
		if _, err := jsonpath.Parse(path); err != nil {
			return misfitf(at+".json", "%v", err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(e.Headers)) {
		if !headerName.MatchString(name) {
			return misfitf(at+".headers", "%q is no name of a header", name)
		}
	}
	if e.Redirect != "" {
		if _, err := ParseAddress(e.Redirect); err != nil {
			return misfitf(at+".redirect", "%v", err)
		}
	}
	return nil
}
