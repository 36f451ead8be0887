package incident

import (
	"errors"
	"slices"

	"github.com/slipway-actions/slipway/internal/expression"
	"github.com/slipway-actions/slipway/internal/policy"
)

// Facts are what the severity depends on. The names are those that conditions have for them.
type Facts struct {
	Users        float64 // impact.users: the most that can be affected, from 0 to 1
	Critical     *bool   // impact.critical: a critical function is broken; nil where that is not known
	Irreversible *bool   // migration.irreversible, likewise
	ReportOnly   bool    // nothing depends on the decision
}

// Values are the facts for conditions.
func (f Facts) Values() expression.Facts {
	values := expression.Facts{"impact.users": f.Users}
	for name, value := range map[string]*bool{"impact.critical": f.Critical, "migration.irreversible": f.Irreversible} {
		if value != nil {
			values[name] = *value
		}
	}
	return values
}

// usual are the rules where the policy has none that holds.
var usual = []policy.Grade{
	{Level: "SEV1", When: "impact.critical && impact.users >= 0.25"},
	{Level: "SEV2", When: "impact.critical"},
	{Level: "SEV3"},
}

// Severity is how grave it is by the rules of the policy, of which the first that holds counts, and else by
// the usual ones. A rule that depends on what is not known holds where it makes it graver; why says so.
func Severity(rules []policy.Grade, f Facts) (level, why string) {
	level, why, sure := first(rules, f)
	if sure {
		return level, why
	}
	other, otherWhy := "SEV4", "nothing depends on it: report-only"
	if !f.ReportOnly {
		other, otherWhy, _ = first(usual, f)
	}
	if level != "" && graver(level, other) {
		return level, why
	}
	return other, otherWhy
}

// first is the first rule that holds, or the gravest before it that may; sure is false where none is known to.
func first(rules []policy.Grade, f Facts) (level, why string, sure bool) {
	for _, r := range rules {
		holds, err := holds(r.When, f)
		switch {
		case err != nil && (level == "" || graver(r.Level, level)):
			level, why = r.Level, "the graver is taken, for "+err.Error()
		case err != nil || !holds:
		case level == "" || !graver(level, r.Level):
			return r.Level, "", true
		default:
			return level, why, true
		}
	}
	return level, why, false
}

func holds(condition string, f Facts) (bool, error) {
	if condition == "" {
		return true, nil
	}
	x, wrong := expression.ForwardFix.Compile(condition)
	if wrong != nil {
		return false, errors.New(wrong.Message)
	}
	ok, err := x.Holds(f.Values())
	var unknown *expression.Unknown
	if errors.As(err, &unknown) {
		err = errors.New(unknown.What())
	}
	return ok, err
}

// graver tells whether a is graver than b. What is no severity is the least of them.
func graver(a, b string) bool {
	rank := func(s string) int {
		if n := slices.Index(policy.SeverityLevels, s); n >= 0 {
			return n
		}
		return len(policy.SeverityLevels)
	}
	return rank(a) < rank(b)
}

// ResponseTime is within which time somebody has to answer.
func ResponseTime(severity string) string {
	switch severity {
	case "SEV1":
		return "15 minutes"
	case "SEV2":
		return "1 hour"
	case "SEV3":
		return "4 hours"
	}
	return "1 business day"
}
