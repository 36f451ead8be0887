package osv

import (
	"errors"
	"fmt"
	"slices"
)

// ErrUnjudged says that a record is about a package but does not tell whether it affects the
// version: that has to be found out, for silence would pass.
var ErrUnjudged = errors.New("cannot tell whether the version is affected")

// Concerns tells whether a record that stands is about a package, whatever the version. Where the
// package's release is not known, it may be.
func (r *Record) Concerns(p Package) bool { return r.Withdrawn == "" && len(r.about(p)) > 0 }

// entry is one that is about a package.
type entry struct {
	Affected
	kinship kinship
}

// about are the entries that are about a package.
func (r *Record) about(p Package) []entry {
	var entries []entry
	own := false
	for _, a := range r.Affected {
		if k := p.relation(a.Package.Ecosystem, a.Package.Name); k != stranger {
			entries = append(entries, entry{a, k})
			own = own || k == itself
		}
	}
	if own {
		entries = slices.DeleteFunc(entries, func(e entry) bool { return e.kinship == stepchild })
	}
	return entries
}

// Affects tells whether a record's vulnerability is in a package. It follows the evaluation of the
// schema (https://ossf.github.io/osv-schema/#evaluation). The error is an ErrUnjudged.
func (r *Record) Affects(p Package) (bool, error) {
	if r.Withdrawn != "" {
		return false, nil
	}
	var unjudged error
	for _, a := range r.about(p) {
		switch in, err := a.has(p); {
		case in && a.kinship == perhaps:
			unjudged = fmt.Errorf("%w: it is in %s, and nothing says whether the package is of that release", ErrUnjudged, a.Package.Ecosystem)
		case in:
			return true, nil
		case err != nil:
			unjudged = fmt.Errorf("%w: %w", ErrUnjudged, err)
		}
	}
	return false, unjudged
}

// has looks for a version among those named and in the ranges.
func (a Affected) has(p Package) (bool, error) {
	if p.Version == "" {
		return false, errors.New("the manifest names no version")
	}
	if slices.Contains(a.Versions, p.Version) || slices.ContainsFunc(a.Versions, func(v string) bool {
		if apart(v, p.Version) {
			return false
		}
		order, err := compare(p.Ecosystem, v, p.Version) // 1.0 and 1.0.0 are the same to most
		return err == nil && order == 0
	}) {
		return true, nil
	}
	judged := len(a.Versions) > 0
	var problem error
	for _, r := range a.Ranges {
		if r.Type == "GIT" { // of commits; the same record names versions too, or nothing is judged
			continue
		}
		in, err := r.has(p)
		if in {
			return true, nil
		}
		judged, problem = true, errors.Join(problem, err)
	}
	if !judged {
		return false, errors.New("the advisory names no versions")
	}
	if problem == nil && len(a.Ranges) == 0 && !ordered(p.Ecosystem, p.Version) {
		// A spelling that nobody can compare may be another one of a version in the list.
		problem = fmt.Errorf("the version %q cannot be compared", p.Version)
	}
	return false, problem
}

// has tells whether a version lies in a range. Events come in any order.
func (r Range) has(p Package) (bool, error) {
	if r.Type != "SEMVER" && r.Type != "ECOSYSTEM" {
		return false, fmt.Errorf("the advisory has a range of the unknown type %q", r.Type)
	}
	events, err := r.sorted(p.Ecosystem)
	if err == nil && len(events) == 0 {
		err = errors.New("the advisory has a range without events")
	}
	if err != nil {
		return false, err
	}
	within, limited, affected := false, false, false
	for _, e := range events {
		order, err := compare(p.Ecosystem, p.Version, e.version)
		if err != nil {
			return false, err
		}
		switch e.kind {
		case introduced:
			affected = affected || order >= 0
		case fixed:
			affected = affected && order < 0
		case lastAffected:
			affected = affected && order <= 0
		case limit:
			limited, within = true, within || order < 0
		}
	}
	return affected && (within || !limited), nil
}

// kind is what an event says; at the same version they count in this order.
type kind int

const (
	introduced kind = iota
	fixed
	lastAffected
	limit
)

type event struct {
	kind    kind
	version string
}

// sorted are the events by version, checked.
func (r Range) sorted(ecosystem string) ([]event, error) {
	events := make([]event, 0, len(r.Events))
	for _, e := range r.Events {
		before := len(events)
		for _, field := range []event{{introduced, e.Introduced}, {fixed, e.Fixed}, {lastAffected, e.LastAffected}, {limit, e.Limit}} {
			if field.version == "" {
				continue
			}
			if !isBound(field) && !ordered(ecosystem, field.version) {
				return nil, fmt.Errorf("the advisory's version %q cannot be compared", field.version)
			}
			events = append(events, field)
		}
		if len(events) == before {
			return nil, errors.New("the advisory has an event of an unknown kind")
		}
	}
	var problem error
	slices.SortStableFunc(events, func(a, b event) int {
		order, err := compareEvents(ecosystem, a, b)
		problem = errors.Join(problem, err)
		return order
	})
	return events, problem
}

// isBound tells whether an event stands at an end of all versions.
func isBound(e event) bool {
	return e.kind == introduced && e.version == "0" || e.kind == limit && e.version == "*"
}

func compareEvents(ecosystem string, a, b event) (int, error) {
	order, err := compare(ecosystem, a.version, b.version)
	if err != nil || order != 0 {
		return order, err
	}
	return int(a.kind) - int(b.kind), nil
}
