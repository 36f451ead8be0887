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
	"strings"
	"syscall"
)

// MaxBody is the most bytes of an answer's body that are read; a longer one is TooLarge.
const MaxBody = 10 << 20

const (
	maxRedirects = 5       // where the request does not say
	maxHeader    = 1 << 20 // bytes of an answer's header
)

// over is how a request travels: over a connection of its own, by the environment's proxy.
func (c *Client) over(t Trust) *http.Transport {
	return &http.Transport{
		Proxy: http.ProxyFromEnvironment, DialContext: c.dialer.DialContext, TLSClientConfig: c.tlsConfig(t), DisableKeepAlives: true, ForceAttemptHTTP2: true,
		MaxResponseHeaderBytes: maxHeader,
		OnProxyConnectResponse: func(_ context.Context, _ *url.URL, _ *http.Request, answer *http.Response) error {
			if answer.StatusCode != http.StatusOK {
				return &proxyError{fmt.Sprintf("it answered CONNECT with status %d", answer.StatusCode)}
			}
			return nil
		},
	}
}

// get makes a request over HTTP, of whatever method.
func (c *Client) get(ctx context.Context, r Request) Answer {
	request, err := http.NewRequestWithContext(ctx, cmp.Or(r.Method, http.MethodGet), r.URL.String(), strings.NewReader(r.Body))
	if err != nil {
		return c.failed(err)
	}
	if r.Body == "" {
		request.Body, request.GetBody = http.NoBody, nil
	}
	request.Header.Set("User-Agent", cmp.Or(r.Agent, "slipway-deploy-verify"))
	request.Header.Set("Accept", "application/json, text/plain, */*")
	request.Header.Set("Cache-Control", "no-cache") // what a cache kept is no evidence of what runs
	for name, values := range r.Header {
		request.Header[http.CanonicalHeaderKey(name)] = values
	}
	if host := request.Header.Get("Host"); host != "" { // net/http takes it from elsewhere
		request.Host = host
		request.Header.Del("Host")
	}
	t := c.over(r.Trust)
	defer t.CloseIdleConnections()
	way := path{of: r}
	client := http.Client{Transport: t, CheckRedirect: way.redirect}
	response, err := client.Do(request)
	if err != nil {
		return c.failed(err)
	}
	defer response.Body.Close()
	a := Answer{Class: Answered, Status: response.StatusCode, Header: response.Header}
	if final := response.Request.URL; final.Hostname() != r.URL.Hostname() || final.Path != r.URL.Path { // https instead of http is no other place
		a.Final = Redact(final)
	}
	a.Redirect = way.led
	if response.StatusCode == http.StatusProxyAuthRequired {
		a.Class, a.Detail = Proxy, "it wants a user and a password (status 407)"
		return a
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, MaxBody+1))
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		a.Class, a.Detail = Cut, fmt.Sprintf("it had not ended after %s and %d bytes", r.Timeout, len(body))
	case err != nil:
		a.Class, a.Detail = Cut, fmt.Sprintf("after %d bytes: %s", len(body), c.reason(err))
	case len(body) > MaxBody:
		a.Class, a.Detail = TooLarge, fmt.Sprintf("more than %d bytes", MaxBody)
	default:
		a.Body = body
	}
	return a
}

// reason is an error in few words, without the address that net/http puts before it, which may hold
// a secret in its query.
func (c *Client) reason(err error) string {
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
	if text := c.disbelief(err); text != "" {
		return text
	}
	return err.Error()
}

// path is the way of one request.
type path struct {
	of  Request
	led *url.URL // where redirects led; nil without one
}

// redirect follows a few redirects and takes nothing along: no user and password that the server put into
// the address, no referrer, whose query may hold a secret, and to another host no header of the policy's.
func (p *path) redirect(next *http.Request, before []*http.Request) error {
	most := maxRedirects
	if p.of.Redirects != nil {
		most = *p.of.Redirects
	}
	from, to := before[len(before)-1].URL, next.URL
	next.Header.Del("Referer")
	to.User = nil
	p.led = to
	switch {
	case most == 0:
		return http.ErrUseLastResponse
	case len(before) > most:
		return &redirectError{fmt.Sprintf("more than %d redirects, the last to %s", most, Redact(to))}
	case to.Scheme != "http" && to.Scheme != "https":
		return &redirectError{fmt.Sprintf("a redirect to %q, which is neither http nor https", to.Scheme)}
	case from.Scheme == "https" && to.Scheme == "http":
		return &redirectError{"a redirect from https to http, where anybody could answer: " + Redact(to)}
	}
	if to.Host != p.of.URL.Host {
		for name := range p.of.Header {
			next.Header.Del(name)
		}
	}
	return nil
}

// Redact is an address fit to be shown: without user, password, query and fragment.
func Redact(u *url.URL) string {
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath}).String()
}
