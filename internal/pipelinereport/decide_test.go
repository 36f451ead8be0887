package pipelinereport

import (
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

const commit = "a1b2c3d4e5f60718293a4b5c6d7e8f9012345678"

// source is a result of an action, with a finding that bears its verdict.
func source(action string, v verdict.Verdict, minutes int) Source {
	return Source{Path: ".slipway/" + action + ".json", Size: 100, SHA256: strings.Repeat("0f", 32), Document: result.Document{
		Schema: result.Schema, Action: action, Tool: "1.4.0", Verdict: v, Sentence: action + " says " + string(v) + ".",
		Subject:   result.Subject{Repository: "acme/shop", SHA: commit, Ref: "refs/heads/main", Version: "1.2.0"},
		Run:       result.Run{ID: 42, Attempt: 1, URL: "https://github.com/acme/shop/actions/runs/42", Actor: "ada"},
		StartedAt: noon.Add(time.Duration(minutes) * time.Minute), FinishedAt: noon.Add(time.Duration(minutes)*time.Minute + 30*time.Second),
		Findings: []result.Finding{{ID: "f", Outcome: v.Outcome(), Title: "Finding of " + action, Observed: "seen", Threshold: "wanted", Next: map[bool]string{false: "Mend " + action + "."}[v == verdict.Pass]}},
	}}
}

// whole is a pipeline with a result of each stage, all of which pass.
func whole() Pipeline {
	p := Pipeline{Stages: Stages, Tool: "1.4.0", Made: noon.Add(24 * time.Hour)}
	for i, stage := range Stages {
		p.Sources = append(p.Sources, source(stage, verdict.Pass, 10*i))
	}
	return p
}

// The page is never greener than its worst document, and what is missing or does not belong together is no pass.
func TestWorstOfAll(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(p *Pipeline)
		want   verdict.Verdict
		says   string
	}{
		"all pass":       {func(*Pipeline) {}, verdict.Pass, "All 5 results pass."},
		"one fails":      {func(p *Pipeline) { p.Sources[2] = source("security-gate", verdict.Fail, 1) }, verdict.Fail, "1 of 5 results fails, 4 of 5 pass."},
		"one is unknown": {func(p *Pipeline) { p.Sources[3] = source("go-no-go", verdict.Unknown, 1) }, verdict.Unknown, "1 of 5 results is unknown, 4 of 5 pass."},
		"fail beats unknown": {func(p *Pipeline) {
			p.Sources[0].Document.Verdict = verdict.Unknown
			p.Sources[4] = source("deploy-verify", verdict.Fail, 1)
		}, verdict.Fail, "1 of 5 results fails, 1 of 5 is unknown, 3 of 5 pass."},
		"an earlier attempt":  {func(p *Pipeline) { p.Sources = append(p.Sources, source("deploy-verify", verdict.Fail, -60)) }, verdict.Fail, "1 of 6 results fails, 5 of 6 pass."},
		"a missing stage":     {func(p *Pipeline) { p.Sources = p.Sources[:4] }, verdict.Unknown, "All 4 results pass. No deploy-verify result was handed in."},
		"a stage not wanted":  {func(p *Pipeline) { p.Sources, p.Stages = p.Sources[:4], Stages[:4] }, verdict.Pass, "All 4 results pass."},
		"missing and failing": {func(p *Pipeline) { p.Sources = []Source{source("changelog", verdict.Fail, 1)} }, verdict.Fail, "1 of 1 result fails. No version-bump result was handed in. No security-gate result"},
		"nothing":             {func(p *Pipeline) { p.Sources, p.Stages = nil, nil }, verdict.Unknown, "There is no result."},
		"a foreign action":    {func(p *Pipeline) { p.Sources = append(p.Sources, source("magic", verdict.Unknown, 1)) }, verdict.Unknown, "1 of 6 results is unknown, 5 of 6 pass."},
		"no such verdict":     {func(p *Pipeline) { p.Sources[1].Document.Verdict = "green" }, verdict.Unknown, "1 of 5 results is unknown, 4 of 5 pass."},
		"evidence is worse":   {func(p *Pipeline) { p.Sources[4].Again = verdict.Fail }, verdict.Fail, "1 of 5 results fails, 4 of 5 pass."},
		"evidence is unknown": {func(p *Pipeline) { p.Sources[3].Again = verdict.Unknown }, verdict.Unknown, "1 of 5 results is unknown, 4 of 5 pass."},
		"evidence is better": {func(p *Pipeline) {
			p.Sources[3] = source("go-no-go", verdict.Fail, 1)
			p.Sources[3].Again = verdict.Pass
		}, verdict.Fail, "1 of 5 results fails, 4 of 5 pass."},
		"evidence is cut out": {func(p *Pipeline) { p.Sources[3].Cut = true }, verdict.Unknown, "1 of 5 results is unknown, 4 of 5 pass."},
		"evidence trimmed away": {func(p *Pipeline) {
			p.Sources[3].Cut, p.Sources[3].Document.Trimmed = true, true
		}, verdict.Pass, "All 5 results pass."},
		"evidence agrees":    {func(p *Pipeline) { p.Sources[3].Again = verdict.Pass }, verdict.Pass, "All 5 results pass."},
		"a pass of nothing":  {func(p *Pipeline) { p.Sources[2].Document.Findings = nil }, verdict.Unknown, "1 of 5 results is unknown, 4 of 5 pass."},
		"of warnings alone":  {func(p *Pipeline) { p.Sources[2].Document.Findings[0].Outcome = verdict.Warned }, verdict.Unknown, "1 of 5 results is unknown, 4 of 5 pass."},
		"another commit":     {func(p *Pipeline) { p.Sources[4].Document.Subject.SHA = "ffff" }, verdict.Unknown, "All 5 results pass. The results do not belong together."},
		"in the future":      {func(p *Pipeline) { p.Sources[4].Document.FinishedAt = p.Made.Add(time.Hour) }, verdict.Unknown, "All 5 results pass."},
		"clocks a bit apart": {func(p *Pipeline) { p.Sources[4].Document.FinishedAt = p.Made.Add(time.Minute) }, verdict.Pass, "All 5 results pass."},
		"backwards":          {func(p *Pipeline) { p.Sources[4].Document.StartedAt = p.Sources[4].Document.FinishedAt.Add(1) }, verdict.Unknown, "All 5 results pass."},
		"trimmed":            {func(p *Pipeline) { p.Sources[2].Document.Trimmed = true }, verdict.Pass, "All 5 results pass."},
	} {
		t.Run(name, func(t *testing.T) {
			p := whole()
			tc.change(&p)
			made := p.Page()
			if made.Verdict != tc.want {
				t.Errorf("it comes to %s, want %s", made.Verdict, tc.want)
			}
			banner := made.Page[0].(report.Banner)
			if banner.Outcome != tc.want.Outcome() {
				t.Errorf("the page shows %s, want %s", banner.Outcome, tc.want)
			}
			if said := banner.Text[0].Body; !strings.HasPrefix(said, tc.says) {
				t.Errorf("it says %q, want %q", said, tc.says)
			}
		})
	}
}

// Whatever verdicts there are, the headline is the worst of them.
func TestNeverGreener(t *testing.T) {
	all := []verdict.Verdict{verdict.Pass, verdict.Unknown, verdict.Fail}
	for n := range 3 * 3 * 3 * 3 * 3 {
		p, worst := whole(), 0
		for i := range p.Sources {
			v := n % 3
			n /= 3
			worst = max(worst, v)
			p.Sources[i] = source(Stages[i], all[v], i)
		}
		if got := p.Page().Verdict; got != all[worst] {
			t.Fatalf("%s of documents of which one is %s", got, all[worst])
		}
	}
}

func TestBelongTogether(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(s []Source)
		want   string // "" is that they do
	}{
		"all the same": {func([]Source) {}, ""},
		"commits":      {func(s []Source) { s[1].Document.Subject.SHA = "ffff" }, "the commit is not the same: " + commit + " in version-bump, security-gate, go-no-go, deploy-verify; ffff in changelog"},
		"repositories": {func(s []Source) { s[1].Document.Subject.Repository = "acme/web" }, "the repository is not the same: acme/shop in version-bump, security-gate, go-no-go, deploy-verify; acme/web in changelog"},
		"case": {func(s []Source) {
			s[1].Document.Subject.Repository = "Acme/Shop"
			s[1].Document.Subject.SHA = strings.ToUpper(commit)
		}, ""},
		"versions":           {func(s []Source) { s[4].Document.Subject.Version = "1.3.0" }, "the version is not the same: 1.2.0 in version-bump, changelog, security-gate, go-no-go; 1.3.0 in deploy-verify"},
		"a version's tag":    {func(s []Source) { s[4].Document.Subject.Version = "v1.2.0" }, ""},
		"no version":         {func(s []Source) { s[2].Document.Subject.Version = "" }, ""},
		"digests":            {func(s []Source) { s[3].Document.Subject.Digest, s[4].Document.Subject.Digest = "sha256:a", "sha256:b" }, "the image digest is not the same: sha256:a in go-no-go; sha256:b in deploy-verify"},
		"a commit not told":  {func(s []Source) { s[2].Document.Subject.SHA = "" }, "the commit is not the same: " + commit + " in version-bump, changelog, go-no-go, deploy-verify; not told by security-gate"},
		"no repository":      {func(s []Source) { each(s, func(u *result.Subject) { u.Repository = "" }) }, ""},
		"no commit anywhere": {func(s []Source) { each(s, func(u *result.Subject) { u.SHA = "" }) }, "no result tells its commit"},
		"refs":               {func(s []Source) { s[4].Document.Subject.Ref = "refs/tags/v1.2.0" }, ""},
	} {
		p := whole()
		tc.change(p.Sources)
		made := p.Page()
		got := strings.Join(weigh(p).mixed, " | ")
		if got != tc.want {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
		alert := made.Page[1:].Terminal(5000)
		if warned := strings.Contains(alert, "CAUTION: These results do not belong together: "+tc.want); warned != (tc.want != "") || warned == (made.Verdict == verdict.Pass) {
			t.Errorf("%s: the page says\n%.600s", name, alert)
		}
		if made.Title != "Release report: acme/shop 1.2.0" && name == "all the same" || tc.want != "" && strings.Contains(made.Title, "1.2.0") {
			t.Errorf("%s: its title is %q", name, made.Title)
		}
	}
	alone := Pipeline{Sources: whole().Sources[:1]}
	alone.Sources[0].Document.Subject = result.Subject{}
	if mixed := weigh(alone).mixed; mixed != nil {
		t.Errorf("one result does not belong to itself: %q", mixed)
	}
}

func each(sources []Source, f func(*result.Subject)) {
	for i := range sources {
		f(&sources[i].Document.Subject)
	}
}
