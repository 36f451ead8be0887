package policy

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/slipway-actions/slipway/internal/duration"
)

// Ticket says what a change ticket is filled from, and how its issue is marked.
type Ticket struct {
	Labels     []string `yaml:"labels"`     // default: change
	Deployment string   `yaml:"deployment"` // file at the commit with the steps; a heading may follow behind #
	Rollback   string   `yaml:"rollback"`
	Validation string   `yaml:"validation"`
	Duration   Duration `yaml:"duration"` // from start to end of the schedule; default 1h
}

// longestChange is the most time that a change may be planned to take.
const longestChange = 30 * 24 * time.Hour

// Marks are the labels that the issue of a ticket has.
func (t *Ticket) Marks() []string {
	if t == nil || len(t.Labels) == 0 {
		return []string{"change"}
	}
	return t.Labels
}

// Takes is how long a change is planned to take.
func (t *Ticket) Takes() time.Duration {
	if t == nil || t.Duration == 0 {
		return time.Hour
	}
	return time.Duration(t.Duration)
}

func (t *Ticket) validate(*Gate) *misfit {
	if t == nil {
		return nil
	}
	if len(t.Labels) > 10 {
		return misfitf("gate.ticket.labels", "there are %d labels; allowed: at most 10", len(t.Labels))
	}
	for i, label := range t.Labels {
		at := fmt.Sprintf("gate.ticket.labels[%d]", i)
		switch {
		case strings.TrimSpace(label) != label || label == "" || strings.ContainsAny(label, ",\r\n") || utf8.RuneCountInString(label) > 50:
			return misfitf(at, "%q is no label; allowed: 1 to 50 characters, without commas or blanks around them", label)
		case strings.HasPrefix(strings.ToLower(label), "change: "):
			return misfitf(at, "%q is taken: such labels tell the state of a ticket", label)
		}
	}
	for _, steps := range []struct{ key, source string }{{"deployment", t.Deployment}, {"rollback", t.Rollback}, {"validation", t.Validation}} {
		path, heading, more := strings.Cut(steps.source, "#")
		switch {
		case steps.source == "":
		case path == "" || strings.HasPrefix(path, "/") || strings.Contains(path, `\`) || slices.Contains(strings.Split(path, "/"), ".."):
			return misfitf("gate.ticket."+steps.key, "%q is no file; allowed: a path inside the repository, from its top, such as docs/rollback.md or docs/runbook.md#rollback", steps.source)
		case more && strings.TrimSpace(heading) == "":
			return misfitf("gate.ticket."+steps.key, "no heading follows the #; name one, such as %srollback, or leave the # out", path+"#")
		}
	}
	if d := time.Duration(t.Duration); d < 0 || d > longestChange || d > 0 && d < time.Minute {
		return misfitf("gate.ticket.duration", "it is %s; allowed: from 1m to 30d", duration.Format(d))
	}
	return nil
}
