package pipelinereport

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/chart"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// shown is the most rows of a table; the result files have all.
const shown = 200

func heading(level int, text string) report.Heading {
	return report.Heading{Level: level, Text: report.T(text)}
}

// subjectPart is what was judged: once where all documents agree, side by side where they do not.
func (p Pipeline) subjectPart(w weighed) report.Page {
	page := report.Page{heading(2, "What was judged")}
	if len(w.mixed) > 0 {
		t := report.Table{Header: []string{"Result", "Repository", "Commit", "Version", "Ref", "Image digest"}}
		for _, s := range p.Sources {
			d := s.Document.Subject
			t.Rows = append(t.Rows, []report.Text{report.T(s.named()), known(d.Repository), known(d.SHA), known(d.Version), known(d.Ref), known(d.Digest)})
		}
		return append(page, t.First(shown))
	}
	t := report.Table{Header: []string{"What", "Value"}}
	for _, property := range properties {
		if value := w.subject.told[property.name]; value != "" {
			t.Rows = append(t.Rows, []report.Text{report.T(strings.ToUpper(property.name[:1]) + property.name[1:]), known(value)})
		}
	}
	var refs []string
	for _, s := range p.Sources {
		if ref := s.Document.Subject.Ref; ref != "" && !slices.Contains(refs, ref) && len(refs) < few {
			refs = append(refs, ref)
		}
	}
	if len(refs) > 0 {
		t.Rows = append(t.Rows, []report.Text{report.T("Ref"), known(strings.Join(refs, ", "))})
	}
	if len(t.Rows) == 0 {
		return append(page, report.Paragraph{Text: report.T("The results do not tell what they are about.")})
	}
	return append(page, t)
}

// known is a value to be read letter by letter.
func known(value string) report.Text {
	if value == "" {
		return report.T("not told")
	}
	return report.Code(report.Clip(value, 200))
}

// timelinePart is what ran when.
func (p Pipeline) timelinePart() report.Page {
	line := report.Timeline{Timeline: chart.Timeline{Title: "What ran when"}}
	t := report.Table{Header: []string{"Result", "Verdict", "Began (UTC)", "Ended (UTC)", "Took", "Run"}}
	all := slices.SortedStableFunc(slices.Values(p.Sources), func(a, b Source) int { return a.began().Compare(b.began()) })
	for _, s := range all {
		d := s.Document
		took := s.took()
		line.Bars = append(line.Bars, chart.Bar{Name: s.named(), Began: d.StartedAt, Ended: d.FinishedAt, Outcome: drawn[s.counted()], Sentence: string(s.counted()) + ", " + took})
		began := "not told"
		if !d.StartedAt.IsZero() {
			began = clock(d.StartedAt)
		}
		t.Rows = append(t.Rows, []report.Text{report.T(s.named()), report.T(mark(s.counted())), report.T(began), report.T(clock(d.FinishedAt)), report.T(took), s.run()})
	}
	return report.Page{heading(2, "Timeline"), line, t.First(shown)}
}

var drawn = map[verdict.Verdict]chart.Outcome{verdict.Pass: chart.Good, verdict.Fail: chart.Bad, verdict.Unknown: chart.Open}

func mark(v verdict.Verdict) string { return report.Mark(v.Outcome()) }

func clock(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05") }

func (s Source) began() time.Time {
	if s.Document.StartedAt.IsZero() {
		return s.Document.FinishedAt
	}
	return s.Document.StartedAt
}

// took is how long a run was; nothing is made up where its times do not add up.
func (s Source) took() string {
	d := s.Document
	switch took := d.FinishedAt.Sub(d.StartedAt); {
	case d.StartedAt.IsZero() || took < 0:
		return "not known"
	case took < time.Second:
		return "less than 1s"
	case took < time.Hour:
		return took.Round(time.Second).String()
	default:
		return strings.TrimSuffix(took.Round(time.Minute).String(), "0s")
	}
}

// run is the workflow run, a link where it is known.
func (s Source) run() report.Text {
	r := s.Document.Run
	if r.ID == 0 {
		return report.T("none told")
	}
	text := report.Link("run "+strconv.FormatInt(r.ID, 10), r.URL)
	if r.Attempt > 1 {
		text = append(text, report.T(", attempt "+strconv.FormatInt(r.Attempt, 10))...)
	}
	return text
}

// titles are the stages as people call them.
var titles = map[string]string{
	"version-bump": "Version", "changelog": "What changes", "security-gate": "Scan", "preflight": "Steps in one run", "go-no-go": "Decision", "deploy-verify": "Deployment",
}

// stagePart is all that the results of one action show.
func stagePart(group []Source) report.Page {
	action := report.Clip(group[0].Document.Action, 60)
	title := action
	if t, ok := titles[group[0].Document.Action]; ok {
		title = t + " (" + action + ")"
	}
	if len(group) == 1 {
		return append(report.Page{heading(2, title)}, group[0].part()...)
	}
	page := report.Page{heading(2, title), report.Paragraph{Text: report.T(report.Count(len(group), "result") + ", in order of time.")}}
	for _, s := range group {
		name := s.named()
		if v := s.Document.Subject.Version; v != "" {
			name += " of " + report.Clip(v, 60)
		}
		page = append(page, heading(3, name+", ended "+moment(s.Document.FinishedAt)))
		page = append(page, s.part()...)
	}
	return page
}

// part is one result: its sentence, what its action shows of it, and its findings as they were recorded.
func (s Source) part() report.Page {
	page := report.Page{report.Banner{Outcome: s.counted().Outcome(), Text: report.T(s.sentence())}}
	if s.Document.ReportOnly {
		page = append(page, s.reportOnly())
	}
	page = append(page, lowered(s.Page)...)
	findings := report.Findings(report.WorstFirst(s.Document.Findings)).First(shown)
	switch {
	case len(s.Document.Findings) == 0:
		page = append(page, report.Paragraph{Text: report.T("It lists no findings.")})
	case s.Page == nil:
		page = append(page, findings)
	default:
		page = append(page, report.Details{Summary: "As recorded: " + report.Count(len(s.Document.Findings), "finding"), Body: report.Page{findings}})
	}
	by := report.T("Judged by slipway " + report.Clip(orUnnamed(s.Document.Tool), 60))
	if s.Document.Run.ID != 0 {
		by = report.Join(by, report.T(" in "), s.run())
	}
	if actor := s.Document.Run.Actor; actor != "" {
		by = append(by, report.T(", started by "+report.Clip(actor, 60))...)
	}
	return append(page, report.Paragraph{Text: report.Join(by, report.T("; file "), report.Code(report.Clip(s.Path, 200)), report.T("."))})
}

// lowered is the page of an action with its headings below those of its stage.
func lowered(page report.Page) report.Page {
	low := make(report.Page, len(page))
	for i, block := range page {
		switch b := block.(type) {
		case report.Heading:
			block = report.Heading{Level: b.Level + 1, Text: b.Text}
		case report.Details:
			block = report.Details{Summary: b.Summary, Body: lowered(b.Body)}
		}
		low[i] = block
	}
	return low
}

// documentsPart ties the page to the files that it was made from.
func (p Pipeline) documentsPart() report.Page {
	t := report.Table{Header: []string{"File", "Result of", "Bytes", "SHA-256"}}
	for _, s := range p.Sources {
		t.Rows = append(t.Rows, []report.Text{report.Code(report.Clip(s.Path, 200)), report.T(s.named()), report.T(strconv.Itoa(s.Size)), report.Code(cmp.Or(s.SHA256, "not told"))})
	}
	page := report.Page{heading(2, "Documents"), t.First(shown)}
	if len(p.Aside) == 0 {
		return page
	}
	var list report.List
	for i, a := range p.Aside {
		if i == shown {
			list.Items = append(list.Items, report.T(fmt.Sprintf("… and %d more", len(p.Aside)-shown)))
			break
		}
		list.Items = append(list.Items, report.Join(report.Code(report.Clip(a.Path, 200)), report.T(": "+report.Clip(a.Why, 300))))
	}
	return append(page, report.Paragraph{Text: report.Bold("Left aside, for they are no result documents")}, list)
}
