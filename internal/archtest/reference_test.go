package archtest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/slipway-actions/slipway"
	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/changelog"
	"github.com/slipway-actions/slipway/internal/deployverify"
	"github.com/slipway-actions/slipway/internal/gonogo"
	"github.com/slipway-actions/slipway/internal/preflight"
	"github.com/slipway-actions/slipway/internal/securitygate"
	"github.com/slipway-actions/slipway/internal/versionbump"
)

// steps are the actions that preflight runs as one, and documented are all, in the order of a pipeline.
var (
	steps      = []action.Action{versionbump.Action, changelog.Action, securitygate.Action, gonogo.Action}
	documented = append(slices.Clone(steps), deployverify.Action, preflight.Of(steps, func(name string) (action.Spec, error) {
		source, err := slipway.ActionYAML(name)
		if err != nil {
			return action.Spec{}, err
		}
		return action.ParseSpec(source)
	}))
)

// What an action takes and means stands in its README, made from its reference: make generate.
func TestReadmeReference(t *testing.T) {
	for _, a := range documented {
		if a.Name == "preflight" { // whose page is docs/permissions.md alone
			continue
		}
		path := "actions/" + a.Name + "/README.md"
		got := read(t, path)
		want := between(t, path, got, "permissions", permissionsTable(a))
		want = between(t, path, want, "network", networkTable(a))
		want = between(t, path, want, "exit-codes", exitsTable(a))
		settle(t, path, got, want)
	}
}

// docs/permissions.md has the same of all actions side by side, and blocks to copy.
func TestPermissionsPage(t *testing.T) {
	const path = "docs/permissions.md"
	var blocks, permissions, network, exits strings.Builder
	for _, u := range common {
		a := actionNamed(t, u.action)
		fmt.Fprintf(&blocks, "**%s**: %s\n\n```yaml\n%s```\n\n", u.action, u.title, block(a, u.keys))
	}
	for _, a := range documented {
		fmt.Fprintf(&permissions, "### %s\n\n%s\n", a.Name, permissionsTable(a))
		fmt.Fprintf(&network, "### %s\n\n%s\n", a.Name, networkTable(a))
	}
	exits.WriteString("| action | 0 | 1 | 2 | 3 |\n|---|---|---|---|---|\n")
	for _, a := range documented {
		fmt.Fprintf(&exits, "| %s | %s |\n", a.Name, strings.Join(a.Reference.Exits[:], " | "))
	}
	got := read(t, path)
	want := between(t, path, got, "uses", blocks.String())
	want = between(t, path, want, "permissions", permissions.String())
	want = between(t, path, want, "network", network.String())
	want = between(t, path, want, "exit-codes", exits.String())
	settle(t, path, got, want)
}

// common is what jobs are most often for, with what asks for permissions there.
var common = []struct {
	action, title string
	keys          []string
}{
	{"version-bump", "compute the version", nil},
	{"version-bump", "tag it, and let `v1` follow", []string{"push-tag", "floating-tags"}},
	{"version-bump", "tag it, and start a workflow on the tag", []string{"push-tag", "dispatch"}},
	{"version-bump", "go by the labels of pull requests", []string{"versioning.labels"}},
	{"changelog", "write the notes", []string{"contributors by login"}},
	{"changelog", "land the files as a commit, and publish the release", []string{"land", "release"}},
	{"changelog", "land the files by a pull request, and publish the release", []string{"land", "land=pull-request", "release"}},
	{"security-gate", "scan", nil},
	{"security-gate", "scan, and comment on the pull request", []string{"comment"}},
	{"go-no-go", "decide by the checks of the commit", []string{"a gate without criteria", "its own job has a check on the commit"}},
	{"go-no-go", "with approvals", []string{"a gate without criteria", "its own job has a check on the commit", "gate.approvals"}},
	{"go-no-go", "with approvals, change ticket and check run", []string{"a gate without criteria", "its own job has a check on the commit", "gate.approvals", "ticket", "check"}},
	{"deploy-verify", "look at a deployment", nil},
	{"deploy-verify", "set the deployment's status, and open an incident", []string{"deployment-id", "incident"}},
	{"preflight", "all four, by the checks of the commit", []string{"a gate without criteria", "its own job has a check on the commit"}},
}

func actionNamed(t *testing.T, name string) action.Action {
	t.Helper()
	i := slices.IndexFunc(documented, func(a action.Action) bool { return a.Name == name })
	if i < 0 {
		t.Fatalf("there is no action %s", name)
	}
	return documented[i]
}

// block is what a job needs that checks the repository out and uses an action so. A job that names some
// permissions has no others.
func block(a action.Action, keys []string) string {
	lines := []string{"contents: read"}
	for _, p := range a.Reference.Least(keys...) {
		switch {
		case p.Scope == "contents":
			lines[0] = p.String()
		case p.OfJob():
			lines = append(lines, p.String())
		}
	}
	slices.Sort(lines)
	return "permissions:\n  " + strings.Join(lines, "\n  ") + "\n"
}

func permissionsTable(a action.Action) string {
	var b strings.Builder
	b.WriteString("| permission | where | to | without it |\n|---|---|---|---|\n")
	for _, p := range a.Reference.Permissions {
		without := "does not pass"
		if p.Soft {
			without = "a warning"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", p, where(p.Asker), p.For, without)
	}
	return b.String()
}

func networkTable(a action.Action) string {
	var b strings.Builder
	b.WriteString("| host | where | to |\n|---|---|---|\n")
	for _, h := range a.Reference.Hosts {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", h.Name, where(h.Asker), h.For)
	}
	return b.String()
}

func exitsTable(a action.Action) string {
	var b strings.Builder
	b.WriteString("| exit code | meaning |\n|---|---|\n")
	for code, means := range a.Reference.Exits {
		fmt.Fprintf(&b, "| %d | %s |\n", code, means)
	}
	return b.String()
}

func where(a action.Asker) string {
	switch {
	case a.Input != "":
		name, value, one := strings.Cut(a.Input, "=")
		if one {
			return "input `" + name + ": " + value + "`"
		}
		return "input `" + name + "`"
	case a.Policy != "":
		return "policy `" + a.Policy + "`"
	}
	return a.Case
}

// Whatever asks for something in a reference is there: an input of action.yml, a key of the policy.
func TestReferencesNameWhatIsThere(t *testing.T) {
	var schema map[string]any
	if err := yaml.Unmarshal([]byte(read(t, "schemas/policy.schema.json")), &schema); err != nil {
		t.Fatal(err)
	}
	for _, a := range documented {
		s := spec(t, a.Name)
		var askers []action.Asker
		for _, p := range a.Reference.Permissions {
			askers = append(askers, p.Asker)
			if p.For == "" || !slices.Contains([]string{"read", "write"}, p.Access) {
				t.Errorf("%s: the permission %+v lacks words, or has another access than read and write", a.Name, p)
			}
		}
		for _, h := range a.Reference.Hosts {
			askers = append(askers, h.Asker)
		}
		for _, asker := range askers {
			input, _, _ := strings.Cut(asker.Input, "=")
			if _, ok := s.Input(input); input != "" && !ok {
				t.Errorf("%s: its reference names the input %q, which action.yml does not have", a.Name, input)
			}
			if asker.Policy != "" && !hasKey(schema, strings.Split(asker.Policy, ".")) {
				t.Errorf("%s: its reference names the policy's key %q, which the schema does not have", a.Name, asker.Policy)
			}
			if set := (asker.Input != "") != (asker.Policy != "") != (asker.Case != ""); !set || asker.Key() == "" {
				t.Errorf("%s: %+v is to have one field", a.Name, asker)
			}
		}
		for code, means := range a.Reference.Exits {
			if means == "" {
				t.Errorf("%s: exit code %d has no meaning", a.Name, code)
			}
		}
	}
	if hasKey(schema, []string{"gate", "criteria", "nonsense"}) {
		t.Error("a key that is not there was found in the schema")
	}
}

// hasKey tells whether a schema knows a path of keys. Lists, choices and maps of any name lead on.
func hasKey(node map[string]any, path []string) bool {
	if len(path) == 0 {
		return true
	}
	if properties, ok := node["properties"].(map[string]any); ok {
		if next, ok := properties[path[0]].(map[string]any); ok && hasKey(next, path[1:]) {
			return true
		}
	}
	var below []any
	for _, name := range []string{"items", "additionalProperties"} {
		below = append(below, node[name])
	}
	for _, name := range []string{"oneOf", "anyOf", "allOf"} {
		if list, ok := node[name].([]any); ok {
			below = append(below, list...)
		}
	}
	return slices.ContainsFunc(below, func(one any) bool {
		next, ok := one.(map[string]any)
		return ok && hasKey(next, path)
	})
}

// An action reaches no host but through the packages that its reference names. That of git is told by
// what a run asks for, for every action reads a clone.
func TestHostsNameWhoConnects(t *testing.T) {
	reach := connecting(t)
	for _, a := range documented {
		if a.Name == "preflight" {
			continue
		}
		named := map[string]bool{"gitrepo": true, "reach": true} // reach starts a Go toolchain with GOPROXY=off
		for _, h := range a.Reference.Hosts {
			named[h.By] = true
			if h.By != "gitrepo" && !slices.Contains(reach[packageOf(a.Name)], h.By) {
				t.Errorf("%s: its reference says that %s connects, which the action does not use", a.Name, h.By)
			}
		}
		for _, by := range reach[packageOf(a.Name)] {
			if !named[by] {
				t.Errorf("%s reaches out by internal/%s, and its reference names no host for that", a.Name, by)
			}
		}
	}
}

// connecting are the adapters that import the network or start programs, by the room that imports them, itself
// or through others.
func connecting(t *testing.T) map[string][]string {
	t.Helper()
	imports, out := map[string][]string{}, map[string]bool{}
	for _, f := range sources(t) {
		for _, imported := range f.imports {
			if target := within(imported); target != "" {
				imports[f.pkg] = append(imports[f.pkg], target)
			}
			if slices.Contains([]string{"net", "net/http", "crypto/tls", "os/exec"}, imported) && slices.Contains(adapters, f.pkg) {
				out[f.pkg] = true
			}
		}
	}
	reach := map[string][]string{}
	for _, room := range rooms {
		seen := map[string]bool{}
		var walk func(pkg string)
		walk = func(pkg string) {
			if seen[pkg] {
				return
			}
			seen[pkg] = true
			if out[pkg] {
				reach[room] = append(reach[room], pkg)
			}
			for _, next := range imports[pkg] {
				walk(next)
			}
		}
		walk(room)
	}
	return reach
}
