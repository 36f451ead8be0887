package inventory

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// large is a tree with four lockfiles of n packages each, in the size that package managers write them.
func large(t testing.TB, n int) string {
	dir := t.TempDir()
	hash := strings.Repeat("0123456789abcdef", 4)
	var mod, npm, poetry, cargo strings.Builder
	mod.WriteString("module example.com/shop\n\ngo 1.26\n\nrequire (\n")
	npm.WriteString("{\n  \"name\": \"shop\",\n  \"lockfileVersion\": 3,\n  \"packages\": {\n    \"\": {\"dependencies\": {\"package-0\": \"^1\"}}")
	cargo.WriteString("version = 3\n\n[[package]]\nname = \"shop\"\nversion = \"0.1.0\"\ndependencies = [\n \"package-0\",\n]\n")
	for i := range n {
		next := (i*7 + 1) % n
		fmt.Fprintf(&mod, "\texample.com/package-%d v1.%d.0 // indirect\n", i, i)
		fmt.Fprintf(&npm, ",\n    \"node_modules/package-%d\": {\n      \"version\": \"1.%d.0\",\n      \"resolved\": \"https://registry.npmjs.org/package-%d/-/package-%d-1.%d.0.tgz\",\n      \"integrity\": \"sha512-%s\",\n      \"license\": \"MIT\",\n      \"dependencies\": {\n        \"package-%d\": \"^1.0.0\",\n        \"package-%d\": \"^1.0.0\"\n      },\n      \"engines\": {\n        \"node\": \">=8\"\n      }\n    }", i, i, i, i, i, hash, next, (i+1)%n)
		fmt.Fprintf(&poetry, "[[package]]\nname = \"package-%d\"\nversion = \"1.%d.0\"\ndescription = \"A package.\"\noptional = false\npython-versions = \">=3.8\"\ngroups = [\"main\"]\nfiles = [\n", i, i)
		for range 6 {
			fmt.Fprintf(&poetry, "    {file = \"package_%d-1.%d.0-py3-none-any.whl\", hash = \"sha256:%s\"},\n", i, i, hash)
		}
		fmt.Fprintf(&poetry, "]\n\n[package.dependencies]\npackage-%d = \">=1\"\n\n", next)
		fmt.Fprintf(&cargo, "\n[[package]]\nname = \"package-%d\"\nversion = \"1.%d.0\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\nchecksum = \"%s\"\ndependencies = [\n \"package-%d\",\n \"package-%d\",\n]\n", i, i, hash, next, (i+1)%n)
	}
	mod.WriteString(")\n")
	npm.WriteString("\n  }\n}\n")
	poetry.WriteString("[metadata]\nlock-version = \"2.1\"\n")
	for name, text := range map[string]string{"go.mod": mod.String(), "package-lock.json": npm.String(), "poetry.lock": poetry.String(), "Cargo.lock": cargo.String()} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// BenchmarkRead reads four lockfiles of 500 packages each, with lines, relations and licences.
func BenchmarkRead(b *testing.B) {
	dir := large(b, 500)
	b.ReportAllocs()
	for b.Loop() {
		read(b, OSVScanner{}, dir)
	}
}

// BenchmarkReadAgain reads them when they have been read before, as the base of a change is.
func BenchmarkReadAgain(b *testing.B) {
	dir := large(b, 500)
	p := Memo(OSVScanner{})
	read(b, p, dir)
	b.ReportAllocs()
	for b.Loop() {
		read(b, p, dir)
	}
}

func read(b *testing.B, p Parser, dir string) {
	inv, err := Read(b.Context(), p, dir, ".")
	if err != nil || inv.Coverage() != 100 || len(inv.Manifests) != 4 {
		b.Fatal(inv, err)
	}
}

// BenchmarkScan is the baseline: a scan of the library for each of them, for names and versions alone.
func BenchmarkScan(b *testing.B) {
	dir, config := large(b, 500), emptyConfig(b)
	b.ReportAllocs()
	for b.Loop() {
		for _, name := range []string{"go.mod", "package-lock.json", "poetry.lock", "Cargo.lock"} {
			packages, err := scan(filepath.Join(dir, name), formatOf(name).Plugin, "", config)
			if err != nil || len(packages) < 500 {
				b.Fatal(len(packages), err)
			}
		}
	}
}

// BenchmarkFormats reads one of them at a time.
func BenchmarkFormats(b *testing.B) {
	dir := large(b, 500)
	for _, name := range []string{"go.mod", "package-lock.json", "poetry.lock", "Cargo.lock"} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				if entries, err := (OSVScanner{}).Parse(b.Context(), Lockfile{Path: name, Plugin: formatOf(name).Plugin, Text: text}); err != nil || len(entries) < 500 {
					b.Fatal(len(entries), err)
				}
			}
		})
	}
}
