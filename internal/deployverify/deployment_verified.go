package deployverify

import (
	"context"
	"strings"

	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// verifiedMark begins what is said of a version that was verified. A later run takes the version to go back
// to from it.
const verifiedMark = "verified "

// verifiedText says that a version was verified. One that cannot be told in the form that is read back is
// left out.
func verifiedText(version, reason string) string {
	text := verifiedMark + version + ": " + reason
	if read, ok := verifiedIn(description(text)); !ok || read != version {
		return "verified: " + reason
	}
	return text
}

// verifiedIn reads the version out of it: the word behind the mark, up to the colon that ends it.
func verifiedIn(text string) (version string, ok bool) {
	text, ok = strings.CutPrefix(text, verifiedMark)
	word, _, more := strings.Cut(text, " ")
	version, ended := strings.CutSuffix(word, ":")
	if !ok || !more || !ended || version == "" || version != shown(version) {
		return "", false
	}
	return version, true
}

// lastVerified is the newest version of this service in this environment that was verified, other than one.
// Only a success that a run like this one wrote counts, about the same address: other services may be
// deployed to the same environment. What failed later is not gone back to.
func (d *deployment) lastVerified(ctx context.Context, not string) (verified, bool) {
	if d.left || d.address == "" {
		return verified{}, false
	}
	list, err := d.w.GitHub.NewestDeployments(ctx, d.w.Facts.Repository, d.environment)
	for _, one := range list {
		if one.ID == d.id {
			continue
		}
		var statuses []github.DeploymentStatus
		if statuses, err = d.w.GitHub.DeploymentStatuses(ctx, d.w.Facts.Repository, one.ID); err != nil {
			break
		}
		if v, ok := d.verifiedBy(statuses); ok && v.Version != not {
			v.SHA = one.SHA
			return v, true
		}
	}
	if err != nil {
		d.warned = append(d.warned, result.Finding{ID: "rollback-to", Outcome: verdict.Warned, Title: "Version to go back to", Observed: err.Error(), Next: remedyOf(err, "deployments: write")})
	}
	return verified{}, false
}

// verifiedBy is the version that the statuses of a deployment, the newest first, say was verified.
func (d *deployment) verifiedBy(statuses []github.DeploymentStatus) (verified, bool) {
	for _, s := range statuses {
		switch s.State {
		case github.DeploymentFailure, github.DeploymentError:
			return verified{}, false
		case github.DeploymentSuccess:
			version, ok := verifiedIn(s.Description)
			if ok && s.EnvironmentURL == d.address && !s.At.IsZero() {
				return verified{Version: version, At: s.At}, true
			}
		}
	}
	return verified{}, false
}
