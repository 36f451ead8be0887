package deployverify

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/expression"
	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/incident"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// incidentFile is where the text lies, below the workspace.
const incidentFile = ".slipway/incident.md"

// widespread is the share of users from which on a broken critical function is the gravest, where the policy
// does not say.
const widespread = 0.25

// isIncident tells whether something is known to be wrong.
func (d decision) isIncident() bool { return result.VerdictOf(d.findings) == verdict.Fail }

// critical tells whether what is wrong is a function that must not break: a check, load, or a metric that the
// policy calls so.
func (d decision) critical() bool {
	return slices.ContainsFunc(d.findings, func(f result.Finding) bool {
		return f.Outcome == verdict.Failed && !strings.HasPrefix(f.ID, "metric-")
	}) || slices.ContainsFunc(d.numbers.metrics, func(j judged) bool { return j.outcome == verdict.Failed && j.metric.Critical })
}

// severity is how grave an incident is, by the first rule of the policy that holds. A rule that cannot be
// judged counts as one that holds: the graver is the safer.
func (e evidence) severity(d decision) (level, why string) {
	facts := expression.Facts{"impact.users": d.users, "impact.critical": d.critical()}
	if e.Facts.Known {
		facts["migration.irreversible"] = e.Facts.Irreversible
	}
	if e.verify.Incident != nil {
		for _, rule := range e.verify.Incident.Severity {
			if rule.When == "" {
				return rule.Level, ""
			}
			compiled, wrong := expression.ForwardFix.Compile(rule.When)
			if wrong != nil {
				return rule.Level, ", for its rule cannot be read"
			}
			holds, err := compiled.Holds(facts)
			if err != nil {
				return rule.Level, ", for it cannot be ruled out: " + err.Error()
			}
			if holds {
				return rule.Level, ""
			}
		}
	}
	switch {
	case d.critical() && d.users >= widespread:
		return "SEV1", ""
	case d.critical():
		return "SEV2", ""
	}
	return "SEV3", ""
}

// incidentOf is the text of what is wrong.
func incidentOf(e evidence, d decision, run string) incident.Incident {
	level, why := e.severity(d)
	i := incident.Incident{
		Key: incident.Key{Environment: e.Service.Environment, Version: e.Expected}, Title: fmt.Sprintf("%s is no good: %s", e.subject(), d.reason),
		Status: incident.Identified, Severity: level, Why: why, Started: e.Deployed, Updated: e.Ended, Run: run,
		Impact:  fmt.Sprintf("up to %s of the users of %s", percent(d.users), e.Service.URL),
		Actions: []string{fmt.Sprintf("%s: deploy-verify decided: %s", e.Ended.UTC().Format("15:04 UTC"), sentence(d))},
		Next:    []string{d.next},
	}
	if d.act == hold {
		i.Status = incident.Investigating
	}
	return i
}

// subject is what was deployed, and where.
func (e evidence) subject() string {
	if e.Service.Environment == "" {
		return e.versionText()
	}
	return e.versionText() + " in " + e.Service.Environment
}

// account is what became of an incident's text.
type account struct {
	file, url, severity string
	findings            []result.Finding
}

// tellIncident leaves the text in a file, and where it is asked for on an issue, which later runs bring up to
// date. When a version is verified, the incidents of the others in that environment are resolved.
func tellIncident(ctx context.Context, w *action.World, want ticketWish, e evidence, d decision) (t account) {
	defer func() {
		if ctx.Err() != nil {
			t.findings = nil
		}
	}()
	if d.isIncident() {
		i := incidentOf(e, d, w.Facts.RunURL())
		t.severity = i.Severity
		if _, err := w.Write(incidentFile, []byte(w.Redact(i.Markdown())+"\n")); err != nil {
			t.findings = append(t.findings, warning("incident", incidentFile, err.Error(), "Make the folder .slipway writable."))
		} else if !w.DryRun {
			t.file = incidentFile
		}
		if want.asked && !w.DryRun {
			url, err := keepIncident(ctx, w, want, e, i)
			if t.url = url; err != nil {
				t.findings = append(t.findings, incidentTrouble(err))
			}
		}
		return t
	}
	if err := w.Remove(incidentFile); err != nil {
		t.findings = append(t.findings, warning("incident", incidentFile, err.Error(), "Remove it: it tells of something that is no longer so."))
	}
	if d.act == promote && want.asked && !w.DryRun {
		if err := resolveIncidents(ctx, w, want, e); err != nil {
			t.findings = append(t.findings, incidentTrouble(err))
		}
	}
	return t
}

func warning(id, title, observed, next string) result.Finding {
	return result.Finding{ID: id, Outcome: verdict.Warned, Title: title, Observed: observed, Next: next}
}

func incidentTrouble(err error) result.Finding {
	return warning("incident", "Incident", err.Error(), "Give the job the permission to keep the incident up to date:\npermissions:\n  issues: write")
}

// ticketWish is the input incident.
type ticketWish struct {
	asked  bool
	number int // of an issue; 0 is one that is found again, or opened
}

func readIncident(in *action.Inputs, repository string) ticketWish {
	switch given := in.Text("incident"); given {
	case "", "none":
		return ticketWish{}
	case "create":
		return ticketWish{asked: true}
	default:
		number := issueNumber(given, repository)
		if number == 0 {
			in.Refuse("incident", shown(given), "allowed: none, create, or the number or address of an issue of this repository")
		}
		return ticketWish{asked: number > 0, number: number}
	}
}

func incidentLabels(e evidence) []string {
	if e.verify.Incident != nil && len(e.verify.Incident.Labels) > 0 {
		return e.verify.Incident.Labels
	}
	return []string{"incident"}
}

// errStranger is an issue that somebody else wrote: its text is theirs.
var errStranger = errors.New("the issue was written by somebody who may not write to the repository, and is left as it is")

// keepIncident brings the issue up to date, and opens it where there is none yet.
func keepIncident(ctx context.Context, w *action.World, want ticketWish, e evidence, i incident.Incident) (url string, err error) {
	repository, labels := w.Facts.Repository, incidentLabels(e)
	found, err := findIncidents(ctx, w, want, labels, func(t github.Ticket) bool { return want.number > 0 || i.Key.Is(t.Body) })
	if err != nil {
		return "", err
	}
	text := github.TicketText{Title: w.Redact(shown(fmt.Sprintf("%s: %s", i.Severity, e.subject()+" is no good"))), Labels: labels}
	if len(found) == 0 {
		text.Body = w.Redact(i.Markdown())
		made, err := w.GitHub.CreateTicket(ctx, repository, text)
		return made.URL, err
	}
	t := found[0]
	if began := incident.Started(t.Body); i.Key.Is(t.Body) && !began.IsZero() && began.Before(i.Started) {
		i.Started = began
	}
	text.Body = w.Redact(i.Markdown())
	text.Labels = append(slices.DeleteFunc(slices.Clone(t.Labels), func(l string) bool { return slices.Contains(labels, l) }), labels...)
	if strings.TrimSpace(strings.ReplaceAll(t.Body, "\r\n", "\n")) == strings.TrimSpace(text.Body) {
		return t.URL, nil
	}
	changed, err := w.GitHub.EditTicket(ctx, repository, t.Number, text)
	if err != nil {
		return t.URL, err
	}
	return changed.URL, nil
}

func findIncidents(ctx context.Context, w *action.World, want ticketWish, labels []string, is func(github.Ticket) bool) ([]github.Ticket, error) {
	var list []github.Ticket
	if want.number > 0 {
		t, err := w.GitHub.Ticket(ctx, w.Facts.Repository, want.number)
		if err != nil {
			return nil, err
		}
		list = append(list, t)
	} else {
		all, err := w.GitHub.OpenTickets(ctx, w.Facts.Repository, labels)
		if err != nil {
			return nil, err
		}
		list = all
	}
	list = slices.DeleteFunc(list, func(t github.Ticket) bool { return !is(t) })
	if want.number > 0 && len(list) > 0 && !list[0].Trusted {
		return nil, errStranger
	}
	return slices.DeleteFunc(list, func(t github.Ticket) bool { return !t.Trusted }), nil
}

// resolveIncidents closes what was opened about other versions in the environment in which one stands now.
// After the last step it is resolved; before, it is watched.
func resolveIncidents(ctx context.Context, w *action.World, want ticketWish, e evidence) error {
	labels := incidentLabels(e)
	found, err := findIncidents(ctx, w, ticketWish{asked: true}, labels, func(t github.Ticket) bool {
		return incident.About(t.Body, e.Service.Environment) && !incident.Key{Environment: e.Service.Environment, Version: e.Expected}.Is(t.Body)
	})
	if err != nil {
		return err
	}
	status := incident.Monitoring
	if e.Stage.Last {
		status = incident.Resolved
	}
	line := fmt.Sprintf("%s: %s was verified", e.Ended.UTC().Format(time.RFC3339), e.subject())
	for _, t := range found {
		text := github.TicketText{Body: w.Redact(incident.Moved(t.Body, status, e.Ended, line)), Close: e.Stage.Last}
		if text.Body == t.Body {
			continue
		}
		if _, err := w.GitHub.EditTicket(ctx, w.Facts.Repository, t.Number, text); err != nil {
			return err
		}
	}
	return nil
}
