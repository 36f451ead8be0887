package sbom

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/slipway-actions/slipway/internal/manifest"
	"github.com/slipway-actions/slipway/internal/osv"
)

// Document is what a bill of materials is written of.
type Document struct {
	Name    string // of the project
	Version string // of the project; may be empty
	Tool    string // Slipway's own version; may be empty
	Files   []manifest.File
}

// root is the reference of the project itself. Those of packages are URLs or hold a space.
const root = "project"

// Encode writes CycloneDX 1.6 in JSON (https://cyclonedx.org/docs/1.6/json/). The same document
// gives the same bytes: it has no time, and its serial number is made of what it holds. Manifests
// that were not scanned are named, and then it says that it is incomplete. A project without a name
// is an error.
func Encode(d Document) ([]byte, error) {
	if d.Name == "" {
		return nil, errors.New("write a bill of materials: the project has no name")
	}
	b := bom{
		Schema: "http://cyclonedx.org/schema/bom-1.6.schema.json", Format: "CycloneDX", Spec: "1.6", Version: 1,
		Metadata: metadata{
			Tools:     tools{[]part{{Type: "application", Name: "slipway", Version: d.Tool}}},
			Component: part{Ref: root, Type: "application", Name: d.Name, Version: d.Version},
		},
	}
	for _, f := range d.Files {
		if f.State != manifest.Scanned {
			b.Metadata.Properties = append(b.Metadata.Properties, property{"slipway:not-scanned", f.Path + ": " + cmp.Or(f.Reason, string(f.State))})
		}
	}
	if len(b.Metadata.Properties) > 0 {
		slices.SortFunc(b.Metadata.Properties, property.compare)
		b.Compositions = []composition{{"incomplete", []string{root}}}
	}
	parts, refs := map[string]*part{}, references{}
	for _, f := range d.Files {
		for _, e := range f.Packages {
			ref := refs.of(e.Package)
			if parts[ref] == nil {
				parts[ref] = newPart(ref, e.Package)
			}
			parts[ref].found(f.Path, e)
		}
	}
	b.Components = []part{}
	for _, ref := range slices.Sorted(maps.Keys(parts)) {
		b.Components = append(b.Components, parts[ref].settled())
	}
	b.Dependencies = dependencies(d.Files, refs)
	content, err := json.Marshal(b)
	if err != nil {
		return nil, fmt.Errorf("write a bill of materials: %w", err)
	}
	b.Serial = serial(content)
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(b); err != nil {
		return nil, fmt.Errorf("write a bill of materials: %w", err)
	}
	return text.Bytes(), nil
}

// serial is a UUID made of a content, of the version that RFC 9562 leaves to such makings.
func serial(text []byte) string {
	u := sha256.Sum256(text)
	u[6] = u[6]&0x0f | 0x80
	u[8] = u[8]&0x3f | 0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:16])
}

// references are the names of packages within the document, made once for each.
type references map[osv.Package]string

// of names a package by its URL where it has one.
func (r references) of(p osv.Package) string {
	ref, ok := r[p]
	if !ok {
		ref = cmp.Or(PURL(p), p.Ecosystem+" "+p.Name+"@"+p.Version)
		r[p] = ref
	}
	return ref
}

// dependencies are what the ways of all entries show: the project needs what is direct, and each
// name on a way needs the next. A name of several versions in a manifest shows nothing.
func dependencies(files []manifest.File, refs references) []dependency {
	edges := map[string]map[string]bool{}
	link := func(from, to string) {
		if from == "" || to == "" || from == to {
			return
		}
		if edges[from] == nil {
			edges[from] = map[string]bool{}
		}
		edges[from][to] = true
	}
	for _, f := range files {
		byName := map[string]string{}
		for _, e := range f.Packages {
			ref := refs.of(e.Package)
			if other, ok := byName[e.Name]; ok && other != ref {
				ref = ""
			}
			byName[e.Name] = ref
		}
		for _, e := range f.Packages {
			switch {
			case e.Relation == manifest.Direct:
				link(root, refs.of(e.Package))
			case e.Relation == manifest.Transitive && len(e.Through) > 0:
				from := root
				for _, name := range e.Through {
					link(from, byName[name])
					from = byName[name]
				}
				link(from, refs.of(e.Package))
			}
		}
	}
	var all []dependency
	for _, from := range slices.Sorted(maps.Keys(edges)) {
		all = append(all, dependency{from, slices.Sorted(maps.Keys(edges[from]))})
	}
	return all
}
