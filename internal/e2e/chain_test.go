//go:build e2e

package e2e

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/slipway-actions/slipway/internal/fakegithub"
)

// hub gives the job a GitHub on loopback, whose repository is a bare copy of the workspace.
func (j *job) hub() *fakegithub.Hub {
	j.Helper()
	bare := j.TempDir()
	j.git("clone", "-q", "--bare", ".", bare)
	hub, address := startHub(j.T, bare)
	j.token, j.network, j.env["GITHUB_API_URL"] = hubToken, "host", address
	return hub
}

// service is a deployed shop that tells its version.
func (j *job) service(version string) string {
	j.Helper()
	return answer(j.T, func(string) (int, string) { return http.StatusOK, fmt.Sprintf(`{"version":%q}`, version) })
}

// All steps of a release, each handing on to the next by outputs and files, as a workflow would chain them.
func TestChain(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		conclusion string // of the tests
		module     string // that the shop depends on
		scanned    int
		code       int
		verdict    string
		decision   string
	}{
		"go":            {"success", sound, 0, 0, "pass", "go"},
		"a test failed": {"failure", sound, 0, 1, "fail", "no-go"},
		"no test yet":   {"", sound, 0, 3, "unknown", "no-go"},
		"a known risk":  {"success", vulnerable, 1, 1, "fail", "no-go"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := newJob(t, "chore: begin")
			j.write("go.mod", "module example.com/shop\n\ngo 1.26\n\nrequire "+test.module+"\n")
			j.commit("feat: add a cart", "fix(cart): count to ten")
			hub := j.hub()
			if test.conclusion != "" {
				seed(t, hub, map[string]any{"check_runs": []any{map[string]any{
					"head_sha": j.env["GITHUB_SHA"], "name": "unit", "status": "completed", "conclusion": test.conclusion,
				}}})
			}
			database := j.advisories()

			bump := j.step("version-bump", nil)
			j.check("version-bump", bump, 0, "pass")
			notes := j.step("changelog", map[string]string{"version": bump.outputs["version"], "file": ""})
			j.check("changelog", notes, 0, "pass")
			scan := j.step("security-gate", map[string]string{"database": database})
			j.check("security-gate", scan, test.scanned, map[int]string{0: "pass", 1: "fail"}[test.scanned])
			decision := j.step("go-no-go", map[string]string{"evidence": bump.outputs["result-file"] + "\n" + scan.outputs["result"]})
			j.check("go-no-go", decision, test.code, test.verdict)
			if got := decision.outputs["decision"]; got != test.decision {
				t.Fatalf("the decision is %q, want %q:\n%s", got, test.decision, decision.text)
			}
			whole := j.step("preflight", map[string]string{"database": database, "file": ""})
			j.check("preflight", whole, test.code, test.verdict)
			if got := whole.outputs["decision"]; got != test.decision {
				t.Errorf("preflight decides %q, the steps one by one %q", got, test.decision)
			}
			if test.decision != "go" {
				return
			}
			version := bump.outputs["version"]
			verified := j.step("deploy-verify", map[string]string{
				"url": j.service(version), "expected-version": version, "version-path": "$.version", "interval": "1s",
			})
			j.check("deploy-verify", verified, 0, "pass")
			if got := verified.outputs["decision"]; got != "promote" {
				t.Errorf("a good deployment's decision is %q", got)
			}
			refused := j.step("deploy-verify", map[string]string{
				"url": j.service("0.0.9"), "expected-version": version, "version-path": "$.version", "interval": "1s", "timeout": "3s",
			})
			if refused.code == 0 || refused.outputs["decision"] == "promote" {
				t.Errorf("another version was promoted:\n%s", refused.text)
			}
		})
	}
}

// Two versions of a module, with the advisory GO-2020-0001 in between.
const (
	vulnerable = "github.com/gin-gonic/gin v1.5.0"
	sound      = "github.com/gin-gonic/gin v1.11.0"
)

// advisories are a few real ones, where the container sees them.
func (j *job) advisories() string {
	j.Helper()
	if err := os.CopyFS(filepath.Join(j.temp, "osv"), os.DirFS(root+"/internal/securitygate/testdata/osv")); err != nil {
		j.Fatal(err)
	}
	return "/github/runner_temp/osv"
}
