package ticket

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
