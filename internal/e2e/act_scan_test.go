//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The nightly scan tells people once of what it finds, and once that it is over.
func TestActScan(t *testing.T) {
	t.Parallel()
	f := newFlow(t, filepath.Join(root, "examples/scheduled-scan"))
	f.vars["ADVISORIES"] = advisoryServer(t)
	event := map[string]any{"schedule": "17 3 * * *", "repository": map[string]any{"default_branch": "main"}}
	told := func() string {
		var told []string
		for line := range strings.Lines(f.calls()) {
			if !strings.HasPrefix(line, "gh issue list") {
				told = append(told, strings.Join(strings.Fields(line)[:3], " "))
			}
		}
		return strings.Join(told, ", ")
	}
	manifest := filepath.Join(f.repository, "go.mod")
	for _, night := range []struct {
		module, result string
		code           int
		told           string
	}{
		{sound, "success", 0, ""},
		{vulnerable, "failure", 1, "gh issue create"},
		{vulnerable, "failure", 1, "gh issue create, gh issue comment"},
		{sound, "success", 0, "gh issue create, gh issue comment, gh issue close"},
	} {
		write(t, manifest, "module example.com/shop\n\ngo 1.26\n\nrequire "+night.module+"\n")
		f.commit("chore: take " + night.module)
		f.want(f.run("scan.yml", "schedule", event), night.code, map[string]string{"scan/scan": night.result})
		if got := told(); got != night.told {
			t.Errorf("with %s, people were told %q, want %q", night.module, got, night.told)
		}
		report, err := os.ReadFile(filepath.Join(f.standin, "slipway.sarif"))
		if err != nil || strings.Contains(string(report), "GO-2020-0001") != (night.code == 1) {
			t.Errorf("with %s, the report to code scanning is wrong (%v):\n%s", night.module, err, report)
		}
	}
}
