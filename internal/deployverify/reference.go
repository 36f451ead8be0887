package deployverify

import "github.com/slipway-actions/slipway/internal/action"

// reference is what the action takes and means, beyond its action.yml.
var reference = action.Reference{
	Permissions: []action.Permission{
		{Scope: "deployments", Access: "write", Asker: action.Asker{Input: "deployment-id"}, For: "set the deployment's status, and read earlier ones for rollback-to", Soft: true},
		{Scope: "issues", Access: "write", Asker: action.Asker{Input: "incident"}, For: "open, keep up to date and close the incident's issue", Soft: true},
		{Scope: "issues", Access: "write", Asker: action.Asker{Input: "ticket"}, For: "move the change ticket on", Soft: true},
		action.ReadsBasePolicy,
	},
	Hosts: []action.Host{
		{Name: "that of the input url", Asker: action.Asker{Input: "url"}, For: "ask for the version, over fresh connections; up to 5 redirects are followed, to other hosts as well", By: "probe"},
		{Name: "those that are named", Asker: action.Asker{Policy: "verify.probes"}, For: "HTTP (with redirects as they say), TLS, DNS, gRPC, TCP and the Kubernetes API", By: "probe"},
		{Name: "that of its target", Asker: action.Asker{Policy: "verify.load"}, For: "send load", By: "load"},
		{Name: "those that are named", Asker: action.Asker{Policy: "verify.sources"}, For: "ask for metrics", By: "source"},
		{Name: action.APIHost, Asker: action.Asker{Input: "deployment-id"}, For: "set the deployment's status", By: "github"},
		{Name: action.APIHost, Asker: action.Asker{Input: "incident"}, For: "keep the incident's issue", By: "github"},
		{Name: action.APIHost, Asker: action.Asker{Input: "ticket"}, For: "move the change ticket on", By: "github"},
		action.AsksBasePolicy,
	},
	Exits: [4]string{
		"promote: the expected version stands, and nothing looks worse.",
		"rollback or forward-fix: it answered wrongly, or it is worse than the version before.",
		"An input or the policy is wrong.",
		"hold: nothing certain is known, or the soak goes on in the next run.",
	},
}
