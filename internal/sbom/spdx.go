package sbom

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// SPDX has packages and relationships between elements
// (https://spdx.github.io/spdx-spec/v2.3/). This is a document in the making.
type spdx struct {
	document
	describes []string
}

const spdxDocument = "SPDXRef-DOCUMENT"

func checkSPDX(version string) error {
	if version != "SPDX-2.2" && version != "SPDX-2.3" {
		return fmt.Errorf("its version of SPDX is %q, not SPDX-2.2 or SPDX-2.3", shorten(version))
	}
	return nil
}

// stated takes what was concluded before what was declared.
func (c *component) stated(concluded, declared string) {
	if unstated(concluded) {
		concluded = declared
	}
	if !unstated(concluded) {
		c.licensed("", concluded, "")
	}
}

func unstated(s string) bool { return s == "" || s == "NOASSERTION" || s == "NONE" }

// relationship takes the kinds that say that one element needs another
// (https://spdx.github.io/spdx-spec/v2.3/relationships-between-SPDX-elements/). CONTAINS is none of
// them: scanners let the root contain all they found, and not all of that is direct.
func (x *spdx) relationship(from, kind, to string) error {
	if from == "" || to == "" || kind == "" {
		return errors.New("a relationship lacks one of its parts")
	}
	if len(from)+len(to) > 2*textLimit {
		return errors.New("a relationship has too long a name")
	}
	switch {
	case kind == "DESCRIBES" && from == spdxDocument:
		x.describes = append(x.describes, to)
	case kind == "DESCRIBED_BY" && to == spdxDocument:
		x.describes = append(x.describes, from)
	case slices.Contains([]string{"DEPENDS_ON", "HAS_PREREQUISITE", "DYNAMIC_LINK", "STATIC_LINK"}, kind):
		return x.edge(from, to)
	case slices.Contains([]string{"DEPENDENCY_OF", "PREREQUISITE_FOR", "BUILD_DEPENDENCY_OF", "DEV_DEPENDENCY_OF",
		"OPTIONAL_DEPENDENCY_OF", "PROVIDED_DEPENDENCY_OF", "RUNTIME_DEPENDENCY_OF", "TEST_DEPENDENCY_OF"}, kind):
		return x.edge(to, from)
	}
	return nil
}

// finish finds the root. One package that the document describes is what it is about and no part
// of it; several are parts as well, for some authors describe all.
func (x *spdx) finish() (document, error) {
	slices.Sort(x.describes)
	x.roots = slices.Compact(x.describes)
	if len(x.roots) == 1 {
		x.components = slices.DeleteFunc(x.components, func(c component) bool { return c.ref == x.roots[0] })
	}
	return x.document, nil
}

// purpose is a package's primary purpose as the kind of a component.
func purpose(s string) string { return strings.ToLower(strings.ReplaceAll(s, "_", "-")) }
