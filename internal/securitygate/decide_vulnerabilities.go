package securitygate

import (
	"cmp"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/manifest"
	"github.com/slipway-actions/slipway/internal/osv"
	"github.com/slipway-actions/slipway/internal/result"
)

// unjudged is a package of which nobody can tell whether it is affected.
type unjudged struct {
	pkg    osv.Package
	places []result.Where
	ids    []string // of the advisories in question, sorted
	reason string
}

// vulnerabilities holds every package of a tree against the advisories about it.
func (e evidence) vulnerabilities(tree manifest.Tree) (found []risk, open []unjudged) {
	named := entriesOf(tree)
	for _, p := range distinct(tree) {
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
			r := e.vulnerability(p, group, others)
			named[p].tell(&r)
			found = append(found, r)
		}
		if len(u.ids) > 0 {
			u.pkg, u.places = p, named[p].places
			open = append(open, u)
		}
	}
	return found, open
}

// bySeverity orders risks: what is exploited first, then the most severe.
func bySeverity(a, b risk) int {
	worse := func(r risk) int {
		if r.exploited {
			return 1
		}
		return 0
	}
	return cmp.Or(cmp.Compare(worse(b), worse(a)), cmp.Compare(b.rating.Level, a.rating.Level), cmp.Compare(a.kind, b.kind), a.pkg.Compare(b.pkg), cmp.Compare(a.id, b.id))
}

// vulnerability puts a group of advisories into one risk. Others are advisories in hand about the same
// package: one that is an alias may know the severity, as may one that the database has under that name.
func (e evidence) vulnerability(p osv.Package, group, others []*osv.Record) risk {
	r := risk{kind: vulnerable, id: group[0].ID, aliases: osv.Aliases(group), subject: p.String(), pkg: p, fixed: osv.FixedVersion(p, group), isNew: true}
	r.link = advisoryPage(r.id)
	others = slices.DeleteFunc(slices.Clone(others), func(o *osv.Record) bool { return !slices.Contains(r.aliases, o.ID) })
	for _, alias := range r.aliases {
		if known := e.answer.Aliases[strings.ToUpper(alias)]; known != nil && !slices.Contains(others, known) {
			others = append(others, known)
		}
	}
	r.rating = osv.Rate(p, group, others)
	r.unrated = r.rating.Level == osv.Unrated
	for _, record := range group {
		if r.summary == "" {
			r.summary = record.Summary
		}
		if !record.Published.IsZero() && (r.published.IsZero() || record.Published.Before(r.published)) {
			r.published = record.Published.Time
		}
	}
	return r
}

// naming is all that the manifests of a tree say of a package.
type naming struct {
	places   []result.Where
	relation manifest.Relation
	through  []string
	layer    *manifest.Layer
}

// entriesOf joins what several manifests say: direct in one of them is direct, and the shortest way counts.
func entriesOf(tree manifest.Tree) map[osv.Package]*naming {
	named := map[osv.Package]*naming{}
	for _, m := range tree.Manifests {
		for _, e := range m.Packages {
			n := named[e.Package]
			if n == nil {
				n = &naming{}
				named[e.Package] = n
			}
			n.places = append(n.places, result.Where{File: m.Path, Line: e.Line})
			switch {
			case e.Relation == manifest.Direct:
				n.relation, n.through = manifest.Direct, nil
			case n.relation == manifest.Direct || e.Relation == manifest.UnknownRelation:
			case n.relation == manifest.UnknownRelation, len(e.Through) > 0 && (len(n.through) == 0 || len(e.Through) < len(n.through)):
				n.relation, n.through = e.Relation, e.Through
			}
			if n.layer == nil {
				n.layer = e.Layer
			}
		}
	}
	return named
}

// tell hands on to a risk what is known of its package.
func (n *naming) tell(r *risk) {
	r.places, r.relation, r.through, r.layer = n.places, n.relation, n.through, n.layer
}
