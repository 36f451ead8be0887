package securitygate

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/gitrepo"
	"github.com/slipway-actions/slipway/internal/osv"
	"github.com/slipway-actions/slipway/internal/runner"
)

// left is a world whose workspace holds one file.
func left(t *testing.T, name string, text []byte) *action.World {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
		t.Fatal(err)
	}
	files, err := runner.OpenWorkspace(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = files.Close() })
	return &action.World{Files: files, Dir: dir, Now: func() time.Time { return now }, Repo: &gitrepo.Repo{Root: dir}}
}

// What an earlier run left is read, or told of and left as it is. It makes no risk harmless.
func FuzzState(f *testing.F) {
	f.Add([]byte(`{"schema":"` + stateSchema + `","open":[{"kind":"vulnerability","id":"A-1","package":"p","published":"2026-01-01","firstSeen":"2026-01-02","severity":3}],"fixed":[{"id":"B","fixed":"2026-01-05"}]}`))
	f.Add([]byte(`{"schema":"other"}`))
	f.Add([]byte(`[`))
	f.Fuzz(func(t *testing.T, text []byte) {
		c := &collector{world: left(t, "state.json", text), inputs: inputs{stateFile: "state.json"}}
		c.readState()
		if c.state.unfit != (len(c.remarks) > 0) || c.state.unfit && (len(c.state.Open) > 0 || c.state.Schema != "") || !c.state.unfit && c.state.Schema != stateSchema {
			t.Fatalf("%q is unfit: %t, with %d remarks", text, c.state.unfit, len(c.remarks))
		}
		for _, r := range c.state.open() {
			if r.rating.Level < osv.Unrated || r.rating.Level > osv.Critical {
				t.Fatalf("%q holds %+v", text, r)
			}
		}
		c.state.next(evidence{now: now}, decision{}, true)
	})
}

// A .gitmodules names folders of the workspace that are not checked out, and none outside of it.
func FuzzSubmodules(f *testing.F) {
	f.Add([]byte("[submodule \"a\"]\n\tpath = vendor/a\n\turl = x\n\tpath=../b\npath = \"/etc\"\npath=[\n"))
	f.Add([]byte(strings.Repeat("path=a", 20_000)))
	f.Fuzz(func(t *testing.T, text []byte) {
		c := &collector{world: left(t, ".gitmodules", text), inputs: inputs{path: "."}}
		c.path = "."
		c.readSubmodules()
		for _, r := range c.remarks {
			if folder := strings.TrimPrefix(r.ID, "submodule:"); !filepath.IsLocal(folder) {
				t.Fatalf("%q tells of %q", text, folder)
			}
		}
	})
}
