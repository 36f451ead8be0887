package policy

import (
	"regexp"
	"strings"

	"github.com/slipway-actions/slipway/internal/semver"
)

// Upstream is a repository whose release must be there first.
type Upstream struct {
	Repository  string `yaml:"repository"`
	AtLeast     string `yaml:"at-least"`
	Environment string `yaml:"environment"` // where it must be deployed; empty is that it must be released
	TagPrefix   string `yaml:"tag-prefix"`  // of its tags; empty is v or nothing
}

func (u *Upstream) validate(at string) *misfit {
	if !repositoryName.MatchString(u.Repository) {
		return misfitf(at+".repository", "%q is no repository such as acme/warehouse", u.Repository)
	}
	if err := semver.CheckPrefix(u.TagPrefix); err != nil {
		return misfitf(at+".tag-prefix", "%v", err)
	}
	if u.AtLeast == "" {
		return misfitf(at, "at-least is missing")
	}
	if _, ok := u.Version(u.AtLeast); !ok {
		return misfitf(at+".at-least", "%q is no version; use three numbers, such as %s2.4.0", u.AtLeast, u.prefix())
	}
	return nil
}

// Version reads a tag, or a version alone, as one of that repository's versions.
func (u Upstream) Version(tag string) (*semver.Version, bool) {
	if u.TagPrefix != "" {
		return semver.ParseTag(tag, u.TagPrefix)
	}
	return semver.ParseTag(strings.TrimPrefix(tag, "v"), "")
}

// Least is the version that must be there, nil in a policy that was not validated.
func (u Upstream) Least() *semver.Version {
	v, _ := u.Version(u.AtLeast)
	return v
}

func (u Upstream) prefix() string {
	if u.TagPrefix == "" {
		return "v"
	}
	return u.TagPrefix
}

var repositoryName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-_]*/[A-Za-z0-9._-]*[A-Za-z0-9_-][A-Za-z0-9._-]*$`)
