package license

import (
	"fmt"
	"strings"
	"sync"

	"github.com/github/go-spdx/v2/spdxexp/spdxlicenses"
)

// term is one licence. GPL-2.0-or-later and GPL-2.0+ have the base GPL-2.0 and later; GPL-2.0-only
// and the outdated id GPL-2.0 have the same base without it.
type term struct {
	text      string // as it is told
	base      string // SPDX's spelling without -only and -or-later
	later     bool
	outdated  bool   // an id such as GPL-2.0, which says neither -only nor -or-later
	exception string // SPDX's spelling; "" without one
	ref       bool   // a LicenseRef: its text is somewhere else
	problem   string // why it cannot be judged; "" where it can
}

// withException are outdated ids that have an exception within them.
var withException = map[string][2]string{
	"GPL-2.0-with-autoconf-exception":  {"GPL-2.0-only", "Autoconf-exception-2.0"},
	"GPL-2.0-with-bison-exception":     {"GPL-2.0-only", "Bison-exception-2.2"},
	"GPL-2.0-with-classpath-exception": {"GPL-2.0-only", "Classpath-exception-2.0"},
	"GPL-2.0-with-font-exception":      {"GPL-2.0-only", "Font-exception-2.0"},
	"GPL-2.0-with-GCC-exception":       {"GPL-2.0-only", "GCC-exception-2.0"},
	"GPL-3.0-with-autoconf-exception":  {"GPL-3.0-only", "Autoconf-exception-3.0"},
	"GPL-3.0-with-GCC-exception":       {"GPL-3.0-only", "GCC-exception-3.1"},
}

func termOf(id, exception string, later bool) term {
	t := term{later: later}
	switch active, name := spdxlicenses.IsActiveLicense(id); {
	case active:
		t.base = name
	case isRef(id):
		t.base, t.ref = id, true
	default:
		deprecated, name := spdxlicenses.IsDeprecatedLicense(id)
		if !deprecated {
			return term{text: id, problem: fmt.Sprintf("%q is no licence that SPDX knows", shorten(id))}
		}
		if parts, ok := withException[name]; ok && exception == "" {
			return termOf(parts[0], parts[1], later)
		}
		t.base = name
		t.outdated = !later && newer(name+"-only")
	}
	if base, ok := strings.CutSuffix(t.base, "-only"); ok {
		t.base = base
	} else if base, ok := strings.CutSuffix(t.base, "-or-later"); ok {
		t.base, t.later = base, true
	}
	t.text = t.base
	switch {
	case newer(t.base+"-only") && t.later:
		t.text += "-or-later"
	case newer(t.base+"-only") && !t.outdated:
		t.text += "-only"
	case t.later:
		t.text += "+"
	}
	if exception != "" {
		ok, name := spdxlicenses.IsException(exception)
		if !ok {
			return term{text: id, problem: fmt.Sprintf("%q is no exception that SPDX knows", shorten(exception))}
		}
		t.exception = name
		t.text += " WITH " + name
	}
	return t
}

func newer(id string) bool {
	ok, _ := spdxlicenses.IsActiveLicense(id)
	return ok
}

// isRef tells a reference to a licence that a document holds itself, possibly another document.
func isRef(id string) bool {
	if document, rest, ok := strings.Cut(id, ":"); ok && strings.HasPrefix(document, "DocumentRef-") {
		id = rest
	}
	return strings.HasPrefix(id, "LicenseRef-") && len(id) > len("LicenseRef-") && !strings.Contains(id, ":")
}

// place is where a licence stands among the versions of its family.
type place struct{ family, version int }

// places are those of all licences that have versions.
var places = sync.OnceValue(func() map[string]place {
	all := map[string]place{}
	for family, versions := range spdxlicenses.LicenseRanges() {
		for version, ids := range versions {
			for _, id := range ids {
				all[strings.TrimSuffix(id, "-only")] = place{family, version}
			}
		}
	}
	return all
})

// versions are the licences that may be chosen: the base, and each later one where that is granted.
func (t term) versions() []term {
	one := t
	one.later = false
	choices := []term{one}
	at, ok := places()[t.base]
	if !t.later || !ok {
		return choices
	}
	family := spdxlicenses.LicenseRanges()[at.family]
	for _, ids := range family[at.version+1:] {
		one.base = strings.TrimSuffix(ids[0], "-only")
		choices = append(choices, one)
	}
	return choices
}

// covers tells whether a rule names a version of a licence.
func (t term) covers(base string) bool {
	if strings.EqualFold(t.base, base) {
		return true
	}
	from, ok := places()[t.base]
	at, known := places()[base]
	return t.later && ok && known && from.family == at.family && from.version <= at.version
}
