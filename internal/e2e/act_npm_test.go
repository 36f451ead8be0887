//go:build e2e

package e2e

import (
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A push keeps the pull request of the next version; its merge releases, and publishes after a go.
func TestActNpm(t *testing.T) {
	t.Parallel()
	f := newFlow(t, filepath.Join(root, "examples/npm"))
	f.vars["ADVISORIES"], f.vars["WAIT"], f.vars["REGISTRY_TIMEOUT"] = advisoryServer(t), "0s", "30s"
	f.secrets["NPM_TOKEN"] = "token-of-the-registry"
	had := regexp.MustCompile(`(?m)^registry has @acme/shop@(\S+)$`)
	f.vars["NPM_REGISTRY"] = answer(t, func(path string) (int, string) {
		found := had.FindAllStringSubmatch(f.calls(), -1)
		if path != "/@acme/shop/latest" || found == nil {
			return http.StatusNotFound, "{}"
		}
		return http.StatusOK, `{"name":"@acme/shop","version":"` + found[len(found)-1][1] + `"}`
	})
	f.commit("feat: open the shop")
	f.check("test", "success")

	f.want(f.run("release.yml", "push", nil), 0, map[string]string{"release/version": "success"})
	if len(f.hub.Pulls) != 1 || f.hub.Pulls[0].State != "open" || len(f.hub.Releases) != 0 || f.calls() != "" {
		t.Fatalf("after a push GitHub has\n%s\nand the job did %q", f.hub.Text(), f.calls())
	}

	const branch = "slipway/release-main"
	f.git("fetch", "-q", f.remote(), branch)
	f.git("merge", "-q", "--no-ff", "-m", "Merge the release", "FETCH_HEAD")
	f.commit("chore: merged")
	f.check("test", "success")
	f.want(f.run("release.yml", "push", nil), 0, map[string]string{"release/version": "success", "release/publish": "success"})
	if calls := f.calls(); !strings.HasSuffix(calls, "npm publish --provenance --access public\nregistry has @acme/shop@0.1.0") {
		t.Errorf("the job did\n%s", calls)
	}
	if tags := f.tags(); tags != "v0.1.0" || len(f.hub.Releases) != 1 {
		t.Errorf("the tags are %q, the releases\n%s", tags, f.hub.Text())
	}
}
