//go:build e2e

package e2e

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/fakegithub"
)

// The load runs when the feed is complete and the upstream has released what it needs, and not before.
func TestActDataPipeline(t *testing.T) {
	t.Parallel()
	f := newFlow(t, filepath.Join(root, "examples/data-pipeline"))
	status := "loading"
	f.vars["FEED_URL"] = answer(t, func(string) (int, string) { return http.StatusOK, `{"status":"` + status + `"}` })
	f.vars["WAIT"], f.vars["INTERVAL"] = "3s", "1s"
	f.commit("feat: report sales")
	f.check("check", "success")
	held := map[string]string{"load/check": "success", "load/ready": "failure"}

	f.want(f.run("load.yml", "push", nil), 1, held) // neither is there
	status = "complete"
	f.hub.Others = map[string]*fakegithub.Kept{"acme/warehouse": {Releases: []*fakegithub.Release{{ID: 1, Tag: "v2.3.9", Name: "v2.3.9"}}}}
	got := f.run("load.yml", "push", nil)
	f.want(got, 1, held)
	if !strings.Contains(got.text, "v2.3.9") {
		t.Error("the log does not say what the upstream has released")
	}
	if calls := f.calls(); calls != "" {
		t.Fatalf("before its upstream was there the load did %q", calls)
	}
	f.hub.Others["acme/warehouse"].Releases[0].Tag = "v2.4.1"
	f.want(f.run("load.yml", "push", nil), 0, map[string]string{"load/check": "success", "load/ready": "success", "load/load": "success"})
	if calls := f.calls(); calls != "kubectl create job --from=cronjob/sales-report sales-report-1" {
		t.Errorf("the load did %q", calls)
	}
}
