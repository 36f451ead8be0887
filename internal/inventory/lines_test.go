package inventory

import (
	"flag"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/slipway-actions/slipway/internal/manifest"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestLines reads the lockfiles of testdata/lines.txtar with the real parsers, and holds what is told
// of each package against lines.txt beside it.
func TestLines(t *testing.T) {
	text, err := os.ReadFile("testdata/lines.txtar")
	if err != nil {
		t.Fatal(err)
	}
	archive := txtar.Parse(text)
	golden := map[string]string{}
	var files []txtar.File
	for _, f := range archive.Files {
		if path.Base(f.Name) == "lines.txt" {
			golden[path.Dir(f.Name)] = string(f.Data)
			continue
		}
		files = append(files, f)
	}
	dir := tree(t, string(text))
	inv, err := Read(t.Context(), OSVScanner{}, dir, ".")
	if err != nil {
		t.Fatal(err)
	}
	got, read := map[string]string{}, map[string]bool{}
	for _, m := range inv.Manifests {
		folder, _, _ := strings.Cut(m.Path, "/")
		if format := formatOf(m.Path); format != nil && m.State == manifest.Scanned {
			read[format.Plugin] = true
			got[folder] = told(m.Packages)
			file, err := os.ReadFile(filepath.Join(dir, m.Path))
			if err != nil {
				t.Fatal(err)
			}
			named(t, m, strings.Split(string(file), "\n"))
			continue
		}
		t.Errorf("%s is %s: %s", m.Path, m.State, m.Reason)
	}
	for _, f := range formats {
		if !read[f.Plugin] && f.own == nil {
			t.Errorf("no file tells the lines of %s", f.Plugin)
		}
	}
	if *update {
		archive.Files = nil
		for i, f := range files {
			archive.Files = append(archive.Files, f)
			folder, _, _ := strings.Cut(f.Name, "/")
			if i+1 == len(files) || !strings.HasPrefix(files[i+1].Name, folder+"/") {
				archive.Files = append(archive.Files, txtar.File{Name: folder + "/lines.txt", Data: []byte(got[folder])})
			}
		}
		if err := os.WriteFile("testdata/lines.txtar", txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	for folder, text := range got {
		if text != golden[folder] {
			t.Errorf("%s:\n%s\nwant\n%s", folder, text, golden[folder])
		}
	}
}

// named checks that each package, or its version, can be read on its line or in the three below, for
// where a package starts its name need not come first.
func named(t *testing.T, m manifest.File, lines []string) {
	t.Helper()
	for _, e := range m.Packages {
		if e.Line == 0 || path.Base(m.Path) == "pom.xml" { // whose versions are properties, or elsewhere
			continue
		}
		shown := strings.ToLower(strings.Join(lines[e.Line-1:min(e.Line+3, len(lines))], " "))
		if !strings.Contains(shown, strings.ToLower(path.Base(e.Name))) && (e.Version == "" || !strings.Contains(shown, e.Version)) {
			t.Errorf("%s: line %d does not show %s: %s", m.Path, e.Line, e.Package, shown)
		}
	}
}

// told is a line for each package: where it is, what it is, and how the project comes to it.
func told(entries []manifest.Entry) string {
	var b strings.Builder
	for _, e := range entries {
		fmt.Fprintf(&b, "%d: %s", e.Line, e.Package)
		if e.Relation != manifest.UnknownRelation {
			fmt.Fprintf(&b, ", %s", e.Relation)
		}
		if len(e.Through) > 0 {
			fmt.Fprintf(&b, " through %s", strings.Join(e.Through, " > "))
		}
		if len(e.Licenses) > 0 {
			fmt.Fprintf(&b, ", %s", strings.Join(e.Licenses, " AND "))
		}
		b.WriteByte('\n')
	}
	return b.String()
}
