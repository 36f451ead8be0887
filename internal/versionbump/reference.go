package versionbump

import "github.com/slipway-actions/slipway/internal/action"

// reference is what the action takes and means, beyond its action.yml.
var reference = action.Reference{
	Permissions: []action.Permission{
		{Scope: "contents", Access: "write", Asker: action.Asker{Input: "push-tag"}, For: "tag the commit"},
		{Scope: "contents", Access: "write", Asker: action.Asker{Input: "floating-tags"}, For: "move tags such as v1"},
		{Scope: "actions", Access: "write", Asker: action.Asker{Input: "dispatch"}, For: "start the workflow on the tag, once"},
		{Scope: "pull-requests", Access: "read", Asker: action.Asker{Policy: "versioning.labels"}, For: "read the labels of pull requests"},
		{Scope: "contents", Access: "read", Asker: action.Asker{Case: action.NoTagsNoCall}, For: "ask for the names of tags"},
		action.ReadsBasePolicy,
	},
	Hosts: []action.Host{
		{Name: action.APIHost, Asker: action.Asker{Input: "push-tag"}, For: "tag the commit", By: "github"},
		{Name: action.APIHost, Asker: action.Asker{Input: "floating-tags"}, For: "move tags", By: "github"},
		{Name: action.APIHost, Asker: action.Asker{Input: "dispatch"}, For: "start the workflow", By: "github"},
		{Name: action.APIHost, Asker: action.Asker{Policy: "versioning.labels"}, For: "read labels", By: "github"},
		{Name: "the clone's origin", Asker: action.Asker{Case: action.NoTags}, For: "git ls-remote of its tags", By: "gitrepo"},
		{Name: action.APIHost, Asker: action.Asker{Case: action.NoTagsNoCall}, For: "ask for the names of tags", By: "github"},
		action.AsksBasePolicy,
	},
	Exits: [4]string{
		"The version is certain, and what was asked for is done; or there is nothing to release.",
		"A tag is taken by another commit, or a rule of the repository forbids it.",
		"An input or the policy is wrong, a version leaves its maintenance branch's range, or with strict a commit has no type.",
		"The history, tags or labels are not all known, or GitHub did not take a write; nothing is certain.",
	},
}
