package probe

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// What is wrong with a certificate is said plainly, with its date.
func TestTLSDisbelief(t *testing.T) {
	day := 24 * time.Hour
	ca := newAuthority(t, "Acme Root")
	day3, day30 := time.Now().Add(-3*day-time.Hour), ca.cert.NotAfter
	for name, test := range map[string]struct {
		chain  []authority
		detail string
	}{
		"expired":     {[]authority{ca.local(t, func(c *x509.Certificate) { c.NotBefore, c.NotAfter = time.Now().Add(-30*day), day3 })}, "the certificate expired " + day3.UTC().Format(time.DateOnly) + ", 3d ago"},
		"early":       {[]authority{ca.local(t, func(c *x509.Certificate) { c.NotBefore = time.Now().Add(2*day + time.Hour) })}, "the certificate holds from " + time.Now().Add(2*day+time.Hour).UTC().Format(time.DateOnly) + " on, in 2d"},
		"other name":  {[]authority{ca.local(t, func(c *x509.Certificate) { c.IPAddresses = nil })}, "the certificate is not for 127.0.0.1 but for shop.example"},
		"no name":     {[]authority{issue(t, "127.0.0.1", ca)}, "the certificate is not for 127.0.0.1 but for no name at all"},
		"self-signed": {[]authority{authority{}.local(t)}, "the certificate is self-signed, by CN=local; it holds until " + day30.UTC().Format(time.DateOnly)},
		"stranger": {[]authority{newAuthority(t, "Mallory").local(t)}, "the certificate was issued by CN=Mallory, whom nobody here trusts; it holds until " +
			day30.UTC().Format(time.DateOnly)},
		"without its authority": {[]authority{issue(t, "Middle", ca, func(c *x509.Certificate) { c.IsCA, c.BasicConstraintsValid = true, true }).local(t)},
			"the certificate was issued by CN=Middle, whom nobody here trusts"},
		"hostile": {[]authority{authority{}.local(t, func(c *x509.Certificate) {
			c.Subject = pkix.Name{CommonName: "\x1b[2J\n::error::" + strings.Repeat("x", 30000)}
		})},
			"the certificate is self-signed, by CN="},
	} {
		t.Run(name, func(t *testing.T) {
			target := handshakes(t, &tls.Config{Certificates: []tls.Certificate{test.chain[0].pair()}})
			a := New().Do(t.Context(), Request{Kind: KindTLS, Target: target, Timeout: 10 * time.Second, Trust: Trust{Roots: ca.pool()}})
			if a.Class != TLS || !strings.HasPrefix(a.Detail, test.detail) || a.Certificate != nil {
				t.Errorf("%s: %.200s, want %s", a.Class, a.Detail, test.detail)
			}
		})
	}
}

// A certificate holds as long as all that it is believed by.
func TestTLSUntil(t *testing.T) {
	ca := newAuthority(t, "Acme Root")
	middle := issue(t, "Middle", ca, func(c *x509.Certificate) {
		c.IsCA, c.BasicConstraintsValid, c.NotAfter = true, true, time.Now().Add(5*24*time.Hour)
	})
	leaf := middle.local(t)
	pair := leaf.pair()
	pair.Certificate = append(pair.Certificate, middle.cert.Raw)
	for version := range map[uint16]bool{tls.VersionTLS11: true, tls.VersionTLS12: true, tls.VersionTLS13: true} {
		target := handshakes(t, &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS10, MaxVersion: version})
		a := New().Do(t.Context(), Request{Kind: KindTLS, Target: target, Timeout: 10 * time.Second, Trust: Trust{Roots: ca.pool()}})
		c := a.Certificate
		if a.Class != Answered || c == nil || !c.Until.Equal(middle.cert.NotAfter) || c.Protocol != version || c.Cipher == 0 || !c.Leaf.Equal(leaf.cert) {
			t.Errorf("%s: %+v, %+v", tls.VersionName(version), a, c)
		}
	}
}

// Of two chains the longer one counts.
func TestUntilOfSeveralChains(t *testing.T) {
	at := func(days int) *x509.Certificate {
		return &x509.Certificate{NotAfter: time.Unix(0, 0).AddDate(0, 0, days)}
	}
	if got := until([][]*x509.Certificate{{at(9), at(2)}, {at(9), at(5), at(7)}, {at(9), at(1)}}); !got.Equal(at(5).NotAfter) {
		t.Error(got)
	}
	if !until(nil).IsZero() {
		t.Error("no chain holds")
	}
}

// Whatever is there instead of TLS: it ends, and says what it was.
func TestTLSHostile(t *testing.T) {
	for name, test := range map[string]struct {
		serve func(net.Conn)
		want  Class
	}{
		"silent":  {deaf, Timeout},
		"plain":   {func(c net.Conn) { c.Read(make([]byte, 10)); io.WriteString(c, "HTTP/1.1 400 Bad Request\r\n\r\n") }, TLS},
		"closed":  {func(c net.Conn) { c.Read(make([]byte, 1024)) }, Reset},
		"endless": {func(c net.Conn) { endlessRecords(c) }, TLS},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			timeout := 10 * time.Second
			if test.want == Timeout {
				timeout = 200 * time.Millisecond
			}
			if a := New().Do(t.Context(), Request{Kind: KindTLS, Target: listen(t, test.serve), Timeout: timeout}); a.Class != test.want {
				t.Errorf("%s: %s, want %s", a.Class, a.Detail, test.want)
			}
		})
	}
}

// endlessRecords is a handshake of warnings alone.
func endlessRecords(c net.Conn) {
	for {
		if _, err := c.Write([]byte{21, 3, 3, 0, 2, 1, 90}); err != nil {
			return
		}
	}
}

// A client's certificate is shown to whoever wants one, over HTTP too.
func TestClientCertificate(t *testing.T) {
	ca, clients := newAuthority(t, "Acme Root"), newAuthority(t, "Clients")
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, r.TLS.PeerCertificates[0].Subject.CommonName)
	}))
	server.TLS = &tls.Config{Certificates: []tls.Certificate{ca.local(t).pair()}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: clients.pool()}
	server.Config.ErrorLog = silentLog
	server.StartTLS()
	defer server.Close()
	own := issue(t, "slipway", clients, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }).pair()
	r := Request{URL: address(t, server.URL), Timeout: 10 * time.Second, Trust: Trust{Roots: ca.pool(), Certificate: &own}}
	if a := New().Do(t.Context(), r); a.Class != Answered || string(a.Body) != "slipway" {
		t.Errorf("got %+v", a)
	}
	r.Trust.Certificate = nil
	if a := New().Do(t.Context(), r); a.Class != TLS {
		t.Errorf("without one: %+v", a)
	}
	r.Trust.Roots = clients.pool()
	if a := New().Do(t.Context(), r); a.Class != TLS || !strings.HasPrefix(a.Detail, "the certificate was issued by CN=Acme Root, whom nobody here trusts") {
		t.Errorf("of a stranger: %+v", a)
	}
}

func TestTCP(t *testing.T) {
	if a := New().Do(t.Context(), Request{Kind: KindTCP, Target: listen(t, deaf), Timeout: 10 * time.Second}); a.Class != Answered || a.Latency <= 0 {
		t.Errorf("got %+v", a)
	}
	closed := "127.0.0.1:1"
	if a := New().Do(t.Context(), Request{Kind: KindTCP, Target: closed, Timeout: 10 * time.Second}); a.Class != Refused || a.Detail != closed+": connection refused" {
		t.Errorf("got %+v", a)
	}
	if a := New().Do(t.Context(), Request{Kind: "smtp", Target: closed, Timeout: time.Second}); a.Class != Other {
		t.Errorf("got %+v", a)
	}
}
