package versionfile_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/versionfile"
)

// example is a diff of the documents, with the target behind the word diff.
var example = regexp.MustCompile("(?s)```diff ([^\n]+)\n(.*?)```")

// Every example of the documents is what happens.
func TestDocuments(t *testing.T) {
	text, err := os.ReadFile("../../docs/version-files.md")
	if err != nil {
		t.Fatal(err)
	}
	examples := example.FindAllStringSubmatch(string(text), -1)
	if len(examples) < 7 {
		t.Errorf("only %d examples were found", len(examples))
	}
	for _, m := range examples {
		var old, want strings.Builder
		for line := range strings.Lines(m[2]) {
			if line[0] != '+' {
				old.WriteString(line[1:])
			}
			if line[0] != '-' {
				want.WriteString(line[1:])
			}
		}
		got, err := versionfile.Set(target(t, m[1]), []byte(old.String()), "1.3.0")
		if err != nil || string(got.Data) != want.String() {
			t.Errorf("%s: got\n%s\n%v, want\n%s", m[1], got.Data, err, want.String())
		}
	}
	for _, name := range []string{"package.json", "package-lock.json", "npm-shrinkwrap.json", "pyproject.toml", "Cargo.toml", "Cargo.lock", "Chart.yaml", "pom.xml", "build.gradle", "build.gradle.kts", "gradle.properties", "setup.cfg", "VERSION", "version.txt", ".version"} {
		if !strings.Contains(string(text), "`"+name+"`") {
			t.Errorf("%s is not in the document", name)
		}
		if _, err := versionfile.Set(versionfile.Target{Path: name}, []byte("x\ny"), "1.3.0"); err == nil || strings.Contains(err.Error(), "is marked") {
			t.Errorf("%s is not known by name: %v", name, err)
		}
	}
}
