package pipelinereport

import (
	"fmt"
	"slices"
	"time"

	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// weighed is what all documents come to.
type weighed struct {
	verdict verdict.Verdict
	counts  map[verdict.Verdict]int
	worst   []Source // those with the worst verdict, in the page's order
	missing []string // stages without a result
	mixed   []string // in what the documents differ that belong together
	doubts  []doubt  // why a document does not count for as much as it says
	subject subject
}

// doubt is a reason not to take a document at its word.
type doubt struct {
	source Source
	text   string
	next   string
	bars   bool // nothing that rests on the document is green
}

// weigh takes the worst of all: fail, then unknown, then pass. What is missing, what does not belong together
// and what its own evidence contradicts is unknown at the best.
func weigh(p Pipeline) weighed {
	w := weighed{verdict: verdict.Pass, counts: map[verdict.Verdict]int{}, subject: subjectOf(p.Sources)}
	for _, s := range p.Sources {
		v := s.counted()
		w.counts[v]++
		w.verdict = worse(w.verdict, v)
		for _, d := range doubts(s, p.Made) {
			w.doubts = append(w.doubts, d)
			if d.bars {
				w.verdict = worse(w.verdict, verdict.Unknown)
			}
		}
	}
	for _, s := range p.Sources {
		if s.counted() == w.verdict {
			w.worst = append(w.worst, s)
		}
	}
	for _, stage := range p.Stages {
		if !slices.ContainsFunc(p.Sources, func(s Source) bool { return s.Document.Action == stage }) {
			w.missing = append(w.missing, stage)
		}
	}
	for _, property := range properties {
		if text := property.mixture(p.Sources); text != "" {
			w.mixed = append(w.mixed, text)
		}
	}
	if len(p.Sources) == 0 || len(w.missing) > 0 || len(w.mixed) > 0 {
		w.verdict = worse(w.verdict, verdict.Unknown)
	}
	return w
}

func worse(a, b verdict.Verdict) verdict.Verdict { return verdict.Of(a.Outcome(), b.Outcome()) }

// counted is what a document counts for: what it says, or what its own evidence says where that is worse.
func (s Source) counted() verdict.Verdict {
	v := worse(verdict.Pass, s.Document.Verdict)
	if s.Again != "" {
		v = worse(v, s.Again)
	}
	if v == verdict.Pass && (s.unfounded() || s.Cut && !s.Document.Trimmed) {
		return verdict.Unknown
	}
	return v
}

// unfounded tells that a document says pass and shows nothing that passed.
func (s Source) unfounded() bool {
	return !slices.ContainsFunc(s.Document.Findings, func(f result.Finding) bool { return f.Outcome == verdict.Passed })
}

// ahead is how far clocks may be apart.
const ahead = 5 * time.Minute

func doubts(s Source, now time.Time) []doubt {
	var all []doubt
	d := s.Document
	add := func(bars bool, next, format string, args ...any) {
		all = append(all, doubt{s, fmt.Sprintf(format, args...), next, bars})
	}
	if s.Again != "" && worse(d.Verdict, s.Again) != d.Verdict {
		add(true, "Compare the document with the one of the run that made it. If it is the same, another release decided: replay it with that one.",
			"it says %s, and its own evidence, judged again by this release, comes to %s (it was made by %s)", d.Verdict, s.Again, report.Clip(orUnnamed(d.Tool), 60))
	}
	if d.Verdict == verdict.Pass && s.unfounded() {
		add(true, "Take the result file of the run instead of its output, or run the step again.", "it says pass and lists nothing that passed, so it counts as unknown")
	}
	if d.Verdict == verdict.Pass && s.Cut && !d.Trimmed {
		add(true, "Take the result file of the run, as it was written.", "it says pass, and the evidence that it was decided from is missing")
	}
	if d.Trimmed {
		add(false, "Take the result file instead of the output.", "it was trimmed to fit into an output, so it does not hold all that was seen")
	}
	if d.FinishedAt.After(now.Add(ahead)) {
		add(true, "Mend the clock of the machine that ran it, or of this one.", "it ended at %s, which is still to come", moment(d.FinishedAt))
	}
	if d.StartedAt.After(d.FinishedAt) {
		add(true, "Mend the clock of the machine that ran it.", "it began at %s, after its end", moment(d.StartedAt))
	}
	return all
}

func orUnnamed(tool string) string {
	if tool == "" {
		return "a release that it does not name"
	}
	return tool
}

func moment(t time.Time) string { return clock(t) + " UTC" }
