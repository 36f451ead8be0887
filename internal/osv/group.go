package osv

import (
	"cmp"
	"slices"
	"strings"
)

// Group puts together the records that speak of the same vulnerability: one names the other, or
// both name the same third. The result does not depend on the order of the records. It is for
// the records of one package; those of several would be joined by what they share, and must not be.
func Group(records []*Record) [][]*Record {
	parent := map[string]string{}
	var root func(string) string
	root = func(id string) string {
		up, ok := parent[id]
		if !ok || up == id {
			parent[id] = id
			return id
		}
		top := root(up)
		parent[id] = top
		return top
	}
	for _, r := range records {
		for _, alias := range r.Aliases {
			if key(alias) != "" { // else all that name nothing would be one
				parent[root(key(alias))] = root(key(r.ID))
			}
		}
	}
	byRoot := map[string][]*Record{}
	for _, r := range records {
		top := root(key(r.ID))
		byRoot[top] = append(byRoot[top], r)
	}
	groups := make([][]*Record, 0, len(byRoot))
	for _, group := range byRoot {
		slices.SortFunc(group, func(a, b *Record) int { return compareIDs(a.ID, b.ID) })
		groups = append(groups, slices.CompactFunc(group, func(a, b *Record) bool { return key(a.ID) == key(b.ID) }))
	}
	slices.SortFunc(groups, func(a, b []*Record) int { return compareIDs(a[0].ID, b[0].ID) })
	return groups
}

// Aliases are all other names of a group's vulnerability, sorted. The first record's id is its own.
func Aliases(group []*Record) []string {
	var names []string
	for _, r := range group {
		names = append(names, r.ID)
		names = append(names, r.Aliases...)
	}
	names = slices.DeleteFunc(names, func(name string) bool { return key(name) == "" || key(name) == key(group[0].ID) })
	slices.SortFunc(names, compareIDs)
	return slices.CompactFunc(names, func(a, b string) bool { return key(a) == key(b) })
}

// key makes ids comparable: their case says nothing.
func key(id string) string { return strings.ToUpper(strings.TrimSpace(id)) }

// families are the databases in the order of how well their ids are known.
var families = []string{"GHSA-", "CVE-", "GO-", "RUSTSEC-", "PYSEC-"}

func family(id string) int {
	i := slices.IndexFunc(families, func(prefix string) bool { return strings.HasPrefix(key(id), prefix) })
	if i < 0 {
		return len(families)
	}
	return i
}

func compareIDs(a, b string) int {
	return cmp.Or(cmp.Compare(family(a), family(b)), cmp.Compare(key(a), key(b)))
}
