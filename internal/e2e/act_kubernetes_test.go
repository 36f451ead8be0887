//go:build e2e

package e2e

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// newKubernetes is examples/kubernetes with a lane that answers as the cluster would that the stand-in for kubectl
// was told to make. Its soaks are a second: that is all that differs from the example.
func newKubernetes(t *testing.T) *flow {
	t.Helper()
	f := newFlow(t, filepath.Join(root, "examples/kubernetes"))
	policy := filepath.Join(f.repository, ".github/slipway.yml")
	text, err := os.ReadFile(policy)
	if err != nil {
		t.Fatal(err)
	}
	short := regexp.MustCompile(`soak: \d+h, max: \d+h`).ReplaceAll(text, []byte("soak: 1s, max: 2s"))
	if string(short) == string(text) {
		t.Fatal("the example's plan has no soaks any more")
	}
	write(t, policy, string(short))
	f.vars["ADVISORIES"], f.vars["WAIT"], f.vars["WHOLE_SOAK"] = advisoryServer(t), "0s", "0s"
	track := regexp.MustCompile(`(?m)^kubectl patch service shop-lane .*"track":"(\w+)"`)
	f.vars["LANE_URL"] = answer(t, func(string) (int, string) {
		slot := "stable"
		if found := track.FindAllStringSubmatch(f.calls(), -1); found != nil {
			slot = found[len(found)-1][1]
		}
		version := f.slot(slot)
		if version == "0.2.0" && slot == "canary" {
			return http.StatusInternalServerError, "broken"
		}
		return http.StatusOK, fmt.Sprintf(`{"version":%q}`, version)
	})
	return f
}

// slot is the version that a slot was given last.
func (f *flow) slot(name string) string {
	f.Helper()
	found := regexp.MustCompile(`(?m)^kubectl set image deployment/shop-`+name+` shop=ghcr.io/acme/shop:(\S+)$`).FindAllStringSubmatch(f.calls(), -1)
	if found == nil {
		return "none"
	}
	return found[len(found)-1][1]
}

// shares are the numbers of pods that the canary was given, in order.
func (f *flow) shares() string {
	f.Helper()
	var shares []string
	for _, found := range regexp.MustCompile(`(?m)^kubectl scale deployment/shop-canary --replicas=(\d+)$`).FindAllStringSubmatch(f.calls(), -1) {
		shares = append(shares, found[1])
	}
	return strings.Join(shares, " ")
}

// A good version gets a share after the other, then all; a broken one gets the first, and goes.
func TestActKubernetes(t *testing.T) {
	t.Parallel()
	f := newKubernetes(t)
	f.commit("feat: open the shop")
	f.check("test", "success")
	got := f.run("release.yml", "push", nil)
	f.want(got, 0, map[string]string{
		"release/image": "success", "release/decide": "success", "canary/canary/deploy": "success",
		"step-1/canary-step/verify": "success", "step-2/canary-step/verify": "success",
		"canary/canary/promote": "success", "canary/canary/outcome": "success", "release/tag": "success",
	})
	if stable, shares, tags := f.slot("stable"), f.shares(), f.tags(); stable != "0.1.0" || shares != "1 10 0" || tags != "v0.1.0" {
		t.Errorf("stable runs %s, the canary had %s pods, the tags are %s:\n%s", stable, shares, tags, f.calls())
	}

	f.commit("feat: break it")
	f.check("test", "success")
	got = f.run("release.yml", "push", nil)
	f.want(got, 1, map[string]string{
		"release/image": "success", "release/decide": "success", "canary/canary/deploy": "success",
		"step-1/canary-step/verify": "success", "rollback/rollback/rollback": "success", "canary/canary/outcome": "failure",
	})
	if stable, shares, tags := f.slot("stable"), f.shares(), f.tags(); stable != "0.1.0" || shares != "1 10 0 1 0" || tags != "v0.1.0" {
		t.Errorf("stable runs %s, the canary had %s pods, the tags are %s:\n%s", stable, shares, tags, f.calls())
	}
}

// Without a go nothing is rolled out.
func TestActKubernetesNoGo(t *testing.T) {
	t.Parallel()
	f := newKubernetes(t)
	f.commit("feat: open the shop")
	f.check("test", "failure")
	f.want(f.run("release.yml", "push", nil), 1, map[string]string{"release/image": "success", "release/decide": "failure"})
	if strings.Contains(f.calls(), "kubectl") {
		t.Errorf("after a no-go, the jobs did\n%s", f.calls())
	}
}
