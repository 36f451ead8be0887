package sarif_test

import (
	"testing"

	"github.com/slipway-actions/slipway/internal/sarif"
)

// Files come out below the workspace or not at all.
func TestFiles(t *testing.T) {
	bases := `{"%SRCROOT%":{"uri":"file:///elsewhere/checkout/"},"SRC":{"uri":"src/","uriBaseId":"%SRCROOT%"},"DEEP":{"uri":"a%20b/","uriBaseId":"SRC"},
		"ROOTPATH":{"uri":"file:///home/runner/work/shop/shop/api/"},"OUT":{"uri":"file:///usr/lib/"},"NAMED":{"description":{"text":"the top"}},"ALIAS":{"uriBaseId":"SRC"},
		"UP":{"uri":"../","uriBaseId":"SRC"},"LOOP":{"uri":"x/","uriBaseId":"LOOP"},"NULL":null,"WIN":{"uri":"file:///D:/a/shop/shop/"}}`
	roots := []string{"/github/workspace", "/home/runner/work/shop/shop", "/home/runner/work/shop/shop/nested", `D:\a\shop\shop`, ""}
	tests := []struct{ location, want string }{
		{`{"uri":"a.go"}`, "a.go"},
		{`{"uri":"./a//b/../c.go"}`, "a/c.go"},
		{`{"uri":"a.go","uriBaseId":"%SRCROOT%"}`, "a.go"},
		{`{"uri":"a.go","uriBaseId":"NOT GIVEN"}`, "a.go"},
		{`{"uri":"a.go","uriBaseId":"NAMED"}`, "a.go"},
		{`{"uri":"a.go","uriBaseId":"NULL"}`, "a.go"},
		{`{"uri":"a.go","uriBaseId":"SRC"}`, "src/a.go"},
		{`{"uri":"a.go","uriBaseId":"ALIAS"}`, "src/a.go"},
		{`{"uri":"c.go","uriBaseId":"DEEP"}`, "src/a b/c.go"},
		{`{"uri":"../a.go","uriBaseId":"SRC"}`, "a.go"},
		{`{"uri":"a.go","uriBaseId":"UP"}`, "a.go"},
		{`{"uri":"../a.go","uriBaseId":"UP"}`, ""},
		{`{"uri":"a.go","uriBaseId":"LOOP"}`, ""},
		{`{"uri":"main.go","uriBaseId":"ROOTPATH"}`, "api/main.go"},
		{`{"uri":"../go.mod","uriBaseId":"ROOTPATH"}`, "go.mod"},
		{`{"uri":"../../go.mod","uriBaseId":"ROOTPATH"}`, ""},
		{`{"uri":"x.so","uriBaseId":"OUT"}`, ""},
		{`{"uri":"x.cs","uriBaseId":"WIN"}`, "x.cs"},
		{`{"uri":"file:///github/workspace/x/y.go"}`, "x/y.go"},
		{`{"uri":"file://localhost/github/workspace/y.go"}`, "y.go"},
		{`{"uri":"file:/github/workspace/y.go"}`, "y.go"},
		{`{"uri":"FILE:///github/workspace/y.go"}`, "y.go"},
		{`{"uri":"file:///github/workspace/y.go","uriBaseId":"OUT"}`, "y.go"},
		{`{"uri":"/github/workspace/y.go"}`, "y.go"},
		{`{"uri":"/home/runner/work/shop/shop/nested/y.go"}`, "y.go"},
		{`{"uri":"file:///github/workspace"}`, ""},
		{`{"uri":"file:///github/workspace/"}`, ""},
		{`{"uri":"file:///github/workspace2/y.go"}`, ""},
		{`{"uri":"file:///github/workspace/../../etc/passwd"}`, ""},
		{`{"uri":"file://server/github/workspace/y.go"}`, ""},
		{`{"uri":"//server/share/y.go"}`, ""},
		{`{"uri":"//github/workspace/y.go"}`, ""},
		{`{"uri":"file://github/workspace/y.go"}`, ""},
		{`{"uri":"/etc/passwd"}`, ""},
		{`{"uri":"../y.go"}`, ""},
		{`{"uri":".."}`, ""},
		{`{"uri":"a/../.."}`, ""},
		{`{"uri":"%2e%2e/y.go"}`, ""},
		{`{"uri":"..%2Fy.go"}`, ""},
		{`{"uri":"..%5Cy.go"}`, ""},
		{`{"uri":"..\\y.go"}`, ""},
		{`{"uri":"%2Fetc/passwd"}`, ""},
		{`{"uri":"a%00b"}`, ""},
		{`{"uri":"a%FFb"}`, ""},
		{`{"uri":"https://x.test/a.go"}`, ""},
		{`{"uri":"git::https://x.test/a.tf"}`, ""},
		{`{"uri":"jar:file:///github/workspace/a.jar"}`, ""},
		{`{"uri":"src\\dir\\a.cs"}`, "src/dir/a.cs"},
		{`{"uri":"file:///D:/a/shop/shop/src/a.cs"}`, "src/a.cs"},
		{`{"uri":"file:///d%3A/A/shop/SHOP/src/a.cs"}`, "src/a.cs"},
		{`{"uri":"D:\\a\\shop\\shop\\src\\a.cs"}`, "src/a.cs"},
		{`{"uri":"C:\\a\\shop\\shop\\src\\a.cs"}`, ""},
		{`{"uri":"with%20space/%C3%A9%23%25.go"}`, "with space/é#%.go"},
		{`{"uri":"C#/Program.cs"}`, "C#/Program.cs"},
		{`{"uri":"what?.go"}`, "what?.go"},
		{`{"uri":"100%/a.go"}`, "100%/a.go"},
		{`{"index":0}`, "from/the/list.go"},
		{`{"uri":"","index":1}`, "src/list.go"},
		{`{"uri":"a.go","index":0}`, "a.go"},
		{`{"uri":"a.go","index":99}`, "a.go"},
		{`{}`, ""},
	}
	for _, test := range tests {
		text := run(`[{"locations":[{"physicalLocation":{"artifactLocation":`+test.location+`,"region":{"startLine":3,"startColumn":2}}},{"physicalLocation":{"artifactLocation":{"uri":"second.go"}}}]}]`,
			`,"originalUriBaseIds":`+bases+`,"artifacts":[{"location":{"uri":"from/the/list.go"}},{"location":{"uri":"list.go","uriBaseId":"SRC"}}]`)
		runs, err := sarif.Parse([]byte(text), roots...)
		if err != nil {
			t.Errorf("%s: %v", test.location, err)
			continue
		}
		r := runs[0].Results[0]
		if line := map[bool]int{true: 3}[test.want != ""]; r.File != test.want || r.Line != line || r.EndLine != line {
			t.Errorf("%s: %q, line %d to %d, want %q", test.location, r.File, r.Line, r.EndLine, test.want)
		}
	}
}

func TestLocations(t *testing.T) {
	for locations, want := range map[string][3]int{
		`[]`: {}, `[{}]`: {}, `[{"logicalLocations":[{"name":"f"}]}]`: {}, `[{"physicalLocation":{"address":{"absoluteAddress":1}}}]`: {},
		`[{"physicalLocation":{"artifactLocation":{"uri":"a"}}}]`:                                                         {},
		`[{"physicalLocation":{"artifactLocation":{"uri":"a"},"region":{"startLine":0,"endLine":0}}}]`:                    {},
		`[{"physicalLocation":{"artifactLocation":{"uri":"a"},"region":{"startLine":-3,"endLine":-3,"startColumn":-1}}}]`: {},
		`[{"physicalLocation":{"artifactLocation":{"uri":"a"},"region":{"startLine":7,"endLine":3,"startColumn":2}}}]`:    {7, 7, 2},
		`[{"physicalLocation":{"artifactLocation":{"uri":"a"},"region":{"startLine":7,"endLine":9}}}]`:                    {7, 9, 0},
		`[{"physicalLocation":{"artifactLocation":{"uri":"a"},"region":{"charOffset":12}}}]`:                              {},
	} {
		runs, err := sarif.Parse([]byte(one(`{"locations":` + locations + `}`)))
		if err != nil || len(runs[0].Results) != 1 {
			t.Errorf("%s: %v", locations, err)
			continue
		}
		if r := runs[0].Results[0]; [3]int{r.Line, r.EndLine, r.Column} != want {
			t.Errorf("%s: %+v, want %v", locations, r, want)
		}
	}
}

// Every name that a file can have is written so that it is read again.
func TestFileNamesRoundTrip(t *testing.T) {
	for _, name := range []string{"a", "a b", "a#b?c", "100%", "%20", "a\nb", "é/ü", "a:b", "C:", "http:/x", "-._~", "[x](y)", "'\"<>&", ".github/x.yml", "...", "日本"} {
		text, err := sarif.Encode(sarif.Report{Alerts: []sarif.Alert{{Rule: "R", Fingerprint: "f", Places: []sarif.Place{{File: name}}}}})
		if err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		if err := validate(compile(t), text); err != nil {
			t.Errorf("%q: %v", name, err)
		}
		runs, err := sarif.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := runs[0].Results[0].File; got != name && name != "C:" { // which is a drive to whoever reads
			t.Errorf("%q came back as %q", name, got)
		}
	}
}
