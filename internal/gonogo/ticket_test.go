package gonogo

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/runner"
	"github.com/slipway-actions/slipway/internal/ticket"
	"github.com/slipway-actions/slipway/internal/verdict"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const runbook = "# Deploy\n\n1. Merge it.\n\n# Roll back\n\n1. `kubectl rollout undo deploy/checkout`\n2. Tell @acme/sre.\n\n# Validate\n\n- [ ] /healthz answers 200\n"

// changing is good evidence for a release with everything in it but what a person writes.
func changing() evidence {
	e := with()
	e.Ticket, e.Service, e.Run.Actor, e.Timezone = "create", "checkout", "ada", "Europe/Berlin"
	e.Ticketed.Asked = e.Ticket
	e.Gate.Ticket = &policy.Ticket{Deployment: "docs/runbook.md#deploy", Rollback: "docs/runbook.md#roll-back", Validation: "docs/runbook.md#Validate", Duration: policy.Duration(2 * time.Hour)}
	e.Files[atCommit+"docs/runbook.md"] = file{Text: []byte(runbook)}
	e.Checks.All = []check{ran("unit", "success")}
	d := passing("version-bump")
	d.Data = map[string]any{"version": "1.5.0", "tag": "v1.5.0", "previousTag": "v1.4.2", "bump": "minor", "releaseType": "feature", "changed": true}
	e.Documents = []document{d}
	e.Change = change{Base: another, Since: "v1.4.2", Commits: []changedCommit{
		{SHA: commit, Subject: "feat: pay by <b>card</b> @everyone", Author: "Ada", References: []string{"#12", "SHOP-34"}},
		{SHA: another, Subject: "fix: round as the bank does", Author: "Grace [x](https://evil.example)", References: []string{"#12"}},
	}}
	return e
}

// on is the same with an issue, in which a person has written.
func on(e evidence, m ticket.Marker, written map[ticket.Field]string) evidence {
	body := ticket.Render(ticket.Ticket{Marker: m, Fields: ticket.Fields{Written: written}})
	e.Ticketed = ticketed{Asked: e.Ticket, Number: 12, URL: "https://github.com/acme/shop/issues/12", Open: true, Body: body, Labels: []string{"change", "change: " + string(m.State)}}
	return e
}

func marker(s ticket.State) ticket.Marker {
	return ticket.Marker{Commit: commit, Environment: "production", Type: "normal", State: s}
}

var byGrace = map[ticket.Field]string{ticket.Validator: "@grace"}

func TestTicket(t *testing.T) {
	for name, tt := range map[string]struct {
		e       func() evidence
		verdict verdict.Verdict
		reason  string
		open    bool
	}{
		"no ticket":        {func() evidence { e := changing(); e.Ticket = "none"; return e }, verdict.Pass, "", false},
		"nobody validates": {changing, verdict.Fail, "empty: Validator", false},
		"somebody may yet": {func() evidence { return on(changing(), marker("draft"), nil) }, verdict.Fail, "empty: Validator", true},
		"complete":         {func() evidence { return on(changing(), marker("draft"), byGrace) }, verdict.Pass, "", false},
		"only a word": {func() evidence {
			return on(changing(), marker("draft"), map[ticket.Field]string{ticket.Validator: "TBD"})
		}, verdict.Fail, "empty: Validator", true},
		"standard":         {func() evidence { e := changing(); e.ChangeType = "standard"; return e }, verdict.Pass, "", false},
		"emergency":        {func() evidence { e := changing(); e.ChangeType = "emergency"; return e }, verdict.Pass, "", false},
		"a bot started it": {func() evidence { e := on(changing(), marker("draft"), byGrace); e.Run.Actor = "x[bot]"; return e }, verdict.Fail, "empty: Assignee", true},
		"no work items": {func() evidence {
			e := on(changing(), marker("draft"), byGrace)
			e.Change.Commits[0].References, e.Change.Commits[1].References = nil, nil
			return e
		}, verdict.Fail, "empty: Justification", true},
		"the change not known": {func() evidence {
			e := on(changing(), marker("draft"), byGrace)
			e.Change = change{Problem: problem{What: "x"}}
			return e
		}, verdict.Fail, "empty: Description, Justification", true},
		"no such file": {func() evidence {
			e := on(changing(), marker("draft"), byGrace)
			e.Files[atCommit+"docs/runbook.md"] = file{Missing: true}
			return e
		}, verdict.Fail, "empty: Deployment steps, Rollback steps, Validation steps", true},
		"no such heading": {func() evidence {
			e := on(changing(), marker("draft"), byGrace)
			e.Gate.Ticket.Rollback = "docs/runbook.md#undo"
			return e
		}, verdict.Fail, "empty: Rollback steps", true},
		"a file not read": {func() evidence {
			e := on(changing(), marker("draft"), byGrace)
			e.Files[atCommit+"docs/runbook.md"] = file{Problem: problem{What: "no answer", Passing: true}}
			return e
		}, verdict.Unknown, "Rollback steps: no answer", true},
		"not read": {func() evidence {
			e := changing()
			e.Ticketed.Problem = problem{What: "no answer", Passing: true}
			return e
		}, verdict.Unknown, "no answer", true},
		"forbidden": {func() evidence { e := changing(); e.Ticketed.Problem = problem{What: "403"}; return e }, verdict.Unknown, "403", false},
		"not read, standard": {func() evidence {
			e := changing()
			e.ChangeType = "standard"
			e.Ticketed.Problem = problem{What: "403"}
			return e
		}, verdict.Unknown, "403", false},
		"closed":              {func() evidence { e := on(changing(), marker("closed"), byGrace); e.Ticketed.Open = false; return e }, verdict.Fail, "#12 is closed", false},
		"another environment": {func() evidence { m := marker("draft"); m.Environment = "staging"; return on(changing(), m, byGrace) }, verdict.Fail, "about the environment staging", false},
		"another commit":      {func() evidence { m := marker("approved"); m.Commit = another; return on(changing(), m, byGrace) }, verdict.Pass, "", false},
		"being deployed":      {func() evidence { m := marker("deploying"); m.Commit = another; return on(changing(), m, byGrace) }, verdict.Fail, "about the commit " + another + ", and is deploying", false},
		"a broken mark": {func() evidence {
			e := on(changing(), marker("draft"), byGrace)
			e.Ticketed.Body = "<!-- slipway:change x -->"
			return e
		}, verdict.Unknown, "cannot be read", false},
		"of a person": {func() evidence {
			e := on(changing(), marker("draft"), nil)
			e.Ticketed.Body = "Please.\n\n### Validator\n\n@grace"
			return e
		}, verdict.Pass, "", false},
		"not published": {func() evidence {
			e := on(changing(), marker("draft"), byGrace)
			e.Published.Problems = []problem{{What: "403"}}
			return e
		}, verdict.Unknown, "publish is unknown: publish: 403", false},
	} {
		t.Run(name, func(t *testing.T) {
			d := decide(tt.e())
			if d.verdict != tt.verdict || !strings.Contains(reasons(d), tt.reason) || len(d.open()) > 0 != tt.open {
				t.Errorf("%s, open %v: %s", d.verdict, d.open(), reasons(d))
			}
			for _, f := range d.findings() {
				if (f.Outcome == verdict.Failed || f.Outcome == verdict.Undecided) && f.Next == "" && f.Observed != "no answer" && f.Observed != "403" && !strings.Contains(f.Observed, "no answer") {
					t.Errorf("%s has no next action", f.Observed)
				}
			}
		})
	}
}

// TestTicketGolden is a whole ticket, to be read as prose, and what a person and a second decision make of it.
func TestTicketGolden(t *testing.T) {
	const run = "https://github.com/acme/shop/actions/runs/42"
	first := changing()
	opened, err := draftOf(first, knownOf(first))
	if err != nil {
		t.Fatal(err)
	}
	one := ticket.Render(opened.decided(first, decide(first), run))
	golden(t, "ticket-opened.md", one)

	second := changing()
	second.Now = noon.Add(30 * time.Minute)
	second.Documents[0].Finished = second.Now
	second.Ticketed = ticketed{Asked: second.Ticket, Number: 12, Open: true, Body: strings.ReplaceAll(one, "_To be filled in: who checks that it works, as @login_", "@grace")}
	approved, err := draftOf(second, knownOf(second))
	if err != nil {
		t.Fatal(err)
	}
	two := ticket.Render(approved.decided(second, decide(second), run))
	golden(t, "ticket-approved.md", two)

	// The same decision, some time later, leaves it as it is; a new commit does not.
	third := second
	third.Now = noon.Add(time.Hour)
	third.Ticketed.Body = two
	same, err := draftOf(third, knownOf(third))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(two, ticket.Render(same.decided(third, decide(third), run))); diff != "" {
		t.Errorf("-before +after\n%s", diff)
	}
	third.SHA = another
	taken, err := draftOf(third, knownOf(third))
	if err != nil || taken.State != ticket.Reviewed || !taken.Since.Equal(third.Now) || taken.Commit != another || taken.Written[ticket.Validator] != "@grace" {
		t.Errorf("%v: %+v", err, taken)
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := "testdata/" + name
	if *update {
		os.MkdirAll("testdata", 0o755)
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s: -want +got\n%s", name, diff)
	}
}

// fakeTickets answers from its fields.
type fakeTickets struct {
	tickets  []github.Ticket
	comments []github.TicketComment
	err      error
}

func (f fakeTickets) Ticket(_ context.Context, _ string, number int) (github.Ticket, error) {
	for _, t := range f.tickets {
		if t.Number == number {
			return t, f.err
		}
	}
	return github.Ticket{}, f.err
}

func (f fakeTickets) OpenTickets(context.Context, string, []string) ([]github.Ticket, error) {
	return f.tickets, f.err
}

func (f fakeTickets) TicketComments(context.Context, string, int) ([]github.TicketComment, error) {
	return f.comments, f.err
}

func TestFindTicket(t *testing.T) {
	issue := func(number int, trusted bool, commit, environment string, s ticket.State) github.Ticket {
		m := ticket.Marker{Commit: commit, Environment: environment, State: s}
		return github.Ticket{Number: number, Open: true, Trusted: trusted, Body: ticket.Render(ticket.Ticket{Marker: m})}
	}
	for name, tt := range map[string]struct {
		tickets []github.Ticket
		want    int
	}{
		"none":                 {nil, 0},
		"this commit's":        {[]github.Ticket{issue(9, true, another, "production", "reviewed"), issue(7, true, commit, "production", "deploying")}, 7},
		"a former commit's":    {[]github.Ticket{issue(9, true, another, "production", "approved"), issue(7, true, another, "production", "reviewed")}, 9},
		"one that is deployed": {[]github.Ticket{issue(9, true, another, "production", "deploying"), issue(7, true, another, "production", "draft")}, 7},
		"a stranger's":         {[]github.Ticket{issue(9, false, commit, "production", "approved")}, 0},
		"another environment":  {[]github.Ticket{issue(9, true, commit, "staging", "approved")}, 0},
		"no ticket":            {[]github.Ticket{{Number: 9, Trusted: true, Open: true, Body: "hello"}}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			got := readTicket(t.Context(), fakeTickets{tickets: tt.tickets}, changing().inputs)
			if got.Number != tt.want || got.Problem.What != "" {
				t.Errorf("found %+v, want %d", got, tt.want)
			}
		})
	}
}

func TestCommentsWithCommands(t *testing.T) {
	i := changing().inputs
	i.Ticket = "12"
	issue := []github.Ticket{{Number: 12, Open: true}}
	comments := []github.TicketComment{{By: "ada", Body: "hello /approve"}, {By: "grace", Body: "fine\n  /approve as sre\r\n"}, {By: "", Body: "/reject"}}
	got := readTicket(t.Context(), fakeTickets{tickets: issue, comments: comments}, i)
	if len(got.Comments) != 2 || got.Comments[0].By != "grace" || got.Comments[1].Body != "/reject" || got.Problem.What != "" {
		t.Errorf("kept %+v", got)
	}
	many := make([]github.TicketComment, 1001)
	if got := readTicket(t.Context(), fakeTickets{tickets: issue, comments: many}, i); got.Problem.What == "" {
		t.Error("1001 comments were read")
	}
	long := slices.Repeat([]github.TicketComment{{Body: "/" + strings.Repeat("x", 60_000)}}, 20)
	if got := readTicket(t.Context(), fakeTickets{tickets: issue, comments: long}, i); got.Problem.What == "" || got.Comments != nil {
		t.Error("20 endless commands were read")
	}
	issue[0].Comments = 1001
	if got := readTicket(t.Context(), fakeTickets{tickets: issue}, i); got.Problem.What == "" {
		t.Error("1001 comments were said")
	}
}

// hubOf is a server that keeps one issue and answers wrongly where faults say so, by method and path.
type hubOf struct {
	faults map[string]func(w http.ResponseWriter)
	body   string
	labels []string
	title  string
	writes []string
	checks []string // conclusions

	meanwhile func() // what somebody does once the ticket was read
}

func (h *hubOf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	key := r.Method + " " + r.URL.Path
	if r.Method != http.MethodGet {
		h.writes = append(h.writes, key)
	}
	if fault := h.faults[key]; fault != nil {
		fault(w)
		return
	}
	var sent struct {
		Title, Body, Conclusion string
		Labels                  []string
	}
	json.NewDecoder(r.Body).Decode(&sent)
	issue := func() string {
		labels := []map[string]string{}
		for _, l := range h.labels {
			labels = append(labels, map[string]string{"name": l})
		}
		text, _ := json.Marshal(map[string]any{"number": 12, "state": "open", "body": h.body, "title": h.title, "labels": labels, "user": map[string]string{"type": "Bot"}, "html_url": "https://github.com/acme/shop/issues/12"})
		return string(text)
	}
	switch {
	case h.meanwhile != nil && strings.HasSuffix(key, "/comments"): // the last that is read of the ticket
		h.meanwhile()
		h.meanwhile = nil
		io.WriteString(w, `[]`)
	case key == "GET /repos/acme/shop/issues" && h.body == "", key == "GET /repos/acme/shop/issues/12/comments":
		io.WriteString(w, `[]`)
	case key == "GET /repos/acme/shop/issues":
		io.WriteString(w, "["+issue()+"]")
	case key == "GET /repos/acme/shop/issues/12":
		io.WriteString(w, issue())
	case key == "POST /repos/acme/shop/issues", key == "PATCH /repos/acme/shop/issues/12":
		h.body = sent.Body
		if sent.Labels != nil {
			h.labels = sent.Labels
		}
		if sent.Title != "" {
			h.title = sent.Title
		}
		io.WriteString(w, issue())
	case r.Method == http.MethodGet && strings.HasSuffix(key, "/check-runs"):
		fmt.Fprintf(w, `{"total_count":%d,"check_runs":[%s]}`, min(1, len(h.checks)), strings.Repeat(`{"id":9,"name":"slipway go-no-go (production)","external_id":"slipway/go-no-go/production"}`, min(1, len(h.checks))))
	case strings.Contains(key, "/check-runs"):
		h.checks = append(h.checks, sent.Conclusion)
		fmt.Fprintf(w, `{"id":9,"head_sha":%q,"conclusion":%q}`, commit, sent.Conclusion)
	default:
		http.Error(w, `{"message":"Not Found"}`, http.StatusNotFound)
	}
}

// publishOn reads, decides and publishes once.
func publishOn(t *testing.T, h *hubOf, e evidence) (evidence, decision, string) {
	t.Helper()
	server := httptest.NewServer(h)
	defer server.Close()
	client, err := github.New(github.Options{APIURL: server.URL, Token: "t"})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	files, err := runner.OpenWorkspace(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	c := collector{&action.World{GitHub: client, Files: files, Redact: func(s string) string { return s }, Facts: runner.Facts{Repository: "acme/shop", RunID: 42, ServerURL: "https://github.com"}}, e.inputs}
	c.ticket(t.Context(), &e)
	e, d, err := c.publish(t.Context(), e, decide(e))
	if err != nil {
		t.Fatal(err)
	}
	text, _ := os.ReadFile(dir + "/" + ticketFile)
	return e, d, string(text)
}

// A second run updates the ticket and the check in place, and writes nothing where nothing is new.
func TestPublishAgain(t *testing.T) {
	h := &hubOf{}
	e := changing()
	e.Check = true
	_, d, _ := publishOn(t, h, e)
	if d.verdict != verdict.Fail || !slices.Equal(h.writes, []string{"POST /repos/acme/shop/issues", "POST /repos/acme/shop/check-runs"}) || h.title != "Release checkout 1.5.0 to production" || !slices.Equal(h.labels, []string{"change", "change: draft"}) {
		t.Fatalf("%s: %v, %q, %v", d.verdict, h.writes, h.title, h.labels)
	}
	h.body = strings.ReplaceAll(h.body, "_To be filled in: who checks that it works, as @login_", "@grace")
	h.writes = nil
	_, d, text := publishOn(t, h, e)
	if d.verdict != verdict.Pass || !slices.Equal(h.writes, []string{"PATCH /repos/acme/shop/issues/12", "PATCH /repos/acme/shop/check-runs/9"}) || !slices.Equal(h.checks, []string{"failure", "success"}) || !slices.Equal(h.labels, []string{"change", "change: approved"}) {
		t.Fatalf("%s: %v, %v, %v", d.verdict, h.writes, h.checks, h.labels)
	}
	if text != h.body {
		t.Error("file and issue differ")
	}
	h.writes = nil
	e.Check = false
	if _, d, _ := publishOn(t, h, e); d.verdict != verdict.Pass || h.writes != nil {
		t.Errorf("%s: wrote %v", d.verdict, h.writes)
	}
}

// TestEditsAreKept holds that what somebody writes into the ticket while a step decides is neither lost nor
// passed over.
func TestEditsAreKept(t *testing.T) {
	for name, tt := range map[string]struct {
		change  func(*hubOf)
		verdict verdict.Verdict
	}{
		"what was missing": {func(h *hubOf) {
			h.body = strings.ReplaceAll(h.body, "_To be filled in: who checks that it works, as @login_", "@grace")
		}, verdict.Pass},
		"a note and a label": {func(h *hubOf) { h.body, h.labels = h.body+"\nWait for grace.", append(h.labels, "hold") }, verdict.Fail},
		"another's now":      {func(h *hubOf) { h.body = strings.Replace(h.body, commit, another, 1) }, verdict.Fail},
	} {
		t.Run(name, func(t *testing.T) {
			h := &hubOf{}
			e := changing()
			publishOn(t, h, e)
			e.Documents[0].Data["version"] = "1.6.0" // the ticket has to be written anew
			h.meanwhile = func() { tt.change(h) }
			_, d, text := publishOn(t, h, e)
			if d.verdict != tt.verdict || text != h.body || !strings.Contains(h.body, "1.6.0") {
				t.Errorf("%s, want %s; the issue is\n%s", d.verdict, tt.verdict, h.body)
			}
			if name == "a note and a label" && (!strings.Contains(h.body, "Wait for grace.") || !slices.Contains(h.labels, "hold")) {
				t.Errorf("lost: %v\n%s", h.labels, h.body)
			}
		})
	}
	e := with(policy.Criterion{ID: "list", Checklist: &policy.Checklist{By: "sre"}})
	e.Gate.Roles = roles
	e.Ticket, e.SHA = "12", commit
	h := &hubOf{body: "- [x] a\n- [x] b\n"}
	e.People.Ticks = []tick{{By: "ada", At: noon}, {By: "ada", At: noon}}
	h.meanwhile = func() { h.body = "- [x] a\n- [x] c\n" }
	if _, d, _ := publishOn(t, h, e); d.verdict == verdict.Pass || !observes(d, "the ticket changed while it was read") {
		t.Errorf("%s: %+v", d.verdict, d.findings())
	}
}

// An unknown is nothing that a rule lets through.
func TestCheckOfAnUnknown(t *testing.T) {
	h := &hubOf{}
	e := changing()
	e.Check, e.Ticket, e.Documents[0].SHA = true, "none", another
	if _, d, _ := publishOn(t, h, e); d.verdict != verdict.Unknown || !slices.Equal(h.checks, []string{"action_required"}) {
		t.Errorf("%s is %v", d.verdict, h.checks)
	}
}

// A box that somebody ticked stays ticked as long as the ticket is about the same commit and steps.
func TestTicksStay(t *testing.T) {
	e := changing()
	d, err := draftOf(e, knownOf(e))
	if err != nil {
		t.Fatal(err)
	}
	ticked := strings.Replace(ticket.Render(d.decided(e, decide(e), "")), "- [ ] /healthz", "- [x] /healthz", 1)
	e.Ticketed = ticketed{Asked: e.Ticket, Number: 12, Open: true, Body: ticked + "\n- [x] asked\n"}
	for name, tt := range map[string]struct {
		change func(*evidence)
		stays  bool
	}{
		"the same":       {func(*evidence) {}, true},
		"another commit": {func(e *evidence) { e.SHA = another }, false},
		"other steps": {func(e *evidence) {
			e.Files = map[string]file{atCommit + "docs/runbook.md": {Text: []byte(strings.ReplaceAll(runbook, "200", "204"))}}
		}, false},
	} {
		e := e
		tt.change(&e)
		d, err := draftOf(e, knownOf(e))
		if stays := strings.Contains(d.Filled[ticket.Validation], "- [x]"); err != nil || stays != tt.stays {
			t.Errorf("%s: %v, it stays: %t", name, err, stays)
		}
		if stays := strings.Contains(d.Written[ticket.Notes], "- [x] asked"); stays != (name != "another commit") {
			t.Errorf("%s: what a person ticked stays: %t", name, stays)
		}
	}
}

// A check run that cannot be written makes a no-go, and the ticket, written before, does not go on saying go.
func TestPublishedGoIsTakenBack(t *testing.T) {
	h := &hubOf{faults: map[string]func(http.ResponseWriter){"POST /repos/acme/shop/check-runs": status(403, `{"message":"no"}`)}}
	e := changing()
	e.Check, e.ChangeType = true, "standard"
	publishOn(t, h, e)
	e, d, text := publishOn(t, h, e) // again: now the ticket says at first what it has to say in the end
	for _, body := range []string{h.body, text} {
		if _, m, err := ticket.Parse(body); err != nil || m.Decision != "no-go" || !strings.Contains(body, "checks: write") {
			t.Errorf("%v: %+v\n%s", err, m, body)
		}
	}
	if d.verdict != verdict.Unknown || len(e.Published.Problems) != 1 {
		t.Errorf("%s: %+v", d.verdict, e.Published.Problems)
	}
	if again := decide(e); again.verdict != verdict.Unknown {
		t.Errorf("decided again: %s", again.verdict)
	}
}

func status(code int, body string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		if code == 429 || code >= 500 {
			w.Header().Set("Retry-After", "3600")
		}
		w.WriteHeader(code)
		io.WriteString(w, body)
	}
}

// TestTicketFaults goes through every fault of every question: never a go. An answer that breaks off is
// asked for again, which takes time; the client's own tests have it.
func TestTicketFaults(t *testing.T) {
	faults := map[string]func(http.ResponseWriter){
		"401": status(401, `{}`), "403": status(403, `{"message":"no"}`), "404": status(404, `{}`), "410": status(410, `{}`), "422": status(422, `{"message":"no"}`), "429": status(429, `{}`), "500": status(500, `{}`),
		"html": status(200, `<html>`), "errors": status(200, `{"errors":[{"message":"no"}]}`), "null": status(200, `null`), "nothing": status(200, ``), "text": status(200, `"x"`), "objects": status(200, `[{}]`),
		"loop": func(w http.ResponseWriter) {
			w.Header().Set("Link", `<http://x/?page=1>; rel="next"`)
			io.WriteString(w, `[{"id":1,"number":1,"state":"open","labels":[],"created_at":"2026-03-01T12:00:00Z"}]`)
		},
	}
	for _, tt := range []struct{ ticket, request string }{
		{"create", "GET /repos/acme/shop/issues"}, {"create", "GET /repos/acme/shop/issues/12/comments"}, {"create", "PATCH /repos/acme/shop/issues/12"},
		{"12", "GET /repos/acme/shop/issues/12"}, {"12", "GET /repos/acme/shop/issues/12/comments"}, {"12", "PATCH /repos/acme/shop/issues/12"},
		{"new", "POST /repos/acme/shop/issues"}, {"none", "GET /repos/acme/shop/commits/" + commit + "/check-runs"}, {"none", "POST /repos/acme/shop/check-runs"},
	} {
		for name, fault := range faults {
			t.Run(tt.ticket+" "+tt.request+" "+name, func(t *testing.T) {
				t.Parallel()
				e := changing()
				e.Ticket, e.Check, e.ChangeType = tt.ticket, tt.ticket == "none", "standard"
				h := &hubOf{body: ticket.Render(ticket.Ticket{Marker: marker("draft"), Fields: ticket.Fields{Written: byGrace}}), labels: []string{"change"}}
				if tt.ticket == "new" {
					e.Ticket, h.body = "create", ""
				}
				if _, d, _ := publishOn(t, h, e); d.verdict != verdict.Pass {
					t.Fatalf("without a fault: %s: %s", d.verdict, reasons(d))
				}
				h = &hubOf{body: h.body, labels: []string{"change"}, faults: map[string]func(http.ResponseWriter){tt.request: fault}}
				if tt.ticket == "new" {
					h.body = ""
				} else {
					h.body = ticket.Render(ticket.Ticket{Marker: marker("draft"), Fields: ticket.Fields{Written: byGrace}})
				}
				_, d, _ := publishOn(t, h, e)
				if d.verdict != verdict.Unknown {
					t.Errorf("%s: %s", d.verdict, reasons(d))
				}
				for _, f := range d.findings() {
					if f.Outcome == verdict.Undecided && (f.Next == "" || strings.Contains(f.Observed, "denied")) {
						t.Errorf("%q: next %q", f.Observed, f.Next)
					}
				}
			})
		}
	}
}

// The summary of a check run is cut to what GitHub takes, and says first what did not pass.
func TestSummaryOfManyChecks(t *testing.T) {
	e := with(policy.Criterion{ID: "first", Document: &policy.Document{Path: "a.md"}})
	for i := range 1000 {
		e.Gate.Criteria = append(e.Gate.Criteria, policy.Criterion{ID: fmt.Sprintf("check %d %s", i, strings.Repeat("x", 100)), Document: &policy.Document{Path: "b.md"}})
	}
	e.Files[atCommit+"a.md"], e.Files[atCommit+"b.md"] = file{Text: []byte("a")}, file{Missing: true}
	text := summary(e, decide(e), "https://github.com/acme/shop/actions/runs/42", github.CheckSummaryLimit)
	if len(text) > github.CheckSummaryLimit || len(text) < 10_000 || !strings.Contains(text, "more") || !strings.HasSuffix(text, "[the run](https://github.com/acme/shop/actions/runs/42).\n\n") {
		t.Errorf("%d bytes, which end %q", len(text), text[max(0, len(text)-200):])
	}
	if a, b := strings.Index(text, "check 0 "), strings.Index(text, "| first"); a < 0 || b >= 0 && b < a {
		t.Errorf("what passes comes at %d, what failed at %d", b, a)
	}
	e.Gate.Criteria = e.Gate.Criteria[:2]
	if text := summary(e, decide(e), "", github.CheckSummaryLimit); strings.TrimSpace(text) != strings.TrimSpace(page(e, decide(e)).Markdown(1<<20)) {
		t.Errorf("a short page became\n%s", text)
	}
}
