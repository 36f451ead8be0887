package probe

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// echo says what it was asked.
func echo(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	w.Header().Set("X-Version", "1.5.0")
	fmt.Fprintf(w, "%s %s host=%s agent=%s key=%s body=%s", r.Method, r.URL.Path, r.Host, r.UserAgent(), r.Header.Get("X-Key"), body)
}

func TestHTTPRequest(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(echo))
	defer server.Close()
	host := strings.TrimPrefix(server.URL, "http://")
	for name, test := range map[string]struct {
		request Request
		want    string
	}{
		"usual":   {Request{}, "GET /x host=" + host + " agent=slipway-deploy-verify key= body="},
		"post":    {Request{Method: "POST", Body: "1.5.0", Header: http.Header{"X-Key": {"secret"}}}, "POST /x host=" + host + " agent=slipway-deploy-verify key=secret body=1.5.0"},
		"head":    {Request{Method: "HEAD"}, ""},
		"headers": {Request{Header: http.Header{"host": {"shop.example"}, "user-agent": {"me"}}}, "GET /x host=shop.example agent=me key= body="},
	} {
		test.request.URL, test.request.Timeout = address(t, server.URL+"/x"), 10*time.Second
		a := New().Do(t.Context(), test.request)
		if a.Class != Answered || string(a.Body) != test.want || a.Header.Get("X-Version") != "1.5.0" || a.Redirect != nil {
			t.Errorf("%s: %s %s %q, want %q", name, a.Class, a.Detail, a.Body, test.want)
		}
	}
}

// Redirects are followed as often as is wanted; the last is the answer where none is.
func TestHTTPRedirects(t *testing.T) {
	var elsewhere http.Header
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { elsewhere = r.Header; io.WriteString(w, "other") }))
	defer other.Close()
	mux := http.NewServeMux()
	mux.HandleFunc("/1", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/2?token=hidden", http.StatusTemporaryRedirect)
	})
	mux.HandleFunc("/2", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/3", http.StatusTemporaryRedirect) })
	mux.HandleFunc("/3", echo)
	mux.HandleFunc("/other", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other.URL, http.StatusFound) })
	mux.HandleFunc("/file", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", "file:///etc/passwd")
		w.WriteHeader(302)
	})
	mux.HandleFunc("/nowhere", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(302) })
	server := httptest.NewServer(mux)
	defer server.Close()
	for _, test := range []struct {
		path      string
		redirects int
		class     Class
		status    int
		body, led string // where it led, from the server's top
	}{
		{"/1", 0, Answered, 307, "", "/2?token=hidden"},
		{"/1", 1, Redirect, 0, "", ""},
		{"/1", 2, Answered, 200, "POST /3", "/3"},
		{"/3", 0, Answered, 200, "POST /3", ""},
		{"/file", 0, Answered, 302, "", "file:///etc/passwd"},
		{"/file", 1, Redirect, 0, "", ""},
		{"/nowhere", 0, Answered, 302, "", ""},
	} {
		a := New().Do(t.Context(), Request{URL: address(t, server.URL+test.path), Timeout: 10 * time.Second, Method: "POST", Body: "b", Redirects: &test.redirects})
		led := ""
		if a.Redirect != nil {
			led = strings.TrimPrefix(a.Redirect.String(), server.URL)
		}
		if a.Class != test.class || a.Status != test.status || !strings.HasPrefix(string(a.Body), test.body) || led != test.led || strings.Contains(a.Detail+a.Final, "hidden") {
			t.Errorf("%s after %d: %+v, led %s", test.path, test.redirects, a, led)
		}
	}
	// What is meant for one host does not go to another.
	a := New().Do(t.Context(), Request{URL: address(t, server.URL+"/other"), Timeout: 10 * time.Second, Header: http.Header{"X-Key": {"secret"}, "Authorization": {"secret"}}})
	if a.Class != Answered || string(a.Body) != "other" || a.Final != other.URL || elsewhere.Get("X-Key")+elsewhere.Get("Authorization") != "" {
		t.Errorf("%+v, %v", a, elsewhere)
	}
}
