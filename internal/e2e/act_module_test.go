//go:build e2e

package e2e

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"
)

// A tag releases a Go module: tested, judged, published, and there for others. A no-go publishes nothing.
func TestActGoModule(t *testing.T) {
	t.Parallel()
	f := newFlow(t, filepath.Join(root, "examples/go-module"))
	f.vars["ADVISORIES"], f.vars["WAIT"] = advisoryServer(t), "0s"
	// A module proxy has what is tagged in the repository.
	f.vars["MODULE_PROXY"], f.vars["PROXY_TIMEOUT"] = answer(t, func(path string) (int, string) {
		version := strings.TrimSuffix(strings.TrimPrefix(path, "/github.com/acme/shop/@v/"), ".info")
		if !strings.Contains(" "+f.tags()+" ", " "+version+" ") {
			return http.StatusNotFound, "not found"
		}
		return http.StatusOK, `{"Version":"` + version + `"}`
	}), "20s"
	tag := func(message, tag, tests string) ran {
		f.git("commit", "-q", "--allow-empty", "-m", message)
		f.git("tag", tag)
		f.commit("chore: go on") // main has moved on meanwhile
		f.git("checkout", "-q", "--detach", tag)
		f.check("test", tests)
		got := f.run("release.yml", "push", map[string]any{"ref": "refs/tags/" + tag})
		f.git("checkout", "-q", "main")
		return got
	}
	f.git("add", "-A")

	f.want(tag("feat: open the shop", "v0.1.0", "success"), 0, map[string]string{
		"release/test": "success", "release/release": "success", "release/proxy": "success",
	})
	if len(f.hub.Releases) != 1 || f.hub.Releases[0].Tag != "v0.1.0" || f.hub.Releases[0].Draft || !strings.Contains(strings.ToLower(f.hub.Releases[0].Body), "open the shop") {
		t.Errorf("the releases are %s", f.hub.Text())
	}
	f.want(tag("feat: add a cart", "v0.2.0", "failure"), 1, map[string]string{
		"release/test": "success", "release/release": "failure",
	})
	if len(f.hub.Releases) != 1 {
		t.Errorf("a no-go released: %s", f.hub.Text())
	}
}
