package policy

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// Checks are check runs and commit statuses that must have succeeded, and what counts as which of the
// conclusions that are neither success nor failure.
type Checks struct {
	Require        []RequiredCheck `yaml:"require"`         // empty is all that exist, and at least one
	Skipped        Passing         `yaml:"skipped"`         // default pass
	Neutral        Passing         `yaml:"neutral"`         // default pass
	Cancelled      Failing         `yaml:"cancelled"`       // default fail
	TimedOut       Failing         `yaml:"timed-out"`       // default fail
	ActionRequired Failing         `yaml:"action-required"` // default fail
	Stale          Failing         `yaml:"stale"`           // default unknown
	Pending        Failing         `yaml:"pending"`         // default unknown; waited for either way
	PublishedBy    string          `yaml:"published-by"`    // app that this action's own check runs come from; default github-actions
}

// RequiredCheck is a check by its name or a glob, and where that is not enough by who reports it.
type RequiredCheck struct {
	Name     string `yaml:"name"`
	App      string `yaml:"app"`      // short name, such as github-actions; "" is any, and commit statuses too
	Workflow string `yaml:"workflow"` // name or file, such as .github/workflows/ci.yml; "" is any
}

// String is the check as a person would name it.
func (r RequiredCheck) String() string {
	var from []string
	if r.Workflow != "" {
		from = append(from, "workflow "+r.Workflow)
	}
	if r.App != "" {
		from = append(from, "app "+r.App)
	}
	if from == nil {
		return r.Name
	}
	return r.Name + " of " + strings.Join(from, ", ")
}

// UnmarshalYAML reads a name or glob, or a mapping with name, app and workflow.
func (r *RequiredCheck) UnmarshalYAML(node ast.Node) error {
	mapping, ok := node.(*ast.MappingNode)
	if !ok {
		s, err := scalar(node)
		r.Name = s
		return err
	}
	for _, entry := range mapping.Values {
		s, err := scalar(entry.Value)
		if err != nil {
			return err
		}
		switch key := entry.Key.String(); key {
		case "name":
			r.Name = s
		case "app":
			r.App = s
		case "workflow":
			r.Workflow = s
		default:
			return refuse(entry.Key, "unknown field %q; allowed: name, app, workflow", key)
		}
		if strings.TrimSpace(s) == "" {
			return refuse(entry.Value, "a value is missing here")
		}
	}
	if r.Name == "" {
		return refuse(node, "name is missing")
	}
	return nil
}

// ByWorkflow tells whether any check is required of a certain workflow.
func (c Checks) ByWorkflow() bool {
	for _, r := range c.Require {
		if r.Workflow != "" {
			return true
		}
	}
	return false
}

// Publisher is the app that this action's own check runs come from.
func (c Checks) Publisher() string { return cmp.Or(c.PublishedBy, "github-actions") }

func (c *Checks) validate(at string) *misfit {
	for i, r := range c.Require {
		at := fmt.Sprintf("%s.require[%d]", at, i)
		switch {
		case strings.TrimSpace(r.Name) == "":
			return misfitf(at, "the name is empty")
		case r.App != "" && !appSlug.MatchString(r.App):
			return misfitf(at+".app", "%q is no app's short name such as github-actions, as its page https://github.com/apps/… has it", r.App)
		case r.App != "" && r.App != "github-actions" && r.Workflow != "":
			return misfitf(at+".app", "%q runs no workflows; leave app out, or workflow", r.App)
		case looksLikeFile.MatchString(r.Workflow) && !workflowFile.MatchString(r.Workflow):
			return misfitf(at+".workflow", "%q is no file of a workflow; allowed: one from the top such as .github/workflows/ci.yml, or the workflow's name", r.Workflow)
		}
	}
	if c.PublishedBy != "" && !appSlug.MatchString(c.PublishedBy) {
		return misfitf(at+".published-by", "%q is no app's short name such as github-actions", c.PublishedBy)
	}
	return nil
}

var (
	appSlug       = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	looksLikeFile = regexp.MustCompile(`^\./|^\.github/|\.ya?ml$`)
	workflowFile  = regexp.MustCompile(`^\.github/workflows/[^/]+\.ya?ml$`)
)
