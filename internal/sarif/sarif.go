// Package sarif reads the SARIF 2.1.0 reports of other tools and writes our own. It does no I/O.
//
// The types that are read and written are our own and hold what a decision needs. Libraries for
// SARIF take any JSON that resembles it: a misspelt level, an index that leads nowhere or a run
// whose tool never started come out as "no results", which is the one answer a gate must not get.
//
// Specification: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
package sarif

// Limits of what is read. A report beyond them is refused as a whole.
const (
	sizeLimit    = 50 << 20 // bytes
	depthLimit   = 200      // of objects and arrays within each other
	elementLimit = 200_000  // of any one array
	runLimit     = 100
	resultLimit  = 25_000  // of a run that is written, as GitHub has it
	totalLimit   = 100_000 // results of all runs
	partLimit    = 1_000   // extensions of a tool
	idLimit      = 1_000   // bytes of a rule's id
	uriLimit     = 16_000  // bytes of an artifact's URI; of a longer one the place is unknown
	textLimit    = 4_000   // characters of a message
	problemLimit = 20      // of a run; the rest is counted
)

// Run is what one run of a tool reports.
type Run struct {
	Tool     string // name, never empty
	Version  string // of the tool; may be empty
	Complete bool   // whether the tool looked at all that it should; false exactly where there are Problems
	Problems []string
	Revision string   // commit that the tool looked at; "" where it does not tell
	Results  []Result // in the report's order, those of kind "pass" and the like as well
}

// Result is one thing that a tool found or, by its Kind, did not find.
type Result struct {
	Rule             string  // as the result names it, such as "js/sql-injection" or "CA1000/1"; may be empty
	Title            string  // of the rule, may be empty
	Message          string  // plain text, may have lines
	Help             string  // http(s) address of the rule's documentation, or ""
	Level            string  // effective: error, warning, note or none
	Assumed          bool    // Level is SARIF's default: neither the result nor a known rule gives one
	Kind             string  // fail, open, review, pass, notApplicable or informational
	SecuritySeverity float64 // the higher of the result's and its rule's
	Rated            bool    // whether SecuritySeverity, 0 to 10, is given
	Baseline         string  // new, unchanged, updated, absent, or "" where the tool did not compare
	Suppressions     []Suppression
	File             string // of its first location: clean, slash-separated, below the workspace; "" elsewhere
	Line, EndLine    int    // from 1; 0 where unknown
	Column           int    // from 1; 0 where unknown
	Fingerprint      string // "sarif:<tool>:<rule>:<12 hex>", the same as long as tool, rule, file and match are
	Tags             []string
}

// Suppression is a wish, stated in the report, not to hear of a result. One of the kind inSource
// stands in the code under test, whose author may have written it.
type Suppression struct {
	Kind          string // inSource or external
	Status        string // accepted, underReview or rejected
	Justification string
}

// Suppressed tells whether the report asks not to hear of the result, and nobody has yet to agree.
func (r Result) Suppressed() bool {
	for _, s := range r.Suppressions {
		if s.Status != "accepted" {
			return false
		}
	}
	return len(r.Suppressions) > 0
}
