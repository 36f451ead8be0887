package github

import (
	"context"
	"errors"
	"net"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestExplain(t *testing.T) {
	until := time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC)
	wire := func(err error) error { return &url.Error{Op: "Get", URL: "https://api.example/long", Err: err} }
	for name, tt := range map[string]struct {
		fault
		text, next string
		passing    bool
	}{
		"401":                  {fault{status: 401}, "401 Unauthorized: the token is not valid, or has expired", "Pass a valid token as github-token", false},
		"403":                  {fault{status: 403, said: "Resource not accessible by integration"}, "lacks the permission checks: read (the server says: Resource not accessible by integration)", "permissions:\n  checks: read", false},
		"403 limited":          {fault{status: 403, limited: true, until: until}, "the rate limit is used up until 2026-11-20T09:30:00Z", "after 2026-11-20T09:30:00Z", true},
		"429":                  {fault{status: 429, limited: true}, "429 Too Many Requests: the rate limit is used up", "in some minutes", true},
		"404":                  {fault{status: 404}, "or the token cannot see the repository", "checks: read", false},
		"422":                  {fault{status: 422}, "the repository has no such commit", "force push", false},
		"500":                  {fault{status: 500}, "GitHub has trouble", "Run the step again", true},
		"418":                  {fault{status: 418}, "none that this question has", "GITHUB_API_URL", false},
		"refused":              {fault{err: wire(&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED})}, "no answer from api.example: dial: connection refused", "can reach api.example", true},
		"too slow":             {fault{err: context.DeadlineExceeded}, "no answer from api.example", "can reach", true},
		"HTML":                 {fault{err: wire(errNotJSON)}, "api.example gave no answer that can be used: the answer is not JSON", "no proxy", false},
		"endless":              {fault{err: wire(errTooLarge)}, "larger than 10 MB", "no proxy", false},
		"led away":             {fault{err: wire(errLeadsAway)}, "to another server", "no proxy", false},
		"JSON of a wrong form": {fault{err: errors.New("json: cannot unmarshal")}, "gave no answer that can be used", "no proxy", false},
		"incomplete":           {fault{err: errIncomplete}, "the list is incomplete", "Run the step again", true},
		"a folder":             {fault{err: errUnfit}, "cannot be read", "regular file", false},
		"long words":           {fault{status: 403, said: strings.Repeat("long\n words ", 100)}, "long words long", "checks: read", false},
	} {
		t.Run(name, func(t *testing.T) {
			f := tt.fault
			f.host = "api.example"
			e := explain(question{"the check runs of acme/shop at 1234567", "checks: read"}, f)
			if !strings.HasPrefix(e.Error(), "ask for the check runs of acme/shop at 1234567: ") || !strings.Contains(e.Error(), tt.text) || len(e.Error()) > 500 || strings.Contains(e.Error(), "\n") {
				t.Errorf("the error is %q, want %q in it", e, tt.text)
			}
			if !strings.Contains(e.Next, tt.next) || e.Passing != tt.passing {
				t.Errorf("the next step is %q (passing %t), want %q (%t)", e.Next, e.Passing, tt.next, tt.passing)
			}
			// no permission helps a limit, or a token that is not valid
			if lacks := (tt.status == 403 || tt.status == 404) && !tt.limited; (e.Permission == "checks: read") != lacks {
				t.Errorf("it lacks the permission %q", e.Permission)
			}
		})
	}
}
