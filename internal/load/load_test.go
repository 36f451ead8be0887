package load

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func request(t *testing.T, handler http.HandlerFunc) Request {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	return Request{URL: u, Method: "GET", Rate: 200, For: 500 * time.Millisecond, Timeout: 5 * time.Second}
}

// Every request that was due is made, none more, with what was asked for.
func TestRun(t *testing.T) {
	var served atomic.Int64
	r := request(t, func(w http.ResponseWriter, r *http.Request) {
		served.Add(1)
		if r.Header.Get("X-Key") != "k" || r.Header.Get("X-Vegeta-Seq") != "" || !strings.HasPrefix(r.UserAgent(), "slipway") {
			t.Errorf("the header is %v", r.Header)
		}
		if served.Load()%4 == 0 {
			w.WriteHeader(503)
		}
	})
	r.Header = http.Header{"X-Key": {"k"}}
	got, err := Run(t.Context(), r)
	if err != nil || got.Due != 100 || len(got.Latencies) != 100 || served.Load() != 100 || got.Failed != 25 || got.Failures["status Service Unavailable"] != 25 {
		t.Errorf("%v: %d due, %d latencies, %d served, %d failed: %v", err, got.Due, len(got.Latencies), served.Load(), got.Failed, got.Failures)
	}
	if fast, slow := got.Latencies[74], got.Latencies[75]; fast >= r.Timeout || slow < r.Timeout {
		t.Errorf("the failed quarter took %s, the others %s", slow, fast)
	}
}

// A service that stalls is asked on: the requests that were due meanwhile waited, and that counts.
func TestStallIsSeen(t *testing.T) {
	release := make(chan struct{})
	var n atomic.Int64
	r := request(t, func(w http.ResponseWriter, r *http.Request) {
		if n.Add(1) == 100 {
			close(release)
		}
		<-release
	})
	got, err := Run(t.Context(), r)
	if err != nil || got.Failed != 0 || n.Load() != 100 {
		t.Fatalf("%v: %+v", err, got.Failures)
	}
	// All wait for the hundredth, which is due after half a second: half of them for 250 ms and longer. A closed
	// loop would have sent one, waited, and called the rest fast.
	if p50 := got.Latencies[50]; p50 < 200*time.Millisecond {
		t.Errorf("the median is %s", p50)
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	r := request(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			t.Error("it was followed")
		}
		http.Redirect(w, r, "/elsewhere", http.StatusFound)
	})
	if got, err := Run(t.Context(), r); err != nil || got.Failed != 0 {
		t.Errorf("%v, %+v", err, got.Failures)
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var n atomic.Int64
	r := request(t, func(w http.ResponseWriter, r *http.Request) {
		if n.Add(1) == 5 {
			cancel()
		}
	})
	r.For = MaxTime
	if got, err := Run(ctx, r); err == nil || len(got.Latencies) > 10_000 {
		t.Errorf("%v after %d requests", err, len(got.Latencies))
	}
}

func TestNothingListens(t *testing.T) {
	r := request(t, nil)
	r.URL = &url.URL{Scheme: "http", Host: "127.0.0.1:1", RawQuery: "token=hidden"}
	got, err := Run(t.Context(), r)
	if err != nil || got.Failed != got.Due || got.Failures["no answer"] != got.Due {
		t.Errorf("%v, %+v", err, got)
	}
}

func TestBounds(t *testing.T) {
	for name, change := range map[string]func(*Request){
		"no rate": func(r *Request) { r.Rate = 0 }, "rate": func(r *Request) { r.Rate = 1001 }, "time": func(r *Request) { r.For = MaxTime + 1 }, "timeout": func(r *Request) { r.Timeout = 0 },
	} {
		r := request(t, func(http.ResponseWriter, *http.Request) { t.Error("it was asked") })
		change(&r)
		if _, err := Run(t.Context(), r); err != ErrBounds {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The rate is kept at 500 a second: how much more was sent than was due, and how late the latest was.
func BenchmarkRate(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer server.Close()
	u, _ := url.Parse(server.URL)
	for b.Loop() {
		got, err := Run(b.Context(), Request{URL: u, Method: "GET", Rate: 500, For: 2 * time.Second, Timeout: time.Second})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(100*(float64(len(got.Latencies)-1)/got.Took.Seconds()/500-1), "%-overshoot")
		b.ReportMetric(float64(got.Late.Microseconds())/1000, "ms-late")
	}
}
