package sbom

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/slipway-actions/slipway/internal/manifest"
	"github.com/slipway-actions/slipway/internal/osv"
)

var update = flag.Bool("update", false, "rewrite testdata/slipway-cdx.json")

func sample() Document {
	entry := func(ecosystem, name, version string, line int, relation manifest.Relation, through ...string) manifest.Entry {
		return manifest.Entry{Package: osv.Package{Ecosystem: ecosystem, Name: name, Version: version}, Line: line, Relation: relation, Through: through}
	}
	licensed := func(e manifest.Entry, licenses ...string) manifest.Entry {
		e.Licenses = licenses
		return e
	}
	base := entry("Debian:12", "openssl", "3.0.11-1", 0, "")
	base.Layer = &manifest.Layer{Index: 2, Digest: "sha256:ab"}
	return Document{Name: "shop", Version: "2.1.0", Tool: "1.4.0", Files: []manifest.File{
		{Path: "go.mod", State: manifest.Scanned, Packages: []manifest.Entry{
			licensed(entry("Go", "github.com/BurntSushi/toml", "1.2.0", 6, manifest.Direct), "MIT"),
			licensed(entry("Go", "golang.org/x/net", "0.7.0", 9, manifest.Transitive), "BSD-3-Clause"),
		}},
		{Path: "web/package-lock.json", State: manifest.Scanned, Packages: []manifest.Entry{
			licensed(entry("npm", "express", "4.18.1", 20, manifest.Direct), "MIT OR ISC", "Apache-2.0"),
			licensed(entry("npm", "qs", "6.10.3", 80, manifest.Transitive, "express"), "The BSD way", "MIT"),
			entry("npm", "side-channel", "1.0.4", 95, manifest.Transitive, "express", "qs"),
			entry("npm", "@babel/core", "7.1.0", 12, manifest.Direct),
			entry("npm", "debug", "2.6.9", 31, manifest.Transitive, "express"),
			entry("npm", "debug", "4.3.4", 35, manifest.Transitive, "@babel/core"),
			entry("npm", "ms", "2.1.2", 60, manifest.Transitive, "@babel/core", "debug"),
			entry("Nowhere", "odd<thing>", "1", 99, ""),
		}},
		{Path: "api/package-lock.json", State: manifest.Scanned, Packages: []manifest.Entry{
			entry("npm", "express", "4.18.1", 7, manifest.Direct),
		}},
		{Path: "image.tar", State: manifest.Scanned, Packages: []manifest.Entry{base}},
		{Path: "legacy/Podfile.lock", State: manifest.Missing, Reason: "no reader for it"},
	}}
}

func TestEncode(t *testing.T) {
	got, err := Encode(sample())
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("testdata/slipway-cdx.json", got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(string(file(t, "slipway-cdx.json")), string(got)); diff != "" {
		t.Error(diff)
	}
	turned := sample()
	slices.Reverse(turned.Files)
	for _, f := range turned.Files {
		slices.Reverse(f.Packages)
	}
	if again, _ := Encode(turned); !bytes.Equal(got, again) {
		t.Error("the order of what is known changes what is written")
	}
	if _, err := Encode(Document{}); err == nil {
		t.Error("a project without a name was written")
	}
}

// What is written is CycloneDX by its own schema, with all of it known and with hardly anything.
func TestEncodeFollowsTheSchema(t *testing.T) {
	c := jsonschema.NewCompiler()
	for _, name := range []string{"bom-1.6.schema.json", "jsf-0.82.schema.json", "spdx.schema.json"} {
		schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(file(t, "schema/"+name)))
		if err != nil {
			t.Fatal(err)
		}
		if err := c.AddResource("http://cyclonedx.org/schema/"+name, schema); err != nil {
			t.Fatal(err)
		}
	}
	schema, err := c.Compile("http://cyclonedx.org/schema/bom-1.6.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range []Document{sample(), {Name: "empty"}} {
		text, err := Encode(d)
		if err != nil {
			t.Fatal(err)
		}
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(value); err != nil {
			t.Errorf("%s: %v", d.Name, err)
		}
	}
	if err := schema.Validate(map[string]any{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": json.Number("1")}); err == nil {
		t.Error("the schema takes anything")
	}
}

// What was written is read again as it was known.
func TestEncodeAndRead(t *testing.T) {
	text, err := Encode(sample())
	if err != nil {
		t.Fatal(err)
	}
	r, err := Read("slipway-cdx.json", text)
	if err != nil {
		t.Fatal(err)
	}
	rows := strings.Split(string(text), "\n")
	var got []string
	for i, line := range lines(r) {
		at := r.Entries[i].Line
		if !strings.Contains(rows[at-1], `"purl": "`+PURL(r.Entries[i].Package)) {
			t.Errorf("%s: line %d is %s", line, at, rows[at-1])
		}
		_, rest, _ := strings.Cut(line, " ")
		got = append(got, rest)
	}
	want := []string{
		"Debian:12 openssl 3.0.11-1;  ; ",
		"Go github.com/BurntSushi/toml 1.2.0; direct ; MIT",
		"Go golang.org/x/net 0.7.0;  ; BSD-3-Clause",
		"npm @babel/core 7.1.0; direct ; ",
		"npm debug 2.6.9; transitive express; ",
		"npm debug 4.3.4; transitive @babel/core; ",
		"npm express 4.18.1; direct ; Apache-2.0 AND (MIT OR ISC)",
		"npm ms 2.1.2;  ; ", // by way of one of two versions, so of neither
		"npm qs 6.10.3; transitive express; MIT, The BSD way",
		"npm side-channel 1.0.4; transitive express > qs; ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if r.Unjudged != 1 || r.Format != "CycloneDX 1.6" {
		t.Errorf("%s, %d unjudged", r.Format, r.Unjudged)
	}
}

// BenchmarkEncode writes 20,000 packages, each by way of another.
func BenchmarkEncode(b *testing.B) {
	f := manifest.File{Path: "package-lock.json", State: manifest.Scanned}
	for i := range 20_000 {
		e := manifest.Entry{Package: osv.Package{Ecosystem: "npm", Name: fmt.Sprint("p", i), Version: "1.0.0"}, Line: i + 1, Relation: manifest.Direct, Licenses: []string{"MIT"}}
		if i > 100 {
			e.Relation, e.Through = manifest.Transitive, []string{fmt.Sprint("p", i%100)}
		}
		f.Packages = append(f.Packages, e)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Encode(Document{Name: "x", Files: []manifest.File{f}}); err != nil {
			b.Fatal(err)
		}
	}
}
