package github

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

const (
	sha   = "0123456789abcdef0123456789abcdef01234567"
	token = "ghs_verysecret"
)

// against is a client of a server that answers with h, in a time that passes only by sleeping.
func against(t *testing.T, h http.HandlerFunc) (c *Client, slept *time.Duration) {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	slept = new(time.Duration)
	start := time.Unix(1_800_000_000, 0)
	c, err := newClient(Options{APIURL: server.URL + "/api/v3", Token: token, UserAgent: "slipway/test"}, clock{
		now:   func() time.Time { return start.Add(*slept) },
		sleep: func(_ context.Context, d time.Duration) error { *slept += d; return nil },
	}, http.DefaultTransport)
	if err != nil {
		t.Fatal(err)
	}
	return c, slept
}

// runsPage is a page of n check runs with ids from first on.
func runsPage(total, first, n int) string {
	runs := make([]string, n)
	for i := range runs {
		runs[i] = fmt.Sprintf(`{"id":%d,"name":"check %d","status":"completed","conclusion":"success"}`, first+i, first+i)
	}
	return fmt.Sprintf(`{"total_count":%d,"check_runs":[%s]}`, total, strings.Join(runs, ","))
}

func next(w http.ResponseWriter, r *http.Request, query string) {
	w.Header().Set("Link", fmt.Sprintf(`<http://%s%s?%s>; rel="next"`, r.Host, r.URL.Path, query))
}

func TestCheckRuns(t *testing.T) {
	c, _ := against(t, func(w http.ResponseWriter, r *http.Request) {
		if got := r.URL.Path; got != "/api/v3/repos/acme/shop/commits/"+sha+"/check-runs" {
			t.Errorf("asked for %s", got)
		}
		if r.Header.Get("Authorization") != "Bearer "+token || r.UserAgent() != "slipway/test" {
			t.Errorf("headers are %v", r.Header)
		}
		if q := r.URL.Query(); q.Get("filter") != "all" || q.Get("per_page") != "100" {
			t.Errorf("the query is %v", q)
		}
		io.WriteString(w, `{"total_count":1,"check_runs":[{"id":7,"name":"unit","status":"completed","conclusion":"failure",
			"started_at":"2026-03-01T12:00:00Z","completed_at":"2026-03-01T12:05:00Z","details_url":"https://ci.example/7",
			"app":{"slug":"github-actions"},"check_suite":{"id":9}}]}`)
	})
	runs, err := c.CheckRuns(t.Context(), "acme/shop", sha)
	if err != nil || len(runs) != 1 {
		t.Fatal(runs, err)
	}
	start := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	want := CheckRun{ID: 7, Name: "unit", App: "github-actions", Suite: 9, Status: "completed", Conclusion: "failure", StartedAt: start, CompletedAt: start.Add(5 * time.Minute), URL: "https://ci.example/7"}
	if runs[0] != want {
		t.Errorf("read %+v, want %+v", runs[0], want)
	}
}

// TestPages lists in all ways that pages can lead on, or astray.
func TestPages(t *testing.T) {
	for name, tt := range map[string]struct {
		pages func(w http.ResponseWriter, r *http.Request, page string)
		want  int // check runs; -1 is an error
		asked int
	}{
		"three pages": {func(w http.ResponseWriter, r *http.Request, page string) {
			if page != "3" {
				next(w, r, "page="+string(page[0]+1))
			}
			io.WriteString(w, runsPage(300, int(page[0]-'0')*100, 100))
		}, 300, 3},
		"links left out, total known": {func(w http.ResponseWriter, r *http.Request, page string) {
			io.WriteString(w, runsPage(150, int(page[0]-'0')*100, map[string]int{"1": 100, "2": 50}[page]))
		}, 150, 2},
		"a growing list repeats an entry": {func(w http.ResponseWriter, r *http.Request, page string) {
			if page == "1" {
				next(w, r, "page=2")
				io.WriteString(w, runsPage(3, 1, 2))
				return
			}
			io.WriteString(w, runsPage(4, 2, 3))
		}, 4, 2},
		"fewer than there are": {func(w http.ResponseWriter, r *http.Request, page string) {
			io.WriteString(w, runsPage(3, 1, 2))
		}, -1, 1},
		"the same page for ever": {func(w http.ResponseWriter, r *http.Request, page string) {
			next(w, r, "page=99")
			io.WriteString(w, runsPage(9, 1, 2))
		}, -1, 2},
		"back to the first": {func(w http.ResponseWriter, r *http.Request, page string) {
			next(w, r, "page=1")
			io.WriteString(w, runsPage(9, 1, 2))
		}, -1, 1},
		"a check of another commit": {func(w http.ResponseWriter, r *http.Request, page string) {
			io.WriteString(w, strings.Replace(runsPage(2, 1, 2), `{"id":2,`, `{"id":2,"head_sha":"89abcdef0123456789abcdef0123456789abcdef",`, 1))
		}, -1, 1},
		"checks of this commit": {func(w http.ResponseWriter, r *http.Request, page string) {
			io.WriteString(w, strings.Replace(runsPage(2, 1, 2), `{"id":2,`, `{"id":2,"head_sha":"`+strings.ToUpper(sha)+`",`, 1))
		}, 2, 1},
		"a link of another kind": {func(w http.ResponseWriter, r *http.Request, page string) {
			next(w, r, "cursor=abc")
			io.WriteString(w, runsPage(2, 1, 2))
		}, -1, 1},
		"always one more": {func(w http.ResponseWriter, r *http.Request, page string) {
			var n int
			fmt.Sscan(page, &n)
			next(w, r, fmt.Sprintf("page=%d", n+1))
			io.WriteString(w, runsPage(0, n, 1))
		}, -1, pageLimit},
		"an empty page that leads on": {func(w http.ResponseWriter, r *http.Request, page string) {
			if page == "1" {
				next(w, r, "page=2")
			}
			io.WriteString(w, runsPage(0, 0, 0))
		}, -1, 1},
		"null":            {func(w http.ResponseWriter, r *http.Request, page string) { io.WriteString(w, "null") }, -1, 1},
		"no list":         {func(w http.ResponseWriter, r *http.Request, page string) { io.WriteString(w, `{"message":"hello"}`) }, -1, 1},
		"a list of null":  {func(w http.ResponseWriter, r *http.Request, page string) { io.WriteString(w, `{"check_runs":[null]}`) }, 1, 1},
		"nothing":         {func(w http.ResponseWriter, r *http.Request, page string) {}, -1, 1},
		"an empty list":   {func(w http.ResponseWriter, r *http.Request, page string) { io.WriteString(w, runsPage(0, 0, 0)) }, 0, 1},
		"HTML":            {func(w http.ResponseWriter, r *http.Request, page string) { io.WriteString(w, "<html>Log in") }, -1, 1},
		"JSON and more":   {func(w http.ResponseWriter, r *http.Request, page string) { io.WriteString(w, runsPage(0, 0, 0)+"{") }, -1, 1},
		"another form":    {func(w http.ResponseWriter, r *http.Request, page string) { io.WriteString(w, `[1]`) }, -1, 1},
		"accepted, later": {func(w http.ResponseWriter, r *http.Request, page string) { w.WriteHeader(202); io.WriteString(w, `{}`) }, -1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := against(t, func(w http.ResponseWriter, r *http.Request) { tt.pages(w, r, r.URL.Query().Get("page")) })
			runs, err := c.CheckRuns(t.Context(), "acme/shop", sha)
			if tt.want < 0 && (err == nil || runs != nil) || tt.want >= 0 && (err != nil || len(runs) != tt.want) {
				t.Errorf("read %d check runs and %v, want %d", len(runs), err, tt.want)
			}
			if c.Requests() != tt.asked {
				t.Errorf("made %d requests, want %d", c.Requests(), tt.asked)
			}
		})
	}
}

func TestStatuses(t *testing.T) {
	c, _ := against(t, func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, `[{"id":1,"context":"ci/legacy","state":"pending","description":"soon","target_url":"https://ci.example/1","created_at":"2026-03-01T12:00:00Z"}]`)
	})
	got, err := c.Statuses(t.Context(), "acme/shop", sha)
	want := Status{ID: 1, Context: "ci/legacy", State: "pending", Description: "soon", URL: "https://ci.example/1", CreatedAt: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	if err != nil || len(got) != 1 || got[0] != want {
		t.Errorf("read %+v, %v", got, err)
	}
	// Without a total, a full page is followed by another question.
	c, _ = against(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("page") == "2" {
			io.WriteString(w, `[{"id":101}]`)
			return
		}
		io.WriteString(w, "["+strings.Repeat(`{},`, 99)+`{}]`)
	})
	if got, err := c.Statuses(t.Context(), "acme/shop", sha); err != nil || len(got) != 101 {
		t.Errorf("read %d statuses, %v", len(got), err)
	}
	c, _ = against(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "null") })
	if got, err := c.Statuses(t.Context(), "acme/shop", sha); err == nil {
		t.Errorf("null was taken for a list: %v", got)
	}
}

func TestJobs(t *testing.T) {
	c, _ := against(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/api/v3/repos/acme/shop/actions/runs/42/attempts/2/jobs" {
			t.Errorf("asked for %s", r.URL.Path)
		}
		io.WriteString(w, `{"total_count":1,"jobs":[{"id":5,"name":"gate","status":"in_progress","runner_name":"runner-1"}]}`)
	})
	got, err := c.Jobs(t.Context(), "acme/shop", 42, 2)
	if err != nil || len(got) != 1 || got[0] != (Job{5, "gate", "in_progress", "runner-1"}) {
		t.Errorf("read %+v, %v", got, err)
	}
}

func TestRetries(t *testing.T) {
	good := runsPage(1, 1, 1)
	for name, tt := range map[string]struct {
		answers []http.HandlerFunc // in turn; the last one stays
		ok      bool
		asked   int
		slept   time.Duration
		text    string
	}{
		"500, then an answer": {[]http.HandlerFunc{status(500), text(good)}, true, 2, pauses[0], ""},
		"500 for ever":        {[]http.HandlerFunc{status(500)}, false, 4, pauses[0] + pauses[1] + pauses[2], "500 Internal Server Error: GitHub has trouble"},
		"cut, then an answer": {[]http.HandlerFunc{half(good), text(good)}, true, 2, pauses[0], ""},
		"cut for ever":        {[]http.HandlerFunc{half(good)}, false, 4, pauses[0] + pauses[1] + pauses[2], "the answer broke off"},
		"429 for a second":    {[]http.HandlerFunc{status(429, "Retry-After", "1"), text(good)}, true, 2, time.Second, ""},
		"429 for an hour":     {[]http.HandlerFunc{status(429, "Retry-After", "3600")}, false, 1, 0, "the rate limit is used up until 2027-01-15T09:00:00Z"},
		"limit for an hour":   {[]http.HandlerFunc{status(403, "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "1800003600")}, false, 1, 0, "until 2027-01-15T09:00:00Z"},
		"403":                 {[]http.HandlerFunc{status(403)}, false, 1, 0, "checks: read"},
		"endless":             {[]http.HandlerFunc{endless}, false, 1, 0, "larger than 10 MB"},
		"an echo of the token": {[]http.HandlerFunc{func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(401)
			fmt.Fprintf(w, `{"message":"bad %s"}`, r.Header.Get("Authorization"))
		}}, false, 1, 0, "401 Unauthorized"},
	} {
		t.Run(name, func(t *testing.T) {
			asked := 0
			c, slept := against(t, func(w http.ResponseWriter, r *http.Request) {
				asked++
				tt.answers[min(asked, len(tt.answers))-1](w, r)
			})
			_, err := c.CheckRuns(t.Context(), "acme/shop", sha)
			if (err == nil) != tt.ok || asked != tt.asked || *slept != tt.slept || c.Requests() != asked {
				t.Errorf("asked %d times (%d counted), slept %s: %v", asked, c.Requests(), *slept, err)
			}
			if err != nil && (!strings.Contains(err.Error(), tt.text) || strings.Contains(err.Error(), token)) {
				t.Errorf("the error is %q, want %q in it and no token", err, tt.text)
			}
		})
	}
}

func status(code int, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(code)
		io.WriteString(w, `{"message":"no"}`)
	}
}

func text(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, body) }
}

func half(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, body[:len(body)/2])
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
}

func endless(w http.ResponseWriter, r *http.Request) {
	for r.Context().Err() == nil {
		if _, err := w.Write(make([]byte, 1<<16)); err != nil {
			return
		}
	}
}

func TestTokenStaysHome(t *testing.T) {
	stranger := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t.Errorf("the stranger was asked, with %v", r.Header)
		io.WriteString(w, runsPage(0, 0, 0))
	}))
	defer stranger.Close()
	c, _ := against(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, stranger.URL+"/x", http.StatusFound)
	})
	if _, err := c.CheckRuns(t.Context(), "acme/shop", sha); !errors.Is(err, errLeadsAway) {
		t.Errorf("the error is %v", err)
	}
	c, _ = against(t, func(w http.ResponseWriter, r *http.Request) { // a renamed repository
		if strings.Contains(r.URL.Path, "/acme/shop/") {
			http.Redirect(w, r, "/api/v3/repositories/1", http.StatusMovedPermanently)
			return
		}
		io.WriteString(w, runsPage(1, 1, 1))
	})
	if runs, err := c.CheckRuns(t.Context(), "acme/shop", sha); err != nil || len(runs) != 1 {
		t.Errorf("a renamed repository gave %v, %v", runs, err)
	}
	c, _ = against(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path, http.StatusFound) })
	if _, err := c.CheckRuns(t.Context(), "acme/shop", sha); !errors.Is(err, errLeadsAway) {
		t.Errorf("a redirect to itself gave %v", err)
	}
}

func TestFile(t *testing.T) {
	file := func(body string) string {
		return fmt.Sprintf(`{"type":"file","encoding":"base64","size":%d,"content":%q}`, len(body), base64.StdEncoding.EncodeToString([]byte(body)))
	}
	for name, tt := range map[string]struct {
		file, top http.HandlerFunc
		missing   bool
		text      string // of the error; "" where there is none
	}{
		"there":                    {text(file("version: 1\n")), nil, false, ""},
		"not there":                {status(404), text(`[]`), true, "not exist"},
		"not to be seen":           {status(404), status(404), false, "the token cannot see the repository"},
		"not allowed":              {status(403), nil, false, "contents: read"},
		"trouble at second look":   {status(404), status(500), false, "GitHub has trouble"},
		"no answer at second look": {status(404), text(`null`), false, "cannot be listed"},
		"a folder":                 {text(`[]`), nil, false, "cannot be read"},
		"over a megabyte":          {text(`{"type":"file","encoding":"none","content":"","size":2000000}`), nil, false, "over a megabyte"},
		"cut":                      {text(`{"type":"file","encoding":"base64","content":"aGk=","size":200}`), nil, false, "incomplete"},
		"null":                     {text(`null`), nil, false, "cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := against(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Query().Get("ref") != "main" {
					t.Errorf("asked for %s", r.URL)
				}
				switch r.URL.Path {
				case "/api/v3/repos/acme/shop/contents/.github/slipway.yml":
					tt.file(w, r)
				case "/api/v3/repos/acme/shop/contents/":
					tt.top(w, r)
				default:
					t.Errorf("asked for %s", r.URL)
				}
			})
			data, err := c.File(t.Context(), "acme/shop", ".github/slipway.yml", "main")
			if errors.Is(err, fs.ErrNotExist) != tt.missing || (err == nil) != (tt.text == "") || err != nil && !strings.Contains(err.Error(), tt.text) {
				t.Errorf("the error is %v, want %q", err, tt.text)
			}
			if err == nil && string(data) != "version: 1\n" {
				t.Errorf("read %q", data)
			}
		})
	}
}

func TestWithoutAsking(t *testing.T) {
	c, _ := against(t, func(w http.ResponseWriter, r *http.Request) { t.Errorf("asked for %s", r.URL) })
	for _, repository := range []string{"", "acme", "acme/..", "acme/shop/x", "../shop", "acme/sh op", "acme/shop?"} {
		if _, err := c.CheckRuns(t.Context(), repository, sha); err == nil {
			t.Errorf("%q was taken for a repository", repository)
		}
	}
	c.token = ""
	if _, err := c.CheckRuns(t.Context(), "acme/shop", sha); !errors.Is(err, ErrNoToken) {
		t.Error(err)
	}
	if _, err := c.File(t.Context(), "acme/shop", "x", "main"); !errors.Is(err, ErrNoToken) {
		t.Error(err)
	}
	for _, address := range []string{"ftp://api.example", "api.example", "https://", "https://user:secret@api.example", ":"} {
		if _, err := New(Options{APIURL: address}); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q gave %v", address, err)
		}
	}
	if c, err := New(Options{Token: "x"}); err != nil || c.api.BaseURL.String() != "https://api.github.com/" {
		t.Error(c, err)
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	c, _ := against(t, func(w http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	if _, err := c.CheckRuns(ctx, "acme/shop", sha); !errors.Is(err, context.Canceled) || c.Requests() != 1 {
		t.Errorf("%d requests, %v", c.Requests(), err)
	}
}
