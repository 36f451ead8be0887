package securitygate

import (
	"fmt"
	"strconv"
	"strings"

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
	doc := documentData(e, d)
	o.Data = doc
	o.Page = page(e, d, doc)
	return o
}

// sentence says in one line what there is and what can be done.
func sentence(e evidence, d decision, v verdict.Verdict) string {
	switch v {
	case verdict.Fail:
		text := fmt.Sprintf("%s must not pass; %s; %s", failing(d), remedy(d), e.judged())
		if e.base != nil {
			text = fmt.Sprintf("%s that %s does not have must not pass; %s; %s", failing(d), e.base.ref, remedy(d), e.judged())
		}
		if len(of(d.findings, verdict.Undecided)) > 0 {
			text += "; there may be more, for the scan is incomplete"
		}
		return text + "."
	case verdict.Pass:
		text := fmt.Sprintf("%s in what is there: %s", e.rules.wanted(), e.judged())
		if e.base != nil {
			text = fmt.Sprintf("%s that %s does not have: %s", e.rules.wanted(), e.base.ref, e.judged())
		}
		if n := len(d.found); n > 0 {
			text += fmt.Sprintf("; %s below that or let through", report.Count(n, "risk"))
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

// failing counts what fails, by kind.
func failing(d decision) string {
	counted := map[kind]int{}
	for i, r := range d.found {
		if d.outcomes[i] == verdict.Failed {
			counted[r.kind]++
		}
	}
	var parts []string
	for _, one := range []struct {
		kind kind
		name string
	}{{vulnerable, "vulnerability"}, {leaked, "secret"}, {reported, "result of another tool"}, {unlicensed, "denied license"}} {
		if n := counted[one.kind]; n > 0 {
			parts = append(parts, plural(n, one.name))
		}
	}
	return strings.Join(parts, ", ")
}

func plural(n int, name string) string {
	if name == "result of another tool" && n != 1 {
		return fmt.Sprintf("%d results of other tools", n)
	}
	return report.Count(n, name)
}

func remedy(d decision) string {
	vulnerabilities := 0
	for i, r := range d.found {
		if r.kind == vulnerable && d.outcomes[i] == verdict.Failed {
			vulnerabilities++
		}
	}
	switch {
	case vulnerabilities == 0:
		return "what to do about each is below"
	case d.fixable == 0:
		return "no fixed version is known"
	case d.fixable == vulnerabilities && vulnerabilities == 1:
		return "a fixed version is out"
	case d.fixable == vulnerabilities:
		return "fixed versions of all are out"
	}
	return fmt.Sprintf("fixed versions of %d are out", d.fixable)
}

func outputs(e evidence, d decision) []action.Output {
	c := d.counts
	number := func(name string, n int) action.Output { return action.Output{Name: name, Value: strconv.Itoa(n)} }
	fresh := action.Output{Name: "new"} // without a base nobody knows
	if e.base != nil {
		fresh = number("new", c.fresh)
	}
	return []action.Output{
		number("critical", c.by[osv.Critical]), number("high", c.by[osv.High]), number("medium", c.by[osv.Medium]), number("low", c.by[osv.Low]),
		number("unknown-severity", c.by[osv.Unrated]), number("total", c.total), fresh, number("fixable", c.fixable),
		number("accepted", len(d.accepted)), number("coverage", e.tree.Coverage()),
	}
}
