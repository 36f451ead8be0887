package versionfile_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/versionfile"
)

// cases of files that carry 1.2.0 and shall carry 1.3.0. In the text « and » stand around what is
// to be replaced, so that a case shows what changes and what does not.
var cases = []struct{ name, target, text string }{
	{"npm", "package.json", "{\n  \"name\": \"shop\",\n  \"version\": \"«1.2.0»\",\n  \"dependencies\": {\"version\": \"1.2.0\"}\n}\n"},
	{"npm, tabs, CRLF, no end", "package.json", "{\r\n\t\"dependencies\":{\"a\":\"1.2.0\"},\r\n\t\"version\" :\t\"«1.2.0»\"}"},
	{"npm, byte order mark", "package.json", "\ufeff{\"version\":\"«1.2.0»\"}"},
	{"npm, letters of several bytes before", "web/package.json", `{"description":"Größe 😀","version":"«1.2.0»"}`},
	{"npm, a v", "package.json", `{"version":"v«1.2.0»"}`},
	{"npm, empty", "package.json", `{"version":"«»"}`},
	{"npm, placeholder", "package.json", `{"version":"«0.0.0-semantically-released»"}`},
	{"npm lock, form 1", "package-lock.json", `{"name":"shop","version":"«1.2.0»","lockfileVersion":1,"dependencies":{"shop":{"version":"1.2.0"}}}`},
	{"npm lock, form 2", "package-lock.json", `{"version":"«1.2.0»","lockfileVersion":2,"packages":{"":{"name":"shop","version":"«1.2.0»"},"node_modules/a":{"version":"1.2.0"}},"dependencies":{"a":{"version":"1.2.0"}}}`},
	{"npm lock, form 3", "npm-shrinkwrap.json", `{"version":"«1.1.0»","lockfileVersion":3,"packages":{"node_modules/a":{"version":"1.2.0"},"":{"version":"«1.2.0»"}}}`},

	{"python", "pyproject.toml", "[build-system]\nrequires = [\"hatchling==1.2.0\"]\n\n[project] # ours\nname = \"shop\"\nversion   =   \"«1.2.0»\"   # x\ndependencies = [\"a==1.2.0\"]\n"},
	{"python, poetry, literal string, CRLF", "pyproject.toml", "[tool.poetry]\r\nversion = '«1.2.0»'\r\n[tool.poetry.dependencies]\r\na = {version = \"1.2.0\"}\r\n"},
	{"python, both", "pyproject.toml", "[project]\nversion = \"«1.2.0»\"\n[tool.poetry]\nversion = \"«1.2.0»\"\n"},
	{"python, dotted", "pyproject.toml", "project.name = \"é\"\nproject.version = \"«1.2.0»\"\n"},
	{"python, inline", "pyproject.toml", "project = {name = \"shop\", version = \"«1.2.0»\"}\n"},
	{"python, of its own spelling", "pyproject.toml", "[project]\nversion = \"«1.2.0rc1»\"\n"},
	{"python, poetry gives what is dynamic", "pyproject.toml", "[project]\ndynamic = [\"version\"]\n[tool.poetry]\nversion = \"«1.2.0»\"\n"},
	{"python, a marked line too", "pyproject.toml", "[project]\nversion = \"«1.2.0»\"\n[tool.docs]\ntitle = \"shop v«1.2.0»\" # x-slipway-version\n"},
	{"python module", "src/shop/__init__.py", "import a\n__version__ = \"«1.2.0»\"  # x-slipway-version\nother = '1.2.0'\n"},
	{"setup.cfg", "setup.cfg", "[options]\nversion = 1.2.0\n[metadata]\nname = shop\nversion = «1.2.0»\n"},

	{"cargo", "Cargo.toml", "[package]\nname = \"shop\"\nversion = \"«1.2.0»\"\nedition = \"2021\"\n[dependencies]\na = \"1.2.0\"\nb = { version = \"1.2.0\" }\n"},
	{"cargo workspace", "Cargo.toml", "[workspace]\nmembers = [\"a\"]\n[workspace.package]\nversion = \"«1.2.0»\"\n[workspace.dependencies]\na = { path = \"a\", version = \"=«1.2.0»\" } # x-slipway-version\n"},
	{"cargo, root crate of a workspace", "Cargo.toml", "[package]\nname = \"shop\"\nversion.workspace = true\n[workspace.package]\nversion = \"«1.2.0»\"\n"},
	{"cargo, inheriting, with a mark", "a/Cargo.toml", "[package]\nname = \"a\"\nversion = { workspace = true }\n[dependencies]\nb = \"«1.2.0»\" # x-slipway-version\n"},
	{"toml array of tables", "a.toml#release[1].version", "[[release]]\nversion = \"1.2.0\"\n[[release]]\nversion = \"«1.2.0»\"\n[[release]]\nversion = \"1.2.0\"\n"},
	{"toml nested arrays of tables", "a.toml#a[1].b[0].v", "[[a]]\n[[a.b]]\nv = '1.2.0'\n[[a.b]]\n[[a]]\n[[a.b]]\nv = '«1.2.0»'\n"},
	{"toml inline array", "a.toml#list[1].v", "list = [ {v = '1.2.0'}, # one\n  {v = '«1.2.0»'} ]\n"},

	{"chart", "deploy/Chart.yaml", "apiVersion: v2\nname: shop\nversion: «1.2.0» # chart\nappVersion: \"«1.2.0»\"\ndependencies:\n  - name: a\n    version: 1.2.0\n"},
	{"chart, CRLF, no appVersion", "Chart.yaml", "# é\r\napiVersion: v2\r\nversion: '«1.2.0»'"},
	{"chart, a v and a number", "Chart.yaml", "version: «1.2.0»\nappVersion: v«1.16.0»\n"},
	{"chart, two numbers", "Chart.yaml", "version: «1.2»\nappVersion: «1.16»\n"},
	{"chart, version alone", "Chart.yaml#version", "version: «1.2.0»\nappVersion: latest\n"},
	{"chart, an annotation", "Chart.yaml", "version: «1.2.0»\nannotations:\n  images: |\n    - acme/shop:«1.1.0» # x-slipway-version\n"},
	{"values", "values.yaml#image.tag", "image:\n  repository: acme/shop # 1.2.0\n  tag: \"«1.2.0»\" # 😀\nother: {tag: 1.2.0}\n"},
	{"values, empty", "values.yaml#image.tag", "image: {tag: '«»', x: 1}\n"},
	{"values, flow style", "values.yaml#images[1].tag", "images: [{tag: 1.2.0}, {tag: v«1.2.0», \"name\": 'é'}]\n"},
	{"values, quoted key", "d.yml#metadata.labels.\"app.kubernetes.io/version\"", "metadata:\n  labels:\n    app.kubernetes.io/version: «1.2.0»\n    app: 1.2.0\n"},
	{"values, several documents", "d.yaml#metadata.version", "%YAML 1.2\n---\nmetadata: {version: «1.2.0»}\n---\nkind: Service\n---\n\n---\nmetadata:\n  version: &v «1.2.0»\nuse: *v\n...\n"},
	{"values, tag and anchor", "a.yaml#v", "v: !!str &x \"«1.2.0»\"\n"},
	{"values, line separators", "a.yaml#v", "w: \"a\u2028  b\u0085\"\nv: «1.2.0»\n"},
	{"values, old line ends", "a.yaml#v", "w: 1\rv: «1.2.0»\r"},
	{"values, a marked line", "a.yaml", "image: acme/shop:«1.2.0» # x-slipway-version\n"},
	{"a template with a marked line", "templates/job.yaml", "{{- if .Values.job }}\nimage: acme/shop:«1.2.0» # x-slipway-version\n{{ end }}\n"},
	{"values, a pre-release without number", "a.yaml#v", "v: «1.2.0-SNAPSHOT»\n"},
	{"values, a pre-release of one word and number", "a.yaml#v", "v: «1.2.0-beta2»\n"},
	{"values, a pre-release of another channel", "a.yaml#v", "v: «1.2.0-blue-green.3»\n"},
	{"values, a nightly", "a.yaml#v", "v: «1.2.0-20260101»\n"},
	{"values, build metadata", "a.yaml#v", "v: «1.2.0+5f3e»\n"},
	{"values, a pre-release", "a.yaml#v", "v: «1.2.0-rc.1»\n"},
	{"json key", "a.json#a.b[2].c", `{"a":{"b":["1.2.0",{"c":"1.2.0"},{"x":{"c":"1.2.0"},"c":"«1.2.0»"}]}}`},

	{"maven", "pom.xml", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- <version>1.2.0</version> -->\n<project xmlns=\"http://maven.apache.org/POM/4.0.0\">\n  <parent><version>1.2.0</version></parent>\n  <version>«1.2.0»</version>\n  <dependencies><dependency><version>1.2.0</version></dependency></dependencies>\n</project>\n"},
	{"maven, snapshot, blanks, CRLF", "pom.xml", "<project>\r\n<version>\r\n  «1.0-SNAPSHOT»\r\n</version></project>"},
	{"maven, CDATA and a comment", "pom.xml", "<project><version><!-- v --><![CDATA[«1.2.0»]]></version></project>"},
	{"maven, prefixed", "pom.xml", "<m:project xmlns:m=\"http://maven.apache.org/POM/4.0.0\" xmlns:x=\"x\"><x:version>1.2.0</x:version><m:version>«1.2.0»</m:version></m:project>"},
	{"maven, a property", "pom.xml", "<project><version>${revision}</version><properties><a>1.2.0</a><revision>«1.2.0-SNAPSHOT»</revision></properties><profiles><properties><revision>1.2.0</revision></properties></profiles></project>"},
	{"maven, another encoding", "pom.xml", "<?xml version='1.0' encoding='ISO-8859-1'?><project><version>«1.2.0»</version></project>"},
	{"maven, the parent's", "a/pom.xml#parent.version", "<project><parent><version>«1.2.0»</version></parent></project>"},
	{"maven, a property from elsewhere, with a mark", "a/pom.xml", "<project><version>${revision}</version>\n<image>acme/shop:«1.2.0»</image> <!-- x-slipway-version -->\n</project>"},
	{"maven, the parent's by mark", "a/pom.xml", "<project>\n<parent>\n<version>«1.2.0»</version> <!-- x-slipway-version -->\n</parent></project>"},
	{"dotnet", "src/Shop.csproj#PropertyGroup.Version", "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup/><PropertyGroup><Version>«1.2.0»</Version></PropertyGroup><ItemGroup><PackageReference Version=\"1.2.0\"/></ItemGroup></Project>"},

	{"gradle", "build.gradle", "plugins {\n  id 'a' version '1.2.0'\n}\n// version = '1.2.0'\n/* version '1.2.0' */ version = '«1.2.0-SNAPSHOT»' // ours\next.version2 = '1.2.0'\nversionCode 12\n"},
	{"gradle, without sign", "build.gradle", "group 'acme'\r\nversion '«1.2.0»'\r\nandroid {\r\n  version '1.2.0'\r\n}"},
	{"gradle, called", "build.gradle", "def s = \"version = '\"\nversion(\"«1.2.0»\")"},
	{"gradle, Kotlin", "app/build.gradle.kts", "plugins { kotlin(\"jvm\") version \"1.2.0\" }\ngroup = \"acme\"; version = \"«1.2.0»\"\nval version2 = \"1.2.0\"\n"},
	{"gradle, all projects", "build.gradle", "allprojects {\n    version = '«1.2.0»'\n}\nsubprojects { version = '1.2.0' }\n"},
	{"gradle, a marked line", "build.gradle", "def v = '«1.2.0»' // x-slipway-version\nversion = v\n"},
	{"gradle properties", "gradle.properties", "# version=1.2.0\norg.version=1.2.0\nversion = «1.2.0»  \r\nlast=a\\\nversion=1"},
	{"properties with a key", "app.properties#app.version", "app.version: «1.2.0»\napp=1\n"},

	{"one line", "VERSION", "«1.2.0»\n"},
	{"one line, bare", "lib/version.txt", "«1.2.0»"},
	{"one line, blanks", "VERSION", "\ufeff  v«1.2.0» \r\n\r\n"},
	{"one line, empty", "VERSION", "«»"},
	{"one line, of an empty file", "VERSION", "«»\n"},
	{"marked lines", "install.sh", "#!/bin/sh\nIP=10.0.0.1 V=v«1.2.0» # x-slipway-version\nW='«1.1.9»' # (x-slipway-version)\nX=1.2.0 # x-slipway-versions, which is another word\n"},
	{"marked line of a link", "README.md", "[latest](https://example.com/v«1.2.0»/) <!-- x-slipway-version -->"},
	{"marked line of a pin", "Dockerfile", "# ENV x-slipway 1.2.0\nENV V=«1.2.0-rc.1»  # x-slipway-version\n"},
}

func target(t *testing.T, s string) versionfile.Target {
	t.Helper()
	got, err := versionfile.ParseTarget(s)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func marked(text string) (old, want string) {
	old = strings.NewReplacer("«", "", "»", "").Replace(text)
	for i, part := range strings.Split(text, "«") {
		_, after, found := strings.Cut(part, "»")
		if i == 0 || !found {
			want += part
			continue
		}
		want += "1.3.0" + after
	}
	return old, want
}

func TestSet(t *testing.T) {
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			old, want := marked(tc.text)
			got, err := versionfile.Set(target(t, tc.target), []byte(old), "1.3.0")
			if err != nil {
				t.Fatal(err)
			}
			if string(got.Data) != want {
				t.Errorf("got  %q\nwant %q", got.Data, want)
			}
			if n := strings.Count(tc.text, "«"); len(got.Places) != n {
				t.Errorf("%d places, want %d: %+v", len(got.Places), n, got.Places)
			}
			again, err := versionfile.Set(target(t, tc.target), got.Data, "1.3.0")
			if err != nil || string(again.Data) != want {
				t.Errorf("the second time: %q, %v", again.Data, err)
			}
			later, err := versionfile.Set(target(t, tc.target), got.Data, "2.0.0-rc.1")
			if err != nil || string(later.Data) != strings.ReplaceAll(want, "1.3.0", "2.0.0-rc.1") {
				t.Errorf("a pre-release: %q, %v", later.Data, err)
			}
		})
	}
}

func TestSetLocks(t *testing.T) {
	const lock = "version = 4\n\n[[package]]\nname = \"a\"\nversion = \"«1.2.0»\"\ndependencies = [\n \"b 1.2.0\",\n]\n\n[[package]]\nname = \"a\"\nversion = \"1.2.0\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\n\n[[package]]\nname = \"b\"\nversion = \"1.2.0\"\n\n[[package]]\nname = \"c\"\nversion = \"«1.2.0»\"\n"
	old, want := marked(lock)
	got, err := versionfile.Set(versionfile.Target{Path: "Cargo.lock", Crates: []string{"a", "c"}}, []byte(old), "1.3.0")
	if err != nil || string(got.Data) != want {
		t.Errorf("got %q, %v", got.Data, err)
	}
	_, err = versionfile.Set(versionfile.Target{Path: "Cargo.lock", Crates: []string{"a", "z"}}, []byte(old), "1.3.0")
	if absent := new(versionfile.Absent); !errors.As(err, &absent) || !strings.Contains(err.Error(), "without a source named z") {
		t.Errorf("a crate that is not in it: %v", err)
	}
	const member = `{"version":"1.2.0","packages":{"":{"version":"1.2.0"},"packages/a":{"name":"a","version":"«1.2.0»"},"node_modules/a":{"resolved":"packages/a","link":true}}}`
	old, want = marked(member)
	got, err = versionfile.Set(versionfile.Target{Path: "package-lock.json", Member: "packages/a"}, []byte(old), "1.3.0")
	if err != nil || string(got.Data) != want {
		t.Errorf("got %q, %v", got.Data, err)
	}
}

func TestReadCrate(t *testing.T) {
	got, err := versionfile.ReadCrate([]byte("\ufeff[workspace]\nmembers = [\"a\", 1]\npackage.version = \"1.2.0\"\n[package]\nname = \"shop\"\nversion.workspace = true\n"))
	if err != nil || got.Name != "shop" || !got.Inherits || !got.Shared || !got.Workspace || len(got.Members) != 1 {
		t.Errorf("got %+v, %v", got, err)
	}
	if got, err := versionfile.ReadCrate([]byte("[package")); err == nil {
		t.Errorf("got %+v of what is broken", got)
	}
}

func TestPlaces(t *testing.T) {
	got, err := versionfile.Set(target(t, "Chart.yaml"), []byte("# a\nappVersion: v1.2.0\nversion: 1.3.0\n"), "1.3.0")
	if err != nil {
		t.Fatal(err)
	}
	want := []versionfile.Place{{Key: "appVersion", Line: 2, Old: "v1.2.0", New: "v1.3.0"}, {Key: "version", Line: 3, Old: "1.3.0", New: "1.3.0"}}
	if len(got.Places) != 2 || got.Places[0] != want[0] || got.Places[1] != want[1] {
		t.Errorf("got %+v", got.Places)
	}
}
