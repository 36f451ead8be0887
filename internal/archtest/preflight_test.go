package archtest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/action"
)

// The root's action.yml, preflight, is made from those of its steps: make generate.
func TestPreflightOffersWhatItsStepsDo(t *testing.T) {
	settle(t, "action.yml", read(t, "action.yml"), preflightFile(t))
}

// own are preflight's words where a step's would mislead.
var own = map[string]string{
	"github-token": "Token for GitHub's API. What it must be permitted depends on the policy and is in docs/permissions.md; checks read, statuses read and actions read do for the default.",
	"changed":      "true where version-bump found something to release.",
	"verdict":      "pass, fail or unknown, of all steps together.",
	"release-url":  "Empty; nothing is published before the decision.",
	"commit":       "Empty; nothing is published before the decision.",
	"pull-request": "Empty; nothing is published before the decision.",
	"version":      "The version that changelog writes about. Empty takes the one that version-bump finds.",
}

// outbound are inputs of the steps that write at GitHub. Preflight decides whether that may be done, so
// it does not offer them.
var outbound = []string{"push-tag", "floating-tags", "dispatch", "release", "land", "comment"}

func preflightFile(t *testing.T) string {
	inputs := []action.InputSpec{
		{Name: "only", Description: "Steps to run, one a line - version-bump, changelog, security-gate, go-no-go. Empty runs all."},
		{Name: "skip", Description: "Steps to leave out, one a line."},
	}
	var outputs []action.OutputSpec
	seen := map[string]bool{}
	for _, name := range []string{"version-bump", "changelog", "security-gate", "go-no-go"} {
		s := spec(t, name)
		for _, in := range s.Inputs {
			if slices.Contains(outbound, in.Name) {
				continue
			}
			if !seen["in "+in.Name] {
				inputs = append(inputs, in)
			} else if first := find(inputs, in.Name); first.Default != in.Default {
				t.Errorf("%s: the default of %s is %q, that of a step before is %q: preflight can have only one", name, in.Name, in.Default, first.Default)
			}
			seen["in "+in.Name] = true
		}
		for _, out := range s.Outputs {
			if !seen["out "+out.Name] {
				outputs = append(outputs, out)
			}
			seen["out "+out.Name] = true
		}
	}
	var b strings.Builder
	b.WriteString("# Made from the action.yml of the steps: make generate.\nname: Slipway preflight\n" +
		"description: Next version, notes, security scan and go/no-go decision in one step, on one page.\nauthor: slipway-actions\n" +
		"branding:\n  icon: anchor\n  color: blue\ninputs:\n")
	for _, in := range inputs {
		fmt.Fprintf(&b, "  %s:\n    description: %s\n    default: %s\n", in.Name, scalar(words(in.Name, in.Description)), scalar(in.Default))
	}
	b.WriteString("outputs:\n")
	for _, out := range outputs {
		description := out.Description
		if text, ok := own[out.Name]; ok && out.Name != "version" {
			description = text
		}
		fmt.Fprintf(&b, "  %s:\n    description: %s\n", out.Name, scalar(description))
	}
	b.WriteString("runs:\n  using: docker\n  image: Dockerfile\n  args: [preflight]\n")
	return b.String()
}

func find(inputs []action.InputSpec, name string) action.InputSpec {
	for _, in := range inputs {
		if in.Name == name {
			return in
		}
	}
	return action.InputSpec{}
}

// words are preflight's own for an input where it has some.
func words(name, description string) string {
	if text, ok := own[name]; ok {
		return text
	}
	return description
}

// scalar writes a YAML string; quotes say that nothing in it is meant for YAML.
func scalar(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
