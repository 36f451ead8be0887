package ticket

import (
	"slices"
	"strings"
)

// State is how far a change has come.
type State string

// The states, in their order.
const (
	Draft      State = "draft" // something is still to be filled in
	Reviewed   State = "reviewed"
	Approved   State = "approved"
	Deploying  State = "deploying"
	Validating State = "validating"
	Closed     State = "closed"
)

// Event is what moves a ticket on.
type Event string

// The events.
const (
	Completed  Event = "completed"  // every field is filled in
	Go         Event = "go"         // the decision
	NoGo       Event = "no-go"      // the decision
	NewCommit  Event = "new commit" // the ticket is about another commit from now on
	Started    Event = "started"    // the deployment
	Deployed   Event = "deployed"   // the deployment is through
	Verified   Event = "verified"   // the deployment stands
	RolledBack Event = "rolled back"
)

// moves are all that are allowed. An event that leaves a state as it is stands here, too; what does not
// stand here cannot happen to a ticket in that state.
var moves = map[State]map[Event]State{
	Draft:      {Completed: Reviewed, Go: Approved, NoGo: Draft, NewCommit: Draft},
	Reviewed:   {Completed: Reviewed, Go: Approved, NoGo: Reviewed, NewCommit: Reviewed},
	Approved:   {Completed: Approved, Go: Approved, NoGo: Approved, NewCommit: Reviewed, Started: Deploying},
	Deploying:  {Completed: Deploying, Go: Deploying, NoGo: Deploying, Started: Deploying, Deployed: Validating},
	Validating: {Completed: Validating, Go: Validating, NoGo: Validating, Deployed: Validating, Verified: Closed, RolledBack: Validating},
	Closed:     {Verified: Closed},
}

// On is the state after an event; false where that event cannot happen in it.
func (s State) On(e Event) (State, bool) {
	next, ok := moves[s][e]
	if !ok {
		return s, false
	}
	return next, true
}

// Valid tells whether s is one of the states.
func (s State) Valid() bool { return moves[s] != nil }

// meanings say what a state is, for people.
var meanings = map[State]string{
	Draft:      "something is still to be filled in",
	Reviewed:   "every field is filled in, and no decision was a go yet",
	Approved:   "a decision was a go",
	Deploying:  "it is being deployed",
	Validating: "it is deployed, and being verified",
	Closed:     "it is deployed and verified",
}

// StateText is what a ticket says about its state; the note is harmless Markdown, or empty.
func StateText(s State, note string) string {
	text := "**" + string(s) + "**: " + meanings[s] + "."
	if note != "" {
		text += "\n\n" + note
	}
	return text
}

// statePrefix begins the labels that tell the state of a ticket.
const statePrefix = "change: "

// Labels are the labels of an issue with the one for the state, in place of that for any other.
func Labels(labels []string, s State) []string {
	kept := slices.DeleteFunc(slices.Clone(labels), func(l string) bool { return strings.HasPrefix(strings.ToLower(l), statePrefix) })
	return append(kept, statePrefix+string(s))
}
