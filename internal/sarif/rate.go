package sarif

import (
	"fmt"
	"math"

	"github.com/slipway-actions/slipway/internal/osv"
)

// Rate says how severe a result of the run is; false where it is no finding: the rule was kept, did
// not apply or only informs, or the result is of an earlier run and gone.
//
// A security-severity above 0 goes before a level, in GitHub's bands. Unrated is what nobody has
// rated: a level that neither the result nor a known rule states, a note with a security-severity
// of 0, and a result that a person has yet to judge.
func (r Run) Rate(result Result) (osv.Rating, bool) {
	switch {
	case result.Baseline == "absent":
		return osv.Rating{}, false
	case result.Kind == "pass" || result.Kind == "notApplicable" || result.Kind == "informational":
		return osv.Rating{}, false
	case result.SecuritySeverity > 0:
		return osv.Rating{
			Level: band(result.SecuritySeverity), Score: result.SecuritySeverity,
			Source: fmt.Sprintf("security-severity %.1f of %s", result.SecuritySeverity, r.Tool),
		}, true
	case result.Kind == "open" || result.Kind == "review" || result.Assumed:
		return osv.Rating{}, true
	}
	rating := osv.Rating{Source: fmt.Sprintf("level %s of %s", result.Level, r.Tool)}
	switch result.Level {
	case "error":
		rating.Level = osv.High
	case "warning":
		rating.Level = osv.Medium
	case "note":
		if rating.Level = osv.Low; result.Rated { // 0.0, as Trivy writes "unknown"
			rating = osv.Rating{}
		}
	default:
		return osv.Rating{}, false
	}
	return rating, true
}

// band is GitHub's scale for security-severity, of scores to one decimal place.
func band(score float64) osv.Level {
	switch score = math.Round(score*10) / 10; {
	case score >= 9:
		return osv.Critical
	case score >= 7:
		return osv.High
	case score >= 4:
		return osv.Medium
	}
	return osv.Low
}
