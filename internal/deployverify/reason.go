package deployverify

import (
	"fmt"
	"time"

	"github.com/slipway-actions/slipway/internal/duration"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// success says why a version is promoted.
func success(e evidence, n numbers) string {
	showed := "succeeded"
	if e.Expected != "" {
		showed = "showed " + e.Expected
	}
	reason := fmt.Sprintf("%d of %d looks in a row %s", min(e.Startup.Row, e.Plan.Consecutive), e.Plan.Consecutive, showed)
	if e.Soak.Looks > 0 {
		reason += fmt.Sprintf(", and so did %d of %d during a soak of %s", e.Soak.Good, e.Soak.Looks, duration.Format(e.Plan.Soak))
	}
	if held := n.count(verdict.Passed); held > 0 {
		reason += fmt.Sprintf("; %s held for %s", report.Count(held, "metric"), span(time.Duration(n.slots)*e.Watch.Width))
	}
	return reason
}

// open is the first that is not known.
func (d decision) open() string {
	for _, f := range d.findings {
		if f.Outcome == verdict.Undecided {
			return f.Title + ": " + f.Observed
		}
	}
	return ""
}

// soFar is what the numbers show in the midst of a soak, to follow a reason.
func (d decision) soFar() string {
	if lacking := d.numbers.lacking(); lacking != "" {
		return "; " + lacking
	}
	return ""
}

func (n numbers) count(o verdict.Outcome) (count int) {
	for _, j := range n.metrics {
		if j.outcome == o && !j.metric.ReportOnly {
			count++
		}
	}
	return count
}

// lacking says why the numbers do not suffice: the first metric that could not be read, else the first of
// which there is too little.
func (n numbers) lacking() (why string) {
	for _, j := range n.metrics {
		if j.outcome != verdict.Undecided || j.metric.ReportOnly {
			continue
		}
		if j.unread {
			return j.reason
		}
		if why == "" {
			why = j.reason
		}
	}
	return why
}

// progress is a line for those who follow from outside.
func (e evidence) progress(n numbers, now time.Time) string {
	line := fmt.Sprintf("%s of %s watched", span(now.Sub(e.Watch.Began).Truncate(time.Second)), duration.Format(e.Watch.Soak))
	if e.Stage.Name != "" {
		line = e.Stage.called() + ": " + line
	}
	if why := n.lacking(); why != "" {
		line += "; " + why
	}
	return line
}

// failure says why a version is rolled back.
func failure(e evidence) string {
	t := e.phase()
	c, worst := e.worst()
	switch {
	case e.End == broke:
		return fmt.Sprintf("it came up, and %s into its soak %s failed: %s", span(t.Broken.Sub(e.Settled)), report.Count(t.Fails, "look"), complaint(e, c, worst))
	case t.Good > 0:
		return fmt.Sprintf("%d of %d looks succeeded, never %d in a row: %s", t.Good, t.Looks, e.Plan.Consecutive, complaint(e, c, worst))
	}
	watched := span(e.Ended.Sub(e.Started))
	if worst.Wrong == worst.Asked {
		return complaint(e, c, worst) + " for " + watched
	}
	return "in " + watched + ", " + complaint(e, c, worst)
}

// undecided says why nothing can be said.
func undecided(e evidence, seen verdict.Outcome, d decision) string {
	t := e.phase()
	switch {
	case e.End == unordered:
		return fmt.Sprintf("%s comes after %s, which %s has not passed", e.Stage.called(), list(e.Stage.Missing), e.versionText())
	case e.End == short && d.numbers.lacking() != "":
		return fmt.Sprintf("inconclusive after %s: %s", span(e.Ended.Sub(e.Watch.Began).Truncate(time.Second)), d.numbers.lacking())
	case e.End == short:
		return fmt.Sprintf("inconclusive: of %s since %s the service was out of sight for %s", duration.Format(e.Plan.Max), e.Watch.Began.Format(time.RFC3339), span(e.Unwatched))
	case d.numbers.lacking() != "" && seen == verdict.Passed:
		return d.numbers.lacking()
	case seen == verdict.Passed:
		return success(e, d.numbers) + ", but not all that the policy asks for is known: " + d.open()
	case e.End == sliced && e.Settled.IsZero():
		return fmt.Sprintf("the slice of %s was over after %s, of which %d succeeded", duration.Format(e.Plan.Slice), report.Count(t.Looks, "look"), t.Good)
	case e.End == sliced:
		return fmt.Sprintf("it stands, and its soak goes on: %s of %s are over%s", span(e.Ended.Sub(e.Watch.Began)), duration.Format(e.Plan.Soak), d.soFar())
	case e.End == cancelled && t.Looks == 0:
		return "the run was cancelled before the first look ended"
	case e.End == cancelled:
		during := ""
		if e.Soak.Looks > 0 {
			during = " of its soak"
		}
		return fmt.Sprintf("the run was cancelled after %s%s, of which %d succeeded", report.Count(t.Looks, "look"), during, t.Good)
	case e.End == broke:
		c, worst := e.worst()
		return fmt.Sprintf("it came up, but the last %s of its soak could not be made: %s", report.Count(t.Fails, "look"), describe(c, worst))
	case t.Good == t.Looks:
		return fmt.Sprintf("all of %s succeeded, but %d did not fit into %s", report.Count(t.Looks, "look"), e.Plan.Consecutive, duration.Format(e.Plan.Timeout))
	case t.Row > 0 && t.Row == t.Good:
		return fmt.Sprintf("it has come up too late to tell: the last %d of %d looks succeeded, and %d in a row did not fit into %s", t.Row, t.Looks, e.Plan.Consecutive, duration.Format(e.Plan.Timeout))
	case t.Good > 0:
		c, worst := e.worst()
		return fmt.Sprintf("%d of %d looks succeeded, never %d in a row, and the others say nothing about the service: %s", t.Good, t.Looks, e.Plan.Consecutive, describe(c, worst))
	}
	c, worst := e.worst()
	return fmt.Sprintf("nothing was learnt about the service in %s: %s", span(e.Ended.Sub(e.Started)), describe(c, worst))
}

// worst is the check with the most requests against the service, or else the most without success.
func (e evidence) worst() (check, checkTally) {
	t := e.phase()
	n := 0
	for i, c := range t.Checks {
		if w := t.Checks[n]; c.Blaming > w.Blaming || c.Blaming == w.Blaming && c.Asked-c.Good > w.Asked-w.Good {
			n = i
		}
	}
	return e.checks[n], t.Checks[n]
}

// complaint is what a check has against the service.
func complaint(e evidence, c check, t checkTally) string {
	text := describe(c, t)
	if t.Wrong > 0 {
		text = fmt.Sprintf("expected %s, but %s", e.Expected, text)
	}
	if c.name != "" && len(e.checks) > 1 {
		text = c.name + ": " + text
	}
	return text
}

// describe says what became of a check's requests.
func describe(c check, t checkTally) string {
	switch expected := c.expects(); {
	case t.Asked == 0:
		return "it was not asked, for nothing else counts while another version answers"
	case t.Good == t.Asked && expected != "":
		return fmt.Sprintf("%d of %d answers said %s", t.Good, t.Answered, expected)
	case t.Good == t.Asked:
		return fmt.Sprintf("%d of %d answers were as wanted", t.Good, t.Answered)
	case t.Wrong == 0:
		return fmt.Sprintf("%d of %d requests failed, the last with: %s", t.Asked-t.Good, t.Asked, t.Failure)
	}
	most := t.mostWrong(c.expects())
	text := fmt.Sprintf("%d of %d answers said %s", most.N, t.Answered, most.Version)
	if others := t.Wrong - most.N; others > 0 {
		text += fmt.Sprintf(" and %d another wrong version", others)
	}
	if failed := t.Asked - t.Good - t.Wrong; failed > 0 {
		text += fmt.Sprintf("; %d of %d requests failed otherwise, the last with: %s", failed, t.Asked, t.Failure)
	}
	return text
}

// outlived says what became of the requests of a check that succeeded in the end.
func outlived(c check, t checkTally) string {
	if t.Good == t.Asked {
		return describe(c, t)
	}
	text := fmt.Sprintf("%d of %d requests were as wanted, the newest among them", t.Good, t.Asked)
	if t.Wrong > 0 {
		text += fmt.Sprintf("; %d told another version, such as %s", t.Wrong, t.mostWrong(c.expects()).Version)
	}
	if failed := t.Asked - t.Good - t.Wrong; failed > 0 {
		text += fmt.Sprintf("; %d failed, the last with: %s", failed, t.Failure)
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
	case d.act == forwardFix:
		return "Do not roll back. Mend it, release the fix, and verify that in the same way."
	case !d.nextCheck.IsZero():
		return fmt.Sprintf("Neither promote nor roll back. Look again from %s on, by running the step again; if it stays so, see that this machine can reach the service, or raise timeout.", d.nextCheck.Format(time.RFC3339))
	}
	return "Neither promote nor roll back before a person has decided; see what could not be judged."
}
