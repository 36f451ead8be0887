package source

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/timeseries"
)

// Every trouble has a name, and none of the secrets is in its words.
func TestTroubles(t *testing.T) {
	status := func(code int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(code); io.WriteString(w, body) }
	}
	matrix := func(values string) string {
		return `{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"x"},"values":[` + values + `]}]}}`
	}
	after := func(seconds int) string { return fmt.Sprint(epoch.Unix() + int64(seconds)) }
	for name, test := range map[string]struct {
		serve http.HandlerFunc
		want  timeseries.Name
	}{
		"401": {status(401, "hunter2"), timeseries.Denied}, "403": {status(403, ""), timeseries.Denied}, "407": {status(407, ""), timeseries.Denied},
		"429": {status(429, ""), timeseries.Limited}, "500": {status(500, "hunter2"), timeseries.Broken}, "502": {status(502, "<html>"), timeseries.Broken},
		"404": {status(404, "not here"), timeseries.Broken}, "204": {status(204, ""), timeseries.Broken},
		"503":            {status(503, `{"status":"error","errorType":"unavailable","error":"starting hunter2"}`), timeseries.Limited},
		"html":           {status(200, "<html>log in</html>"), timeseries.Broken},
		"empty":          {status(200, ""), timeseries.Broken},
		"another shape":  {status(200, `{"ok":true}`), timeseries.Broken},
		"a list":         {status(200, `[]`), timeseries.Broken},
		"no result":      {status(200, `{"status":"success","data":{}}`), timeseries.Broken},
		"no data":        {status(200, `{"status":"success"}`), timeseries.Broken},
		"cut":            {status(200, matrix(`[` + after(1) + `,"1"]`)[:60]), timeseries.Broken},
		"text behind":    {status(200, matrix(`[`+after(1)+`,"1"]`)+"{}"), timeseries.Broken},
		"bad data":       {status(400, `{"status":"error","errorType":"bad_data","error":"parse error hunter2 here"}`), timeseries.BadQuery},
		"too many":       {status(422, `{"status":"error","errorType":"execution","error":"query processing would load too many samples into memory"}`), timeseries.TooLarge},
		"gave up":        {status(503, `{"status":"error","errorType":"timeout","error":"query timed out"}`), timeseries.Limited},
		"success as 400": {status(400, matrix(`[`+after(1)+`,"1"]`)), timeseries.Broken},
		"partial":        {status(200, `{"status":"success","warnings":["one store is down"],"data":{"resultType":"matrix","result":[]}}`), timeseries.Partial},
		"NaN":            {status(200, matrix(`[`+after(1)+`,"NaN"]`)), timeseries.NotANumber},
		"infinite":       {status(200, matrix(`[`+after(1)+`,"+Inf"]`)), timeseries.Infinite},
		"negative":       {status(200, matrix(`[`+after(1)+`,"-1"]`)), timeseries.NotCounter},
		"no number":      {status(200, matrix(`[`+after(1)+`,"many"]`)), timeseries.Broken},
		"a bare number":  {status(200, matrix(`[`+after(1)+`,1]`)), timeseries.Broken},
		"no time":        {status(200, matrix(`["now","1"]`)), timeseries.Broken},
		"out of order":   {status(200, matrix(`[`+after(2)+`,"1"],[`+after(1)+`,"1"]`)), timeseries.Broken},
		"native":         {status(200, `{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"histograms":[[1,{}]]}]}}`), timeseries.NoBuckets},
		"elsewhere": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://elsewhere.example/?hunter2", 307)
		}, timeseries.Broken},
		"in circles": {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path, 307) }, timeseries.Unreachable},
		"skewed": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Date", time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat))
			io.WriteString(w, matrix(`[`+after(1)+`,"1"]`))
		}, timeseries.Skewed},
		"silent": {func(w http.ResponseWriter, r *http.Request) { io.Copy(io.Discard, r.Body); <-r.Context().Done() }, timeseries.Unreachable},
		"dribble": {func(w http.ResponseWriter, r *http.Request) {
			io.Copy(io.Discard, r.Body) // else nobody here sees that the client went
			for r.Context().Err() == nil {
				io.WriteString(w, " ")
				w.(http.Flusher).Flush()
				time.Sleep(time.Millisecond)
			}
		}, timeseries.Unreachable},
		"hung up": {func(w http.ResponseWriter, r *http.Request) { panic(http.ErrAbortHandler) }, timeseries.Unreachable},
		"broken off": {func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, `{"status":"success","data":{"result":[`)
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}, timeseries.Broken},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(test.serve)
			t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
			p := at(t, server.URL+"/hunter2", func(o *Options) {
				o.Bearer, o.Headers, o.Timeout = "hunter2", map[string]string{"X-Key": "hunter2"}, 2*time.Second
			})
			p.sleep = func(context.Context, time.Duration) error { return nil }
			a, problem := p.Ask(t.Context(), question("x", timeseries.Counter, 2))
			if problem == nil || problem.Name != test.want {
				t.Fatalf("%+v, %v; want %s", a, problem, test.want)
			}
			if text := problem.Error() + problem.Next; strings.Contains(text, "hunter2") || problem.Next == "" && test.want != timeseries.Broken {
				t.Errorf("%q, next %q", problem, problem.Next)
			}
		})
	}
}

// What passes by itself is asked again, within the time of the question.
func TestAskedAgain(t *testing.T) {
	for _, code := range []int{429, 500, 503} {
		n := 0
		p := &prom{series: []series{counting("x", 0, 30*time.Second, 1, 2, 3)}, before: func(w http.ResponseWriter, r *http.Request) bool {
			if n++; n < 3 {
				w.WriteHeader(code)
				io.WriteString(w, `{"status":"error","errorType":"unavailable","error":"later"}`)
			}
			return n < 3
		}}
		client := p.start(t)
		client.sleep = func(context.Context, time.Duration) error { return nil }
		if a, problem := client.Ask(t.Context(), question("x", timeseries.Counter, 1)); problem != nil || a.Slots[0].Growth != 2 {
			t.Errorf("%d: %+v, %v after %d", code, a, problem, n)
		}
	}
}

// Credentials go along, and options that cannot be used are refused without being repeated.
func TestOptions(t *testing.T) {
	var got http.Header
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r.Header.Clone()
		io.WriteString(w, `{"status":"success","data":{"resultType":"matrix","result":[]}}`)
	}))
	defer server.Close()
	at(t, server.URL, func(o *Options) {
		o.User, o.Password, o.Headers = "ada", "hunter2", map[string]string{"X-Scope": "shop"}
	}).Ask(t.Context(), question("x", timeseries.Counter, 1))
	if got.Get("Authorization") != "Basic YWRhOmh1bnRlcjI=" || got.Get("X-Scope") != "shop" {
		t.Errorf("%v", got)
	}
	at(t, server.URL, func(o *Options) { o.Bearer = "hunter2" }).Ask(t.Context(), question("x", timeseries.Counter, 1))
	if got.Get("Authorization") != "Bearer hunter2" {
		t.Errorf("%v", got)
	}
	for _, o := range []Options{{URL: "hunter2"}, {URL: "ftp://hunter2"}, {URL: "https://u:hunter2@x"}, {URL: "https://x?hunter2"}, {URL: "https://x", CA: []byte("hunter2")}, {URL: "https://x", ClientCert: []byte("hunter2")}} {
		if _, err := NewPrometheus(o); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%v", err)
		}
	}
}
