package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// metrics is what a shop that was asked for these paths tells of itself.
func metrics(t *testing.T, m mood, paths ...string) string {
	t.Helper()
	handler, err := newHandler(build{"shop", "1.4.0", "abc"}, "", m)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range append(paths, "/metrics") {
		w := httptest.NewRecorder()
		if handler.ServeHTTP(w, httptest.NewRequest("GET", path, nil)); path == "/metrics" {
			return w.Body.String()
		}
	}
	return ""
}

// draws is luck that is known beforehand.
func draws(luck ...float64) func() float64 {
	return func() float64 {
		next := luck[0]
		luck = luck[1:]
		return next
	}
}

func TestMetrics(t *testing.T) {
	text := metrics(t, mood{Errors: 0.05, Draw: draws(0.049, 0.05, 0.9)}, "/products", "/products", "/products", "/version", "/no/such", "/other/one")
	for _, line := range []string{
		`http_requests_total{code="500",path="/products",version="1.4.0"} 1`,
		`http_requests_total{code="200",path="/products",version="1.4.0"} 2`,
		`http_requests_total{code="200",path="/version",version="1.4.0"} 1`,
		`http_requests_total{code="404",path="other",version="1.4.0"} 2`,
		`http_request_duration_seconds_bucket{path="/products",version="1.4.0",le="0.3"} 3`,
		`http_request_duration_seconds_bucket{path="/products",version="1.4.0",le="+Inf"} 3`,
		`queue_depth{version="1.4.0"} 0`,
	} {
		if !strings.Contains(text, line+"\n") {
			t.Errorf("there is no line %s in\n%s", line, text)
		}
	}
	if strings.Contains(text, "/no/such") {
		t.Error("a path that somebody thought of makes a series of its own")
	}
}

// A mood spoils what customers ask for, and neither version nor health: those would be seen without numbers.
func TestMood(t *testing.T) {
	handler, err := newHandler(build{"shop", "1.4.0", "abc"}, "", mood{Errors: 1, Slow: 20 * time.Millisecond, Draw: draws(0)})
	if err != nil {
		t.Fatal(err)
	}
	for path, status := range map[string]int{"/version": 200, "/healthz": 200, "/products": 500} {
		w, began := httptest.NewRecorder(), time.Now()
		handler.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if w.Code != status {
			t.Errorf("%s: %d, want %d", path, w.Code, status)
		}
		if took := time.Since(began); path == "/products" && took < 20*time.Millisecond {
			t.Errorf("%s took %s", path, took)
		}
	}
	for _, m := range []mood{{Errors: -0.1}, {Errors: 5}, {Slow: -1}, {Slow: time.Hour}} {
		if _, err := newHandler(build{Version: "1.4.0"}, "", m); err == nil {
			t.Errorf("it starts with the mood %+v", m)
		}
	}
}

// Who waits is counted while it waits.
func TestQueueDepth(t *testing.T) {
	drawing, draw := make(chan bool), make(chan float64)
	handler, err := newHandler(build{"shop", "1.4.0", "abc"}, "", mood{Draw: func() float64 { drawing <- true; return <-draw }})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	defer server.Close()
	go http.Get(server.URL + "/products")
	<-drawing
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	draw <- 0
	if !strings.Contains(w.Body.String(), `queue_depth{version="1.4.0"} 1`+"\n") {
		t.Errorf("one waits, and it says\n%s", w.Body)
	}
}
