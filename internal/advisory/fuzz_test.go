package advisory

import (
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/slipway-actions/slipway/internal/osv"
)

// answering is a server whose every answer is the same.
type answering struct{ text atomic.Pointer[[]byte] }

func (a *answering) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	_, _ = w.Write(*a.text.Load())
}

// Whatever the server says, each package is answered for by what can be judged, or there is a problem that
// says so: an answer that is none is never the answer that there is nothing.
func FuzzAnswers(f *testing.F) {
	for _, s := range []string{`{"results":[{}]}`, `{"results":[{"vulns":[{"id":"A-1","modified":"2026-01-01T00:00:00Z"}]}]}`, `{"id":"A-1","results":[{"vulns":[{"id":"A-1"}]}]}`,
		`{"results":[{"next_page_token":"a"}]}`, `{"results":[null]}`, `{"results":[]}`, `{"results":[{"error":"x"}]}`, `{"results":[{"vulns":[{"id":"../../x"}]}]}`, `<html>`, ``} {
		f.Add([]byte(s))
	}
	from := &answering{}
	var base *url.URL
	f.Fuzz(func(t *testing.T, text []byte) {
		from.text.Store(&text)
		s := server(t, from.ServeHTTP)
		base = s.Base
		a := s.Ask(t.Context(), []osv.Package{{Ecosystem: "npm", Name: "a", Version: "1.0.0"}})
		if len(a.Candidates) == 0 && len(a.Problems) == 0 && !strings.Contains(string(text), "results") {
			t.Fatalf("%q of %s says that there is nothing", text, base.Host)
		}
		for _, c := range a.Candidates {
			if len(text) < len("A") || !strings.Contains(string(text), "vulns") {
				t.Fatalf("%q names %+v", text, c)
			}
		}
	})
}
