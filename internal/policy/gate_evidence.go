package policy

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// Evidence is a result of another action, or any JSON file.
type Evidence struct {
	Action  string            `yaml:"action"`
	File    string            `yaml:"file"`
	MaxAge  Duration          `yaml:"max-age"` // 0 is no limit
	Require map[string]string `yaml:"require"`
	Keys    []string          `yaml:"keys"` // PEM files of Ed25519 public keys beside the policy; one of them must have signed. Empty asks for no signature
}

// keyLimit is the most keys of one criterion.
const keyLimit = 10

func (e *Evidence) validate(at string) *misfit {
	if (e.Action == "") == (e.File == "") {
		return misfitf(at, "set either action or file")
	}
	if len(e.Keys) > keyLimit {
		return misfitf(at+".keys", "%d keys; at most %d are allowed", len(e.Keys), keyLimit)
	}
	for i, key := range e.Keys {
		switch {
		case !within(key):
			return misfitf(fmt.Sprintf("%s.keys[%d]", at, i), "%q; allowed: the path of a public key (PEM) from the top of the repository, such as .github/keys/scanner.pem", key)
		case slices.Contains(e.Keys[:i], key):
			return misfitf(fmt.Sprintf("%s.keys[%d]", at, i), "%q is there twice", key)
		}
	}
	return nil
}

// Document is a file with sections that are not empty.
type Document struct {
	Path     string   `yaml:"path"`
	Sections []string `yaml:"sections"`
	MaxAge   Duration `yaml:"max-age"`
}

func (d *Document) validate(string) *misfit { return nil }

// Issues must not be open.
type Issues struct {
	Labels    []string `yaml:"labels"`
	Milestone string   `yaml:"milestone"`
	Max       int      `yaml:"max"`
}

func (i *Issues) validate(string) *misfit { return nil }

// GateProbe is an endpoint that must answer.
type GateProbe struct {
	URL    string `yaml:"url"`
	Status int    `yaml:"status"`
}

func (p *GateProbe) validate(string) *misfit { return nil }

// Upstream is a repository whose release must be there first.
type Upstream struct {
	Repository string `yaml:"repository"`
	AtLeast    string `yaml:"at-least"`
}

func (u *Upstream) validate(string) *misfit { return nil }

// within tells whether a path stays below the top of the repository, and is plainly written.
func within(name string) bool {
	return name != "" && name == path.Clean(name) && name != "." && name != ".." && !path.IsAbs(name) && !strings.HasPrefix(name, "../") && !strings.ContainsAny(name, "\\\n\x00")
}
