package securitygate

import (
	"slices"

	"github.com/slipway-actions/slipway/internal/osv"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/secret"
)

// scanned is what was looked through for secrets.
type scanned struct {
	leaks   []secret.Leak // in files first
	skipped []secret.Skipped
	files   int
	allowed int  // files that the rules leave out by their path
	binary  int  // files that hold no text
	commits bool // those of the change were looked through as well
}

// leaks are the secrets as risks, one for each secret and not for each place: whoever finds it once can
// use it, and whoever revokes it mends it everywhere.
func (e evidence) leaks() []risk {
	at := map[string]int{}
	var found []risk
	for _, l := range e.secrets.leaks {
		place := result.Where{File: l.File, Line: l.Line}
		i, known := at[l.Fingerprint]
		if !known {
			i = len(found)
			at[l.Fingerprint] = i
			found = append(found, risk{
				kind: leaked, id: l.Fingerprint, subject: "Secret (" + l.Rule + ")", summary: l.Description, isNew: true,
				rating: osv.Rating{Level: osv.Critical, Source: "a secret that others can read"},
				advice: "Revoke it where it was issued; then take it out of the file, and out of the history if it was pushed. Is it none? Accept " + l.Fingerprint + " in the policy.",
			})
		}
		r := &found[i]
		if l.Commit != "" {
			if slices.ContainsFunc(r.places, func(p result.Where) bool { return p.File == l.File }) {
				continue // it is in the file as it is now, or in a commit named before
			}
			r.notes = append(r.notes, "in the commit "+l.Commit[:min(len(l.Commit), 12)]+", no longer in "+l.File)
		}
		r.places = append(r.places, place)
	}
	return found
}
