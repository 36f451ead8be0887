package sbom

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/package-url/packageurl-go"

	"github.com/slipway-actions/slipway/internal/osv"
)

// kinds are the types of package URLs that have an ecosystem in OSV, apart from those of
// distributions (https://github.com/package-url/purl-spec, https://ossf.github.io/osv-schema/).
var kinds = []struct {
	kind, ecosystem string
	join            string // between namespace and name; "" where there is no namespace
}{
	{"golang", "Go", "/"},
	{"npm", "npm", "/"},
	{"pypi", "PyPI", ""},
	{"cargo", "crates.io", ""},
	{"maven", "Maven", ":"},
	{"gem", "RubyGems", ""},
	{"composer", "Packagist", "/"},
	{"nuget", "NuGet", ""},
	{"hex", "Hex", ""},
	{"pub", "Pub", ""},
	{"conan", "ConanCenter", ""},
	{"cran", "CRAN", ""},
	{"bioconductor", "Bioconductor", ""},
	{"hackage", "Hackage", ""},
	{"swift", "SwiftURL", "/"},
	{"bitnami", "Bitnami", ""},
	{"github", "GitHub Actions", "/"},
	{"githubactions", "GitHub Actions", "/"},
}

// PURL is a package's URL; "" where its ecosystem has none. Upper case stays as it is in names of
// Go modules, which are not the same in lower case.
func PURL(p osv.Package) string {
	if p.Name == "" {
		return ""
	}
	if text, ok := distributionPURL(p); ok {
		return text
	}
	for _, k := range kinds {
		if k.ecosystem != osv.BaseEcosystem(p.Ecosystem) {
			continue
		}
		namespace, name := "", p.Name
		if at := strings.LastIndex(p.Name, k.join); k.join != "" && at >= 0 {
			namespace, name = p.Name[:at], p.Name[at+1:]
		}
		version := p.Version
		if k.kind == "golang" && name != "stdlib" && startsWithDigit(version) {
			version = "v" + version
		}
		if k.kind == "pypi" {
			name = osv.CanonicalName(p.Ecosystem, name)
		}
		text := packageurl.NewPackageURL(k.kind, namespace, name, version, nil, "").ToString()
		if back, ok := FromPURL(text); !ok || back.Name != osv.CanonicalName(p.Ecosystem, p.Name) && back.Name != p.Name {
			return "" // a name that such a URL cannot hold
		}
		return text
	}
	return ""
}

// FromPURL is the package that a URL names, without a version where the URL has none. It is false
// where the URL cannot be read or its type has no ecosystem in OSV.
func FromPURL(text string) (osv.Package, bool) {
	p, _, ok := fromPURL(text, "")
	return p, ok && p.Ecosystem != ""
}

// fromPURL also tells the type of a URL that can be read but has no ecosystem. named is how the
// document calls the component: package URLs fold the case of Go modules, and some authors split
// them, but a module has one true name.
func fromPURL(text, named string) (p osv.Package, kind string, ok bool) {
	if len(text) > textLimit {
		return osv.Package{}, "", false
	}
	u, err := packageurl.FromString(text)
	if err != nil {
		return osv.Package{}, "", false
	}
	if u.Type == "golang" || strings.HasPrefix(u.Type, "github") {
		// The library lowers these, and advisories tell upper from lower case.
		if exact, err := packageurl.FromString("pkg:generic" + text[strings.IndexByte(text, '/'):]); err == nil && strings.EqualFold(exact.Name, u.Name) && strings.EqualFold(exact.Namespace, u.Namespace) {
			u.Namespace, u.Name = exact.Namespace, exact.Name
		}
	}
	p = distribution(u)
	for _, k := range kinds {
		if k.kind != u.Type {
			continue
		}
		p = osv.Package{Ecosystem: k.ecosystem, Name: u.Name, Version: u.Version}
		switch {
		case u.Namespace == "" || u.Type == "conan": // there it is the user that made the recipe
		case k.join == "":
			return osv.Package{}, "", false
		case u.Type == "npm":
			p.Name = "@" + strings.TrimPrefix(u.Namespace, "@") + "/" + u.Name
		default:
			p.Name = u.Namespace + k.join + u.Name
		}
		if u.Type == "golang" {
			p.Name, p.Version = module(p.Name, u.Subpath, named), goVersion(u.Version)
		}
	}
	if !printable(p.Name) || !printable(p.Version) {
		return osv.Package{}, "", false
	}
	return p, u.Type, true
}

var major = regexp.MustCompile(`^(.*/)?v[0-9]+$`)

// module is the path of a Go module. A subpath is a folder within the module; but some authors cut
// a module's path after three segments, so that the rest of it is there. The component's name or a
// major version at its end shows that.
func module(path, subpath, named string) string {
	if path == "std" {
		return "stdlib" // as the advisories call it
	}
	whole := path
	if subpath != "" {
		whole += "/" + subpath
	}
	switch {
	case strings.EqualFold(named, path), strings.EqualFold(named, whole):
		return named
	case subpath != "" && major.MatchString(subpath):
		return whole
	}
	return path
}

// goVersion is a version as the house has it: without v, and without the go of a toolchain.
func goVersion(version string) string {
	for _, prefix := range []string{"v", "go"} {
		if rest, ok := strings.CutPrefix(version, prefix); ok && startsWithDigit(rest) {
			return rest
		}
	}
	return version
}

func startsWithDigit(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }

func printable(s string) bool {
	return len(s) <= textLimit && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) || r == unicode.ReplacementChar })
}
