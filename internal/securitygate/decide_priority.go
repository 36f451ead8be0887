package securitygate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/osv"
)

// raise lifts what is known to be exploited, or likely to be soon, and tells how far the project's own code
// reaches a vulnerability. Nothing is ever lowered by it.
func (e evidence) raise(found []risk) {
	for i := range found {
		r := &found[i]
		if r.kind == unlicensed || r.kind == leaked {
			continue
		}
		ids := append([]string{r.id}, r.aliases...)
		for _, id := range ids {
			if k, ok := e.kev.Known(id); ok {
				r.exploited = true
				r.notes = append(r.notes, fmt.Sprintf("%s is known to be exploited since %s", strings.ToUpper(id), date(k.Added)))
				if r.rating.Level < osv.Critical {
					r.rating = osv.Rating{Level: osv.Critical, Source: "known exploitation; before that " + severity(r.rating)}
				}
				break
			}
		}
		if score, id := e.likelihood(ids); id != "" {
			r.notes = append(r.notes, fmt.Sprintf("EPSS gives %s a chance of %.1f%% to be exploited within 30 days", strings.ToUpper(id), 100*score))
			if score >= e.epssFrom && r.rating.Level < osv.High {
				r.rating = osv.Rating{Level: osv.High, Source: "EPSS; before that " + severity(r.rating)}
			}
		}
		if r.kind != vulnerable {
			continue
		}
		if r.reach = e.reached(*r); r.reach == "" && (e.reachability == "called" || e.reachability == "imported") {
			r.notes = append(r.notes, e.uncertain(*r)...)
		}
	}
}

// uncertain says why a vulnerability counts as called though nobody saw that.
func (e evidence) uncertain(r risk) []string {
	for _, p := range r.places {
		for _, id := range append([]string{r.id}, r.aliases...) {
			if why := e.untold[p.File][id]; why != "" {
				return []string{"it counts as called: " + why}
			}
		}
	}
	return nil
}

// likelihood is the highest score of EPSS among several ids of a vulnerability.
func (e evidence) likelihood(ids []string) (score float64, of string) {
	for _, id := range ids {
		if s, ok := e.epss.Score(id); ok && (of == "" || s.Probability > score) {
			score, of = s.Probability, id
		}
	}
	return score, of
}

// reached is the farthest that any analysed module reaches a vulnerability. It is told only where each
// module that names the package was analysed: what nobody looked at may be called.
func (e evidence) reached(r risk) string {
	if len(e.reach) == 0 || osv.BaseEcosystem(r.pkg.Ecosystem) != "Go" {
		return ""
	}
	order := []string{"required", "imported", "called"}
	farthest := -1
	for _, p := range r.places {
		levels, ok := e.reach[p.File]
		if !ok {
			return ""
		}
		level := -1
		for _, id := range append([]string{r.id}, r.aliases...) {
			level = max(level, slices.Index(order, levels[id]))
		}
		if level < 0 {
			return ""
		}
		farthest = max(farthest, level)
	}
	if farthest < 0 {
		return ""
	}
	return order[farthest]
}
