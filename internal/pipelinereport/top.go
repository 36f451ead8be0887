package pipelinereport

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// few is how many of what is the same kind the top of the page names.
const few = 5

// most is how many alerts of a kind stand there; each stands beside its result as well.
const most = 10

// top is what nobody may overlook: what all comes to, what to do next, and why the page may mislead.
func (p Pipeline) top(w weighed) report.Page {
	page := report.Page{report.Banner{Outcome: w.verdict.Outcome(), Text: report.T(w.sentence(len(p.Sources)))}}
	if len(w.mixed) > 0 {
		page = append(page, report.Alert{Kind: report.Caution, Text: report.T("These results do not belong together: " + strings.Join(w.mixed, ". ") + ". They stand side by side, and say nothing as a whole. Make a page for each from the results of one commit and version.")})
	}
	for i, d := range w.doubts {
		if i == most {
			page = append(page, report.Alert{Kind: report.Caution, Text: report.T(fmt.Sprintf("… and %d more such doubts.", len(w.doubts)-most))})
			break
		}
		kind := report.Warning
		if d.bars {
			kind = report.Caution
		}
		page = append(page, report.Alert{Kind: kind, Text: report.T(d.source.named() + ": " + d.text + ". " + d.next)})
	}
	var softened []report.Block
	for _, s := range p.Sources {
		if s.Document.ReportOnly {
			softened = append(softened, s.reportOnly())
		}
	}
	page = append(page, softened[:min(len(softened), most)]...)
	if list := w.said(); len(list.Items) > 0 {
		page = append(page, list)
	}
	return append(page, nextSteps(p, w)...)
}

// sentence counts the results by their verdicts, and names the stages that have none.
func (w weighed) sentence(all int) string {
	var parts []string
	for _, v := range []struct {
		verdict   verdict.Verdict
		one, many string
	}{{verdict.Fail, "fails", "fail"}, {verdict.Unknown, "is unknown", "are unknown"}, {verdict.Pass, "passes", "pass"}} {
		n, verb, of := w.counts[v.verdict], v.many, strconv.Itoa(all)
		if n == 1 {
			verb = v.one
		}
		if len(parts) == 0 {
			of = report.Count(all, "result")
		}
		switch {
		case n == 0:
		case n == all && n > 1:
			parts = append(parts, "all "+of+" "+verb)
		default:
			parts = append(parts, fmt.Sprintf("%d of %s %s", n, of, verb))
		}
	}
	text := strings.Join(parts, ", ")
	if len(parts) == 0 {
		text = "there is no result"
	}
	text = strings.ToUpper(text[:1]) + text[1:] + "."
	for _, stage := range w.missing {
		text += " No " + stage + " result was handed in."
	}
	if len(w.mixed) > 0 {
		text += " The results do not belong together."
	}
	return text
}

// said is what the results that weigh most say, or where all pass, what the last stage says.
func (w weighed) said() report.List {
	worst := w.worst
	if w.verdict == verdict.Pass && len(worst) > 0 {
		worst = worst[len(worst)-1:]
	}
	var list report.List
	for i, s := range worst {
		if i == few {
			list.Items = append(list.Items, report.T(fmt.Sprintf("… and %d more, below", len(worst)-few)))
			break
		}
		list.Items = append(list.Items, report.Join(report.Bold(s.named()+": "), report.T(s.sentence())))
	}
	return list
}

// nextSteps are those of the results that weigh most, and of what is missing.
func nextSteps(p Pipeline, w weighed) report.Page {
	var steps []string
	for _, s := range w.worst {
		for _, next := range s.next() {
			if !slices.Contains(steps, next) {
				steps = append(steps, next)
			}
		}
	}
	if len(w.missing) > 0 {
		steps = append(steps, "Hand in the results of "+strings.Join(w.missing, ", ")+", or name the stages that this pipeline has: --stages="+strings.Join(p.having(), ",")+".")
	}
	if len(steps) == 0 {
		return report.Page{report.Paragraph{Text: report.Join(report.Bold("Next step: "), report.T("the results name none."))}}
	}
	page := report.Page{report.Paragraph{Text: report.Bold(map[bool]string{true: "Next step", false: "Next steps"}[len(steps) == 1])}}
	var list report.List
	for i, step := range steps {
		if i == few {
			list.Items = append(list.Items, report.T(fmt.Sprintf("… and %d more, below", len(steps)-few)))
			break
		}
		list.Items = append(list.Items, report.T(clip(step)))
	}
	return append(page, list)
}

// having are the wanted stages that there is a result of.
func (p Pipeline) having() []string {
	var all []string
	for _, stage := range p.Stages {
		if slices.ContainsFunc(p.Sources, func(s Source) bool { return s.Document.Action == stage }) {
			all = append(all, stage)
		}
	}
	return all
}

// next is what the findings that weigh most tell to do: of those that failed, else of those that are unknown.
func (s Source) next() []string {
	for _, weight := range []verdict.Outcome{verdict.Failed, verdict.Undecided} {
		var steps []string
		for _, f := range s.Document.Findings {
			if f.Outcome == weight && f.Next != "" && !slices.Contains(steps, f.Next) {
				steps = append(steps, f.Next)
			}
		}
		if len(steps) > 0 {
			return steps
		}
	}
	return nil
}

// reportOnly says that a step could stop nothing.
func (s Source) reportOnly() report.Alert {
	if s.counted() == verdict.Pass {
		return report.Alert{Kind: report.Note, Text: report.T(s.named() + " ran with report-only. It passed; had it not, its job would have gone on all the same.")}
	}
	return report.Alert{Kind: report.Caution, Text: report.T(s.named() + " ran with report-only: its verdict is " + string(s.counted()) + ", and its job went on all the same.")}
}

// named is a result in few words.
func (s Source) named() string {
	return strings.TrimSpace(report.Clip(s.Document.Action, 60) + " " + s.number)
}

// sentence is what a result says, with what it counts for where that is another verdict.
func (s Source) sentence() string {
	if v := s.counted(); v != s.Document.Verdict {
		return clip(s.Document.Sentence) + " (It counts as " + string(v) + ".)"
	}
	return clip(s.Document.Sentence)
}

// clip shortens a foreign text for the top of the page.
func clip(s string) string { return report.Clip(strings.Join(strings.Fields(s), " "), 500) }
