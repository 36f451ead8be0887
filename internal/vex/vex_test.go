package vex

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/slipway-actions/slipway/internal/osv"
)

func file(t testing.TB, name string) []byte {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// lines are statements as text: line, ids, status; products; time; why it excuses nothing.
func lines(statements []Statement) []string {
	var all []string
	for _, s := range statements {
		var products []string
		for _, p := range s.Products {
			text := p.PURL
			if p.Subcomponents != nil {
				text += fmt.Sprintf("%q", p.Subcomponents)
			}
			products = append(products, text)
		}
		ok, why := s.Excuses()
		if ok {
			why = "excuses"
		}
		all = append(all, fmt.Sprintf("%d %s %s; %s; %s; %s", s.Line, strings.Join(s.IDs, " "), s.Status, strings.Join(products, ", "), s.Issued.Format(time.RFC3339), why))
	}
	return all
}

func TestParse(t *testing.T) {
	tests := []struct {
		file, author string
		want         []string
	}{
		{"shop.openvex.json", "Shop Security <security@example.org>", []string{
			"8 CVE-2022-24999 GHSA-hrpp-h998-j3pp not_affected; pkg:npm/qs@6.10.3; 2026-09-01T10:00:00Z; excuses",
			`14 CVE-2023-0001 not_affected; pkg:oci/shop["pkg:golang/golang.org/x/net" ""]; 2026-09-02T08:00:00Z; excuses`,
			"27 CVE-2023-0002 not_affected; pkg:npm/express; 2026-09-01T10:00:00Z; it says not_affected without a justification or an impact statement",
			`32 CVE-2023-0003 not_affected; pkg:npm/express; 2026-09-01T10:00:00Z; its justification "we_looked" is none that OpenVEX knows`,
			"38 CVE-2023-0004 fixed; ; 2026-09-01T10:00:00Z; it names no product by a package URL",
			"42 CVE-2022-24999 affected; pkg:npm/qs; 2026-08-01T10:00:00Z; its status is affected",
		}},
		{"early.openvex.json", "Wood Works", []string{
			`9 CVE-2023-12345 fixed; pkg:oci/mill@sha256:00["pkg:cargo/tokio@1.8.0"]; 2023-01-09T00:02:03Z; excuses`,
			"10 CVE-2023-12346 under_investigation; pkg:cargo/mio@0.7.13; 2023-01-09T00:02:03Z; its status is under_investigation",
		}},
		{"desk-cdx.json", "Ada, Grace", []string{
			"17 CVE-2024-0001 GHSA-aaaa-bbbb-cccc not_affected; pkg:nuget/Serilog@2.10.0; 2026-09-03T10:00:00Z; excuses",
			"20 CVE-2024-0002 not_affected; pkg:nuget/Serilog@2.10.0; 2026-09-01T10:00:00Z; it says not_affected without a justification",
			"23 CVE-2024-0003 not_affected; pkg:nuget/Serilog@2.10.0; 2026-09-01T10:00:00Z; excuses",
			"26 CVE-2024-0004 fixed; pkg:nuget/Serilog@2.10.0; 2026-09-01T10:00:00Z; excuses",
			"29 CVE-2024-0005 affected; pkg:nuget/Serilog@2.10.0; 2026-09-01T10:00:00Z; its status is affected",
			"32 CVE-2024-0006 under_investigation; pkg:nuget/Serilog@2.10.0; 2026-09-01T10:00:00Z; its status is under_investigation",
			"35 CVE-2024-0007 fixed; , , ; 2026-09-01T10:00:00Z; it names no product by a package URL",
			"38 CVE-2024-0008 fixed; pkg:nuget/Serilog@2.10.0, , ; 2026-09-01T10:00:00Z; excuses",
			"42 CVE-2024-0010 fixed; pkg:nuget/Inner@1.0.0; 2026-09-01T10:00:00Z; excuses",
		}},
	}
	for _, test := range tests {
		statements, err := Parse(test.file, file(t, test.file))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(test.want, lines(statements)); diff != "" {
			t.Errorf("%s: %s", test.file, diff)
		}
		for _, s := range statements {
			if s.Author != test.author {
				t.Errorf("%s: the author is %q", test.file, s.Author)
			}
		}
	}
}

// open is an OpenVEX document with one statement.
func open(statement string) string {
	return `{"@context":"https://openvex.dev/ns/v0.2.0","author":"a","timestamp":"2026-09-01T10:00:00Z","statements":[` + statement + `]}`
}

func TestParseRefuses(t *testing.T) {
	cdx := func(version, vulnerability string) string {
		return `{"bomFormat":"CycloneDX","specVersion":"` + version + `","vulnerabilities":[` + vulnerability + `]}`
	}
	tests := []struct{ name, text, want string }{
		{"nothing", "", "empty"},
		{"a sentence", "nothing", "line 1"},
		{"some JSON", `{"statements":[]}`, "neither"},
		{"a list", `[]`, "expected"},
		{"another encoding", "\xff\xfe", "UTF-8"},
		{"another context", `{"@context":"https://example.org","statements":[]}`, "@context"},
		{"a later version", strings.Replace(open(""), "v0.2.0", "v1.0.0", 1), "@context"},
		{"no statements", open(""), "no statement"},
		{"no statements at all", `{"@context":"https://openvex.dev/ns","timestamp":"2026-09-01T10:00:00Z"}`, "no statement"},
		{"statements that are none", `{"@context":"https://openvex.dev/ns","statements":{}}`, "no list"},
		{"no vulnerability", open(`{"status":"fixed"}`), "no vulnerability"},
		{"a vulnerability without a name", open(`{"vulnerability":{"name":" ","aliases":["CVE-1"]},"status":"fixed"}`), "no vulnerability"},
		{"no status", open(`{"vulnerability":{"name":"CVE-1"}}`), `status ""`},
		{"another status", open(`{"vulnerability":{"name":"CVE-1"},"status":"Fixed"}`), `status "Fixed"`},
		{"a time that is none", open(`{"vulnerability":{"name":"CVE-1"},"status":"fixed","timestamp":"soon"}`), `"soon"`},
		{"no time", strings.Replace(open(`{"vulnerability":{"name":"CVE-1"},"status":"fixed"}`), "timestamp", "other", 1), "has a time"},
		{"a number for a name", open(`{"vulnerability":{"name":1},"status":"fixed"}`), "expected"},
		{"something behind", open(`{"vulnerability":{"name":"CVE-1"},"status":"fixed"}`) + "{}", "line 1"},
		{"CycloneDX 1.3", cdx("1.3", `{"id":"CVE-1","analysis":{"state":"resolved"}}`), `"1.3"`},
		{"another state", cdx("1.5", `{"id":"CVE-1","analysis":{"state":"fine"}}`), `state "fine"`},
		{"no id", cdx("1.5", `{"analysis":{"state":"resolved"}}`), "no id"},
		{"no analysis", cdx("1.5", `{"id":"CVE-1"}`), "no statement"},
		{"too many names", open(`{"vulnerability":{"name":"CVE-1","aliases":["CVE-0` + manyNames() + `"]},"status":"fixed"}`), "names"},
	}
	for _, test := range tests {
		s, err := Parse("x", []byte(test.text))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, %v; want an error with %q", test.name, lines(s), err, test.want)
		}
	}
	for _, name := range []string{"shop.openvex.json", "early.openvex.json", "desk-cdx.json"} {
		text := []byte(strings.TrimSpace(string(file(t, name))))
		for n := range text {
			if _, err := Parse(name, text[:n]); err == nil {
				t.Fatalf("%s was read from its first %d bytes", name, n)
			}
		}
	}
}

func manyNames() string {
	var b strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&b, `","CVE-%d`, i)
	}
	return b.String()
}

func TestCovers(t *testing.T) {
	about := func(purls ...string) Statement {
		s := Statement{IDs: []string{"CVE-2024-1", "GHSA-aaaa"}}
		for _, p := range purls {
			s.Products = append(s.Products, Product{PURL: p})
		}
		return s
	}
	parts := func(purls ...string) Statement {
		s := about("pkg:npm/qs@6.10.3")
		s.Products[0].Subcomponents = append([]string{}, purls...)
		return s
	}
	qs := osv.Package{Ecosystem: "npm", Name: "qs", Version: "6.10.3"}
	toml := osv.Package{Ecosystem: "Go", Name: "github.com/BurntSushi/toml", Version: "1.2.0"}
	ssl := osv.Package{Ecosystem: "Debian:12", Name: "openssl", Version: "3.0.11-1"}
	tests := []struct {
		name string
		s    Statement
		ids  []string
		p    osv.Package
		want bool
	}{
		{"the same version", about("pkg:npm/qs@6.10.3"), []string{"CVE-2024-1"}, qs, true},
		{"by an alias, in other letters", about("pkg:npm/qs@6.10.3"), []string{"GO-1", "ghsa-AAAA"}, qs, true},
		{"any version", about("pkg:npm/qs"), []string{"CVE-2024-1"}, qs, true},
		{"one of several products", about("pkg:oci/a", "pkg:npm/qs"), []string{"CVE-2024-1"}, qs, true},
		{"another version", about("pkg:npm/qs@6.10.4"), []string{"CVE-2024-1"}, qs, false},
		{"another vulnerability", about("pkg:npm/qs"), []string{"CVE-2024-11"}, qs, false},
		{"no vulnerability", about("pkg:npm/qs"), []string{"", " "}, qs, false},
		{"another name", about("pkg:npm/qsx"), []string{"CVE-2024-1"}, qs, false},
		{"another namespace", about("pkg:npm/%40a/qs"), []string{"CVE-2024-1"}, qs, false},
		{"another type", about("pkg:pypi/qs"), []string{"CVE-2024-1"}, qs, false},
		{"no product", about(), []string{"CVE-2024-1"}, qs, false},
		{"a product without a URL", about(""), []string{"CVE-2024-1"}, qs, false},
		{"a URL that is none", about("pkg:npm"), []string{"CVE-2024-1"}, qs, false},
		{"a range of versions", about("pkg:npm/qs?vers=vers:npm/%3C7"), []string{"CVE-2024-1"}, qs, false},
		{"fixed, and nobody says in which version", Statement{IDs: []string{"CVE-2024-1"}, Products: []Product{{PURL: "pkg:npm/qs"}}, Status: Fixed}, []string{"CVE-2024-1"}, qs, false},
		{"fixed in this version", Statement{IDs: []string{"CVE-2024-1"}, Products: []Product{{PURL: "pkg:npm/qs@6.10.3"}}, Status: Fixed}, []string{"CVE-2024-1"}, qs, true},
		{"a folder of it", about("pkg:npm/qs@6.10.3#lib"), []string{"CVE-2024-1"}, qs, false},
		{"one platform of it", about("pkg:npm/qs@6.10.3?arch=x86_64"), []string{"CVE-2024-1"}, qs, true},
		{"a part of the product", parts("pkg:npm/a", "pkg:npm/qs"), []string{"CVE-2024-1"}, qs, true},
		{"the product, where a part is meant", parts("pkg:npm/a"), []string{"CVE-2024-1"}, qs, false},
		{"the product, where a part without a URL is meant", parts(""), []string{"CVE-2024-1"}, qs, false},
		{"a Go module", about("pkg:golang/github.com/burntsushi/toml@v1.2.0"), []string{"CVE-2024-1"}, toml, true},
		{"a Go module's version without v", about("pkg:golang/github.com/BurntSushi/toml@1.2.0"), []string{"CVE-2024-1"}, toml, true},
		{"a package of a release", about("pkg:deb/debian/openssl@3.0.11-1?distro=debian-12"), []string{"CVE-2024-1"}, ssl, true},
		{"a package of any release", about("pkg:deb/debian/openssl@3.0.11-1"), []string{"CVE-2024-1"}, ssl, true},
		{"a package of another release", about("pkg:deb/debian/openssl@3.0.11-1?distro=debian-11"), []string{"CVE-2024-1"}, ssl, false},
	}
	for _, test := range tests {
		if got := Covers(test.s, test.ids, test.p); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}

func TestLatest(t *testing.T) {
	at := func(hour int, status Status, flaw string) Statement {
		return Statement{IDs: []string{"CVE-1"}, Products: []Product{{PURL: "pkg:npm/qs@1"}}, Status: status, flaw: flaw, Issued: time.Date(2026, 9, 1, hour, 0, 0, 0, time.UTC)}
	}
	other := at(9, Affected, "")
	other.IDs = []string{"CVE-2"}
	unknown := at(0, Fixed, "")
	unknown.Issued = time.Time{}
	tests := []struct {
		name string
		all  []Statement
		want Status
	}{
		{"the later one excuses", []Statement{at(1, Affected, ""), at(2, Fixed, "")}, Fixed},
		{"the later one takes it back", []Statement{at(1, Fixed, ""), at(2, Affected, "")}, Affected},
		{"the later one is still looking", []Statement{at(1, Fixed, ""), at(2, UnderInvestigation, "")}, UnderInvestigation},
		{"a later one that is flawed does not excuse", []Statement{at(1, Fixed, ""), at(2, NotAffected, "no reason")}, NotAffected},
		{"at the same time the stricter one", []Statement{at(1, Affected, ""), at(1, Fixed, "")}, Affected},
		{"without a time it is the oldest", []Statement{unknown, at(1, Affected, "")}, Affected},
		{"of another vulnerability", []Statement{at(1, Fixed, ""), other}, Fixed},
	}
	for _, test := range tests {
		for range 2 {
			got, ok := Latest(test.all, []string{"CVE-1"}, osv.Package{Ecosystem: "npm", Name: "qs", Version: "1"})
			if !ok || got.Status != test.want {
				t.Errorf("%s: %v, %v", test.name, got.Status, ok)
			}
			slices.Reverse(test.all)
		}
	}
	if s, ok := Latest([]Statement{other}, []string{"CVE-1"}, osv.Package{Ecosystem: "npm", Name: "qs", Version: "1"}); ok {
		t.Errorf("%v covers", s)
	}
}

func FuzzParse(f *testing.F) {
	for _, name := range []string{"shop.openvex.json", "early.openvex.json", "desk-cdx.json"} {
		f.Add(file(f, name))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		statements, err := Parse("x", text)
		if err != nil {
			return
		}
		for _, s := range statements {
			ok, why := s.Excuses()
			if len(s.IDs) == 0 || s.Line < 1 || ok != (why == "") {
				t.Errorf("%+v", s)
			}
			if ok && s.Status == NotAffected && s.Justification == "" && s.Impact == "" {
				t.Errorf("excuses without a reason: %+v", s)
			}
			Covers(s, s.IDs, osv.Package{Ecosystem: "npm", Name: "qs", Version: "1"})
		}
	})
}
