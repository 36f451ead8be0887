package versionbump

import (
	"maps"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/glob"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/semver"
)

// inputs are the wishes of the caller, with what the policy adds to them.
type inputs struct {
	line    line
	bump    string // auto, none, prerelease, or the name of a level
	channel string
	initial *semver.Version
	strict  bool // a commit without a type is an error
	branch  policy.Branch
	types   policy.Versioning
	ref     string // short name of the branch or tag, for the reason of a release type
	// repository is owner/name, "" where it is not known.
	repository string
	// span is the versions of a maintenance branch; nil where it has no branch to tell them. Fixed says
	// that the policy names them for this branch, so that they hold for components too.
	span  *semver.Span
	fixed bool
}

// maintains tells whether the branch keeps an older line of versions alive.
func (i inputs) maintains() bool { return i.branch.Maintenance || i.span != nil }

// line is a sequence of versions: the repository's own, or a component's.
type line struct {
	component string
	prefix    string
	paths     []string
	dependsOn []string // names of components
	others    []string // tag prefixes of the components
}

// within says where commits were looked for, where that is not everywhere.
func (l line) within() string {
	if len(l.paths) == 0 {
		return ""
	}
	return " in " + strings.Join(l.paths, ", ")
}

// readInputs reads the inputs for the repository's own line, or a component's, and the lines of all
// components. Ref is the short name of the branch or tag that is released.
func readInputs(in *action.Inputs, p policy.Versioning, ref string) (inputs, []line, error) {
	i := inputs{
		line:    line{component: in.Text("component"), prefix: in.Text("tag-prefix"), paths: in.Paths("paths")},
		bump:    in.OneOf("bump", "auto", "major", "minor", "patch", "prerelease", "none"),
		channel: in.Text("channel"),
		strict:  in.Bool("strict"),
		types:   p, ref: ref,
	}
	i.types.Types = map[string]policy.Level{}
	for name, level := range p.Types { // as a commit's type, in any case
		i.types.Types[strings.ToLower(name)] = level
	}
	initial := in.OrDefault("initial-version")
	version, err := semver.Parse(initial)
	if err != nil {
		in.Refuse("initial-version", initial, "allowed: a semantic version such as 0.1.0")
	}
	i.initial = version
	i.branch = branch(p.Branches, ref)
	i.span, i.fixed = span(p.Branches, i.branch, ref)
	if i.channel == "" {
		i.channel = i.branch.Channel
	} else if err := semver.CheckChannel(i.channel); err != nil {
		in.Refuse("channel", i.channel, err.Error())
	}
	if i.bump == "prerelease" && i.channel == "" {
		in.Refuse("bump", i.bump, "it needs the input channel, such as rc, or a channel for this branch in the policy's versioning.branches")
	}
	var components []line
	for _, name := range slices.Sorted(maps.Keys(p.Components)) {
		components = append(components, componentLine(name, p.Components[name]))
	}
	if name := i.line.component; name != "" {
		c, ok := p.Components[name]
		if !ok {
			in.Refuse("component", name, "the policy's versioning.components has: "+listOrNothing(slices.Sorted(maps.Keys(p.Components))))
		}
		i.line = componentLine(name, c)
	}
	if err := semver.CheckPrefix(i.line.prefix); err != nil {
		in.Refuse("tag-prefix", i.line.prefix, err.Error())
	}
	return i, components, in.Err()
}

// branch is what the policy says of a branch; its own name goes before a pattern.
func branch(branches map[string]policy.Branch, ref string) policy.Branch {
	if b, ok := branches[ref]; ok {
		return b
	}
	for _, pattern := range slices.Sorted(maps.Keys(branches)) {
		if glob.Match(pattern, ref) {
			return branches[pattern]
		}
	}
	return policy.Branch{}
}

// span is the range of versions of a maintenance branch, by the policy or by its name. A name that ends
// in .x tells without a policy, unless that has something else to say of the branch.
func span(branches map[string]policy.Branch, b policy.Branch, ref string) (s *semver.Span, fixed bool) {
	if fixed, err := semver.ParseSpan(b.Range); err == nil {
		return &fixed, true
	}
	named, open, ok := semver.BranchSpan(ref)
	_, listed := branches[ref]
	if ok && (b.Maintenance || open && b.Channel == "" && !listed) {
		return &named, false
	}
	return nil, false
}

func componentLine(name string, c policy.Component) line {
	return line{component: name, prefix: c.Prefix(name), paths: c.Paths, dependsOn: c.DependsOn}
}

func listOrNothing(names []string) string {
	if len(names) == 0 {
		return "nothing"
	}
	return strings.Join(names, ", ")
}
