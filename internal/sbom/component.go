package sbom

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/manifest"
	"github.com/slipway-actions/slipway/internal/osv"
)

// document is a bill of materials of either format, as it stands there.
type document struct {
	format     string
	components []component
	roots      []string // references of what the document is about
	edges      map[string][]string
	edgeCount  int
	incomplete bool // it says so itself
}

// component is one part. Its name has its group in front where the format has groups.
type component struct {
	ref      string
	kind     string // library, file …, in small letters; "" where it does not tell
	name     string
	version  string
	purls    []located
	line     int // of its name, from 1
	licenses []string
	source   osv.Package // Name and Version of the package it was built from, where told outside its URL
	excluded bool        // marked as no part of what runs
	listing  bool        // stands for a manifest, not for a package
}

// located is a text and the line it stands on, from 1.
type located struct {
	text string
	line int
}

func (d *document) add(c component) error {
	if len(d.components) == componentLimit {
		return fmt.Errorf("it has more than %d components", componentLimit)
	}
	for _, text := range append([]string{c.ref, c.name, c.version}, c.licenses...) {
		if len(text) > textLimit {
			return fmt.Errorf("the component at line %d has a text of %d bytes, more than %d", c.line, len(text), textLimit)
		}
	}
	d.components = append(d.components, c)
	return nil
}

func (d *document) edge(from, to string) error {
	if d.edgeCount++; d.edgeCount > edgeLimit {
		return fmt.Errorf("it has more than %d dependencies", edgeLimit)
	}
	if d.edges == nil {
		d.edges = map[string][]string{}
	}
	d.edges[from] = append(d.edges[from], to)
	return nil
}

// aside are kinds of components that are no software of somebody who writes advisories. Without a
// package URL they are passed in silence.
var aside = []string{"file", "data", "device", "operating-system", "machine-learning-model", "cryptographic-asset", "archive"}

// judge makes packages of the components and counts those that are none.
func (d document) judge() (Reading, error) {
	r := Reading{Format: d.format}
	if len(d.components) == 0 {
		return r, errors.New("it names no component beside what it is about")
	}
	ways := d.ways()
	foreign := map[string]bool{}
	byPackage := make(map[osv.Package]int, len(d.components))
	excluded := 0
	for _, c := range d.components {
		if c.listing {
			continue
		}
		if len(c.purls) == 0 && !slices.Contains(aside, c.kind) {
			r.Unjudged++
		}
		judged := false
		for _, purl := range c.purls {
			p, kind, ok := fromPURL(purl.text, c.name)
			switch {
			case !ok:
				r.Unjudged++
				continue
			case p.Ecosystem == "":
				r.Foreign++
				foreign[kind] = true
				continue
			}
			if p.Version == "" {
				p.Version = c.versionFor(p)
			}
			if kind == "deb" || kind == "apk" {
				p = sourceOf(p, c.source.Name, c.source.Version)
			}
			if p.Version == "" {
				r.Unjudged++
				continue
			}
			judged = true
			e := manifest.Entry{Package: p, Line: purl.line, Licenses: c.licenses}
			if way, ok := ways[c.ref]; ok && c.ref != "" {
				e.Relation, e.Through = way.relation, way.through
			}
			if i, ok := byPackage[p]; ok {
				r.Entries[i] = merge(r.Entries[i], e)
				continue
			}
			byPackage[p] = len(r.Entries)
			r.Entries = append(r.Entries, e)
		}
		if judged && c.excluded {
			excluded++
		}
	}
	if len(r.Entries)+r.Unjudged+r.Foreign == 0 {
		return r, errors.New("it names no package")
	}
	slices.SortFunc(r.Entries, func(a, b manifest.Entry) int { return a.Package.Compare(b.Package) })
	if r.Foreign > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf("%s of a kind no advisory is about (%s)", count(r.Foreign), few(slices.Sorted(maps.Keys(foreign)))))
	}
	if r.Unjudged > 0 {
		r.Notes = append(r.Notes, count(r.Unjudged)+" without a package URL that can be read or without a version")
	}
	if excluded > 0 {
		r.Notes = append(r.Notes, count(excluded)+" marked as excluded, judged all the same")
	}
	if d.incomplete {
		r.Notes = append(r.Notes, "the document says of itself that it is incomplete")
	}
	return r, nil
}

// versionFor is the component's own version where its URL has none.
func (c component) versionFor(p osv.Package) string {
	switch {
	case !printable(c.version) || slices.Contains([]string{"unknown", "noassertion", "(devel)"}, strings.ToLower(c.version)):
		return ""
	case p.Ecosystem == "Go":
		return goVersion(c.version)
	}
	return c.version
}

// merge makes one of two entries of the same package: the first line, the shorter way, all licences.
func merge(a, b manifest.Entry) manifest.Entry {
	rank := func(e manifest.Entry) int {
		return slices.Index([]manifest.Relation{manifest.Direct, manifest.Transitive, manifest.UnknownRelation}, e.Relation)
	}
	if order := cmp.Or(cmp.Compare(rank(b), rank(a)), cmp.Compare(len(b.Through), len(a.Through))); order < 0 {
		a.Relation, a.Through = b.Relation, b.Through
	}
	a.Line = min(a.Line, b.Line)
	for _, l := range b.Licenses {
		if !slices.Contains(a.Licenses, l) {
			a.Licenses = append(slices.Clip(a.Licenses), l)
		}
	}
	return a
}

// few are the first of many names.
func few(names []string) string {
	for i := range names {
		names[i] = shorten(names[i])
	}
	if more := len(names) - 10; more > 0 {
		names = append(names[:10], fmt.Sprintf("%d more", more))
	}
	return strings.Join(names, ", ")
}

func count(n int) string {
	if n == 1 {
		return "1 component"
	}
	return fmt.Sprintf("%d components", n)
}
