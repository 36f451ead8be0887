package probe

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"
)

// tlsConfig believes whom a request trusts.
func (c *Client) tlsConfig(t Trust) *tls.Config {
	config := &tls.Config{RootCAs: t.Roots, ServerName: t.Name, Time: c.now, MinVersion: tls.VersionTLS12}
	if t.Certificate != nil {
		config.Certificates = []tls.Certificate{*t.Certificate}
	}
	return config
}

// shakeHands looks at a server's certificate. Protocols are offered that nobody should speak any more, for one
// that is seen can be told of.
func (c *Client) shakeHands(ctx context.Context, r Request) Answer {
	config := c.tlsConfig(r.Trust)
	config.MinVersion = tls.VersionTLS10
	conn, err := c.secure(ctx, r.Target, config)
	if err != nil {
		return c.failed(err)
	}
	defer conn.Close()
	state := conn.ConnectionState()
	if len(state.PeerCertificates) == 0 || len(state.VerifiedChains) == 0 {
		return Answer{Class: TLS, Detail: "no certificate was shown"}
	}
	return Answer{Class: Answered, Certificate: &Certificate{
		Leaf: state.PeerCertificates[0], Until: until(state.VerifiedChains), Protocol: state.Version, Cipher: state.CipherSuite, At: c.now(),
	}}
}

// secure is a connection over which a certificate was shown that is believed.
func (c *Client) secure(ctx context.Context, target string, config *tls.Config) (*tls.Conn, error) {
	if config.ServerName == "" {
		host, _, err := net.SplitHostPort(target)
		if err != nil {
			return nil, err
		}
		config.ServerName = host
	}
	conn, err := c.dialer.DialContext(ctx, "tcp", target)
	if err != nil {
		return nil, err
	}
	secured := tls.Client(conn, config)
	if err := secured.HandshakeContext(ctx); err != nil {
		conn.Close()
		return nil, err
	}
	return secured, nil
}

// until is when the last of the chains ends that a certificate is believed by; a chain ends with the first
// of its certificates.
func until(chains [][]*x509.Certificate) time.Time {
	var last time.Time
	for _, chain := range chains {
		var first time.Time
		for _, c := range chain {
			if first.IsZero() || c.NotAfter.Before(first) {
				first = c.NotAfter
			}
		}
		if first.After(last) {
			last = first
		}
	}
	return last
}

// keptNames is how many names of a certificate are told.
const keptNames = 5

// disbelief says why a certificate is not believed, "" where that is not what went wrong.
func (c *Client) disbelief(err error) string {
	var (
		why     *tls.CertificateVerificationError
		invalid x509.CertificateInvalidError
		other   x509.HostnameError
		unknown x509.UnknownAuthorityError
	)
	if !errors.As(err, &why) || len(why.UnverifiedCertificates) == 0 {
		return ""
	}
	leaf, now := why.UnverifiedCertificates[0], c.now()
	switch {
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		cert, which := invalid.Cert, "the certificate"
		if cert == nil {
			cert = leaf
		}
		if !cert.Equal(leaf) {
			which = "the certificate of its authority, " + cert.Subject.CommonName + ","
		}
		if now.Before(cert.NotBefore) {
			return fmt.Sprintf("%s holds from %s on, in %s", which, cert.NotBefore.UTC().Format(time.DateOnly), days(cert.NotBefore.Sub(now)))
		}
		return fmt.Sprintf("%s expired %s, %s ago", which, cert.NotAfter.UTC().Format(time.DateOnly), days(now.Sub(cert.NotAfter)))
	case errors.As(err, &other):
		return fmt.Sprintf("the certificate is not for %s but for %s", other.Host, namesOf(leaf))
	case errors.As(err, &unknown) && leaf.CheckSignatureFrom(leaf) == nil, errors.As(err, &unknown) && leaf.Subject.String() == leaf.Issuer.String():
		return fmt.Sprintf("the certificate is self-signed, by %s; it holds until %s", leaf.Subject, leaf.NotAfter.UTC().Format(time.DateOnly))
	case errors.As(err, &unknown):
		return fmt.Sprintf("the certificate was issued by %s, whom nobody here trusts; it holds until %s", leaf.Issuer, leaf.NotAfter.UTC().Format(time.DateOnly))
	}
	return why.Err.Error()
}

// days is a time in whole days, or in hours where it is less than one.
func days(d time.Duration) string {
	if n := int(d.Hours()) / 24; n > 0 {
		return fmt.Sprintf("%dd", n)
	}
	return d.Truncate(time.Minute).String()
}

func namesOf(leaf *x509.Certificate) string {
	names := leaf.DNSNames[:min(len(leaf.DNSNames), keptNames)]
	for _, ip := range leaf.IPAddresses[:min(len(leaf.IPAddresses), keptNames)] {
		names = append(names[:len(names):len(names)], ip.String())
	}
	if len(names) == 0 {
		return "no name at all"
	}
	text := strings.Join(names, ", ")
	if more := len(leaf.DNSNames) + len(leaf.IPAddresses) - len(names); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}
