package deployverify

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// deployment is GitHub's deployment that a run speaks about, id 0 where none was named.
type deployment struct {
	id   int64
	w    *action.World
	said time.Time // when it was last spoken about
}

// readDeployment reads the input deployment-id.
func readDeployment(in *action.Inputs) int64 {
	given := in.Text("deployment-id")
	if given == "" {
		return 0
	}
	id, err := strconv.ParseInt(given, 10, 64)
	if err != nil || id < 1 {
		in.Refuse("deployment-id", shown(given), "allowed: the id of a deployment of this repository, such as ${{ github.event.deployment.id }}")
		return 0
	}
	return id
}

// sparingly is the least time between two lines about a soak that goes on.
const sparingly = time.Minute

// progress says how far a soak has come.
func (t *deployment) progress(ctx context.Context, e evidence, line string) {
	if now := t.w.Now(); t.id != 0 && now.Sub(t.said) >= max(sparingly, e.Plan.Soak/20) {
		t.said = now
		if trouble := t.say(ctx, e, "in_progress", line); trouble != "" {
			t.w.Log("the deployment could not be spoken about: " + trouble)
		}
	}
}

// ended says what the run came to. Only a version that has passed its last step is a success; what could not
// be written is a warning, for it changes nothing about the version.
func (t *deployment) ended(ctx context.Context, e evidence, d decision) []result.Finding {
	if t.id == 0 || t.w.DryRun {
		return nil
	}
	state, words := "error", sentence(d)
	switch {
	case d.act == promote && e.Stage.Last:
		state, words = "success", verifiedWords+e.versionText()+": "+d.reason
	case d.act == promote:
		state, words = "in_progress", e.Stage.called()+" passed, "+e.Stage.Next+" is next"
	case result.VerdictOf(d.findings) == verdict.Fail:
		state = "failure"
	case e.End == sliced || e.End == cancelled:
		state = "in_progress"
	}
	if trouble := t.say(ctx, e, state, words); trouble != "" {
		return []result.Finding{{
			ID: "deployment", Outcome: verdict.Warned, Title: fmt.Sprintf("Deployment %d", t.id), Observed: trouble,
			Next: "Give the id of the deployment of this commit to this environment, and the job the permission to speak about it:\npermissions:\n  deployments: write",
		}}
	}
	return nil
}

func (t *deployment) say(ctx context.Context, e evidence, state, words string) (trouble string) {
	s := github.DeploymentStatus{State: state, Description: t.w.Redact(shown(words)), LogURL: t.w.Facts.RunURL(), EnvironmentURL: e.Service.URL}
	if !strings.HasPrefix(s.EnvironmentURL, "http") {
		s.EnvironmentURL = ""
	}
	if err := t.w.GitHub.SetDeploymentStatus(ctx, t.w.Facts.Repository, t.id, e.SHA, e.Service.Environment, s); err != nil {
		return err.Error()
	}
	return ""
}

// verifiedWords begin what is said of a deployment whose version was verified; by them it is found again
// where the state file was lost.
const verifiedWords = "verified "

var verifiedVersion = regexp.MustCompile(`^` + verifiedWords + `([^\s:]{1,100}): `)

// lastVerified is the version that GitHub's deployments to the environment know as verified, other than the
// one at hand; "" where they know none, or cannot be asked.
func lastVerified(ctx context.Context, w *action.World, environment, expected string) string {
	if environment == "" || expected == "" {
		return ""
	}
	list, _, err := w.GitHub.Deployments(ctx, w.Facts.Repository, environment)
	if err != nil {
		if !errors.Is(err, github.ErrNoToken) {
			w.Log("the deployments of GitHub were asked for the version that was verified last: " + err.Error())
		}
		return ""
	}
	for _, d := range list {
		if found := verifiedVersion.FindStringSubmatch(d.Says); d.State == "success" && found != nil && found[1] != expected && shown(found[1]) == found[1] {
			return found[1]
		}
	}
	return ""
}
