package changelog

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/slipway-actions/slipway/internal/commit"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// decision is what the notes say, and what becomes of the file.
type decision struct {
	notes    notes // of the release that was asked for
	body     string
	file     []byte // what the file becomes; nil where it stays as it is
	findings []result.Finding
	unknown  bool
}

// notes are a release's entries, arranged.
type notes struct {
	release
	breaking []entry
	groups   []group
	left     []commit.Commit // of types that no section lists
	unread   []commit.Commit // without a type
}

// group is a section's entries.
type group struct {
	title   string
	entries []entry
}

// entry is one change; the same change may have come in several commits.
type entry struct {
	commit.Change
	shas []string // newest first
}

func (n notes) count() int {
	count := len(n.breaking)
	for _, g := range n.groups {
		count += len(g.entries)
	}
	return count
}

func decide(e evidence) decision {
	if f, missing := e.tags.Missing(e.prefix); missing {
		return decision{findings: []result.Finding{f}, unknown: true}
	}
	d := decision{notes: arrange(e.releases[0], e.sections)}
	if len(d.notes.commits) > 0 {
		d.body = render(d.notes.parts(e.links))
	}
	d.findings = []result.Finding{{ID: "notes", Outcome: verdict.Passed, Title: "Notes", Observed: report.Count(d.notes.count(), "entry") + " from " + report.Count(len(d.notes.commits), "commit")}}
	if f, doubt := e.tags.Doubt(); doubt {
		d.findings = append(d.findings, f)
	}
	if n := len(d.notes.unread); n > 0 {
		d.findings = append(d.findings, result.Finding{
			ID: "unparsed-commits", Outcome: verdict.Warned, Title: "Commits without a type", Observed: fmt.Sprintf("%d of %d commits are not Conventional Commits and are not in the notes", n, len(d.notes.commits)),
			Next: "Look through them below.",
		})
	}
	finding, file := edited(e, d.notes)
	d.file = file
	d.findings = append(d.findings, finding)
	return d
}

// edited is what the file becomes, and the finding that says so.
func edited(e evidence, asked notes) (result.Finding, []byte) {
	f := result.Finding{ID: "file", Outcome: verdict.Skipped, Title: "Changelog file"}
	switch {
	case e.file == "":
		f.Observed = "none is written: the input file is empty"
		return f, nil
	case asked.version == nil:
		f.Observed = e.file + " stays as it is: no version was given, and the commit has no release tag"
		return f, nil
	case len(asked.commits) == 0:
		f.Observed = fmt.Sprintf("%s stays as it is: there is no commit between %s and %s", e.file, orFirst(asked.previous), asked.tag)
		return f, nil
	}
	book := open(e.old)
	var added []string
	for i, r := range slices.Backward(e.releases) {
		if r.version == nil || book.has(r.version) {
			continue
		}
		longer, ok := book.add(arrange(r, e.sections), e.links, i == 0)
		if !ok {
			f.Outcome = verdict.Undecided
			f.Observed = fmt.Sprintf("%s cannot take a section for %s: a block of code, a comment or HTML in it does not end, and would swallow the section", e.file, r.tag)
			f.Next = "Close that block in the file; a preview of the file shows where it begins."
			return f, nil
		}
		book = longer
		added = append(added, r.tag)
	}
	f.Outcome = verdict.Passed
	if len(added) == 0 {
		f.Observed = fmt.Sprintf("%s has a section for %s already and stays as it is", e.file, asked.tag)
		return f, nil
	}
	f.Observed = fmt.Sprintf("%s gets a section for %s", e.file, asked.tag)
	if len(added) > 1 {
		f.Observed = fmt.Sprintf("%s gets %d sections, from %s to %s", e.file, len(added), added[0], added[len(added)-1])
	}
	return f, book.text
}

// arrange sorts commits into the policy's sections, newest first. What breaks leads, whatever its
// type; merges count only where their own subject is a conventional one.
func arrange(r release, sections []policy.Section) notes {
	n := notes{release: r}
	groups := map[string][]entry{}
	for _, c := range r.commits {
		change, ok := commit.Parse(c.Message)
		title := ""
		for _, s := range sections {
			if ok && slices.Contains(s.Types, change.Type) {
				title = s.Title
				break
			}
		}
		switch {
		case change.Breaking:
			n.breaking = merge(n.breaking, change, c.SHA)
		case title != "":
			groups[title] = merge(groups[title], change, c.SHA)
		case ok:
			n.left = append(n.left, c)
		case !c.Merge():
			n.unread = append(n.unread, c)
		}
	}
	for _, s := range sections {
		if entries := groups[s.Title]; len(entries) > 0 && !slices.ContainsFunc(n.groups, func(g group) bool { return g.title == s.Title }) {
			n.groups = append(n.groups, group{s.Title, entries})
		}
	}
	return n
}

// merge adds a change, or the commit alone where the same change is there: a pull request that was
// merged as a branch and as a squash, or a commit that was picked.
func merge(entries []entry, c commit.Change, sha string) []entry {
	for i, e := range entries {
		if c.Type == e.Type && c.Scope == e.Scope && c.Description == e.Description && (c.Pull == e.Pull || c.Pull == "" || e.Pull == "") {
			entries[i].shas = append(entries[i].shas, sha)
			entries[i].Pull, entries[i].Migration = cmp.Or(e.Pull, c.Pull), cmp.Or(e.Migration, c.Migration)
			return entries
		}
	}
	return append(entries, entry{Change: c, shas: []string{sha}})
}

func orFirst(previous string) string {
	if previous == "" {
		return "the first commit"
	}
	return previous
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }
