package inventory

import (
	"cmp"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/manifest"
	"github.com/slipway-actions/slipway/internal/osv"
)

// survey is what a lockfile tells beside names and versions. The parsers of osv-scanner say little
// of it, so each format is gone through once more, in one pass.
type survey struct {
	sites []site
	// adds tells that what the parser did not list counts as well, with its ecosystem.
	adds string
	// byName tells that the sites name no versions, and hold for any.
	byName bool
	// others is how the project comes to what no site tells of.
	others manifest.Relation
}

// site is a place at which a lockfile names a package.
type site struct {
	name, version string // as the parser spells them; without a name it is no package
	line          int
	licenses      []string
	relation      manifest.Relation // where the format states it; else the keys and needs tell
	// root is what belongs to the project itself: what it needs is direct.
	root  bool
	keys  []string // by which others need it
	needs []string // keys of others
}

// wayLimit is the longest way to a package that is told, in names.
const wayLimit = 50

// place is a site and how the project comes to it.
type place struct {
	*site
	parent int // index of the place it was first reached from; -1 for a root
	depth  int // 0 for a root, 1 for what is direct; -1 where nothing leads to it
}

// relate finds the shortest way to every site, the first by name among several. A key is followed
// once, so that the work grows with the file and no faster.
func relate(sites []site) []place {
	places := make([]place, len(sites))
	byKey := map[string][]int{}
	var level []int
	for i := range sites {
		places[i] = place{site: &sites[i], parent: -1, depth: -1}
		if sites[i].root {
			places[i].depth = 0
			level = append(level, i)
		}
		for _, key := range sites[i].keys {
			byKey[key] = append(byKey[key], i)
		}
	}
	for depth := 1; len(level) > 0; depth++ {
		slices.SortStableFunc(level, func(a, b int) int {
			return cmp.Or(cmp.Compare(sites[a].name, sites[b].name), cmp.Compare(sites[a].version, sites[b].version))
		})
		var next []int
		for _, from := range level {
			for _, key := range sites[from].needs {
				for _, to := range byKey[key] {
					if places[to].depth < 0 {
						places[to].depth, places[to].parent = depth, from
						next = append(next, to)
					}
				}
				delete(byKey, key)
			}
		}
		level = next
	}
	return places
}

// way lists the names from a direct package to the one before places[i].
func way(places []place, i int) []string {
	n := places[i].depth - 1
	if n <= 0 || n > wayLimit {
		return nil
	}
	names := make([]string, n)
	for at := places[i].parent; n > 0; at = places[at].parent {
		n--
		names[n] = places[at].name
	}
	return names
}

// better tells which of two places of the same package is shown: the one nearest to the project, and
// the first among those.
func better(a, b place) bool {
	if (a.depth < 0) != (b.depth < 0) {
		return b.depth < 0
	}
	return cmp.Or(cmp.Compare(a.depth, b.depth), cmp.Compare(a.line, b.line)) < 0
}

// annotate tells each entry what the survey knows of it.
func (s survey) annotate(entries []manifest.Entry) []manifest.Entry {
	if len(entries) == 0 && s.adds == "" {
		return entries
	}
	ecosystem := s.adds
	if len(entries) > 0 {
		ecosystem = entries[0].Ecosystem
	}
	canonical := canonicalNames(ecosystem)
	places := relate(s.sites)
	type key struct{ name, version string }
	best := make(map[key]int, len(places))
	for i, p := range places {
		if p.name == "" {
			continue
		}
		k := key{canonical(p.name), p.version}
		if old, ok := best[k]; !ok || better(p, places[old]) {
			best[k] = i
		}
	}
	if s.adds != "" {
		held := map[osv.Package]bool{}
		for _, e := range entries {
			held[e.Package] = true
		}
		for _, p := range places {
			added := osv.Package{Ecosystem: s.adds, Name: p.name, Version: p.version}
			if p.name != "" && !held[added] {
				held[added] = true
				entries = append(entries, manifest.Entry{Package: added})
			}
		}
	}
	for i := range entries {
		e := &entries[i]
		k := key{canonical(e.Name), e.Version}
		if s.byName {
			k.version = ""
		}
		at, ok := best[k]
		if !ok {
			e.Relation = s.others
			continue
		}
		p := places[at]
		if p.line > 0 {
			e.Line = p.line
		}
		if len(p.licenses) > 0 {
			e.Licenses = p.licenses
		}
		switch {
		case p.relation != manifest.UnknownRelation:
			e.Relation, e.Through = p.relation, way(places, at)
		case p.depth == 1:
			e.Relation = manifest.Direct
		case p.depth > 1:
			e.Relation, e.Through = manifest.Transitive, way(places, at)
		}
	}
	return entries
}

// canonicalNames spells names of an ecosystem in one way.
func canonicalNames(ecosystem string) func(string) string {
	switch osv.BaseEcosystem(ecosystem) {
	case "PyPI":
		return pypiName
	case "NuGet", "Packagist":
		return strings.ToLower
	}
	return func(name string) string { return name }
}

// pypiName is osv.CanonicalName, which needs no work for nearly all names.
func pypiName(name string) string {
	dash := true
	for i := range len(name) {
		switch c := name[i]; {
		case 'a' <= c && c <= 'z' || '0' <= c && c <= '9':
			dash = false
		case c == '-' && !dash:
			dash = true
		default:
			return osv.CanonicalName("PyPI", name)
		}
	}
	return name
}

// project is a root that a file beside the lockfile describes.
func project(needs []string) site { return site{root: true, needs: needs} }
