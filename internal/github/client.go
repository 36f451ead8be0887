// Package github asks GitHub's API and writes through it, and takes nothing for an answer that is not
// one: lists come whole or not at all, and every error says what was asked, what it most likely means
// and what to do. It does I/O. Its values are plain ones; go-github stays behind it.
package github

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"time"

	api "github.com/google/go-github/v60/github"
)

// ErrNoToken says that the API was not asked, for there was no token to ask with.
var ErrNoToken = errors.New("no github-token was given")

// callLimit bounds one question with all its pages, retries and waits.
const callLimit = 90 * time.Second

// Client asks the API of one server. It may be used by several goroutines.
type Client struct {
	token    string
	host     string // of the API, for people
	api      *api.Client
	requests *atomic.Int64
	heard    *heard
	now      func() time.Time
}

// Options say whom to ask and as whom.
type Options struct {
	APIURL    string // https://api.github.com (also where empty), or an enterprise server's /api/v3
	Token     string // may be empty: every call then is ErrNoToken
	UserAgent string
	Sleep     func(ctx context.Context, d time.Duration) error // between attempts; nil is by the clock
}

// New prepares a client; it does no I/O.
func New(o Options) (*Client, error) {
	c := clock{now: time.Now, sleep: sleep}
	if o.Sleep != nil {
		c.sleep = o.Sleep
	}
	return newClient(o, c, http.DefaultTransport)
}

// clock is time as retries see it.
type clock struct {
	now   func() time.Time
	sleep func(ctx context.Context, d time.Duration) error
}

func newClient(o Options, c clock, wire http.RoundTripper) (*Client, error) {
	if o.APIURL == "" {
		o.APIURL = "https://api.github.com"
	}
	base, err := url.Parse(strings.TrimRight(o.APIURL, "/") + "/")
	if err != nil || base.Scheme != "https" && base.Scheme != "http" || base.Host == "" || base.User != nil {
		return nil, errors.New("GITHUB_API_URL is no address of an API such as https://api.github.com or https://github.example/api/v3")
	}
	var requests atomic.Int64
	var heard heard
	stack := retrying{clock: c, next: remembering{memory: &memory{answers: map[string]remembered{}}, next: whole{next: heeding{heard: &heard, now: c.now, next: signed{
		token: o.Token, servers: []*url.URL{base, uploads(base)}, requests: &requests, next: wire,
	}}}}}
	client := api.NewClient(&http.Client{Transport: stack, CheckRedirect: stayOn(base)})
	client.BaseURL, client.UploadURL = base, uploads(base)
	client.UserAgent = o.UserAgent
	return &Client{token: o.Token, host: base.Host, api: client, requests: &requests, heard: &heard, now: c.now}, nil
}

// Requests counts what was sent so far, retries included.
func (c *Client) Requests() int { return int(c.requests.Load()) }

// call is what is asked or done, for the owner and the name of a repository.
type call = func(ctx context.Context, owner, name string) error

// ask bounds one question and explains what goes wrong with it.
func (c *Client) ask(ctx context.Context, q question, repository string, f call) error {
	return c.bounded(ctx, q, false, repository, f)
}

// write is ask for what changes something.
func (c *Client) write(ctx context.Context, q question, repository string, f call) error {
	return c.bounded(ctx, q, true, repository, f)
}

func (c *Client) bounded(ctx context.Context, q question, writes bool, repository string, f call) error {
	if c.token == "" {
		return ErrNoToken
	}
	if !repositoryName.MatchString(repository) {
		return &Error{Asked: q.what, Writes: writes, Meaning: fmt.Sprintf("%q is no repository such as acme/shop", repository), Next: "Set GITHUB_REPOSITORY to owner/name."}
	}
	owner, name, _ := strings.Cut(repository, "/")
	bounded, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	err := f(bounded, owner, name)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("%s: %w", doing(q.what, writes), ctx.Err())
	case bounded.Err() != nil:
		err = fmt.Errorf("it took longer than %s: %w", callLimit, bounded.Err())
	}
	fault := c.fault(err)
	fault.writes = writes
	return explain(q, fault)
}

var repositoryName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-_]*/[A-Za-z0-9._-]*[A-Za-z0-9_-][A-Za-z0-9._-]*$`)

// fault is what an error of go-github says, without the token, whatever the server answered.
func (c *Client) fault(err error) fault {
	f := fault{host: c.host, err: err}
	var (
		response *api.ErrorResponse
		limit    *api.RateLimitError
		abuse    *api.AbuseRateLimitError
		answer   *http.Response
	)
	switch {
	case errors.As(err, &response):
		answer, f.said = response.Response, said(response)
	case errors.As(err, &limit):
		answer, f.said, f.until = limit.Response, limit.Message, limit.Rate.Reset.Time
	case errors.As(err, &abuse):
		answer, f.said = abuse.Response, abuse.Message
	}
	if answer != nil {
		f.status = answer.StatusCode
		if at, ok := comeBack(answer.Header, c.now()); ok {
			f.until = at
		}
		f.limited = f.status == http.StatusTooManyRequests || f.status == http.StatusForbidden && (limit != nil || abuse != nil || !f.until.IsZero())
	}
	if strings.Contains(f.said, c.token) || f.said == http.StatusText(f.status) {
		f.said = ""
	}
	return f
}

// said is a server's message with the details behind it, without which many say only that
// validation failed.
func said(r *api.ErrorResponse) string {
	parts := []string{r.Message}
	for _, e := range r.Errors {
		detail := e.Message
		if detail == "" && e.Code != "" {
			detail = strings.TrimSpace(e.Field + " " + e.Code)
		}
		if detail != "" {
			parts = append(parts, detail)
		}
	}
	return strings.Join(parts, ": ")
}

// sleep waits, or ends early with the context's error.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
