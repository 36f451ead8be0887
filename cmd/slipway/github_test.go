package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/slipway-actions/slipway/internal/fakegithub"
)

// hubToken is the token of scripts, which must never be seen in any output.
const hubToken = "ghs_verysecret"

var (
	hubsMu sync.Mutex
	hubs   = map[string]*fakegithub.Hub{}
)

// hub is a GitHub that a script can read and write:
//
//	github start <repo>             serve a copy of a repository, in $WORK/hub.git
//	github on                       let the next runs use it, with a token
//	github seed <file>              set what is kept beside the repository; see fakegithub.State for the form.
//	                                Variables such as $GITHUB_SHA are filled in. Lists that are left out stay
//	github state <file>             write what is kept, in the same form
//	github event <kind> <file> <to> make an event file of a webhook's payload, such as pull-request-opened
//	github clock <RFC 3339>         the server's time, 2026-03-02T09:00:00Z at first
//	github fault <n> <how> <what>   fail the n-th request from now on whose "METHOD /path" fits, all for 0; see fakegithub.Fault
//	github race <n> <what> <ref> <rev>   let somebody else set a ref just before the n-th such request
//	github permit <permission>...   permissions of the token; all are there at first
//	github protect <pattern>...     refs that a rule protects
//	github immutable <tag>...       tags of immutable releases
//	github count <n> <what>         want so many requests; github forget begins anew
//	github unchanged <n>            want so many answers that nothing has changed
//
// A script fails where a request or an answer is none that GitHub's description knows.
func hub(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: github start|on|seed|state|event|clock|fault|race|permit|protect|immutable|count|unchanged|forget …")
	}
	if args[0] == "start" {
		startHub(ts, args[1])
		return
	}
	hubsMu.Lock()
	h := hubs[ts.Getenv("WORK")]
	hubsMu.Unlock()
	switch args[0] {
	case "on":
		ts.Setenv("GITHUB_API_URL", ts.Getenv("HUB"))
		ts.Setenv("INPUT_GITHUB-TOKEN", hubToken)
	case "fault":
		n, err := strconv.Atoi(args[1])
		ts.Check(err)
		h.Add(&fakegithub.Fault{Number: n, How: args[2], Request: regexp.MustCompile(args[3])})
	case "race":
		n, err := strconv.Atoi(args[1])
		ts.Check(err)
		h.Add(&fakegithub.Fault{Number: n, How: "before", Request: regexp.MustCompile(args[2]), Hook: func() {
			exec.Command("git", "--git-dir", h.Dir, "update-ref", args[3], args[4]).Run()
		}})
	case "permit":
		clear(h.Permits)
		for _, p := range args[1:] {
			h.Permits[p] = true
		}
	case "protect":
		h.Protected = args[1:]
	case "immutable":
		for _, tag := range args[1:] {
			h.Released[tag] = true
		}
	case "seed":
		ts.Check(h.Seed([]byte(os.Expand(ts.ReadFile(args[1]), ts.Getenv))))
	case "event":
		payload, err := h.Event(args[1], []byte(os.Expand(ts.ReadFile(args[2]), ts.Getenv)))
		ts.Check(err)
		ts.Check(os.WriteFile(ts.MkAbs(args[3]), payload, 0o644))
	case "clock":
		at, err := time.Parse(time.RFC3339, args[1])
		ts.Check(err)
		h.Set(at)
	case "unchanged":
		if got := h.Unchanged(); strconv.Itoa(got) != args[1] {
			ts.Fatalf("%d answers said that nothing has changed, want %s", got, args[1])
		}
	case "count":
		if got := h.Asked(regexp.MustCompile(args[2])); strconv.Itoa(got) != args[1] {
			ts.Fatalf("%d requests fit %s, want %s", got, args[2], args[1])
		}
	case "forget":
		h.Forget()
	case "state":
		ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(h.Text()), 0o644))
	default:
		ts.Fatalf("github: %q is none of its commands", args[0])
	}
}

func startHub(ts *testscript.TestScript, repo string) {
	dir := filepath.Join(ts.Getenv("WORK"), "hub.git")
	ts.Check(ts.Exec("git", "clone", "--quiet", "--mirror", "--no-local", ts.MkAbs(repo), dir))
	h := fakegithub.New("acme/shop", dir, hubToken)
	h.Now = func() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) }
	ts.Setenv("HUB", h.Start())
	ts.Defer(func() {
		h.Close()
		if all := h.Complaints(); len(all) > 0 {
			ts.Fatalf("GitHub's description does not know:\n%s", strings.Join(all, "\n"))
		}
		if more := undeclared(ts, h.Wanted()); len(more) > 0 {
			ts.Fatalf("permissions were taken that the references of the actions in this script do not name: %v", more)
		}
	})
	hubsMu.Lock()
	defer hubsMu.Unlock()
	hubs[ts.Getenv("WORK")] = h
}

// noToken wants the token in no file of the script's, nor in what the last command printed.
func noToken(ts *testscript.TestScript, neg bool, args []string) {
	if printed := ts.ReadFile("stdout") + ts.ReadFile("stderr"); strings.Contains(strings.ReplaceAll(printed, "::add-mask::"+hubToken, ""), hubToken) {
		ts.Fatalf("the token is in what was printed")
	}
	ts.Check(filepath.WalkDir(ts.Getenv("WORK"), func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		if err == nil && strings.Contains(string(text), hubToken) {
			ts.Fatalf("the token is in %s", path)
		}
		return err
	}))
}

// undeclared are those of some permissions that no action of a script, or of a workflow whose jobs it does, names in
// its reference.
func undeclared(ts *testscript.TestScript, wanted []string) []string {
	script := ts.ReadFile(ts.Value(scriptDir{}).(string) + "/" + ts.Name() + ".txtar")
	for _, job := range regexp.MustCompile(`(?m)^job \d+ (\S+) `).FindAllStringSubmatch(script, -1) {
		block, err := exampleOf(job[1])
		ts.Check(err)
		script += "\n" + block
	}
	named := map[string]bool{}
	for _, a := range actions {
		if !regexp.MustCompile(`\bslipway( |/actions/)` + a.Name + `\b`).MatchString(script) {
			continue
		}
		for _, p := range a.Reference.Permissions {
			named[p.Scope+":"+p.Access] = true
			named[p.Scope+":read"] = true
		}
	}
	return slices.DeleteFunc(wanted, func(permit string) bool {
		return slices.ContainsFunc(strings.Split(permit, "|"), func(one string) bool { return named[one] })
	})
}
