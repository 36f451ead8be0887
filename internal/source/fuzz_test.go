package source

import (
	"context"
	"io"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/timeseries"
)

// answering is a server whose every answer is the same.
type answering struct {
	status int
	body   []byte
}

func (a answering) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: a.status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(string(a.body))), Request: r}, nil
}

// asked checks what a source says to any answer: a named problem that keeps the secret, or numbers, a slot
// for each of the question's. Neither is ever both, nor a number that is none, nor fewer than none.
func asked(t *testing.T, q timeseries.Question, a timeseries.Answer, problem *timeseries.Problem) {
	t.Helper()
	if problem != nil {
		if problem.Name == "" || problem.Detail == "" || strings.Contains(problem.Detail+problem.Next, "hunter2") || len(problem.Detail) > 4096 {
			t.Fatalf("%.5000q", problem.Error())
		}
		return
	}
	if len(a.Slots) != q.Slots {
		t.Fatalf("%d slots, of %d", len(a.Slots), q.Slots)
	}
	for _, s := range a.Slots {
		for _, v := range append(s.Buckets, s.Growth, s.Value) {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				t.Fatalf("%+v holds what is no number", s)
			}
		}
		if s.Growth < 0 || s.Samples < 0 || s.Resets < 0 {
			t.Fatalf("%+v is fewer than none", s)
		}
		if s.Buckets != nil && (len(s.Buckets) != len(a.Bounds) || s.Samples > 0 && s.Buckets[0] < 0) {
			t.Fatalf("%+v beside the bounds %v", s, a.Bounds)
		}
	}
}

var kinds = []timeseries.Kind{timeseries.Counter, timeseries.Gauge, timeseries.Histogram}

func FuzzPrometheus(f *testing.F) {
	for _, text := range []string{
		`{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"a","le":"0.1"},"values":[[1772452800,"1"],[1772452860,"5"]]},{"metric":{"le":"+Inf"},"values":[[1772452800,"1"],[1772452860,"7"]]}]}}`,
		`{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1772452860.5,"NaN"]}]}}`,
		`{"status":"error","errorType":"bad_data","error":"hunter2 is wrong"}`,
		`{"status":"success","warnings":["half"],"data":{"result":[]}}`,
		`{"status":"success","data":{"result":[{"metric":{"a":"b"},"histograms":[]}]}}`, `<html>`, `[`, ``,
	} {
		f.Add(200, []byte(text), 0)
		f.Add(503, []byte(text), 2)
	}
	f.Fuzz(func(t *testing.T, status int, body []byte, kind int) {
		p, err := NewPrometheus(Options{URL: "http://prom.example", Bearer: "hunter2", Now: func() time.Time { return began.Add(time.Hour) }})
		if err != nil {
			t.Fatal(err)
		}
		p.http.Transport = answering{status, body}
		p.sleep = func(context.Context, time.Duration) error { return nil }
		q := question("a_bucket", kinds[uint(kind)%3], 3)
		answer, problem := p.Ask(t.Context(), q)
		asked(t, q, answer, problem)
	})
}

func FuzzGraphite(f *testing.F) {
	for _, text := range []string{
		`[{"target":"a.le_0_1.b","tags":{"name":"a"},"datapoints":[[1,1772452740],[2,1772452800],[3,1772452860],[null,1772452920]]}]`,
		`[{"target":"a","datapoints":[[1e999,1],[2,2]]}]`, `[{"target":"a","datapoints":[[1,9223372036854775807],[2,-9223372036854775808]]}]`,
		`[]`, `null`, `[{"datapoints":null}]`, `hunter2`, ``,
	} {
		f.Add(200, []byte(text), 0)
		f.Add(400, []byte(text), 1)
	}
	f.Fuzz(func(t *testing.T, status int, body []byte, kind int) {
		g, err := NewGraphite(Options{URL: "http://graphite.example", Bearer: "hunter2", Now: func() time.Time { return began.Add(time.Hour) }})
		if err != nil {
			t.Fatal(err)
		}
		g.http.Transport = answering{status, body}
		g.sleep = func(context.Context, time.Duration) error { return nil }
		q := minutes("a.b", kinds[uint(kind)%3], 3)
		q.Template = "a.$version"
		answer, problem := g.Ask(t.Context(), q)
		asked(t, q, answer, problem)
	})
}
