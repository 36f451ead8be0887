package securitygate

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/slipway-actions/slipway/internal/osv"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/result"
)

// vulnerability is one weakness of one version of a package, whatever number of advisories speak
// of it.
type vulnerability struct {
	id        string // of the best known advisory in hand
	aliases   []string
	summary   string
	pkg       osv.Package
	fixed     string // the lowest version above the installed one without it; "" where none is known
	rating    osv.Rating
	published time.Time      // the earliest; zero where unknown
	places    []result.Where // where the package is named, by path; never empty
	accepted  *policy.Acceptance
	note      string // why an acceptance does not hold; "" where there is none
}

// unjudged is a package of which nobody can tell whether it is affected.
type unjudged struct {
	pkg    osv.Package
	places []result.Where
	ids    []string // of the advisories in question, sorted
	reason string
}

// judge holds every package against the advisories about it.
func judge(e evidence) (found []vulnerability, open []unjudged) {
	places := placesOf(e)
	for _, p := range distinct(e.tree) {
		var affecting, others []*osv.Record
		var u unjudged
		for _, c := range e.answer.Candidates[p] {
			affects, err := c.Affects, error(nil)
			if !affects {
				affects, err = c.Record.Affects(p)
			}
			switch {
			case affects:
				affecting = append(affecting, c.Record)
			case err != nil:
				u.ids, u.reason = append(u.ids, c.Record.ID), err.Error()
			default:
				others = append(others, c.Record)
			}
		}
		for _, group := range osv.Group(affecting) {
			found = append(found, describe(p, group, others, places[p]))
		}
		if len(u.ids) > 0 {
			u.pkg, u.places = p, places[p]
			open = append(open, u)
		}
	}
	slices.SortFunc(found, func(a, b vulnerability) int {
		return cmp.Or(-cmp.Compare(a.rating.Level, b.rating.Level), a.pkg.Compare(b.pkg), cmp.Compare(a.id, b.id))
	})
	return found, open
}

// describe puts a group of advisories into one vulnerability. Others are advisories in hand about
// the same package: one that is an alias may know the severity.
func describe(p osv.Package, group, others []*osv.Record, places []result.Where) vulnerability {
	v := vulnerability{id: group[0].ID, aliases: osv.Aliases(group), pkg: p, fixed: osv.FixedVersion(p, group), places: places}
	others = slices.DeleteFunc(slices.Clone(others), func(r *osv.Record) bool { return !slices.Contains(v.aliases, r.ID) })
	v.rating = osv.Rate(p, group, others)
	for _, r := range group {
		if v.summary == "" {
			v.summary = r.Summary
		}
		if !r.Published.IsZero() && (v.published.IsZero() || r.Published.Before(v.published)) {
			v.published = r.Published.Time
		}
	}
	return v
}

func placesOf(e evidence) map[osv.Package][]result.Where {
	places := map[osv.Package][]result.Where{}
	for _, m := range e.tree.Manifests {
		for _, entry := range m.Packages {
			places[entry.Package] = append(places[entry.Package], result.Where{File: m.Path, Line: entry.Line})
		}
	}
	return places
}

// link is where people read about it.
func (v vulnerability) link() string { return "https://osv.dev/vulnerability/" + url.PathEscape(v.id) }

// counts are the vulnerabilities that are not accepted, by level.
type counts struct {
	by      map[osv.Level]int
	total   int
	fixable int
}

func count(found []vulnerability) counts {
	c := counts{by: map[osv.Level]int{}, total: len(found)}
	for _, v := range found {
		c.by[v.rating.Level]++
		if v.fixed != "" {
			c.fixable++
		}
	}
	return c
}

// severity is a rating for people.
func severity(r osv.Rating) string {
	switch {
	case r.Level == osv.Unrated:
		return "unknown"
	case r.Score > 0:
		return fmt.Sprintf("%s (%.1f, %s)", r.Level, r.Score, r.Source)
	}
	return fmt.Sprintf("%s (%s)", r.Level, r.Source)
}
