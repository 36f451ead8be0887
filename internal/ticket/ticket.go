// Package ticket is the change ticket: its fields, the states it goes through, and the Markdown that
// people and we write it in together. What was filled in from evidence stands between marks and is
// written anew each time; what a person wrote beside it is kept. It does no I/O.
package ticket

import (
	"regexp"
	"strings"
	"time"
)

// Field is one part of a ticket; it is the heading that the part stands under.
type Field string

// The fields, in the order they are read.
const (
	Title         Field = "Title"
	Description   Field = "Description"
	Justification Field = "Justification"
	WorkItems     Field = "Work items"
	Environment   Field = "Environment"
	Commit        Field = "Commit"
	Type          Field = "Type of change"
	Risk          Field = "Risk"
	Decision      Field = "Decision"
	CurrentState  Field = "State"
	Schedule      Field = "Schedule"
	Assignee      Field = "Assignee"
	Validator     Field = "Validator"
	Deployment    Field = "Deployment steps"
	Rollback      Field = "Rollback steps"
	Validation    Field = "Validation steps"
	ChangeID      Field = "Change id"
	Notes         Field = "Notes"
)

// part is what the form says about a field.
type part struct {
	field    Field
	asks     string // what a person is asked for where nothing is filled in; "" for what only we know
	required bool   // a ticket is not complete without it
}

var form = []part{
	{Title, "the change in one sentence", true},
	{Description, "what changes, and what it changes for whom", true},
	{Justification, "why this change is needed, and why now", true},
	{WorkItems, "", false},
	{Environment, "", false},
	{Commit, "", false},
	{Type, "", false},
	{Risk, "", false},
	{Decision, "", false},
	{CurrentState, "", false},
	{Schedule, "when it starts and when it ends, with the time zone", true},
	{Assignee, "who carries it out, as @login", true},
	{Validator, "who checks that it works, as @login", true},
	{Deployment, "the steps that bring it there, one a line", true},
	{Rollback, "the steps that take it back, one a line", true},
	{Validation, "the steps that show that it works, one a line", true},
	{ChangeID, "", false},
	{Notes, "whatever else somebody should know", false},
}

// Marker is what the ticket's first line tells programs.
type Marker struct {
	Commit      string    `json:"commit"` // full id
	Environment string    `json:"environment"`
	Type        string    `json:"type"` // standard, normal or emergency
	State       State     `json:"state"`
	Decision    string    `json:"decision,omitempty"` // go or no-go; "" before the first
	Decided     time.Time `json:"decided,omitzero"`   // since when that is the decision for this commit
	Since       time.Time `json:"since,omitzero"`     // when this commit took the ticket over: what was said before was said of another. Zero where none had it
	Start       time.Time `json:"start,omitzero"`     // of the schedule
	Emergency   time.Time `json:"emergency,omitzero"` // when this commit was let through as an emergency; stays, whatever is decided later
}

// Ticket is a change ticket.
type Ticket struct {
	Marker
	Fields
}

// Fields are the parts of a ticket.
type Fields struct {
	Above   string           // what stands above the first field, as a person wrote it
	Filled  map[Field]string // harmless Markdown that we fill in
	Written map[Field]string // what a person wrote; "" where nobody wrote anything
}

// Missing are the fields that a complete ticket has, and this one does not.
func (f Fields) Missing() []Field {
	var missing []Field
	for _, p := range form {
		if p.required && strings.TrimSpace(f.Filled[p.field]) == "" && !says(f.Written[p.field]) {
			missing = append(missing, p.field)
		}
	}
	return missing
}

var (
	comment = regexp.MustCompile(`(?s)<!--.*?(-->|$)`)
	// nothing is what people write into a field to have written something.
	nothing = regexp.MustCompile(`(?i)^[\s\-*_#>.?]*(tbd|tbc|todo|n/?a|none|nil|no response|unknown|xxx)?[\s\-*_#>.?!]*$`)
)

// says tells whether a text says anything.
func says(text string) bool { return !nothing.MatchString(comment.ReplaceAllString(text, "")) }
