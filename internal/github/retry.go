package github

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	attemptLimit = 4
	waitLimit    = 30 * time.Second // in all, for one request
)

// pauses are the waits before each further attempt, where the server names none.
var pauses = [attemptLimit - 1]time.Duration{200 * time.Millisecond, 600 * time.Millisecond, 1800 * time.Millisecond}

// attempt is one try at a request and how it ended.
type attempt struct {
	method string
	path   string        // of the address
	number int           // from 1
	waited time.Duration // before this and earlier attempts
	status int           // 0 where no whole answer came
	header http.Header
	err    error // where no whole answer came
}

// again tells whether to try once more, and after how long: only what may go away by itself, only
// where the wait is one that a step can afford, and only what does no harm when it is done twice.
func again(a attempt, now time.Time) (wait time.Duration, yes bool) {
	if a.number >= attemptLimit || !passing(a, now) || !repeatable(a) {
		return 0, false
	}
	wait = pauses[max(a.number, 1)-1]
	if at, ok := comeBack(a.header, now); ok && a.err == nil {
		wait = max(wait, at.Sub(now))
	}
	if a.waited+wait > waitLimit {
		return 0, false
	}
	return wait, true
}

// repeatable tells whether a request may be made again. Reading may; so may what sets a value, and
// what makes git objects, which have no name but their content; and GraphQL is only asked, never told. A second creation of a ref is refused
// by the server. Anything else only where the first was surely not taken: limited, or not connected.
func repeatable(a attempt) bool {
	switch {
	case a.method == http.MethodGet, a.method == http.MethodPatch, a.method == http.MethodPost && (strings.Contains(a.path, "/git/") || strings.HasSuffix(a.path, "/graphql")):
		return true
	case a.method != http.MethodPost:
		return false
	}
	return a.status == http.StatusTooManyRequests || a.status == http.StatusForbidden || errors.Is(a.err, syscall.ECONNREFUSED)
}

// passing tells whether what went wrong may go away by itself.
func passing(a attempt, now time.Time) bool {
	if a.err != nil {
		return cut(a.err)
	}
	switch a.status {
	case http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	case http.StatusForbidden: // a limit where the server says until when, else a missing permission
		_, limited := comeBack(a.header, now)
		return limited
	}
	return false
}

// cut tells whether a connection broke, timed out or was not taken.
func cut(err error) bool {
	var (
		timeout net.Error
		name    *net.DNSError
	)
	switch {
	case errors.Is(err, context.Canceled):
		return false
	case errors.Is(err, errCut), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF),
		errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.EPIPE):
		return true
	case errors.As(err, &name):
		return name.IsTemporary || name.IsTimeout
	}
	return errors.As(err, &timeout) && timeout.Timeout()
}

// comeBack is when the server wants to be asked again: its Retry-After, else the end of a rate
// limit that is used up.
func comeBack(h http.Header, now time.Time) (time.Time, bool) {
	if text := h.Get("Retry-After"); text != "" {
		if n, err := strconv.ParseInt(text, 10, 32); err == nil && n >= 0 {
			return now.Add(time.Duration(n) * time.Second), true
		}
		if at, err := http.ParseTime(text); err == nil {
			return at, true
		}
	}
	if h.Get("X-RateLimit-Remaining") != "0" {
		return time.Time{}, false
	}
	reset, err := strconv.ParseInt(h.Get("X-RateLimit-Reset"), 10, 64)
	return time.Unix(reset, 0), err == nil && reset > 0
}

// retrying makes a request until it is answered or the table says to stop.
type retrying struct {
	clock
	next http.RoundTripper
}

func (t retrying) RoundTrip(r *http.Request) (*http.Response, error) {
	a := attempt{method: r.Method, path: r.URL.Path}
	for {
		a.number++
		if a.number > 1 && r.GetBody != nil { // what was sent is used up
			body, err := r.GetBody()
			if err != nil {
				return nil, err
			}
			r = r.Clone(r.Context())
			r.Body = body
		}
		resp, err := t.next.RoundTrip(r)
		a.err, a.status, a.header = err, 0, nil
		if err == nil {
			a.status, a.header = resp.StatusCode, resp.Header
		}
		wait, yes := again(a, t.now())
		if !yes || r.Context().Err() != nil {
			return resp, err
		}
		if err := t.sleep(r.Context(), wait); err != nil {
			return nil, err
		}
		a.waited += wait
	}
}
