// Package probe makes one request to an HTTP address and tells what came of it: a whole answer, or
// which kind of none. It does the I/O and judges nothing. Whatever a server does, a request ends
// within its timeout and keeps no more than its limit.
package probe

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"syscall"
	"time"
)

// MaxBody is the most bytes of an answer's body that are read; a longer one is TooLarge.
const MaxBody = 10 << 20

const (
	maxRedirects = 5
	maxHeader    = 1 << 20 // bytes of an answer's header
)

// Client makes requests, each over a connection of its own: behind a load balancer a connection
// that is kept would show one and the same server over and over.
type Client struct{ http *http.Client }

// New prepares a client; it does no I/O. The proxy is the environment's, certificates are
// verified, cookies are not kept.
func New() *Client {
	transport := &http.Transport{
		Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true, ForceAttemptHTTP2: true, MaxResponseHeaderBytes: maxHeader,
		OnProxyConnectResponse: func(_ context.Context, _ *url.URL, _ *http.Request, answer *http.Response) error {
			if answer.StatusCode != http.StatusOK {
				return &proxyError{fmt.Sprintf("it answered CONNECT with status %d", answer.StatusCode)}
			}
			return nil
		},
	}
	return &Client{&http.Client{Transport: transport, CheckRedirect: redirect}}
}

// Do makes one request. There is always an answer; its Class says whether it is one of the server's.
func (c *Client) Do(ctx context.Context, r Request) Answer {
	timed, cancel := context.WithTimeout(ctx, r.Timeout)
	defer cancel()
	started := time.Now()
	var a Answer
	switch r.Kind {
	case KindHTTP, "":
		a = c.do(timed, r)
	default:
		a = Answer{Class: Other, Detail: fmt.Sprintf("there is no way to ask %s", r.Kind)}
	}
	a.Latency = time.Since(started)
	if ctx.Err() != nil && a.Class != Answered {
		a.Class, a.Detail = Cancelled, "the run was cancelled"
	}
	return a
}

func (c *Client) do(ctx context.Context, r Request) Answer {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, r.URL.String(), nil)
	if err != nil {
		return failed(err)
	}
	request.Header.Set("User-Agent", cmp.Or(r.Agent, "slipway-deploy-verify"))
	request.Header.Set("Accept", "application/json, text/plain, */*")
	request.Header.Set("Cache-Control", "no-cache") // what a cache kept is no evidence of what runs
	response, err := c.http.Do(request)
	if err != nil {
		a := failed(err)
		if a.Class == Timeout {
			a.Detail = fmt.Sprintf("nothing within %s", r.Timeout)
		}
		return a
	}
	defer response.Body.Close()
	a := Answer{Class: Answered, Status: response.StatusCode}
	if final := response.Request.URL; final.Hostname() != r.URL.Hostname() || final.Path != r.URL.Path { // https instead of http is no other place
		a.Final = Redact(final)
	}
	if response.StatusCode == http.StatusProxyAuthRequired {
		a.Class, a.Detail = Proxy, "it wants a user and a password (status 407)"
		return a
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, MaxBody+1))
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		a.Class, a.Detail = Cut, fmt.Sprintf("it had not ended after %s and %d bytes", r.Timeout, len(body))
	case err != nil:
		a.Class, a.Detail = Cut, fmt.Sprintf("after %d bytes: %s", len(body), reason(err))
	case len(body) > MaxBody:
		a.Class, a.Detail = TooLarge, fmt.Sprintf("more than %d bytes", MaxBody)
	default:
		a.Body = body
	}
	return a
}

func failed(err error) Answer { return Answer{Class: Classify(err), Detail: reason(err)} }

// reason is an error in few words, without the address that net/http puts before it, which may hold
// a secret in its query.
func reason(err error) string {
	var (
		wrapped *url.Error
		name    *net.DNSError
		dial    *net.OpError
		system  syscall.Errno
	)
	if errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	switch {
	case errors.As(err, &dial) && dial.Op == "proxyconnect":
	case errors.As(err, &name):
		return name.Name + ": " + name.Err
	case dial != nil && dial.Op == "dial" && dial.Addr != nil && errors.As(err, &system):
		return dial.Addr.String() + ": " + system.Error()
	}
	return err.Error()
}

// redirect follows a few redirects and takes nothing along: no user and password that the server
// put into the address, and no referrer, whose query may hold a secret.
func redirect(next *http.Request, before []*http.Request) error {
	from, to := before[len(before)-1].URL, next.URL
	switch {
	case len(before) > maxRedirects:
		return &redirectError{fmt.Sprintf("more than %d redirects, the last to %s", maxRedirects, Redact(to))}
	case to.Scheme != "http" && to.Scheme != "https":
		return &redirectError{fmt.Sprintf("a redirect to %q, which is neither http nor https", to.Scheme)}
	case from.Scheme == "https" && to.Scheme == "http":
		return &redirectError{"a redirect from https to http, where anybody could answer: " + Redact(to)}
	}
	next.Header.Del("Referer")
	to.User = nil
	return nil
}

// Redact is an address fit to be shown: without user, password, query and fragment.
func Redact(u *url.URL) string {
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath}).String()
}
