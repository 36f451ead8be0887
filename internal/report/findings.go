package report

import (
	"fmt"
	"slices"

	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// marks are how outcomes are shown; each reads without colour.
var marks = map[verdict.Outcome]string{
	verdict.Passed:    "✅ pass",
	verdict.Failed:    "❌ fail",
	verdict.Undecided: "❓ unknown",
	verdict.Warned:    "⚠️ warn",
	verdict.Skipped:   "⏭️ skipped",
}

// Mark shows an outcome.
func Mark(o verdict.Outcome) string { return marks[o] }

// column is one column of the findings table. It is left out where no finding fills it.
type column struct {
	name string
	cell func(result.Finding) Text
}

var columns = []column{
	{"Criterion", func(f result.Finding) Text { return T(f.Title) }},
	{"Outcome", func(f result.Finding) Text { return T(Mark(f.Outcome)) }},
	{"Observed", func(f result.Finding) Text { return Link(f.Observed, f.Evidence) }},
	{"Wanted", func(f result.Finding) Text { return T(f.Threshold) }},
	{"Where", func(f result.Finding) Text { return Place(f.Where) }},
	{"Owner", func(f result.Finding) Text { return T(f.Owner) }},
	{"Next action", func(f result.Finding) Text { return T(f.Next) }},
}

// WorstFirst is the order of findings for somebody who has to do something.
func WorstFirst(findings []result.Finding) []result.Finding {
	rank := []verdict.Outcome{verdict.Failed, verdict.Undecided, verdict.Warned, verdict.Passed, verdict.Skipped}
	return slices.SortedStableFunc(slices.Values(findings), func(a, b result.Finding) int {
		return slices.Index(rank, a.Outcome) - slices.Index(rank, b.Outcome)
	})
}

// Findings is the table that every decision is explained with: criterion, observed, wanted and
// what to do next.
func Findings(findings []result.Finding) Table {
	table := Table{Rows: make([][]Text, len(findings))}
	for _, c := range columns {
		if !slices.ContainsFunc(findings, func(f result.Finding) bool { return !c.cell(f).empty() }) {
			continue
		}
		table.Header = append(table.Header, c.name)
		for i, f := range findings {
			table.Rows[i] = append(table.Rows[i], c.cell(f))
		}
	}
	return table
}

// Place is where something is, file:line; nothing where that is not known.
func Place(w *result.Where) Text {
	switch {
	case w == nil:
		return nil
	case w.Line == 0:
		return Code(w.File)
	}
	return Code(fmt.Sprintf("%s:%d", w.File, w.Line))
}
