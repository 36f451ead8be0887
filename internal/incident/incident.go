// Package incident is the text that people are told about a release that went wrong: what, since when, how
// grave, what was done and what comes next, as Markdown that can be pasted anywhere and kept up to date on an
// issue. It does no I/O.
package incident

import (
	"slices"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/report"
)

// Status is how far people have come with an incident.
type Status string

// The statuses, in their order.
const (
	Investigating Status = "Investigating" // something is wrong, and what to do about it is not decided
	Identified    Status = "Identified"    // it is known what is to be done
	Monitoring    Status = "Monitoring"    // it was done, and is being watched
	Resolved      Status = "Resolved"
)

var statuses = []Status{Investigating, Identified, Monitoring, Resolved}

// Incident is what is known. All texts may be foreign; they are made harmless where they are written.
type Incident struct {
	Address     string    `json:"address"`           // of the service; with the environment and the version it is what the incident is about
	Service     string    `json:"service,omitempty"` // its name, "" where it has none
	Environment string    `json:"environment"`
	Version     string    `json:"version"` // that went wrong
	Title       string    `json:"title"`
	Status      Status    `json:"status"`
	Severity    string    `json:"severity"`      // SEV1 to SEV4
	Why         string    `json:"why,omitempty"` // it is that grave, where that is not plain
	Impact      string    `json:"impact"`
	Started     time.Time `json:"started"`
	Updated     time.Time `json:"updated"`
	Actions     []Action  `json:"actions"` // oldest first
	Next        []string  `json:"next,omitempty"`
	Opened      bool      `json:"opened,omitempty"` // the issue was opened for it, and not by a person
}

// Action is something that was done.
type Action struct {
	At   time.Time `json:"at"`
	Text string    `json:"text"`
	URL  string    `json:"url,omitempty"` // where more is told
}

const (
	textLimit = 400 // characters of a text
	mostTexts = 20  // actions, and next steps
)

// Concerns tells whether two incidents are about the same service in the same environment.
func (i Incident) Concerns(other Incident) bool {
	return i.Address == other.Address && strings.EqualFold(i.Environment, other.Environment)
}

// After is the incident as it goes on from an older text about it: what was done before stays, it began when
// it began, and it does not become less grave by itself. Who was told that something is known is not told
// later that it is being looked for.
func (i Incident) After(older Incident) Incident {
	if older.Started.Before(i.Started) && !older.Started.IsZero() {
		i.Started = older.Started
	}
	if graver(older.Severity, i.Severity) {
		i.Severity, i.Why = older.Severity, older.Why
	}
	if i.Status == Investigating && older.Status == Identified {
		i.Status = Identified
	}
	i.Actions, i.Opened = follow(older.Actions, i.Actions), older.Opened
	return i
}

// Becomes is the incident with another status, and why.
func (i Incident) Becomes(s Status, done Action, next ...string) Incident {
	i.Status, i.Updated, i.Next = s, done.At, next
	i.Actions = follow(i.Actions, []Action{done})
	return i
}

// follow puts actions behind older ones, and none there that only repeats the one before. The first stays,
// and the newest do.
func follow(older, newer []Action) []Action {
	all := slices.Clone(older)
	for _, a := range newer {
		if n := len(all); n == 0 || all[n-1].Text != a.Text {
			all = append(all, a)
		}
	}
	if len(all) > mostTexts {
		all = slices.Delete(all, 1, len(all)-mostTexts+1)
	}
	return all
}

// Same tells whether two texts say the same, whenever they say it.
func (i Incident) Same(other Incident) bool {
	i.Updated = other.Updated
	return i.Markdown() == other.Markdown()
}

// Markdown is the text for people, ready to be pasted.
func (i Incident) Markdown() string {
	var b strings.Builder
	line := func(name, text string) { b.WriteString("**" + name + ":** " + text + "\n\n") }
	line("INCIDENT", harmless(i.Title))
	line("STATUS", string(i.Status))
	severity := i.Severity + ", to be answered within " + ResponseTime(i.Severity)
	if i.Why != "" {
		severity += " (" + harmless(i.Why) + ")"
	}
	line("SEVERITY", severity)
	line("IMPACT", harmless(i.Impact))
	line("STARTED", moment(i.Started))
	line("LAST UPDATE", moment(i.Updated))
	b.WriteString("**ACTIONS TAKEN:**\n\n")
	for _, a := range i.Actions {
		text := report.Join(report.T(moment(a.At)+": "+short(a.Text)), link(a.URL))
		b.WriteString("- " + strings.TrimSpace(report.Page{report.Paragraph{Text: text}}.Markdown(report.SummaryLimit)) + "\n")
	}
	if len(i.Next) > 0 {
		b.WriteString("\n**NEXT STEPS:**\n\n")
	}
	for _, n := range i.Next {
		b.WriteString("- " + harmless(n) + "\n")
	}
	return b.String()
}

func link(url string) report.Text {
	if url == "" {
		return nil
	}
	return report.Join(report.T(" ("), report.Link("details", url), report.T(")"))
}

func moment(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

func harmless(text string) string { return report.Escape(short(text)) }

// short makes one line of bounded length of a text.
func short(text string) string {
	if len(text) > 8*textLimit { // spare the work on what would be cut off
		text = text[:8*textLimit]
	}
	return report.Clip(report.OneLine(text), textLimit)
}
