package versionbump

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/change"
	"github.com/slipway-actions/slipway/internal/commit"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/semver"
)

// shown is the most commits and tags that a page lists; the result file has all.
const shown = 50

func outcome(e evidence, d decision, components []component) action.Outcome {
	o := action.Outcome{Findings: d.findings, Verdict: result.VerdictOf(d.findings)}
	if d.version == nil {
		o.Sentence = "the next version is unknown: " + d.findings[0].Observed + "."
		o.Outputs = outputs(e, d, nil)
		o.Page = report.Page{report.Findings(d.findings)}
		return o
	}
	tag := e.line.prefix + d.version.String()
	o.Subject.Version = d.version.String()
	o.Sentence = fmt.Sprintf("%s — %s.", tag, d.reason)
	if !d.changed {
		o.Sentence = fmt.Sprintf("nothing to release: %s.", d.reason)
	}
	o.Outputs = outputs(e, d, components)
	doc := documentData(e, d, tag, components)
	o.Data = doc
	o.Page = page(e, d, doc)
	return o
}

func outputs(e evidence, d decision, components []component) []action.Output {
	text := map[string]string{"bump": "none", "changed": strconv.FormatBool(d.changed), "commits": strconv.Itoa(count(e.commits)), "matrix": matrix(e, d, components)}
	if v := d.version; v != nil {
		text["version"], text["tag"], text["bump"] = v.String(), e.line.prefix+v.String(), d.bump
		text["major"], text["minor"], text["patch"] = fmt.Sprint(v.Major()), fmt.Sprint(v.Minor()), fmt.Sprint(v.Patch())
		text["prerelease"], text["release-type"] = v.Prerelease(), d.releaseType
	}
	if d.previous != nil {
		text["previous-version"], text["previous-tag"] = d.previous.Version.String(), d.previous.Name
	}
	var all []action.Output
	for _, name := range []string{"version", "tag", "previous-version", "previous-tag", "bump", "changed", "major", "minor", "patch", "prerelease", "release-type", "commits", "matrix"} {
		all = append(all, action.Output{Name: name, Value: text[name]})
	}
	return all
}

// component is the decision about one component of a monorepo.
type component struct {
	evidence
	decision
}

// matrix is JSON for strategy.matrix: an entry for each line of versions that changed.
func matrix(e evidence, d decision, components []component) string {
	type entry struct {
		Component   string `json:"component"`
		Version     string `json:"version"`
		Tag         string `json:"tag"`
		PreviousTag string `json:"previous-tag"`
		Bump        string `json:"bump"`
	}
	all := struct {
		Include []entry `json:"include"`
	}{Include: []entry{}}
	if len(components) == 0 {
		components = []component{{e, d}}
	}
	for _, c := range components {
		if !c.changed {
			continue
		}
		one := entry{Component: c.line.component, Version: c.version.String(), Tag: c.line.prefix + c.version.String(), Bump: c.decision.bump}
		if c.previous != nil {
			one.PreviousTag = c.previous.Name
		}
		all.Include = append(all.Include, one)
	}
	text, err := json.Marshal(all)
	if err != nil {
		return "" // strings alone always encode
	}
	return string(text)
}

func page(e evidence, d decision, doc data) report.Page {
	page := append(totals(doc, count(e.commits)), remarks(d.findings[1:])...)
	page = append(page, report.Details{Summary: howSummary, Body: report.Page{ruleTable(doc)}})
	if len(e.commits) > 0 {
		page = append(page, report.Details{Summary: report.Count(count(e.commits), "commit") + " and what each asks for", Body: report.Page{commitTable(e.commits)}})
	}
	return append(page, passedOver(doc)...)
}

// fate is what became of a change, for people.
func fate(c judged) string {
	other := commit.Short(c.Other)
	switch {
	case c.State == change.Repeats:
		return "the same as " + other
	case c.State == change.Reverted:
		return "undone by " + other
	case c.State == change.Reverts && c.Level != semver.None:
		return fmt.Sprintf("%s: undoes %s, which is released", c.Level, other)
	case c.State == change.Reverts && c.Anew != semver.None:
		return "undoes " + other + ", which a pre-release has"
	case c.State == change.Reverts:
		return "undoes " + other
	case c.State == change.Merges:
		return "merges"
	case c.Label != "":
		return fmt.Sprintf("%s, by the label %s of #%d", c.Level, short(c.Label), c.Pull)
	case c.untyped():
		return "no type"
	}
	return c.Level.String()
}

func commitTable(changes []judged) report.Table {
	t := report.Table{Header: []string{"Commit", "Asks for", "Subject"}}
	for _, c := range changes {
		if c.State == change.Merges {
			continue
		}
		var row []report.Text // those that are not shown are but counted
		if len(t.Rows) < shown {
			row = []report.Text{report.Code(commit.Short(c.Commit.SHA)), report.T(fate(c)), report.T(short(subject(c)))}
		}
		t.Rows = append(t.Rows, row)
	}
	return t.First(shown)
}

// skipped are the tags that do not count, and why: first those above the base.
func (e evidence) skipped() []semver.Passed {
	var found []semver.Passed
	for _, r := range e.releases {
		pre := r.Version.Prerelease() != ""
		switch above := e.final == nil || r.Version.GreaterThan(e.final.Version); {
		case e.latest != nil && r.Name == e.latest.Name:
		case pre && (e.channel == "" || semver.Channel(r.Version) != e.channel):
			found = append(found, semver.Passed{Name: r.Name, Why: "is a pre-release; it counts on its channel " + semver.Channel(r.Version) + " alone"})
		case !r.Reachable && (above || e.known):
			found = append(found, semver.Passed{Name: r.Name, Why: "is not in the history of this commit: it was made on another branch"})
		case !pre && above:
			found = append(found, semver.Passed{Name: r.Name, Why: "is outside of the range of this maintenance branch"})
		}
	}
	return append(found, e.passed...)
}
