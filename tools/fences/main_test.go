package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWhatIsWrongIsSaidAtItsPlace(t *testing.T) {
	for name, c := range map[string]struct {
		page string
		code int
		want string
	}{
		"whole":           {"# A\n\n```yaml\non: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps: [{run: make}]\n```\n", 0, "1 workflows in 1 documents: nothing wrong"},
		"misspelt key":    {"# A\n\n```yaml\non: push\njobs:\n  a:\n    run-on: ubuntu-24.04\n    steps: [{run: make}]\n```\n", 1, "page.md:7:5: unexpected key \"run-on\""},
		"no such output":  {"```yaml\nsteps:\n  - run: echo ${{ steps.b.outputs.c }}\n```\n", 1, "page.md:3:"},
		"steps alone":     {"```yaml\npermissions: {contents: read}\nsteps:\n  - run: make\n```\n", 0, "nothing wrong"},
		"another job":     {"```yaml\nsteps:\n  - run: make ${{ needs.build.outputs.digest }}\n```\n", 0, "nothing wrong"},
		"jobs without on": {"```yaml\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps: [{run: make}]\n```\n", 0, "nothing wrong"},
		"no workflow":     {"```yaml\nversion: 1\n```\n", 2, "no workflow was found"},
		"an injection":    {"```yaml\nsteps:\n  - run: echo ${{ github.event.issue.title }}\n```\n", 1, "potentially untrusted"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "page.md")
			if err := os.WriteFile(path, []byte(c.page), 0o644); err != nil {
				t.Fatal(err)
			}
			var out strings.Builder
			if code := run([]string{path}, &out); code != c.code || !strings.Contains(out.String(), c.want) {
				t.Errorf("exit %d: %s", code, out.String())
			}
		})
	}
}
