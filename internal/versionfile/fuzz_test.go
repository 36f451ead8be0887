package versionfile_test

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/semver"
	"github.com/slipway-actions/slipway/internal/versionfile"
)

// fuzz holds a form's promises against any bytes: no panic; setting twice is setting once; and
// setting the old version back gives the old bytes.
func fuzz(f *testing.F, targets ...versionfile.Target) {
	for _, tc := range cases {
		parsed, err := versionfile.ParseTarget(tc.target)
		if err != nil {
			f.Fatal(err)
		}
		for _, t := range targets {
			if parsed.Path[strings.LastIndexByte(parsed.Path, '.')+1:] == t.Path[strings.LastIndexByte(t.Path, '.')+1:] {
				old, _ := marked(tc.text)
				f.Add([]byte(old))
				break
			}
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, target := range targets {
			holds(t, target, data)
		}
	})
}

func holds(t *testing.T, target versionfile.Target, data []byte) {
	got, err := versionfile.Set(target, data, "98.76.54")
	if err != nil {
		return
	}
	again, err := versionfile.Set(target, got.Data, "98.76.54")
	if err != nil || !bytes.Equal(again.Data, got.Data) {
		t.Fatalf("%s, twice: %q became %q, then %q, %v", target, data, got.Data, again.Data, err)
	}
	olds := map[string]bool{}
	for _, p := range got.Places {
		olds[strings.TrimPrefix(p.Old, "v")] = true
	}
	for old := range olds {
		if _, err := semver.Parse(old); err != nil || len(olds) > 1 {
			return
		}
		back, err := versionfile.Set(target, got.Data, old)
		if err != nil || !bytes.Equal(back.Data, data) {
			t.Fatalf("%s, back to %s: %q became %q, then %q, %v", target, old, data, got.Data, back.Data, err)
		}
	}
}

func keyed(path, key string) versionfile.Target {
	k, err := versionfile.ParseKey(key)
	if err != nil {
		panic(err)
	}
	return versionfile.Target{Path: path, Key: k}
}

func FuzzJSON(f *testing.F) {
	fuzz(f, versionfile.Target{Path: "package.json"}, versionfile.Target{Path: "package-lock.json"}, keyed("a.json", "a.b[2].c"))
}

func FuzzTOML(f *testing.F) {
	fuzz(f, versionfile.Target{Path: "pyproject.toml"}, versionfile.Target{Path: "Cargo.toml"},
		versionfile.Target{Path: "Cargo.lock", Crates: []string{"a"}}, keyed("a.toml", "a[1].b[0].v"))
}

func FuzzYAML(f *testing.F) {
	fuzz(f, versionfile.Target{Path: "Chart.yaml"}, versionfile.Target{Path: "a.yaml"}, keyed("a.yaml", "v"), keyed("values.yaml", "images[1].tag"))
}

func FuzzXML(f *testing.F) {
	fuzz(f, versionfile.Target{Path: "pom.xml"}, keyed("a.xml", "parent.version"))
}

func FuzzGradle(f *testing.F) {
	fuzz(f, versionfile.Target{Path: "build.gradle"}, versionfile.Target{Path: "build.gradle.kts"})
}

func FuzzINI(f *testing.F) {
	fuzz(f, versionfile.Target{Path: "gradle.properties"}, versionfile.Target{Path: "setup.cfg"})
}

func FuzzText(f *testing.F) {
	fuzz(f, versionfile.Target{Path: "VERSION"}, versionfile.Target{Path: "install.sh"})
}

func FuzzTarget(f *testing.F) {
	for _, s := range []string{"package.json", `v.yaml#a."b.c#".d[0]`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		target, err := versionfile.ParseTarget(s)
		if err != nil || target.Key == nil {
			return
		}
		again, err := versionfile.ParseTarget(target.String())
		if err != nil || again.String() != target.String() {
			t.Fatalf("%q is written %q, which is read as %q, %v", s, target, again, err)
		}
	})
}

// A Cargo.toml says of its package what it does when it is read again, and names no member that is not in it.
func FuzzReadCrate(f *testing.F) {
	for _, s := range []string{"[package]\nname = \"a\"\nversion.workspace = true\n", "[workspace]\nmembers = [\"a\", \"crates/*\", 3]\n[workspace.package]\nversion = \"1.2.3\"\n", "package = 3\nworkspace = []\n", "[[package]]\nname = \"a\"\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := versionfile.ReadCrate(data)
		if err != nil {
			return
		}
		if again, err := versionfile.ReadCrate(data); err != nil || !reflect.DeepEqual(c, again) {
			t.Fatalf("%q is %+v, and then %+v (%v)", data, c, again, err)
		}
		if !c.Workspace && (c.Shared || len(c.Members) > 0) || len(c.Name) > len(data) {
			t.Fatalf("%q is %+v", data, c)
		}
	})
}
