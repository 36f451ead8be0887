package gonogo

import "github.com/slipway-actions/slipway/internal/action"

// Cases of the reference that no key of the policy names.
const (
	defaultGate = "a gate without criteria"
	ownJob      = "its own job has a check on the commit"
	notInClone  = "a document or checklist that is not in the clone"
	directPush  = "approvals of a commit without a pull request"
)

func byPolicy(key string) action.Asker { return action.Asker{Policy: key} }

func byCase(words string) action.Asker { return action.Asker{Case: words} }

// reference is what the action takes and means, beyond its action.yml. Of one run, the page and
// data.permissions say what its policy takes; see needs.
var reference = action.Reference{
	Permissions: []action.Permission{
		{Scope: "checks", Access: "read", Asker: byCase(defaultGate), For: "read the check runs of the commit"},
		{Scope: "statuses", Access: "read", Asker: byCase(defaultGate), For: "read the commit's statuses"},
		{Scope: "checks", Access: "read", Asker: byPolicy("gate.criteria.checks"), For: "read the check runs of the commit"},
		{Scope: "statuses", Access: "read", Asker: byPolicy("gate.criteria.checks"), For: "read the commit's statuses"},
		{Scope: "actions", Access: "read", Asker: byCase(ownJob), For: "tell the check of this job from the others; without it, by its name", Soft: true},
		{Scope: "actions", Access: "read", Asker: byPolicy("gate.criteria.checks.require.workflow"), For: "read which workflow a check is of"},
		{Scope: "issues", Access: "read", Asker: byPolicy("gate.criteria.issues"), For: "count the open issues"},
		{Scope: "issues", Access: "read", Asker: byPolicy("gate.criteria.checklist"), For: "read the boxes of the ticket, and who ticked them; not with a path"},
		{Scope: "contents", Access: "read", Asker: byPolicy("gate.criteria.release"), For: "read the releases; of another private repository by a GitHub App's token"},
		{Scope: "deployments", Access: "read", Asker: byPolicy("gate.criteria.release.environment"), For: "read the deployments, in place of releases"},
		{Scope: "contents", Access: "read", Asker: byCase(notInClone), For: "read the file"},
		{Scope: "pull-requests", Access: "read", Asker: byPolicy("gate.approvals"), For: "read the pull request, its commits and its reviews"},
		{Scope: "actions", Access: "read", Asker: byPolicy("gate.approvals"), For: "read who approved in an environment, and who started the run"},
		{Scope: "contents", Access: "read", Asker: byCase(directPush), For: "read who its author is"},
		{Scope: "issues", Access: "read", Asker: byPolicy("gate.approvals.emergency.review-within"), For: "read the tickets of emergency changes"},
		{Scope: "pull-requests", Access: "read", Asker: byPolicy("gate.waivers"), For: "read whose change it is, for authors cannot waive"},
		{Scope: "issues", Access: "read", Asker: byPolicy("gate.risk.incidents"), For: "count the open incidents"},
		{Scope: "members", Access: "read", Asker: byPolicy("gate.roles"), For: "read who is in a team; of the organisation, by a GitHub App's token"},
		{Scope: "issues", Access: "write", Asker: action.Asker{Input: "ticket"}, For: "keep the change ticket"},
		{Scope: "checks", Access: "write", Asker: action.Asker{Input: "check"}, For: "publish the check run"},
		action.ReadsBasePolicy,
	},
	Hosts: []action.Host{
		{Name: action.APIHost, Asker: byCase(action.AnyRun), For: "read checks, people, issues, releases; write the ticket and the check run", By: "github"},
		{Name: "that of its url", Asker: byPolicy("gate.criteria.probe"), For: "one request; up to 5 redirects are followed, to other hosts as well", By: "probe"},
		{Name: "that of its calendar, where that is an address", Asker: byPolicy("gate.criteria.coverage"), For: "read who is on call", By: "feed"},
		{Name: "that of its calendar, where that is an address", Asker: byPolicy("gate.windows.freeze"), For: "read freezes", By: "feed"},
		action.AsksBasePolicy,
	},
	Exits: [4]string{
		"go: everything that the policy asks for is there.",
		"no-go: a criterion failed.",
		"An input or the policy is wrong.",
		"no-go: something could not be known.",
	},
}
