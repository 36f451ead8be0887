// Package feed reads a file that a server publishes over https, such as a calendar. It does the I/O
// and understands nothing of what it reads. Its errors name no address: it may be a secret.
package feed

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"
)

const (
	timeout   = 15 * time.Second // for all of it
	redirects = 3
)

// Error is a feed that could not be read.
type Error struct {
	What    string
	Passing bool // it may be otherwise in a while
}

func (e *Error) Error() string { return e.What }

// errLeadsAway is a redirect that is not followed: to another server, to plain http, or on and on.
var errLeadsAway = errors.New("the server sends us elsewhere")

// Client reads feeds.
type Client struct{ http *http.Client }

// New prepares a client; it does no I/O. Certificates are verified, cookies are not kept.
func New() *Client {
	return With(&http.Transport{Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true})
}

// With is a client that sends its requests through a transport.
func With(transport http.RoundTripper) *Client {
	stay := func(r *http.Request, via []*http.Request) error {
		if r.URL.Scheme != "https" || r.URL.Host != via[0].URL.Host || r.URL.User != nil || len(via) > redirects {
			return errLeadsAway
		}
		return nil
	}
	return &Client{&http.Client{Transport: transport, CheckRedirect: stay, Timeout: timeout}}
}

// Read is the whole of a feed, or an *Error. It is never a part of it.
func (c *Client) Read(ctx context.Context, address string, limit int64) ([]byte, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
		return nil, &Error{What: "the address is none such as https://calendar.example/freeze.ics, without user and password"}
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, &Error{What: "the address cannot be asked"}
	}
	request.Header.Set("User-Agent", "slipway")
	request.Header.Set("Accept", "text/calendar, */*;q=0.1")
	request.Header.Set("Cache-Control", "no-cache")
	answer, err := c.http.Do(request)
	if err != nil {
		return nil, failure(err)
	}
	defer answer.Body.Close()
	if code := answer.StatusCode; code != http.StatusOK {
		passing := code >= 500 || code == http.StatusTooManyRequests || code == http.StatusRequestTimeout
		return nil, &Error{What: fmt.Sprintf("the server answers with status %d", code), Passing: passing}
	}
	text, err := io.ReadAll(io.LimitReader(answer.Body, limit+1))
	switch {
	case err != nil:
		return nil, &Error{What: "the answer broke off", Passing: true}
	case int64(len(text)) > limit:
		return nil, &Error{What: fmt.Sprintf("the answer is larger than %d kB", limit>>10)}
	}
	return text, nil
}

// failure says what became of a request, in words of our own, for those of net/http hold the address.
func failure(err error) *Error {
	var (
		name  *net.DNSError
		proof *tls.CertificateVerificationError
		slow  net.Error
	)
	switch {
	case errors.Is(err, errLeadsAway):
		return &Error{What: errLeadsAway.Error() + ", to another server, to http or on and on; that is not followed"}
	case errors.As(err, &proof):
		return &Error{What: "the server's certificate does not hold"}
	case errors.As(err, &slow) && slow.Timeout():
		return &Error{What: fmt.Sprintf("no whole answer within %s", timeout), Passing: true}
	case errors.As(err, &name):
		return &Error{What: "the server's name cannot be resolved", Passing: true}
	}
	return &Error{What: "the server cannot be reached", Passing: true}
}
