package policy

import (
	"fmt"
	"strings"
)

// Issues must not be open. What is given narrows; of the labels and of the severities any counts.
type Issues struct {
	Labels     []string   `yaml:"labels"`
	Milestone  string     `yaml:"milestone"` // its title; ${version} is the released version
	Severities []Severity `yaml:"severities"`
	Repository string     `yaml:"repository"` // owner/name; empty is the judged one
	Max        int        `yaml:"max"`
}

// questionLimit is the most labels that one criterion may name; each is a question to the API.
const questionLimit = 20

func (i *Issues) validate(at string) *misfit {
	if len(i.Labels) == 0 && i.Milestone == "" && len(i.Severities) == 0 {
		return misfitf(at, "name at least one of labels, milestone and severities")
	}
	if len(i.Labels) > questionLimit {
		return misfitf(at+".labels", "%d labels; at most %d are asked for", len(i.Labels), questionLimit)
	}
	for n, label := range i.Labels {
		if strings.TrimSpace(label) == "" || strings.ContainsAny(label, ",\n\r\x00") {
			return misfitf(fmt.Sprintf("%s.labels[%d]", at, n), "%q is no label that can be asked for; use its name, without a comma", label)
		}
	}
	if i.Milestone != "" && (strings.TrimSpace(i.Milestone) == "" || strings.Contains(strings.ReplaceAll(i.Milestone, "${version}", ""), "${")) {
		return misfitf(at+".milestone", "%q is no title; use one such as 2.4 or ${version}, the only variable", i.Milestone)
	}
	if i.Repository != "" && !repositoryName.MatchString(i.Repository) {
		return misfitf(at+".repository", "%q is no repository such as acme/warehouse", i.Repository)
	}
	if i.Max < 0 {
		return misfitf(at+".max", "%d is below 0", i.Max)
	}
	return nil
}
