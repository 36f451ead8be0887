package securitygate

import (
	"archive/zip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/osv-scanner/v2/pkg/osvscanner"
	"golang.org/x/mod/module"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/advisory"
	"github.com/slipway-actions/slipway/internal/inventory"
	"github.com/slipway-actions/slipway/internal/osv"
	"github.com/slipway-actions/slipway/internal/runner"
)

// TestAgainstScanner holds our matching against osv-scanner's own, which is right as long as nothing
// is missing or broken: on the same records, every package at many versions. SLIPWAY_OSV_DATA makes
// it use another database, whole.
var now = time.Date(2026, 8, 21, 12, 0, 0, 0, time.UTC)

func TestAgainstScanner(t *testing.T) {
	source := os.Getenv("SLIPWAY_OSV_DATA")
	if source == "" {
		source = "testdata/osv"
	}
	database, repaired := t.TempDir(), t.TempDir()
	manifests := map[string]func(name, version string) string{
		"Go": func(name, version string) string {
			return "require " + name + " v" + strings.TrimPrefix(version, "v") + "\n"
		},
		"PyPI": func(name, version string) string { return name + "==" + version + "\n" },
		"crates.io": func(name, version string) string {
			return fmt.Sprintf("[[package]]\nname = %q\nversion = %q\n", name, version)
		},
	}
	files := map[string]string{"Go": "go.mod", "PyPI": "requirements.txt", "crates.io": "Cargo.lock"}
	tree := t.TempDir()
	for ecosystem, line := range manifests {
		records := load(t, filepath.Join(source, ecosystem), filepath.Join(source, "osv-scalibr", ecosystem))
		pack(t, filepath.Join(database, "osv-scalibr", ecosystem, "all.zip"), records)
		pack(t, filepath.Join(repaired, "osv-scalibr", ecosystem, "all.zip"), withoutCommits(t, records))
		for i, versions := range versionsOf(t, ecosystem, records) { // a manifest holds a package at one version
			var text strings.Builder
			if ecosystem == "Go" {
				text.WriteString("module m\ngo 1.22\n")
			}
			for _, p := range versions {
				text.WriteString(line(p.Name, p.Version))
			}
			name := filepath.Join(tree, strings.ReplaceAll(ecosystem, ".", "-"), fmt.Sprint(i), files[ecosystem])
			if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, []byte(text.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	ours, theirs := matchedByUs(t, database, tree), matchedByScanner(t, repaired, tree)
	if len(theirs) < 50 {
		t.Fatalf("the scanner found only %d: it tells us nothing", len(theirs))
	}
	if diff := cmp.Diff(theirs, ours); diff != "" {
		t.Errorf("-scanner +slipway:\n%s", diff)
	}
	t.Logf("%d matches", len(ours))
}

// gather collects the evidence of a tree as it is, at a moment.
func gather(t *testing.T, dir string, at time.Time, i inputs) evidence {
	t.Helper()
	files, err := runner.OpenWorkspace(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	w := &action.World{Files: files, Dir: dir, Now: func() time.Time { return at }}
	e, err := collect(t.Context(), w, inventory.OSVScanner{}, i)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func matchedByUs(t *testing.T, database, tree string) []string {
	e := gather(t, tree, now, inputs{path: ".", database: advisory.Folder{Dir: database}, rules: rules{reachability: "off"}})
	var found []string
	affected, open := e.vulnerabilities(e.tree)
	for _, v := range affected {
		for _, id := range append([]string{v.id}, v.aliases...) {
			for _, c := range e.answer.Candidates[v.pkg] { // aliases that are records of their own
				if c.Record.ID == id {
					found = append(found, v.pkg.String()+" "+id)
				}
			}
		}
	}
	for _, u := range open {
		t.Logf("not judged: %v: %s", u.pkg, u.reason)
	}
	slices.Sort(found)
	return slices.Compact(found)
}

func matchedByScanner(t *testing.T, database, tree string) []string {
	config := filepath.Join(t.TempDir(), "empty.toml")
	if err := os.WriteFile(config, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	osvscanner.SetLogger(slog.NewTextHandler(testLog{t}, &slog.HandlerOptions{Level: slog.LevelError}))
	answer, err := osvscanner.DoScan(osvscanner.ScannerActions{
		DirectoryPaths: []string{tree}, Recursive: true, NoIgnore: true, ConfigOverridePath: config, ShowAllPackages: true,
		CompareOffline: true, LocalDBPath: database, PluginNetworkDisabled: true,
		ExperimentalScannerActions: osvscanner.ExperimentalScannerActions{TransitiveScanning: osvscanner.TransitiveScanningActions{Disabled: true}},
	})
	if err != nil && !errors.Is(err, osvscanner.ErrVulnerabilitiesFound) {
		t.Fatal(err)
	}
	var found []string
	for _, f := range answer.Flatten() {
		if f.Vulnerability != nil {
			found = append(found, osv.Package{Name: f.Package.Name, Version: f.Package.Version}.String()+" "+f.Vulnerability.GetId())
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

type testLog struct{ t *testing.T }

func (l testLog) Write(text []byte) (int, error) {
	l.t.Errorf("the scanner: %s", text)
	return len(text), nil
}

// load reads the records of the first folder that there is, archived or not.
func load(t *testing.T, dirs ...string) map[string][]byte {
	t.Helper()
	records := map[string][]byte{}
	for _, dir := range dirs {
		names, _ := filepath.Glob(filepath.Join(dir, "*.json"))
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			records[filepath.Base(name)] = text
		}
		if archive, err := zip.OpenReader(filepath.Join(dir, "all.zip")); err == nil {
			for _, f := range archive.File {
				text, err := readEntry(f)
				if err != nil {
					t.Fatal(err)
				}
				records[f.Name] = text
			}
			archive.Close()
		}
	}
	if len(records) == 0 {
		t.Fatalf("no records in %v", dirs)
	}
	return records
}

func readEntry(f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

// withoutCommits leaves the ranges of commits out: v2.5.0 of the scanner takes one that stands first
// for the end of the record, and misses the versions behind it.
func withoutCommits(t *testing.T, records map[string][]byte) map[string][]byte {
	t.Helper()
	kept := map[string][]byte{}
	for name, text := range records {
		var record map[string]any
		if err := json.Unmarshal(text, &record); err != nil {
			t.Fatal(err)
		}
		affected, _ := record["affected"].([]any)
		for _, a := range affected {
			entry := a.(map[string]any)
			ranges, _ := entry["ranges"].([]any)
			entry["ranges"] = slices.DeleteFunc(ranges, func(r any) bool { return r.(map[string]any)["type"] == "GIT" })
		}
		var err error
		if kept[name], err = json.Marshal(record); err != nil {
			t.Fatal(err)
		}
	}
	return kept
}

func pack(t *testing.T, name string, records map[string][]byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	archive := zip.NewWriter(f)
	for file, text := range records {
		w, err := archive.Create(file)
		if err == nil {
			_, err = w.Write(text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
}

// versionsOf are lists of packages, each name once in a list: at the versions where something
// changes, and around them.
func versionsOf(t *testing.T, ecosystem string, records map[string][]byte) [][]osv.Package {
	byName := map[string][]string{}
	for _, text := range records {
		r, err := osv.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range r.Affected {
			name := osv.CanonicalName(ecosystem, a.Package.Name)
			if name == "stdlib" || name == "toolchain" || strings.ContainsAny(name, " ") {
				continue
			}
			add := func(version string) {
				if version != "" && version != "0" && len(byName[name]) < 12 && !slices.Contains(byName[name], version) {
					byName[name] = append(byName[name], version)
				}
			}
			for _, rng := range a.Ranges {
				if rng.Type == "GIT" {
					continue
				}
				for _, e := range rng.Events {
					for _, version := range []string{e.Introduced, e.Fixed, e.LastAffected} {
						add(version)
						if version != "" && ecosystem != "PyPI" {
							add(version + "-0")
						}
					}
				}
			}
			for _, version := range a.Versions[:min(len(a.Versions), 3)] {
				add(version)
			}
			add("0.0.1")
			add("99.0.0")
		}
	}
	lists := make([][]osv.Package, 12)
	for name, versions := range byName {
		for i, version := range versions {
			if ecosystem == "Go" && module.Check(name, "v"+version) != nil {
				continue // a go.mod with it would be refused as a whole
			}
			lists[i] = append(lists[i], osv.Package{Ecosystem: ecosystem, Name: name, Version: version})
		}
	}
	return slices.DeleteFunc(lists, func(l []osv.Package) bool { return len(l) == 0 })
}
