//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The ten minutes of the README, to the letter: an empty repository, the workflow that stands there, and what it says
// becomes of a feature, of a fix, of what releases nothing, and of a test that breaks. Only advisories come from a
// server on loopback.
func TestActFirst(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, workflow, found := strings.Cut(string(text), "<!-- example: first -->\n```yaml\n")
	workflow, _, closed := strings.Cut(workflow, "```\n")
	const scan = "      - uses: slipway-actions/slipway/actions/security-gate@v1\n"
	if !found || !closed || strings.Count(workflow, scan) != 1 {
		t.Fatalf("the README has no first workflow any more, or another one:\n%s", workflow)
	}
	folder := t.TempDir()
	write(t, filepath.Join(folder, "go.mod"), "module example.com/shop\n\ngo 1.24\n")
	write(t, filepath.Join(folder, ".github/workflows/release.yml"), strings.Replace(workflow, scan, scan+"        with: {database: \""+advisoryServer(t)+"\"}\n", 1))
	f := newFlow(t, folder)
	for _, push := range []struct {
		message, releases string
		code              int
		jobs              map[string]string
	}{
		{"feat: begin", "v0.1.0", 0, map[string]string{"release/test": "success", "release/release": "success"}},
		{"fix: count to ten", "v0.1.0 v0.1.1", 0, map[string]string{"release/test": "success", "release/release": "success"}},
		{"docs: say how", "v0.1.0 v0.1.1", 0, map[string]string{"release/test": "success", "release/release": "success"}},
		{"feat: break it", "v0.1.0 v0.1.1", 1, map[string]string{"release/test": "failure"}},
	} {
		if push.code != 0 {
			write(t, filepath.Join(f.repository, "go.mod"), "")
		}
		f.commit(push.message)
		f.check("test", map[int]string{0: "success", 1: "failure"}[push.code])
		got := f.run("release.yml", "push", nil)
		f.want(got, push.code, push.jobs)
		f.git("fetch", "-q", "--tags", f.remote())
		var releases []string
		for _, one := range f.hub.Releases {
			if !one.Draft {
				releases = append(releases, one.Tag)
			}
		}
		if all := strings.Join(releases, " "); all != push.releases {
			t.Errorf("after %q the releases are %q, want %q:\n%s", push.message, all, push.releases, got.said())
		}
	}
}
