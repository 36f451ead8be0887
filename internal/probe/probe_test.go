package probe

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// hostile are servers that misbehave in one way each.
var hostile = map[string]http.HandlerFunc{
	"/ok":      func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "1.5.0") },
	"/error":   func(w http.ResponseWriter, r *http.Request) { http.Error(w, "down", 500) },
	"/endless": func(w http.ResponseWriter, r *http.Request) { dribble(w, r, strings.Repeat("x", 1<<16), 0) },
	"/dribble": func(w http.ResponseWriter, r *http.Request) { dribble(w, r, "x", time.Millisecond) },
	"/silent":  func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
	"/cut": func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "100")
		io.WriteString(w, "1.5.0")
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	},
	"/loop": func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/loop?token=hidden", http.StatusFound)
	},
	"/file": func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", "file:///etc/passwd")
		w.WriteHeader(302)
	},
	"/to":     func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/ok", http.StatusTemporaryRedirect) },
	"/header": func(w http.ResponseWriter, r *http.Request) { w.Header().Set("X", strings.Repeat("x", 2<<20)) },
	"/407":    func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(407) },
	"/garbage": func(w http.ResponseWriter, r *http.Request) {
		c, _, _ := w.(http.Hijacker).Hijack()
		io.WriteString(c, "SSH-2.0-OpenSSH\r\n\r\n")
		c.Close()
	},
	"/hang-up": func(w http.ResponseWriter, r *http.Request) { panic(http.ErrAbortHandler) },
}

func dribble(w http.ResponseWriter, r *http.Request, piece string, pause time.Duration) {
	for r.Context().Err() == nil {
		if _, err := io.WriteString(w, piece); err != nil {
			return
		}
		w.(http.Flusher).Flush()
		time.Sleep(pause)
	}
}

func TestDo(t *testing.T) {
	mux := http.NewServeMux()
	for path, handler := range hostile {
		mux.HandleFunc(path, handler)
	}
	server := httptest.NewServer(mux)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	for path, want := range map[string]Answer{
		"/ok":      {Class: Answered, Status: 200, Body: []byte("1.5.0")},
		"/error":   {Class: Answered, Status: 500, Body: []byte("down\n")},
		"/endless": {Class: TooLarge, Status: 200, Detail: "more than 10485760 bytes"},
		"/dribble": {Class: Cut, Status: 200, Detail: "it had not ended after 200ms and"},
		"/silent":  {Class: Timeout, Detail: "nothing within 200ms"},
		"/cut":     {Class: Cut, Status: 200, Detail: "after 5 bytes: unexpected EOF"},
		"/loop":    {Class: Redirect, Detail: "more than 5 redirects, the last to " + server.URL + "/loop"},
		"/file":    {Class: Redirect, Detail: `a redirect to "file", which is neither http nor https`},
		"/to":      {Class: Answered, Status: 200, Body: []byte("1.5.0"), Final: server.URL + "/ok"},
		"/header":  {Class: Malformed, Detail: "net/http: HTTP/1.x transport connection broken: net/http: server response headers exceeded 1048576 bytes; aborted"},
		"/407":     {Class: Proxy, Status: 407, Detail: "it wants a user and a password (status 407)"},
		"/garbage": {Class: Malformed, Detail: "net/http: HTTP/1.x transport connection broken: malformed HTTP"},
		"/hang-up": {Class: Reset, Detail: "EOF"},
	} {
		t.Run(path[1:], func(t *testing.T) {
			t.Parallel()
			timeout := 10 * time.Second
			if path == "/silent" || path == "/dribble" {
				timeout = 200 * time.Millisecond
			}
			got := New().Do(t.Context(), Request{URL: address(t, server.URL+path+"?token=hidden"), Timeout: timeout})
			if got.Class != want.Class || got.Status != want.Status || string(got.Body) != string(want.Body) || got.Final != want.Final || !strings.HasPrefix(got.Detail, want.Detail) {
				got.Body = got.Body[:min(len(got.Body), 100)]
				t.Errorf("got %+v, want %+v", got, want)
			}
			if got.Latency <= 0 || got.Latency > 10*time.Second {
				t.Errorf("it took %s", got.Latency)
			}
			if strings.Contains(fmt.Sprintf("%+v", got), "hidden") {
				t.Errorf("it shows the query: %+v", got)
			}
		})
	}
}

// Every request opens a connection, takes no credentials to where it is redirected, and tells caches off.
func TestDoTakesNothingAlong(t *testing.T) {
	type seen struct{ path, connection, referer, authorization, cookie, cache string }
	var all []seen
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := r.Header
		all = append(all, seen{r.URL.Path, r.RemoteAddr, h.Get("Referer"), h.Get("Authorization"), h.Get("Cookie"), h.Get("Cache-Control")})
		http.SetCookie(w, &http.Cookie{Name: "a", Value: "b"})
		if r.URL.Path == "/from" {
			http.Redirect(w, r, "http://user:password@"+r.Host+"/to", http.StatusFound)
		}
	}))
	defer server.Close()
	c := New()
	for range 2 {
		if a := c.Do(t.Context(), Request{URL: address(t, server.URL+"/from?token=hidden"), Timeout: time.Second}); a.Class != Answered || a.Final != server.URL+"/to" {
			t.Errorf("got %+v", a)
		}
	}
	connections := map[string]bool{}
	for _, s := range all {
		connections[s.connection] = true
		if s.referer != "" || s.authorization != "" || s.cookie != "" || s.cache != "no-cache" {
			t.Errorf("it took along: %+v", s)
		}
	}
	if len(all) != 4 || len(connections) != 4 {
		t.Errorf("%d requests over %d connections, want 4 over 4", len(all), len(connections))
	}
}

func TestDoWithoutServer(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	if a := New().Do(t.Context(), Request{URL: address(t, "http://"+listener.Addr().String()), Timeout: time.Second}); a.Class != Refused || a.Detail != listener.Addr().String()+": connection refused" {
		t.Errorf("got %+v", a)
	}
	tls := httptest.NewUnstartedServer(http.NotFoundHandler())
	tls.Config.ErrorLog = silentLog // it would tell of the handshake that is meant to fail
	tls.StartTLS()
	defer tls.Close()
	if a := New().Do(t.Context(), Request{URL: address(t, tls.URL), Timeout: time.Second}); a.Class != TLS {
		t.Errorf("a certificate of nobody: %+v", a)
	}
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	if a := New().Do(t.Context(), Request{URL: address(t, strings.Replace(plain.URL, "http:", "https:", 1)), Timeout: time.Second}); a.Class != TLS {
		t.Errorf("http on an https address: %+v", a)
	}
}

func TestDoCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { cancel(); <-r.Context().Done() }))
	defer server.Close()
	if a := New().Do(ctx, Request{URL: address(t, server.URL), Timeout: time.Minute}); a.Class != Cancelled {
		t.Errorf("got %+v", a)
	}
}

// silentLog is for servers that would tell of handshakes that are meant to fail.
var silentLog = log.New(io.Discard, "", 0)

func TestRedact(t *testing.T) {
	if got := Redact(address(t, "https://user:password@shop.example:8443/v%2F1?token=hidden#part")); got != "https://shop.example:8443/v%2F1" {
		t.Error(got)
	}
}

func address(t *testing.T, raw string) *url.URL {
	t.Helper()
	u, err := url.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	return u
}
