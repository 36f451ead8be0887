package deployverify

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/slipway-actions/slipway/internal/incident"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// isIncident tells whether people are to be told: something is to be undone or mended, or it is no good and
// somebody has to choose.
func (d decision) isIncident() bool {
	return d.act == rollback || d.act == forwardFix || d.act == hold && result.VerdictOf(d.findings) == verdict.Fail
}

// incidentFacts are what conditions about an impact can be about.
func (e evidence) incidentFacts(i impact) incident.Facts {
	f := incident.Facts{Users: i.users, Critical: i.critical, ReportOnly: e.ReportOnly}
	if e.Facts.Known {
		f.Irreversible = &e.Facts.Irreversible
	}
	return f
}

// affected is the impact of a decision. Where numbers did not suffice, nobody knows more than which share of
// the users gets the version.
func (d decision) affected(e evidence) impact {
	if result.VerdictOf(d.findings) != verdict.Fail {
		return impact{users: e.Stage.Share}
	}
	return d.impact
}

// incidentOf puts a decision into an incident. The text names nothing but what the evidence holds, so that it
// is the same whenever it is made again.
func incidentOf(e evidence, d decision) incident.Incident {
	i := e.incidentBlank()
	found := d.affected(e)
	var rules []policy.Grade
	if e.verify.Incident != nil {
		rules = e.verify.Incident.Severity
	}
	i.Severity, i.Why = incident.Severity(rules, e.incidentFacts(found))
	i.Title = e.incidentSubject() + ": " + d.reason
	i.Impact = e.impactText(found)
	i.Started, i.Updated = e.wrongSince(d), e.Ended
	i.Status = incident.Identified
	if d.act == hold {
		i.Status = incident.Investigating
	}
	i.Actions = []incident.Action{{At: e.Ended, Text: "Decided: " + sentence(d)}}
	i.Next = e.incidentSteps(d)
	return i
}

// incidentBlank names what an incident of this run would be about.
func (e evidence) incidentBlank() incident.Incident {
	return incident.Incident{Address: e.Service.URL, Service: e.ServiceName, Environment: e.Service.Environment, Version: e.Expected}
}

func (e evidence) incidentSubject() string {
	subject := cmp.Or(e.ServiceName, e.Repository, e.Service.URL)
	if e.Expected != "" {
		subject += " " + e.Expected
	}
	if e.Service.Environment != "" {
		subject += " in " + e.Service.Environment
	}
	return subject
}

// impactText says whom it may harm and what is broken.
func (e evidence) impactText(i impact) string {
	text := "up to " + atMost(i.users) + " of the users may be affected"
	if i.users >= 1 {
		text = "all users may be affected"
	}
	if e.Stage.Name != "" {
		text += fmt.Sprintf("; the version has %s of the traffic", e.Stage.Traffic)
	}
	switch {
	case i.critical == nil:
		text += "; whether a critical function is broken is not known"
	case *i.critical:
		text += "; a critical function is broken"
	}
	if e.Facts.Known && e.Facts.Irreversible {
		text += "; a migration of the release cannot be taken back"
	}
	return text + "."
}

// atMost writes a share so that it does not look less than it is: two digits, rounded up.
func atMost(share float64) string {
	digits := 2 - int(math.Ceil(math.Log10(max(100*share, 1e-3)))) // behind the point
	scale := math.Pow10(max(digits, 0))
	return strconv.FormatFloat(max(min(math.Ceil(100*share*scale-1e-9)/scale, 100), 0), 'f', -1, 64) + " %"
}

// wrongSince is when the first of it was seen: the slot in which harm was shown, or the first look of the row
// that failed.
func (e evidence) wrongSince(d decision) time.Time {
	since := e.Ended
	earlier := func(t time.Time) {
		if !t.IsZero() && t.Before(since) {
			since = t
		}
	}
	for _, j := range d.numbers.metrics {
		if j.outcome == verdict.Failed && j.harmed > 0 {
			earlier(e.Watch.Began.Add(time.Duration(j.harmed) * e.Watch.Width))
		}
	}
	if judgeLooks(e) == verdict.Failed {
		earlier(e.phase().Broken)
	}
	return since
}

// incidentSteps are what comes next: stop, go back, see that it stands, find the cause, mend it.
func (e evidence) incidentSteps(d decision) []string {
	steps := []string{"Stop the rollout: no more traffic to " + e.versionText() + "."}
	if e.Stage.Last {
		steps = nil
	}
	steps = append(steps, d.next)
	for _, f := range d.findings {
		if f.ID == "remedy" && f.Next != d.next {
			steps = append(steps, f.Next)
		}
	}
	steps = append(steps, "Find the cause, mend it with a test that shows it, and hold a retrospective within a week.")
	return slices.DeleteFunc(steps, func(s string) bool { return s == "" })
}
