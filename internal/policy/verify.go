package policy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Verify says when a deployment counts as good, and what becomes of one that does not.
type Verify struct {
	Sources      map[string]Source `yaml:"sources"`
	Probes       []Probe           `yaml:"probes"`
	Load         *Load             `yaml:"load"`
	Metrics      []Metric          `yaml:"metrics"`
	NoData       string            `yaml:"no-data"`      // what a metric without numbers counts as: unknown (the default) or fail
	Inconclusive string            `yaml:"inconclusive"` // the decision where the numbers do not suffice in the end: hold (the default), rollback or forward-fix
	Plan         []Step            `yaml:"plan"`
	Rollback     *Rollback         `yaml:"rollback"`
	ForwardFixIf []string          `yaml:"forward-fix-if"`
	Incident     *Incident         `yaml:"incident"`
}

// Step is one share of traffic and how long it is watched.
type Step struct {
	Step    string   `yaml:"step"`    // its name
	Traffic string   `yaml:"traffic"` // the share that the new version gets, such as 5%
	Soak    Duration `yaml:"soak"`    // how long it is watched at least
	Max     Duration `yaml:"max"`     // and at most, where the numbers do not suffice; 0 is twice the soak
	Every   Duration `yaml:"every"`   // between two readings of the metrics; 0 is 1m
}

// Share is the step's traffic, from 0 to 1.
func (s Step) Share() float64 {
	share, _ := ParseShare(s.Traffic)
	return share
}

// Rollback says how long and to what one may go back.
type Rollback struct {
	Window  Duration `yaml:"window"`   // since the version was first looked at; 0 is always
	To      string   `yaml:"to"`       // last-verified, the default
	NeverIf []string `yaml:"never-if"` // irreversible-migration
}

// IrreversibleMigration is what rollback.never-if can name.
const IrreversibleMigration = "irreversible-migration"

// bounds of a plan, in steps.
const maxSteps = 20

func (v *Verify) validate() *misfit {
	for _, part := range []func() *misfit{v.validateSources, v.validateProbes, v.validateLoad, v.validateMetrics, v.validatePlan, v.validateIncident} {
		if m := part(); m != nil {
			return m
		}
	}
	for _, word := range []struct {
		key, value string
		allowed    []string
	}{{"no-data", v.NoData, []string{"unknown", "fail"}}, {"inconclusive", v.Inconclusive, []string{"hold", "rollback", "forward-fix"}}} {
		if word.value != "" && !slices.Contains(word.allowed, word.value) {
			return misfitf("verify."+word.key, "%q is not allowed here; allowed: %s. Nothing that is not known passes", word.value, strings.Join(word.allowed, ", "))
		}
	}
	if r := v.Rollback; r != nil {
		if r.To != "" && r.To != "last-verified" {
			return misfitf("verify.rollback.to", "%q is not allowed here; allowed: last-verified", r.To)
		}
		for _, condition := range r.NeverIf {
			if condition != IrreversibleMigration {
				return misfitf("verify.rollback.never-if", "%q is not allowed here; allowed: %s", condition, IrreversibleMigration)
			}
		}
	}
	return v.validateConditions()
}

func (v *Verify) validatePlan() *misfit {
	if len(v.Plan) > maxSteps {
		return misfitf("verify.plan", "it has %d steps; at most %d are kept", len(v.Plan), maxSteps)
	}
	names, before := map[string]bool{}, 0.0
	for i, s := range v.Plan {
		at := fmt.Sprintf("verify.plan[%d]", i)
		share, err := ParseShare(s.Traffic)
		switch {
		case s.Step == "":
			return misfitf(at, "a step needs a name, such as step: canary-5")
		case strings.TrimSpace(s.Step) != s.Step || len(s.Step) > 100:
			return misfitf(at+".step", "%q is no name of at most 100 characters", s.Step)
		case names[s.Step]:
			return misfitf(at+".step", "there are two steps named %q; give each a name of its own", s.Step)
		case err != nil:
			return misfitf(at+".traffic", "%v", err)
		case share < before:
			return misfitf(at+".traffic", "%s is less than the step before it has; a plan only widens", s.Traffic)
		case s.Soak <= 0:
			return misfitf(at, "a step needs a soak, such as soak: 1h; nothing is known of what was not watched")
		case s.Max != 0 && s.Max < s.Soak:
			return misfitf(at+".max", "it is shorter than the soak")
		case s.Every < 0 || s.Every != 0 && s.Every > s.Soak:
			return misfitf(at+".every", "it is longer than the soak, so nothing would be read before its end")
		}
		names[s.Step], before = true, share
	}
	return nil
}

// ParseShare reads a percentage above 0 and up to 100, such as 5% or 0.5%, as a share from 0 to 1.
func ParseShare(s string) (float64, error) {
	number, ok := strings.CutSuffix(strings.TrimSpace(s), "%")
	n, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if !ok || err != nil || !(n/100 > 0 && n <= 100) {
		return 0, fmt.Errorf("%q is no share such as 5%%; allowed: above 0%% and up to 100%%", s)
	}
	return n / 100, nil
}
