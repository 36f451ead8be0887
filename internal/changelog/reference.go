package changelog

import "github.com/slipway-actions/slipway/internal/action"

// reference is what the action takes and means, beyond its action.yml.
var reference = action.Reference{
	Permissions: []action.Permission{
		{Scope: "contents", Access: "write", Asker: action.Asker{Input: "land"}, For: "put the files onto the branch, or onto that of the pull request"},
		{Scope: "pull-requests", Access: "write", Asker: action.Asker{Input: "land=pull-request"}, For: "open the pull request and keep it up to date"},
		{Scope: "contents", Access: "write", Asker: action.Asker{Input: "release"}, For: "draft or publish the release, and tag its commit"},
		{Scope: "contents", Access: "read", Asker: action.Asker{Case: "contributors by login"}, For: "ask who the commits' authors are at GitHub", Soft: true},
		{Scope: "contents", Access: "read", Asker: action.Asker{Case: action.NoTagsNoCall}, For: "ask for the names of tags"},
		action.ReadsBasePolicy,
	},
	Hosts: []action.Host{
		{Name: action.APIHost, Asker: action.Asker{Case: "contributors by login"}, For: "ask who the commits' authors are; only with a token", By: "github"},
		{Name: action.APIHost, Asker: action.Asker{Input: "land"}, For: "put the files onto the branch", By: "github"},
		{Name: action.APIHost, Asker: action.Asker{Input: "release"}, For: "make the release", By: "github"},
		{Name: "the clone's origin", Asker: action.Asker{Case: action.NoTags}, For: "git ls-remote of its tags", By: "gitrepo"},
		{Name: action.APIHost, Asker: action.Asker{Case: action.NoTagsNoCall}, For: "ask for the names of tags", By: "github"},
		action.AsksBasePolicy,
	},
	Exits: [4]string{
		"The notes are made, and what was asked for is done.",
		"The branch moved, a tag is taken, a file was changed since, or a rule of the repository forbids it; nothing landed.",
		"An input, a template or the policy is wrong.",
		"The history is not all known, or GitHub did not take a write.",
	},
}
