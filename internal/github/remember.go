package github

import (
	"bytes"
	"io"
	"net/http"
	"sync"
)

const (
	rememberedLimit = 64       // answers
	memoryLimit     = 32 << 20 // bytes of their bodies
)

// remembering keeps answers by their entity tags, so that asking again for what has not changed costs
// nothing of the rate limit: https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api
// Only whole answers of 200 are kept, and only for as long as this process runs.
type remembering struct {
	next http.RoundTripper
	*memory
}

type memory struct {
	mu      sync.Mutex
	answers map[string]remembered
	order   []string // of addresses, the one that was kept longest first
	size    int      // bytes of all bodies
}

type remembered struct {
	tag    string
	header http.Header
	body   []byte
}

func (t remembering) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method != http.MethodGet || r.Header.Get("If-None-Match") != "" {
		return t.next.RoundTrip(r)
	}
	key := r.URL.String() + "\n" + r.Header.Get("Accept")
	known, ok := t.recall(key)
	if ok {
		r = r.Clone(r.Context())
		r.Header.Set("If-None-Match", known.tag)
	}
	resp, err := t.next.RoundTrip(r)
	switch {
	case err != nil:
		return nil, err
	case ok && resp.StatusCode == http.StatusNotModified:
		header := known.header.Clone()
		for _, name := range []string{"Date", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"} {
			if values := resp.Header.Values(name); values != nil {
				header[http.CanonicalHeaderKey(name)] = values
			}
		}
		resp.StatusCode, resp.Status, resp.Header = http.StatusOK, "200 OK", header
		resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(known.body)), int64(len(known.body))
	case resp.StatusCode == http.StatusOK && resp.Header.Get("ETag") != "":
		body, err := io.ReadAll(resp.Body) // in memory already; see whole
		if err != nil {
			return nil, err
		}
		resp.Body = io.NopCloser(bytes.NewReader(body))
		t.keep(key, remembered{resp.Header.Get("ETag"), resp.Header.Clone(), body})
	}
	return resp, nil
}

func (m *memory) recall(key string) (remembered, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	known, ok := m.answers[key]
	return known, ok
}

// keep keeps an answer in place of the one before, and forgets the oldest ones beyond the limits.
func (m *memory) keep(key string, one remembered) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if old, ok := m.answers[key]; ok {
		m.size -= len(old.body)
	} else {
		m.order = append(m.order, key)
	}
	m.answers[key] = one
	m.size += len(one.body)
	for len(m.order) > rememberedLimit || m.size > memoryLimit {
		oldest := m.order[0]
		m.size -= len(m.answers[oldest].body)
		delete(m.answers, oldest)
		m.order = m.order[1:]
	}
}
