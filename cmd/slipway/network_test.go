package main

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/slipway-actions/slipway/internal/action"
)

// recorder is a proxy that notes who is to be reached, and lets nobody through.
type recorder struct {
	mu    sync.Mutex
	hosts map[string]bool
}

func (r *recorder) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	r.mu.Lock()
	host, _, _ := strings.Cut(request.Host, ":")
	r.hosts[host] = true
	r.mu.Unlock()
	http.Error(w, "nobody is let through", http.StatusForbidden)
}

var (
	recordersMu sync.Mutex
	recorders   = map[string]*recorder{}
)

// proxied sends all that programs of the script ask of others through a recording proxy.
func proxied(ts *testscript.TestScript, neg bool, args []string) {
	r := &recorder{hosts: map[string]bool{}}
	server := httptest.NewServer(r)
	ts.Defer(server.Close)
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"} {
		ts.Setenv(name, server.URL)
	}
	recordersMu.Lock()
	defer recordersMu.Unlock()
	recorders[ts.Getenv("WORK")] = r
}

// contacted wants exactly these hosts to have been asked for since the last time, each of them named in the action's
// reference, by itself or by words that stand before it: `contacted version-bump 'the clone”s origin=git.example'`.
func contacted(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: contacted <action> [<host> or <words of the reference>=<host>]...")
	}
	recordersMu.Lock()
	r := recorders[ts.Getenv("WORK")]
	recordersMu.Unlock()
	r.mu.Lock()
	defer r.mu.Unlock()
	got := slices.Sorted(maps.Keys(r.hosts))
	clear(r.hosts)
	var want []string
	for _, arg := range args[1:] {
		words, host, named := strings.Cut(arg, "=")
		if !named {
			host = words
		}
		want = append(want, host)
		pattern := regexp.MustCompile(`(^|\W)` + regexp.QuoteMeta(words) + `(\W|$)`)
		if !slices.ContainsFunc(referenceOf(args[0]).Hosts, func(h action.Host) bool { return pattern.MatchString(h.Name) }) {
			ts.Fatalf("the reference of %s names no host %q", args[0], words)
		}
	}
	slices.Sort(want)
	if !slices.Equal(got, want) {
		ts.Fatalf("%s asked for %v, want %v", args[0], got, want)
	}
}
