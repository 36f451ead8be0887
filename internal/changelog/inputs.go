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
	template string // relative to the workspace; empty is the form that is built in
	full     bool
	paths    []string
	sections []policy.Section
	view     view
	policy   policy.Versioning
}

func readInputs(in *action.Inputs, w *action.World) (inputs, error) {
	audience := in.OneOf("audience", policy.Audiences...)
	i := inputs{
		prefix: in.Text("tag-prefix"), from: in.Text("from"), to: in.OrDefault("to"),
		full: in.Bool("full"), paths: in.Paths("paths"), sections: w.Policy.Changelog.Sections,
		view: viewFor(audience, w.Policy.Changelog.Audiences[audience]), policy: w.Policy.Versioning,
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
	i.file = inWorkspace(in, w, "file", in.Text("file"))
	i.template = inWorkspace(in, w, "template", in.Text("template"))
	return i, in.Err()
}

// credits tells that contributors are looked for.
func (i inputs) credits() bool { return i.view.credits() }

// inWorkspace is the path of a file that an input names, relative to the workspace.
func inWorkspace(in *action.Inputs, w *action.World, name, file string) string {
	if file == "" {
		return ""
	}
	path, err := w.InDir(file)
	if err != nil {
		in.Refuse(name, file, "allowed: a path inside the workspace")
	}
	return path
}
