package preflight

import (
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/action"
)

// readInputs names the steps that run. What belongs to a step is read by the step.
func readInputs(in *action.Inputs, steps []action.Action) (chosen map[string]bool, err error) {
	var names []string
	for _, s := range steps {
		names = append(names, s.Name)
	}
	list := func(input string) []string {
		var picked []string
		for _, line := range in.Lines(input) {
			for name := range strings.FieldsFuncSeq(line, func(r rune) bool { return r == ',' || r == ' ' }) {
				if !slices.Contains(names, name) {
					in.Refuse(input, name, "allowed, one a line: "+strings.Join(names, ", "))
				}
				picked = append(picked, name)
			}
		}
		return picked
	}
	only, skip := list("only"), list("skip")
	chosen = map[string]bool{}
	for _, name := range names {
		if (len(only) == 0 || slices.Contains(only, name)) && !slices.Contains(skip, name) {
			chosen[name] = true
		}
	}
	if len(chosen) == 0 && in.Err() == nil {
		in.Refuse("skip", strings.Join(skip, ", "), "nothing is left to run; leave at least one step")
	}
	return chosen, in.Err()
}
