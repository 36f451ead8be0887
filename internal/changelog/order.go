package changelog

import (
	"sort"

	"github.com/slipway-actions/slipway/internal/semver"
)

// ordering is how a file sorts its versions.
type ordering int

const (
	newestFirst ordering = iota
	oldestFirst
)

// order is how the versions of a file follow each other. One alone is followed by what is unreleased.
func (b book) order() ordering {
	up, down := 0, 0
	var before *semver.Version
	for _, c := range b.chapters {
		switch {
		case c.version != nil && before != nil && c.version.GreaterThan(before), c.unreleased && before != nil:
			up++
		case c.version != nil && before != nil && c.version.LessThan(before):
			down++
		}
		if c.version != nil {
			before = c.version
		}
	}
	if up > down {
		return oldestFirst
	}
	return newestFirst
}

// place is where a version's chapter goes, and the chapter whose style it takes; nil where there is
// none. Several versions may have one place.
func (b *book) place(v *semver.Version, o ordering) (at int, neighbour *chapter) {
	bounds := b.bounds[o]
	if bounds == nil {
		bounds = b.records(o)
		b.bounds[o] = bounds
	}
	i := sort.Search(len(bounds), func(i int) bool {
		w := b.chapters[bounds[i]].version
		return o == newestFirst && w.LessThan(v) || o == oldestFirst && w.GreaterThan(v)
	})
	if i < len(bounds) {
		c := &b.chapters[bounds[i]]
		return c.start, c
	}
	for i, c := range b.chapters {
		if c.version != nil {
			neighbour = &b.chapters[i]
			break
		}
	}
	return b.textEnd(o), neighbour
}

// records are the chapters of versions that are lower, or higher, than all before them in the file:
// the first chapter below a version is always one of them.
func (b book) records(o ordering) []int {
	records := []int{}
	for i, c := range b.chapters {
		if c.version == nil {
			continue
		}
		if len(records) > 0 {
			last := b.chapters[records[len(records)-1]].version
			if o == newestFirst && !c.version.LessThan(last) || o == oldestFirst && !c.version.GreaterThan(last) {
				continue
			}
		}
		records = append(records, i)
	}
	return records
}

// textEnd is where the last chapter ends: before the link definitions at the end of the file, and
// where the oldest version comes first, before what is unreleased.
func (b book) textEnd(o ordering) int {
	end := b.end
	versions := false
	for _, c := range b.chapters {
		if o == oldestFirst && c.unreleased && versions {
			return c.start
		}
		versions = versions || c.version != nil
		if c.level <= 2 {
			end = c.end
		}
	}
	return end
}
