package probe

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
)

// Class is what became of a request.
type Class string

// The classes. What the first ones say was said by the server or its machine; the later ones say
// nothing about it.
const (
	Answered  Class = "answered"  // a whole HTTP answer, whatever it says
	Refused   Class = "refused"   // nothing listens on the port
	TLS       Class = "tls"       // the handshake failed, or the certificate does not hold
	Reset     Class = "reset"     // the connection was broken before an answer began
	Cut       Class = "cut"       // an answer began and did not end
	TooLarge  Class = "too-large" // an answer with more than MaxBody
	Redirect  Class = "redirect"  // redirects that are not followed
	Malformed Class = "malformed" // an answer that is no HTTP

	Timeout     Class = "timeout"     // no answer began within the timeout
	DNS         Class = "dns"         // the name does not resolve
	Unreachable Class = "unreachable" // no route from here
	Proxy       Class = "proxy"       // the proxy on the way failed
	Cancelled   Class = "cancelled"   // whoever asked gave up
	Other       Class = "other"
)

// kinds tell classes by error, the first that fits. A proxy leads, since its name may not resolve
// either, and names lead timeouts, since looking one up may take too long.
var kinds = []struct {
	class Class
	is    func(error) bool
}{
	{Proxy, func(err error) bool {
		op, ok := as[*net.OpError](err)
		_, refused := as[*proxyError](err)
		return refused || ok && op.Op == "proxyconnect"
	}},
	{DNS, isA[*net.DNSError]},
	{Redirect, isA[*redirectError]},
	{Timeout, func(err error) bool {
		e, ok := as[net.Error](err)
		return ok && e.Timeout() || anyOf(err, context.DeadlineExceeded, os.ErrDeadlineExceeded, syscall.ETIMEDOUT)
	}},
	{Cancelled, func(err error) bool { return anyOf(err, context.Canceled) }},
	{Refused, func(err error) bool { return anyOf(err, syscall.ECONNREFUSED) }},
	{Unreachable, func(err error) bool {
		return anyOf(err, syscall.ENETUNREACH, syscall.EHOSTUNREACH, syscall.ENETDOWN, syscall.EHOSTDOWN, syscall.EADDRNOTAVAIL)
	}},
	{TLS, func(err error) bool {
		return isA[*tls.CertificateVerificationError](err) || isA[tls.RecordHeaderError](err) || isA[tls.AlertError](err) || isA[x509.HostnameError](err) ||
			anyOf(err, http.ErrSchemeMismatch) || strings.Contains(err.Error(), "tls: ")
	}},
	{Reset, func(err error) bool {
		return anyOf(err, syscall.ECONNRESET, syscall.EPIPE, io.EOF, io.ErrUnexpectedEOF)
	}},
	// net/http has no types for these.
	{Malformed, func(err error) bool {
		return strings.Contains(err.Error(), "malformed") || strings.Contains(err.Error(), "response headers exceeded")
	}},
}

// Classify tells what an error of net/http means.
func Classify(err error) Class {
	for _, k := range kinds {
		if k.is(err) {
			return k.class
		}
	}
	return Other
}

func as[E error](err error) (E, bool) {
	var target E
	ok := errors.As(err, &target)
	return target, ok
}

func isA[E error](err error) bool {
	_, ok := as[E](err)
	return ok
}

func anyOf(err error, targets ...error) bool {
	for _, t := range targets {
		if errors.Is(err, t) {
			return true
		}
	}
	return false
}

// proxyError is a proxy that would not connect.
type proxyError struct{ why string }

func (e *proxyError) Error() string { return e.why }

// redirectError is a redirect that is not followed.
type redirectError struct{ why string }

func (e *redirectError) Error() string { return e.why }
