package osv

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/google/osv-scalibr/semantic"
)

// numbered is what a version looks like: a digit first, behind a v at most, and nothing that
// makes it a range or a wish. The comparing package takes other text for version nothing, which
// would lie before every fix or after it.
var numbered = regexp.MustCompile(`^[vV=]?\d[^\s|*<>,^~${}]*$`)

// plain is the same for Maven, whose order is defined for any text.
var plain = regexp.MustCompile(`^\w[^\s|*<>,^~${}()\[\]]*$`)

// The versions of distributions, which have signs of their own. Text that does not fit is put in
// order by the comparing package as well, somehow.
var (
	// https://www.debian.org/doc/debian-policy/ch-controlfields.html#version
	debVersion = regexp.MustCompile(`^(?:\d+:)?\d[A-Za-z0-9.+~:-]*$`)
	// https://rpm.org/docs/latest/man/rpm-version.7
	rpmVersion = regexp.MustCompile(`^(?:\d+:)?[A-Za-z0-9][A-Za-z0-9._+~^]*(?:-[A-Za-z0-9._+~^]+)?$`)
	// https://gitlab.alpinelinux.org/alpine/apk-tools/-/blob/master/doc/apk-package.5.scd
	apkVersion = regexp.MustCompile(`^\d+(?:\.\d+)*[a-z]?(?:_(?:alpha|beta|pre|rc|cvs|svn|git|hg|p)\d*)*(?:~[0-9a-f]+)?(?:-r\d+)?$`)
)

// spellings are the versions of ecosystems that are distributions.
var spellings = map[string]*regexp.Regexp{
	"Debian": debVersion, "Ubuntu": debVersion,
	"Alpine": apkVersion, "Wolfi": apkVersion, "Chainguard": apkVersion, "Alpaquita": apkVersion, "MinimOS": apkVersion, "BellSoft Hardened Containers": apkVersion,
	"Red Hat": rpmVersion, "Rocky Linux": rpmVersion, "AlmaLinux": rpmVersion, "SUSE": rpmVersion, "openSUSE": rpmVersion, "openEuler": rpmVersion, "Mageia": rpmVersion, "Azure Linux": rpmVersion,
}

// orderOf is the ecosystem whose order counts: the comparing package does not know all by name.
func orderOf(ecosystem string) string {
	switch base := BaseEcosystem(ecosystem); base {
	case "Azure Linux":
		return "Red Hat"
	default:
		return base
	}
}

// ordered tells whether a version can be put in order with others of its ecosystem.
func ordered(ecosystem, version string) bool {
	if !spelled(ecosystem, version) {
		return false
	}
	_, err := semantic.Parse(version, orderOf(ecosystem))
	return err == nil
}

// spelled tells whether a version looks like one of its ecosystem.
func spelled(ecosystem, version string) bool {
	base := BaseEcosystem(ecosystem)
	if base == "Maven" {
		return plain.MatchString(version) && !slices.Contains([]string{"LATEST", "RELEASE"}, version)
	}
	spelling, ok := spellings[base]
	if !ok {
		spelling = numbered
	}
	return spelling.MatchString(version)
}

// compare puts two versions in order by the ecosystem's own rules: -1, 0 or 1. The bounds "0" and
// "*" are below and above all others.
func compare(ecosystem, a, b string) (int, error) {
	switch {
	case a == b:
		return 0, nil
	case a == "0" || b == "*":
		return -1, nil
	case b == "0" || a == "*":
		return 1, nil
	}
	for _, version := range []string{a, b} {
		if !spelled(ecosystem, version) {
			return 0, fmt.Errorf("the version %q cannot be compared", version)
		}
	}
	parsed, err := semantic.Parse(a, orderOf(ecosystem))
	if err != nil {
		return 0, fmt.Errorf("the version %q cannot be compared: %w", a, err)
	}
	order, err := parsed.CompareStr(b)
	if err != nil {
		return 0, fmt.Errorf("the version %q cannot be compared: %w", b, err)
	}
	return order, nil
}

// Order sorts versions of an ecosystem, lowest first. Those that cannot be compared go by their
// letters, so that the order is the same every time.
func Order(ecosystem, a, b string) int {
	order, err := compare(ecosystem, a, b)
	if err != nil {
		return strings.Compare(a, b)
	}
	return order
}

// apart tells without parsing that two versions differ: lists of versions are long, and nearly all of
// them are numbers and dots. False says nothing.
func apart(a, b string) bool {
	a, aPlain := digits(a)
	b, bPlain := digits(b)
	return aPlain && bPlain && a != b
}

// digits is a version of numbers and dots alone without what no ecosystem tells apart: zeros in front
// of a number, and numbers at the end that are zero.
func digits(version string) (short string, plain bool) {
	if strings.Trim(version, "0123456789.") != "" {
		return "", false
	}
	for strings.HasSuffix(version, ".0") {
		version = strings.TrimSuffix(version, ".0")
	}
	if !strings.Contains(version, ".0") && !strings.HasPrefix(version, "0") {
		return version, true
	}
	parts := strings.Split(version, ".")
	for i, part := range parts {
		parts[i] = strings.TrimLeft(part, "0")
	}
	return strings.TrimRight(strings.Join(parts, "."), "."), true
}
