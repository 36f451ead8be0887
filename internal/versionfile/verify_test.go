package versionfile

import (
	"strings"
	"testing"
)

// The comparison is what stands between a mistake in finding and a broken file.
func TestCompare(t *testing.T) {
	edits := []edit{{old: "1.2.0", new: "1.3.0"}}
	for _, tc := range []struct{ name, old, next, want string }{
		{"the value alone", `{"version":"1.2.0","a":"1.2.0"}`, `{"version":"1.3.0","a":"1.2.0"}`, ""},
		{"a value too much", `{"version":"1.2.0","a":"1.2.0"}`, `{"version":"1.3.0","a":"1.3.0"}`, `"1.2.0" would become "1.3.0"`},
		{"another value", `{"version":"1.2.0","a":"x"}`, `{"version":"1.3.0","a":"y"}`, `"x" would become "y"`},
		{"a key", `{"1.2.0":"1"}`, `{"1.3.0":"1"}`, `would become`},
		{"a value more", `["1.2.0"]`, `["1.3.0","1.3.0"]`, "another structure"},
		{"a type", `["1.2.0",1]`, `["1.3.0","1"]`, `"1" would become "1"`},
	} {
		before, err := parseJSON([]byte(tc.old))
		if err != nil {
			t.Fatal(err)
		}
		after, err := parseJSON([]byte(tc.next))
		if err != nil {
			t.Fatal(err)
		}
		err = compare(before, after, edits)
		if (err == nil) != (tc.want == "") || err != nil && !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v, want %q", tc.name, err, tc.want)
		}
	}
}

// A finder that takes the wrong bytes is found out, in every form that has a parser.
func TestVerifyFindsWrongPlaces(t *testing.T) {
	for name, tc := range map[string]struct {
		form form
		text string
	}{
		"json": {form{find: findJSON, parse: parseJSON}, `{"a":"1.2.0","b":"1.2.0"}`},
		"toml": {form{find: findTOML, parse: parseTOML}, "a = \"1.2.0\"\nb = \"1.2.0\"\n"},
		"yaml": {form{find: findYAML, parse: parseYAML}, "a: 1.2.0\nb: 1.2.0\n"},
		"xml":  {form{find: findXML, parse: parseXML}, "<r><a>1.2.0</a><b>1.2.0</b></r>"},
	} {
		at := strings.LastIndex(tc.text, "1.2.0")
		target := Target{Key: names("a")}
		sites, err := tc.form.find([]byte(tc.text), target)
		if err != nil {
			t.Fatal(name, err)
		}
		edits, places, err := plan([]byte(tc.text), sites, "1.3.0")
		if err != nil {
			t.Fatal(name, err)
		}
		right := splice([]byte(tc.text), edits)
		if err := tc.form.verify(target, []byte(tc.text), right, edits, places); err != nil {
			t.Errorf("%s: the right place: %v", name, err)
		}
		edits[0].start, edits[0].end = at, at+5
		wrong := splice([]byte(tc.text), edits)
		if err := tc.form.verify(target, []byte(tc.text), wrong, edits, places); err == nil {
			t.Errorf("%s: the wrong place was not found out: %s", name, wrong)
		}
		both := []byte(strings.ReplaceAll(tc.text, "1.2.0", "1.3.0"))
		if err := tc.form.verify(target, []byte(tc.text), both, edits, places); err == nil {
			t.Errorf("%s: a change too much was not found out: %s", name, both)
		}
	}
}
