package sarif

import (
	"errors"
	"fmt"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/slipway-actions/slipway/internal/osv"
)

// Report is what our own report says.
type Report struct {
	ToolVersion string // of the binary; may be empty
	Alerts      []Alert
	Incomplete  []string // what could not be looked at, one sentence each; where there is any, the run counts as failed
}

// Outcome is what became of an alert.
type Outcome int

// The outcomes.
const (
	Warning  Outcome = iota // below the threshold, or let through
	Failing                 // what the gate fails for
	Accepted                // somebody took the risk
)

// Alert is one finding of the gate.
type Alert struct {
	Rule        string // what it is an instance of: GO-2024-3333, or a rule for secrets
	Name        string // of the rule's kind, one word such as VulnerableDependency; may be empty
	Summary     string // of the rule, one line; the rule's id where empty
	Description string // of the rule; may be empty
	HelpURI     string // http(s); may be empty
	Message     string // of this finding: what, which version, fixed in which
	Next        string // the next step for a person; may be empty
	Score       float64
	Level       osv.Level
	Outcome     Outcome
	Places      []Place // at least one; the first in order is where it is shown
	Fingerprint string  // the same from run to run for the same finding; never empty
	Tags        []string
	Baseline    string // new, unchanged or updated; "" where nothing was compared

	// Of an accepted one.
	Justification string
	Owner         string
	Expires       string // a day
}

// Place is a line of a file.
type Place struct {
	File string // slash-separated, below the workspace
	Line int    // from 1; 0 is the whole file
}

// check refuses what GitHub would refuse the whole report for.
func (a Alert) check() error {
	switch {
	case a.Rule == "":
		return errors.New("an alert has no rule")
	case a.Fingerprint == "":
		return fmt.Errorf("the alert %s has no fingerprint", a.Rule)
	case len(a.Places) == 0:
		return fmt.Errorf("the alert %s has no place", a.Rule)
	}
	for _, p := range a.Places {
		if p.File == "" || p.File == "." || path.IsAbs(p.File) || path.Clean(p.File) != p.File || p.File == ".." || strings.HasPrefix(p.File, "../") {
			return fmt.Errorf("the alert %s has the place %s, which is no path below the workspace", a.Rule, quote(p.File))
		}
	}
	return oneOf("the alert "+a.Rule, a.Baseline, "new", "unchanged", "updated")
}

// representative are scores in the middle of GitHub's bands, for who knows the level alone.
var representative = map[osv.Level]float64{osv.Low: 2, osv.Medium: 5.5, osv.High: 8, osv.Critical: 9.5}

// score is the alert's security-severity, 0 where it is unrated. Its band is always the alert's
// level, which may be higher than its score says.
func (a Alert) score() float64 {
	score := math.Round(a.Score*10) / 10
	if score > 0 && score <= 10 && band(score) == a.Level {
		return score
	}
	return representative[a.Level]
}

// level is SARIF's word for the alert.
func (a Alert) level() string {
	switch {
	case a.Outcome == Failing:
		return "error"
	case a.Level == osv.Low:
		return "note"
	}
	return "warning"
}

// places are the alert's places in order.
func (a Alert) places() []Place {
	places := slices.Clone(a.Places)
	slices.SortFunc(places, comparePlaces)
	return slices.Compact(places)
}

// decimal is a number as GitHub wants security-severity: text with one decimal place.
func decimal(score float64) string { return strconv.FormatFloat(score, 'f', 1, 64) }
