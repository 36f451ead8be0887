package codeowners

import (
	"fmt"
	"strings"
	"testing"
)

func TestOf(t *testing.T) {
	owners, err := Parse("\ufeff# who owns what\n\n* @ada @acme/all  # the rest\r\ndocs/* docs@acme.example\n/db/ @acme/dba\n/db/free.sql\n*.go @Bob\n/a\\ b/ @eve_x\n")
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"README.md": "[@ada @acme/all]", "docs/a.md": "[docs@acme.example]", "docs/x/a.md": "[@ada @acme/all]", "db/1/up.sql": "[@acme/dba]",
		"db/free.sql": "[]", "db/x.go": "[@Bob]", "x/db/y": "[@ada @acme/all]", "a b/c": "[@eve_x]",
	} {
		got, err := owners.Of([]string{path})
		if err != nil || fmt.Sprint(got[0]) != want {
			t.Errorf("%s: %v, %v; want %s", path, got, err, want)
		}
	}
}

// A file that cannot be read whole says nothing about anybody.
func TestNotRead(t *testing.T) {
	for name, text := range map[string]string{
		"no owner":      "* ada\n",
		"only a slash":  "/ @ada\n",
		"slashes":       "//\t@ada\n",
		"a long line":   "* @ada\n/" + strings.Repeat("x", 70_000) + " @eve\n/db @bob\n",
		"a long path":   "/" + strings.Repeat("x", pathLimit) + " @ada\n",
		"a sharp":       "/c#/ @ada\n",
		"an escaped #":  "/c\\#/ @ada\n",
		"brackets":      "/[ab]/ @ada\n",
		"a negation":    "!/a @ada\n",
		"three stars":   "a***b @ada\n",
		"no UTF-8":      "\xff @ada\n",
		"many rules":    strings.Repeat("* @ada\n", ruleLimit+1),
		"a large file":  strings.Repeat("#", sizeLimit+1),
		"two in a line": "* @ada,@bob\n",
	} {
		if _, err := Parse(text); err == nil {
			t.Errorf("%s was read", name)
		}
	}
	many, err := Parse(strings.Repeat("*/*/*/*x @ada\n", ruleLimit))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := many.Of(make([]string, 201)); err == nil {
		t.Error("too much work was taken on")
	}
}

func FuzzParse(f *testing.F) {
	f.Add("* @ada\n/db/ @acme/dba # x\n", "db/a")
	f.Add("/ @a", "a")
	f.Add("\\", "a")
	f.Fuzz(func(t *testing.T, text, path string) {
		if owners, err := Parse(text); err == nil {
			owners.Of([]string{path, ""})
		}
	})
}
