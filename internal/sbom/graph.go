package sbom

import (
	"cmp"
	"slices"

	"github.com/slipway-actions/slipway/internal/manifest"
)

// wayLimit is the most names on a way that are kept. A longer one is known to be there and not told:
// it would help nobody, and long chains through all components would fill the memory.
const wayLimit = 32

// way is how a component is come to.
type way struct {
	relation manifest.Relation
	through  []string
}

// ways finds the shortest way from the roots to each component that they lead to. Among equally
// short ones it takes the first by the names on them, so that it is the same every time. Where no
// edge leaves the roots, nothing is known.
func (d document) ways() map[string]way {
	labels, listings := d.labels()
	children := func(ref string) []string {
		to := slices.Clone(d.edges[ref])
		slices.SortFunc(to, func(a, b string) int { return cmp.Or(cmp.Compare(labels[a], labels[b]), cmp.Compare(a, b)) })
		return slices.Compact(to)
	}
	type step struct {
		ref     string
		depth   int // 0 at the roots
		through []string
	}
	var queue []step
	seen := map[string]bool{}
	visit := func(s step) bool {
		if seen[s.ref] {
			return false
		}
		seen[s.ref] = true
		queue = append(queue, s)
		return true
	}
	for _, ref := range slices.Sorted(slices.Values(d.roots)) {
		visit(step{ref: ref})
	}
	for i := 0; i < len(queue); i++ { // what a manifest of the root names is as direct as what the root does
		for _, ref := range children(queue[i].ref) {
			if listings[ref] {
				visit(step{ref: ref})
			}
		}
	}
	found := map[string]way{}
	for i := 0; i < len(queue); i++ {
		at := queue[i]
		if len(d.edges[at.ref]) == 0 {
			continue
		}
		w := way{relation: manifest.Direct}
		if at.depth > 0 {
			w.relation = manifest.Transitive
		}
		if at.depth > 0 && at.depth <= wayLimit {
			w.through = append(slices.Clone(at.through), cmp.Or(labels[at.ref], at.ref))
		}
		for _, ref := range children(at.ref) {
			if visit(step{ref, at.depth + 1, w.through}) {
				found[ref] = w
			}
		}
	}
	return found
}

// labels are what a way calls each component: its package's name where there is one.
func (d document) labels() (labels map[string]string, listings map[string]bool) {
	labels, listings = make(map[string]string, len(d.components)), map[string]bool{}
	for _, c := range d.components {
		if _, ok := labels[c.ref]; ok {
			continue
		}
		labels[c.ref] = c.label()
		if c.listing {
			listings[c.ref] = true
		}
	}
	return labels, listings
}

func (c component) label() string {
	for _, purl := range c.purls {
		if p, _, ok := fromPURL(purl.text, c.name); ok && p.Name != "" {
			return p.Name
		}
	}
	return cmp.Or(c.name, c.ref)
}
