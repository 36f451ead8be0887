package versionbump

import (
	"slices"

	"github.com/slipway-actions/slipway/internal/change"
)

// data is the result document's own part.
type data struct {
	Version     string       `json:"version"`
	Tag         string       `json:"tag"`
	Previous    string       `json:"previousTag"` // "" where nothing was released before
	Bump        string       `json:"bump"`
	Changed     bool         `json:"changed"`
	ReleaseType string       `json:"releaseType,omitempty"`
	TypeReason  string       `json:"releaseTypeReason,omitempty"`
	Reason      string       `json:"reason"`
	Rules       []ruleData   `json:"rules"`      // that led to the version, in order
	Candidates  []tryData    `json:"candidates"` // versions that were tried, in order
	Commits     []commitData `json:"commits"`
	PassedOver  []passedData `json:"passedOver"` // tags that do not count, at most passedLimit
	Passed      int          `json:"passedOverCount"`
	Components  []partData   `json:"components,omitempty"`
	Files       []fileData   `json:"files"` // that carry the version, also those that did so already
}

type ruleData struct {
	Rule string `json:"rule"`
	Says string `json:"says"`
}

type tryData struct {
	Version string `json:"version"`
	Free    bool   `json:"free"`
	Why     string `json:"why,omitempty"` // not free
}

// commitData is a change; a commit whose body lists several has several.
type commitData struct {
	SHA      string `json:"sha"`
	Subject  string `json:"subject"`
	Level    string `json:"level"`
	Parsed   bool   `json:"parsed"`
	Breaking bool   `json:"breaking,omitempty"`
	State    string `json:"state"`           // counts, merges, repeats, reverted, reverts
	Other    string `json:"other,omitempty"` // id of the commit because of which it does not count
	Label    string `json:"label,omitempty"` // of its pull request, which decided the level
	Fresh    bool   `json:"fresh"`           // not yet in a pre-release of the channel
}

// partData is the decision about a component, or why there is none.
type partData struct {
	Component string `json:"component"`
	Version   string `json:"version,omitempty"`
	Tag       string `json:"tag,omitempty"`
	Changed   bool   `json:"changed"`
	Bump      string `json:"bump,omitempty"`
	Reason    string `json:"reason"`
}

type passedData struct {
	Tag string `json:"tag"`
	Why string `json:"why"`
}

// passedLimit is the most tags passed over that the document lists: a repository may have a nightly for
// each day of ten years.
const passedLimit = 500

// states are what became of a change, for documents.
var states = map[change.State]string{
	change.Counts: "counts", change.Merges: "merges", change.Repeats: "repeats", change.Reverted: "reverted", change.Reverts: "reverts",
}

func documentData(e evidence, d decision, tag string, components []component) data {
	doc := data{
		Version: d.version.String(), Tag: tag, Bump: d.bump, Changed: d.changed, ReleaseType: d.releaseType, TypeReason: d.typeReason, Reason: d.reason,
		Rules: []ruleData{}, Candidates: []tryData{}, Commits: []commitData{}, PassedOver: []passedData{}, Files: []fileData{},
	}
	if d.previous != nil {
		doc.Previous = d.previous.Name
	}
	for _, r := range d.rules {
		doc.Rules = append(doc.Rules, ruleData{r.name, r.says})
	}
	for _, c := range d.candidates {
		doc.Candidates = append(doc.Candidates, tryData{Version: c.version.String(), Free: c.taken == "", Why: c.taken})
	}
	doc.Commits = slices.Grow(doc.Commits, len(e.commits))
	for _, c := range e.commits {
		doc.Commits = append(doc.Commits, commitData{
			SHA: c.Commit.SHA, Subject: subject(c), Level: c.Level.String(), Parsed: c.Parsed, Breaking: c.Breaking,
			State: states[c.State], Other: c.Other, Label: c.Label, Fresh: c.New,
		})
	}
	passed := e.skipped()
	doc.Passed = len(passed)
	for _, p := range passed[:min(len(passed), passedLimit)] {
		doc.PassedOver = append(doc.PassedOver, passedData{Tag: p.Name, Why: p.Why})
	}
	for _, c := range components {
		part := partData{Component: c.line.component, Changed: c.changed, Bump: c.decision.bump, Reason: c.reason}
		if c.version != nil {
			part.Version, part.Tag = c.version.String(), c.line.prefix+c.version.String()
		} else {
			part.Reason = c.findings[0].Observed
		}
		doc.Components = append(doc.Components, part)
	}
	return doc
}
