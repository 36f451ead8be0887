package github

import (
	"net/http"
	"strconv"
	"sync"
	"time"
)

// Budget is what is left of the rate limit, as the last answer says.
type Budget struct {
	Known            bool // some answer said it
	Limit, Remaining int
	Reset            time.Time // when it is Limit again
}

// Low tells that so little is left that another step of the same repository may soon go without.
func (b Budget) Low() bool {
	return b.Known && (b.Remaining < 50 || b.Remaining < b.Limit/10)
}

// heeding reads what each answer says beside what was asked for: the rate limit, and the time.
type heeding struct {
	next http.RoundTripper
	now  func() time.Time
	*heard
}

type heard struct {
	mu     sync.Mutex
	budget Budget
	skew   time.Duration
}

func (t heeding) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := t.next.RoundTrip(r)
	if err == nil {
		t.hear(resp.Header, t.now())
	}
	return resp, err
}

func (h *heard) hear(header http.Header, now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if at, err := http.ParseTime(header.Get("Date")); err == nil {
		if ahead := now.Sub(at); ahead.Abs() > h.skew.Abs() {
			h.skew = ahead
		}
	}
	limit, err1 := strconv.Atoi(header.Get("X-RateLimit-Limit"))
	remaining, err2 := strconv.Atoi(header.Get("X-RateLimit-Remaining"))
	reset, err3 := strconv.ParseInt(header.Get("X-RateLimit-Reset"), 10, 64)
	if err1 == nil && err2 == nil && err3 == nil && limit > 0 && remaining >= 0 && reset > 0 {
		h.budget = Budget{Known: true, Limit: limit, Remaining: remaining, Reset: time.Unix(reset, 0)}
	}
}

// Budget is what is left of the rate limit. A client that is nil has asked nothing and knows nothing.
func (c *Client) Budget() Budget {
	if c == nil {
		return Budget{}
	}
	c.heard.mu.Lock()
	defer c.heard.mu.Unlock()
	return c.heard.budget
}

// Skew is by how much this machine's clock is ahead of the server's, at the answer where they differ most;
// negative where it is behind. An answer that took its time makes it seem ahead, by requestLimit at most.
func (c *Client) Skew() time.Duration {
	c.heard.mu.Lock()
	defer c.heard.mu.Unlock()
	return c.heard.skew
}
