package github

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestAssets(t *testing.T) {
	c, _ := against(t, func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, `[{"id":1,"name":"a.txt","state":"uploaded","digest":"sha256:11"},{"id":2,"name":"b.txt","state":"starter","digest":null}]`)
	})
	got, err := c.Assets(t.Context(), "acme/shop", 7)
	if err != nil || len(got) != 2 || got[0] != (Asset{1, "a.txt", "sha256:11", true}) || got[1] != (Asset{2, "b.txt", "", false}) {
		t.Errorf("got %+v, %v", got, err)
	}
	for name, body := range map[string]string{"no list": `null`, "another shape": `{"a":1}`, "a nameless one": `[{"id":1}]`} {
		c, _ := against(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, body) })
		if got, err := c.Assets(t.Context(), "acme/shop", 7); err == nil {
			t.Errorf("%s is taken for %+v", name, got)
		}
	}
}

func TestUploadAsset(t *testing.T) {
	c, _ := against(t, func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		if want := "POST /api/uploads/repos/acme/shop/releases/7/assets"; r.Method+" "+r.URL.Path != want || r.URL.Query().Get("name") != "a b&c.txt" || string(text) != "hello" || r.ContentLength != 5 {
			t.Errorf("sent %s %s %q", r.Method, r.URL, text)
		}
		w.WriteHeader(http.StatusCreated)
		io.WriteString(w, `{"id":3,"name":"a b&c.txt","state":"uploaded","digest":"sha256:22"}`)
	})
	if got, err := c.UploadAsset(t.Context(), "acme/shop", 7, "a b&c.txt", []byte("hello")); err != nil || got.Digest != "sha256:22" || !got.Uploaded {
		t.Errorf("got %+v, %v", got, err)
	}
	c, _ = against(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(422)
		io.WriteString(w, `{"message":"Validation Failed","errors":[{"resource":"ReleaseAsset","code":"already_exists","field":"name"}]}`)
	})
	if _, err := c.UploadAsset(t.Context(), "acme/shop", 7, "a.txt", nil); !errors.Is(err, ErrExists) {
		t.Errorf("one that is there already is %v", err)
	}
}

// The token goes to the server that takes uploads, and to no other.
func TestUploadsHaveTheirServer(t *testing.T) {
	for api, want := range map[string]string{
		"https://api.github.com/":         "https://uploads.github.com/",
		"https://github.example/api/v3/":  "https://github.example/api/uploads/",
		"http://127.0.0.1:8080/":          "http://127.0.0.1:8080/",
		"https://api.github.com.evil.io/": "https://api.github.com.evil.io/",
	} {
		base, _ := url.Parse(api)
		if got := uploads(base).String(); got != want {
			t.Errorf("uploads to %s go to %s, want %s", api, got, want)
		}
	}
	base, _ := url.Parse("https://api.github.com/")
	s := signed{token: token, servers: []*url.URL{base, uploads(base)}}
	r, _ := http.NewRequest("POST", "https://uploads.github.com.evil.io/x", nil)
	if _, err := s.RoundTrip(r); !errors.Is(err, errLeadsAway) {
		t.Errorf("another server is asked: %v", err)
	}
}

func TestImmutable(t *testing.T) {
	for body, want := range map[string]string{
		`{"tag_name":"v1","immutable":true}`:  "yes",
		`{"tag_name":"v1","immutable":false}`: "no",
		`{"tag_name":"v1"}`:                   "no",
		`{"tag_name":"v2","immutable":true}`:  "the release of \"v2\" came",
		`[]`:                                  "no answer that can be used",
	} {
		c, _ := against(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, body) })
		yes, err := c.Immutable(t.Context(), "acme/shop", "v1")
		got := map[bool]string{true: "yes", false: "no"}[yes]
		if err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, want) || err != nil && yes {
			t.Errorf("%s is %q, want %q", body, got, want)
		}
	}
}
