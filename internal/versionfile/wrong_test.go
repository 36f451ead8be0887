package versionfile_test

import (
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/versionfile"
)

// What cannot be set without guessing is an error, and says what and where.
func TestSetRefuses(t *testing.T) {
	deep := strings.Repeat("[", 20_000)
	for _, tc := range []struct{ name, target, text, want string }{
		{"npm, none", "package.json", `{"private":true,"a":{"version":"1.2.0"}}`, "there is no value at version"},
		{"npm, twice", "package.json", "{\n\"version\":\"1.2.0\",\n\"version\":\"1.2.0\"}", `line 3: the key "version" is there twice`},
		{"npm, twice elsewhere", "package.json", `{"version":"1.2.0","a":{"b":1,"b":1}}`, `line 1: the key "b" is there twice`},
		{"npm, twice by an escape", "package.json", `{"version":"1.2.0","v\u0065rsion":"1.2.0"}`, `the key "version" is there twice`},
		{"npm, a number", "package.json", `{"version":1.2}`, "version is 1.2, which is no string"},
		{"npm, null", "package.json", `{"version":null}`, "version is null, which is no string"},
		{"npm, escapes", "package.json", `{"version":"1.2\u002e0"}`, "line 1: version is written with escapes"},
		{"npm, a range", "package.json", `{"version":"^1.2.0"}`, `version is "^1.2.0", which is no semantic version`},
		{"npm, a list", "package.json", `[{"version":"1.2.0"}]`, "there is no value at version"},
		{"json, cut off", "package.json", `{"version":"1.2.0"`, "cut off"},
		{"json, empty", "package.json", "", "cut off"},
		{"json, comments", "package.json", "{\n// no\n\"version\":\"1.2.0\"}", "line 2 cannot be read as JSON"},
		{"json, two documents", "package.json", `{"version":"1.2.0"} {}`, "something follows the JSON document"},
		{"json, deep", "a.json#a", deep, "line 1 nests too deeply"},
		{"json, an object", "a.json#a", `{"a":{"b":"1.2.0"}}`, "there is no value at a"},
		{"json, index out of it", "a.json#a[2]", `{"a":["1.2.0"]}`, "there is no value at a[2]"},
		{"json without a key", "composer.json", `{"version":"1.2.0"}`, "name the key, as in composer.json#version"},
		{"npm lock without any", "package-lock.json", `{"lockfileVersion":3,"packages":{"node_modules/a":{"version":"1.2.0"}}}`, "there is no value at version"},

		{"python, dynamic", "pyproject.toml", "[project]\ndynamic = [\"version\"]\n", "dynamic"},
		{"python, none", "pyproject.toml", "[tool.black]\nversion = \"1.2.0\"\n", "neither [project] version nor [tool.poetry] version"},
		{"python, two that differ", "pyproject.toml", "[project]\nversion = \"1.2.0\"\n[tool.poetry]\nversion = \"0.3.0\"\n", `project.version is "1.2.0" and tool.poetry.version is "0.3.0"`},
		{"toml, twice", "pyproject.toml", "[project]\nversion = \"1.2.0\"\nversion = \"1.2.0\"\n", "cannot be read"},
		{"toml, a number", "a.toml#v", "v = 1.2\n", `v is "1.2", which is no string`},
		{"toml, several lines", "a.toml#v", "v = \"\"\"\n1.2.0\"\"\"\n", "is a string of several lines"},
		{"toml, escapes", "a.toml#v", "v = \"1.2\\u002e0\"\n", "written with escapes"},
		{"toml, a table", "a.toml#v", "[v]\na = \"1.2.0\"\n", "there is no value at v"},
		{"toml, broken", "a.toml#v", "v = \n", "cannot be read"},
		{"toml, deep", "a.toml#v", "v = " + deep, "line 1 nests too deeply"},
		{"toml, a long way", "a.toml#v", strings.Repeat("a.", 20_000) + "a = 1", "too many parts"},
		{"cargo, none", "Cargo.toml", "[package]\nname = \"a\"\n", "neither [package] version nor [workspace.package] version"},
		{"cargo, inherited", "Cargo.toml", "[package]\nversion.workspace = true\n", "version.workspace = true"},
		{"cargo, two that differ", "Cargo.toml", "[package]\nversion = \"1.2.0\"\n[workspace.package]\nversion = \"0.3.0\"\n", "name the one that is meant"},
		{"cargo lock alone", "Cargo.lock", "[[package]]\nname = \"a\"\nversion = \"1.2.0\"\n", "the crate of this lock is not known"},

		{"chart, none", "Chart.yaml", "appVersion: 1.2.0\n", "there is no value at version"},
		{"chart, a name", "Chart.yaml", "version: 1.2.0\nappVersion: latest\n", `line 2: appVersion is "latest"`},
		{"yaml, an alias", "a.yaml#b", "a: &v 1.2.0\nb: *v\n", "line 2: b is the alias *v"},
		{"yaml, an alias on the way", "a.yaml#b.c", "a: &v {c: 1.2.0}\nb: *v\n", "line 2: b is the alias *v"},
		{"yaml, a merge key", "a.yaml#b.c", "a: &v {c: 1.2.0}\nb:\n  <<: *v\n", "merge key <<"},
		{"yaml, twice", "a.yaml#a", "a: 1.2.0\na: 1.2.0\n", "line 2: the key a is there twice"},
		{"yaml, a block", "a.yaml#a", "a: |\n  1.2.0\n", "line 1: a is a block of text"},
		{"yaml, nothing", "a.yaml#a", "a:\nb: 1\n", `line 1: a has no value; write "" there once`},
		{"yaml, a list", "a.yaml#a", "a: [1.2.0]\n", "line 1: a is no single value"},
		{"yaml, a number", "a.yaml#a", "a: 1.2\n", `a is "1.2", which is no semantic version`},
		{"yaml, escapes", "a.yaml#a", "a: \"1.2\\x2e0\"\n", "written with escapes"},
		{"yaml, an image", "a.yaml#image", "image: acme/shop:1.2.0\n", `image is "acme/shop:1.2.0", which is no semantic version`},
		{"yaml, a variant", "a.yaml#tag", "tag: 1.2.0-alpine3.19\n", "the -alpine3.19 in it may be no pre-release"},
		{"yaml, broken", "a.yaml#a", "a: [", "cannot be read as YAML"},
		{"yaml, deep", "a.yaml#a", deep, "exceeded max depth"},
		{"yaml, one of several documents", "a.yaml#a", "a: 1.2.0\n---\na: latest\n", `line 3: a is "latest"`},
		{"yaml without key or mark", "values.yaml", "tag: 1.2.0\n", "no line is marked"},

		{"maven, inherited", "pom.xml", "<project><parent><version>1.2.0</version></parent></project>", "project/version is missing"},
		{"maven, no project", "pom.xml", "<module><version>1.2.0</version></module>", "project/version is missing"},
		{"maven, a property from elsewhere", "pom.xml", "<project>\n<version>${revision}</version>\n</project>", "line 2: version is ${revision}, and the property revision is not in"},
		{"maven, two properties", "pom.xml", "<project><version>${revision}${changelist}</version></project>", `version is "${revision}${changelist}", which is no semantic version`},
		{"maven, twice", "pom.xml", "<project><version>1.2.0</version>\n<version>1.2.0</version></project>", "line 2: version is there twice"},
		{"maven, empty", "pom.xml", "<project><version/></project>", "holds something else than one piece of text"},
		{"maven, in pieces", "pom.xml", "<project><version>1.<!-- a -->2.0</version></project>", "holds something else than one piece of text"},
		{"maven, entities", "pom.xml", "<project><version>1.2&#46;0</version></project>", "written with entities"},
		{"xml, broken", "pom.xml", "<project><version>1.2.0</project>", "cannot be read as XML"},
		{"xml, an encoding", "pom.xml", "<?xml version='1.0' encoding='UTF-7'?><project><version>1.2.0</version></project>", `the encoding "utf-7" is not read`},
		{"xml, deep", "pom.xml", strings.Repeat("<a>", 20_000), "nests too deeply"},
		{"xml, an index", "a.xml#a[0]", "<r/>", "has an index"},

		{"gradle, computed", "build.gradle", "version = rootProject.version\n", `line 1: version is "rootProject.version", which is no text in quotes`},
		{"gradle, interpolated", "build.gradle.kts", "version = \"1.2.$patch\"\n", "which is no semantic version"},
		{"gradle, none", "build.gradle", "plugins { id 'a' version '1.2.0' }\n", `there is no version = "…"`},
		{"gradle, twice", "build.gradle", "version = '1.2.0'\nversion = '1.2.0'\n", "line 2: version is there twice"},
		{"properties, twice", "gradle.properties", "version=1.2.0\nversion=1.2.0\n", "line 2: version is there twice"},
		{"properties, none", "gradle.properties", "a.version=1.2.0\n", "there is no value at version"},
		{"setup.cfg, an attribute", "setup.cfg", "[metadata]\nversion = attr: shop.__version__\n", "which is no semantic version"},

		{"several lines", "VERSION", "1.2.0\n1.3.0\n", "more than one line"},
		{"no version", "VERSION", "unreleased\n", `the file is "unreleased"`},
		{"no mark", "a.sh", "V=1.2.0\n", "no line is marked with x-slipway-version"},
		{"a mark without version", "a.sh", "\nV=1.2 # x-slipway-version\n", "line 2 is marked with x-slipway-version and has no version"},
		{"a mark with two", "a.sh", "V=1.2.0 W=1.2.0 # x-slipway-version\n", "has 2 versions"},
		{"a mark with a variant", "a.sh", "V=acme:1.2.0-alpine # x-slipway-version\n", "the -alpine in it may be no pre-release"},
		{"a mark and a file's name", "a.sh", "get shop-1.2.0-linux-amd64.zip # x-slipway-version\n", "may be no pre-release"},
		{"a mark on what is a key", "a.yaml", "1.2.0: a # x-slipway-version\n", `without changing something else: "1.2.0" would become "1.3.0"`},
		{"a mark on the name of a table", "a.toml", "[\"1.2.0\"] # x-slipway-version\n", "without changing something else"},
		{"a key in a script", "a.sh#V", "V=1.2.0\n", "leave the key out and mark the line"},

		{"too many", "a.yaml#a", strings.Repeat("a: 1.2.0\n---\n", 1001), "1001 places for the version; at most 1000"},
		{"UTF-16", "VERSION", "\xff\xfe1\x00", "UTF-16"},
		{"NUL", "VERSION", "1.2.0\n\x00", "line 2 holds a NUL byte"},
		{"not UTF-8", "VERSION", "1.2.0\n\xe9", "line 2 is not valid UTF-8"},
		{"huge", "VERSION", strings.Repeat(" ", versionfile.SizeLimit+1), "at most 16777216 are read"},
		{"a huge tree", "a.yaml#a", strings.Repeat(" ", 5<<20), "at most 4194304 are read"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := versionfile.Set(target(t, tc.target), []byte(tc.text), "1.3.0")
			if err == nil {
				t.Fatalf("it became %q", got.Data)
			}
			if !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got  %v\nwant %s", err, tc.want)
			}
			if len(err.Error()) > 700 || strings.Contains(err.Error(), "\n") {
				t.Errorf("too much to read: %.900s", err.Error())
			}
		})
	}
}

func TestSetWantsAVersion(t *testing.T) {
	for _, v := range []string{"", "v1.3.0", "1.3", "1.3.0 \"", "1.3.0\n"} {
		if got, err := versionfile.Set(versionfile.Target{Path: "VERSION"}, []byte("1.2.0"), v); err == nil {
			t.Errorf("%q became %q", v, got.Data)
		}
	}
}

func TestParseTarget(t *testing.T) {
	for _, tc := range []struct{ line, path, key string }{
		{"package.json", "package.json", ""},
		{" a b/values.yaml # image.tag ", "a b/values.yaml", "image.tag"},
		{`v.yaml#a."b.c#".d`, "v.yaml", `a."b.c#".d`},
		{`v.yaml#"\"".""`, "v.yaml", `"\"".""`},
		{"v.yaml#$.a.b[0]", "v.yaml", "a.b[0]"},
		{`v.yaml#"$".a`, "v.yaml", `"$".a`},
		{"v.yaml#[0].a[1][2]", "v.yaml", "[0].a[1][2]"},
		{"v.yaml#äö-ü_/x", "v.yaml", "äö-ü_/x"},
	} {
		got, err := versionfile.ParseTarget(tc.line)
		if err != nil || got.Path != tc.path || got.Key.String() != tc.key {
			t.Errorf("%s: %q %q, %v", tc.line, got.Path, got.Key, err)
		}
	}
	for _, line := range []string{"", "#a", "a#", "a#.b", "a#b.", "a#b..c", "a#b.[0]", "a#b[", "a#b[]", "a#b[-1]", "a#b[x]", "a#b]", `a#"b`, `a#"b"c`, "a#b c", `a#b"c"`, "a#b[0]c", "a#b[99999999999]"} {
		if got, err := versionfile.ParseTarget(line); err == nil {
			t.Errorf("%s was read as %q %q", line, got.Path, got.Key)
		}
	}
}
