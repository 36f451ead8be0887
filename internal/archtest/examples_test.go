package archtest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// A README shows at least one workflow to copy as a whole: it checks the repository out, uses the action, and
// its job has the permissions that the inputs there ask for.
func TestExamplesAreWhole(t *testing.T) {
	for _, a := range documented {
		if a.Name == "preflight" {
			continue
		}
		path := "actions/" + a.Name + "/README.md"
		whole := 0
		for _, block := range workflows(t, path) {
			w, ok := wholeWorkflow(block)
			if !ok {
				continue
			}
			for name, job := range w.Jobs {
				granted := job.Permissions
				if granted == nil {
					granted = w.Permissions
				}
				out := false
				for _, s := range job.Steps {
					out = out || strings.HasPrefix(s.Uses, "actions/checkout@")
					m := ours.FindStringSubmatch(s.Uses)
					if m == nil || m[1]+m[2] != a.Name {
						continue
					}
					if whole++; !out {
						t.Errorf("%s: the job %s uses %s before it checks the repository out", path, name, a.Name)
					}
					for _, p := range a.Reference.Least(askedBy(s.With)...) {
						if has := granted[p.Scope]; has != "write" && has != p.Access {
							t.Errorf("%s: the job %s lacks %s", path, name, p)
						}
					}
				}
			}
		}
		if whole == 0 {
			t.Errorf("%s has no workflow to copy as a whole", path)
		}
	}
}

// askedBy are the inputs that a step sets to something, and what is there whether or not any is set.
func askedBy(with map[string]any) []string {
	keys := []string{"contributors by login", "a gate without criteria", "its own job has a check on the commit"}
	for name, value := range with {
		if text := fmt.Sprint(value); !slices.Contains([]string{"", "false", "none"}, text) {
			keys = append(keys, name, name+"="+text)
		}
	}
	return keys
}

type workflow struct {
	On          any               `yaml:"on"`
	Permissions map[string]string `yaml:"permissions"`
	Jobs        map[string]struct {
		Permissions map[string]string `yaml:"permissions"`
		Steps       []step            `yaml:"steps"`
	} `yaml:"jobs"`
}

// wholeWorkflow reads a block that GitHub could run; ok is false for a part of one.
func wholeWorkflow(block string) (w workflow, ok bool) {
	err := yaml.Unmarshal([]byte(block), &w)
	return w, err == nil && w.On != nil && len(w.Jobs) > 0
}
