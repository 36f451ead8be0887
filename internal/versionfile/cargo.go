package versionfile

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"

	"github.com/slipway-actions/slipway/internal/report"
)

// Inherited is the error of a Cargo.toml whose version is that of its workspace.
type Inherited struct {
	Root string // folder of the workspace where the manifest names it, relative to the manifest; else ""
}

func (e *Inherited) Error() string {
	return "version.workspace = true takes the version of the workspace, so it is not in this file"
}

// Crate is what a Cargo.toml says of its package.
type Crate struct {
	Name      string   // "" where there is no [package]
	Inherits  bool     // its version is the workspace's
	Shared    bool     // it holds [workspace.package] version
	Workspace bool     // it is the manifest of a workspace
	Members   []string // folders of the workspace, with globs
}

// ReadCrate reads a Cargo.toml.
func ReadCrate(data []byte) (Crate, error) {
	if err := readable(data, treeLimit); err != nil {
		return Crate{}, err
	}
	document, err := decodeTOML(bytes.TrimPrefix(data, byteOrderMark))
	if err != nil {
		return Crate{}, err
	}
	var c Crate
	pack, _ := document["package"].(map[string]any)
	workspace, isWorkspace := document["workspace"].(map[string]any)
	shared, _ := workspace["package"].(map[string]any)
	c.Name, _ = pack["name"].(string)
	c.Inherits, c.Workspace = inherits(pack), isWorkspace
	_, c.Shared = shared["version"].(string)
	members, _ := workspace["members"].([]any)
	for _, m := range members {
		if s, ok := m.(string); ok {
			c.Members = append(c.Members, s)
		}
	}
	return c, nil
}

func inherits(pack map[string]any) bool {
	version, _ := pack["version"].(map[string]any)
	return version["workspace"] == true
}

// findCargo finds [package] version or [workspace.package] version.
func findCargo(body []byte, _ Target) ([]site, error) {
	document, err := decodeTOML(body)
	if err != nil {
		return nil, err
	}
	pack, _ := document["package"].(map[string]any)
	own := names("package", "version")
	if inherits(pack) {
		own = names("package") // no value, for a table stands there
	}
	sites, err := findInTOML(body, true, own, names("workspace", "package", "version"))
	var absent *Absent
	if errors.As(err, &absent) && inherits(pack) {
		root, _ := pack["workspace"].(string)
		return nil, &Inherited{Root: report.Clip(root, 200)}
	}
	if errors.As(err, &absent) {
		return nil, absentf("there is neither [package] version nor [workspace.package] version")
	}
	return agreeing(sites, err)
}

// findCargoLock finds the entries of the target's crates. One with a source is a crate of the same
// name from elsewhere.
func findCargoLock(body []byte, t Target) ([]site, error) {
	if len(t.Crates) == 0 {
		return nil, absentf("the crate of this lock is not known; keep it beside the Cargo.toml that it belongs to")
	}
	if _, err := decodeTOML(body); err != nil {
		return nil, err
	}
	type entry struct {
		name    string
		foreign bool
		version *site
	}
	var (
		entries []entry
		wrong   error
	)
	err := eachTOML(body, func(at Key, n *unstable.Node) {
		if len(at) != 3 || at[0].Name != "package" || at[1].named() {
			return
		}
		for len(entries) <= at[1].Index {
			entries = append(entries, entry{})
		}
		switch e := &entries[at[1].Index]; at[2].Name {
		case "name":
			e.name = string(n.Data)
		case "source":
			e.foreign = true
		case "version":
			s, err := siteOf(body, "", true, n)
			wrong = errors.Join(wrong, err)
			e.version = &s
		}
	})
	if err = errors.Join(err, wrong); err != nil {
		return nil, err
	}
	var (
		sites []site
		found []string
	)
	for _, e := range entries {
		if !e.foreign && e.version != nil && slices.Contains(t.Crates, e.name) {
			e.version.key = "the version of " + clip(e.name)
			sites, found = append(sites, *e.version), append(found, e.name)
		}
	}
	missing := slices.DeleteFunc(slices.Clone(t.Crates), func(c string) bool { return slices.Contains(found, c) })
	if len(missing) > 0 {
		return nil, absentf("there is no [[package]] without a source named %s; run cargo update --workspace and commit the lock", report.Clip(strings.Join(missing, ", "), 200))
	}
	if len(found) > len(t.Crates) {
		return nil, fmt.Errorf("a crate of %s is in it twice", report.Clip(strings.Join(t.Crates, ", "), 200))
	}
	return sites, nil
}
