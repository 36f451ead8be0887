package gonogo

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/gitrepo"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/runner"
)

// inputs are the wishes of the caller and the rules of the policy.
type inputs struct {
	environment string
	repository  string // owner/name; "" on a laptop without a remote
	sha         string // full id of the commit that is judged
	merge       string // the merge commit that a pull request's jobs check out, "" for other events
	evidence    string // as given
	wait        time.Duration
	replay      time.Time // stands for the clock; zero is the clock itself
	gate        policy.Gate
}

// longestWait is how long a job on GitHub's machines may take.
const longestWait = 6 * time.Hour

func readInputs(in *action.Inputs, facts runner.Facts, checkedOut string, gate *policy.Gate) (inputs, error) {
	i := inputs{
		environment: in.Text("environment"),
		repository:  facts.Repository,
		sha:         strings.ToLower(in.Text("sha")),
		evidence:    in.Text("evidence"),
		wait:        in.Duration("wait", 0, longestWait),
		replay:      in.Time("now"),
	}
	if gate != nil {
		i.gate = *gate
	}
	if len(i.gate.Criteria) == 0 {
		i.gate.Criteria = []policy.Criterion{{ID: "checks", Checks: &policy.Checks{}}}
	}
	if i.environment == "" {
		i.environment = "production"
	}
	if _, ok := i.gate.Environments[i.environment]; !ok && len(i.gate.Environments) > 0 {
		in.Refuse("environment", i.environment, "allowed by the policy's gate.environments: "+strings.Join(slices.Sorted(maps.Keys(i.gate.Environments)), ", "))
	}
	if i.sha != "" && !gitrepo.IsCommitID(i.sha) {
		in.Refuse("sha", i.sha, "allowed: a commit id with all its 40 or 64 hexadecimal digits, for a shortened one can come to mean another commit")
	}
	if i.sha == "" {
		i.sha = strings.ToLower(facts.HeadSHA)
	}
	if i.sha == "" {
		i.sha = strings.ToLower(checkedOut)
	}
	// Steps of a pull request's jobs see a merge commit that stands for its newest commit.
	if strings.HasPrefix(facts.EventName, "pull_request") && facts.EventName != "pull_request_target" && i.sha == strings.ToLower(facts.HeadSHA) {
		i.merge = strings.ToLower(facts.SHA)
	}
	if err := in.Err(); err != nil {
		return inputs{}, err
	}
	if !gitrepo.IsCommitID(i.sha) {
		return inputs{}, action.Undecided("Check the repository out before this step, or set the input sha.", "the commit to judge is not known: there is no repository here and no event that names one")
	}
	return i, nil
}

// asksForChecks tells whether any criterion is about checks, so whether the API is needed.
func (i inputs) asksForChecks() bool {
	return slices.ContainsFunc(i.gate.Criteria, func(c policy.Criterion) bool { return c.Checks != nil })
}
