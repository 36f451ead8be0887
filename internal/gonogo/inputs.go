package gonogo

import (
	"cmp"
	"maps"
	"regexp"
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
	Environment string        `json:"environment"`
	Repository  string        `json:"repository,omitempty"` // owner/name; "" on a laptop without a remote
	SHA         string        `json:"sha"`                  // full id of the commit that is judged
	Merge       string        `json:"merge,omitempty"`      // the merge commit that a pull request's jobs check out, "" for other events
	Digest      string        `json:"digest,omitempty"`     // of the image that is to be deployed, such as sha256:…; "" where none was named
	ChangeType  string        `json:"changeType"`           // auto, standard, normal or emergency
	Evidence    string        `json:"-"`                    // as given; what it led to is in the documents
	Wait        time.Duration `json:"-"`
	Replay      time.Time     `json:"-"`                // stands for the clock; zero is the clock itself
	Check       bool          `json:"check,omitempty"`  // publish a check run
	Ticket      string        `json:"ticket"`           // none, create or the number of an issue
	Actor       string        `json:"actor,omitempty"`  // login of who started the run; "" on a laptop
	SigningKey  string        `json:"-"`                // PEM; a secret
	Policy      string        `json:"policy,omitempty"` // the file's text; "" where there was none
	Timezone    string        `json:"-"`                // of the policy
	Service     string        `json:"-"`                // of the policy
	Gate        policy.Gate   `json:"-"`                // of the policy, with the defaults
}

// longestWait is how long a job on GitHub's machines may take.
const longestWait = 6 * time.Hour

func readInputs(in *action.Inputs, facts runner.Facts, checkedOut string, p policy.Policy) (inputs, error) {
	i := inputs{
		Environment: in.Text("environment"),
		Repository:  facts.Repository,
		SHA:         strings.ToLower(in.Text("sha")),
		Digest:      strings.ToLower(in.Text("image-digest")),
		ChangeType:  in.OneOf("change-type", "auto", "standard", "normal", "emergency"),
		Evidence:    in.Text("evidence"),
		Wait:        in.Duration("wait", 0, longestWait),
		Replay:      in.Time("now"),
		Check:       in.Bool("check"),
		Ticket:      in.OrDefault("ticket"),
		SigningKey:  in.Text("signing-key"),
		Actor:       facts.Actor,
	}
	i.govern(p)
	if i.Digest != "" && !digest.MatchString(i.Digest) {
		in.Refuse("image-digest", i.Digest, "allowed: sha256: and 64 hexadecimal digits, such as docker build and push print")
	}
	if i.Ticket != "none" && i.Ticket != "create" && !issueNumber.MatchString(i.Ticket) {
		in.Refuse("ticket", i.Ticket, "allowed: none, create, or the number of an issue")
	}
	if i.Environment == "" {
		i.Environment = "production"
	}
	if _, ok := i.Gate.Environments[i.Environment]; !ok && len(i.Gate.Environments) > 0 {
		in.Refuse("environment", i.Environment, "allowed by the policy's gate.environments: "+strings.Join(slices.Sorted(maps.Keys(i.Gate.Environments)), ", "))
	}
	if i.SHA != "" && !gitrepo.IsCommitID(i.SHA) {
		in.Refuse("sha", i.SHA, "allowed: a commit id with all its 40 or 64 hexadecimal digits, for a shortened one can come to mean another commit")
	}
	if i.SHA == "" {
		i.SHA = strings.ToLower(facts.HeadSHA)
	}
	if i.SHA == "" {
		i.SHA = strings.ToLower(checkedOut)
	}
	// Steps of a pull request's jobs see a merge commit that stands for its newest commit.
	if strings.HasPrefix(facts.EventName, "pull_request") && facts.EventName != "pull_request_target" && i.SHA == strings.ToLower(facts.HeadSHA) {
		i.Merge = strings.ToLower(facts.SHA)
	}
	if err := in.Err(); err != nil {
		return inputs{}, err
	}
	if !gitrepo.IsCommitID(i.SHA) {
		return inputs{}, action.Undecided("Check the repository out before this step, or set the input sha.", "the commit to judge is not known: there is no repository here and no event that names one")
	}
	return i, nil
}

// govern takes the rules of a policy, with the default for a gate that has none.
func (i *inputs) govern(p policy.Policy) {
	i.Policy, i.Timezone, i.Service, i.Gate = p.Source, cmp.Or(p.Timezone, "UTC"), p.Service, policy.Gate{}
	if p.Gate != nil {
		i.Gate = *p.Gate
	}
	if len(i.Gate.Criteria) == 0 {
		i.Gate.Criteria = []policy.Criterion{{ID: "checks", Checks: &policy.Checks{}}}
	}
}

var (
	digest      = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)
	issueNumber = regexp.MustCompile(`^[1-9][0-9]{0,9}$`)
)
