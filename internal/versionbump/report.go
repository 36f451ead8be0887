package versionbump

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/commit"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/semver"
)

// data is the result document's own part.
type data struct {
	Version     string       `json:"version"`
	Tag         string       `json:"tag"`
	Previous    string       `json:"previousTag,omitempty"`
	Bump        string       `json:"bump"`
	Changed     bool         `json:"changed"`
	ReleaseType string       `json:"releaseType,omitempty"`
	Reason      string       `json:"reason"`
	Commits     []commitData `json:"commits"`
	PassedOver  []passedData `json:"passedOver"` // tags that carry no version of this line
	Files       []fileData   `json:"files"`      // that carry the version, also those that did so already
}

type commitData struct {
	SHA      string `json:"sha"`
	Subject  string `json:"subject"`
	Level    string `json:"level"`
	Parsed   bool   `json:"parsed"`
	Breaking bool   `json:"breaking,omitempty"`
}

type passedData struct {
	Tag string `json:"tag"`
	Why string `json:"why"`
}

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
	o.Data = documentData(e, d, tag)
	o.Page = page(e, d, tag, components)
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

func documentData(e evidence, d decision, tag string) data {
	doc := data{
		Version: d.version.String(), Tag: tag, Bump: d.bump, Changed: d.changed, ReleaseType: d.releaseType, Reason: d.reason,
		Commits: []commitData{}, PassedOver: []passedData{}, Files: []fileData{},
	}
	if d.previous != nil {
		doc.Previous = d.previous.Name
	}
	for _, c := range e.commits {
		doc.Commits = append(doc.Commits, commitData{SHA: c.SHA, Subject: commit.Subject(c.Message), Level: c.Level.String(), Parsed: c.Parsed, Breaking: c.Breaking})
	}
	for _, p := range e.passed {
		doc.PassedOver = append(doc.PassedOver, passedData{Tag: p.Name, Why: p.Why})
	}
	return doc
}

func page(e evidence, d decision, tag string, components []component) report.Page {
	previous := "none"
	if d.previous != nil {
		previous = d.previous.Name
	}
	page := report.Page{report.Table{
		Header: []string{"Next tag", "Previous tag", "Bump", "Commits", "Release type"},
		Rows:   [][]report.Text{{report.Code(tag), report.Code(previous), report.T(d.bump), report.T(strconv.Itoa(count(e.commits))), report.T(cmp.Or(d.releaseType, "–"))}},
	}}
	if len(components) > 0 {
		page = append(page, componentTable(components))
	}
	for _, f := range d.findings[1:] {
		page = append(page, report.Alert{Kind: report.Warning, Text: report.T(f.Title + ": " + f.Observed + ". " + f.Next)})
	}
	if len(e.commits) > 0 {
		page = append(page, report.Details{Summary: report.Count(count(e.commits), "commit") + " and what each asks for", Body: report.Page{commitTable(e.commits)}})
	}
	if len(e.passed) > 0 {
		page = append(page, report.Details{Summary: report.Count(len(e.passed), "tag") + " passed over", Body: report.Page{passedTable(e.passed)}})
	}
	return page
}

func componentTable(components []component) report.Table {
	t := report.Table{Header: []string{"Component", "Next tag", "Bump", "Why"}}
	for _, c := range components {
		next := report.T("–")
		if c.changed {
			next = report.Code(c.line.prefix + c.version.String())
		}
		why := c.reason
		if c.version == nil {
			why = c.findings[0].Observed
		}
		t.Rows = append(t.Rows, []report.Text{report.T(c.line.component), next, report.T(cmp.Or(c.decision.bump, "–")), report.T(why)})
	}
	return t
}

func commitTable(changes []change) report.Table {
	t := report.Table{Header: []string{"Commit", "Asks for", "Subject"}}
	for _, c := range changes {
		if c.Merge() && c.Level == 0 {
			continue
		}
		asks := c.Level.String()
		if !c.Parsed {
			asks = "no type"
		}
		t.Rows = append(t.Rows, []report.Text{report.Code(c.SHA[:min(len(c.SHA), 7)]), report.T(asks), report.T(short(commit.Subject(c.Message)))})
	}
	return t.First(shown)
}

func passedTable(passed []semver.Passed) report.Table {
	t := report.Table{Header: []string{"Tag", "Why"}}
	for _, p := range passed {
		t.Rows = append(t.Rows, []report.Text{report.Code(p.Name), report.T(p.Why)})
	}
	return t.First(shown)
}
