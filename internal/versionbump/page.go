package versionbump

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/change"
	"github.com/slipway-actions/slipway/internal/commit"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// The parts of a page that the result document has all of: the page of a run and the page that is made of
// the document later are drawn by the same code.

const howSummary = "How the version came about"

// totals are the versions, and those of the components.
func totals(doc data, commits int) report.Page {
	page := report.Page{report.Table{
		Header: []string{"Next tag", "Previous tag", "Bump", "Commits", "Release type"},
		Rows: [][]report.Text{{
			report.Code(doc.Tag), report.Code(cmp.Or(doc.Previous, "none")), report.T(doc.Bump), report.T(strconv.Itoa(commits)), report.T(cmp.Or(doc.ReleaseType, "–")),
		}},
	}}
	if len(doc.Components) > 0 {
		page = append(page, componentTable(doc.Components))
	}
	return page
}

// remarks are the findings that are no part of the decision.
func remarks(findings []result.Finding) report.Page {
	var page report.Page
	for _, f := range findings {
		kind, text := report.Warning, f.Title+": "+f.Observed+"."
		if f.Outcome == verdict.Skipped {
			kind = report.Note
		}
		if f.Next != "" {
			text += " " + f.Next
		}
		page = append(page, report.Alert{Kind: kind, Text: report.T(text)})
	}
	return page
}

func ruleTable(doc data) report.Table {
	t := report.Table{Header: []string{"Rule", "What it says"}}
	for _, r := range doc.Rules {
		t.Rows = append(t.Rows, []report.Text{report.T(r.Rule), report.T(r.Says)})
	}
	for _, c := range doc.Candidates {
		says := report.T(c.Version + " is free")
		if !c.Free {
			says = report.T(c.Version + " is not free: " + c.Why)
		}
		t.Rows = append(t.Rows, []report.Text{report.T("candidate"), says})
	}
	if doc.Changed {
		t.Rows = append(t.Rows, []report.Text{report.T("release type"), report.T(doc.ReleaseType + ": " + doc.TypeReason)})
	}
	return t
}

func componentTable(components []partData) report.Table {
	t := report.Table{Header: []string{"Component", "Next tag", "Bump", "Why"}}
	for _, c := range components {
		next := report.T("–")
		if c.Changed {
			next = report.Code(c.Tag)
		}
		t.Rows = append(t.Rows, []report.Text{report.T(c.Component), next, report.T(cmp.Or(c.Bump, "–")), report.T(c.Reason)})
	}
	return t
}

// passedOver folds the tags away that do not count.
func passedOver(doc data) report.Page {
	if len(doc.PassedOver) == 0 {
		return nil
	}
	t := report.Table{Header: []string{"Tag", "Why"}}
	listed := min(len(doc.PassedOver), shown)
	for _, p := range doc.PassedOver[:listed] {
		t.Rows = append(t.Rows, []report.Text{report.Code(p.Tag), report.T(p.Why)})
	}
	all := max(doc.Passed, len(doc.PassedOver))
	if all > listed {
		t.Rows = append(t.Rows, []report.Text{report.T(fmt.Sprintf("… and %d more", all-listed))})
	}
	return report.Page{report.Details{Summary: report.Count(all, "tag") + " passed over", Body: report.Page{t}}}
}

// shownAgain is a result document as a page. One of a run that could not decide holds no figures.
func shownAgain(document []byte) (action.Shown, error) {
	var held struct {
		Findings []result.Finding `json:"findings"`
		Data     data             `json:"data"`
	}
	if err := json.Unmarshal(document, &held); err != nil {
		return action.Shown{}, fmt.Errorf("read the data of version-bump: %w", err)
	}
	doc := held.Data
	if doc.Tag == "" {
		return action.Shown{}, nil
	}
	var commits []commitData
	seen := map[string]bool{}
	for _, c := range doc.Commits {
		if c.State != states[change.Merges] {
			commits = append(commits, c)
			seen[c.SHA] = true
		}
	}
	page := append(totals(doc, len(seen)), remarks(except(held.Findings, verdict.Passed))...)
	if len(commits) > 0 {
		page = append(page, report.Details{Summary: report.Count(len(seen), "commit") + " and what each asks for", Body: report.Page{keptCommits(commits)}})
	}
	if len(doc.Files) > 0 {
		page = append(page, fileTable(doc.Files))
	}
	page = append(page, report.Details{Summary: howSummary, Body: report.Page{ruleTable(doc)}})
	return action.Shown{Page: append(page, passedOver(doc)...)}, nil
}

func except(findings []result.Finding, o verdict.Outcome) []result.Finding {
	var kept []result.Finding
	for _, f := range findings {
		if f.Outcome != o {
			kept = append(kept, f)
		}
	}
	return kept
}

func keptCommits(commits []commitData) report.Table {
	t := report.Table{Header: []string{"Commit", "Asks for", "Subject", "Remark"}}
	for _, c := range commits {
		var row []report.Text // those that are not shown are but counted
		if len(t.Rows) < shown {
			row = []report.Text{report.Code(commit.Short(c.SHA)), report.T(c.Level), report.T(short(c.Subject)), report.T(c.remark())}
		}
		t.Rows = append(t.Rows, row)
	}
	return t.First(shown)
}

// remark is why a change does not count as it stands; "" where it does.
func (c commitData) remark() string {
	switch {
	case c.State == states[change.Repeats]:
		return "the same as " + commit.Short(c.Other)
	case c.State == states[change.Reverted]:
		return "undone by " + commit.Short(c.Other)
	case c.State == states[change.Reverts]:
		return "undoes " + commit.Short(c.Other)
	case c.Label != "":
		return "by the label " + short(c.Label)
	case c.Breaking:
		return "breaking"
	case !c.Parsed:
		return "no type"
	}
	return ""
}

func fileTable(files []fileData) report.Table {
	t := report.Table{Header: []string{"File with the version", "Written", "SHA-256"}}
	for _, f := range files {
		t.Rows = append(t.Rows, []report.Text{report.Code(f.Path), report.T(map[bool]string{true: "yes", false: "carried it already"}[f.Changed]), report.Code(f.SHA256)})
	}
	return t.First(shown)
}
