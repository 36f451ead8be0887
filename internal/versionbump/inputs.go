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
	branch  policy.Branch
	types   policy.Versioning
	ref     string // short name of the branch or tag, for the reason of a release type
}

// line is a sequence of versions: the repository's own, or a component's.
type line struct {
	component string
	prefix    string
	paths     []string
}

func readInputs(in *action.Inputs, p policy.Versioning, ref string) (inputs, []line, error) {
	i := inputs{
		line:    line{component: in.Text("component"), prefix: in.Text("tag-prefix"), paths: in.Lines("paths")},
		bump:    in.OneOf("bump", "auto", "major", "minor", "patch", "prerelease", "none"),
		channel: in.Text("channel"),
		types:   p, ref: ref,
	}
	initial := in.Text("initial-version")
	version, err := semver.Parse(initial)
	if err != nil {
		in.Refuse("initial-version", initial, "allowed: a semantic version such as 0.1.0")
	}
	i.initial = version
	for _, pattern := range slices.Sorted(maps.Keys(p.Branches)) {
		if glob.Match(pattern, ref) {
			i.branch = p.Branches[pattern]
			break
		}
	}
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
		i.line, components = componentLine(name, c), nil
	}
	return i, components, in.Err()
}

func componentLine(name string, c policy.Component) line {
	prefix := c.TagPrefix
	if prefix == "" {
		prefix = name + "/v"
	}
	return line{component: name, prefix: prefix, paths: c.Paths}
}

func listOrNothing(names []string) string {
	if len(names) == 0 {
		return "nothing"
	}
	return strings.Join(names, ", ")
}
