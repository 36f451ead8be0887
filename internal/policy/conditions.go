package policy

import (
	"fmt"

	"github.com/slipway-actions/slipway/internal/expression"
)

// validateConditions compiles each condition of the gate: a misspelt name in one that is hardly ever
// judged would otherwise be found on the day it counts.
func (g *Gate) validateConditions() *misfit {
	for i, c := range g.Criteria {
		at := fmt.Sprintf("gate.criteria[%d]", i)
		if m := condition(expression.Gate, at+".when", c.When); m != nil {
			return m
		}
		if m := condition(expression.Gate, at+".assert", c.Assert); m != nil {
			return m
		}
	}
	if g.Approvals != nil {
		for i, a := range g.Approvals.Also {
			if m := condition(expression.Gate, fmt.Sprintf("gate.approvals.also[%d].when", i), a.When); m != nil {
				return m
			}
		}
	}
	if g.Windows == nil {
		return nil
	}
	if d := g.Windows.Deploy; d != nil {
		if m := condition(expression.Gate, "gate.windows.deploy.when", d.When); m != nil {
			return m
		}
	}
	for i, f := range g.Windows.Freeze {
		if m := condition(expression.Gate, fmt.Sprintf("gate.windows.freeze[%d].when", i), f.When); m != nil {
			return m
		}
	}
	return nil
}

func (v *Verify) validateConditions() *misfit {
	for i, source := range v.ForwardFixIf {
		at := fmt.Sprintf("verify.forward-fix-if[%d]", i)
		if source == "" {
			return misfitf(at, "the condition is empty")
		}
		if m := condition(expression.ForwardFix, at, source); m != nil {
			return m
		}
	}
	return nil
}

// condition refuses a condition that cannot be judged; an empty one is none.
func condition(v *expression.Vocabulary, at, source string) *misfit {
	if source == "" {
		return nil
	}
	if _, err := v.Compile(source); err != nil {
		return &misfit{path: at, message: err.Message, column: err.Column}
	}
	return nil
}
