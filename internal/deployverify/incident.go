package deployverify

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/incident"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// incidentFile is where the text about an incident lies in the workspace.
const incidentFile = ".slipway/incident.md"

const (
	mostIncidents  = 10  // that one run brings up to date
	titleLimit     = 200 // characters of an issue's title
	incidentsLabel = "incident"
)

// reported is the issue that people are told on.
type reported struct {
	create bool // one is opened where there is none yet
	number int  // of the one that was named; 0 is none
}

// readIncident reads the input incident: none, create, or the number or address of an issue.
func readIncident(in *action.Inputs, repository string) reported {
	given := in.OrDefault("incident")
	switch given {
	case "", "none":
		return reported{}
	case "create":
		return reported{create: true}
	}
	number, ok := issueNumber(given, repository)
	if !ok {
		in.Refuse("incident", shown(given), "allowed: none, create, or the number of an issue of this repository, or its address")
	}
	return reported{number: number}
}

// issueNumber reads the number of an issue of the repository, or its address.
func issueNumber(given, repository string) (int, bool) {
	text := strings.TrimPrefix(given, "#")
	if i := strings.LastIndex(text, "/"+repository+"/issues/"); i >= 0 && repository != "" {
		text = text[i+len("/"+repository+"/issues/"):]
	}
	number, err := strconv.Atoi(text)
	if err != nil || number < 1 || number > 1e9 {
		return 0, false
	}
	return number, true
}

// notices are where people are told of an incident, "" where they are not.
type notices struct{ file, url string }

// publishIncident tells people what went wrong, in a file and, where asked, on an issue; once a version
// stands again, the issue says so too. What goes wrong with that is a warning: it decides nothing.
func publishIncident(ctx context.Context, w *action.World, e evidence, d decision) (notices, []result.Finding) {
	p := publication{w: w, e: e}
	if d.isIncident() {
		made := incidentOf(e, d)
		made.Actions[0].URL = w.Facts.RunURL()
		p.keep(made)
		p.raise(ctx, made)
	} else if now := e.standing(d); now != "" {
		p.calm(ctx, now, d)
	}
	return p.told, p.warned
}

// standing is what an incident becomes by a version that is no incident itself: it is watched while that
// version passes step after step, and over once it is verified. Without a version nobody knows what stands.
func (e evidence) standing(d decision) incident.Status {
	switch {
	case e.Expected == "":
		return ""
	case d.act == promote && e.Stage.Last:
		return incident.Resolved
	case d.act == promote, d.act == hold && e.End == sliced && !e.Settled.IsZero():
		return incident.Monitoring
	}
	return ""
}

type publication struct {
	w      *action.World
	e      evidence
	told   notices
	warned []result.Finding
}

func (p *publication) warn(observed, next string) {
	p.warned = append(p.warned, result.Finding{ID: "incident", Outcome: verdict.Warned, Title: "Incident", Observed: observed, Next: next})
}

// fail notes what went wrong with an issue.
func (p *publication) fail(err error) {
	next := remedyOf(err, "issues: write")
	if errors.Is(err, errOther) || errors.Is(err, github.ErrNoTicket) {
		next = "Name the issue of this incident, or set the input incident to create."
	}
	p.warn(err.Error(), next)
}

// errOther says that an issue is none that may be written.
var errOther = errors.New("it is left alone")

// keep writes the text as a file.
func (p *publication) keep(i incident.Incident) {
	for _, file := range []struct{ path, text string }{{".slipway/.gitignore", "*\n"}, {incidentFile, p.w.Redact(i.Markdown())}} {
		if _, err := p.w.Write(file.path, []byte(file.text)); err != nil {
			p.warn("write the incident: "+err.Error(), "Make "+incidentFile+" in the workspace a file that this step can write.")
			return
		}
	}
	if !p.w.DryRun {
		p.told.file = incidentFile
	}
}

// raise tells of an incident on its issue, and opens that where there is none.
func (p *publication) raise(ctx context.Context, i incident.Incident) {
	if p.e.incident == (reported{}) || p.w.DryRun {
		return
	}
	issues, err := p.issues(ctx)
	if err != nil {
		p.fail(err)
		return
	}
	for _, issue := range slices.Backward(issues) { // the oldest, should there be two
		if issue.incident.Version == i.Version || issue.unmarked {
			if !issue.Open {
				p.warn(fmt.Sprintf("the issue #%d is closed; the incident is told on it all the same", issue.Number), "Open it again, or set the input incident to create.")
			}
			p.update(ctx, issue, i.After(issue.incident), false)
			return
		}
	}
	if !p.e.incident.create {
		p.fail(fmt.Errorf("the issue #%d is about the incident with %s; %w", p.e.incident.number, shown(issues[0].incident.Version), errOther))
		return
	}
	i.Opened = true
	labels := p.labels()
	text := github.TicketText{Title: report.Clip(report.OneLine(p.w.Redact("Incident: "+i.Title)), titleLimit), Labels: labels}
	if text.Body, err = p.body(i, ""); err != nil {
		p.warn(err.Error(), "")
		return
	}
	made, err := p.w.GitHub.CreateTicket(ctx, p.w.Facts.Repository, text)
	if err != nil {
		p.fail(err)
		return
	}
	p.told.url = made.URL
	for _, want := range labels { // GitHub leaves them out without a word where the token may not label
		if !slices.ContainsFunc(made.Labels, func(l string) bool { return strings.EqualFold(l, want) }) {
			p.warn(fmt.Sprintf("#%d was opened without its label %s, and the next run would not find it", made.Number, want), "Label it by hand, and let the token label issues.")
		}
	}
}

// calm tells on the issues of this service in this environment that a version stands. Those that were opened
// for an incident are closed with it; what a person opened, a person closes.
func (p *publication) calm(ctx context.Context, now incident.Status, d decision) {
	if p.e.incident == (reported{}) || p.w.DryRun {
		return
	}
	issues, err := p.issues(ctx)
	if err != nil {
		p.fail(err)
		return
	}
	done := incident.Action{At: p.e.Ended, Text: p.e.Expected + " is being watched: " + d.reason}
	next := []string{"Watch " + p.e.Expected + " until it is verified."}
	if now == incident.Resolved {
		done.Text, next = p.e.Expected+" was verified: "+d.reason, []string{"Hold a retrospective within a week."}
	} else {
		done.Text = p.e.Expected + " stands so far, and is being watched."
	}
	done.URL = p.w.Facts.RunURL()
	for n, issue := range issues {
		if n == mostIncidents {
			p.warn(fmt.Sprintf("there are %d open incidents; %d were brought up to date", len(issues), n), "Close those that are over.")
			return
		}
		if !issue.unmarked && issue.incident.Status != incident.Resolved {
			p.update(ctx, issue, issue.incident.Becomes(now, done, next...), now == incident.Resolved && issue.incident.Opened)
		}
	}
}

// issue is one that tells of an incident, or is to tell of one.
type issue struct {
	github.Ticket
	incident incident.Incident
	written  string // what people wrote there
	unmarked bool   // nothing but that
}

// issues are the one that was named, or the open ones about this service in this environment, the newest
// first. The mark alone says nothing, for everybody can copy it: of those that were not named, only what a bot
// or somebody with the right to write has opened counts.
func (p *publication) issues(ctx context.Context) ([]issue, error) {
	about := p.e.incidentBlank()
	if number := p.e.incident.number; number != 0 {
		found, err := p.w.GitHub.Ticket(ctx, p.w.Facts.Repository, number)
		if err != nil {
			return nil, err
		}
		i := issue{Ticket: found}
		i.incident, i.written, err = incident.Parse(found.Body)
		switch i.unmarked = errors.Is(err, incident.ErrNoMark); {
		case err != nil && !i.unmarked:
			return nil, fmt.Errorf("the issue #%d: %w; %w", number, err, errOther)
		case !i.unmarked && !about.Concerns(i.incident):
			return nil, fmt.Errorf("the issue #%d is about %s in %s, and this run is about %s in %s; %w", number,
				shown(i.incident.Address), shown(i.incident.Environment), about.Address, about.Environment, errOther)
		}
		return []issue{i}, nil
	}
	found, err := p.w.GitHub.OpenTickets(ctx, p.w.Facts.Repository, p.labels())
	if err != nil {
		return nil, err
	}
	var issues []issue
	for _, t := range found {
		if i, written, err := incident.Parse(t.Body); err == nil && t.Trusted && about.Concerns(i) {
			issues = append(issues, issue{Ticket: t, incident: i, written: written})
		}
	}
	return issues, nil
}

// labels are what incidents are found by.
func (p *publication) labels() []string {
	if rules := p.e.verify.Incident; rules != nil && len(rules.Labels) > 0 {
		return rules.Labels
	}
	return []string{incidentsLabel}
}

// update writes the text of an issue anew, unless it says the same already.
func (p *publication) update(ctx context.Context, old issue, i incident.Incident, closes bool) {
	p.told.url = old.URL
	if !old.unmarked && i.Same(old.incident) && (!closes || !old.Open) {
		return
	}
	body, err := p.body(i, old.written)
	if err != nil {
		p.warn(fmt.Sprintf("the issue #%d: %v", old.Number, err), "Move some of it into comments.")
		return
	}
	if _, err := p.w.GitHub.EditTicket(ctx, p.w.Facts.Repository, old.Number, github.TicketText{Body: body, Close: closes}); err != nil {
		p.fail(err)
	}
}

// body is the text of an issue, without secrets. One in the mark is taken out as one in the text is.
func (p *publication) body(i incident.Incident, written string) (string, error) {
	body, err := i.Body(written)
	return p.w.Redact(body), err
}

// severityOf is the output severity; "" where there is no incident.
func severityOf(e evidence, d decision) string {
	if !d.isIncident() {
		return ""
	}
	return incidentOf(e, d).Severity
}
