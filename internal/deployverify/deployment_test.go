package deployverify

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/slipway-actions/slipway/internal/fakegithub"
	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

const deployed = `{"deployments": [{"id": 7, "ref": "v1.5.0", "sha": "$SHA", "environment": "production", "created_at": "2026-03-01T12:00:00Z"}]}`

func aboutDeployment(id int64, soak time.Duration) inputs {
	i := wishes()
	i.deployment, i.Plan.Soak = id, soak
	return i
}

var (
	lastStage  = stage{Share: 1, Last: true}
	firstStage = stage{Name: "canary-5", Traffic: "5%", Share: 0.05, Next: "full", Widens: "100%"}
	failed     = []result.Finding{{ID: "look-url", Outcome: verdict.Failed}}
	undone     = []result.Finding{{ID: "look-url", Outcome: verdict.Undecided}}
)

// TestDeploymentStates holds each decision to what it makes of the deployment.
func TestDeploymentStates(t *testing.T) {
	for name, tt := range map[string]struct {
		stage    stage
		end      ending
		d        decision
		before   string // the newest status, as JSON
		statuses []string
	}{
		"the last step":       {stage: lastStage, d: decision{act: promote, reason: "3 of 3 looks in a row showed 1.5.0"}, statuses: []string{"success: verified 1.5.0: 3 of 3 looks in a row showed 1.5.0"}},
		"an earlier step":     {stage: firstStage, d: decision{act: promote}, statuses: []string{"in_progress: step canary-5 (5%) passed, full (100%) is next"}},
		"the soak goes on":    {stage: lastStage, end: sliced, d: decision{act: hold, reason: "it stands", findings: undone}, statuses: []string{"in_progress: it stands"}},
		"a rollback":          {stage: lastStage, d: decision{act: rollback, rollbackTo: "1.4.2", reason: "it is bad", findings: failed}, statuses: []string{"failure: rollback to 1.4.2: it is bad"}},
		"inconclusive":        {stage: lastStage, end: short, d: decision{act: rollback, rollbackTo: "1.4.2", reason: "nobody knows", findings: undone}, statuses: []string{"failure: rollback to 1.4.2: nobody knows"}},
		"a forward fix":       {stage: lastStage, d: decision{act: forwardFix, reason: "it is bad", findings: failed}, statuses: []string{"failure: forward-fix: it is bad"}},
		"bad, and held":       {stage: lastStage, d: decision{act: hold, reason: "it is bad", findings: failed}, statuses: []string{"failure: hold: it is bad"}},
		"undecided":           {stage: lastStage, d: decision{act: hold, reason: "nothing was learnt", findings: undone}, statuses: []string{"error: undecided: nothing was learnt"}},
		"cancelled":           {stage: lastStage, end: cancelled, d: decision{act: hold, findings: undone}},
		"superseded, and bad": {stage: lastStage, d: decision{act: rollback, reason: "1.6.0 answers", findings: failed}, before: `{"state": "inactive"}`},
		"superseded, runs":    {stage: lastStage, d: decision{act: promote, reason: "ok"}, before: `{"state": "inactive"}`, statuses: []string{"success: verified 1.5.0: ok"}},
	} {
		t.Run(name, func(t *testing.T) {
			h, w := hubWorld(t, deployed)
			begun := 1
			if tt.before != "" {
				if err := h.Seed([]byte(`{"deployment_statuses": {"7": [` + strings.Replace(tt.before, "{", `{"created_at": "2026-03-01T11:00:00Z", `, 1) + `]}}`)); err != nil {
					t.Fatal(err)
				}
			}
			e := evidence{inputs: aboutDeployment(7, 0)}
			e.Stage, e.End = tt.stage, tt.end
			d := deploymentOf(w, e.inputs, judgedCommit)
			d.begin(t.Context(), e)
			if found := d.ended(t.Context(), e, tt.d); found != nil {
				t.Errorf("warned of %+v", found)
			}
			got := statuses(t, h, "7")
			if tt.before == "" && got[0] != "in_progress: looking whether 1.5.0 stands" {
				t.Errorf("it began with %s", got[0])
			}
			if diff := cmp.Diff(tt.statuses, append([]string(nil), got[begun:]...), equateEmpty); diff != "" {
				t.Error(diff)
			}
			for _, s := range keptBy(t, h).DeploymentStatuses["7"][begun:] {
				if s.Log != theRun || s.Address != shopAddress {
					t.Errorf("it links to %s and %s", s.Log, s.Address)
				}
			}
			h.Forget()
			again := deploymentOf(w, e.inputs, judgedCommit)
			again.ended(t.Context(), e, tt.d)
			if n := h.Asked(regexp.MustCompile("^POST")); n > 0 && tt.end != cancelled {
				t.Errorf("the same again wrote %d statuses", n)
			}
		})
	}
}

var equateEmpty = cmp.Transformer("empty", func(s []string) string { return strings.Join(s, "\n") })

// TestForeignDeployment never says anything about another's deployment.
func TestForeignDeployment(t *testing.T) {
	for name, tt := range map[string]struct{ seed, words string }{
		"another commit":      {strings.ReplaceAll(deployed, "$SHA", "$OTHER"), "of the commit 89abcdef0123, and this run is about 0123456789ab; it is left alone"},
		"another environment": {strings.ReplaceAll(deployed, "production", "staging"), "one to staging, and this run is about production; it is left alone"},
		"there is none":       {`{}`, "404"},
	} {
		t.Run(name, func(t *testing.T) {
			h, w := hubWorld(t, tt.seed)
			e := evidence{inputs: aboutDeployment(7, 0)}
			e.Stage = lastStage
			d := deploymentOf(w, e.inputs, judgedCommit, "")
			d.begin(t.Context(), e)
			d.progress(t.Context(), "line")
			warnedOnce(t, name, d.ended(t.Context(), e, decision{act: promote}), tt.words)
			if n := h.Asked(regexp.MustCompile("^POST")); n > 0 {
				t.Errorf("it was written %d times", n)
			}
		})
	}
}

// A soak may go on in a job that a later commit started: the commit of the run that began it counts as well.
func TestDeploymentOfAnEarlierRun(t *testing.T) {
	h, w := hubWorld(t, strings.ReplaceAll(deployed, "$SHA", "$OTHER"))
	e := evidence{inputs: aboutDeployment(7, 0)}
	d := deploymentOf(w, e.inputs, judgedCommit, otherCommit)
	d.begin(t.Context(), e)
	if got := statuses(t, h, "7"); len(got) != 1 || d.found() != nil {
		t.Errorf("%v, %v", got, d.found())
	}
}

// TestDeploymentLines holds a soak of any length to some dozen lines, over all its jobs.
func TestDeploymentLines(t *testing.T) {
	h, w := hubWorld(t, deployed)
	e := evidence{inputs: aboutDeployment(7, 24*time.Hour)}
	d := deploymentOf(w, e.inputs, judgedCommit)
	d.begin(t.Context(), e)
	for minute := range 24 * 60 {
		h.Set(epoch.Add(time.Duration(minute) * time.Minute))
		if minute%200 == 0 { // another job
			d = deploymentOf(w, e.inputs, judgedCommit)
			d.begin(t.Context(), e)
		}
		d.progress(t.Context(), fmt.Sprintf("%d of 1440 min", minute))
	}
	if got := statuses(t, h, "7"); len(got) < 10 || len(got) > 14 || got[1] != "in_progress: 120 of 1440 min" {
		t.Errorf("%d lines: %v", len(got), got)
	}
	h.Set(epoch.Add(48 * time.Hour))
	h.Add(&fakegithub.Fault{How: "500", Request: regexp.MustCompile("^POST")})
	h.Forget()
	for range 100 {
		d.progress(t.Context(), "line")
	}
	if n := h.Asked(regexp.MustCompile("^POST")); n != 1 {
		t.Errorf("a line that could not be written was tried %d times at once", n)
	}
}

// TestDeploymentFaults lets each request of a run go wrong in each way: the decision stands, one warning says
// why, and what went wrong in between is forgotten once the end is written.
func TestDeploymentFaults(t *testing.T) {
	for request, all := range map[string]bool{"GET .*/deployments/7$": true, "GET .*/deployments/7/statuses$": true, "POST .*/deployments/7/statuses$": true} {
		for how, words := range faults {
			name := request + " " + how
			h, w := hubWorld(t, deployed)
			e := evidence{inputs: aboutDeployment(7, 0)}
			e.Stage = lastStage
			h.Add(&fakegithub.Fault{How: how, Request: regexp.MustCompile(request)})
			d := deploymentOf(w, e.inputs, judgedCommit)
			d.begin(t.Context(), e)
			found := d.ended(t.Context(), e, decision{act: promote, reason: "ok"})
			warnedOnce(t, name, found, words)
			if got := statuses(t, h, "7"); len(got) > 0 == all {
				t.Errorf("%s: %v", name, got)
			}

			if how == "403-limit" { // the client asks no more until it is over
				continue
			}
			h, w = hubWorld(t, deployed)
			h.Add(&fakegithub.Fault{How: how, Number: 1, Request: regexp.MustCompile(request)})
			d = deploymentOf(w, e.inputs, judgedCommit)
			d.begin(t.Context(), e)
			if found := d.ended(t.Context(), e, decision{act: promote, reason: "ok"}); len(found) > 0 {
				t.Errorf("%s, once: %v", name, found)
			}
			if got := statuses(t, h, "7"); len(got) == 0 || got[len(got)-1] != "success: verified 1.5.0: ok" {
				t.Errorf("%s, once: %v", name, got)
			}
		}
	}
}

// A status that was written, though no answer came, is not warned of, nor written twice.
func TestDeploymentLostAnswer(t *testing.T) {
	h, w := hubWorld(t, deployed)
	e := evidence{inputs: aboutDeployment(7, 0)}
	e.Stage = lastStage
	h.Add(&fakegithub.Fault{How: "lost", Request: regexp.MustCompile("^POST")})
	d := deploymentOf(w, e.inputs, judgedCommit)
	if found := d.ended(t.Context(), e, decision{act: promote, reason: "ok"}); len(found) > 0 {
		t.Error(found)
	}
	if got := statuses(t, h, "7"); len(got) != 1 {
		t.Error(got)
	}
}

// Without the permission the warning names it; in a dry run nothing is written.
func TestDeploymentPermission(t *testing.T) {
	h, w := hubWorld(t, deployed)
	delete(h.Permits, "deployments:write")
	h.Permits["deployments:read"] = true
	e := evidence{inputs: aboutDeployment(7, 0)}
	e.Stage = lastStage
	d := deploymentOf(w, e.inputs, judgedCommit)
	d.begin(t.Context(), e)
	found := d.ended(t.Context(), e, decision{act: promote, reason: "ok"})
	warnedOnce(t, "forbidden", found, "403")
	if !strings.Contains(found[0].Next, "deployments: write") {
		t.Errorf("next is %s", found[0].Next)
	}
	h.Permits["deployments:write"] = true
	w.DryRun = true
	d = deploymentOf(w, e.inputs, judgedCommit)
	d.begin(t.Context(), e)
	if found := d.ended(t.Context(), e, decision{act: promote, reason: "ok"}); len(found) > 0 || len(statuses(t, h, "7")) > 0 {
		t.Errorf("a dry run: %v, %v", found, statuses(t, h, "7"))
	}
}

func TestDescription(t *testing.T) {
	for name, text := range map[string]string{
		"short": "a", "as long as may be": strings.Repeat("a", 140), "longer": strings.Repeat("a", 141), "of wide letters": strings.Repeat("é", 100), "of wider ones": "a" + strings.Repeat("😀", 50), "lines": "a\nb\x1b[31m", "no UTF-8": strings.Repeat("\xff", 200),
	} {
		got := description(text)
		if len(got) > 140 || !utf8.ValidString(got) || strings.ContainsAny(got, "\n\x1b") {
			t.Errorf("%s: %d bytes: %q", name, len(got), got)
		}
		if whole := len(text) <= 140 && utf8.ValidString(text); whole && got != text && name != "lines" || !whole && !strings.HasSuffix(got, "…") && name != "no UTF-8" {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// TestVerifiedText reads back what was written, and nothing that only looks like it.
func TestVerifiedText(t *testing.T) {
	for _, version := range []string{"1.5.0", "v1.5.0", "sha256:0123", "a:", "1.5.0;", "é"} {
		if got, ok := verifiedIn(description(verifiedText(version, strings.Repeat("reason ", 50)))); !ok || got != version {
			t.Errorf("%q was read as %q, %t", version, got, ok)
		}
	}
	for _, version := range []string{"1.5 beta", "", strings.Repeat("9", 150)} {
		if got, ok := verifiedIn(description(verifiedText(version, "reason"))); ok {
			t.Errorf("%q was read as %q", version, got)
		}
	}
	for _, text := range []string{"", "verified", "verified ", "verified 1.5.0", "verified 1.5.0:", "verified: 1.5.0: ok", "Verified 1.5.0: ok", " verified 1.5.0: ok", "verified by hand: ok", "verified  1.5.0: ok", "verified : ok", "not verified 1.5.0: x", "verified 1.5.0\u202e: ok"} {
		if got, ok := verifiedIn(text); ok {
			t.Errorf("%q was read as %q", text, got)
		}
	}
}

// TestLastVerified takes only what a run like this one said about this very service.
func TestLastVerified(t *testing.T) {
	status := func(state, description string) string {
		return fmt.Sprintf(`{"state": %q, "description": %q, "environment_url": %q, "created_at": "2026-02-01T12:00:00Z"}`, state, description, shopAddress)
	}
	good := status("success", "verified 1.4.2: ok")
	older := status("success", "verified 1.4.1: ok")
	for name, tt := range map[string]struct {
		newer string // the statuses of the deployment before this one; the one before that is 1.4.1
		want  string
	}{
		"verified":                     {good, "1.4.2"},
		"superseded since":             {good + "," + status("inactive", ""), "1.4.2"},
		"GitHub's own success after":   {good + "," + status("success", ""), "1.4.2"},
		"rolled back since":            {good + "," + status("failure", "rollback to 1.4.1: bad"), "1.4.1"},
		"undecided since":              {good + "," + status("error", "undecided: x"), "1.4.1"},
		"verified again":               {status("failure", "x") + "," + good, "1.4.2"},
		"in progress":                  {status("in_progress", "verified 1.4.2: ok"), "1.4.1"},
		"somebody's own words":         {status("success", "we verified 1.4.2: ok"), "1.4.1"},
		"no words":                     {status("success", ""), "1.4.1"},
		"another service":              {strings.ReplaceAll(good, shopAddress, "https://web.example/version"), "1.4.1"},
		"no address":                   {strings.ReplaceAll(good, `"environment_url": "`+shopAddress+`", `, ""), "1.4.1"},
		"the very version":             {status("success", "verified 1.5.0: ok"), "1.4.1"},
		"letters that turn text round": {status("success", "verified 1.4\u202e.2: ok"), "1.4.1"},
		"nothing was said":             {"", "1.4.1"},
	} {
		t.Run(name, func(t *testing.T) {
			_, w := hubWorld(t, `{"deployments": [
				{"id": 3, "ref": "v1.4.1", "sha": "$OTHER", "environment": "production", "created_at": "2026-02-27T12:00:00Z"},
				{"id": 5, "ref": "v1.4.2", "sha": "$OTHER", "environment": "production", "created_at": "2026-02-28T12:00:00Z"},
				{"id": 6, "ref": "v1.4.9", "sha": "$OTHER", "environment": "staging", "created_at": "2026-02-28T13:00:00Z"},
				{"id": 7, "ref": "v1.5.0", "sha": "$SHA", "environment": "production", "created_at": "2026-03-01T12:00:00Z"}],
				"deployment_statuses": {"3": [`+older+`], "5": [`+tt.newer+`], "6": [`+strings.ReplaceAll(good, "1.4.2", "1.4.9")+`], "7": [`+strings.ReplaceAll(good, "1.4.2", "1.4.8")+`]}}`)
			d := deploymentOf(w, aboutDeployment(7, 0), judgedCommit)
			got, ok := d.lastVerified(t.Context(), "1.5.0")
			if !ok || got.Version != tt.want || got.SHA != otherCommit || got.At.IsZero() || d.found() != nil {
				t.Errorf("%+v, %t, %v", got, ok, d.found())
			}
		})
	}
}

func TestLastVerifiedFaults(t *testing.T) {
	seed := `{"deployments": [{"id": 5, "ref": "v1.4.2", "sha": "$OTHER", "environment": "production"}], "deployment_statuses": {"5": [{"state": "success", "description": "verified 1.4.2: ok", "environment_url": "` + shopAddress + `"}]}}`
	for _, request := range []string{"GET .*/deployments$", "GET .*/deployments/5/statuses$"} {
		for how, words := range faults {
			h, w := hubWorld(t, seed)
			h.Add(&fakegithub.Fault{How: how, Request: regexp.MustCompile(request)})
			d := deploymentOf(w, aboutDeployment(7, 0), judgedCommit)
			if v, ok := d.lastVerified(t.Context(), "1.5.0"); ok {
				t.Errorf("%s %s: %+v", request, how, v)
			}
			warnedOnce(t, request+" "+how, d.found(), strings.ReplaceAll(words, "422", "no such commit"))
		}
	}
	_, w := hubWorld(t, seed)
	for name, i := range map[string]inputs{"none was named": aboutDeployment(0, 0), "no web address": func() inputs { i := aboutDeployment(7, 0); i.Service.URL = "tcp://db:5432"; return i }()} {
		if v, ok := deploymentOf(w, i, judgedCommit).lastVerified(t.Context(), "1.5.0"); ok {
			t.Errorf("%s: %+v", name, v)
		}
	}
	w.GitHub, _ = github.New(github.Options{})
	d := deploymentOf(w, aboutDeployment(7, 0), judgedCommit)
	d.lastVerified(t.Context(), "1.5.0")
	warnedOnce(t, "no token", d.found(), "token")
}
