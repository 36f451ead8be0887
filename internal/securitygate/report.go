package securitygate

import (
	"fmt"
	"strconv"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/osv"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

func outcome(e evidence, d decision) action.Outcome {
	o := action.Outcome{Findings: d.findings, Verdict: result.VerdictOf(d.findings)}
	o.Sentence = sentence(e, d, o.Verdict)
	o.Outputs = outputs(e, d)
	o.Data = documentData(e, d)
	o.Page = page(e, d)
	return o
}

// sentence says in one line what there is and what can be done.
func sentence(e evidence, d decision, v verdict.Verdict) string {
	packages, manifests := report.Count(len(distinct(e.tree)), "package"), report.Count(e.tree.Scanned(), "manifest")
	switch v {
	case verdict.Fail:
		text := fmt.Sprintf("%s in %s of %s must not pass; %s", report.Count(d.failing, "vulnerability"), packages, manifests, remedy(d))
		if len(of(d.findings, verdict.Undecided)) > 0 {
			text += "; there may be more, for the scan is incomplete"
		}
		return text + "."
	case verdict.Pass:
		text := fmt.Sprintf("%s in %s of %s", e.rules.wanted(), packages, manifests)
		if n := len(d.found); n > 0 {
			text += fmt.Sprintf("; %s below that or let through", report.Count(n, "vulnerability"))
		}
		if n := len(d.accepted); n > 0 {
			text += fmt.Sprintf("; %d accepted", n)
		}
		return text + "."
	}
	open := of(d.findings, verdict.Undecided)
	first := report.Clip(open[0].Title+": "+open[0].Observed, 300)
	if len(open) > 1 {
		return fmt.Sprintf("the scan is incomplete in %d places, so nothing passes. First, %s.", len(open), first)
	}
	return fmt.Sprintf("the scan is incomplete, so nothing passes. %s.", first)
}

func remedy(d decision) string {
	switch {
	case d.fixable == 0:
		return "no fixed version is known"
	case d.fixable == d.failing && d.failing == 1:
		return "a fixed version is out"
	case d.fixable == d.failing:
		return "fixed versions of all are out"
	}
	return fmt.Sprintf("fixed versions of %d are out", d.fixable)
}

func outputs(e evidence, d decision) []action.Output {
	c := count(d.found)
	number := func(name string, n int) action.Output { return action.Output{Name: name, Value: strconv.Itoa(n)} }
	return []action.Output{
		number("critical", c.by[osv.Critical]), number("high", c.by[osv.High]), number("medium", c.by[osv.Medium]), number("low", c.by[osv.Low]),
		number("unknown-severity", c.by[osv.Unrated]), number("total", c.total), {Name: "new"}, number("fixable", c.fixable),
		number("accepted", len(d.accepted)), number("coverage", e.tree.Coverage()), {Name: "sarif-file"}, {Name: "sbom-file"},
	}
}
