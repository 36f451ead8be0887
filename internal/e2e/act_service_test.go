//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The pipeline as a caller has it: a first release, one that does not stand and is taken back, and the button.
func TestActPipeline(t *testing.T) {
	f := newFlow(t, filepath.Join(root, "examples/service"))
	f.vars["ADVISORIES"], f.vars["WAIT"] = advisoryServer(t), "0s"
	f.secrets["DEPLOY_TOKEN"] = "token-of-the-deployment"
	f.vars["SHOP_URL"] = f.deployed(`(?m)^kubectl set image deployment/shop shop=registry.example/shop:(\S+)$`, "none")
	f.commit("feat: open the shop")
	f.check("test", "success")

	got := f.run("release.yml", "push", nil)
	f.want(got, 0, map[string]string{})
	t.Log(got.order, f.calls(), strings.Contains(got.text, "x"))
	_ = os.Args
}
