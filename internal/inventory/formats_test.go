package inventory

import (
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/slipway-actions/slipway/internal/manifest"
)

// tree writes a txtar archive into a new folder.
func tree(t *testing.T, archive string) string {
	t.Helper()
	dir := t.TempDir()
	for _, f := range txtar.Parse([]byte(archive)).Files {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func openRoot(t *testing.T, dir string) *os.Root {
	t.Helper()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return root
}

// TestFormats reads a small lockfile of every format with the real parser. Each lies in a folder of
// its own in testdata/formats.txtar; packages.txt beside it says what is in it, a line each.
func TestFormats(t *testing.T) {
	archive, err := os.ReadFile("testdata/formats.txtar")
	if err != nil {
		t.Fatal(err)
	}
	dir := tree(t, string(archive))
	inv, err := Read(t.Context(), OSVScanner{}, dir, ".")
	if err != nil {
		t.Fatal(err)
	}
	read := map[string]bool{}
	for _, m := range inv.Manifests {
		if m.State != manifest.Scanned {
			t.Errorf("%s is %s: %s", m.Path, m.State, m.Reason)
			continue
		}
		read[formatOf(m.Path).Plugin] = true
		folder, _, _ := strings.Cut(m.Path, "/")
		want, err := os.ReadFile(filepath.Join(dir, folder, "packages.txt"))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range m.Packages {
			got = append(got, strings.TrimSpace(strings.Join([]string{e.Ecosystem, e.Name, e.Version}, " ")))
		}
		if !slices.Equal(got, strings.Split(strings.TrimSpace(string(want)), "\n")) {
			t.Errorf("%s:\n%s\nwant\n%s", m.Path, strings.Join(got, "\n"), want)
		}
	}
	for _, f := range formats {
		if !read[f.Plugin] {
			t.Errorf("no file tells whether %s is read", f.Plugin)
		}
	}
}

// TestBroken cuts every lockfile of TestFormats, and replaces it by other text: no format may take
// that for a file without packages.
func TestBroken(t *testing.T) {
	archive, err := os.ReadFile("testdata/formats.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range txtar.Parse(archive).Files {
		if path.Base(f.Name) == "packages.txt" || formatOf(f.Name) == nil {
			continue
		}
		for name, text := range map[string]string{
			"a sentence": "nothing to see\n", "binary": "\x00\x01\x02", "a page": "<!DOCTYPE html><html><body>502</body></html>\n", "an open bracket": "{\n",
			"a merge": "<<<<<<< HEAD\n" + string(f.Data) + "=======\n>>>>>>> other\n",
		} {
			dir := tree(t, "-- "+f.Name+" --\n"+text)
			inv, err := Read(t.Context(), OSVScanner{}, dir, ".")
			if err != nil {
				t.Fatal(err)
			}
			if m := inv.Manifests[0]; m.State != manifest.Broken || m.Reason == "" || strings.Contains(m.Reason, "slipway-scan") {
				t.Errorf("%s as %s: %s, %q, %d packages", path.Base(f.Name), name, m.State, m.Reason, len(m.Packages))
			}
		}
	}
}
