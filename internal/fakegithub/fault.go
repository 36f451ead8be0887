package fakegithub

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"time"
)

// Fault fails requests: the n-th (from 1) whose "METHOD path" fits, or each of them where Number is 0.
//
// How is what goes wrong:
//
//	a status      such as 403 or 500
//	403-limit     the rate limit is used up for an hour
//	403-retry     a secondary limit: come back in an hour
//	429-retry     the same with 429; 429 alone names no time
//	scope         403, and the permission that is missing
//	cut           nothing is done and the connection breaks
//	half          half of an answer comes, then the connection breaks
//	lost          it is done, but no answer comes
//	html          a proxy answers
//	graphql-errors  status 200, and errors in place of data
//	shape         status 200, and JSON of another shape
//	empty         the list is empty, but goes on
//	none          an empty answer of status 200
//	loop          the page links to itself
//	skew          the server's clock is a day ahead
//	moved         redirects elsewhere
//	twice         another run sends the same just before
//	before        Hook is run, then it is answered
type Fault struct {
	Number  int
	Request *regexp.Regexp
	How     string
	Hook    func()
	seen    int
}

// elsewhere is where a request is redirected to; nothing is there.
const elsewhere = "/elsewhere"

// Add adds a fault.
func (h *Hub) Add(f *Fault) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.Faults = append(h.Faults, f)
}

func (h *Hub) fault(request string) *Fault {
	for _, f := range h.Faults {
		if f.Request.MatchString(request) {
			if f.seen++; f.seen == f.Number || f.Number == 0 {
				return f
			}
		}
	}
	return nil
}

// instead answers in place of the hub, where that is what goes wrong.
func (f *Fault) instead(w http.ResponseWriter, r *http.Request, now time.Time) bool {
	header := w.Header()
	header.Set("Content-Type", "application/json; charset=utf-8")
	switch f.How {
	case "cut":
		panic(http.ErrAbortHandler)
	case "half":
		header.Set("Content-Length", "1000")
		fmt.Fprint(w, `[{"id": 1, `)
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	case "html":
		header.Set("Content-Type", "text/html")
		fmt.Fprint(w, "<html>Please sign in</html>")
	case "moved":
		header.Set("Location", elsewhere)
		w.WriteHeader(http.StatusMovedPermanently)
	case "graphql-errors":
		fmt.Fprint(w, `{"data": null, "errors": [{"type": "FORBIDDEN", "message": "Resource not accessible by integration"}]}`)
	case "shape":
		fmt.Fprint(w, `{"errors": ["no"]}`)
	case "none":
	case "403-limit", "403-retry", "429-retry":
		if f.How == "403-limit" {
			header.Set("X-RateLimit-Remaining", "0")
			header.Set("X-RateLimit-Reset", strconv.FormatInt(time.Now().Add(time.Hour).Unix(), 10))
		} else {
			header.Set("Retry-After", "3600")
		}
		status, _ := strconv.Atoi(f.How[:3])
		w.WriteHeader(status)
		fmt.Fprint(w, `{"message": "API rate limit exceeded"}`)
	case "scope":
		header.Set("X-Accepted-GitHub-Permissions", "administration=write")
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprint(w, `{"message": "Resource not accessible by integration"}`)
	default:
		status, err := strconv.Atoi(f.How)
		if err != nil {
			return false
		}
		w.WriteHeader(status)
		fmt.Fprintf(w, `{"message": %q, "documentation_url": "https://docs.github.com/rest"}`, http.StatusText(status))
	}
	return true
}

// spoil changes the hub's own answer.
func (f *Fault) spoil(w http.ResponseWriter, a *answer) {
	switch f.How {
	case "empty":
		switch body := a.body.(type) {
		case []any:
			a.body = []any{}
		case map[string]any:
			for name, value := range body {
				if _, list := value.([]any); list {
					body[name] = []any{}
				}
			}
		}
		if a.page != nil {
			a.page.last = a.page.number + 1
		}
	case "loop":
		if a.page != nil {
			a.page.number, a.page.last = a.page.number-1, a.page.number
		}
	case "skew":
		w.Header().Set("Date", time.Now().Add(24*time.Hour).UTC().Format(http.TimeFormat))
	}
}
