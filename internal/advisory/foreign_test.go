package advisory

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/osv"
)

// TestForeignIndex holds that an index beside data of a workspace is neither read nor written.
func TestForeignIndex(t *testing.T) {
	f := folder(t, map[string][]byte{"Go/all.zip": archive(t, many(300)...)})
	f.Foreign = true
	want := told(f.Ask(t.Context(), []osv.Package{installed}))
	if names, _ := filepath.Glob(filepath.Join(f.Dir, "Go", "*.index")); len(names) != 0 {
		t.Errorf("there is %v", names)
	}
	f.Foreign = false
	if got := told(f.Ask(t.Context(), []osv.Package{installed})); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if names, _ := filepath.Glob(filepath.Join(f.Dir, "Go", "*.index")); len(names) != 1 {
		t.Errorf("there is no index beside the data")
	}
}

func TestWantedDigest(t *testing.T) {
	f := folder(t, map[string][]byte{"Go/all.zip": archive(t, many(300)...)})
	digest := f.Ask(t.Context(), []osv.Package{installed}).Sets[0].Digest
	f.Digests = map[string]string{"Go": digest}
	if a := f.Ask(t.Context(), []osv.Package{installed}); len(a.Problems) != 0 {
		t.Errorf("%+v", a.Problems)
	}
	f.Digests["Go"] = "sha256:" + strings.Repeat("0", 64)
	if a := f.Ask(t.Context(), []osv.Package{installed}); len(a.Problems) != 1 || len(a.Candidates) != 0 || !strings.Contains(a.Problems[0].Text, digest) {
		t.Errorf("%+v", a)
	}
}
