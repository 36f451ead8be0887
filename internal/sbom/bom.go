package sbom

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/license"
	"github.com/slipway-actions/slipway/internal/manifest"
	"github.com/slipway-actions/slipway/internal/osv"
)

// bom is CycloneDX as far as it is written here.
type bom struct {
	Schema       string        `json:"$schema"`
	Format       string        `json:"bomFormat"`
	Spec         string        `json:"specVersion"`
	Serial       string        `json:"serialNumber,omitempty"`
	Version      int           `json:"version"`
	Metadata     metadata      `json:"metadata"`
	Components   []part        `json:"components"`
	Dependencies []dependency  `json:"dependencies,omitempty"`
	Compositions []composition `json:"compositions,omitempty"`
}

type metadata struct {
	Tools      tools      `json:"tools"`
	Component  part       `json:"component"`
	Properties []property `json:"properties,omitempty"`
}

type tools struct {
	Components []part `json:"components"`
}

// part is a component.
type part struct {
	Type       string     `json:"type"`
	Ref        string     `json:"bom-ref,omitempty"`
	Group      string     `json:"group,omitempty"`
	Name       string     `json:"name"`
	Version    string     `json:"version,omitempty"`
	Licenses   []choice   `json:"licenses,omitempty"`
	PURL       string     `json:"purl,omitempty"`
	Evidence   *evidence  `json:"evidence,omitempty"`
	Properties []property `json:"properties,omitempty"`

	stated   []string // licences
	relation manifest.Relation
}

// choice is either an expression or one of several licences by name.
type choice struct {
	License    *named `json:"license,omitempty"`
	Expression string `json:"expression,omitempty"`
}

type named struct {
	Name string `json:"name"`
}

type evidence struct {
	Occurrences []occurrence `json:"occurrences"`
}

type occurrence struct {
	Location string `json:"location"`
	Line     int    `json:"line,omitempty"`
}

type property struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

func (p property) compare(q property) int {
	return cmp.Or(cmp.Compare(p.Name, q.Name), cmp.Compare(p.Value, q.Value))
}

type dependency struct {
	Ref       string   `json:"ref"`
	DependsOn []string `json:"dependsOn"`
}

type composition struct {
	Aggregate  string   `json:"aggregate"`
	Assemblies []string `json:"assemblies"`
}

// newPart is a package's component. What its URL does not hold is a property.
func newPart(ref string, p osv.Package) *part {
	c := &part{Type: "library", Ref: ref, Name: p.Name, Version: p.Version, PURL: PURL(p), Evidence: &evidence{}}
	join := map[string]string{"npm": "/", "Packagist": "/", "Maven": ":"}[osv.BaseEcosystem(p.Ecosystem)]
	if at := strings.LastIndex(p.Name, join); join != "" && at > 0 {
		c.Group, c.Name = p.Name[:at], p.Name[at+1:]
	}
	if back, _ := FromPURL(c.PURL); back.Ecosystem != p.Ecosystem {
		c.Properties = append(c.Properties, property{"slipway:ecosystem", p.Ecosystem})
	}
	return c
}

// found adds where a manifest names the package, and what it says of it.
func (c *part) found(path string, e manifest.Entry) {
	at, where := occurrence{path, max(e.Line, 0)}, path
	if e.Line > 0 {
		where = fmt.Sprintf("%s:%d", path, e.Line)
	}
	c.Evidence.Occurrences = append(c.Evidence.Occurrences, at)
	c.Properties = append(c.Properties, property{"slipway:location", where})
	if e.Layer != nil {
		c.Properties = append(c.Properties, property{"slipway:layer", fmt.Sprintf("%d %s", e.Layer.Index, e.Layer.Digest)})
	}
	if c.relation != manifest.Direct && e.Relation != manifest.UnknownRelation {
		c.relation = e.Relation
	}
	c.stated = append(c.stated, e.Licenses...)
}

// settled puts all that was found in order.
func (c *part) settled() part {
	at := c.Evidence.Occurrences
	slices.SortFunc(at, func(a, b occurrence) int {
		return cmp.Or(cmp.Compare(a.Location, b.Location), cmp.Compare(a.Line, b.Line))
	})
	c.Evidence.Occurrences = slices.Compact(at)
	if c.relation != manifest.UnknownRelation {
		c.Properties = append(c.Properties, property{"slipway:relation", string(c.relation)})
	}
	slices.SortFunc(c.Properties, property.compare)
	c.Properties = slices.Compact(c.Properties)
	slices.Sort(c.stated)
	c.Licenses = choices(slices.Compact(c.stated))
	return *c
}

// choices are licences that all hold. CycloneDX takes one expression, or names; an id is written as
// an expression as well, for a reader's list of ids may be older than ours.
func choices(stated []string) []choice {
	if len(stated) == 0 {
		return nil
	}
	if !slices.ContainsFunc(stated, func(s string) bool { return !license.Valid(s) }) {
		if len(stated) == 1 {
			return []choice{{Expression: stated[0]}}
		}
		for i, s := range stated {
			if strings.Contains(s, " ") {
				stated[i] = "(" + s + ")"
			}
		}
		return []choice{{Expression: strings.Join(stated, " AND ")}}
	}
	var all []choice
	for _, s := range stated {
		all = append(all, choice{License: &named{s}})
	}
	return all
}
