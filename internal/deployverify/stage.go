package deployverify

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/policy"
)

// stage is the step of the plan that a run is about; without a plan there is one, of all traffic.
type stage struct {
	Name    string    `json:"name,omitempty"`
	Traffic string    `json:"traffic,omitempty"` // such as 5%
	Share   float64   `json:"share"`             // of traffic, from 0 to 1
	Next    string    `json:"next,omitempty"`    // the step that follows
	Widens  string    `json:"widens,omitempty"`  // the traffic of that step
	Last    bool      `json:"last"`              // a version that is promoted from it is verified
	Missing []string  `json:"missing,omitempty"` // earlier steps that the version has not passed
	Passed  time.Time `json:"passedAt,omitzero"` // when the version passed it before; it is not watched a second time
}

// whole is the stage where there is no plan.
var whole = stage{Share: 1, Last: true}

// stageOf finds the step that was named, or else the first that has not been passed.
func stageOf(steps []policy.Step, named string, passed []passage) (stage, policy.Step, error) {
	if len(steps) == 0 {
		if named != "" {
			return whole, policy.Step{}, action.Wrong("input step is %q, but the policy has no plan. Leave the input out, or give the policy a plan:\n"+
				"  verify:\n    plan: [{step: %s, traffic: 5%%, soak: 1h}, {step: full, traffic: 100%%, soak: 24h}]", shown(named), shown(named))
		}
		return whole, policy.Step{}, nil
	}
	at := func(s policy.Step) (passedAt time.Time) {
		for _, p := range passed {
			if p.Step == s.Step {
				passedAt = p.At
			}
		}
		return passedAt
	}
	done := func(s policy.Step) bool { return !at(s).IsZero() }
	n := slices.IndexFunc(steps, func(s policy.Step) bool { return s.Step == named })
	if named == "" {
		if n = slices.IndexFunc(steps, func(s policy.Step) bool { return !done(s) }); n < 0 {
			n = len(steps) - 1
		}
	}
	if n < 0 {
		names := []string{}
		for _, s := range steps {
			names = append(names, s.Step)
		}
		return whole, policy.Step{}, action.Wrong("input step is %q; allowed by the plan of the policy: %s, or empty for the first that has not been passed", shown(named), strings.Join(names, ", "))
	}
	step := steps[n]
	s := stage{Name: step.Step, Traffic: step.Traffic, Share: step.Share(), Last: n == len(steps)-1, Passed: at(step)}
	if !s.Last {
		s.Next, s.Widens = steps[n+1].Step, steps[n+1].Traffic
	}
	for _, before := range steps[:n] {
		if !done(before) {
			s.Missing = append(s.Missing, before.Step)
		}
	}
	return s, step, nil
}

// follow takes soak and readings from the step of the plan, and fills in what is left open.
func (p *plan) follow(s policy.Step) {
	if s.Soak > 0 {
		p.Soak, p.Max, p.Every = time.Duration(s.Soak), time.Duration(s.Max), time.Duration(s.Every)
	}
	if p.Max == 0 {
		p.Max = 2 * p.Soak
	}
	if p.Every == 0 {
		p.Every = min(defaultEvery, p.Soak)
	}
	p.Every = max(p.Every, (p.Max+mostSlots-1)/mostSlots)
}

// skip leaves the soak out: the step was passed before, and looks are enough to see that the version still
// stands.
func (p *plan) skip() { p.Soak, p.Max, p.Every = 0, 0, 0 }

// called is the stage in a sentence.
func (s stage) called() string {
	if s.Name == "" {
		return ""
	}
	return fmt.Sprintf("step %s (%s)", s.Name, s.Traffic)
}
