// Package incident is the text of an incident: what is told to whom while something is wrong. It does no I/O.
package incident

import (
	"fmt"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/report"
)

// Status is how far an incident has come.
type Status string

const (
	Investigating Status = "Investigating" // something is wrong, and what to do is not decided
	Identified    Status = "Identified"    // what to do is decided
	Monitoring    Status = "Monitoring"    // it is done, and watched
	Resolved      Status = "Resolved"      // all is well again
)

// Response is within what time somebody has to answer, by severity.
var Response = map[string]string{"SEV1": "15 min", "SEV2": "1 h", "SEV3": "4 h", "SEV4": "1 business day"}

// Incident is what is told. Its texts may be anybody's; they are escaped where they are written.
type Incident struct {
	Key      Key
	Title    string // one line
	Status   Status
	Severity string // SEV1 to SEV4
	Why      string // this severity, "" where nothing needs saying
	Impact   string
	Started  time.Time
	Updated  time.Time
	Actions  []string // taken, oldest first
	Next     []string
	Run      string // address of the run; "" where there is none
}

// Key tells incidents apart: one for each version in each environment of a service.
type Key struct{ Environment, Version string }

// marker is how an issue is found again: hidden in its text.
func (k Key) marker() string {
	return fmt.Sprintf("<!-- slipway incident %q %q -->", plain(k.Environment), plain(k.Version))
}

// plain is a name as it can stand in a comment of HTML.
func plain(s string) string {
	return strings.NewReplacer("--", "–", "<", "", ">", "").Replace(report.OneLine(s))
}

// Is tells whether a text is that of the incident.
func (k Key) Is(body string) bool { return strings.HasPrefix(strings.TrimSpace(body), k.marker()) }

// Started is when the incident of a text began, zero where it does not say.
func Started(body string) time.Time {
	for line := range strings.Lines(body) {
		if text, ok := strings.CutPrefix(strings.TrimSpace(line), "**STARTED:** "); ok {
			at, err := time.Parse(layout, text)
			if err != nil {
				return time.Time{}
			}
			return at
		}
	}
	return time.Time{}
}

const layout = "2006-01-02 15:04 UTC"

// Markdown is the text, ready to paste.
func (i Incident) Markdown() string {
	field := func(name string, text report.Text) report.Paragraph {
		return report.Paragraph{Text: report.Join(report.Bold(name+":"), report.T(" "), text)}
	}
	page := report.Page{
		field("INCIDENT", report.T(i.Title)),
		field("STATUS", report.T(string(i.Status))),
		field("SEVERITY", report.T(fmt.Sprintf("%s (response within %s)%s", i.Severity, Response[i.Severity], i.Why))),
		field("IMPACT", report.T(i.Impact)),
		field("STARTED", report.T(i.Started.UTC().Format(layout))),
		field("LAST UPDATE", report.T(i.Updated.UTC().Format(layout))),
	}
	for _, part := range []struct {
		name  string
		items []string
	}{{"ACTIONS TAKEN", i.Actions}, {"NEXT STEPS", i.Next}} {
		if len(part.items) == 0 {
			part.items = []string{"none yet"}
		}
		list := report.List{}
		for _, item := range part.items {
			list.Items = append(list.Items, report.T(report.OneLine(item)))
		}
		page = append(page, report.Paragraph{Text: report.Bold(part.name + ":")}, list)
	}
	if i.Run != "" {
		page = append(page, report.Paragraph{Text: report.Link("The run that says so", i.Run)})
	}
	return i.Key.marker() + "\n" + page.Markdown(report.SummaryLimit)
}

// About tells whether a text is that of an incident in the environment, of whatever version.
func About(body, environment string) bool {
	return strings.HasPrefix(strings.TrimSpace(body), fmt.Sprintf("<!-- slipway incident %q ", plain(environment)))
}

// Moved is a text with another status, and with one more action taken. What people added stays.
func Moved(body string, status Status, at time.Time, action string) string {
	var b strings.Builder
	actions := false
	for line := range strings.Lines(strings.ReplaceAll(body, "\r\n", "\n")) {
		text := strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(text, "**STATUS:** "):
			line = "**STATUS:** " + string(status) + "\n"
		case strings.HasPrefix(text, "**LAST UPDATE:** "):
			line = "**LAST UPDATE:** " + at.UTC().Format(layout) + "\n"
		case strings.HasPrefix(text, "**ACTIONS TAKEN:**"):
			actions = true
		case actions && strings.HasPrefix(text, "**NEXT STEPS:**"):
			item := report.Page{report.List{Items: []report.Text{report.T(report.OneLine(action))}}}.Markdown(report.SummaryLimit)
			b.WriteString(strings.TrimSpace(item) + "\n\n")
			actions = false
		}
		b.WriteString(line)
	}
	return b.String()
}
