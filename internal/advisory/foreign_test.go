package advisory

import (
	"fmt"
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

// Data that has never heard of a release finds nothing in it, and that is no "nothing known".
func TestReleases(t *testing.T) {
	record := `{"id":"DSA-1","affected":[{"package":{"ecosystem":"%s","name":"curl"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"}]}]}]}`
	for _, tt := range []struct {
		about, of string
		known     bool
	}{{"Debian:12", "Debian:12", true}, {"Debian:12", "Debian:13", false}, {"Debian", "Debian:13", true}, {"Ubuntu:22.04:LTS", "Ubuntu:22.04", true}, {"Alpine:v3.18", "Alpine:v3.99", false}} {
		base := osv.BaseEcosystem(tt.of)
		files := map[string][]byte{base + "/all.zip": archive(t, "DSA-1.json", fmt.Sprintf(record, tt.about), "padding", padding())}
		f := folder(t, files)
		for range 2 { // without an index, and with the one that the first left
			a := f.Ask(t.Context(), []osv.Package{{Ecosystem: tt.of, Name: "openssl", Version: "3.0.1"}})
			if (len(a.Problems) == 0) != tt.known {
				t.Errorf("%s in data about %s: %+v", tt.of, tt.about, a.Problems)
			}
		}
	}
}
