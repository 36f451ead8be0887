// Package pipelinereport puts the result documents of one pipeline together into one page: what changes, what
// the scan found, what was decided, how the canary did, and when. It says what all of them come to, and is
// never greener than the worst of them. Documents are given to it, already read; it does no I/O.
package pipelinereport

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// Source is a result document, and where it came from.
type Source struct {
	Path     string // as it was named
	Size     int    // bytes
	SHA256   string // hex, of the file
	Document result.Document
	Page     report.Page     // what its action shows of it; nil where it holds no more than its findings
	Again    verdict.Verdict // what its evidence comes to when it is judged once more; "" where it was not
	Cut      bool            // its evidence is missing, which a whole document holds
	number   string          // which of several results of its action it is, such as 2/3; "" where it is the only one
}

// Aside is a file that was among those named by a pattern and is no result document.
type Aside struct{ Path, Why string }

// Pipeline is all that a page is made of.
type Pipeline struct {
	Title   string // "" is one of what was judged
	Sources []Source
	Aside   []Aside
	Stages  []string // the actions that the pipeline has; a page without a result of one of them is not green
	Tool    string   // version of the binary that makes the page
	Made    time.Time
}

// Stages are the actions of a whole pipeline, in their order.
var Stages = []string{"version-bump", "changelog", "security-gate", "go-no-go", "deploy-verify"}

// order is where a stage stands on the page. Those that this release does not know come last.
var order = []string{"version-bump", "changelog", "security-gate", "preflight", "go-no-go", "deploy-verify"}

// Made is the page, and what it comes to.
type Made struct {
	Title   string
	Page    report.Page
	About   report.Text // its last line
	Verdict verdict.Verdict
}

// Page makes the page.
func (p Pipeline) Page() Made {
	p.Sources = sorted(p.Sources)
	for _, group := range p.byAction() {
		for i := range group {
			if len(group) > 1 {
				group[i].number = fmt.Sprintf("%d/%d", i+1, len(group))
			}
		}
	}
	w := weigh(p)
	page := p.top(w)
	page = append(page, p.subjectPart(w)...)
	page = append(page, p.timelinePart()...)
	for _, group := range p.byAction() {
		page = append(page, stagePart(group)...)
	}
	page = append(page, p.documentsPart()...)
	about := fmt.Sprintf("Made by slipway report %s on %s UTC from %s. The page repeats what they say; who wrote them was not checked.",
		p.Tool, clock(p.Made), report.Count(len(p.Sources), "result document"))
	return Made{Title: p.title(w), Page: page.Map(bounded), About: report.T(about), Verdict: w.verdict}
}

// longest is how many bytes of one foreign text are shown; the result files have all of it.
const longest = 20_000

func bounded(s string) string {
	if len(s) <= longest {
		return s
	}
	return strings.ToValidUTF8(s[:longest], "") + "…"
}

// sorted is the order of the page: by stage, and within one by time.
func sorted(sources []Source) []Source {
	rank := func(s Source) int {
		if i := slices.Index(order, s.Document.Action); i >= 0 {
			return i
		}
		return len(order)
	}
	return slices.SortedStableFunc(slices.Values(sources), func(a, b Source) int {
		return cmp.Or(rank(a)-rank(b), cmp.Compare(a.Document.Action, b.Document.Action),
			a.Document.FinishedAt.Compare(b.Document.FinishedAt), a.Document.StartedAt.Compare(b.Document.StartedAt), cmp.Compare(a.Path, b.Path))
	})
}

// byAction are the documents of each action, as parts of Sources.
func (p Pipeline) byAction() [][]Source {
	var groups [][]Source
	for from := 0; from < len(p.Sources); {
		to := from + 1
		for to < len(p.Sources) && p.Sources[to].Document.Action == p.Sources[from].Document.Action {
			to++
		}
		groups, from = append(groups, p.Sources[from:to]), to
	}
	return groups
}

// title names what was judged, if all documents are about the same.
func (p Pipeline) title(w weighed) string {
	if title := strings.TrimSpace(p.Title); title != "" {
		return report.Clip(title, 200)
	}
	title := "Release report"
	if len(w.mixed) > 0 {
		return title + ": results that do not belong together"
	}
	if s := w.subject.repository(); s != "" {
		title += ": " + s
	}
	if s := w.subject.version(); s != "" {
		title += " " + s
	}
	return title
}
