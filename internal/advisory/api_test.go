package advisory

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/osv"
)

func server(t *testing.T, handler http.HandlerFunc) Server {
	t.Helper()
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	base, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	return Server{Name: "test", Base: base, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }}
}

// TestBatches asks about more packages than one query takes; each must be asked about once.
func TestBatches(t *testing.T) {
	var batches atomic.Int32
	s := server(t, func(w http.ResponseWriter, r *http.Request) {
		if id, ok := strings.CutPrefix(r.URL.Path, "/v1/vulns/"); ok {
			fmt.Fprintf(w, `{"id":%q}`, id)
			return
		}
		var body struct{ Queries []query }
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil || len(body.Queries) > batchSize {
			t.Errorf("%d queries, %v", len(body.Queries), err)
		}
		batches.Add(1)
		var results []string
		for _, q := range body.Queries {
			switch {
			case q.Version == "":
				results = append(results, `{"vulns":[{"id":"UNPINNED"}]}`)
			case strings.HasSuffix(q.Package.Name, "7"):
				results = append(results, `{"vulns":[{"id":"SEVEN"}]}`)
			default:
				results = append(results, `{}`)
			}
		}
		fmt.Fprintf(w, `{"results":[%s]}`, strings.Join(results, ","))
	})
	packages := []osv.Package{{Ecosystem: "npm", Name: "loose"}}
	for i := range 2 * batchSize {
		packages = append(packages, osv.Package{Ecosystem: "npm", Name: fmt.Sprint("p", i), Version: "1.0.0"})
	}
	a := s.Ask(t.Context(), packages)
	if len(a.Problems) > 0 || batches.Load() != 3 || len(a.Candidates) != 201 {
		t.Errorf("%d batches, %d candidates, %+v", batches.Load(), len(a.Candidates), a.Problems)
	}
	if c := a.Candidates[packages[0]]; len(c) != 1 || c[0].Affects {
		t.Errorf("a package without a version was found affected: %+v", c)
	}
}

func TestPagesEnd(t *testing.T) {
	page := 0
	s := server(t, func(w http.ResponseWriter, _ *http.Request) {
		page++
		fmt.Fprintf(w, `{"results":[{"next_page_token":"%d"}]}`, page)
	})
	a := s.Ask(t.Context(), []osv.Package{installed})
	if len(a.Problems) != 1 || page != pageLimit {
		t.Errorf("%d pages, %+v", page, a.Problems)
	}
}

func TestServerHangs(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	s := server(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // only then the server sees that the client is gone
		<-r.Context().Done()
	})
	a := s.Ask(ctx, []osv.Package{installed})
	if len(a.Problems) != 1 || !strings.Contains(a.Problems[0].Text, "did not answer in time") {
		t.Errorf("%+v", a.Problems)
	}
}

// An answer to one query that says something else than what it was asked for is no "nothing".
func TestAnswerOfAnotherKind(t *testing.T) {
	for body, whole := range map[string]bool{`{}`: true, `{"vulns":[]}`: true, `{"error":"no"}`: false, `{"code":3,"message":"bad"}`: false} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprintf(w, `{"results":[%s]}`, body) }))
		base, err := url.Parse(server.URL)
		if err != nil {
			t.Fatal(err)
		}
		a := Server{Name: "test", Base: base, Sleep: func(context.Context, time.Duration) error { return nil }}.Ask(t.Context(), []osv.Package{installed})
		server.Close()
		if (len(a.Problems) == 0) != whole {
			t.Errorf("%s: %+v", body, a.Problems)
		}
	}
}

func TestRedirectOnTheSameServer(t *testing.T) {
	s := server(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v1/querybatch" {
			http.Redirect(w, r, "/v2/querybatch", http.StatusPermanentRedirect)
			return
		}
		fmt.Fprint(w, `{"results":[{}]}`)
	})
	if a := s.Ask(t.Context(), []osv.Package{installed}); len(a.Problems) > 0 {
		t.Errorf("%+v", a.Problems)
	}
}
