package policy_test

import (
	"testing"

	"github.com/slipway-actions/slipway/internal/policy"
)

// A result that is handed in can be kept from waivers whichever action made it, and a criterion about an
// action's results may have its name.
func TestNamesOfResults(t *testing.T) {
	for _, action := range []string{"version-bump", "changelog", "security-gate", "deploy-verify", "go-no-go", "preflight"} {
		for _, criteria := range []string{"[{id: tests, checks: {}}]", "[{id: " + action + ", evidence: {action: " + action + "}}]"} {
			source := "version: 1\ngate:\n  roles: {lead: {users: [ada]}}\n  criteria: " + criteria + "\n  waivers: {allow: [lead], never: [" + action + "]}\n"
			if _, err := policy.Parse("p", []byte(source)); err != nil {
				t.Errorf("%s: %v", criteria, err)
			}
		}
	}
}
