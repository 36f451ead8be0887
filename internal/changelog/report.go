package changelog

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/commit"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
)

// data is the result document's own part. It tells of the release that is asked for alone.
type data struct {
	Version      string      `json:"version,omitempty"`
	Tag          string      `json:"tag,omitempty"`
	Previous     string      `json:"previous,omitempty"`
	Audience     string      `json:"audience"`
	File         string      `json:"file,omitempty"`
	Changed      bool        `json:"changed"`
	Breaking     int         `json:"breaking"`
	Entries      []entryData `json:"entries"`
	Left         []string    `json:"leftOut"`          // commits of types that no section lists
	Unread       []string    `json:"unparsed"`         // commits without a type
	Hidden       []leftData  `json:"hidden,omitempty"` // from this audience
	Folded       []leftData  `json:"folded,omitempty"` // commits that do not count
	Contributors []string    `json:"contributors,omitempty"`
}

type entryData struct {
	Section     string   `json:"section"`
	Why         string   `json:"why"` // it stands there
	Scope       string   `json:"scope,omitempty"`
	Description string   `json:"description"`
	Migration   string   `json:"migration,omitempty"`
	Pull        string   `json:"pull,omitempty"`
	Issues      []string `json:"issues,omitempty"`
	Advisories  []string `json:"advisories,omitempty"`
	Commits     []string `json:"commits"`
}

type leftData struct {
	Commit string `json:"commit"`
	Why    string `json:"why"`
}

// shown is the most commits that a page lists; the result file has all.
const shown = 50

func outcome(e evidence, d decision, changed bool, notesFile string) action.Outcome {
	o := action.Outcome{Findings: d.findings, Verdict: result.VerdictOf(d.findings)}
	values := map[string]string{"changed": "false", "breaking": "false", "entries": "0"}
	if d.unknown {
		o.Sentence = "the notes are unknown: " + d.findings[0].Observed + "."
		o.Page = report.Page{report.Findings(d.findings)}
	} else {
		n := d.notes
		if n.version != nil {
			o.Subject.Version = n.version.String()
		}
		o.Sentence = fmt.Sprintf("%s for %s since %s; %s.", report.Count(n.shown, "entry"), orUnreleased(n.tag), orFirst(n.previous), d.findings[len(d.findings)-1].Observed)
		doc := documentData(e, d, changed)
		o.Data = doc
		o.Page = page(d, doc)
		values["notes"], values["notes-file"] = clipped(d.body, notesFile), notesFile
		values["changed"], values["breaking"] = strconv.FormatBool(changed), strconv.FormatBool(n.breaking > 0)
		values["entries"] = strconv.Itoa(n.shown)
	}
	for _, name := range []string{"notes", "notes-file", "changed", "breaking", "entries", "release-url", "commit", "pull-request"} {
		o.Outputs = append(o.Outputs, action.Output{Name: name, Value: values[name]})
	}
	return o
}

// outputLimit is the most bytes of notes that go into an output: a job's outputs hold 1 MiB together,
// and a release's text 125,000 characters.
const outputLimit = 100_000

// clipped cuts notes between lines, and says where the rest is.
func clipped(body, file string) string {
	if len(body) <= outputLimit {
		return body
	}
	end := strings.LastIndexByte(body[:outputLimit], '\n') + 1
	return body[:end] + fmt.Sprintf("\n… and %s more, in %s.\n", report.Count(strings.Count(body[end:], "\n- ")+1, "line"), file)
}

func documentData(e evidence, d decision, changed bool) data {
	n := d.notes
	doc := data{
		Tag: n.tag, Previous: n.previous, Audience: e.view.audience, File: e.file, Changed: changed, Breaking: n.breaking,
		Entries: []entryData{}, Left: subjects(n.left), Unread: subjects(n.unread), Hidden: leftOut(n.hidden), Folded: leftOut(n.folded),
	}
	if n.version != nil {
		doc.Version = n.version.String()
	}
	for _, g := range n.groups {
		for _, one := range g.entries {
			doc.Entries = append(doc.Entries, entryData{
				Section: g.title, Why: one.why, Scope: one.Scope, Description: one.said, Migration: one.more, Pull: one.Pull,
				Issues: one.issues, Advisories: one.advisories, Commits: append([]string{one.Commit.SHA}, one.Also...),
			})
		}
	}
	for _, p := range n.people {
		doc.Contributors = append(doc.Contributors, cmp.Or(p.login, p.name))
	}
	return doc
}

func leftOut(list []left) []leftData {
	var all []leftData
	for _, one := range list {
		all = append(all, leftData{subjects([]*commit.Commit{one.commit})[0], one.why})
	}
	return all
}

func page(d decision, doc data) report.Page {
	var page report.Page
	if d.body != "" {
		page = append(page, report.Markdown(d.body))
	}
	return append(page, behind(d.findings, doc)...)
}

func subjects(commits []*commit.Commit) []string {
	list := make([]string, len(commits))
	for i, c := range commits {
		list[i] = commit.Short(c.SHA) + " " + c.Subject()
	}
	return list
}

func orUnreleased(tag string) string {
	if tag == "" {
		return "what is not released yet"
	}
	return tag
}
