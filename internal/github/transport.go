package github

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"sync/atomic"
	"time"
)

const (
	requestLimit  = 15 * time.Second // from sending to the last byte, for one attempt
	bodyLimit     = 10 << 20         // bytes of one answer, uncompressed
	redirectLimit = 3
)

// What an answer can be that is none. Only one that broke off is asked for again: the others would
// come the same way.
var (
	errCut       = errors.New("the answer broke off")
	errTooLarge  = fmt.Errorf("the answer is larger than %d MB", bodyLimit>>20)
	errNotJSON   = errors.New("the answer is not JSON")
	errLeadsAway = errors.New("the answer leads to another server, or on and on; that is not followed")
)

// signed puts the token on requests to the API's own servers, and refuses any other.
type signed struct {
	token    string
	servers  []*url.URL
	requests *atomic.Int64
	next     http.RoundTripper
}

func (s signed) RoundTrip(r *http.Request) (*http.Response, error) {
	if !slices.ContainsFunc(s.servers, func(one *url.URL) bool { return sameServer(r.URL, one) }) { // stayOn refuses these first
		return nil, errLeadsAway
	}
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+s.token)
	s.requests.Add(1)
	return s.next.RoundTrip(r)
}

// stayOn follows a few redirects, as to a renamed repository, and only on the same server. One that
// would turn writing into reading is not followed: its answer would look like that of a write.
func stayOn(base *url.URL) func(r *http.Request, via []*http.Request) error {
	return func(r *http.Request, via []*http.Request) error {
		if !sameServer(r.URL, base) || len(via) > redirectLimit || r.Method != via[0].Method {
			return errLeadsAway
		}
		return nil
	}
}

func sameServer(a, b *url.URL) bool { return a.Scheme == b.Scheme && a.Host == b.Host }

// whole reads an answer to its end within bounds, so that a cut or endless one is an error here,
// where it can be asked for again, and not half a list further up.
type whole struct{ next http.RoundTripper }

func (w whole) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithTimeout(r.Context(), requestLimit)
	defer cancel()
	resp, err := w.next.RoundTrip(r.WithContext(ctx))
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, bodyLimit+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %w", errCut, err)
	case len(body) > bodyLimit:
		return nil, errTooLarge
	case resp.StatusCode == http.StatusNoContent && len(body) == 0:
	case resp.StatusCode < 300 && !json.Valid(body): // go-github takes an empty answer for an empty list
		return nil, fmt.Errorf("%w: %d bytes of type %q", errNotJSON, len(body), resp.Header.Get("Content-Type"))
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}
