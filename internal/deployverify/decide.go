package deployverify

import (
	"fmt"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/duration"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// The values of the output decision. The contract's fourth, forward-fix, is decided by policy
// conditions that this release does not judge.
const (
	promote  = "promote"
	hold     = "hold"
	rollback = "rollback"
)

// decision is what to do with the version that was looked at, and why.
type decision struct {
	act        string
	reason     string    // one clause
	rollbackTo string    // a version, "" where none is known or nothing is rolled back
	nextCheck  time.Time // zero where looking again would change nothing
	next       string    // for a person
	findings   []result.Finding
}

// decide says what becomes of the version. Only looks that succeeded as often as was wanted
// promote it, and only what the service or its machine said rolls it back.
func decide(e evidence) decision {
	seen := judgeLooks(e)
	d := decision{findings: findings(e, seen)}
	switch result.VerdictOf(d.findings) {
	case verdict.Pass:
		d.act, d.reason = promote, success(e)
	case verdict.Fail:
		to, missing := target(e)
		if len(e.unranked) > 0 { // whether a rollback is allowed is not ours to guess
			d.act, d.reason = hold, fmt.Sprintf("%s; whether to roll back%s is for a person to decide, for this release does not judge %s", failure(e), bracketed(to), list(e.unranked))
			break
		}
		d.act, d.rollbackTo, d.reason = rollback, to, failure(e)+missing
	default:
		d.act, d.reason = hold, undecided(e, seen)
		if seen == verdict.Undecided {
			d.nextCheck = e.ended.Add(e.plan.interval)
		}
	}
	d.next = next(e, d)
	for i := range d.findings {
		if f := &d.findings[i]; f.Next == "" && (f.Outcome == verdict.Failed || f.Outcome == verdict.Undecided) {
			f.Next = d.next
		}
	}
	return d
}

// judgeLooks says what the looks show, whatever else the policy asks for.
func judgeLooks(e evidence) verdict.Outcome {
	t := e.phase()
	switch e.end {
	case kept:
		return verdict.Passed
	case broke:
		return failedIf(t.rowBlamed > 0)
	case deadline:
		if t.good > 0 {
			// Without a failure after the first success it was coming up when the time was over.
			return failedIf(t.relapsed)
		}
		return failedIf(t.blamed > 0)
	}
	return verdict.Undecided
}

func failedIf(shown bool) verdict.Outcome {
	if shown {
		return verdict.Failed
	}
	return verdict.Undecided
}

// phase is what was looked at last.
func (e evidence) phase() tally {
	if e.settled.IsZero() || e.soak.looks == 0 && e.end == cancelled {
		return e.startup
	}
	return e.soak
}

// target is the version to go back to: the newest that was verified, other than the one at hand.
// Without one it says why, to follow a reason.
func target(e evidence) (version, missing string) {
	if e.expected == "" {
		return "", "; which version to go back to cannot be told without expected-version"
	}
	for i := len(e.verified) - 1; i >= 0; i-- {
		if v := e.verified[i].Version; v != e.expected {
			return v, ""
		}
	}
	return "", "; there is no other verified version to go back to"
}

func bracketed(version string) string {
	if version == "" {
		return ""
	}
	return " (to " + version + ")"
}

// findings are one for each check, and one for all else that weighs.
func findings(e evidence, seen verdict.Outcome) []result.Finding {
	var all []result.Finding
	t := e.phase()
	for i, c := range e.checks {
		f := result.Finding{ID: "look-" + c.id(), Title: c.title(), Outcome: checkOutcome(t.checks[i], seen), Observed: describe(c, t.checks[i]), Threshold: c.wanted()}
		if seen == verdict.Passed {
			f.Observed = outlived(c, t.checks[i])
		}
		if e.plan.consecutive > 1 {
			f.Threshold += fmt.Sprintf("; %d looks in a row", e.plan.consecutive)
		}
		all = append(all, f)
	}
	for _, part := range e.unjudged {
		all = append(all, result.Finding{
			ID: "unjudged", Outcome: verdict.Undecided, Title: part, Observed: "the policy asks for it, and this release does not judge it yet",
			Next: "Judge it by other means, or take it out of the policy until a release judges it.",
		})
	}
	for _, part := range e.unranked {
		all = append(all, result.Finding{
			ID: "unjudged", Outcome: verdict.Undecided, Title: part, Observed: "the policy goes by it to choose between rollback and other ways, and this release does not judge it yet",
			Next: "Choose by hand, or take it out of the policy until a release judges it.",
		})
	}
	return append(all, warnings(e, seen)...)
}

// checkOutcome is a check's part in what all of them show.
func checkOutcome(t checkTally, seen verdict.Outcome) verdict.Outcome {
	switch {
	case seen == verdict.Passed, seen == verdict.Failed && t.good == t.asked && t.asked > 0:
		return verdict.Passed
	case seen == verdict.Failed && t.blaming > 0:
		return verdict.Failed
	}
	return verdict.Undecided
}

// warnings are what a person should know, though it changes nothing.
func warnings(e evidence, seen verdict.Outcome) []result.Finding {
	var all []result.Finding
	warn := func(id, title, observed, next string) {
		all = append(all, result.Finding{ID: id, Outcome: verdict.Warned, Title: title, Observed: observed, Next: next})
	}
	if e.expected == "" {
		warn("no-version", "No version was expected", "the input expected-version is empty: an old version that answers well passes, and none is noted as verified",
			"Give expected-version, such as ${{ needs.release.outputs.version }}.")
	}
	for _, hint := range e.hints {
		warn("near-miss", "The versions nearly agree", "they differ by a leading v alone", hint)
	}
	for _, final := range e.finals {
		warn("redirected", "The answer came from elsewhere", "a redirect led to "+shown(final), "Give the address that answers itself, unless the redirect is part of what is verified.")
	}
	if e.window > 0 && seen == verdict.Failed {
		warn("window", "verify.rollback.window", fmt.Sprintf("the policy sets it to %s, and this release does not judge it yet", duration.Format(e.window)), "Mind it before rolling back.")
	}
	return all
}

func (c check) id() string {
	if c.name == "" {
		return "url"
	}
	return c.name
}

func list(parts []string) string { return strings.Join(parts, ", ") }
