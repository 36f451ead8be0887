package deployverify

import (
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/policy"
)

func TestRemedy(t *testing.T) {
	known := func(irreversible bool) facts {
		return facts{Known: true, Irreversible: irreversible, Source: "gate.json"}
	}
	unknown := facts{Problem: "there is no result"}
	never := &policy.Rollback{NeverIf: []string{policy.IrreversibleMigration}}
	for name, test := range map[string]struct {
		verify policy.Verify
		facts  facts
		age    time.Duration // since the version was first looked at
		users  float64
		broken *bool // a critical function is

		act, to, says string
	}{
		"the rule":                       {act: rollback, to: "1.4.2"},
		"within the window":              {verify: policy.Verify{Rollback: &policy.Rollback{Window: policy.Duration(24 * time.Hour)}}, age: 24 * time.Hour, act: rollback, to: "1.4.2"},
		"the window is closed":           {verify: policy.Verify{Rollback: &policy.Rollback{Window: policy.Duration(24 * time.Hour)}}, age: 24*time.Hour + time.Second, act: forwardFix, says: "the rollback window of 1d closed at 2026-03-02T12:00:00Z"},
		"migrations can be taken back":   {verify: policy.Verify{Rollback: never}, facts: known(false), act: rollback, to: "1.4.2"},
		"migrations cannot":              {verify: policy.Verify{Rollback: never}, facts: known(true), act: forwardFix, says: "cannot be taken back (gate.json)"},
		"nobody knows":                   {verify: policy.Verify{Rollback: never}, facts: unknown, act: hold, says: "for a person to decide"},
		"nobody knows, but it is closed": {verify: policy.Verify{Rollback: &policy.Rollback{Window: policy.Duration(time.Hour), NeverIf: never.NeverIf}}, facts: unknown, age: 2 * time.Hour, act: forwardFix},
		"few are reached":                {verify: policy.Verify{ForwardFixIf: []string{"impact.users < 0.01"}}, users: 0.009, act: forwardFix, says: "impact.users < 0.01, and so it is"},
		"many are reached":               {verify: policy.Verify{ForwardFixIf: []string{"impact.users < 0.01"}}, users: 0.01, act: rollback, to: "1.4.2"},
		"one holds, one is not known":    {verify: policy.Verify{ForwardFixIf: []string{"migration.irreversible", "impact.users < 0.01"}}, facts: unknown, act: forwardFix},
		"none holds, one is not known":   {verify: policy.Verify{ForwardFixIf: []string{"migration.irreversible", "impact.users < 0.01"}}, facts: unknown, users: 1, act: hold, says: "for a person to decide"},
		"it cannot be taken back":        {verify: policy.Verify{ForwardFixIf: []string{"migration.irreversible"}}, facts: known(true), users: 1, act: forwardFix},
		"it can":                         {verify: policy.Verify{ForwardFixIf: []string{"migration.irreversible"}}, facts: known(false), users: 1, act: rollback, to: "1.4.2"},
		"nothing critical is broken":     {verify: policy.Verify{ForwardFixIf: []string{"!impact.critical"}}, broken: new(bool), act: forwardFix},
		"whether it is, nobody knows":    {verify: policy.Verify{ForwardFixIf: []string{"!impact.critical"}}, act: hold, says: "for a person to decide"},
		"a condition that is none":       {verify: policy.Verify{ForwardFixIf: []string{"impact.users <"}}, act: hold},
	} {
		e := evidence{inputs: wishes(), Verified: before("1.4.1", "1.4.2"), Deployed: epoch, Ended: epoch.Add(test.age), Facts: test.facts}
		e.verify = test.verify
		r := e.remedy(impact{test.users, test.broken})
		if r.act != test.act || r.to != test.to || !strings.Contains(r.because, test.says) {
			t.Errorf("%s: %+v", name, r)
		}
		if (r.act == hold) != (r.unknown != "") || r.act == hold && r.next == "" {
			t.Errorf("%s: a person is not told what to decide: %+v", name, r)
		}
	}
}

// Where the numbers do not suffice, what the policy declares is done, unless something stands against it.
func TestInconclusive(t *testing.T) {
	for declared, want := range map[string]string{"": hold, hold: hold, rollback: rollback, forwardFix: forwardFix} {
		e := evidence{inputs: wishes(), Verified: before("1.4.2")}
		e.verify.Inconclusive = declared
		if r := e.inconclusive(); r.act != want || (r.to == "1.4.2") != (want == rollback) {
			t.Errorf("%q: %+v", declared, r)
		}
	}
	e := evidence{inputs: wishes(), Verified: before("1.4.2"), Facts: facts{Known: true, Irreversible: true}}
	e.verify.Inconclusive, e.verify.Rollback = rollback, &policy.Rollback{NeverIf: []string{policy.IrreversibleMigration}}
	if r := e.inconclusive(); r.act != forwardFix {
		t.Errorf("it goes back over a migration that cannot be taken back: %+v", r)
	}
}
