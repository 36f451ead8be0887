package vex

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/osv"
)

// openDoc is an OpenVEX document with these statements.
func openDoc(statements string) []byte {
	return []byte(`{"@context":"https://openvex.dev/ns/v0.2.0","@id":"a","author":"b","timestamp":"2026-01-01T00:00:00Z","version":1,"statements":[` + statements + `]}`)
}

// Vulnerabilities and products that are plain names, as the first form had them, and what is neither.
func TestPlainNames(t *testing.T) {
	all, err := Parse("a", openDoc(`{"vulnerability":"CVE-1","products":["pkg:golang/a@1"],"status":"fixed"}`))
	if err != nil || len(all) != 1 || !slices.Equal(all[0].IDs, []string{"CVE-1"}) || all[0].Products[0].PURL != "pkg:golang/a@1" {
		t.Fatalf("got %+v, %v", all, err)
	}
	for _, bad := range []string{
		`{"vulnerability":7,"products":["pkg:golang/a@1"],"status":"fixed"}`, `{"vulnerability":{"name":"CVE-1"},"products":[7],"status":"fixed"}`,
		`{"vulnerability":{"name":7},"products":["pkg:golang/a@1"],"status":"fixed"}`, `{"vulnerability":{"name":"CVE-1"},"products":[{"@id":7}],"status":"fixed"}`,
	} {
		if all, err := Parse("a", openDoc(bad)); err == nil {
			t.Errorf("%s is read: %+v", bad, all)
		}
	}
	// A name of one letter, and none.
	if all, err := Parse("a", openDoc(`{"vulnerability":"x","products":["y"],"status":"fixed"}`)); err != nil || all[0].IDs[0] != "x" || all[0].Products[0].ID != "y" {
		t.Errorf("got %+v, %v", all, err)
	}
	if _, err := Parse("a", openDoc(`{"vulnerability":"","products":["y"],"status":"fixed"}`)); err == nil {
		t.Error("no name is read")
	}
}

// Where the document is wrong.
func TestWhere(t *testing.T) {
	for offset, want := range map[int]int{-5: 1, 0: 1, 1: 1, 2: 2, 4: 3, 99: 3} {
		if got := lineAt([]byte("a\nb\nc"), offset); got != want {
			t.Errorf("the offset %d is in line %d, want %d", offset, got, want)
		}
	}
	if got := lineAt([]byte("\na"), 0); got != 1 {
		t.Errorf("before the first line's end is line %d", got)
	}
	other := errors.New("another")
	if got := explain(nil, other); !errors.Is(got, other) {
		t.Errorf("got %v", got)
	}
	for text, want := range map[string]string{
		`{"a": [1,} `: "line 1: invalid character", "{\n\"a\": x}": "line 2: invalid character", `{"a": `: "it is cut off", `{"a"`: "it is cut off",
	} {
		var v map[string]any
		if err := explain([]byte(text), json.Unmarshal([]byte(text), &v)); !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
	all, err := Parse("a", []byte("{\"@context\":\"https://openvex.dev/ns/v0.2.0\",\"timestamp\":\"2026-01-01T00:00:00Z\",\n\"other\":{\"x\":1},\n\"statements\":[\n{\"vulnerability\":\"CVE-1\",\"products\":[\"y\"],\"status\":\"fixed\"},\n\n{\"vulnerability\":\"CVE-2\",\"products\":[\"y\"],\"status\":\"fixed\"}]}"))
	if err != nil || len(all) != 2 || all[0].Line != 4 || all[1].Line != 6 {
		t.Errorf("got %+v, %v", all, err)
	}
	for text, want := range map[string]string{
		`{"@context":"https://openvex.dev/ns/v0.2.0","statements":7}`:                                                                               "line 1: statements is no list",
		`{"@context":"https://openvex.dev/ns/v0.2.0","statements":[7]}`:                                                                             "line 1: ",
		"{\"@context\":\"https://openvex.dev/ns/v0.2.0\",\"author\":7,\"statements\":[]}":                                                           `"author" is a number where a string is expected`,
		"{\"@context\":\"https://openvex.dev/ns/v0.2.0\",\n\"statements\":[\n{\"vulnerability\":\"CVE-1\",\"products\":[\"y\"],\"status\":\"x\"}]}": `line 3: the status "x" is none of`,
		`{"bomFormat":"CycloneDX","serialNumber":7,"vulnerabilities":[]}`:                                                                           `"serialNumber" is a number where a string is expected`,
	} {
		if _, err := Parse("a", []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

// The most that is read: each bound itself is taken, one more is not.
func TestBounds(t *testing.T) {
	ids := func(n int) []string { return make([]string, n) }
	products := func(n, parts int) []Statement {
		return []Statement{{Products: append(make([]Product, n-1), Product{Subcomponents: make([]string, parts)})}}
	}
	for name, tt := range map[string]struct {
		all []Statement
		ok  bool
	}{
		"names":                {[]Statement{{IDs: ids(idLimit)}}, true},
		"a name more":          {[]Statement{{IDs: ids(idLimit + 1)}}, false},
		"parts":                {products(1, productLimit-1), true},
		"a part more":          {products(1, productLimit), false},
		"of two products":      {products(2, productLimit-2), true},
		"and one part more":    {products(2, productLimit-1), false},
		"of two statements":    {append(products(1, productLimit/2-1), products(1, productLimit/2-1)...), true},
		"and one more of them": {append(products(1, productLimit/2-1), products(1, productLimit/2)...), false},
	} {
		if err := bounded(tt.all); (err == nil) != tt.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
	for n, ok := range map[int]bool{statementLimit: true, statementLimit + 1: false} {
		list := []byte(`{"x":[` + strings.TrimSuffix(strings.Repeat("1,", n), ",") + `]}`)
		if err := each(list, "x", func(int, int) error { return nil }); (err == nil) != ok {
			t.Errorf("%d entries: %v", n, err)
		}
	}
	if _, err := Parse("a", bytes.Repeat([]byte(" "), sizeLimit+1)); err == nil || !strings.Contains(err.Error(), "more than") {
		t.Errorf("a byte more: %v", err)
	}
	long := strings.Repeat("x", 60)
	if shorten(long) != long || shorten(long+"y") != long+"…" {
		t.Errorf("60 and 61 letters become %q and %q", shorten(long), shorten(long+"y"))
	}
	if got := names(" a ", "A", "", "b"); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("the names are %q", got)
	}
}

// Of statements of one moment the one that excuses least holds, whatever their order.
func TestWeights(t *testing.T) {
	p := osv.Package{Ecosystem: "Go", Name: "example.com/a", Version: "1.0.0"}
	say := func(status Status, flaw, author string) Statement {
		return Statement{IDs: []string{"CVE-1"}, Products: []Product{{PURL: "pkg:golang/example.com/a@1.0.0"}}, Status: status, flaw: flaw, Author: author}
	}
	order := []Statement{say(NotAffected, "", ""), say(Fixed, "f", ""), say(NotAffected, "f", ""), say(UnderInvestigation, "", ""), say(Affected, "", "")}
	for i, less := range order {
		for j, more := range order[i+1:] {
			for _, all := range [][]Statement{{less, more}, {more, less}} {
				if got, ok := Latest(all, []string{" cve-1 "}, p); !ok || got.Status != more.Status || got.flaw != more.flaw {
					t.Errorf("of %d and %d %s holds, want %s", i, i+1+j, got.Status, more.Status)
				}
			}
		}
	}
	if got, _ := Latest([]Statement{say(Affected, "", "first"), say(Affected, "", "second")}, []string{"CVE-1"}, p); got.Author != "first" {
		t.Errorf("of equal ones the %s holds", got.Author)
	}
	if (Statement{Status: Fixed, Products: order[0].Products}).weight() >= order[1].weight() {
		t.Error("what excuses weighs as much as what does not")
	}
}

// Names and versions of packages.
func TestMatches(t *testing.T) {
	for _, tt := range []struct {
		purl  string
		p     osv.Package
		exact bool
		want  bool
	}{
		{"pkg:golang/example.com/a@v1.0.0", osv.Package{Ecosystem: "Go", Name: "example.com/a", Version: "1.0.0"}, true, true},
		{"pkg:golang/example.com/a@1.0.0", osv.Package{Ecosystem: "Go", Name: "example.com/a", Version: "v1.0.0"}, true, true},
		{"pkg:golang/example.com/a", osv.Package{Ecosystem: "Go", Name: "example.com/A", Version: "1.0.0"}, false, true},
		{"pkg:golang/example.com/a", osv.Package{Ecosystem: "Go", Name: "example.com/a", Version: "1.0.0"}, true, false},
		{"pkg:golang/example.com/b", osv.Package{Ecosystem: "Go", Name: "example.com/a", Version: "1.0.0"}, false, false},
		{"pkg:npm/a@1.0.0", osv.Package{Ecosystem: "npm", Name: "A", Version: "1.0.0"}, false, false},
		{"pkg:npm/a@1.0.0", osv.Package{Ecosystem: "npm", Name: "a", Version: "v1.0.0"}, false, false},
		{"pkg:npm/a@1.0.0", osv.Package{Ecosystem: "npm", Name: "a", Version: "1.0.0"}, false, true},
		{"pkg:npm/a@1.0.1", osv.Package{Ecosystem: "npm", Name: "a", Version: "1.0.0"}, false, false},
	} {
		if got := matches(tt.purl, tt.p, tt.exact); got != tt.want {
			t.Errorf("%s is %v (exactly: %t): %t", tt.purl, tt.p, tt.exact, got)
		}
	}
	part := Statement{IDs: []string{"CVE-1"}, Status: NotAffected, Products: []Product{{ID: "x", Subcomponents: []string{"", "pkg:npm/a"}}}}
	p := osv.Package{Ecosystem: "npm", Name: "a", Version: "1.0.0"}
	if !Covers(part, []string{"CVE-1"}, p) {
		t.Error("a part without a version is about all versions")
	}
	part.Status = Fixed
	if Covers(part, []string{"CVE-1"}, p) {
		t.Error("what is fixed is fixed in a version")
	}
}

// References of CycloneDX, and what its statements need.
func TestReferences(t *testing.T) {
	purls := map[string]string{"a": "pkg:npm/a@1.0.0"}
	for ref, want := range map[string]string{
		"a": "pkg:npm/a@1.0.0", "pkg:npm/b@1": "pkg:npm/b@1", "b": "", "urn:cdx:1/1#a": "pkg:npm/a@1.0.0", "urn:cdx:2/1#a": "", "urn:cdx:1/1": "", "urn:cdx:1/1#%zz": "", "urn:cdx:2/1#pkg:npm%2Fb@1": "pkg:npm/b@1",
	} {
		if got := resolve(ref, "urn:uuid:1", purls); got != want {
			t.Errorf("%s is %q, want %q", ref, got, want)
		}
	}
	for _, tt := range []struct{ state, justification, impact, want string }{
		{"not_affected", "code_not_present", "", ""}, {"not_affected", "", "words", "it says not_affected without a justification"},
		{"false_positive", "", "", "it says false_positive without a justification or a detail"}, {"false_positive", "", "words", ""}, {"false_positive", "code_not_present", "", ""},
		{"resolved", "", "", ""}, {"resolved", "no such", "", `its justification "no such" is none that CycloneDX knows`},
	} {
		if got := cdxFlaw(tt.state, Statement{Justification: tt.justification, Impact: tt.impact}); got != tt.want {
			t.Errorf("%+v: %q", tt, got)
		}
	}
	bom := func(affects string) []byte {
		return []byte(fmt.Sprintf(`{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"bom-ref":"a","purl":"pkg:npm/a"},{"bom-ref":"b","purl":"pkg:npm/b@2"}],"vulnerabilities":[{"id":"CVE-1","analysis":{"state":"not_affected","justification":"code_not_present"},"affects":[%s]}]}`, affects))
	}
	for affects, want := range map[string][]string{
		`{"ref":"a"}`: {"pkg:npm/a"}, `{"ref":"a","versions":[{"version":"1.0.0"}]}`: {"pkg:npm/a@1.0.0"}, `{"ref":"a","versions":[{"version":"1"},{"version":"2","status":"unaffected"}]}`: {"pkg:npm/a@1", ""},
		`{"ref":"b","versions":[{"version":"1"}]}`: {"pkg:npm/b@2"}, `{"ref":"none","versions":[{"version":"1"}]}`: {""}, `{"ref":"a","versions":[{"range":"vers:npm/<2"}]}`: {""},
	} {
		all, err := Parse("a", bom(affects))
		if err != nil {
			t.Errorf("%s: %v", affects, err)
			continue
		}
		var got []string
		for _, p := range all[0].Products {
			got = append(got, p.PURL)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s is %q, want %q", affects, got, want)
		}
	}
}
