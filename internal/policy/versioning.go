package policy

import (
	"fmt"
	"maps"
	"slices"

	"github.com/goccy/go-yaml/ast"

	"github.com/slipway-actions/slipway/internal/semver"
	"github.com/slipway-actions/slipway/internal/versionfile"
)

// Versioning says which change asks for which version.
type Versioning struct {
	Types      map[string]Level     `yaml:"types"`      // by commit type; a type that is not listed releases nothing
	ZeroMajor  ZeroMajor            `yaml:"zero-major"` // while the version is 0.y.z
	Branches   map[string]Branch    `yaml:"branches"`   // by branch name or glob
	Files      []VersionFile        `yaml:"files"`
	Components map[string]Component `yaml:"components"` // of a monorepo, by name
	// SquashBodies reads the commits that the body of a squash merge lists.
	SquashBodies bool `yaml:"squash-bodies"`
}

// ZeroMajor maps levels while nothing is promised yet.
type ZeroMajor struct {
	Breaking *Level `yaml:"breaking"` // default minor
	Feature  *Level `yaml:"feature"`  // default minor
}

// Branch is what a branch releases.
type Branch struct {
	Channel     string `yaml:"channel"` // "" is stable
	Maintenance bool   `yaml:"maintenance"`
}

// VersionFile is a file that carries the version: a path alone, or a path and a key in it.
type VersionFile struct {
	Path string `yaml:"path"` // from the top of the repository
	Key  string `yaml:"key"`  // as versionfile.ParseKey reads it; "" means the places that such a file has of itself
}

// UnmarshalYAML reads path or path#key, or a mapping with path and key.
func (f *VersionFile) UnmarshalYAML(node ast.Node) error {
	mapping, ok := node.(*ast.MappingNode)
	if !ok {
		s, err := scalar(node)
		if err != nil {
			return err
		}
		target, err := versionfile.ParseTarget(s)
		if err != nil {
			return refuse(node, "%v", err)
		}
		f.Path, f.Key = target.Path, target.Key.String()
		return nil
	}
	for _, entry := range mapping.Values {
		s, err := scalar(entry.Value)
		if err != nil {
			return err
		}
		switch key := entry.Key.String(); key {
		case "path":
			f.Path = s
		case "key":
			if _, err := versionfile.ParseKey(s); err != nil {
				return refuse(entry.Value, "%v", err)
			}
			f.Key = s
		default:
			return refuse(entry.Key, "unknown field %q; allowed: path, key", key)
		}
	}
	if f.Path == "" {
		return refuse(node, "path is missing")
	}
	return nil
}

// Component is a part of a repository with versions of its own.
type Component struct {
	Paths     []string      `yaml:"paths"`
	TagPrefix string        `yaml:"tag-prefix"`
	DependsOn []string      `yaml:"depends-on"` // names of components; a dependant gets at least a patch
	Files     []VersionFile `yaml:"files"`      // that carry the component's version
}

func (v *Versioning) fillDefaults() {
	if v.Types == nil {
		v.Types = map[string]Level{
			"feat": Level(semver.Minor), "fix": Level(semver.Patch), "perf": Level(semver.Patch), "revert": Level(semver.Patch),
		}
	}
	minor := Level(semver.Minor)
	if v.ZeroMajor.Breaking == nil {
		v.ZeroMajor.Breaking = &minor
	}
	if v.ZeroMajor.Feature == nil {
		v.ZeroMajor.Feature = &minor
	}
}

func (v *Versioning) validate() *misfit {
	for _, name := range slices.Sorted(maps.Keys(v.Branches)) {
		if channel := v.Branches[name].Channel; channel != "" {
			if err := semver.CheckChannel(channel); err != nil {
				return misfitf(fmt.Sprintf("versioning.branches.'%s'.channel", name), "%v", err)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(v.Components)) {
		at := fmt.Sprintf("versioning.components.'%s'", name)
		if len(v.Components[name].Paths) == 0 {
			return misfitf(at, "paths is missing; name the folders of the component")
		}
		for i, d := range v.Components[name].DependsOn {
			if _, ok := v.Components[d]; !ok {
				return misfitf(fmt.Sprintf("%s.depends-on[%d]", at, i), "there is no component %q", d)
			}
		}
	}
	return nil
}
