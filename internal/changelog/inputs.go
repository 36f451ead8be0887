package changelog

import (
	"strings"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/semver"
)

// inputs are the wishes of the caller.
type inputs struct {
	version  *semver.Version // nil: take it from the tag on the commit
	prefix   string
	from, to string // revisions; from may be empty
	file     string // relative to the workspace; empty writes none
	full     bool
	paths    []string
	sections []policy.Section
}

func readInputs(in *action.Inputs, w *action.World) (inputs, error) {
	i := inputs{
		prefix: in.Text("tag-prefix"), from: in.Text("from"), to: in.OrDefault("to"),
		full: in.Bool("full"), paths: in.Paths("paths"), sections: w.Policy.Changelog.Sections,
	}
	if text := in.Text("version"); text != "" {
		version, err := semver.Parse(strings.TrimPrefix(text, i.prefix)) // a tag is taken as well
		if err != nil {
			in.Refuse("version", text, "allowed: a semantic version such as 1.4.0, or a tag with the prefix "+i.prefix)
		}
		i.version = version
	}
	if err := semver.CheckPrefix(i.prefix); err != nil {
		in.Refuse("tag-prefix", i.prefix, err.Error())
	}
	if file := in.Text("file"); file != "" {
		path, err := w.InDir(file)
		if err != nil {
			in.Refuse("file", file, "allowed: a path inside the workspace")
		}
		i.file = path
	}
	return i, in.Err()
}
