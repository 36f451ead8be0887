package advisory

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/osv"
)

const lastModified = "Mon, 02 Nov 2026 03:04:05 GMT"

// published is a mirror's server with the archive of Go.
type published struct {
	archive    []byte
	down       bool
	asked      int // for an archive
	sent       int
	unmodified int
}

func (p *published) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.asked++
	switch {
	case p.down:
		w.WriteHeader(http.StatusForbidden)
		return
	case r.URL.Path != "/osv/Go/all.zip":
		w.WriteHeader(http.StatusNotFound)
		return
	}
	tag := fmt.Sprintf("%q", fmt.Sprintf("%x", sha256.Sum256(p.archive)))
	if r.Header.Get("If-None-Match") == tag {
		p.unmodified++
		w.WriteHeader(http.StatusNotModified)
		return
	}
	p.sent++
	w.Header().Set("ETag", tag)
	w.Header().Set("Last-Modified", lastModified)
	_, _ = w.Write(p.archive)
}

func mirror(t *testing.T, handler http.Handler) Mirror {
	t.Helper()
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	base, err := url.Parse(s.URL + "/osv")
	if err != nil {
		t.Fatal(err)
	}
	return Mirror{Name: "mirror", Base: base, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }}
}

func digest(content []byte) string { return fmt.Sprintf("sha256:%x", sha256.Sum256(content)) }

// withoutHost makes what is told the same every time.
func withoutHost(m Mirror, a Answer) string {
	return strings.ReplaceAll(told(a), m.Base.Host, "HOST")
}

func TestMirror(t *testing.T) {
	good := archive(t, "A-1.json", fmt.Sprintf(about, "A-1", "example.com/a"))
	bomb := archive(t, "A-1.json", strings.Repeat(" ", 2*recordLimit)+fmt.Sprintf(about, "A-1", "example.com/a"))
	send := func(text []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write(text) }
	}
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(code) }
	}
	other := httptest.NewServer(send(good))
	t.Cleanup(other.Close)
	failures := 0
	tests := []struct {
		name    string
		handler http.HandlerFunc
		digests map[string]string
		want    string
	}{
		{"whole", send(good), nil, "A-1, Go:1"},
		{"with the digest that is wanted", send(good), map[string]string{"Go": strings.ToUpper(digest(good))}, "A-1, Go:1"},
		{"with another digest", send(bomb), map[string]string{"Go": digest(good)}, "! Go HOST/…/Go/all.zip has the digest " + digest(bomb) + ", and " + digest(good) + " is wanted"},
		{"a digest that is none", send(good), map[string]string{"Go": "sha256:abc"}, `! Go the digest "sha256:abc" that is wanted of Go is none`},
		{"not there", status(404), nil, "! Go the mirror has no advisories for Go: HOST answered 404 Not Found"},
		{"failing", status(500), nil, "! Go the advisories could not be fetched: HOST answered 500 Internal Server Error"},
		{"failing once", func(w http.ResponseWriter, r *http.Request) {
			if failures++; failures == 1 {
				w.WriteHeader(503)
			}
			_, _ = w.Write(good)
		}, nil, "A-1, Go:1"},
		{"refusing", status(403), nil, "! Go the advisories could not be fetched: HOST answered 403 Forbidden"},
		{"unmodified since never", status(304), nil, "! Go the advisories could not be fetched: HOST answered 304 Not Modified"},
		{"a part", status(206), nil, "! Go the advisories could not be fetched: HOST answered 206 Partial Content"},
		{"elsewhere", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other.URL, http.StatusFound) }, nil, "! Go the advisories could not be fetched: HOST redirects to another server"},
		{"cut", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", strconv.Itoa(len(good)))
			_, _ = w.Write(good[:len(good)-5])
		}, nil, "! Go the advisories could not be fetched: the answer of HOST broke off: unexpected EOF"},
		{"cut, and not told", send(good[:len(good)-5]), nil, "Go:0, ! Go read HOST/…/Go/all.zip: zip: not a valid zip file"},
		{"endless", func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := w.Write(make([]byte, 1<<16)); err != nil {
					return
				}
			}
		}, nil, "! Go the advisories could not be fetched: HOST sent more than 8 MB"},
		{"far larger than it looks", send(bomb), nil, "Go:0, ! Go 1 of its records cannot be read: A-1.json: it is larger than 10 MB"},
		{"a page", send([]byte("<html>")), nil, "Go:0, ! Go read HOST/…/Go/all.zip: zip: not a valid zip file"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv("TMPDIR", t.TempDir())
			m := mirror(t, test.handler)
			m.Digests, m.limit = test.digests, 8<<20
			a := m.Ask(t.Context(), []osv.Package{installed})
			if got := withoutHost(m, a); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			if left, err := os.ReadDir(os.Getenv("TMPDIR")); err != nil || len(left) > 0 {
				t.Errorf("left behind: %v, %v", left, err)
			}
		})
	}
}

func TestMirrorRefusesStrangeEcosystems(t *testing.T) {
	p := &published{}
	for _, ecosystem := range []string{"", "..", "../x", "a/b"} {
		if a := mirror(t, p).Ask(t.Context(), []osv.Package{{Ecosystem: ecosystem, Name: "a", Version: "1"}}); len(a.Problems) != 1 || p.asked > 0 {
			t.Errorf("%q: %+v", ecosystem, a)
		}
	}
}

func TestCacheOfMirror(t *testing.T) {
	p := &published{archive: archive(t, many(20)...)}
	m := mirror(t, p)
	m.Cache = filepath.Join(t.TempDir(), "cache")
	ask := func(want string) Answer {
		t.Helper()
		a := m.Ask(t.Context(), []osv.Package{installed})
		if got := withoutHost(m, a); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		return a
	}
	cold := ask("A-1, Go:20")
	if warm := ask("A-1, Go:20"); !reflect.DeepEqual(warm, cold) || p.sent != 1 || p.unmodified != 1 {
		t.Errorf("sent %d times, %d times unmodified: %+v\n%+v", p.sent, p.unmodified, warm, cold)
	}
	if s := cold.Sets[0]; s.AsOf.Format(http.TimeFormat) != lastModified || s.Digest != digest(p.archive) {
		t.Errorf("%+v", s)
	}
	first := lastCopy(m.place("Go")).file()
	if _, err := os.Stat(filepath.Join(filepath.Dir(first), indexName)); err != nil {
		t.Error(err)
	}
	// What lies in the cache was changed: it is fetched again.
	if err := os.WriteFile(first, archive(t), 0o644); err != nil {
		t.Fatal(err)
	}
	if ask("A-1, Go:20"); p.sent != 2 {
		t.Errorf("sent %d times", p.sent)
	}
	// The mirror is down: an old copy passes nothing, unless it is the very one that is wanted.
	p.down = true
	ask("A-1, Go:20, ! Go the advisories could not be fetched: HOST answered 403 Forbidden; those of an earlier run were judged by instead")
	m.Digests = map[string]string{"Go": digest(p.archive)}
	ask("A-1, Go:20")
	m.Digests = map[string]string{"Go": digest(nil)}
	ask("! Go the advisories could not be fetched: HOST answered 403 Forbidden")
	// Newer data takes the place of older; that of the last time stays for whoever is reading it.
	p.down, m.Digests = false, nil
	for n := range 3 {
		p.archive = archive(t, many(21+n)...)
		ask(fmt.Sprintf("A-1, Go:%d", 21+n))
	}
	if kept, err := filepath.Glob(filepath.Join(m.place("Go"), "*")); err != nil || len(kept) != 4 { // two archives, the state, the index
		t.Errorf("%v, %v", kept, err)
	}
}

func TestMirrorWithoutRoom(t *testing.T) {
	p := &published{archive: archive(t, many(20)...)}
	m := mirror(t, p)
	m.Cache = filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(m.Cache, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if got := told(m.Ask(t.Context(), []osv.Package{installed})); got != "A-1, Go:20" {
		t.Error(got)
	}
}
