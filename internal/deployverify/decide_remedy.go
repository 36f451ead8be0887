package deployverify

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/slipway-actions/slipway/internal/duration"
	"github.com/slipway-actions/slipway/internal/expression"
	"github.com/slipway-actions/slipway/internal/policy"
)

// remedy is what to do about a version that is no good.
type remedy struct {
	act     string
	to      string // the version to roll back to
	because string // why it is this one, to follow a reason; "" where nothing needs saying
	unknown string // why no remedy could be chosen
	next    string
}

// remedy chooses between rollback and forward fix. The rule is to roll back; a window that is closed, a
// migration that cannot be taken back and the policy's conditions stand against it. Where it is not known
// whether one of them does, a person has to choose: a wrong rollback loses data.
func (e evidence) remedy(i impact) remedy {
	to, missing := target(e)
	r := e.verify.Rollback
	if r == nil {
		r = &policy.Rollback{}
	}
	if window := time.Duration(r.Window); window > 0 && e.Ended.Sub(e.Deployed) > window {
		return remedy{act: forwardFix, because: fmt.Sprintf("; the rollback window of %s closed at %s", duration.Format(window), e.Deployed.Add(window).UTC().Format(time.RFC3339))}
	}
	const how = "Choose by hand. Next time, hand in the result of go-no-go (input evidence), whose criterion migrations looks at them."
	if slices.Contains(r.NeverIf, policy.IrreversibleMigration) {
		switch {
		case !e.Facts.Known:
			return remedy{act: hold, because: "; whether to roll back" + bracketed(to) + " is for a person to decide", next: how,
				unknown: "verify.rollback.never-if goes by irreversible migrations, and whether there are any is not known: " + e.Facts.Problem}
		case e.Facts.Irreversible:
			return remedy{act: forwardFix, because: "; a migration of it cannot be taken back (" + e.Facts.Source + ")"}
		}
	}
	open := ""
	for _, condition := range e.verify.ForwardFixIf {
		holds, err := e.holds(condition, i)
		switch {
		case holds:
			return remedy{act: forwardFix, because: fmt.Sprintf("; the policy fixes forward if %s, and so it is", condition)}
		case err != nil && open == "":
			open = fmt.Sprintf("verify.forward-fix-if: %s: %v", condition, err)
			if e.Facts.Problem != "" {
				open += " (" + e.Facts.Problem + ")"
			}
		}
	}
	if open != "" {
		return remedy{act: hold, because: "; whether to roll back" + bracketed(to) + " is for a person to decide", unknown: open, next: how}
	}
	return remedy{act: rollback, to: to, because: missing}
}

// holds judges a condition by what is known.
func (e evidence) holds(condition string, i impact) (bool, error) {
	compiled, wrong := expression.ForwardFix.Compile(condition)
	if wrong != nil {
		return false, errors.New(wrong.Message)
	}
	return compiled.Holds(e.incidentFacts(i).Values())
}

// target is the version to go back to: the newest that was verified, other than the one at hand.
// Without one it says why, to follow a reason.
func target(e evidence) (version, missing string) {
	if e.Expected == "" {
		return "", "; which version to go back to cannot be told without expected-version"
	}
	for i := len(e.Verified) - 1; i >= 0; i-- {
		if v := e.Verified[i].Version; v != e.Expected {
			return v, ""
		}
	}
	return "", "; there is no other verified version to go back to"
}

// inconclusive is what the policy does with numbers that do not suffice. What stands against a rollback
// stands against this one as well.
func (e evidence) inconclusive() remedy {
	switch e.verify.Inconclusive {
	case rollback:
		return e.remedy(impact{users: e.Stage.Share})
	case forwardFix:
		return remedy{act: forwardFix}
	}
	return remedy{act: hold}
}

func bracketed(version string) string {
	if version == "" {
		return ""
	}
	return " (to " + version + ")"
}
