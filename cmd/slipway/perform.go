package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/gitrepo"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/runner"
)

// perform runs one action from its inputs to its exit code.
func perform(ctx context.Context, a action.Action, args []string, p process) int {
	started := time.Now().UTC()
	spec, err := specOf(a.Name)
	if err != nil {
		fmt.Fprintln(p.stderr, "slipway:", err)
		return exitUndecided
	}
	given, local, err := readInputs(a, spec, args, p.environ)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(p.stdout, actionUsage(a, spec))
		return exitPass
	}
	if err != nil {
		fmt.Fprintf(p.stderr, "slipway %s: %v. `slipway %s --help` lists the inputs.\n", a.Name, err, a.Name)
		return exitCaller
	}
	if local.recorded() {
		return again(a, local, local.records, p)
	}
	in := action.NewInputs(spec, given)
	c := readCommon(in)
	if c.token == "" && p.getenv("GITHUB_ACTIONS") != "true" { // a laptop's usual place for it
		c.token = p.getenv("GITHUB_TOKEN")
	}
	host := hostFor(p, local)
	for _, secret := range append(in.Secrets(), c.token) {
		host.Mask(secret)
	}

	world, err := newWorld(ctx, p, c, local, host)
	if world != nil {
		defer world.Files.Close()
	}
	end := ending{action: a.Name, spec: spec, host: host, world: world, started: started, reportOnly: c.reportOnly}
	if err == nil {
		err = in.Err()
	}
	if err == nil {
		world.Policy, err = world.LoadPolicy(ctx, c.policy, c.policyRef, in.Given("policy"))
	}
	if err != nil {
		return end.failure(ctx, err)
	}
	if local.backtest != "" {
		return backtest(ctx, a, world, in, local.backtest, p)
	}
	outcome, err := protect(ctx, a, world, in)
	if err != nil {
		return end.failure(ctx, err)
	}
	code := end.success(outcome)
	if local.explain != "" {
		return explainNow(a, end.document(outcome), local.explain, code, p)
	}
	return code
}

// common are the inputs that every action has.
type common struct {
	token, policy, policyRef, dir string
	reportOnly                    bool
}

func readCommon(in *action.Inputs) common {
	return common{
		token: in.Text("github-token"), policy: in.OrDefault("policy"), policyRef: in.Text("policy-ref"),
		dir: in.OrDefault("working-directory"), reportOnly: in.Bool("report-only"),
	}
}

// protect turns a panic into an error: a bug must end as unknown, with all outputs written.
func protect(ctx context.Context, a action.Action, w *action.World, in *action.Inputs) (o action.Outcome, err error) {
	defer func() {
		if r := recover(); r != nil {
			w.Log(fmt.Sprintf("%v\n%s", r, debug.Stack()))
			err = action.Undecided("Report this with the log above; until it is mended, use the release before.", "this is a bug in slipway: %v", r)
		}
	}()
	return a.Run(ctx, w, in)
}

func hostFor(p process, l local) runner.Host {
	if p.getenv("GITHUB_ACTIONS") == "true" {
		return runner.NewWorkflow(p.stdout, p.getenv)
	}
	if l.explain != "" { // the explanation stands for the page
		return runner.NewTerminal(io.Discard, p.stderr, l.json)
	}
	return runner.NewTerminal(p.stdout, p.stderr, l.json)
}

// newWorld opens the workspace, the repository and the API's client. The world it returns is fit
// for reporting even beside an error, unless it is nil.
func newWorld(ctx context.Context, p process, c common, l local, host runner.Host) (*action.World, error) {
	facts, err := runner.ReadFacts(p.getenv)
	if err != nil {
		return nil, err
	}
	if facts.Workspace, err = filepath.EvalSymlinks(facts.Workspace); err != nil {
		return nil, action.Undecided("See that GITHUB_WORKSPACE names a folder that is there; a container needs it mounted.", "find the workspace: %w", err)
	}
	w := &action.World{
		Facts: facts, Dir: filepath.Join(facts.Workspace, c.dir), DryRun: l.dryRun, ReportOnly: c.reportOnly, Policy: policy.Default(), Log: host.Log, Redact: host.Redact, Tool: toolVersion(), Getenv: p.getenv,
		Now:   func() time.Time { return time.Now().UTC() },
		Sleep: sleep,
	}
	info, statErr := os.Stat(w.Dir)
	if statErr == nil && info.IsDir() {
		w.Repo, w.RepoErr = gitrepo.Open(ctx, w.Dir, c.policy)
		if w.Repo != nil && !facts.Actions { // a laptop's workspace is the whole clone, wherever in it one stands
			w.Facts.Workspace = w.Repo.Root
		}
		if w.Repo != nil && w.Facts.Repository == "" {
			w.Facts.Repository = gitrepo.RepositoryName(w.Repo.RemoteURL(ctx))
		}
	}
	if w.Files, err = runner.OpenWorkspace(w.Facts.Workspace); err != nil {
		return nil, err
	}
	if w.GitHub, err = github.New(github.Options{APIURL: facts.APIURL, Token: c.token, UserAgent: "slipway/" + toolVersion()}); err != nil {
		return w, err
	}
	inside, _ := filepath.EvalSymlinks(w.Dir)
	inside, relErr := filepath.Rel(facts.Workspace, inside)
	if statErr != nil || relErr != nil || !info.IsDir() || !filepath.IsLocal(inside) {
		return w, action.Wrong("input working-directory is %q; allowed: a folder inside the workspace %s. Check the repository out first, or correct the path", c.dir, w.Facts.Workspace)
	}
	return w, nil
}

// sleep waits, or ends early when the run is cancelled.
func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
