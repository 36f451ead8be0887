package securitygate

import "github.com/slipway-actions/slipway/internal/action"

// reference is what the action takes and means, beyond its action.yml.
var reference = action.Reference{
	Permissions: []action.Permission{
		{Scope: "pull-requests", Access: "write", Asker: action.Asker{Input: "comment"}, For: "keep the comment up to date", Soft: true},
		action.ReadsBasePolicy,
	},
	Hosts: []action.Host{
		{Name: "api.osv.dev", Asker: action.Asker{Input: "database=osv.dev"}, For: "ask for advisories by package and version; the default", By: "advisory"},
		{Name: "the server or mirror that is named", Asker: action.Asker{Input: "database"}, For: "the same, in place of api.osv.dev; a folder asks nobody", By: "advisory"},
		{Name: action.APIHost, Asker: action.Asker{Input: "comment"}, For: "keep the comment up to date", By: "github"},
		action.AsksBasePolicy,
	},
	Exits: [4]string{
		"Everything was looked at, and nothing is over the threshold.",
		"A risk is at or over the threshold.",
		"An input or the policy is wrong.",
		"Not everything could be looked at: no data, a broken lockfile or report, too little coverage.",
	},
}
