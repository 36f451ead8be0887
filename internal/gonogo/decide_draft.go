package gonogo

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/ticket"
)

// draft is the change ticket as far as it is known without the decision.
type draft struct {
	ticket.Ticket
	title  string                   // plain text, for the list of issues
	why    map[ticket.Field]string  // a field could not be filled in, where that is worth saying
	unread map[ticket.Field]problem // what a field is to be filled from could not be read
	taken  bool                     // the ticket was another commit's until now
	before ticket.State             // of the ticket as it was found, and
	told   string                   // what it says about it
	found  map[ticket.Field]string  // what was filled in then
}

// errStray says that the issue is not the ticket of this change.
var errStray = errors.New("it is not the ticket of this change")

const (
	subjectLimit = 50     // commits that a ticket lists
	titleLimit   = 200    // characters
	stepLines    = 200    // of one file of steps
	stepLimit    = 12_000 // bytes of it
)

// draftOf fills in what follows from the evidence, and keeps what people wrote.
func draftOf(e evidence, k known) (draft, error) {
	d := draft{why: map[ticket.Field]string{}, unread: map[ticket.Field]problem{}}
	if err := d.begin(e); err != nil {
		return draft{}, err
	}
	d.Type = k.changeType
	d.title = titleOf(e, k)
	d.Filled = map[ticket.Field]string{
		ticket.Title:         report.Escape(d.title),
		ticket.Description:   describe(e, k),
		ticket.Justification: justify(e.Change),
		ticket.WorkItems:     workItems(e.Change),
		ticket.Environment:   report.Escape(e.Environment),
		ticket.Commit:        report.Escape(e.SHA),
		ticket.Type:          report.Escape(k.changeType),
		ticket.Risk:          riskText(k.risk),
		ticket.Assignee:      assignee(e.Run.Actor),
		ticket.ChangeID:      report.Escape(e.Environment + "/" + e.SHA[:min(12, len(e.SHA))]),
	}
	d.schedule(e, k)
	if t := e.Gate.Ticket; t != nil {
		d.steps(ticket.Deployment, t.Deployment, e)
		d.steps(ticket.Rollback, t.Rollback, e)
		d.steps(ticket.Validation, t.Validation, e)
	}
	if len(d.Missing()) == 0 {
		d.State, _ = d.State.On(ticket.Completed)
	}
	return d, nil
}

// begin takes over what the issue says so far.
func (d *draft) begin(e evidence) error {
	d.Marker = ticket.Marker{Commit: e.SHA, Environment: e.Environment, State: ticket.Draft}
	number := e.Ticketed.Number
	if number == 0 {
		return nil
	}
	if !e.Ticketed.Open {
		return fmt.Errorf("%w: #%d is closed", errStray, number)
	}
	fields, m, err := ticket.Parse(e.Ticketed.Body)
	d.Fields, d.found = fields, fields.Filled
	switch {
	case errors.Is(err, ticket.ErrNoMark): // a person opened it
		return nil
	case err != nil:
		return err
	case m.Environment != e.Environment:
		return fmt.Errorf("%w: #%d is about the environment %s", errStray, number, shorten(m.Environment))
	case m.Commit == e.SHA:
		d.Marker, d.before, d.told = m, m.State, fields.Filled[ticket.CurrentState]
		return nil
	}
	state, ok := m.State.On(ticket.NewCommit)
	switch {
	case !ok:
		return fmt.Errorf("%w: #%d is about the commit %s, and is %s", errStray, number, shorten(m.Commit), m.State)
	case e.keeps(m):
		return fmt.Errorf("%w: #%d is about the commit %s, an emergency change, and stays until its review", errStray, number, shorten(m.Commit))
	}
	d.State, d.Since, d.taken = state, e.Now, true
	d.Fields, _, _ = ticket.Parse(unticked(e.Ticketed.Body)) // boxes were ticked for the other commit
	d.found = d.Filled
	return nil
}

func titleOf(e evidence, k known) string {
	what := ""
	switch {
	case k.release.known && k.release.version != "":
		what = "Release " + strings.TrimSpace(e.Service+" "+k.release.version)
	case len(e.Change.Commits) > 0 && oneLine(e.Change.Commits[0].Subject) != "":
		return report.Clip(report.OneLine(e.Change.Commits[0].Subject), titleLimit)
	default:
		what = "Deploy " + strings.TrimSpace(e.Service+" "+e.SHA[:min(12, len(e.SHA))])
	}
	return report.Clip(report.OneLine(what+" to "+e.Environment), titleLimit)
}

// describe lists the commits. Without them only a person can say what changes.
func describe(e evidence, k known) string {
	if e.Change.Problem.What != "" {
		return ""
	}
	version := ""
	if r := k.release; r.known && r.version != "" {
		version = fmt.Sprintf("Version %s (%s). ", report.Escape(r.version), report.Escape(r.bump))
	}
	since := ""
	if e.Change.Since != "" {
		since = " since " + report.Escape(shorten(e.Change.Since))
	}
	commits := e.Change.Commits
	if len(commits) == 0 {
		return version + "No commits" + since + "."
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s%s%s:\n\n", version, report.Count(len(commits)+e.Change.MoreCommits, "commit"), since)
	for i, c := range commits {
		if i == subjectLimit {
			break
		}
		fmt.Fprintf(&b, "- %s (%s, %s)\n", report.Escape(shorten(c.Subject)), report.Escape(c.SHA[:min(7, len(c.SHA))]), report.Escape(shorten(c.Author)))
	}
	if more := max(0, len(commits)-subjectLimit) + e.Change.MoreCommits; more > 0 {
		fmt.Fprintf(&b, "- … and %d more\n", more)
	}
	return b.String()
}

// justify takes the reason for a change from the work items that its commits name.
func justify(c change) string {
	if n := len(references(c)); n > 0 {
		return fmt.Sprintf("It is asked for in the %s below.", strings.TrimPrefix(report.Count(n, "work item"), "1 "))
	}
	return ""
}

func workItems(c change) string {
	var b strings.Builder
	for _, r := range references(c) {
		if !issueHere.MatchString(r) { // GitHub makes a link of that one
			r = report.Escape(r)
		}
		b.WriteString("- " + r + "\n")
	}
	if b.Len() == 0 {
		return "No commit names one."
	}
	return b.String()
}

// issueHere is an issue of the same repository.
var issueHere = regexp.MustCompile(`^#[0-9]{1,9}$`)

// references are the work items of all commits, each once.
func references(c change) []string {
	var all []string
	seen := map[string]bool{}
	for _, commit := range c.Commits {
		for _, r := range commit.References {
			if r = shorten(r); r != "" && !seen[r] && len(all) < subjectLimit {
				seen[r], all = true, append(all, r)
			}
		}
	}
	return all
}

func riskText(s score) string {
	if !s.known {
		return report.Escape("not known: " + s.why)
	}
	return report.Escape(fmt.Sprintf("%s (%d of 100)", s.level, s.value))
}

// assignee is the person who started the run. A bot carries nothing out.
func assignee(actor string) string {
	if strings.HasSuffix(actor, "[bot]") {
		return ""
	}
	return report.Escape(shorten(actor))
}

// schedule begins at the earliest moment that the windows allow. A time that was given already stays while
// it is not over, so that the same decision leaves the ticket as it is.
func (d *draft) schedule(e evidence, k known) {
	takes := e.Gate.Ticket.Takes()
	start, ok := earliestGo(e, k)
	if !ok {
		d.Start = time.Time{}
		return
	}
	if now := e.Now; d.Start.IsZero() || !start.Equal(d.Start) && (start.After(now) || !now.Before(d.Start.Add(takes)) || now.Before(d.Start)) {
		d.Start = start.UTC().Truncate(time.Second)
	}
	zone, err := time.LoadLocation(e.Timezone)
	if err != nil {
		zone = time.UTC
	}
	const form = "Monday, 2006-01-02 15:04 MST"
	d.Filled[ticket.Schedule] = report.Escape(fmt.Sprintf("from %s to %s (%s)", d.Start.In(zone).Format(form), d.Start.Add(takes).In(zone).Format(form), zone))
}

// steps takes a field from the file that the policy names for it, or a section of it.
func (d *draft) steps(field ticket.Field, source string, e evidence) {
	path, heading, _ := strings.Cut(source, "#")
	if path == "" {
		return
	}
	f := e.file(atCommit + path)
	text, found := string(f.Text), true
	if heading != "" {
		text, found = ticket.Section(text, heading)
	}
	switch {
	case f.Problem.What != "":
		d.unread[field] = f.Problem
		return
	case f.Missing:
		d.why[field] = "the commit has no file " + path
		return
	case !found:
		d.why[field] = fmt.Sprintf("%s has no heading %s", path, heading)
		return
	case strings.TrimSpace(text) == "":
		d.why[field] = source + " is empty"
		return
	}
	origin := "_From " + report.Escape(source) + " at " + report.Escape(e.SHA[:min(12, len(e.SHA))]) + "._"
	if len(text) > stepLimit {
		text = text[:stepLimit]
		for !utf8.ValidString(text[max(0, len(text)-utf8.UTFMax):]) && len(text) > stepLimit-utf8.UTFMax {
			text = text[:len(text)-1]
		}
		origin = "_Cut here; " + strings.TrimPrefix(origin, "_")
	}
	d.Filled[field] = ticket.WithTicks(ticket.Harmless(text, stepLines)+"\n\n"+origin, d.found[field])
}

// decided is the ticket with the decision, and in the state that it has brought the change to. Where
// neither decision nor state is another than before, both stand as they did.
func (d draft) decided(e evidence, said decision, run string) ticket.Ticket {
	t := d.Ticket
	event := ticket.NoGo
	if decisionOf(said) == "go" {
		event = ticket.Go
	}
	if t.Decision != string(event) || t.Decided.IsZero() {
		t.Decision, t.Decided = string(event), e.Now.UTC().Truncate(time.Second)
	}
	if event == ticket.Go && t.Type == "emergency" && t.Emergency.IsZero() {
		t.Emergency = t.Decided
	}
	t.Filled[ticket.Decision] = decisionText(e, said, t.Decided, run)
	t.State, _ = t.State.On(event)
	t.Filled[ticket.CurrentState] = d.told
	if d.told == "" || t.State != d.before {
		t.Filled[ticket.CurrentState] = ticket.StateText(t.State, "")
	}
	return t
}

// reasonLimit is how many reasons a ticket lists.
const reasonLimit = 30

func decisionText(e evidence, said decision, since time.Time, run string) string {
	var b strings.Builder
	b.WriteString(report.Escape(report.Clip(sentence(e, said), 1000)) + "\n\n")
	lines := strings.Split(reasons(said), "\n")
	for i, line := range lines {
		if i == reasonLimit {
			fmt.Fprintf(&b, "- … and %d more\n", len(lines)-i)
			break
		}
		if line != "" {
			b.WriteString("- " + report.Escape(report.Clip(line, 500)) + "\n")
		}
	}
	about := report.T("It stands since " + since.Format(time.RFC3339) + ".")
	if run != "" {
		about = report.Join(report.T("It stands since "+since.Format(time.RFC3339)+", last confirmed by "), report.Link("this run", run), report.T("."))
	}
	b.WriteString("\n" + report.Page{report.Paragraph{Text: about}}.Markdown(2000))
	return strings.ReplaceAll(b.String(), "\n\n\n", "\n\n")
}
