package source

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/timeseries"
)

const whole = `{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"a"},"values":[[1777896005,"1"]]}]}}`

// What is no number comes back by name, and no text of it holds a secret.
func TestTroubleByName(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a redirect was followed to another host") }))
	defer elsewhere.Close()
	say := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status); io.WriteString(w, body) }
	}
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   timeseries.Name
	}{
		"401":            {say(401, "no"), timeseries.Denied},
		"403":            {say(403, "no"), timeseries.Denied},
		"407":            {say(407, "no"), timeseries.Denied},
		"404":            {say(404, "not found"), timeseries.Broken},
		"429":            {say(429, "slowly"), timeseries.Limited},
		"500":            {say(500, whole), timeseries.Broken},
		"502":            {say(502, "<html>"), timeseries.Broken},
		"503 of the API": {say(503, `{"status":"error","errorType":"unavailable","error":"starting"}`), timeseries.Limited},
		"503":            {say(503, "<html>busy"), timeseries.Limited},
		"302": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL+"/login?hush-hush", http.StatusFound)
		}, timeseries.Broken},
		"307": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
		}, timeseries.Broken},
		"in circles": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, r.URL.Path, http.StatusTemporaryRedirect)
		}, timeseries.Unreachable},
		"HTML":           {say(200, "<html>log in</html>"), timeseries.Broken},
		"nothing":        {say(200, ""), timeseries.Broken},
		"null":           {say(200, "null"), timeseries.Broken},
		"cut":            {say(200, whole[:len(whole)-2]), timeseries.Broken},
		"two":            {say(200, whole+whole), timeseries.Broken},
		"no data":        {say(200, `{"status":"success"}`), timeseries.Broken},
		"no status":      {say(200, `{"data":{"result":[]}}`), timeseries.Broken},
		"another shape":  {say(200, `{"status":"success","data":{"result":{"a":1}}}`), timeseries.Broken},
		"no labels":      {say(200, `{"status":"success","data":{"result":[{"values":[[1,"1"]]}]}}`), timeseries.Broken},
		"bare numbers":   {say(200, `{"status":"success","data":{"result":[{"metric":{},"values":[[1,1]]}]}}`), timeseries.Broken},
		"backwards":      {say(200, `{"status":"success","data":{"result":[{"metric":{},"values":[[2,"1"],[1,"1"]]}]}}`), timeseries.Broken},
		"deep":           {say(200, `{"status":"success","x":`+strings.Repeat("[", 100_000)), timeseries.Broken},
		"success of 404": {say(404, whole), timeseries.Broken},
		"warnings":       {say(200, strings.Replace(whole, `{`, `{"warnings":["a store is away, hush-hush"],`, 1)), timeseries.Partial},
		"bad_data":       {say(400, `{"status":"error","errorType":"bad_data","error":"parse error near hush-hush and user:hush-hush"}`), timeseries.BadQuery},
		"timeout":        {say(503, `{"status":"error","errorType":"timeout","error":"query timed out"}`), timeseries.Limited},
		"too many":       {say(422, `{"status":"error","errorType":"execution","error":"query processing would load too many samples into memory"}`), timeseries.TooLarge},
		"native":         {say(200, `{"status":"success","data":{"result":[{"metric":{},"histograms":[]}]}}`), timeseries.NoBuckets},
		"clock": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Date", at(0).AddDate(-1, 0, 0).Format(http.TimeFormat))
			io.WriteString(w, whole)
		}, timeseries.Skewed},
		"hangs up": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, timeseries.Unreachable},
		"hangs up midway": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "999")
			io.WriteString(w, whole[:40])
		}, timeseries.Broken},
		"too large": {say(200, whole+strings.Repeat(" ", 1<<20)), timeseries.TooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(c.answer)
			defer server.Close()
			p := asking(t, Options{URL: server.URL + "/hush-hush-path", Bearer: "hush-hush", User: "user", Password: "hush-hush-word", Headers: map[string]string{"X-Key": "hush-hush-key"}})
			p.limit = 1 << 20
			p.sleep = func(context.Context, time.Duration) error { return nil }
			for _, kind := range []timeseries.Kind{timeseries.Counter, timeseries.Gauge} {
				a, trouble := p.Ask(t.Context(), question("a", kind, 2))
				if trouble == nil || trouble.Name != c.want || a.Slots != nil {
					t.Fatalf("%s: %v, %v, want %s", kind, a, trouble, c.want)
				}
				if strings.Contains(trouble.Detail+trouble.Next, "hush") {
					t.Errorf("a secret is told: %v", trouble)
				}
			}
		})
	}
}

func TestAddressesAreRefused(t *testing.T) {
	for _, o := range []Options{
		{URL: ""}, {URL: "prom.example"}, {URL: "ftp://prom.example"}, {URL: "http://"}, {URL: "http://user:hush-hush@prom.example"}, {URL: "http://prom.example?token=hush-hush"}, {URL: "http://hush-hush\x7f"},
		{URL: "https://prom.example", CA: []byte("hush-hush")}, {URL: "https://prom.example", ClientCert: []byte("hush-hush"), ClientKey: []byte("hush-hush")},
	} {
		if _, err := NewPrometheus(o); err == nil || strings.Contains(err.Error(), "hush") {
			t.Errorf("%q: %v", o.URL, err)
		}
	}
}

// A server that is busy for a moment is asked again.
func TestAskedAgain(t *testing.T) {
	f, busy := &prom{}, 2
	f.hold("a", nil, values(-5, 10, 1, 2, 4)...)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if busy--; busy >= 0 {
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		f.ServeHTTP(w, r)
	}))
	defer server.Close()
	p := asking(t, Options{URL: server.URL})
	p.sleep = func(context.Context, time.Duration) error { return nil }
	if a, trouble := p.Ask(t.Context(), question("a", timeseries.Counter, 2)); trouble != nil || a.Slots[1].Growth != 2 {
		t.Errorf("%v, %v", a, trouble)
	}
}
