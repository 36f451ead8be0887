package changelog

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/commit"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
)

// data is the result document's own part.
type data struct {
	Version  string      `json:"version,omitempty"`
	Tag      string      `json:"tag,omitempty"`
	Previous string      `json:"previous,omitempty"`
	File     string      `json:"file,omitempty"`
	Changed  bool        `json:"changed"`
	Breaking int         `json:"breaking"`
	Entries  []entryData `json:"entries"`
	Left     []string    `json:"leftOut"`  // commits of types that no section lists
	Unread   []string    `json:"unparsed"` // commits without a type
}

type entryData struct {
	Section     string   `json:"section"`
	Scope       string   `json:"scope,omitempty"`
	Description string   `json:"description"`
	Migration   string   `json:"migration,omitempty"`
	Pull        string   `json:"pull,omitempty"`
	Commits     []string `json:"commits"`
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
		o.Sentence = fmt.Sprintf("%s for %s since %s; %s.", report.Count(n.count(), "entry"), orUnreleased(n.tag), orFirst(n.previous), d.findings[len(d.findings)-1].Observed)
		o.Data = documentData(e, d, changed)
		o.Page = page(d)
		values["notes"], values["notes-file"] = clipped(d.body, notesFile), notesFile
		values["changed"], values["breaking"] = strconv.FormatBool(changed), strconv.FormatBool(len(n.breaking) > 0)
		values["entries"] = strconv.Itoa(n.count())
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
	doc := data{
		Tag: d.notes.tag, Previous: d.notes.previous, File: e.file, Changed: changed, Breaking: len(d.notes.breaking),
		Entries: []entryData{}, Left: subjects(d.notes.left), Unread: subjects(d.notes.unread),
	}
	if d.notes.version != nil {
		doc.Version = d.notes.version.String()
	}
	add := func(section string, entries []entry) {
		for _, one := range entries {
			doc.Entries = append(doc.Entries, entryData{
				Section: section, Scope: one.Scope, Description: one.Description, Migration: one.Migration, Pull: one.Pull, Commits: one.shas,
			})
		}
	}
	add("Breaking changes", d.notes.breaking)
	for _, g := range d.notes.groups {
		add(g.title, g.entries)
	}
	return doc
}

func page(d decision) report.Page {
	var page report.Page
	if d.body != "" {
		page = append(page, report.Markdown(d.body))
	}
	page = append(page, commitList("without a type, not in the notes", d.notes.unread)...)
	return append(page, commitList("of other types, not in the notes", d.notes.left)...)
}

// commitList folds away commits that the notes leave out; nothing where there are none.
func commitList(what string, commits []commit.Commit) report.Page {
	if len(commits) == 0 {
		return nil
	}
	var list report.List
	for i, s := range subjects(commits) {
		if i == shown {
			list.Items = append(list.Items, report.T(fmt.Sprintf("and %d more", len(commits)-shown)))
			break
		}
		list.Items = append(list.Items, report.T(s))
	}
	return report.Page{report.Details{Summary: report.Count(len(commits), "commit") + " " + what, Body: report.Page{list}}}
}

func subjects(commits []commit.Commit) []string {
	list := make([]string, len(commits))
	for i, c := range commits {
		list[i] = c.SHA[:min(7, len(c.SHA))] + " " + c.Subject()
	}
	return list
}

func orUnreleased(tag string) string {
	if tag == "" {
		return "what is not released yet"
	}
	return tag
}
