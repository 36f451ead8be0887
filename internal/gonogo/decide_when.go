package gonogo

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/expression"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// holdsNow evaluates an expression of the policy; an error where it needs something that is not known.
func holdsNow(source string, e evidence, k known) (bool, error) {
	x, refused := expression.Gate.Compile(source)
	if refused != nil {
		return false, refused
	}
	return x.Holds(factsFor(x, e, k))
}

// judgeAssert wants a condition to hold. One that cannot be told does not.
func judgeAssert(c policy.Criterion, e evidence, k known) criterion {
	f := result.Finding{ID: c.ID, Outcome: verdict.Undecided, Title: c.ID, Threshold: c.Assert}
	x, refused := expression.Gate.Compile(c.Assert)
	if refused != nil {
		f.Observed, f.Next = refused.Message, whatHelps(refused)
		return criterion{id: c.ID, findings: []result.Finding{f}}
	}
	facts := factsFor(x, e, k)
	holds, err := x.Holds(facts)
	var open []string
	switch {
	case err != nil:
		f.Observed, f.Next = whatLacks(err), whatHelps(err)
	case holds:
		f.Outcome, f.Observed = verdict.Passed, seen(x, facts)
	default:
		f.Outcome, f.Observed, f.Next = verdict.Failed, seen(x, facts), "Change what the condition looks at, or ask the owner of the policy whether it is meant for this change."
		if slices.ContainsFunc(x.Names(), passes) {
			open, f.Next = []string{c.ID}, "Come back when the time that the condition names has come."
		}
	}
	return criterion{id: c.ID, findings: []result.Finding{f}, open: open}
}

// passes tells whether a fact changes while one waits.
func passes(name string) bool { return name == "now" || name == "hour" || name == "weekday" }

// whatLacks is why a condition is neither true nor false.
func whatLacks(err error) string {
	var unknown *expression.Unknown
	if errors.As(err, &unknown) {
		return unknown.What()
	}
	return err.Error()
}

// whatHelps is the next action where a condition is neither true nor false.
func whatHelps(err error) string {
	var unknown *expression.Unknown
	if errors.As(err, &unknown) && unknown.Next != "" {
		return strings.ToUpper(unknown.Next[:1]) + unknown.Next[1:] + "."
	}
	return "Correct the condition in the policy."
}

// seen are the values that a condition looked at.
func seen(x *expression.Expression, facts expression.Facts) string {
	var values []string
	for _, name := range x.Names() {
		switch v := facts[name].(type) {
		case expression.Missing:
		case []string:
			values = append(values, name+" "+holding(v))
		case time.Time:
			values = append(values, name+" is "+v.UTC().Format(time.RFC3339))
		default:
			values = append(values, name+" is "+shorten(fmt.Sprint(v)))
		}
	}
	if values == nil {
		return "it looks at nothing that is known here"
	}
	return strings.Join(values, ", ")
}

// holding counts texts and names the first ones.
func holding(texts []string) string {
	const most = 3
	if len(texts) == 0 {
		return "has none"
	}
	var names []string
	for _, t := range texts[:min(len(texts), most)] {
		names = append(names, shorten(t))
	}
	if n := len(texts) - most; n > 0 {
		names = append(names, fmt.Sprintf("%d more", n))
	}
	return fmt.Sprintf("has %d: %s", len(texts), strings.Join(names, ", "))
}
