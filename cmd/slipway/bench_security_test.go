package main

import (
	"archive/zip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/commandfile"
)

// scanner is the osv-scanner command as the module of our peers pins it.
func scanner(b *testing.B) string {
	b.Helper()
	binary := filepath.Join(b.TempDir(), "osv-scanner")
	cmd := exec.Command("go", "build", "-modfile=tools/peers/go.mod", "-trimpath", "-ldflags=-s -w", "-o", binary, "github.com/google/osv-scanner/v2/cmd/osv-scanner")
	cmd.Dir = "../.."
	must(b, cmd)
	return binary
}

// ecosystems of the tree, with the size of what is published for each: npm without its malware.
var ecosystems = map[string]struct{ records, versions int }{"Go": {5000, 0}, "npm": {8000, 0}, "PyPI": {5000, 60}, "crates.io": {1500, 0}}

const (
	packagesEach = 500 // of an ecosystem in the tree
	knownEach    = 100 // records about them
)

func packageName(ecosystem string, n int) string {
	if ecosystem == "Go" {
		return fmt.Sprintf("example.com/team%d/part%d", n%17, n)
	}
	return fmt.Sprintf("part-%d-%d", n%17, n)
}

// advisories writes databases as osv-scanner lays them out. They look like real ones: of every
// record, what a judgement needs is less than half.
func advisories(b *testing.B) string {
	b.Helper()
	dir := b.TempDir()
	words := strings.Fields("a the of in is may that when an attacker request crafted remote overflow header parser memory denial service handler before version could lead to arbitrary code path traversal input validation missing file token session user server client")
	random := rand.New(rand.NewPCG(1, 2))
	prose := func(n int) string {
		text := make([]string, n)
		for i := range text {
			text[i] = words[random.IntN(len(words))]
		}
		return strings.Join(text, " ")
	}
	for _, ecosystem := range slices.Sorted(maps.Keys(ecosystems)) {
		folder := filepath.Join(dir, "osv-scalibr", ecosystem)
		if err := os.MkdirAll(folder, 0o755); err != nil {
			b.Fatal(err)
		}
		f, err := os.Create(filepath.Join(folder, "all.zip"))
		if err != nil {
			b.Fatal(err)
		}
		archive := zip.NewWriter(f)
		size := ecosystems[ecosystem]
		for n := range size.records {
			id := fmt.Sprintf("%s-2026-%04d", strings.ToUpper(strings.TrimSuffix(ecosystem, ".io")), n)
			about := packageName(ecosystem, packagesEach+n/3)
			if n%(size.records/knownEach) == 0 {
				about = packageName(ecosystem, n/(size.records/knownEach)*5%packagesEach)
			}
			var versions, references []string
			for v := range size.versions {
				versions = append(versions, fmt.Sprintf("1.%d.%d", v/7, v%7))
			}
			for r := range 4 {
				references = append(references, fmt.Sprintf(`{"type":"WEB","url":"https://example.com/acme/%s/issues/%d%d"}`, about, n, r))
			}
			listed, err := json.Marshal(versions)
			if err != nil {
				b.Fatal(err)
			}
			kind := "SEMVER"
			if ecosystem == "PyPI" {
				kind = "ECOSYSTEM"
			}
			w, err := archive.Create(id + ".json")
			if err != nil {
				b.Fatal(err)
			}
			fmt.Fprintf(w, `{"schema_version":"1.7.3","id":%q,"modified":"2026-11-%02dT10:00:00Z","published":"2026-01-01T00:00:00Z","related":["X-%d"],"summary":%q,"details":%q,`+
				`"severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"}],`+
				`"affected":[{"package":{"ecosystem":%q,"name":%q,"purl":"pkg:x/%[7]s"},"ranges":[{"type":%q,"events":[{"introduced":"0"},{"fixed":"1.%d.0"}]}],"versions":%s,"ecosystem_specific":{"imports":[{"path":%[7]q,"symbols":["Parse","Read"]}]}}],`+
				`"references":[%[11]s],"database_specific":{"url":"https://example.com/%[2]d","review_status":"REVIEWED"}}`,
				id, 1+n%28, n, prose(8), prose(90), ecosystem, about, kind, 1+n%9, listed, strings.Join(references, ","))
		}
		if err := errors.Join(archive.Close(), f.Close()); err != nil {
			b.Fatal(err)
		}
	}
	return dir
}

// lockfiles are a tree of the packages, by ecosystem.
func lockfiles(b *testing.B, packages map[string][]string) string {
	b.Helper()
	dir := b.TempDir()
	must(b, exec.Command("git", "-C", dir, "init", "--quiet"))
	for ecosystem, names := range packages {
		var name, text string
		switch ecosystem {
		case "Go":
			name, text = "api/go.mod", "module example.com/shop\n\ngo 1.22\n\nrequire (\n"
			for _, n := range names {
				text += "\t" + n + " v1.5.0\n"
			}
			text += ")\n"
		case "npm":
			name, text = "web/package-lock.json", `{"name":"shop","version":"1.0.0","lockfileVersion":3,"requires":true,"packages":{"":{"name":"shop","version":"1.0.0"}`
			for _, n := range names {
				text += fmt.Sprintf(",\n    %q: {\"version\": \"1.5.0\", \"resolved\": \"https://npm.example/%s/-/x-1.5.0.tgz\", \"integrity\": \"sha512-00\"}", "node_modules/"+n, n)
			}
			text += "}}\n"
		case "PyPI":
			name = "jobs/requirements.txt"
			for _, n := range names {
				text += n + "==1.5.0\n"
			}
		case "crates.io":
			name, text = "core/Cargo.lock", "version = 3\n"
			for _, n := range names {
				text += fmt.Sprintf("\n[[package]]\nname = %q\nversion = \"1.5.0\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\n", n)
			}
		default:
			continue
		}
		name = filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, []byte(text), 0o644)); err != nil {
			b.Fatal(err)
		}
	}
	return dir
}

// given copies real data, and names the packages that it is about.
func given(b *testing.B, from string) (dir string, packages map[string][]string) {
	b.Helper()
	dir, packages = b.TempDir(), map[string][]string{}
	for ecosystem := range ecosystems {
		text, err := os.ReadFile(filepath.Join(from, "osv-scalibr", ecosystem, "all.zip"))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		name := filepath.Join(dir, "osv-scalibr", ecosystem, "all.zip")
		if err := errors.Join(err, os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, text, 0o644)); err != nil {
			b.Fatal(err)
		}
		archive, err := zip.OpenReader(name)
		if err != nil {
			b.Fatal(err)
		}
		names := map[string]bool{}
		for _, entry := range archive.File {
			var record struct {
				Affected []struct{ Package struct{ Name string } }
			}
			content, err := entry.Open()
			if err != nil {
				b.Fatal(err)
			}
			if err := errors.Join(json.NewDecoder(content).Decode(&record), content.Close()); err != nil {
				b.Fatal(err)
			}
			for _, a := range record.Affected {
				if n := a.Package.Name; n != "stdlib" && n != "toolchain" && !strings.ContainsAny(n, " @") && !strings.Contains(n, "/v") && !strings.HasPrefix(n, "gopkg.in") {
					names[n] = true
				}
			}
		}
		archive.Close()
		packages[ecosystem] = slices.Sorted(maps.Keys(names))[:knownEach]
		for n := range packagesEach - knownEach {
			packages[ecosystem] = append(packages[ecosystem], packageName(ecosystem, n))
		}
	}
	return dir, packages
}

// judged runs a command that is to find something, and tells how long it took and the most memory, in
// megabytes, that it had for itself.
func judged(b *testing.B, cmd *exec.Cmd) (took quickest, memory float64, out string) {
	b.Helper()
	var text strings.Builder
	cmd.Stdout, cmd.Stderr = &text, io.Discard
	own := filepath.Base(cmd.Path)
	start := time.Now()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for {
		select {
		case err := <-ended:
			took = quickest(time.Since(start))
			if cmd.ProcessState.ExitCode() != 1 {
				b.Fatalf("%s: %v\n%s", cmd, err, text.String())
			}
			return took, memory, text.String()
		case <-time.After(2 * time.Millisecond):
		}
		status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid)) // it may just have ended
		if first, _, _ := strings.Cut(string(status), "\n"); strings.HasSuffix(first, own) {
			_, rest, _ := strings.Cut(string(status), "VmHWM:")
			var kilobytes float64
			fmt.Sscan(rest, &kilobytes)
			memory = max(memory, kilobytes/1024)
		}
	}
}

// scannerFound counts what osv-scanner reports.
func scannerFound(b *testing.B, report string) (n int) {
	b.Helper()
	var all struct {
		Results []struct {
			Packages []struct{ Vulnerabilities []struct{ ID string } }
		}
	}
	if err := json.Unmarshal([]byte(report), &all); err != nil {
		b.Fatal(err)
	}
	for _, r := range all.Results {
		for _, p := range r.Packages {
			n += len(p.Vulnerabilities)
		}
	}
	return n
}

// total is the output of that name of the last run of a step.
func total(b *testing.B, dir string) (n int) {
	b.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "output"))
	if err != nil {
		b.Fatal(err)
	}
	values, err := commandfile.Parse(string(text))
	if _, err := fmt.Sscan(values["total"], &n); err != nil {
		b.Fatalf("no total: %v", err)
	}
	if err != nil {
		b.Fatal(err)
	}
	return n
}

// BenchmarkSecurityGate scans 2,000 packages of four ecosystems against data on disk, and beside it
// osv-scanner does. With an index there it must take at most half of its time and no more than its
// memory; at most 1.2 of its time where the index is made first. To judge only what is new takes at
// most 1.3 of a scan. SLIPWAY_OSV_DATA may name real
// data in the layout of osv-scanner; both then find what the names of its packages give.
func BenchmarkSecurityGate(b *testing.B) {
	binary, other := build(b), scanner(b)
	var data string
	packages := map[string][]string{}
	real := os.Getenv("SLIPWAY_OSV_DATA")
	if real != "" {
		data, packages = given(b, real)
	} else {
		data = advisories(b)
		for ecosystem := range ecosystems {
			for n := range packagesEach {
				packages[ecosystem] = append(packages[ecosystem], packageName(ecosystem, n))
			}
		}
	}
	tree, home := lockfiles(b, packages), b.TempDir()
	based(b, tree)
	ours := func(more ...string) *exec.Cmd {
		return step(home, tree, binary, append([]string{"security-gate", "--database=" + data, "--secrets=false"}, more...)...)
	}
	theirs := func() *exec.Cmd {
		cmd := exec.Command(other, "scan", "source", "--offline", "--no-ignore", "--recursive", "--format=json", tree)
		cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "OSV_SCALIBR_LOCAL_DB_CACHE_DIRECTORY=" + data}
		return cmd
	}
	var times [4]quickest
	var most [4]float64
	note := func(i int, took quickest, memory float64) {
		if times[i] == 0 || took < times[i] {
			times[i] = took
		}
		most[i] = max(most[i], memory)
	}
	for b.Loop() {
		indexes, err := filepath.Glob(filepath.Join(data, "osv-scalibr", "*", "slipway.index"))
		if err != nil {
			b.Fatal(err)
		}
		for _, name := range indexes {
			if err := os.Remove(name); err != nil {
				b.Fatal(err)
			}
		}
		took, memory, _ := judged(b, ours())
		note(0, took, memory)
		took, memory, _ = judged(b, ours())
		note(1, took, memory)
		took, memory, report := judged(b, theirs())
		note(2, took, memory)
		if n := scannerFound(b, report); n < knownEach || real == "" && n != total(b, home) {
			b.Fatalf("osv-scanner found %d, and we %d", n, total(b, home))
		}
		took, memory, _ = judged(b, ours("--base=base"))
		note(3, took, memory)
	}
	for i, name := range []string{"cold", "warm", "osv-scanner", "base"} {
		b.ReportMetric(times[i].ms(), "ms/"+name)
		b.ReportMetric(most[i], "MB/"+name)
	}
	b.ReportMetric(float64(times[0])/float64(times[2]), "ratio-cold")
	b.ReportMetric(float64(times[1])/float64(times[2]), "ratio-warm")
	b.ReportMetric(most[1]/most[2], "ratio-memory")
	b.ReportMetric(float64(times[3])/float64(times[1]), "ratio-base")
	b.ReportMetric(0, "ns/op")
}

// based makes a branch of what the tree was before its last change: without the first modules in go.mod.
func based(b *testing.B, tree string) {
	b.Helper()
	name := filepath.Join(tree, "api/go.mod")
	whole, err := os.ReadFile(name)
	if err != nil {
		b.Fatal(err)
	}
	lines := strings.SplitAfter(string(whole), "\n")
	git := func(args ...string) {
		must(b, exec.Command("git", append([]string{"-C", tree, "-c", "user.name=ada", "-c", "user.email=ada@example.com"}, args...)...))
	}
	for _, text := range []string{strings.Join(slices.Delete(slices.Clone(lines), 5, 35), ""), string(whole)} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			b.Fatal(err)
		}
		git("add", ".")
		git("commit", "--quiet", "--message", "a change")
		if text != string(whole) {
			git("branch", "base")
		}
	}
}
