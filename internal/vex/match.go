package vex

import (
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/osv"
	"github.com/slipway-actions/slipway/internal/sbom"
)

// Covers tells whether a statement is about a vulnerability, by any of its ids, in a package. A
// product that names parts is about those; one that names none is about itself. A package URL
// without a version is about all of them, but what is fixed is fixed in a version. A product without a package URL covers nothing.
func Covers(s Statement, ids []string, p osv.Package) bool {
	return s.about(ids) && slices.ContainsFunc(s.Products, func(product Product) bool {
		if product.Subcomponents != nil {
			return slices.ContainsFunc(product.Subcomponents, func(purl string) bool { return matches(purl, p, s.Status == Fixed) })
		}
		return matches(product.PURL, p, s.Status == Fixed)
	})
}

func (s Statement) about(ids []string) bool {
	return slices.ContainsFunc(ids, func(id string) bool {
		id = strings.TrimSpace(id)
		return id != "" && slices.ContainsFunc(s.IDs, func(own string) bool { return strings.EqualFold(id, own) })
	})
}

// Latest is the statement that holds for a vulnerability in a package: the one issued last, of all
// that cover it. Of several at the same time the one that excuses least holds, whatever their order;
// of equal ones the first. It is false where none covers it.
func Latest(all []Statement, ids []string, p osv.Package) (Statement, bool) {
	var latest Statement
	found := false
	for _, s := range all {
		if !Covers(s, ids, p) {
			continue
		}
		order := s.Issued.Compare(latest.Issued)
		if !found || order > 0 || order == 0 && s.weight() > latest.weight() {
			latest, found = s, true
		}
	}
	return latest, found
}

// weight is how much a statement speaks against taking a finding out.
func (s Statement) weight() int {
	if ok, _ := s.Excuses(); ok {
		return 0
	}
	return 1 + slices.Index([]Status{Fixed, NotAffected, UnderInvestigation, Affected}, s.Status)
}

// matches tells whether a package URL names a package. What narrows a URL in a way that a package
// does not tell makes it no match: better a finding too many.
func matches(purl string, p osv.Package, exact bool) bool {
	named, ok := sbom.FromPURL(purl)
	if !ok {
		return false
	}
	plain, subpath, _ := strings.Cut(purl, "#")
	_, qualifiers, _ := strings.Cut(plain, "?")
	if subpath = strings.Trim(subpath, "/"); subpath != "" && !strings.HasSuffix(named.Name, "/"+subpath) {
		return false // a folder of the package
	}
	if strings.Contains("&"+strings.ToLower(qualifiers), "&vers=") {
		return false // a range of versions
	}
	base, release, _ := strings.Cut(strings.TrimSuffix(named.Ecosystem, ":LTS"), ":")
	own, in, _ := strings.Cut(strings.TrimSuffix(p.Ecosystem, ":LTS"), ":")
	if base != own || release != "" && release != in {
		return false // another ecosystem, or another release of it
	}
	name, other := osv.CanonicalName(p.Ecosystem, p.Name), osv.CanonicalName(named.Ecosystem, named.Name)
	// Package URLs fold the names of Go's modules.
	if name != other && !(base == "Go" && strings.EqualFold(name, other)) {
		return false
	}
	return named.Version == "" && !exact || named.Version != "" && named.Version == strings.TrimPrefix(p.Version, goPrefix(named.Ecosystem))
}

// goPrefix is what versions of an ecosystem may have in front.
func goPrefix(ecosystem string) string {
	if ecosystem == "Go" {
		return "v"
	}
	return ""
}
