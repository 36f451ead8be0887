package osv

import "slices"

// FixedVersion is the lowest version above the installed one that no record of a group affects;
// "" where none is known. Only versions that a record names as fixed are considered.
func FixedVersion(p Package, group []*Record) string {
	var candidates []string
	for _, r := range group {
		for _, a := range r.about(p) {
			for _, version := range a.fixes() {
				if order, err := compare(p.Ecosystem, version, p.Version); err == nil && order > 0 {
					candidates = append(candidates, version)
				}
			}
		}
	}
	slices.SortFunc(candidates, func(a, b string) int { return Order(p.Ecosystem, a, b) })
	for _, version := range candidates {
		mended := p
		mended.Version = version
		if !slices.ContainsFunc(group, func(r *Record) bool {
			affected, err := r.Affects(mended)
			return affected || err != nil
		}) {
			return version
		}
	}
	return ""
}

// fixes are the versions at which a range ends because something was mended.
func (a Affected) fixes() []string {
	var versions []string
	for _, r := range a.Ranges {
		if r.Type == "GIT" {
			continue
		}
		for _, e := range r.Events {
			if e.Fixed != "" {
				versions = append(versions, e.Fixed)
			}
		}
	}
	return versions
}
