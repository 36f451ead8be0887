package osv

import (
	"regexp"
	"strconv"
	"strings"
)

// A release of an ecosystem follows its name after a colon: Debian:12, Alpine:v3.19. An entry of a
// record without one speaks of all releases; a package without one is of a release that nobody knows.

// kinship is how the ecosystem that a record names relates to a package's.
type kinship int

const (
	stranger  kinship = iota // another ecosystem, or another release of it
	perhaps                  // the record names a release, and the package's is not known
	stepchild                // the same release with a subscription, which counts where nothing else does
	itself                   // the package's own
)

// places are ecosystems where something else follows the colon: where a package is published. A
// package that comes from the default place is written without it, and so is one from a mirror.
var places = map[string]bool{"Maven": true, "Hex": true, "VSCode": true}

// relate compares the ecosystem of a record's entry with a package's.
func relate(entry, pkg string) kinship {
	base, wanted, _ := strings.Cut(entry, ":")
	other, installed, _ := strings.Cut(pkg, ":")
	switch {
	case base != other:
		return stranger
	case wanted == "" || places[base]:
		return itself
	case installed == "":
		return perhaps
	case base == "Ubuntu":
		return relateUbuntu(wanted, installed)
	case release(base, wanted) == release(base, installed):
		return itself
	}
	return stranger
}

// relateUbuntu knows Ubuntu Pro. A machine with Pro has packages of the plain release too. For one
// without, a record may name the fix of Pro alone, after the end of the release's free support: its
// packages are affected all the same, and nobody will say so elsewhere. Other editions, as of FIPS,
// are built from other sources.
func relateUbuntu(wanted, installed string) kinship {
	wanted, installed = strings.TrimSuffix(wanted, ":LTS"), strings.TrimSuffix(installed, ":LTS")
	plain := installed[strings.LastIndex(installed, ":")+1:]
	switch {
	case wanted == installed, wanted == plain:
		return itself
	case wanted == "Pro:"+installed:
		return stepchild
	}
	return stranger
}

// release is what makes two names of a release comparable.
func release(base, name string) string {
	name = strings.ToLower(strings.TrimSpace(name))
	switch base {
	case "Alpine":
		return numbers(strings.TrimPrefix(name, "v"), 2)
	case "Debian", "AlmaLinux", "Rocky Linux", "Mageia", "Azure Linux":
		return numbers(name, 1)
	case "Red Hat":
		return redHat(name)
	case "SUSE":
		return suse(name)
	case "openSUSE":
		return strings.TrimPrefix(name, "leap ")
	}
	return name
}

// numbers are the first n parts of a version: updates within a release are no release.
func numbers(version string, n int) string {
	parts := strings.SplitN(version, ".", n+1)
	if len(parts) > n {
		parts = parts[:n]
	}
	return strings.Join(parts, ".")
}

// redHat reads the end of a CPE: enterprise_linux:9::baseos. The repository after the two colons
// is not known of a package, and the minor version of the main product is an update.
func redHat(cpe string) string {
	product, _, _ := strings.Cut(cpe, "::")
	if version, ok := strings.CutPrefix(product, "enterprise_linux:"); ok {
		return "enterprise_linux:" + numbers(version, 1)
	}
	return product
}

var servicePack = regexp.MustCompile(`(?:^|\s)(1[1-9])(?:(?:\s+|-)sp|\.)?(\d*)(?:[-\s].*)?$`)

// suse reads the name of a product. The modules of Linux Enterprise are what its packages come
// from, so their service pack counts; Micro, Manager and others count their own versions.
func suse(product string) string {
	at := servicePack.FindStringSubmatch(product)
	if at == nil {
		return product
	}
	pack, _ := strconv.Atoi(at[2]) // none is 0
	return at[1] + "." + strconv.Itoa(pack)
}
