package gonogo

import (
	"slices"
	"strconv"
	"strings"
)

// unasked makes unknown what the record does not show to have been asked for. A ticket or words that nobody
// read are otherwise not to be told from such that hold no rejection.
func (e evidence) unasked() evidence {
	if t := &e.Ticketed; e.wantsIssue() && t.Problem.What == "" && !t.answers(e.Ticket) {
		t.Problem = notRecorded
	}
	e.People.Spoken = e.People.Spoken.about(e.SHA)
	e.People.Past = slices.Clone(e.People.Past)
	for i, p := range e.People.Past {
		e.People.Past[i].Spoken = p.Spoken.about(p.Commit)
	}
	return e
}

// answers tells whether this is what is known of the ticket that the caller named, or wants made.
func (t ticketed) answers(input string) bool {
	switch {
	case t.Asked != input:
		return false
	case t.Number == 0: // only one that is to be made may be none, and then nothing is known of it
		return input == "create" && t.URL == "" && t.Body == ""
	}
	return input == "create" || input == strconv.Itoa(t.Number)
}

// about is the same words, with a problem where they are not about this commit.
func (s spoken) about(commit string) spoken {
	if s.Asked == "" || !strings.EqualFold(s.Asked, commit) {
		s.Problems, s.Authorless = append(slices.Clone(s.Problems), notRecorded), notRecorded
	}
	return s
}
