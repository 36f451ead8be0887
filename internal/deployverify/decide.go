package deployverify

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/duration"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// The values of the output decision.
const (
	promote    = "promote"
	hold       = "hold"
	rollback   = "rollback"
	forwardFix = "forward-fix"
)

// decision is what to do with the version that was looked at, and why.
type decision struct {
	act        string
	reason     string    // one clause
	rollbackTo string    // a version, "" where none is known or nothing is rolled back
	nextCheck  time.Time // zero where looking again would change nothing
	next       string    // for a person
	findings   []result.Finding
	numbers    numbers
	impact     // of what is wrong, if anything is
}

// impact is whom and what a version that is no good may harm.
type impact struct {
	users    float64 // the most of them that it may reach, from 0 to 1
	critical *bool   // a critical function is broken; nil where that is not known
}

// decide says what becomes of the version. Only looks that succeeded as often as was wanted, and numbers
// that suffice, promote it, and only what the service, its machine or the sources said rolls it back.
func decide(e evidence) decision {
	seen := judgeLooks(e)
	d := decision{findings: findings(e, seen)}
	if e.watches() {
		d.numbers = judgeNumbers(e.verify, e.Watch)
		for _, j := range d.numbers.metrics {
			d.findings = append(d.findings, j.findings...)
		}
	}
	if e.Stage.Passed.IsZero() {
		d.findings = append(d.findings, judgeLoad(e)...)
	}
	switch result.VerdictOf(d.findings) {
	case verdict.Pass:
		d.act, d.reason = promote, success(e, d.numbers)
	case verdict.Fail:
		why := d.failure(e, seen)
		d.impact = impact{d.reach(e, seen), d.breaks(e, seen)}
		r := e.remedy(d.impact)
		d.act, d.rollbackTo = r.act, r.to
		d.reason = why + r.because
		if r.unknown != "" {
			d.findings = append(d.findings, result.Finding{ID: "remedy", Outcome: verdict.Undecided, Title: "Rollback or forward fix", Observed: r.unknown, Next: r.next})
		}
	default:
		d.act, d.reason = hold, undecided(e, seen, d)
		switch e.End {
		case sliced, cancelled:
			d.nextCheck = e.Ended.Add(e.Plan.Interval)
			if e.watches() {
				d.nextCheck = e.Ended.Add(max(e.Plan.Interval, e.Watch.Width))
			}
		case short:
			r := e.inconclusive()
			d.act, d.rollbackTo = r.act, r.to
		default:
			if seen == verdict.Undecided && e.End != unordered {
				d.nextCheck = e.Ended.Add(e.Plan.Interval)
			}
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

// watches tells whether numbers count: there are some to watch, and the version came as far as that.
func (e evidence) watches() bool {
	return len(e.verify.Metrics) > 0 && !e.Watch.Began.IsZero() && e.Stage.Passed.IsZero()
}

// judgeLooks says what the looks show, whatever else the policy asks for.
func judgeLooks(e evidence) verdict.Outcome {
	t := e.phase()
	switch e.End {
	case kept:
		return verdict.Passed
	case broke:
		return failedIf(t.RowBlamed > 0)
	case deadline:
		if t.Good > 0 {
			// Without a failure after the first success it was coming up when the time was over.
			return failedIf(t.Relapsed)
		}
		return failedIf(t.Blamed > 0)
	case harmed, short, unreadable: // the looks are not what ended it
		return passedIf(t.Looks == 0 || t.Fails == 0)
	}
	return verdict.Undecided
}

func failedIf(shown bool) verdict.Outcome {
	if shown {
		return verdict.Failed
	}
	return verdict.Undecided
}

func passedIf(well bool) verdict.Outcome {
	if well {
		return verdict.Passed
	}
	return verdict.Undecided
}

// phase is what was looked at last.
func (e evidence) phase() tally {
	if e.Settled.IsZero() || e.Soak.Looks == 0 {
		return e.Startup
	}
	return e.Soak
}

// failure says why a version is no good: by its looks, by its numbers, or by the load it was put under.
func (d decision) failure(e evidence, seen verdict.Outcome) string {
	if seen == verdict.Failed {
		return failure(e)
	}
	for _, j := range d.numbers.metrics {
		if j.outcome == verdict.Failed {
			return j.reason
		}
	}
	for _, f := range d.findings {
		if f.Outcome == verdict.Failed {
			return f.Title + ": " + f.Observed
		}
	}
	return "it failed"
}

// reach is the share of users that what is wrong may reach: the share of traffic that the version gets, times
// the most of its requests that can be bad.
func (d decision) reach(e evidence, seen verdict.Outcome) float64 {
	bad := 0.0
	if seen == verdict.Failed || !slices.ContainsFunc(d.numbers.metrics, func(j judged) bool { return j.outcome == verdict.Failed }) {
		bad = 1
	}
	for _, j := range d.numbers.metrics {
		if j.outcome == verdict.Failed {
			bad = max(bad, j.bad)
		}
	}
	return bad * e.Stage.Share
}

// breaks tells whether a critical function is broken: the service does not answer as it is wanted to, or a
// metric shows harm that the policy calls critical. Another version that answers in its place breaks none.
func (d decision) breaks(e evidence, seen verdict.Outcome) *bool {
	broken, known := false, true
	if seen == verdict.Failed {
		for _, t := range e.phase().Checks {
			broken = broken || t.Blaming > t.Wrong
		}
	}
	for _, j := range d.numbers.metrics {
		if j.metric.Critical && !j.metric.ReportOnly {
			broken = broken || j.outcome == verdict.Failed
			known = known && j.outcome != verdict.Undecided
		}
	}
	if !broken && !known {
		return nil
	}
	return &broken
}

// findings are one for each check, and one for all else that weighs.
func findings(e evidence, seen verdict.Outcome) []result.Finding {
	var all []result.Finding
	if e.End == unordered {
		all = append(all, result.Finding{
			ID: "order", Outcome: verdict.Undecided, Title: "Steps of the plan", Observed: fmt.Sprintf("%s was asked for, and %s has not passed %s, as far as the state file knows", e.Stage.called(), e.versionText(), list(e.Stage.Missing)),
			Threshold: "one step after the other",
			Next:      "Verify the step " + e.Stage.Missing[0] + " first, and carry the state file from one run to the next, for example with actions/cache.",
		})
		return all
	}
	t := e.phase()
	for i, c := range e.checks {
		f := result.Finding{ID: "look-" + c.id(), Title: c.title(), Outcome: checkOutcome(t.Checks[i], seen), Observed: describe(c, t.Checks[i]), Threshold: c.wanted()}
		if seen == verdict.Passed {
			f.Observed = outlived(c, t.Checks[i])
		}
		if n := e.Plan.consecutive(c); n > 1 {
			f.Threshold += fmt.Sprintf("; %d looks in a row", n)
		}
		all = append(all, f)
	}
	switch {
	case !e.Stage.Passed.IsZero():
		all = append(all, e.passedBefore())
	case seen == verdict.Passed && len(e.verify.Metrics) > 0 && e.Watch.Began.IsZero():
		all = append(all, result.Finding{ID: "metrics", Outcome: verdict.Undecided, Title: "Metrics", Observed: "they were not watched"})
	}
	return append(all, warnings(e)...)
}

// passedBefore says why there was no soak.
func (e evidence) passedBefore() result.Finding {
	f := result.Finding{ID: "passed", Outcome: verdict.Skipped, Title: "Soak of " + e.Stage.called(), Observed: "it was passed at " + e.Stage.Passed.UTC().Format(time.RFC3339) + ", and is not repeated"}
	if e.Stage.Name == "" {
		f.Title = "Steps of the plan"
		f.Observed = fmt.Sprintf("%s was verified at %s, and came back after another version: that it answers everywhere is enough", e.versionText(), e.Stage.Passed.UTC().Format(time.RFC3339))
	}
	return f
}

// checkOutcome is a check's part in what all of them show.
func checkOutcome(t checkTally, seen verdict.Outcome) verdict.Outcome {
	switch {
	case seen == verdict.Failed && t.Asked == 0:
		return verdict.Skipped
	case seen == verdict.Passed, seen == verdict.Failed && t.Good == t.Asked && t.Asked > 0:
		return verdict.Passed
	case seen == verdict.Failed && t.Blaming > 0:
		return verdict.Failed
	}
	return verdict.Undecided
}

// warnings are what a person should know, though it changes nothing.
func warnings(e evidence) []result.Finding {
	var all []result.Finding
	warn := func(id, title, observed, next string) {
		all = append(all, result.Finding{ID: id, Outcome: verdict.Warned, Title: title, Observed: observed, Next: next})
	}
	if e.Expected == "" {
		warn("no-version", "No version was expected", "the input expected-version is empty: an old version that answers well passes, and none is noted as verified",
			"Give expected-version, such as ${{ needs.release.outputs.version }}.")
	}
	for _, hint := range e.Hints {
		warn("near-miss", "The versions nearly agree", "they differ by a leading v alone", hint)
	}
	for _, final := range e.Finals {
		warn("redirected", "The answer came from elsewhere", "a redirect led to "+shown(final), "Give the address that answers itself, unless the redirect is part of what is verified.")
	}
	if e.Unwatched > 0 {
		warn("unwatched", "Nobody looked for a time", fmt.Sprintf("for %s of the soak no run looked at the service; that time does not count", duration.Format(e.Unwatched.Round(time.Second))), "Let the runs follow each other more closely, or give the step a longer every.")
	}
	return all
}

func (c check) id() string {
	if c.name == "" {
		return "url"
	}
	return c.name
}

func (e evidence) versionText() string {
	if e.Expected == "" {
		return "the version"
	}
	return e.Expected
}

func list(parts []string) string { return strings.Join(parts, ", ") }
