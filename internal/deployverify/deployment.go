package deployverify

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// deployment is the deployment at GitHub that a run is about, id 0 where none was named. What goes wrong
// with it is a warning, for it decides nothing.
type deployment struct {
	id          int64
	w           *action.World
	environment string
	address     string        // of the service, as the state file has it; "" where it is no web address
	every       time.Duration // at least so long between two lines of a soak
	commits     []string      // of which it must be one
	ours        bool          // it was seen to be one of these commits to this environment
	left        bool          // alone: there is none, or it is another's
	newest      github.DeploymentStatus
	tried       time.Time        // when a line was last written, or was to be
	trouble     *result.Finding  // the newest that went wrong with it, until something goes well again
	warned      []result.Finding // beside it
}

// A soak tells how far it has come some dozen times, however long it is: each line stays for ever.
const (
	linesOfSoak    = 12
	leastLineEvery = 5 * time.Minute
)

// readDeployment reads the input deployment-id. A success that is written there says that this very version
// runs in that environment, so both must be known.
func readDeployment(in *action.Inputs) int64 {
	given := in.Text("deployment-id")
	if given == "" {
		return 0
	}
	id, err := strconv.ParseInt(given, 10, 64)
	switch {
	case err != nil || id < 1:
		in.Refuse("deployment-id", shown(given), "allowed: the id of a deployment at GitHub, a number such as ${{ github.event.deployment.id }}")
	case in.Text("environment") == "":
		in.Refuse("deployment-id", given, "whether it is a deployment to the right environment cannot be told, for the input environment is empty; give both")
	case in.Text("expected-version") == "":
		in.Refuse("deployment-id", given, "no version is looked for, for the input expected-version is empty, so nothing could be said of this deployment; give both")
	}
	return id
}

// deploymentOf is the deployment of a run. It must be one of these commits.
func deploymentOf(w *action.World, i inputs, commits ...string) *deployment {
	d := &deployment{
		id: i.deployment, w: w, environment: i.Service.Environment, commits: commits, every: leastLineEvery, left: i.deployment == 0,
	}
	if u, err := url.Parse(i.Service.URL); err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" {
		d.address = i.Service.URL
	}
	return d
}

// begin notes that the deployment is being looked at. In a soak that goes on, the last line stays until there
// is a new one, and one that was superseded does not come back to life before it is known whether it runs.
func (d *deployment) begin(ctx context.Context, e evidence) {
	d.every = max(e.Plan.Soak/linesOfSoak, leastLineEvery)
	if d.mine(ctx) && d.newest.State != github.DeploymentInProgress && d.newest.State != github.DeploymentInactive {
		d.say(ctx, github.DeploymentInProgress, "looking whether "+e.Expected+" stands")
	}
}

// mine sees that the deployment is one of these commits to this environment, and what was said of it last.
// One that cannot be read is looked at again the next time.
func (d *deployment) mine(ctx context.Context) bool {
	if d.left || d.ours {
		return d.ours
	}
	found, err := d.w.GitHub.Deployment(ctx, d.w.Facts.Repository, d.id)
	switch {
	case err != nil:
		d.fail(err)
		return false
	case !strings.EqualFold(found.Environment, d.environment):
		d.leave(fmt.Sprintf("it is one to %s, and this run is about %s", shown(found.Environment), d.environment))
		return false
	case !slices.ContainsFunc(d.commits, func(c string) bool { return c != "" && strings.EqualFold(c, found.SHA) }):
		d.leave(fmt.Sprintf("it is one of the commit %.12s, and this run is about %.12s", shown(found.SHA), d.w.SHA()))
		return false
	}
	statuses, err := d.w.GitHub.DeploymentStatuses(ctx, d.w.Facts.Repository, d.id)
	if err != nil {
		d.fail(err)
		return false
	}
	if len(statuses) > 0 {
		d.newest = statuses[0]
	}
	d.ours = true
	return true
}

// progress notes a line, where the last one is old enough.
func (d *deployment) progress(ctx context.Context, line string) {
	now := d.w.Now()
	if !d.ours || now.Sub(d.tried) < d.every || d.newest.State == github.DeploymentInProgress && now.Sub(d.newest.At) < d.every {
		return
	}
	d.say(ctx, github.DeploymentInProgress, line)
}

// ended notes what became of the version, and returns all that went wrong with the deployment.
//
// A success is written for the last step alone. While the soak goes on, in this run or the next, it is in
// progress. A version that is to be rolled back or fixed has failed; where nothing could be decided it is an
// error. GitHub itself makes a deployment inactive when another one takes its place, and so it stays unless
// its version is found to run again: that it no longer answers is no failure.
func (d *deployment) ended(ctx context.Context, e evidence, made decision) []result.Finding {
	if e.End == cancelled || !d.mine(ctx) {
		return d.found()
	}
	switch failed := result.VerdictOf(made.findings) == verdict.Fail; {
	case made.act == promote && e.Stage.Last:
		d.say(ctx, github.DeploymentSuccess, verifiedText(e.Expected, made.reason))
	case made.act == promote:
		d.say(ctx, github.DeploymentInProgress, fmt.Sprintf("%s passed, %s (%s) is next", e.Stage.called(), e.Stage.Next, e.Stage.Widens))
	case d.newest.State == github.DeploymentInactive:
	case made.act == hold && e.End == sliced:
		d.say(ctx, github.DeploymentInProgress, made.reason)
	case failed || made.act != hold:
		d.say(ctx, github.DeploymentFailure, strings.TrimSuffix(sentence(made), "."))
	default:
		d.say(ctx, github.DeploymentError, "undecided: "+made.reason)
	}
	return d.found()
}

// found is what went wrong, and was not made good since.
func (d *deployment) found() []result.Finding {
	if d.trouble == nil {
		return d.warned
	}
	return append(slices.Clone(d.warned), *d.trouble)
}

// say writes a status, unless it is the newest one already.
func (d *deployment) say(ctx context.Context, state, text string) {
	s := github.DeploymentStatus{State: state, Description: description(d.w.Redact(text)), LogURL: d.w.Facts.RunURL(), EnvironmentURL: d.address}
	if d.w.DryRun || same(s, d.newest) {
		return
	}
	d.tried = d.w.Now()
	err := d.w.GitHub.SetDeploymentStatus(ctx, d.w.Facts.Repository, d.id, s)
	if github.Uncertain(err) { // it may have been written all the same
		if found, unread := d.w.GitHub.DeploymentStatuses(ctx, d.w.Facts.Repository, d.id); unread == nil && len(found) > 0 && same(s, found[0]) {
			err = nil
		}
	}
	if err != nil {
		d.fail(err)
		return
	}
	s.At = d.tried
	d.newest, d.trouble = s, nil
}

func same(a, b github.DeploymentStatus) bool {
	a.At, b.At = time.Time{}, time.Time{}
	return a == b
}

// fail notes that the deployment could not be read or written.
func (d *deployment) fail(err error) {
	f := d.warning(err.Error(), remedyOf(err, "deployments: write"))
	d.trouble = &f
}

// remedyOf is what to do about an error of the API: what it says itself, but for what most often lacks.
func remedyOf(err error, permission string) string {
	permissions := "permissions:\n  " + permission
	var e *github.Error
	switch {
	case errors.Is(err, github.ErrNoToken):
		return "Leave the input github-token out, and the job's own token is used; give it the permission:\n" + permissions
	case errors.As(err, &e) && e.Permission == "" && e.Next != "":
		return e.Next
	}
	return "Give the job the permission:\n" + permissions
}

// leave leaves a deployment alone that is another's.
func (d *deployment) leave(why string) {
	d.left, d.trouble = true, nil
	d.warned = append(d.warned, d.warning(why+"; it is left alone", "Give the deployment that this version was deployed with, such as ${{ github.event.deployment.id }}."))
}

func (d *deployment) warning(observed, next string) result.Finding {
	return result.Finding{ID: "deployment", Outcome: verdict.Warned, Title: fmt.Sprintf("Deployment %d", d.id), Observed: observed, Next: next}
}

// description fits a text into what GitHub takes. Its 140 are held to in bytes, which is right whichever way
// they are counted.
func description(text string) string {
	const cut = "…"
	text = report.OneLine(text)
	if len(text) <= github.DescriptionLimit {
		return text
	}
	text = text[:github.DescriptionLimit-len(cut)]
	for !utf8.ValidString(text) {
		text = text[:len(text)-1]
	}
	return strings.TrimRight(text, " ") + cut
}

// deploymentName keeps the rollouts of a state file apart; "" where no deployment was named.
func (i inputs) deploymentName() string {
	if i.deployment == 0 {
		return ""
	}
	return strconv.FormatInt(i.deployment, 10)
}
