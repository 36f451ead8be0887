package osv

import (
	"cmp"
	"regexp"
	"strings"
)

// Package is one version of one package.
type Package struct {
	Ecosystem string // as OSV names it: Go, npm, PyPI, crates.io …; a release may follow a colon
	Name      string
	Version   string // "" where the manifest names none
}

func (p Package) String() string {
	if p.Version == "" {
		return p.Name
	}
	return p.Name + " " + p.Version
}

// Compare orders packages by ecosystem, name and version.
func (p Package) Compare(q Package) int {
	return cmp.Or(cmp.Compare(p.Ecosystem, q.Ecosystem), cmp.Compare(p.Name, q.Name), cmp.Compare(p.Version, q.Version))
}

// BaseEcosystem is the ecosystem without its release: Debian for Debian:12.
func BaseEcosystem(ecosystem string) string {
	base, _, _ := strings.Cut(ecosystem, ":")
	return base
}

var separators = regexp.MustCompile(`[-_.]+`)

// CanonicalName is the one spelling of a name where an ecosystem allows several. For PyPI that is
// PEP 503 (https://peps.python.org/pep-0503/); NuGet and Packagist do not tell upper from lower case.
func CanonicalName(ecosystem, name string) string {
	switch BaseEcosystem(ecosystem) {
	case "PyPI":
		return strings.ToLower(separators.ReplaceAllString(name, "-"))
	case "NuGet", "Packagist":
		return strings.ToLower(name)
	}
	return name
}

// relation tells how an affected package of a record relates to this one, whatever the version.
func (p Package) relation(ecosystem, name string) kinship {
	if CanonicalName(p.Ecosystem, p.Name) != CanonicalName(ecosystem, name) {
		return stranger
	}
	return relate(ecosystem, p.Ecosystem)
}
