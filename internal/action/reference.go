package action

import (
	"cmp"
	"slices"
	"strings"
)

// Reference is what a user grants to an action and may expect of it, beyond its action.yml: plain data, beside
// the action's code. Documents and --help are made from it, and tests hold runs against it.
type Reference struct {
	Permissions []Permission
	Hosts       []Host
	Exits       [4]string // what exit codes 0 to 3 mean here
}

// Asker is what asks for a permission or a host; exactly one field is set.
type Asker struct {
	Input  string // such as push-tag, or land=pull-request where one value alone asks
	Policy string // key from the policy's top, such as gate.criteria.issues; a dot leads into lists and maps as well
	Case   string // a situation in words, such as "any run"
}

// Key names the asker, in tests and to sort by.
func (a Asker) Key() string { return cmp.Or(a.Input, a.Policy, a.Case) }

// Permission is one that the token needs where its asker is there.
type Permission struct {
	Scope, Access string // such as contents, and read or write; writing includes reading
	Asker
	For string // what it is used for
	// Soft says that the verdict stands without it; a warning then names it. Otherwise the run does not pass.
	Soft bool
}

// String is the permission as a workflow has it.
func (p Permission) String() string { return p.Scope + ": " + p.Access }

// OfJob tells whether a job's own token can have it. Else it takes the token of a GitHub App.
func (p Permission) OfJob() bool { return p.Scope != "members" }

// Host is one that an action connects to where its asker is there. Names are resolved by the runner's resolver.
type Host struct {
	Name string // such as api.osv.dev, or in words where a user names it
	Asker
	For string
	By  string // package below internal that connects
}

// Situations that several actions share.
const (
	AnyRun       = "any run"
	BasePolicy   = "a pull request whose base branch is not in the clone"
	NoTags       = "a clone without tags, or with some alone"
	NoTagsNoCall = "a clone without tags whose origin does not answer git"
)

// APIHost is GitHub's API as tables name it.
const APIHost = "api.github.com, or that of GITHUB_API_URL"

// ReadsBasePolicy is what every action needs to read the policy of a pull request's base branch.
var ReadsBasePolicy = Permission{Scope: "contents", Access: "read", Asker: Asker{Case: BasePolicy}, For: "read the policy of that branch"}

// AsksBasePolicy is whom every action asks for it.
var AsksBasePolicy = Host{Name: APIHost, Asker: Asker{Case: BasePolicy}, For: "read the policy of that branch", By: "github"}

// Least are the permissions of some askers, each scope once, in the order of their names: writing stands for
// reading.
func (r Reference) Least(keys ...string) []Permission {
	var least []Permission
	for _, p := range r.Permissions {
		if !slices.Contains(keys, p.Key()) {
			continue
		}
		i := slices.IndexFunc(least, func(had Permission) bool { return had.Scope == p.Scope })
		switch {
		case i < 0:
			least = append(least, p)
		case p.Access == "write" && least[i].Access == "read":
			least[i] = p
		case p.Access == least[i].Access && !p.Soft:
			least[i].Soft = false
		}
	}
	slices.SortFunc(least, func(a, b Permission) int { return strings.Compare(a.Scope, b.Scope) })
	return least
}

// OfferedBy leaves out what inputs ask for that a contract does not have.
func (r Reference) OfferedBy(spec Spec) Reference {
	offered := func(a Asker) bool {
		input, _, _ := strings.Cut(a.Input, "=")
		_, ok := spec.Input(input)
		return ok || input == ""
	}
	r.Permissions = slices.DeleteFunc(slices.Clone(r.Permissions), func(p Permission) bool { return !offered(p.Asker) })
	r.Hosts = slices.DeleteFunc(slices.Clone(r.Hosts), func(h Host) bool { return !offered(h.Asker) })
	return r
}

// And adds what another reference has and this one has not.
func (r Reference) And(other Reference) Reference {
	for _, p := range other.Permissions {
		if !slices.Contains(r.Permissions, p) {
			r.Permissions = append(slices.Clip(r.Permissions), p)
		}
	}
	for _, h := range other.Hosts {
		if !slices.Contains(r.Hosts, h) {
			r.Hosts = append(slices.Clip(r.Hosts), h)
		}
	}
	return r
}
