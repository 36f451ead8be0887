package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

// varying is what differs between two requests for the same.
var varying = regexp.MustCompile(`uploads/[^?/]+|\b[0-9a-f]{40}\b|127\.0\.0\.1:\d+`)

// kind is what a request is about. It leaves the body to be read.
func kind(r *http.Request) string {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	about := sha256.Sum256(varying.ReplaceAll(body, []byte("…")))
	return fmt.Sprintf("%s %s %s %.3x", r.Method, varying.ReplaceAllString(r.URL.Path, "…"), r.URL.Query().Get("name"), about)
}

// state is what users see of a release, in words that do not depend on when and where it was made.
func (s *site) state() string {
	s.Helper()
	var b strings.Builder
	commit := s.ref("refs/tags/v1.4.0")
	for _, name := range []string{"refs/heads/main", "refs/heads/releases/v1.4.0", "refs/tags/v1", "refs/tags/v1.3", "refs/tags/v1.4", "refs/tags/v1.4.0"} {
		fmt.Fprintf(&b, "%s: there %t, release %t, candidate %t\n", name, s.ref(name) != "", s.ref(name) == commit, s.ref(name) == s.revision)
	}
	for _, one := range s.hub.Releases {
		fmt.Fprintf(&b, "release %s: draft %t, immutable %t, latest %s: %q\n", one.Tag, one.Draft, one.Immutable, one.Latest, one.Body)
		for _, a := range one.Assets {
			fmt.Fprintf(&b, "  %s %s %.4x\n", a.Name, a.State, sha256.Sum256(a.Text))
		}
	}
	return b.String() + "image: " + s.at("v1.4.0")
}

// Each request that writes, and each to the registry, is refused the first time, or is done while the program dies
// before it hears of it. The runs together come to what a single one makes that nothing befalls.
func TestEveryRequestFailsOnce(t *testing.T) {
	t.Parallel()
	calm := newSite(t)
	if err := calm.release(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := calm.state()
	writes := func(r *http.Request) bool { return r.Method != http.MethodGet && r.Method != http.MethodHead }
	all := func(*http.Request) bool { return true }
	for name, test := range map[string]struct {
		of    func(*site) *wire
		which func(*http.Request) bool
		done  bool // what was asked for is done, and the program dies before it hears of it; else it is refused
		least int  // kinds of requests that a release consists of
	}{
		"GitHub refuses":           {func(s *site) *wire { return s.github }, writes, false, 10},
		"GitHub does it, we die":   {func(s *site) *wire { return s.github }, writes, true, 10},
		"registry refuses":         {func(s *site) *wire { return s.registry }, all, false, 8},
		"registry takes nothing":   {func(s *site) *wire { return s.registry }, writes, false, 8},
		"registry does it, we die": {func(s *site) *wire { return s.registry }, writes, true, 4},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			died := map[string]bool{}
			for run := 0; ; run++ {
				if run == 100 {
					t.Fatal("it comes to no end")
				}
				ctx, die := context.WithCancel(t.Context())
				hit := false
				test.of(s).put(func(w http.ResponseWriter, r *http.Request) bool {
					k := kind(r)
					if test.done && hit || died[k] || !test.which(r) { // who is dead asks no more
						return false
					}
					hit, died[k] = true, true
					if !test.done {
						w.Header().Set("Content-Type", "application/json")
						w.WriteHeader(http.StatusForbidden)
						_, _ = io.WriteString(w, `{"message": "no"}`)
						return true
					}
					test.of(s).behind.ServeHTTP(httptest.NewRecorder(), r)
					die()
					panic(http.ErrAbortHandler)
				})
				err := s.release(ctx)
				die()
				test.of(s).put(nil)
				if !hit {
					if err != nil {
						t.Fatalf("run %d, which nothing befell: %v", run, err)
					}
					break
				}
			}
			if got := s.state(); got != want {
				t.Errorf("it ends in\n%s\nand undisturbed in\n%s", got, want)
			}
			if len(died) < test.least {
				t.Errorf("it died at %d kinds of requests: %v", len(died), died)
			}
		})
	}
}
