package advisory

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/osv"
)

// contents is what an index says of an ecosystem's records.
type contents struct {
	records   int // those that can be read
	newest    time.Time
	malformed []string // what and why
	releases  []string // ecosystems with a release that records are about, such as Debian:12
	any       bool     // some are about the ecosystem as a whole
	refs      []ref    // of those that stand
	names     []entry  // of the packages that they are about
	ids       []entry
}

// releasesMost is far above what a distribution has.
const releasesMost = 10_000

// entry leads from the hash of a name or an id to a record. Two names may have the same hash, so
// the record itself is asked in the end.
type entry struct {
	hash uint64
	ref  uint32
}

// fingerprint is FNV-1a (https://datatracker.ietf.org/doc/draft-eastlake-fnv/).
func fingerprint(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

// key makes ids comparable: their case says nothing.
func key(id string) string { return strings.ToUpper(strings.TrimSpace(id)) }

// note adds a record. One that was withdrawn counts, and is never looked for.
func (c *contents) note(ecosystem string, r *osv.Record, place ref) {
	c.records++
	if r.Modified.After(c.newest) {
		c.newest = r.Modified.Time
	}
	if r.Withdrawn != "" {
		return
	}
	n := uint32(len(c.refs))
	c.refs = append(c.refs, place)
	c.ids = append(c.ids, entry{fingerprint(key(r.ID)), n})
	for _, a := range r.Affected {
		if osv.BaseEcosystem(a.Package.Ecosystem) != ecosystem {
			continue
		}
		if full := a.Package.Ecosystem; full != ecosystem && !slices.Contains(c.releases, full) && len(c.releases) < releasesMost {
			c.releases = append(c.releases, full)
		} else if full == ecosystem {
			c.any = true
		}
		c.names = append(c.names, entry{fingerprint(osv.CanonicalName(a.Package.Ecosystem, a.Package.Name)), n})
	}
}

// add puts more behind what is there.
func (c *contents) add(more contents) {
	base := uint32(len(c.refs))
	c.records += more.records
	if more.newest.After(c.newest) {
		c.newest = more.newest
	}
	c.malformed = append(c.malformed, more.malformed...)
	c.releases, c.any = append(c.releases, more.releases...), c.any || more.any
	c.refs = append(c.refs, more.refs...)
	for _, e := range more.names {
		c.names = append(c.names, entry{e.hash, e.ref + base})
	}
	for _, e := range more.ids {
		c.ids = append(c.ids, entry{e.hash, e.ref + base})
	}
}

// sort puts all in the order in which it is looked up and told, each once.
func (c *contents) sort() {
	slices.Sort(c.malformed)
	slices.Sort(c.releases)
	c.releases = slices.Compact(c.releases)
	for _, entries := range []*[]entry{&c.names, &c.ids} {
		slices.SortFunc(*entries, func(a, b entry) int { return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.ref, b.ref)) })
		*entries = slices.Compact(*entries)
	}
}
