package policy

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/slipway-actions/slipway/internal/glob"
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
	// Labels are those of pull requests that say what their commits ask for, before what their messages say.
	Labels map[string]Level `yaml:"labels"`
	// IgnoreTags are tags, or globs of them, that carry no version though they look like one.
	IgnoreTags []string `yaml:"ignore-tags"`
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
	Range       string `yaml:"range"` // of a maintenance branch, such as 1.x or 1.4.x; default: by the branch's name, else its base's major version
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

// Prefix is what stands before the version in the component's tags; its name and /v where none is set.
func (c Component) Prefix(name string) string {
	if c.TagPrefix == "" {
		return name + "/v"
	}
	return c.TagPrefix
}

// TypeNames are the commit types that the policy lists, in lower case.
func (v Versioning) TypeNames() []string {
	var names []string
	for name := range v.Types {
		names = append(names, strings.ToLower(name))
	}
	slices.Sort(names)
	return names
}

// Ignores tells whether a tag is left out, and by which pattern.
func (v Versioning) Ignores(tag string) (pattern string, ok bool) {
	i := slices.IndexFunc(v.IgnoreTags, func(pattern string) bool { return glob.Match(pattern, tag) })
	if i < 0 {
		return "", false
	}
	return v.IgnoreTags[i], true
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
		if span := v.Branches[name].Range; span != "" {
			at := fmt.Sprintf("versioning.branches.'%s'.range", name)
			if _, err := semver.ParseSpan(span); err != nil {
				return misfitf(at, "%v", err)
			}
			if !v.Branches[name].Maintenance {
				return misfitf(at, "only a maintenance branch has one; add maintenance: true")
			}
		}
		if channel := v.Branches[name].Channel; channel != "" {
			if err := semver.CheckChannel(channel); err != nil {
				return misfitf(fmt.Sprintf("versioning.branches.'%s'.channel", name), "%v", err)
			}
		}
	}
	prefixes := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(v.Components)) {
		at := fmt.Sprintf("versioning.components.'%s'", name)
		if len(v.Components[name].Paths) == 0 {
			return misfitf(at, "paths is missing; name the folders of the component")
		}
		for i, path := range v.Components[name].Paths {
			if err := glob.CheckPath(path); err != nil {
				return misfitf(fmt.Sprintf("%s.paths[%d]", at, i), "%v", err)
			}
		}
		prefix := v.Components[name].Prefix(name)
		if other, taken := prefixes[prefix]; taken {
			return misfitf(at, "its tags begin with %q, as those of %s do; give it a tag-prefix of its own", prefix, other)
		}
		prefixes[prefix] = name
		if err := semver.CheckPrefix(prefix); err != nil {
			return misfitf(at, "tag-prefix: %v", err)
		}
		for i, d := range v.Components[name].DependsOn {
			if _, ok := v.Components[d]; !ok {
				return misfitf(fmt.Sprintf("%s.depends-on[%d]", at, i), "there is no component %q", d)
			}
		}
	}
	return nil
}
