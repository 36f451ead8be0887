package gonogo

import (
	"fmt"
	"time"

	"github.com/slipway-actions/slipway/internal/duration"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/semver"
	"github.com/slipway-actions/slipway/internal/verdict"
)

func upstreamQuestion(rule policy.Upstream) releaseQuestion {
	return releaseQuestion{Repository: rule.Repository, AtLeast: rule.AtLeast, Environment: rule.Environment, TagPrefix: rule.TagPrefix}
}

// version is the version of a release; ok is false where it has none, or is a pre-release where the
// rule asks for a final one.
func (r foundRelease) version(rule policy.Upstream) (v *semver.Version, ok bool) {
	v, ok = rule.Version(r.Tag)
	least := rule.Least()
	if !ok || least == nil {
		return nil, false
	}
	final := !r.Prerelease && v.Prerelease() == ""
	return v, final || least.Prerelease() != "" || rule.Environment != "" // what is deployed counts as what it is
}

// reaches tells whether a release is at least the version that a rule asks for.
func (r foundRelease) reaches(rule policy.Upstream) bool {
	v, ok := r.version(rule)
	return ok && !v.LessThan(rule.Least())
}

// judgeRelease wants another repository to have released, or deployed, at least a version.
func judgeRelease(id string, rule policy.Upstream, e evidence) criterion {
	u := e.Releases[id]
	f := result.Finding{ID: id, Outcome: verdict.Undecided, Title: id, Threshold: fmt.Sprintf("a release of %s, at least %s", rule.Repository, rule.AtLeast), Evidence: u.URL}
	if rule.Environment != "" {
		f.Threshold = fmt.Sprintf("%s deployed to %s, at least %s", rule.Repository, shorten(rule.Environment), rule.AtLeast)
	}
	if u.Found != nil && u.Found.URL != "" {
		f.Evidence = u.Found.URL
	}
	j := criterion{id: id}
	late := fmt.Sprintf("Wait for %s %s (the input wait asks again by itself), or release without what needs it.", rule.Repository, rule.AtLeast)
	switch {
	case u.Asked != upstreamQuestion(rule):
		f.Observed, f.Next = "this was not asked for", "Run the gate again with this policy."
	case u.Problem.What != "":
		f.Observed, f.Next = u.Problem.What, u.Problem.Next
		if u.Problem.Passing {
			j.open = []string{id}
		}
	case u.Found != nil && u.Found.reaches(rule):
		f.Outcome, f.Observed = verdict.Passed, u.observed(rule, e)
	case u.Found != nil && !u.Found.versioned(rule):
		f.Observed = fmt.Sprintf("%s stands there, which is no version", shorten(u.Found.Tag))
		f.Next = fmt.Sprintf("Let %s deploy by tag, such as %s, so that its deployments name their version.", rule.Repository, rule.AtLeast)
	case u.Partly:
		f.Observed = fmt.Sprintf("none of the newest %d deployments stands, and older ones were not looked at", u.Seen)
		f.Next = "See why the deployments of " + rule.Repository + " do not succeed."
	default:
		f.Outcome, f.Observed, f.Next = verdict.Failed, u.observed(rule, e), late
		j.open = []string{fmt.Sprintf("%s %s", rule.Repository, rule.AtLeast)}
	}
	j.findings = []result.Finding{f}
	return j
}

func (r foundRelease) versioned(rule policy.Upstream) bool {
	_, ok := rule.Version(r.Tag)
	return ok
}

func (u upstream) observed(rule policy.Upstream, e evidence) string {
	text := ""
	switch deployed := rule.Environment != ""; {
	case u.Found == nil && deployed:
		text = "no deployment stands there"
	case u.Found == nil && u.Seen == 0:
		text = "nothing is released"
	case u.Found == nil:
		text = fmt.Sprintf("none of %d releases has a version that counts", u.Seen)
	case deployed:
		text = shorten(u.Found.Tag) + " was deployed" + ago(u.Found, e)
	default:
		text = shorten(u.Found.Tag) + " is the highest release seen" + ago(u.Found, e)
	}
	if u.Newest != "" {
		text += "; " + u.Newest
	}
	return text
}

func ago(r *foundRelease, e evidence) string {
	if age := e.Now.Sub(r.At); age > 0 && !r.At.IsZero() {
		return ", " + duration.Format(age.Round(time.Second)) + " ago"
	}
	return ""
}
