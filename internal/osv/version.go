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

// ordered tells whether a version can be put in order with others of its ecosystem.
func ordered(ecosystem, version string) bool {
	ecosystem = BaseEcosystem(ecosystem)
	if ecosystem == "Maven" {
		return plain.MatchString(version) && !slices.Contains([]string{"LATEST", "RELEASE"}, version)
	}
	if !numbered.MatchString(version) {
		return false
	}
	_, err := semantic.Parse(version, ecosystem)
	return err == nil
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
		if !ordered(ecosystem, version) {
			return 0, fmt.Errorf("the version %q cannot be compared", version)
		}
	}
	parsed, err := semantic.Parse(a, BaseEcosystem(ecosystem))
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
