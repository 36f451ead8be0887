package deployverify

import (
	"fmt"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/probe"
)

// judgeRollout says what is wrong with a Deployment. Complete is what kubectl rollout status calls so, and
// that there is a pod at all: of none nothing is known.
func (s *sight) judgeRollout(c check, a probe.Answer) []string {
	switch {
	case a.Status == 404:
		s.whole = true
		return []string{"there is no Deployment " + c.target}
	case a.Status == 401, a.Status == 403:
		return s.unclear(fmt.Sprintf("the cluster's API does not let us read it (status %d); the account needs the verb get on deployments.apps", a.Status))
	case a.Status != 200 || a.Rollout == nil:
		return s.unclear(fmt.Sprintf("the cluster's API answered with status %d", a.Status))
	}
	s.whole = true
	r := a.Rollout
	var problems []string
	if unfinished := incomplete(*r); unfinished != "" {
		problems = append(problems, unfinished)
	}
	if c.image != nil && !slices.ContainsFunc(r.Images, c.image.fits) {
		problems = append(problems, fmt.Sprintf("its image is %s, wanted one that ends with %s", shown(list(r.Images)), c.image.want))
	}
	return problems
}

// incomplete says what a rollout still lacks, "" where it is complete. The order is that of kubectl: what
// the cluster says about an older wish says nothing about this one.
func incomplete(r probe.Rollout) string {
	switch {
	case r.Observed < r.Generation:
		return "the cluster has not begun to act on the newest Deployment"
	case r.Progressing == "ProgressDeadlineExceeded":
		return "the rollout failed: it exceeded its progress deadline"
	case r.Deleted:
		return "it is being deleted"
	case r.Wanted == 0:
		return "it is scaled to no pod at all"
	case r.Updated < r.Wanted && r.Paused:
		return fmt.Sprintf("%d of %d pods are new, and the rollout is paused", r.Updated, r.Wanted)
	case r.Updated < r.Wanted:
		return fmt.Sprintf("%d of %d pods are new", r.Updated, r.Wanted)
	case r.All > r.Updated:
		return fmt.Sprintf("old pods that still run: %d", r.All-r.Updated)
	case r.Available < r.Updated:
		return fmt.Sprintf("%d of %d new pods are available", r.Available, r.Updated)
	}
	return ""
}

// fits tells whether an image ends as is wanted, where a tag or a name begins: 1.5.0 is no end of 11.5.0.
// A digest that pins the tag does not count, unless it is asked for.
func (r imageRule) fits(image string) bool {
	if tag, _, pinned := strings.Cut(image, "@"); pinned && !strings.Contains(r.want, "@") {
		image = tag
	}
	before, ok := strings.CutSuffix(image, r.want)
	return ok && (before == "" || strings.ContainsAny(r.want[:1], ":@/") || strings.ContainsAny(before[len(before)-1:], ":@/"))
}
