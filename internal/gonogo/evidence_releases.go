package gonogo

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/policy"
)

// upstream is what another repository has released or deployed.
type upstream struct {
	Asked   releaseQuestion `json:"asked"`
	Found   *foundRelease   `json:"found,omitempty"` // the highest release that counts, or the deployment that stands; nil where there is none
	Seen    int             `json:"seen,omitempty"`  // releases or deployments that were looked at
	Partly  bool            `json:"partly,omitempty"`
	Newest  string          `json:"newest,omitempty"` // a deployment that came after the one that stands, and its state
	URL     string          `json:"url,omitempty"`    // of the page that lists them
	Problem problem         `json:"problem,omitzero"` // why it could not be read
}

// releaseQuestion is what was asked for. Evidence counts only for the very question that a rule asks.
type releaseQuestion struct {
	Repository  string `json:"repository"`
	AtLeast     string `json:"atLeast"`
	Environment string `json:"environment,omitempty"`
	TagPrefix   string `json:"tagPrefix,omitempty"`
}

// foundRelease is a release, or the ref of a deployment.
type foundRelease struct {
	Tag        string    `json:"tag"`
	Prerelease bool      `json:"prerelease,omitempty"` // as GitHub has it marked
	At         time.Time `json:"at"`
	URL        string    `json:"url,omitempty"`
}

// releaseAPI is what this action asks GitHub about other repositories.
type releaseAPI interface {
	PublishedReleases(ctx context.Context, repository string, enough func(github.Published) bool) ([]github.Published, error)
	Deployments(ctx context.Context, repository, environment string) (list []github.Deployment, whole bool, err error)
}

// releases reads what upstream repositories have released.
func (c collector) releases(ctx context.Context, e *evidence) {
	e.Releases = nil
	for _, rule := range c.in.Gate.Criteria {
		if rule.Release == nil {
			continue
		}
		if e.Releases == nil {
			e.Releases = map[string]upstream{}
		}
		e.Releases[rule.ID] = readUpstream(ctx, c.GitHub, *rule.Release, c.in.Repository, c.Facts.ServerURL)
	}
}

func readUpstream(ctx context.Context, api releaseAPI, rule policy.Upstream, own, server string) upstream {
	u := upstream{Asked: upstreamQuestion(rule)}
	var err error
	page, permission := "/releases", "contents: read"
	if rule.Environment == "" {
		err = u.readReleases(ctx, api, rule)
	} else {
		page, permission = "/deployments/"+url.PathEscape(rule.Environment), "deployments: read"
		err = u.readDeployments(ctx, api, rule)
	}
	if server != "" {
		u.URL = server + "/" + rule.Repository + page
	}
	u.Problem = foreign(problemOf(err), err, rule.Repository, own, permission)
	return u
}

// readReleases keeps the highest release that counts.
func (u *upstream) readReleases(ctx context.Context, api releaseAPI, rule policy.Upstream) error {
	enough := func(p github.Published) bool { return released(p).reaches(rule) }
	list, err := api.PublishedReleases(ctx, rule.Repository, enough)
	u.Seen = len(list)
	for _, p := range list {
		r := released(p)
		v, ok := r.version(rule)
		if !ok {
			continue
		}
		if u.Found != nil {
			if best, _ := u.Found.version(rule); !v.GreaterThan(best) {
				continue
			}
		}
		u.Found = &r
	}
	return err
}

func released(p github.Published) foundRelease {
	return foundRelease{Tag: p.Tag, Prerelease: p.Prerelease, At: p.At.UTC(), URL: p.URL}
}

// readDeployments keeps the newest deployment that stands: GitHub marks those that a newer one has
// replaced as inactive.
func (u *upstream) readDeployments(ctx context.Context, api releaseAPI, rule policy.Upstream) error {
	list, whole, err := api.Deployments(ctx, rule.Repository, rule.Environment)
	u.Seen = len(list)
	standing := slices.IndexFunc(list, func(d github.Deployment) bool { return d.State == "success" })
	if standing >= 0 {
		d := list[standing]
		u.Found = &foundRelease{Tag: strings.TrimPrefix(d.Ref, "refs/tags/"), At: d.At.UTC()}
	}
	if standing != 0 && len(list) > 0 {
		state := list[0].State
		if state == "" {
			state = "without a status"
		}
		u.Newest = shorten(list[0].Ref) + " is " + shorten(state)
	}
	u.Partly = standing < 0 && !whole
	return err
}
