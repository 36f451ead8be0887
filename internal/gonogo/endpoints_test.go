package gonogo

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/feed"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/probe"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// faulty answers as the path says; a request for /slow is answered only when nobody waits any more.
func faulty(good, elsewhere string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/good":
			fmt.Fprint(w, good)
		case "/500":
			http.Error(w, good, http.StatusInternalServerError)
		case "/html":
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprint(w, "<html>Please sign in</html>")
		case "/none":
		case "/cut":
			w.Header().Set("Content-Length", fmt.Sprint(len(good)+1))
			fmt.Fprint(w, good)
		case "/endless":
			for line := strings.Repeat("x", 64<<10); ; {
				if _, err := fmt.Fprintln(w, line); err != nil {
					return
				}
			}
		case "/elsewhere":
			http.Redirect(w, r, elsewhere+"/good", http.StatusFound)
		case "/round":
			http.Redirect(w, r, "/round", http.StatusFound)
		case "/slow":
			<-r.Context().Done()
		}
	}
}

// refusedAt is an address at which nothing listens.
func refusedAt(start func(http.Handler) *httptest.Server) string {
	s := start(nil)
	defer s.Close()
	return s.URL
}

// TestFaultyEndpoints lets an endpoint answer in every wrong way: it is never a go.
func TestFaultyEndpoints(t *testing.T) {
	const good = `{"status":"ready"}`
	other := httptest.NewServer(faulty(`{"status":"starting"}`, ""))
	defer other.Close()
	server := httptest.NewServer(faulty(good, other.URL))
	defer server.Close()
	for path, want := range map[string]verdict.Verdict{
		"/good": verdict.Pass, "/500": verdict.Fail, "/html": verdict.Fail, "/none": verdict.Fail, "/cut": verdict.Unknown, "/endless": verdict.Unknown, "/elsewhere": verdict.Fail, "/round": verdict.Unknown,
		"/slow": verdict.Unknown, "refused": verdict.Fail,
	} {
		rule := policy.GateProbe{URL: server.URL + path, JSON: map[string]string{"$.status": "ready"}}
		if path == "refused" {
			rule.URL = refusedAt(httptest.NewServer)
		}
		ctx := t.Context()
		if path == "/slow" {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, 20*time.Millisecond)
			defer cancel()
		}
		e := with(policy.Criterion{ID: "ready", Probe: &rule})
		e.Probes = map[string]probed{"ready": askEndpoint(ctx, probe.New(), rule, nil)}
		d := decide(e)
		if f := d.findings()[0]; d.verdict != want || f.Observed == "" || f.Next == "" && want != verdict.Pass {
			t.Errorf("%s: %s, want %s%s", path, d.verdict, want, told(d))
		}
		replayed(t, e)
	}
}

// TestFaultyCalendars lets a server of calendars answer in every wrong way: nobody is known to be on call
// then, and whether a freeze is on is unknown too.
func TestFaultyCalendars(t *testing.T) {
	good := onCallCalendar("0401T0900-0402T0900 Quarter end", "0302T0900-0304T0900 Primary: Ada")
	other := httptest.NewTLSServer(faulty(good, ""))
	defer other.Close()
	server := httptest.NewTLSServer(faulty(good, other.URL))
	defer server.Close()
	client := feed.With(&http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}) // which all servers of the test share
	for path, passing := range map[string]bool{
		"/good": false, "/500": true, "/html": false, "/none": false, "/cut": true, "/endless": false, "/elsewhere": false, "/round": false, "/slow": true, "refused": true,
	} {
		address := server.URL + path
		if path == "refused" {
			address = refusedAt(httptest.NewTLSServer)
		}
		ctx := t.Context()
		if path == "/slow" {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, 20*time.Millisecond)
			defer cancel()
		}
		e := with(policy.Criterion{ID: "on-call", Coverage: &policy.Coverage{Calendar: address, Primary: 1}})
		e.Timezone, e.Gate.Windows = "UTC", &policy.Windows{Freeze: []policy.Freeze{{Calendar: "env:FREEZE"}}}
		readers := calendarReaders{feed: client.Read, variable: func(string) (string, bool) { return address, true }}
		for _, place := range calendarsOf(e.Gate) {
			e.Files[governed+place] = readers.read(ctx, place)
		}
		d := decide(e)
		for _, c := range d.criteria {
			want := verdict.Unknown
			if path == "/good" {
				want = verdict.Pass
				if c.id == "windows" { // who is on call is no freeze; but the calendar is the same
					want = verdict.Fail
				}
			}
			if c.verdict() != want || c.findings[0].Observed == "" || (len(c.open) > 0) != passing && path != "/good" {
				t.Errorf("%s: %s is %s, open %v%s", path, c.id, c.verdict(), c.open, told(d))
			}
			for _, f := range c.findings {
				if c.id == "windows" && strings.Contains(f.Observed+f.Next+f.Title, "127.0.0.1") {
					t.Errorf("%s: the secret address is told: %+v", path, f)
				}
			}
		}
		replayed(t, e)
	}
}
