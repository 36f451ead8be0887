// Package fakegithub is the part of GitHub that a release reads and writes, for tests: refs and objects in a
// real bare repository that clones can fetch from; checks, people, issues, releases and deployments in
// memory. It answers over HTTP, refuses what GitHub refuses, counts what it is asked, and fails where it is
// told to. Each request and each answer is held against GitHub's OpenAPI description. It does I/O.
package fakegithub

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Hub is one repository behind an API, and what it was told of others.
type Hub struct {
	Repository string // owner/name
	Dir        string // bare git repository; "" where there is none
	Token      string
	Permits    map[string]bool // such as contents:write, which includes contents:read
	Protected  []string        // patterns of refs that a rule protects, such as refs/heads/main
	Released   map[string]bool // tags of immutable releases, whose refs do not move
	Immutable  bool            // releases are immutable from when they are published
	State
	Faults []*Fault
	Now    func() time.Time
	Limit  Limit

	mu         sync.Mutex
	asked      []string // METHOD path, in order
	unchanged  int      // answers of 304
	uploads    int64    // files uploaded so far
	wanted     map[string]bool
	complaints []string
	server     *httptest.Server
}

// Limit is the rate limit as headers tell it. An answer of 304 costs nothing of it.
type Limit struct {
	Total, Remaining int
	Reset            time.Time
}

// New prepares a hub with every permission.
func New(repository, dir, token string) *Hub {
	h := &Hub{Repository: repository, Dir: dir, Token: token, Permits: map[string]bool{}, Released: map[string]bool{}, wanted: map[string]bool{}, Now: time.Now, Limit: Limit{Total: 5000, Remaining: 5000}}
	for _, one := range routes {
		if one.permit != "" {
			h.Permits[one.permit] = true
		}
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

// Set sets the server's clock.
func (h *Hub) Set(now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.Now = func() time.Time { return now }
}

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

// Unchanged counts the answers that said only that nothing has changed, which cost nothing.
func (h *Hub) Unchanged() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.unchanged
}

// Wanted are the permissions that requests took so far, such as checks:read; alternatives stand beside each
// other, as in issues:write|pull-requests:write.
func (h *Hub) Wanted() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Sorted(maps.Keys(h.wanted))
}

// Complaints tell what in requests and answers so far GitHub's description does not know. Every test that
// uses a hub wants none.
func (h *Hub) Complaints() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.complaints)
}

func (h *Hub) complain(format string, args ...any) {
	if len(h.complaints) < 20 {
		h.complaints = append(h.complaints, fmt.Sprintf(format, args...))
	}
}

// Forget empties the counts.
func (h *Hub) Forget() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.asked, h.unchanged = nil, 0
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
	page   *page
}

func refuse(status int, format string, args ...any) answer {
	return answer{status: status, body: object{"message": fmt.Sprintf(format, args...), "documentation_url": "https://docs.github.com/rest"}}
}

var notFound = refuse(http.StatusNotFound, "Not Found")

func (h *Hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	request := r.Method + " " + r.URL.Path
	h.asked = append(h.asked, request)
	h.Limit.Remaining--
	fault := h.fault(request)
	if fault != nil && fault.instead(w, r, h.Now()) {
		return
	}
	if fault != nil && fault.How == "before" {
		fault.Hook()
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
	if fault != nil {
		fault.spoil(w, &a)
	}
	h.send(w, r, a)
}

// send writes an answer with the headers that GitHub has.
func (h *Hub) send(w http.ResponseWriter, r *http.Request, a answer) {
	var body []byte
	if a.body != nil {
		var buf bytes.Buffer
		json.NewEncoder(&buf).Encode(a.body)
		body = buf.Bytes()
	}
	header := w.Header()
	if a.page != nil {
		if links := a.page.links(r); links != "" && header.Get("Link") == "" {
			header.Set("Link", links)
		}
	}
	tag := fmt.Sprintf(`W/"%x"`, sha256.Sum256(append(body, header.Get("Link")...)))
	if r.Method == http.MethodGet && a.status == http.StatusOK {
		header.Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			a.status, body = http.StatusNotModified, nil
			h.unchanged++
			h.Limit.Remaining++
		}
	}
	reset := h.Limit.Reset
	if reset.IsZero() {
		reset = h.Now().Add(time.Hour)
	}
	header.Set("X-RateLimit-Limit", strconv.Itoa(h.Limit.Total))
	header.Set("X-RateLimit-Remaining", strconv.Itoa(max(h.Limit.Remaining, 0)))
	header.Set("X-RateLimit-Reset", strconv.FormatInt(reset.Unix(), 10))
	header.Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(a.status)
	w.Write(body)
}

// answer answers a request, and holds both against GitHub's description.
func (h *Hub) answer(r *http.Request) answer {
	if r.URL.Path == elsewhere {
		return notFound
	}
	if body, ok := h.Beside[r.Method+" "+r.URL.Path]; ok {
		return beside(r, body)
	}
	one := find(r)
	if one == nil {
		h.complain("%s %s is no operation that the hub knows from GitHub's description", r.Method, r.URL.Path)
		return notFound
	}
	if err := checkRequest(r, one); err != nil {
		h.complain("%s %s: %v", r.Method, r.URL.RequestURI(), err)
	}
	a := h.run(r, one)
	whole, err := h.complete(one, a)
	if err != nil {
		h.complain("the answer %d to %s %s: %v", a.status, r.Method, r.URL.Path, err)
	}
	a.body = whole
	return a
}

// beside is an answer as it was seeded; a list comes in pages.
func beside(r *http.Request, body any) answer {
	list, ok := body.([]any)
	if !ok {
		return answer{status: http.StatusOK, body: body}
	}
	items := []object{}
	for _, one := range list {
		if o, ok := one.(object); ok {
			items = append(items, o)
		}
	}
	return pageOf(r, items, "")
}

func (h *Hub) run(r *http.Request, one *route) answer {
	h.want(r, one.permit)
	switch {
	case r.Header.Get("Authorization") != "Bearer "+h.Token:
		return refuse(http.StatusUnauthorized, "Bad credentials")
	case r.PathValue("owner") != "" && h.at(r) == nil:
		return notFound
	case !h.permitted(r, one.permit):
		return refuse(http.StatusForbidden, "Resource not accessible by integration")
	}
	return one.run(h, r)
}

func (h *Hub) want(r *http.Request, permit string) {
	if rest, ok := strings.CutPrefix(permit, "issues:"); ok && h.ofPull(r) {
		permit += "|pull-requests:" + rest
	}
	if permit != "" {
		h.wanted[permit] = true
	}
}

// ofPull tells whether a request is about a pull request by way of its issue.
func (h *Hub) ofPull(r *http.Request) bool {
	return r.PathValue("comment_id") != "" || h.pull(r, "issue_number") != nil
}

// permitted tells whether the token may. Writing includes reading, and the issue that a pull request is
// may be reached with the permission for either.
func (h *Hub) permitted(r *http.Request, permit string) bool {
	scope, _, _ := strings.Cut(permit, ":")
	if permit == "" || h.Permits[permit] || strings.HasSuffix(permit, ":read") && h.Permits[scope+":write"] {
		return true
	}
	rest, issues := strings.CutPrefix(permit, "issues:")
	return issues && h.ofPull(r) && h.permitted(r, "pull-requests:"+rest)
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
