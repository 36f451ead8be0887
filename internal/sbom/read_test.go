package sbom

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func file(t testing.TB, name string) []byte {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// lines are a reading as text: line, ecosystem, name, version; relation, way; licences.
func lines(r Reading) []string {
	var all []string
	for _, e := range r.Entries {
		all = append(all, fmt.Sprintf("%d %s %s %s; %s %s; %s", e.Line, e.Ecosystem, e.Name, e.Version, e.Relation, strings.Join(e.Through, " > "), strings.Join(e.Licenses, ", ")))
	}
	return all
}

func TestRead(t *testing.T) {
	tests := []struct {
		file, format      string
		want              []string
		unjudged, foreign int
		notes             []string
	}{
		{"shop-cdx.json", "CycloneDX 1.5", []string{
			"42 Debian:12 openssl 3.0.11-1~deb12u2;  ; ",
			"36 Go github.com/BurntSushi/toml 1.2.0;  ; ",
			"38 Go github.com/labstack/echo/v4 4.9.0;  ; ",
			"40 Maven org.apache.logging.log4j:log4j-core 2.14.1;  ; ",
			"34 npm @babel/core 7.1.0; direct ; (MIT OR Apache-2.0)",
			"18 npm express 4.18.1; direct ; MIT",
			"46 npm late 3.0.0; transitive @babel/core; ",
			"26 npm qs 6.10.3; transitive express; The BSD 3-Clause, MIT",
			"29 npm side-channel 1.0.4; transitive express > qs; ",
		}, 2, 2, []string{
			"2 components of a kind no advisory is about (generic, oci)",
			"2 components without a package URL that can be read or without a version",
			"1 component marked as excluded, judged all the same",
		}},
		{"desk-cdx.xml", "CycloneDX 1.4", []string{
			"19 NuGet Newtonsoft.Json 12.0.1; transitive Serilog; MIT",
			"30 NuGet Serilog 2.10.0; direct ; Apache-2.0 AND MIT",
		}, 0, 0, nil},
		{"mill-spdx.json", "SPDX 2.3", []string{
			"23 crates.io mio 0.7.13; transitive tokio; MIT OR Apache-2.0",
			"19 crates.io tokio 1.8.0; direct ; MIT",
		}, 1, 0, []string{"1 component without a package URL that can be read or without a version"}},
		{"press-spdx.txt", "SPDX 2.2", []string{
			"25 PyPI jinja2 2.11.2; direct ; BSD-3-Clause",
			"31 PyPI markupsafe 1.1.1; transitive jinja2; ",
		}, 0, 0, nil},
		{"folder-cdx.json", "CycloneDX 1.6", []string{
			"9 Alpine:v3.18 openssl 3.1.1-r1;  ; ",
			"7 crates.io a 1.0.0; direct ; ",
			"8 crates.io b 1.0.0; direct ; ",
		}, 0, 0, []string{"the document says of itself that it is incomplete"}},
	}
	for _, test := range tests {
		t.Run(test.file, func(t *testing.T) {
			r, err := Read(test.file, file(t, test.file))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, lines(r)); diff != "" {
				t.Error(diff)
			}
			if r.Format != test.format || r.Unjudged != test.unjudged || r.Foreign != test.foreign {
				t.Errorf("%s, %d unjudged, %d foreign", r.Format, r.Unjudged, r.Foreign)
			}
			if diff := cmp.Diff(test.notes, r.Notes); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What a document says twice stands once; what it says of its root is not about a package.
func TestReadJoins(t *testing.T) {
	cdx := func(metadata, components, dependencies string) string {
		return `{"bomFormat":"CycloneDX","specVersion":"1.5","dependencies":[` + dependencies + "],\n\"components\":[" + components + "],\n\"metadata\":{" + metadata + `}}`
	}
	spdx := func(packages, described string) string {
		return `{"spdxVersion":"SPDX-2.3","packages":[` + packages + `],"documentDescribes":[` + described + `],"relationships":[{"spdxElementId":"a","relationshipType":"DEPENDS_ON","relatedSpdxElement":"b"}]}`
	}
	purl := func(id string) string {
		return `{"SPDXID":"` + id + `","name":"` + id + `","externalRefs":[{"referenceType":"purl","referenceLocator":"pkg:npm/` + id + `@1"}]}`
	}
	tests := []struct {
		name, text string
		want       []string
		notes      string
	}{
		{"twice", cdx(`"component":{"bom-ref":"r"}`, `{"bom-ref":"x","name":"a","purl":"pkg:npm/a@1","licenses":[{"license":{"id":"MIT"}}]},`+
			"\n"+`{"bom-ref":"y","name":"a","purl":"pkg:npm/a@1?arch=any","licenses":[{"license":{"id":"ISC"}}]}`, `{"ref":"r","dependsOn":["y"]},{"ref":"y","dependsOn":["x"]}`),
			[]string{"2 npm a 1; direct ; MIT, ISC"}, ""},
		{"the first line, whichever is known better", cdx("", "\n\n"+`{"name":"a","purl":"pkg:npm/a@1"},{"name":"a","purl":"pkg:npm/a@1"}`, ""), []string{"4 npm a 1;  ; "}, ""},
		{"a root without a reference leads nowhere", cdx(`"component":{"name":"r"}`, `{"bom-ref":"x","name":"a","purl":"pkg:npm/a@1"}`, `{"ref":"","dependsOn":["x"]}`), []string{"2 npm a 1;  ; "}, ""},
		{"parts of the root are parts", cdx(`"component":{"bom-ref":"r","purl":"pkg:npm/r@1","components":[{"bom-ref":"x","purl":"pkg:npm/a@1"}]}`, "", ""), []string{"3 npm a 1;  ; "}, ""},
		{"null is nothing", cdx(`"component":null`, `{"bom-ref":null,"name":"a","purl":"pkg:npm/a@1","licenses":null,"components":null,"version":null}`, ""), []string{"2 npm a 1;  ; "}, ""},
		{"escapes", cdx("", `{"name":"a","purl":"pkg:npm/\u0061@1","description":"\"}]\\"}`, ""), []string{"2 npm a 1;  ; "}, ""},
		{"many kinds", cdx("", `{"purl":"pkg:a1/a@1"},{"purl":"pkg:a2/a@1"},{"purl":"pkg:a3/a@1"},{"purl":"pkg:a4/a@1"},{"purl":"pkg:a5/a@1"},{"purl":"pkg:a6/a@1"},
			{"purl":"pkg:a7/a@1"},{"purl":"pkg:a8/a@1"},{"purl":"pkg:a9/a@1"},{"purl":"pkg:b1/a@1"},{"purl":"pkg:b2/a@1"}`, ""), nil,
			"11 components of a kind no advisory is about (a1, a2, a3, a4, a5, a6, a7, a8, a9, b1, 1 more)"},
		{"an unreadable URL", cdx("", `{"purl":"npm/a@1"}`, ""), nil, "1 component without a package URL that can be read or without a version"},
		{"one described is the root", spdx(purl("a")+","+purl("b"), `"a"`), []string{"1 npm b 1; direct ; "}, ""},
		{"several described are parts", spdx(purl("a")+","+purl("b"), `"a","b"`), []string{"1 npm a 1;  ; ", "1 npm b 1;  ; "}, ""},
	}
	for _, test := range tests {
		r, err := Read("x", []byte(test.text))
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if diff := cmp.Diff(test.want, lines(r)); diff != "" || strings.Join(r.Notes, "; ") != test.notes {
			t.Errorf("%s: %s%q", test.name, diff, r.Notes)
		}
	}
}

// A document that is cut off anywhere is an error. In tag-value form that shows wherever a package
// is cut, and wherever what relationships name is gone.
func TestReadRefusesWhatIsCutOff(t *testing.T) {
	for _, name := range []string{"shop-cdx.json", "desk-cdx.xml", "mill-spdx.json", "folder-cdx.json"} {
		text := []byte(strings.TrimSpace(string(file(t, name))))
		for n := range text {
			if r, err := Read(name, text[:n]); err == nil {
				t.Fatalf("%s was read from its first %d bytes: %v", name, n, lines(r))
			}
		}
	}
	text := string(file(t, "press-spdx.txt"))
	described := strings.Replace(text, "\n# What", "\nRelationship: SPDXRef-jinja2 DEPENDS_ON SPDXRef-markupsafe\n# What", 1)
	for n := range strings.LastIndex(described, "SPDXID: SPDXRef-markupsafe") {
		if r, err := Read("press-spdx.txt", []byte(described[:n])); err == nil {
			t.Fatalf("press-spdx.txt was read from its first %d bytes: %v", n, lines(r))
		}
	}
}

func TestReadRefuses(t *testing.T) {
	deep := strings.Repeat(`{"components":[`, 300)
	component := `"components":[{"type":"library","name":"a","purl":"pkg:npm/a@1"}]`
	tests := []struct{ name, text, want string }{
		{"nothing", "", "empty"},
		{"space", " \n", "empty"},
		{"a sentence", "nothing to see", "neither"},
		{"some JSON", `{"packages":{"a":1}}`, "neither"},
		{"some XML", `<project><name/></project>`, "neither"},
		{"a page", "<!DOCTYPE html><html></html>", "document type"},
		{"a list", `[]`, "neither"},
		{"another encoding", "\xff\xfe{\x00}\x00", "UTF-8"},
		{"the root alone", `{"spdxVersion":"SPDX-2.3","packages":[{"SPDXID":"a","name":"a"}],"documentDescribes":["a"]}`, "no component"},
		{"no components", `{"bomFormat":"CycloneDX","specVersion":"1.5"}`, "no component"},
		{"empty components", `{"bomFormat":"CycloneDX","specVersion":"1.5","components":[]}`, "no component"},
		{"no components in XML", `<bom xmlns="http://cyclonedx.org/schema/bom/1.4"/>`, "no component"},
		{"files alone", `{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"type":"file","name":"a"}]}`, "no package"},
		{"version 1.1", `{"bomFormat":"CycloneDX","specVersion":"1.1",` + component + `}`, `"1.1"`},
		{"version 2.0", `{"bomFormat":"CycloneDX","specVersion":"2.0",` + component + `}`, `"2.0"`},
		{"no version", `{"bomFormat":"CycloneDX",` + component + `}`, `""`},
		{"another BOM", `{"bomFormat":"Other","specVersion":"1.5",` + component + `}`, "bomFormat"},
		{"version 1.0 in XML", `<bom xmlns="http://cyclonedx.org/schema/bom/1.0"><components/></bom>`, `"1.0"`},
		{"SPDX 3", `{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[]}`, "SPDX 3"},
		{"an SPDX of later", `{"spdxVersion":"SPDX-3.0","packages":[]}`, `"SPDX-3.0"`},
		{"SPDX without packages", `{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT"}`, "no component"},
		{"tag-value 2.1", "SPDXVersion: SPDX-2.1\n", `"SPDX-2.1"`},
		{"tag-value without packages", "SPDXVersion: SPDX-2.3\n", "no component"},
		{"tag-value with a stray line", "SPDXVersion: SPDX-2.3\nwhat\n", "line 2"},
		{"a package cut off", "SPDXVersion: SPDX-2.3\nPackageName: a\nSPDXID: SPDXRef-a\nExternalRef: PACKAGE-MANAGER purl pkg:npm/a@1\n", "cut off"},
		{"a merge", "{\n<<<<<<< HEAD\n\"bomFormat\":\"CycloneDX\"}", "line 2"},
		{"something behind", `{"bomFormat":"CycloneDX","specVersion":"1.5",` + component + `} {}`, "after top-level value"},
		{"something behind in XML", `<bom xmlns="http://cyclonedx.org/schema/bom/1.4"/><bom/>`, "follows"},
		{"an entity", `<!DOCTYPE bom [<!ENTITY a "aaaa">]><bom xmlns="http://cyclonedx.org/schema/bom/1.4">&a;</bom>`, "document type"},
		{"components that are none", `{"bomFormat":"CycloneDX","specVersion":"1.5","components":"none"}`, "a list is expected"},
		{"a name that is none", `{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"name":1}]}`, "a text is expected"},
		{"far too deep", `{"bomFormat":"CycloneDX","specVersion":"1.5","components":[` + deep + strings.Repeat("]}", 300) + "]}", "deep"},
		{"deep where nobody looks", `{"bomFormat":"CycloneDX","specVersion":"1.5","x":` + strings.Repeat("[", 20_000), "max depth"},
		{"a tag of many attributes", `<bom xmlns="http://cyclonedx.org/schema/bom/1.4" ` + strings.Repeat(`a="1" `, 20_000) + "/>", "a tag has more"},
		{"deep XML", `<bom xmlns="http://cyclonedx.org/schema/bom/1.4">` + strings.Repeat("<a>", 300), "deep"},
	}
	for _, test := range tests {
		r, err := Read("x", []byte(test.text))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, %v; want an error with %q", test.name, lines(r), err, test.want)
		}
	}
}

// A way is the same whatever the order of the edges, and a long chain does not grow without end.
func TestWays(t *testing.T) {
	var d document
	d.roots = []string{"root"}
	link := func(from, to string) {
		if err := d.edge(from, to); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 100 {
		d.components = append(d.components, component{ref: fmt.Sprint("n", i), name: fmt.Sprint("n", i)})
		if i > 0 {
			link(fmt.Sprint("n", i-1), fmt.Sprint("n", i))
		}
	}
	link("root", "n0")
	link("n99", "root")
	ways := d.ways()
	if w := ways["n32"]; len(w.through) != 32 || w.through[0] != "n0" || w.through[31] != "n31" {
		t.Errorf("n32: %v", w)
	}
	if w := ways["n99"]; w.relation != "transitive" || len(w.through) != 0 {
		t.Errorf("n99: %v", w)
	}
	one := document{roots: []string{"r"}, edges: map[string][]string{"r": {"b", "a"}, "a": {"x"}, "b": {"x"}}}
	other := document{roots: []string{"r"}, edges: map[string][]string{"r": {"a", "b"}, "b": {"x"}, "a": {"x"}}}
	for _, d := range []document{one, other} {
		if w := d.ways()["x"]; len(w.through) != 1 || w.through[0] != "a" {
			t.Errorf("x: %v", w)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, name := range []string{"shop-cdx.json", "desk-cdx.xml", "mill-spdx.json", "press-spdx.txt", "folder-cdx.json"} {
		f.Add(file(f, name))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := Read("x", text)
		if err != nil {
			return
		}
		rows := strings.Count(string(text), "\n") + 1
		for _, e := range r.Entries {
			if e.Name == "" || e.Version == "" || e.Ecosystem == "" || e.Line < 1 || e.Line > rows {
				t.Errorf("%+v of %d lines", e, rows)
			}
		}
		again, _ := Read("x", text)
		if diff := cmp.Diff(r, again); diff != "" {
			t.Error(diff)
		}
	})
}

// BenchmarkRead reads 20,000 components with as many edges.
func BenchmarkRead(b *testing.B) {
	var text strings.Builder
	text.WriteString(`{"bomFormat":"CycloneDX","specVersion":"1.5","metadata":{"component":{"bom-ref":"0","name":"x"}},"components":[`)
	for i := range 20_000 {
		fmt.Fprintf(&text, "{\"bom-ref\":\"%d\",\"type\":\"library\",\"name\":\"p%d\",\"version\":\"1.0.0\",\n\"licenses\":[{\"license\":{\"id\":\"MIT\"}}],\"hashes\":[{\"alg\":\"SHA-256\",\"content\":\"00\"}],\"purl\":\"pkg:npm/p%d@1.0.0\"},", i+1, i, i)
	}
	text.WriteString(`{"type":"file"}],"dependencies":[`)
	for i := range 20_000 {
		fmt.Fprintf(&text, `{"ref":"%d","dependsOn":["%d"]},`, i/10, i+1)
	}
	text.WriteString(`{"ref":"20000","dependsOn":[]}]}`)
	data := []byte(text.String())
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Read("x", data); err != nil {
			b.Fatal(err)
		}
	}
}
