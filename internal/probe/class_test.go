package probe

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"syscall"
	"testing"
)

func TestClassify(t *testing.T) {
	dial := func(err error) error {
		return &url.Error{Op: "Get", URL: "http://x", Err: &net.OpError{Op: "dial", Net: "tcp", Err: err}}
	}
	system := func(e syscall.Errno) error { return dial(os.NewSyscallError("connect", e)) }
	for name, test := range map[string]struct {
		err  error
		want Class
	}{
		"refused":               {system(syscall.ECONNREFUSED), Refused},
		"no route":              {system(syscall.EHOSTUNREACH), Unreachable},
		"no network":            {system(syscall.ENETUNREACH), Unreachable},
		"connecting took long":  {system(syscall.ETIMEDOUT), Timeout},
		"our own deadline":      {&url.Error{Err: context.DeadlineExceeded}, Timeout},
		"cancelled":             {&url.Error{Err: context.Canceled}, Cancelled},
		"no such name":          {dial(&net.DNSError{Err: "no such host", IsNotFound: true}), DNS},
		"resolver took long":    {dial(&net.DNSError{Err: "i/o timeout", IsTimeout: true}), DNS},
		"certificate":           {&url.Error{Err: &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}}, TLS},
		"alert":                 {&url.Error{Err: &net.OpError{Op: "remote error", Err: tls.AlertError(40)}}, TLS},
		"http on a tls port":    {&url.Error{Err: http.ErrSchemeMismatch}, TLS},
		"reset":                 {&url.Error{Err: &net.OpError{Op: "read", Err: os.NewSyscallError("read", syscall.ECONNRESET)}}, Reset},
		"closed without a word": {&url.Error{Err: io.EOF}, Reset},
		"no http":               {&url.Error{Err: fmt.Errorf("net/http: HTTP/1.x transport connection broken: malformed HTTP response %q", "SSH-2.0")}, Malformed},
		"long header":           {&url.Error{Err: errors.New("net/http: server response headers exceeded 1048576 bytes; aborted")}, Malformed},
		"redirect":              {&url.Error{Err: &redirectError{"x"}}, Redirect},
		"proxy says no":         {&url.Error{Err: &proxyError{"x"}}, Proxy},
		"proxy is not there":    {&url.Error{Err: &net.OpError{Op: "proxyconnect", Err: dial(os.NewSyscallError("connect", syscall.ECONNREFUSED))}}, Proxy},
		"proxy has no name":     {&url.Error{Err: &net.OpError{Op: "proxyconnect", Err: dial(&net.DNSError{IsNotFound: true})}}, Proxy},
		"anything else":         {errors.New("what is this"), Other},
	} {
		if got := Classify(test.err); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}
