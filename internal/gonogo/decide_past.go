package gonogo

import (
	"fmt"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/duration"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// judgePast judges whether emergency changes that were let through got the review of a normal one within
// the time. One that did is not mentioned.
func judgePast(e evidence) []criterion {
	if !e.reviewsLater() || e.Gate.Approvals.Normal == nil {
		return nil
	}
	c := criterion{id: "emergency-reviews"}
	c.unread(e.People.Unread, "former emergency changes")
	for _, p := range e.People.Past {
		if p.Decided.IsZero() {
			c.unread([]problem{{What: fmt.Sprintf("when the emergency change %.7s was let through is not known", p.Commit), Next: "Correct its ticket " + p.URL + "."}}, "former emergency changes")
			continue
		}
		if p.Decided.After(e.Now.Add(skew)) {
			c.unread([]problem{{What: fmt.Sprintf("the emergency change %.7s is from the future, %s", p.Commit, p.Decided.UTC().Format(time.RFC3339)), Next: "Correct its ticket " + p.URL + "."}}, "former emergency changes")
			continue
		}
		c.judgeReview(p, e)
	}
	if len(c.findings) == 0 {
		return nil
	}
	return []criterion{c}
}

func (c *criterion) judgeReview(p past, e evidence) {
	within := time.Duration(e.Gate.Approvals.Emergency.ReviewWithin)
	deadline := p.Decided.Add(within)
	missing, unknown, done := reviewOf(p, e)
	name := fmt.Sprintf("the emergency change %.7s of %s", p.Commit, p.Decided.UTC().Format(time.RFC3339))
	f := result.Finding{
		ID: "emergency-reviews/" + p.Commit[:min(len(p.Commit), 12)], Title: "emergency-reviews: " + p.Commit[:min(len(p.Commit), 7)],
		Threshold: "the roles of a normal change within " + duration.Format(within), Evidence: p.URL,
	}
	who := strings.Join(missing, ", ")
	how := "Have these look at it and approve: " + who + "."
	switch {
	case p.Spoken.Pull != 0:
		how += fmt.Sprintf(" Its pull request is #%d, and a review counts there also after the merge.", p.Spoken.Pull)
	case p.Ticket != 0:
		how += fmt.Sprintf(" They write /approve as <role> on #%d.", p.Ticket)
	}
	switch {
	case len(p.Spoken.Problems) > 0:
		f.Outcome, f.Observed, f.Next = verdict.Undecided, "whether "+name+" was reviewed is not known: "+p.Spoken.Problems[0].What, p.Spoken.Problems[0].Next
		c.add(f, shortID(p.Commit))
		if p.Spoken.Problems[0].Passing {
			c.open = append(c.open, "the API")
		}
	case len(missing) == 0 && !done.After(deadline):
	case len(missing) == 0:
		f.Outcome, f.Observed = verdict.Warned, name+" was reviewed late, "+duration.Format(done.Sub(p.Decided).Round(time.Second))+" after it"
		f.Next = "Nothing is left to do for this change; see why the review took longer than agreed."
		c.findings = append(c.findings, f)
	case e.Now.Before(deadline):
		f.Outcome, f.Observed = verdict.Warned, name+" is to be reviewed until "+deadline.UTC().Format(time.RFC3339)+" by "+who
		f.Next = how
		c.findings = append(c.findings, f)
	case len(unknown) > 0:
		f.Outcome, f.Observed, f.Next = verdict.Undecided, "whether "+name+" was reviewed is not known: "+few(unknown), how
		c.add(f, shortID(p.Commit))
		c.open = append(c.open, "review of "+shortID(p.Commit))
	default:
		f.Outcome, f.Observed, f.Next = verdict.Failed, name+" was not reviewed within "+duration.Format(within)+": "+who+" is missing", how
		c.add(f, shortID(p.Commit))
		c.open = append(c.open, "review of "+shortID(p.Commit))
	}
}

// reviewOf names the groups of the normal rule that have not approved a change, why that may be wrong, and
// when the last of the others did.
func reviewOf(p past, e evidence) (missing, unknown []string, done time.Time) {
	v := voicesThen(e, p)
	for _, g := range groupsOf(*e.Gate.Approvals.Normal) {
		var first time.Time
		holds := false
		for _, role := range g {
			s := v.of(role)
			unknown = append(unknown, s.maybe...)
			unknown = append(unknown, s.doubt...)
			for _, w := range s.by {
				if s.holds() && (!holds || w.at.Before(first)) {
					first, holds = w.at, true
				}
			}
		}
		if !holds {
			missing = append(missing, g.String())
		} else if first.After(done) {
			done = first
		}
	}
	return missing, unknown, done
}
