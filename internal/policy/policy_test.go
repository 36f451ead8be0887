package policy_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/policy"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// The whole example of the contract must be read, for it is what users copy from.
func TestContractExample(t *testing.T) {
	source, err := os.ReadFile("testdata/contract.yml")
	if err != nil {
		t.Fatal(err)
	}
	p, err := policy.Parse("slipway.yml", source)
	if err != nil {
		t.Fatal(err)
	}
	if got := time.Duration(p.Security.UnfixableGrace); got != 30*24*time.Hour {
		t.Errorf("security.unfixable-grace = %v", got)
	}
	if got := p.Versioning.Files[1]; got.Path != "deploy/values.yaml" || got.Key != "image.tag" {
		t.Errorf("versioning.files[1] = %+v", got)
	}
	if got := len(p.Gate.Criteria); got != 9 {
		t.Errorf("%d criteria, want 9", got)
	}
	if got := p.Gate.Criteria[0].Checks.Require; len(got) != 2 || got[1].Name != "e2e (*)" {
		t.Errorf("checks.require = %v", got)
	}
	if got := p.Verify.Probes[1].Expect.Status; got != "2xx" {
		t.Errorf("probe status = %q", got)
	}
}

// A version file is a path, a path and a key in one text, or a mapping where the path may hold a #.
func TestVersionFiles(t *testing.T) {
	p, err := policy.Parse("slipway.yml", []byte("version: 1\nversioning:\n  files: [VERSION, a.json#b.c, {path: 'c#/VERSION'}]\n  components:\n    api: {paths: [api], files: [{path: api/a.yaml, key: '[0].v'}]}\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := []policy.VersionFile{{Path: "VERSION"}, {Path: "a.json", Key: "b.c"}, {Path: "c#/VERSION"}, {Path: "api/a.yaml", Key: "[0].v"}}
	if got := append(p.Versioning.Files, p.Versioning.Components["api"].Files...); !slices.Equal(got, want) {
		t.Errorf("got %+v", got)
	}
	for _, bad := range []string{"'#a'", "a#", "a#b..c", "{path: a, key: '[x]'}", "{key: a}"} {
		if _, err := policy.Parse("slipway.yml", []byte("version: 1\nversioning: {files: ["+bad+"]}\n")); err == nil {
			t.Errorf("%s was read", bad)
		}
	}
}

// Each file under testdata/bad is refused with the text of its golden file, read as prose.
func TestRefusals(t *testing.T) {
	files, err := filepath.Glob("testdata/bad/*.yml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no bad policies found: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			_, err = policy.Parse(".github/slipway.yml", source)
			var refused *policy.Error
			if !errors.As(err, &refused) {
				t.Fatalf("Parse = %v, want a *policy.Error", err)
			}
			golden := strings.TrimSuffix(file, ".yml") + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(err.Error()+"\n"), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got := refused.Error() + "\n"; got != string(want) {
				t.Errorf("message is\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func TestTooLargeAFile(t *testing.T) {
	source := "version: 1\nservice: " + strings.Repeat("x", policy.SizeLimit)
	if _, err := policy.Parse("p", []byte(source)); err == nil || !strings.Contains(err.Error(), "at most") {
		t.Errorf("Parse of %d bytes = %v", len(source), err)
	}
}

// TestDeepBrackets holds that brackets within each other are refused before they take time.
func TestDeepBrackets(t *testing.T) {
	for _, open := range []string{"[", "{", "{a: ", "[{a: "} {
		source := "version: 1\ngate: " + strings.Repeat(open, (policy.SizeLimit-100)/len(open))
		if _, err := policy.Parse("p", []byte(source)); err == nil || !strings.Contains(err.Error(), "50 deep") || len(err.Error()) > 10_000 {
			t.Errorf("%q: %.300s", open, err)
		}
	}
}

func TestDefaultIsWhatAnEmptyPolicyMeans(t *testing.T) {
	p, err := policy.Parse("p", []byte("\ufeffversion: 1\n"))
	if err != nil {
		t.Fatal(err)
	}
	d := policy.Default()
	if p.Security.FailOn != "high" || d.Security.FailOn != "high" || d.Gate != nil || p.Gate != nil || len(d.Versioning.Types) != 4 {
		t.Errorf("defaults are %+v and %+v", p, d)
	}
}
