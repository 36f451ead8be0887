// Package verdict holds the three answers an action can give and the one rule that combines
// them: only positive evidence passes. It does no I/O.
package verdict

// Verdict is an action's answer.
type Verdict string

// The answers. There is no fourth: whatever is neither a proven pass nor a proven fail is Unknown.
const (
	Pass    Verdict = "pass"
	Fail    Verdict = "fail"
	Unknown Verdict = "unknown"
)

// Valid tells whether v is one of the three answers.
func (v Verdict) Valid() bool { return v == Pass || v == Fail || v == Unknown }

// Outcome is a verdict as one finding among others has it. What is none of the three answers is Undecided.
func (v Verdict) Outcome() Outcome {
	switch v {
	case Pass:
		return Passed
	case Fail:
		return Failed
	}
	return Undecided
}

// Outcome is what one finding says. Passed, Failed and Undecided weigh in the verdict;
// Warned and Skipped are shown and weigh nothing.
type Outcome string

// The outcomes of a finding.
const (
	Passed    Outcome = "pass"
	Failed    Outcome = "fail"
	Undecided Outcome = "unknown"
	Warned    Outcome = "warn" // worth a look, changes nothing
	Skipped   Outcome = "skip" // deliberately not judged; the finding says why
)

// Valid tells whether o is one of the five outcomes.
func (o Outcome) Valid() bool {
	switch o {
	case Passed, Failed, Undecided, Warned, Skipped:
		return true
	}
	return false
}

// Of combines outcomes: one Failed is Fail, else one Undecided (or an outcome nobody knows) is
// Unknown, else one Passed is Pass. Where nothing is positive, as in an empty list, it is Unknown.
func Of(outcomes ...Outcome) Verdict {
	var passed, undecided bool
	for _, o := range outcomes {
		switch o {
		case Failed:
			return Fail
		case Passed:
			passed = true
		case Warned, Skipped:
		default:
			undecided = true
		}
	}
	if passed && !undecided {
		return Pass
	}
	return Unknown
}
