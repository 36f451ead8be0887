package advisory

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/osv"
)

// aliasLimit bounds how many records are looked for by their id.
const aliasLimit = 20_000

// unscored are the aliases under which a score may be found, by id in capitals, each as it was
// written: those of GHSA and CVE of the vulnerabilities that affect a package and have no vector.
// What is a candidate of the package itself is in hand already. Known tells of an id whether it is
// worth the trouble.
func (a Answer) unscored(known func(id string) bool) map[string]string {
	wanted := map[string]string{}
	for p, candidates := range a.Candidates {
		inHand := map[string]bool{}
		for _, c := range candidates {
			inHand[key(c.Record.ID)] = true
		}
		sought := func(alias string) bool {
			id := key(alias)
			return !inHand[id] && (strings.HasPrefix(id, "GHSA-") || strings.HasPrefix(id, "CVE-")) && known(id)
		}
		if !slices.ContainsFunc(candidates, func(c Candidate) bool {
			return slices.ContainsFunc(c.Record.Aliases, sought) && !scored(p, []*osv.Record{c.Record})
		}) {
			continue // to judge versions takes longer than all else here
		}
		for _, group := range osv.Group(affecting(p, candidates)) {
			if scored(p, group) {
				continue
			}
			for _, alias := range osv.Aliases(group) {
				if written, ok := wanted[key(alias)]; sought(alias) && (!ok || alias < written) {
					wanted[key(alias)] = alias
				}
			}
		}
	}
	return wanted
}

// affecting are the records that affect a package. What nobody can tell of is reported elsewhere.
func affecting(p osv.Package, candidates []Candidate) []*osv.Record {
	var records []*osv.Record
	for _, c := range candidates {
		affects := c.Affects
		if !affects {
			affects, _ = c.Record.Affects(p) // an error is for whoever judges
		}
		if affects {
			records = append(records, c.Record)
		}
	}
	return records
}

// scored tells whether one of the records has a vector. A word counts less than an alias's vector.
func scored(p osv.Package, group []*osv.Record) bool {
	bare := make([]*osv.Record, len(group))
	for i, r := range group {
		wordless := *r
		wordless.Specific.Severity = ""
		bare[i] = &wordless
	}
	return osv.Rate(p, bare, nil).Level != osv.Unrated
}

// bounded are the ids in their order, up to the limit, and what is said of the rest.
func bounded(wanted map[string]string) ([]string, []Problem) {
	ids := slices.Sorted(maps.Keys(wanted))
	if len(ids) <= aliasLimit {
		return ids, nil
	}
	return ids[:aliasLimit], []Problem{{
		Text: fmt.Sprintf("%d of %d aliases were not looked up: a severity may be higher than it is told", len(ids)-aliasLimit, len(ids)),
		Next: "Scan parts of the tree apart.",
	}}
}

// aliases looks for the aliases in all data that is open.
func (a *asking) aliases() {
	ids, problems := bounded(a.answer.unscored(func(id string) bool {
		return slices.ContainsFunc(a.open, func(s *shelved) bool { return s.index != nil && len(find(nil, s.ids, fingerprint(id))) > 0 })
	}))
	a.answer.Problems = append(a.answer.Problems, problems...)
	a.answer.Aliases = map[string]*osv.Record{}
	for _, id := range ids {
		for _, s := range a.open {
			r, err := s.identified(id)
			if err != nil {
				a.problem(s.ecosystem, "Get the data again, whole.", "the advisory %s cannot be read: %v", id, err)
			}
			if r != nil {
				a.answer.Aliases[id] = r
				break
			}
		}
	}
}

// identified is the first record that has an id; nil where there is none.
func (s *shelved) identified(id string) (*osv.Record, error) {
	if s.index == nil {
		return nil, nil
	}
	records, err := s.read(find(nil, s.ids, fingerprint(id)))
	for _, r := range records {
		if key(r.ID) == id {
			return r, nil
		}
	}
	return nil, err
}
