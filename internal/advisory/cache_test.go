package advisory

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/slipway-actions/slipway/internal/osv"
)

// modifying is a server that names two advisories, A-1 as modified at a given moment.
type modifying struct {
	modified string
	text     string
	fetched  atomic.Int32
}

func (m *modifying) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/v1/querybatch":
		fmt.Fprintf(w, `{"results":[{"vulns":[{"id":"A-1","modified":%q},{"id":"B-1","modified":"2025-01-01T00:00:00Z"}]},{}]}`, m.modified)
	case "/v1/vulns/A-1":
		m.fetched.Add(1)
		fmt.Fprint(w, m.text)
	case "/v1/vulns/B-1":
		m.fetched.Add(1)
		fmt.Fprint(w, `{"id":"B-1","modified":"2025-01-01T00:00:00Z"}`)
	}
}

var two = []osv.Package{installed, {Ecosystem: "npm", Name: "b", Version: "1.0.0"}}

func TestCacheOfServer(t *testing.T) {
	const first, later = "2026-01-02T00:00:00.5Z", "2026-01-03T00:00:00Z"
	m := &modifying{modified: first, text: `{"id":"A-1","modified":"` + first + `","summary":"first"}`}
	s := server(t, m.ServeHTTP)
	s.Cache = filepath.Join(t.TempDir(), "cache")
	ask := func(fetched int32) Answer {
		t.Helper()
		m.fetched.Store(0)
		a := s.Ask(t.Context(), two)
		if len(a.Problems) > 0 || len(a.Candidates[installed]) != 2 || m.fetched.Load() != fetched {
			t.Errorf("fetched %d advisories, want %d: %+v", m.fetched.Load(), fetched, a)
		}
		return a
	}
	cold := ask(2)
	if warm := ask(0); !reflect.DeepEqual(warm, cold) {
		t.Errorf("warm %+v\ncold %+v", warm, cold)
	}
	place := s.place("A-1")
	whole, err := os.ReadFile(place)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{
		"empty": nil, "cut": whole[:len(whole)-3], "changed": bytes.Replace(whole, []byte("first"), []byte("worse"), 1), "without a sum": []byte(m.text),
		"of another time": append(s.seal("A-1", cold.Sets[0].Newest.AddDate(0, 0, 1), []byte(m.text)), m.text...),
		"of another id":   append(s.seal("B-1", cold.Sets[0].Newest, []byte(m.text)), m.text...),
	} {
		t.Run(name, func(t *testing.T) {
			if err := os.WriteFile(place, text, 0o644); err != nil {
				t.Fatal(err)
			}
			if again := ask(1); !reflect.DeepEqual(again, cold) {
				t.Errorf("got %+v\nwant %+v", again, cold)
			}
		})
	}
	// What the server has changed is fetched again, and kept only where it is what was named.
	m.modified = later
	ask(1)
	ask(1)
	m.text = `{"id":"A-1","modified":"` + later + `","summary":"second"}`
	ask(1)
	if a := ask(0); a.Candidates[installed][0].Record.Summary != "second" || a.Sets[0].Digest == cold.Sets[0].Digest {
		t.Errorf("%+v", a)
	}
}

func TestCacheCannotBeWritten(t *testing.T) {
	m := &modifying{modified: "2026-01-02T00:00:00Z", text: `{"id":"A-1","modified":"2026-01-02T00:00:00Z"}`}
	s := server(t, m.ServeHTTP)
	s.Cache = filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(s.Cache, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if a := s.Ask(t.Context(), two); len(a.Problems) > 0 || len(a.Candidates[installed]) != 2 {
		t.Errorf("%+v", a)
	}
}

func TestSetsOfServer(t *testing.T) {
	const nothing = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	told := func(sets []Set) string {
		var parts []string
		for _, s := range sets {
			digest := "?"
			if s.Digest == nothing || s.Digest == "" {
				digest = strings.TrimPrefix(s.Digest, "sha256:e3b0")
			}
			parts = append(parts, fmt.Sprintf("%s %d %d %s", s.Ecosystem, s.Records, s.Newest.Year(), digest))
		}
		return strings.ReplaceAll(strings.Join(parts, ", "), strings.TrimPrefix(nothing, "sha256:e3b0"), "nothing")
	}
	tests := []struct{ name, batch, record, want string }{
		{"named", `{"results":[{"vulns":[{"id":"A-1"}]},{}]}`, `{"id":"A-1","modified":"2024-01-01T00:00:00Z"}`, "Go 1 2024 ?, npm 0 1 nothing"},
		{"a record is missing", `{"results":[{"vulns":[{"id":"A-1"}]},{}]}`, `{`, "Go 0 1 , npm 0 1 nothing"},
		{"not asked", `{}`, ``, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := server(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/v1/querybatch" {
					fmt.Fprint(w, test.batch)
					return
				}
				fmt.Fprint(w, test.record)
			})
			if got := told(s.Ask(t.Context(), two).Sets); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
