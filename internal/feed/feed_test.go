package feed_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/feed"
)

func TestRead(t *testing.T) {
	var server *httptest.Server
	plain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "plain") }))
	defer plain.Close()
	elsewhere := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "elsewhere") }))
	defer elsewhere.Close()
	server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch path := r.URL.Path; path {
		case "/good":
			fmt.Fprint(w, "text")
		case "/moved":
			http.Redirect(w, r, "/good", http.StatusFound)
		case "/loop":
			http.Redirect(w, r, "/loop", http.StatusFound)
		case "/plain":
			http.Redirect(w, r, plain.URL, http.StatusFound)
		case "/elsewhere":
			http.Redirect(w, r, elsewhere.URL, http.StatusFound)
		case "/cut":
			w.Header().Set("Content-Length", "100")
			fmt.Fprint(w, "half")
		case "/large":
			fmt.Fprint(w, strings.Repeat("x", 101))
		default:
			var code int
			fmt.Sscanf(path, "/%d", &code)
			w.WriteHeader(code)
		}
	}))
	defer server.Close()
	c := feed.With(server.Client().Transport)
	for path, want := range map[string]struct {
		text, problem string
		passing       bool
	}{
		"/good":      {text: "text"},
		"/moved":     {text: "text"},
		"/loop":      {problem: "sends us elsewhere"},
		"/plain":     {problem: "sends us elsewhere"},
		"/elsewhere": {problem: "sends us elsewhere"},
		"/cut":       {problem: "broke off", passing: true},
		"/large":     {problem: "larger than"},
		"/403":       {problem: "status 403"},
		"/404":       {problem: "status 404"},
		"/204":       {problem: "status 204"},
		"/422":       {problem: "status 422"},
		"/429":       {problem: "status 429", passing: true},
		"/500":       {problem: "status 500", passing: true},
	} {
		text, err := c.Read(t.Context(), server.URL+path+"?key=s3cret", 100)
		var failed *feed.Error
		errors.As(err, &failed)
		switch {
		case want.problem == "" && (err != nil || string(text) != want.text):
			t.Errorf("%s: %q, %v", path, text, err)
		case want.problem != "" && (failed == nil || text != nil || !strings.Contains(failed.What, want.problem) || failed.Passing != want.passing):
			t.Errorf("%s: %q, %v; want %s", path, text, err, want.problem)
		case err != nil && (strings.Contains(err.Error(), "s3cret") || strings.Contains(err.Error(), "127.0.0.1")):
			t.Errorf("%s: the address is told: %v", path, err)
		}
	}
	if _, err := feed.New().Read(t.Context(), server.URL+"/good", 100); err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("a server without a certificate that holds: %v", err)
	}
	for _, address := range []string{"http://127.0.0.1/x", "https://a:b@127.0.0.1/x", "https://", "file:///etc/passwd", "s3cret", "https://127.0.0.1:1/s3cret"} {
		if _, err := c.Read(t.Context(), address, 100); err == nil || strings.Contains(err.Error(), "s3cret") || strings.Contains(err.Error(), "127.0.0.1") {
			t.Errorf("%s: %v", address, err)
		}
	}
}
