package sbom

import (
	"cmp"
	"slices"
	"strings"

	"github.com/package-url/packageurl-go"

	"github.com/slipway-actions/slipway/internal/osv"
)

// distributions are those whose advisories OSV holds and whose package URLs tell which they are.
var distributions = []struct{ kind, namespace, ecosystem, prefix string }{
	{"deb", "debian", "Debian", ""},
	{"deb", "ubuntu", "Ubuntu", ""},
	{"apk", "alpine", "Alpine", "v"},
	{"apk", "wolfi", "Wolfi", ""},
	{"apk", "chainguard", "Chainguard", ""},
	{"rpm", "almalinux", "AlmaLinux", ""},
	{"rpm", "rocky", "Rocky Linux", ""},
}

// codenames are releases that some authors call by name.
var codenames = map[string]string{
	"stretch": "9", "buster": "10", "bullseye": "11", "bookworm": "12", "trixie": "13", "forky": "14",
	"trusty": "14.04", "xenial": "16.04", "bionic": "18.04", "focal": "20.04", "jammy": "22.04", "noble": "24.04",
}

// distribution is the package of a distribution, the zero Package where it is none of those known.
// Debian's, Ubuntu's and Alpine's advisories are about source packages, so the name is that of the
// source where the URL tells it.
func distribution(u packageurl.PackageURL) osv.Package {
	for _, d := range distributions {
		if u.Type != d.kind || !strings.EqualFold(u.Namespace, d.namespace) {
			continue
		}
		q := u.Qualifiers.Map()
		p := osv.Package{Ecosystem: d.ecosystem, Name: u.Name, Version: u.Version}
		if epoch := q["epoch"]; epoch != "" && epoch != "0" && p.Version != "" && !strings.Contains(p.Version, ":") {
			p.Version = epoch + ":" + p.Version
		}
		if r := release(d.ecosystem, q["distro"]); r != "" {
			p.Ecosystem += ":" + d.prefix + r
		}
		if d.kind != "rpm" {
			for _, name := range []string{q["upstream"], q["source"], q["origin"]} {
				p = sourceOf(p, name, q["sourceversion"])
			}
		}
		return p
	}
	return osv.Package{}
}

// sourceOf is the package that another was built from. A name may bring its version behind an @.
func sourceOf(p osv.Package, name, version string) osv.Package {
	name, behind, _ := strings.Cut(name, "@")
	if name == "" {
		return p
	}
	p.Name = name
	if version = cmp.Or(behind, version); version != "" && p.Version != "" {
		p.Version = version
	}
	return p
}

// release is the part of an ecosystem's name behind the colon, from a qualifier like debian-12,
// ubuntu-22.04 or alpine-3.18.4; "" where it does not tell.
func release(ecosystem, distro string) string {
	version := strings.ToLower(distro[strings.LastIndexByte(distro, '-')+1:])
	if name, ok := codenames[version]; ok {
		version = name
	}
	version = strings.TrimPrefix(version, "v")
	if !startsWithDigit(version) || !printable(version) || strings.Contains(version, ":") {
		return ""
	}
	parts := strings.Split(version, ".")
	switch ecosystem {
	case "Debian", "AlmaLinux", "Rocky Linux":
		return parts[0]
	case "Alpine":
		if len(parts) < 2 {
			return ""
		}
		return parts[0] + "." + parts[1]
	case "Ubuntu":
		if len(parts) < 2 {
			return ""
		}
		version = parts[0] + "." + parts[1]
		if parts[1] == "04" && strings.ContainsAny(parts[0][len(parts[0])-1:], "02468") {
			version += ":LTS" // each second April
		}
		return version
	}
	return ""
}

// distributionPURL is the URL of a distribution's package; false where it is of no distribution.
func distributionPURL(p osv.Package) (string, bool) {
	base, release, _ := strings.Cut(p.Ecosystem, ":")
	for _, d := range distributions {
		if d.ecosystem != base {
			continue
		}
		var qualifiers packageurl.Qualifiers
		version := p.Version
		if epoch, rest, ok := strings.Cut(version, ":"); ok && d.kind == "rpm" {
			version = rest
			qualifiers = append(qualifiers, packageurl.Qualifier{Key: "epoch", Value: epoch})
		}
		release = strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(release, d.prefix), "Pro:"), ":LTS")
		if release != "" {
			qualifiers = append(qualifiers, packageurl.Qualifier{Key: "distro", Value: d.namespace + "-" + release})
		}
		slices.SortFunc(qualifiers, func(a, b packageurl.Qualifier) int { return strings.Compare(a.Key, b.Key) })
		return packageurl.NewPackageURL(d.kind, d.namespace, p.Name, version, qualifiers, "").ToString(), true
	}
	return "", false
}
