//go:build e2e

package e2e

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

// newService is examples/service, whose deployed version is what its stand-in for kubectl was told last.
func newService(t *testing.T) *flow {
	t.Helper()
	f := newFlow(t, filepath.Join(root, "examples/service"))
	f.vars["ADVISORIES"], f.vars["WAIT"] = advisoryServer(t), "0s"
	f.secrets["DEPLOY_TOKEN"] = "token-of-the-deployment"
	f.vars["SHOP_URL"] = f.deployed(`(?m)^kubectl set image deployment/shop shop=registry.example/shop:(\S+)$`, "0.2.0")
	return f
}

// setImage is what the example's deployment asks of kubectl.
func setImage(versions ...string) string {
	var calls strings.Builder
	for _, version := range versions {
		calls.WriteString("kubectl set image deployment/shop shop=registry.example/shop:" + version + "\n" +
			"kubectl rollout status deployment/shop --timeout=5m\n")
	}
	return strings.TrimSpace(calls.String())
}

// The pipeline as a caller has it: a release, one that is broken and taken back, and one that may not go out.
func TestActPipeline(t *testing.T) {
	t.Parallel()
	f := newService(t)
	f.commit("feat: open the shop")
	f.check("test", "success")
	const in = "release/release-pipeline/"

	got := f.run("release.yml", "push", nil)
	f.want(got, 0, map[string]string{
		in + "build": "success", in + "test": "success", in + "scan": "success", in + "deploy": "success",
		in + "verify": "success", in + "outcome": "success", "release/tag": "success",
	})
	if calls := f.calls(); calls != setImage("0.1.0") {
		t.Errorf("kubectl was asked\n%s", calls)
	}
	if tags := f.tags(); tags != "v0.1.0" {
		t.Errorf("the tags are %q", tags)
	}
	if strings.Contains(got.text, f.secrets["DEPLOY_TOKEN"]) {
		t.Error("the log shows the token of the deployment")
	}

	f.commit("feat: break it")
	f.check("test", "success")
	got = f.run("release.yml", "push", nil)
	f.want(got, 1, map[string]string{
		in + "build": "success", in + "test": "success", in + "scan": "success", in + "deploy": "success",
		in + "verify": "failure", "rollback/rollback/rollback": "success", in + "outcome": "failure",
	})
	if calls := f.calls(); calls != setImage("0.1.0", "0.2.0", "0.1.0") {
		t.Errorf("kubectl was asked\n%s", calls)
	}

	f.commit("fix: mend it")
	f.check("test", "failure")
	got = f.run("release.yml", "push", nil)
	f.want(got, 1, map[string]string{
		in + "build": "success", in + "test": "success", in + "scan": "success", in + "deploy": "failure", in + "outcome": "failure",
	})
	if calls := f.calls(); calls != setImage("0.1.0", "0.2.0", "0.1.0") {
		t.Errorf("after a no-go, kubectl was asked\n%s", calls)
	}
	if tags := f.tags(); tags != "v0.1.0" {
		t.Errorf("after two releases that came to nothing the tags are %q", tags)
	}
}

// The button brings a version back, and is red where another one answers.
func TestActRollback(t *testing.T) {
	t.Parallel()
	f := newService(t)
	f.commit("feat: open the shop")
	back := func(version string) ran {
		return f.run("rollback.yml", "workflow_dispatch", map[string]any{"ref": "refs/heads/main", "inputs": map[string]any{"version": version}})
	}
	f.want(back("0.1.0"), 0, map[string]string{"rollback/rollback/rollback": "success"})
	f.want(back("0.2.0"), 1, map[string]string{"rollback/rollback/rollback": "failure"})
	if calls := f.calls(); calls != setImage("0.1.0", "0.2.0") {
		t.Errorf("kubectl was asked\n%s", calls)
	}
}

// The gate of a pull request is one check of one name, green for a go and red for what is new and no good.
func TestActPullRequest(t *testing.T) {
	t.Parallel()
	f := newService(t)
	base := f.commit("feat: open the shop")
	f.git("checkout", "-q", "-b", "change")
	write(t, filepath.Join(f.repository, "cart.txt"), "a cart\n")
	f.want(f.pullRequest(base, "feat: add a cart"), 0, map[string]string{"pull-request/test": "success", "gate/pr-gate/slipway": "success"})

	write(t, filepath.Join(f.repository, "go.mod"), "module example.com/shop\n\ngo 1.26\n\nrequire "+vulnerable+"\n")
	got := f.pullRequest(base, "feat: take an older router")
	f.want(got, 1, map[string]string{"pull-request/test": "success", "gate/pr-gate/slipway": "failure"})
	if !strings.Contains(got.text, "GO-2020-0001") {
		t.Error("the log does not name the vulnerability")
	}
}

// pullRequest commits to the branch that is checked out, and runs what its pull request to main starts: on the
// merge of both, as GitHub does.
func (f *flow) pullRequest(base, message string) ran {
	f.Helper()
	f.git("checkout", "-q", "change")
	f.git("add", "-A")
	f.git("commit", "-q", "-m", message)
	head := f.git("rev-parse", "HEAD")
	f.check("test", "success")
	f.git("checkout", "-q", "--detach", base)
	f.git("merge", "-q", "--no-ff", "-m", "Merge "+head+" into "+base, head)
	f.git("push", "-q", "-f", f.remote(), head+":refs/heads/change", "HEAD:refs/pull/1/merge")
	given := `{"action":"synchronize","before":"` + base + `","after":"` + head + `","number":1,"pull_request":{"number":1,"state":"open","title":"feat: a cart",` +
		`"author_association":"MEMBER","user":{"login":"grace"},"head":{"ref":"change","sha":"` + head + `"},"base":{"ref":"main","sha":"` + base + `"}}}`
	text, err := f.hub.Event("pull-request-synchronize", []byte(given))
	if err != nil {
		f.Fatal(err)
	}
	var payload map[string]any
	if err := json.Unmarshal(text, &payload); err != nil {
		f.Fatal(err)
	}
	return f.run("pull-request.yml", "pull_request", payload)
}

// tags are the tags of the repository at GitHub.
func (f *flow) tags() string {
	f.Helper()
	return strings.Join(strings.Fields(git(f.T, f.remote(), "tag")), " ")
}
