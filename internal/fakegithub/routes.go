package fakegithub

import (
	"net/http"
	"regexp"
	"strings"
)

// route is one operation of GitHub's description that the hub answers.
type route struct {
	method, path string // as the description has them
	permit       string // that it takes to be answered, such as checks:read; writing includes reading
	run          func(h *Hub, r *http.Request) answer
}

const inRepo = "/repos/{owner}/{repo}"

// routes are tried in their order. Without a permit stands what takes metadata alone, which every
// token has. Contents a job's token has only where its permissions name them, or name none at all.
var routes = []route{
	{"GET", inRepo + "/git/ref/{ref}", "contents:read", (*Hub).getRef},
	{"GET", inRepo + "/git/matching-refs/{ref}", "contents:read", (*Hub).matchingRefs},
	{"POST", inRepo + "/git/refs", "contents:write", (*Hub).createRef},
	{"PATCH", inRepo + "/git/refs/{ref}", "contents:write", (*Hub).updateRef},
	{"GET", inRepo + "/git/tags/{tag_sha}", "contents:read", (*Hub).tagObject},
	{"POST", inRepo + "/git/tags", "contents:write", (*Hub).createTag},
	{"GET", inRepo + "/git/commits/{commit_sha}", "contents:read", (*Hub).gitCommit},
	{"POST", inRepo + "/git/commits", "contents:write", (*Hub).createCommit},
	{"POST", inRepo + "/git/blobs", "contents:write", (*Hub).createBlob},
	{"POST", inRepo + "/git/trees", "contents:write", (*Hub).createTree},

	{"GET", inRepo + "/releases/latest", "contents:read", (*Hub).latestRelease},
	{"GET", inRepo + "/releases/tags/{tag}", "contents:read", (*Hub).releaseByTag},
	{"GET", inRepo + "/releases", "contents:read", (*Hub).listReleases},
	{"POST", inRepo + "/releases", "contents:write", (*Hub).createRelease},
	{"PATCH", inRepo + "/releases/{release_id}", "contents:write", (*Hub).editRelease},
	{"DELETE", inRepo + "/releases/{release_id}", "contents:write", (*Hub).deleteRelease},
	{"GET", inRepo + "/releases/{release_id}/assets", "contents:read", (*Hub).listAssets},
	{"POST", inRepo + "/releases/{release_id}/assets", "contents:write", (*Hub).uploadAsset},
	{"DELETE", inRepo + "/releases/assets/{asset_id}", "contents:write", (*Hub).deleteAsset},

	{"GET", inRepo + "/commits/{ref}/check-runs", "checks:read", (*Hub).listCheckRuns},
	{"POST", inRepo + "/check-runs", "checks:write", (*Hub).createCheckRun},
	{"GET", inRepo + "/check-runs/{check_run_id}", "checks:read", (*Hub).getCheckRun},
	{"PATCH", inRepo + "/check-runs/{check_run_id}", "checks:write", (*Hub).updateCheckRun},
	{"GET", inRepo + "/commits/{ref}/statuses", "statuses:read", (*Hub).listStatuses},
	{"POST", inRepo + "/statuses/{sha}", "statuses:write", (*Hub).createStatus},
	{"GET", inRepo + "/actions/runs", "actions:read", (*Hub).listWorkflowRuns},
	{"GET", inRepo + "/actions/runs/{run_id}", "actions:read", (*Hub).getWorkflowRun},
	{"GET", inRepo + "/actions/runs/{run_id}/approvals", "actions:read", (*Hub).listRunApprovals},
	{"GET", inRepo + "/actions/runs/{run_id}/jobs", "actions:read", (*Hub).listJobs},
	{"GET", inRepo + "/actions/runs/{run_id}/attempts/{attempt_number}/jobs", "actions:read", (*Hub).listJobs},
	{"POST", inRepo + "/actions/workflows/{workflow_id}/dispatches", "actions:write", (*Hub).dispatch},
	{"GET", inRepo + "/actions/workflows/{workflow_id}/runs", "actions:read", (*Hub).listDispatched},

	{"GET", inRepo + "/commits/{commit_sha}/pulls", "pull-requests:read", (*Hub).listCommitPulls},
	{"GET", inRepo + "/commits/{ref}", "contents:read", (*Hub).getCommit},
	{"GET", inRepo + "/commits", "contents:read", (*Hub).listCommits},
	{"GET", inRepo + "/compare/{basehead}", "contents:read", (*Hub).compare},
	{"GET", inRepo + "/contents/{path}", "contents:read", (*Hub).contents},

	{"GET", inRepo + "/pulls/{pull_number}/reviews", "pull-requests:read", (*Hub).listReviews},
	{"GET", inRepo + "/pulls/{pull_number}/files", "pull-requests:read", (*Hub).listPullFiles},
	{"GET", inRepo + "/pulls/{pull_number}", "pull-requests:read", (*Hub).getPull},
	{"PATCH", inRepo + "/pulls/{pull_number}", "pull-requests:write", (*Hub).editPull},
	{"GET", inRepo + "/pulls", "pull-requests:read", (*Hub).listPulls},
	{"POST", inRepo + "/pulls", "pull-requests:write", (*Hub).createPull},

	{"GET", inRepo + "/issues/{issue_number}/labels", "issues:read", (*Hub).listLabels},
	{"POST", inRepo + "/issues/{issue_number}/labels", "issues:write", (*Hub).addLabels},
	{"PUT", inRepo + "/issues/{issue_number}/labels", "issues:write", (*Hub).setLabels},
	{"DELETE", inRepo + "/issues/{issue_number}/labels/{name}", "issues:write", (*Hub).removeLabel},
	{"GET", inRepo + "/issues/{issue_number}/comments", "issues:read", (*Hub).listComments},
	{"POST", inRepo + "/issues/{issue_number}/comments", "issues:write", (*Hub).createComment},
	{"PATCH", inRepo + "/issues/comments/{comment_id}", "issues:write", (*Hub).editComment},
	{"GET", inRepo + "/issues/{issue_number}", "issues:read", (*Hub).getIssue},
	{"PATCH", inRepo + "/issues/{issue_number}", "issues:write", (*Hub).editIssue},
	{"GET", inRepo + "/issues", "issues:read", (*Hub).listIssues},
	{"POST", inRepo + "/issues", "issues:write", (*Hub).createIssue},
	{"GET", inRepo + "/milestones", "issues:read", (*Hub).listMilestones},
	{"GET", inRepo + "/labels", "issues:read", (*Hub).listRepositoryLabels},
	{"POST", inRepo + "/labels", "issues:write", (*Hub).createLabel},

	{"GET", inRepo + "/deployments", "deployments:read", (*Hub).listDeployments},
	{"POST", inRepo + "/deployments", "deployments:write", (*Hub).createDeployment},
	{"GET", inRepo + "/deployments/{deployment_id}", "deployments:read", (*Hub).getDeployment},
	{"GET", inRepo + "/deployments/{deployment_id}/statuses", "deployments:read", (*Hub).listDeploymentStatuses},
	{"POST", inRepo + "/deployments/{deployment_id}/statuses", "deployments:write", (*Hub).createDeploymentStatus},

	{"GET", inRepo + "/collaborators/{username}/permission", "", (*Hub).permission},
	{"GET", inRepo, "", (*Hub).getRepository},
	{"GET", "/orgs/{org}/teams/{team_slug}/members", "members:read", (*Hub).listMembers},
	{"GET", "/orgs/{org}/teams/{team_slug}/memberships/{username}", "members:read", (*Hub).membership},
	{"GET", "/users/{username}", "", (*Hub).getUser},
}

// longer are the parameters that take slashes as well.
var longer = map[string]string{"ref": ".+", "tag": ".+", "path": ".*", "basehead": ".+", "name": ".+"}

var parameter = regexp.MustCompile(`\\\{(\w+)\\\}`)

// pattern is what addresses of a route look like, with a group for each parameter.
func (r route) pattern() *regexp.Regexp {
	return regexp.MustCompile("^" + parameter.ReplaceAllStringFunc(regexp.QuoteMeta(r.path), func(found string) string {
		name := strings.Trim(found, `\{}`)
		if longer[name] == "" {
			return "(?P<" + name + ">[^/]+)"
		}
		return "(?P<" + name + ">" + longer[name] + ")"
	}) + "$")
}

var patterns = func() (all []*regexp.Regexp) {
	for _, one := range routes {
		all = append(all, one.pattern())
	}
	return all
}()

// find is the operation that a request asks for, and puts the parameters of its address into the request;
// nil where there is none.
func find(r *http.Request) *route {
	for i := range routes {
		found := patterns[i].FindStringSubmatch(r.URL.Path)
		if routes[i].method != r.Method || found == nil {
			continue
		}
		for n, name := range patterns[i].SubexpNames() {
			if name != "" {
				r.SetPathValue(name, found[n])
			}
		}
		return &routes[i]
	}
	return nil
}
