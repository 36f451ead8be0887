// Package fakegithub is the part of GitHub that a release writes to, for tests: refs and objects in a
// real bare repository that clones can fetch from, releases, pull requests and workflow runs in memory.
// It answers over HTTP as the REST documentation says, refuses what GitHub refuses, counts what it is
// asked, and fails where it is told to. It does I/O.
package fakegithub

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"regexp"
	"strings"
	"sync"
	"time"
)

// Hub is one repository behind an API.
type Hub struct {
	Repository string // owner/name
	Dir        string // bare git repository
	Token      string
	Permits    map[string]bool // such as contents:write
	Protected  []string        // patterns of refs that a rule protects, such as refs/heads/main
	Released   map[string]bool // tags of immutable releases, whose refs do not move
	State
	Faults []*Fault
	Now    func() time.Time

	mu     sync.Mutex
	asked  []string // METHOD path, in order
	server *httptest.Server
}

// State is what is kept beside the repository.
type State struct {
	Releases   []*Release  `json:"releases"`
	Pulls      []*Pull     `json:"pulls"`
	Dispatches []*Dispatch `json:"dispatches"`
}

// Fault fails one request: the n-th (from 1) whose "METHOD path" fits.
type Fault struct {
	Number  int
	Request *regexp.Regexp
	// How: a status, "cut" (nothing is done and the connection breaks), "lost" (it is done, but the
	// answer breaks off), "html" (a proxy answers), "moved" (redirects elsewhere), "twice"
	// (another run sends the same just before), or "before" (Hook is run, then it is answered).
	How  string
	Hook func()
	seen int
}

// New prepares a hub with every permission.
func New(repository, dir, token string) *Hub {
	h := &Hub{Repository: repository, Dir: dir, Token: token, Permits: map[string]bool{}, Released: map[string]bool{}, Now: time.Now}
	for _, p := range []string{"contents:write", "pull-requests:write", "actions:write"} {
		h.Permits[p] = true
	}
	return h
}

// Start serves the API and returns its address.
func (h *Hub) Start() string {
	h.server = httptest.NewServer(h)
	return h.server.URL
}

// Close ends serving.
func (h *Hub) Close() { h.server.CloseClientConnections(); h.server.Close() }

// Asked counts the requests whose "METHOD path" fits a pattern.
func (h *Hub) Asked(pattern *regexp.Regexp) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := 0
	for _, a := range h.asked {
		if pattern.MatchString(a) {
			n++
		}
	}
	return n
}

// Forget empties the count.
func (h *Hub) Forget() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.asked = nil
}

// Add adds a fault.
func (h *Hub) Add(f *Fault) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.Faults = append(h.Faults, f)
}

// Text is the state as indented JSON.
func (h *Hub) Text() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	text, err := json.MarshalIndent(h.State, "", "  ")
	if err != nil {
		return err.Error()
	}
	return string(text) + "\n"
}

// answer is what a request is answered with.
type answer struct {
	status int
	body   any // nil is empty
	next   int // page that follows; 0 for none
}

func refuse(status int, format string, args ...any) answer {
	return answer{status: status, body: map[string]any{"message": fmt.Sprintf(format, args...), "documentation_url": "https://docs.github.com/rest", "status": fmt.Sprint(status)}}
}

var notFound = refuse(http.StatusNotFound, "Not Found")

func (h *Hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	request := r.Method + " " + r.URL.Path
	h.asked = append(h.asked, request)
	fault := h.fault(request)
	switch {
	case fault == nil:
	case fault.How == "cut":
		panic(http.ErrAbortHandler)
	case fault.How == "html":
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<html>Please sign in</html>")
		return
	case fault.How == "moved":
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(http.StatusMovedPermanently)
		return
	case fault.How == "before":
		fault.Hook()
	case fault.How != "lost" && fault.How != "twice":
		var status int
		fmt.Sscan(fault.How, &status)
		send(w, r, refuse(status, "%s", http.StatusText(status)))
		return
	}
	if fault != nil && fault.How == "twice" {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		h.answer(r)
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	a := h.answer(r)
	if fault != nil && fault.How == "lost" {
		panic(http.ErrAbortHandler)
	}
	send(w, r, a)
}

func (h *Hub) fault(request string) *Fault {
	for _, f := range h.Faults {
		if f.Request.MatchString(request) {
			if f.seen++; f.seen == f.Number {
				return f
			}
		}
	}
	return nil
}

func send(w http.ResponseWriter, r *http.Request, a answer) {
	if a.next > 0 {
		w.Header().Set("Link", fmt.Sprintf(`<http://%s%s?page=%d>; rel="next"`, r.Host, r.URL.Path, a.next))
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(a.status)
	if a.body != nil {
		json.NewEncoder(w).Encode(a.body)
	}
}

// route is one documented operation.
type route struct {
	method, pattern string // a trailing * takes slashes too
	permit          string // that writing takes
	run             func(h *Hub, r *http.Request, arg string) answer
}

var routes = []route{
	{"GET", "git/ref/*", "", (*Hub).getRef},
	{"GET", "git/matching-refs/*", "", (*Hub).matchingRefs},
	{"POST", "git/refs", "contents:write", (*Hub).createRef},
	{"PATCH", "git/refs/*", "contents:write", (*Hub).updateRef},
	{"GET", "git/tags/*", "", (*Hub).tagObject},
	{"POST", "git/tags", "contents:write", (*Hub).createTag},
	{"GET", "git/commits/*", "", (*Hub).getCommit},
	{"POST", "git/commits", "contents:write", (*Hub).createCommit},
	{"POST", "git/blobs", "contents:write", (*Hub).createBlob},
	{"POST", "git/trees", "contents:write", (*Hub).createTree},
	{"GET", "releases/tags/*", "", (*Hub).releaseByTag},
	{"GET", "releases", "", (*Hub).listReleases},
	{"POST", "releases", "contents:write", (*Hub).createRelease},
	{"PATCH", "releases/*", "contents:write", (*Hub).editRelease},
	{"DELETE", "releases/*", "contents:write", (*Hub).deleteRelease},
	{"GET", "pulls", "", (*Hub).listPulls},
	{"POST", "pulls", "pull-requests:write", (*Hub).createPull},
	{"PATCH", "pulls/*", "pull-requests:write", (*Hub).editPull},
	{"POST", "actions/workflows/*", "actions:write", (*Hub).dispatch},
	{"GET", "actions/workflows/*", "", (*Hub).workflowRuns},
}

func (h *Hub) answer(r *http.Request) answer {
	if r.Header.Get("Authorization") != "Bearer "+h.Token {
		return refuse(http.StatusUnauthorized, "Bad credentials")
	}
	rest, ok := strings.CutPrefix(r.URL.Path, "/repos/"+h.Repository+"/")
	if !ok {
		return notFound
	}
	for _, one := range routes {
		prefix, wild := strings.CutSuffix(one.pattern, "*")
		arg, begins := strings.CutPrefix(rest, prefix)
		if r.Method != one.method || !begins || !wild && arg != "" || wild && arg == "" {
			continue
		}
		if one.permit != "" && !h.Permits[one.permit] {
			return refuse(http.StatusForbidden, "Resource not accessible by integration")
		}
		return one.run(h, r, arg)
	}
	return notFound
}

// read decodes a request's body.
func read(r *http.Request, into any) bool {
	return json.NewDecoder(r.Body).Decode(into) == nil
}

func (h *Hub) protected(ref string) bool {
	for _, p := range h.Protected {
		if ok, _ := path.Match(p, ref); ok {
			return true
		}
	}
	return false
}
