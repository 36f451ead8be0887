package deployverify

import (
	"fmt"
	"time"

	"github.com/slipway-actions/slipway/internal/duration"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// success says why a version is promoted.
func success(e evidence) string {
	showed := "succeeded"
	if e.expected != "" {
		showed = "showed " + e.expected
	}
	reason := fmt.Sprintf("%d of %d looks in a row %s", min(e.startup.row, e.plan.consecutive), e.plan.consecutive, showed)
	if e.soak.looks > 0 {
		reason += fmt.Sprintf(", and so did %d of %d during a soak of %s", e.soak.good, e.soak.looks, duration.Format(e.plan.soak))
	}
	return reason
}

// failure says why a version is rolled back.
func failure(e evidence) string {
	t := e.phase()
	c, worst := e.worst()
	switch {
	case e.end == broke:
		return fmt.Sprintf("it came up, and %s into its soak %s failed: %s", span(t.broken.Sub(e.settled)), report.Count(t.fails, "look"), complaint(e, c, worst))
	case t.good > 0:
		return fmt.Sprintf("%d of %d looks succeeded, never %d in a row: %s", t.good, t.looks, e.plan.consecutive, complaint(e, c, worst))
	}
	watched := span(e.ended.Sub(e.started))
	if worst.wrong == worst.asked {
		return complaint(e, c, worst) + " for " + watched
	}
	return "in " + watched + ", " + complaint(e, c, worst)
}

// undecided says why nothing can be said.
func undecided(e evidence, seen verdict.Outcome) string {
	if seen == verdict.Passed {
		return success(e) + ", but the policy also goes by what this release does not judge: " + list(append(append([]string{}, e.unjudged...), e.unranked...))
	}
	t := e.phase()
	switch {
	case e.end == cancelled && t.looks == 0:
		return "the run was cancelled before the first look ended"
	case e.end == cancelled:
		during := ""
		if e.soak.looks > 0 {
			during = " of its soak"
		}
		return fmt.Sprintf("the run was cancelled after %s%s, of which %d succeeded", report.Count(t.looks, "look"), during, t.good)
	case e.end == broke:
		c, worst := e.worst()
		return fmt.Sprintf("it came up, but the last %s of its soak could not be made: %s", report.Count(t.fails, "look"), describe(c, worst))
	case t.good == t.looks:
		return fmt.Sprintf("all of %s succeeded, but %d did not fit into %s", report.Count(t.looks, "look"), e.plan.consecutive, duration.Format(e.plan.timeout))
	case t.row > 0 && t.row == t.good:
		return fmt.Sprintf("it has come up too late to tell: the last %d of %d looks succeeded, and %d in a row did not fit into %s", t.row, t.looks, e.plan.consecutive, duration.Format(e.plan.timeout))
	case t.good > 0:
		c, worst := e.worst()
		return fmt.Sprintf("%d of %d looks succeeded, never %d in a row, and the others say nothing about the service: %s", t.good, t.looks, e.plan.consecutive, describe(c, worst))
	}
	c, worst := e.worst()
	return fmt.Sprintf("nothing was learnt about the service in %s: %s", span(e.ended.Sub(e.started)), describe(c, worst))
}

// worst is the check with the most requests against the service, or else the most without success.
func (e evidence) worst() (check, checkTally) {
	t := e.phase()
	n := 0
	for i, c := range t.checks {
		if w := t.checks[n]; c.blaming > w.blaming || c.blaming == w.blaming && c.asked-c.good > w.asked-w.good {
			n = i
		}
	}
	return e.checks[n], t.checks[n]
}

// complaint is what a check has against the service.
func complaint(e evidence, c check, t checkTally) string {
	text := describe(c, t)
	if t.wrong > 0 {
		text = fmt.Sprintf("expected %s, but %s", e.expected, text)
	}
	if c.name != "" && len(e.checks) > 1 {
		text = c.name + ": " + text
	}
	return text
}

// describe says what became of a check's requests.
func describe(c check, t checkTally) string {
	switch expected := c.expects(); {
	case t.asked == 0:
		return "it was not asked"
	case t.good == t.asked && expected != "":
		return fmt.Sprintf("%d of %d answers said %s", t.good, t.answered, expected)
	case t.good == t.asked:
		return fmt.Sprintf("%d of %d answers were as wanted", t.good, t.answered)
	case t.wrong == 0:
		return fmt.Sprintf("%d of %d requests failed, the last with: %s", t.asked-t.good, t.asked, t.failure)
	}
	most := t.mostWrong(c.expects())
	text := fmt.Sprintf("%d of %d answers said %s", most.n, t.answered, most.version)
	if others := t.wrong - most.n; others > 0 {
		text += fmt.Sprintf(" and %d another wrong version", others)
	}
	if failed := t.asked - t.good - t.wrong; failed > 0 {
		text += fmt.Sprintf("; %d of %d requests failed otherwise, the last with: %s", failed, t.asked, t.failure)
	}
	return text
}

// outlived says what became of the requests of a check that succeeded in the end.
func outlived(c check, t checkTally) string {
	if t.good == t.asked {
		return describe(c, t)
	}
	text := fmt.Sprintf("%d of %d requests were as wanted, the newest among them", t.good, t.asked)
	if t.wrong > 0 {
		text += fmt.Sprintf("; %d told another version, such as %s", t.wrong, t.mostWrong(c.expects()).version)
	}
	if failed := t.asked - t.good - t.wrong; failed > 0 {
		text += fmt.Sprintf("; %d failed, the last with: %s", failed, t.failure)
	}
	return text
}

// expects is the version that a check wants, "" where it wants none.
func (c check) expects() string {
	if c.version != nil {
		return c.version.want
	}
	for _, f := range c.fields {
		if f.tells {
			return f.want
		}
	}
	return ""
}

// span writes a time the way it is measured: 12ms, 3.2s, 4m10s.
func span(d time.Duration) string {
	switch {
	case d < time.Second:
		return d.Round(time.Millisecond).String()
	case d < time.Minute:
		return d.Round(100 * time.Millisecond).String()
	}
	return duration.Format(d.Round(time.Second))
}

// next is what a person should do about a decision.
func next(e evidence, d decision) string {
	switch {
	case d.act == promote:
		return ""
	case d.act == rollback && d.rollbackTo != "":
		return fmt.Sprintf("Deploy %s again (output rollback-to), then verify it in the same way.", d.rollbackTo)
	case d.act == rollback:
		return "Deploy the version from before by hand, then verify it. Keep the state file between runs, and the next rollback knows where to go."
	case !d.nextCheck.IsZero():
		return fmt.Sprintf("Neither promote nor roll back. Look again from %s on, by running the step again; if it stays so, see that this machine can reach the service, or raise timeout.", d.nextCheck.Format(time.RFC3339))
	}
	return "Neither promote nor roll back before a person has decided; see what could not be judged."
}
