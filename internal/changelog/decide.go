package changelog

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

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
	wrong    error // what is wrong with the template; nothing else holds then
}

func decide(e evidence) decision {
	if f, missing := e.tags.Missing(e.prefix); missing {
		return decision{findings: []result.Finding{f}, unknown: true}
	}
	a := e.arrangement
	d := decision{notes: a.arrange(e.releases[0])}
	if d.notes.counted() > 0 {
		if d.body, d.wrong = a.body(d.notes); d.wrong != nil {
			return d
		}
	}
	d.findings = []result.Finding{{ID: "notes", Outcome: verdict.Passed, Title: "Notes", Observed: report.Count(d.notes.shown, "entry") + " from " + report.Count(d.notes.counted(), "commit")}}
	if f, doubt := e.tags.Doubt(); doubt {
		d.findings = append(d.findings, f)
	}
	if n := len(d.notes.unread); n > 0 {
		d.findings = append(d.findings, result.Finding{
			ID: "unparsed-commits", Outcome: verdict.Warned, Title: "Commits without a type", Observed: fmt.Sprintf("%d of %d commits are not Conventional Commits and are not in the notes", n, d.notes.counted()),
			Next: "Look through them below.",
		})
	}
	if e.trouble != nil {
		d.findings = append(d.findings, result.Finding{
			ID: "contributors", Outcome: verdict.Warned, Title: "Contributors", Observed: "they go by the names of the log, for GitHub did not tell their logins: " + e.trouble.Error(),
			Next: "Nothing, if names do. Else give a github-token with the permission contents: read, and push the commits first.",
		})
	}
	finding, file, wrong := edited(e, d.notes)
	d.file, d.wrong = file, wrong
	d.findings = append(d.findings, finding)
	return d
}

// body are the notes: of the template where there is one, else the sections and what follows them.
func (a arrangement) body(n notes) (string, error) {
	if a.layout != nil {
		return a.layout.execute(a.data(n))
	}
	return render(a.parts(n)) + a.ending(n), nil
}

// section is what notes become in the file.
func (a arrangement) section(n notes) (section, error) {
	s := section{release: n.release, free: a.layout != nil}
	if a.layout == nil {
		s.parts = a.parts(n)
	} else {
		text, err := a.layout.execute(a.data(n))
		if err != nil {
			return s, err
		}
		if s.parts, err = partsOfText(text); err != nil {
			return s, err
		}
	}
	return s, nil
}

// marked gives a section its mark: its text may name no commits, or a person may take the newest out.
func (s *section) marked() {
	if len(s.commits) > 0 && render(s.parts) != nothingToTell {
		s.mark = mark(s.commits[0].SHA)
	}
}

// errHeading says that a template would write what ends a section.
var errHeading = errors.New("it writes a heading of the first two levels or of a version, or ends in link definitions, which would end the section in the file; begin headings with ### or more, write links in the text, or set the input file to empty")

// partsOfText reads the groups that a template wrote.
func partsOfText(text string) ([]part, error) {
	b := open([]byte("## 0.0.0\n\n" + text))
	if len(b.chapters) == 0 || b.chapters[0].end < len(b.text) && !blank(b.text[b.chapters[0].end:]) {
		return nil, errHeading
	}
	return b.partsOf(b.chapters[0]), nil
}

// edited is what the file becomes, and the finding that says so.
func edited(e evidence, asked notes) (f result.Finding, file []byte, wrong error) {
	f = result.Finding{ID: "file", Outcome: verdict.Skipped, Title: "Changelog file"}
	switch {
	case e.file == "":
		f.Observed = "none is written: the input file is empty"
		return f, nil, nil
	case asked.version == nil:
		f.Observed = e.file + " stays as it is: no version was given, and the commit has no release tag"
		return f, nil, nil
	case asked.counted() == 0:
		f.Observed = fmt.Sprintf("%s stays as it is: there is no commit between %s and %s", e.file, orFirst(asked.previous), asked.tag)
		return f, nil, nil
	}
	book := open(e.old)
	var done []string
	f.Outcome = verdict.Passed
	if at, ok := book.versions[key(asked.version)]; ok {
		r, err := e.revised(book, book.chapters[at], asked)
		if err != nil {
			return f, nil, err
		}
		f.Observed = fmt.Sprintf("%s has a section for %s already and stays as it is%s", e.file, asked.tag, r.word())
		if r.broken {
			f.Outcome, f.Next = verdict.Warned, "Close the block of code or the comment in the section, then run the step again."
		}
		if r.stale {
			f.Outcome, f.Next = verdict.Warned, "If the history was rewritten, delete the section and run the step again: it is made anew."
		}
		if len(r.edits) > 0 {
			f.Observed = fmt.Sprintf("%s has a section for %s already, which is brought up to date%s", e.file, asked.tag, r.word())
			file = book.apply(r.edits...)
			book = open(file)
		}
	}
	var missing []section
	older := e.arrangement
	older.uncredited = older.layout == nil // the built-in form of the file names nobody
	for i, r := range slices.Backward(e.releases) {
		if r.version == nil || book.has(r.version) {
			continue
		}
		n := asked
		if i > 0 {
			n = older.arrange(r)
		}
		s, err := e.arrangement.section(n)
		if err != nil {
			return f, nil, fmt.Errorf("%s: %w", r.tag, err)
		}
		if i == 0 {
			s.marked()
		}
		missing = append(missing, s)
		done = append(done, r.tag)
	}
	if len(missing) == 0 {
		return f, file, nil
	}
	text, swallowed := book.add(missing, e.arrangement.links, key(missing[len(missing)-1].version) == key(asked.version))
	if swallowed != nil {
		f.Outcome = verdict.Undecided
		f.Observed = fmt.Sprintf("%s cannot take a section for %s: a block of code, a comment or HTML in it does not end, and would swallow the section", e.file, swallowed.tag)
		f.Next = "Close that block in the file; a preview of the file shows where it begins."
		if e.arrangement.layout != nil {
			f.Next = "Close that block in the file, or in what the template writes; a preview of the file shows where it begins."
		}
		return f, nil, nil
	}
	f.Observed = strings.TrimPrefix(f.Observed+fmt.Sprintf("; %s gets a section for %s", e.file, done[0]), "; ")
	if len(done) > 1 {
		f.Observed = strings.TrimSuffix(f.Observed, fmt.Sprintf("a section for %s", done[0])) + fmt.Sprintf("%d sections, from %s to %s", len(done), done[0], done[len(done)-1])
	}
	return f, text, nil
}

// revised is what becomes of the section of the release that is asked for.
func (e evidence) revised(b book, c chapter, asked notes) (revision, error) {
	text := strings.ReplaceAll(string(b.text[c.body:c.end]), "\r\n", "\n")
	commits, marked := writtenFrom(text, asked.release)
	if len(commits) == 0 && strings.TrimSpace(text) != strings.TrimSpace(nothingToTell) {
		return revision{foreign: true, stale: markLine.MatchString(text) || linkedID.MatchString(text)}, nil
	}
	if len(commits) == len(asked.commits) {
		return revision{}, nil
	}
	earlier := asked.release
	earlier.commits = commits
	base, err := e.arrangement.section(e.arrangement.arrange(earlier))
	if err != nil {
		return revision{}, err
	}
	now, err := e.arrangement.section(asked)
	if err != nil {
		return revision{}, err
	}
	if base.mark = marked; marked != "" {
		now.marked()
	}
	return b.revise(c, base, now), nil
}

// word says what a revision did, and why.
func (r revision) word() string {
	switch {
	case r.stale:
		return ": it tells of commits, but of none that is in this release"
	case r.foreign:
		return ": nothing in it names a commit of this release, so somebody has written it by hand"
	case r.broken:
		return ": a block of code or a comment in it does not end"
	case len(r.edits) == 0 && r.kept == 0:
		return ""
	}
	text := fmt.Sprintf(": %s added, %d removed", report.Count(r.added, "entry"), r.removed)
	if r.kept > 0 {
		text += fmt.Sprintf("; %s that no longer holds stays, for somebody has edited it: look at it", report.Count(r.kept, "entry"))
	}
	return text
}

func orFirst(previous string) string {
	if previous == "" {
		return "the first commit"
	}
	return previous
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }
