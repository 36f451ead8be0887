package advisory

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/slipway-actions/slipway/internal/osv"
)

// asking is one question to data on disk.
type asking struct {
	ctx    context.Context
	answer Answer
	open   []*shelved // the ecosystems, in their order
}

// shelved is the data of an ecosystem with its index.
type shelved struct {
	*source
	*index
	ecosystem string
}

func (a *asking) close() {
	for _, s := range a.open {
		s.close()
	}
}

func (a *asking) problem(ecosystem, next, format string, args ...any) {
	a.answer.Problems = append(a.answer.Problems, Problem{Ecosystem: ecosystem, Text: fmt.Sprintf(format, args...), Next: next})
}

// byEcosystem visits the packages in the order of their ecosystems.
func byEcosystem(packages []osv.Package) func(yield func(string, []osv.Package) bool) {
	groups := map[string][]osv.Package{}
	for _, p := range packages {
		ecosystem := osv.BaseEcosystem(p.Ecosystem)
		groups[ecosystem] = append(groups[ecosystem], p)
	}
	return func(yield func(string, []osv.Package) bool) {
		for _, ecosystem := range slices.Sorted(maps.Keys(groups)) {
			if !yield(ecosystem, groups[ecosystem]) {
				return
			}
		}
	}
}

// data are the files of one ecosystem, and what is known of them.
type data struct {
	files  []string
	called string // for people, where there is one file; "" is its name
	digest string // that they had when they were fetched; "" where nobody looked
	wanted string // digest that they must have; "" is any
	asOf   time.Time
}

// ask answers for the packages of one ecosystem from its files.
func (a *asking) ask(ecosystem string, d data, places shelf, packages []osv.Package) {
	const again = "Get the data again, whole."
	s := &shelved{source: openSource(a.ctx, d.files, d.called), ecosystem: ecosystem}
	a.open = append(a.open, s)
	if d.digest != "" && s.err == nil && s.digest != d.digest {
		a.problem(ecosystem, again, "read %s: %v", s.files[0].called, errChanged)
		return
	}
	if d.wanted != "" && s.err == nil && s.digest != d.wanted {
		a.problem(ecosystem, "Get the data that the policy names, or name this one in its security.digests.", "the data has the digest %s, and %s is wanted", s.digest, d.wanted)
		return
	}
	byName := map[string][]osv.Package{}
	for _, p := range packages {
		name := osv.CanonicalName(p.Ecosystem, p.Name)
		byName[name] = append(byName[name], p)
	}
	found, err := s.about(a.ctx, places, slices.Sorted(maps.Keys(byName)))
	for _, r := range found {
		for _, p := range concerned(byName, r) {
			a.answer.Candidates[p] = append(a.answer.Candidates[p], Candidate{Record: r})
		}
	}
	switch {
	case err != nil:
		a.problem(ecosystem, again, "%v", err)
	case s.records == 0 && s.malformed == 0:
		a.problem(ecosystem, again, "%s holds no advisory", cmp.Or(d.called, filepath.Dir(d.files[0])))
	}
	for _, release := range s.unheard(packages) {
		a.problem(ecosystem, "Get data that covers it, or take an image of a release that is still maintained.", "no advisory in the data is about %s, so nothing is known of its packages", release)
	}
	if s.malformed > 0 {
		a.problem(ecosystem, again, "%d of its records cannot be read: %s", s.malformed, summary(s.words, s.malformed))
	}
	a.answer.Sets = append(a.answer.Sets, Set{Ecosystem: ecosystem, Records: s.records, Newest: s.newest, AsOf: d.asOf, Digest: s.digest})
}

// about reads the records about packages of these names, by the index that lies there if there is
// one. Where it leads astray, it is made again.
func (s *shelved) about(ctx context.Context, places shelf, names []string) ([]*osv.Record, error) {
	key := s.indexKey(s.ecosystem)
	whole := s.err == nil && s.size >= smallData
	if whole {
		if s.index = places.load(key); s.index != nil {
			if found, err := s.named(names); err == nil {
				return found, s.changed()
			}
		}
	}
	all, err := s.build(ctx, s.ecosystem)
	text := all.encode(key)
	s.index, _ = openIndex(text, key)
	if whole && err == nil {
		places.save(text)
	}
	found, lost := s.named(names)
	if err == nil {
		err = lost
	}
	return found, err
}

// named reads the records that the index has for these names, in the order of the data.
func (s *shelved) named(names []string) ([]*osv.Record, error) {
	var numbers []uint32
	for _, name := range names {
		numbers = find(numbers, s.names, fingerprint(name))
	}
	slices.Sort(numbers)
	return s.read(slices.Compact(numbers))
}

// read reads records by their numbers. All processors take part.
func (s *shelved) read(numbers []uint32) ([]*osv.Record, error) {
	records, errs := make([]*osv.Record, len(numbers)), make([]error, len(numbers))
	workers := min(runtime.GOMAXPROCS(0), len(numbers))
	var group sync.WaitGroup
	for w := range workers {
		group.Go(func() {
			for i := w; i < len(numbers); i += workers {
				records[i], errs[i] = s.record(numbers[i])
			}
		})
	}
	group.Wait()
	for i, err := range errs {
		if err != nil {
			return slices.DeleteFunc(records, func(r *osv.Record) bool { return r == nil }), fmt.Errorf("record %d of the index: %w", numbers[i], err)
		}
	}
	return records, nil
}

func (s *shelved) record(n uint32) (*osv.Record, error) {
	place, ok := s.ref(n)
	if !ok {
		return nil, errUnfit
	}
	text, err := s.text(place)
	if err != nil {
		return nil, err
	}
	return osv.Parse(text)
}

// concerned are the packages that a record is about.
func concerned(byName map[string][]osv.Package, r *osv.Record) []osv.Package {
	var found []osv.Package
	for _, affected := range r.Affected {
		for _, p := range byName[osv.CanonicalName(affected.Package.Ecosystem, affected.Package.Name)] {
			if r.Concerns(p) && !slices.Contains(found, p) {
				found = append(found, p)
			}
		}
	}
	return found
}

// unheard are the releases of a distribution that packages are of and no record is about. Data that has
// never heard of a release finds nothing in it.
func (s *shelved) unheard(packages []osv.Package) (releases []string) {
	if s.index == nil {
		return nil
	}
	known := map[string]bool{}
	for _, p := range packages {
		if _, told := known[p.Ecosystem]; told || p.Ecosystem == osv.BaseEcosystem(p.Ecosystem) {
			continue
		}
		known[p.Ecosystem] = slices.ContainsFunc(s.index.releases, func(release string) bool {
			about := osv.Record{ID: "any", Affected: make([]osv.Affected, 1)}
			about.Affected[0].Package.Name = p.Name
			about.Affected[0].Package.Ecosystem = cmp.Or(release, osv.BaseEcosystem(p.Ecosystem))
			return about.Concerns(p)
		})
		if !known[p.Ecosystem] {
			releases = append(releases, p.Ecosystem)
		}
	}
	slices.Sort(releases)
	return releases
}
