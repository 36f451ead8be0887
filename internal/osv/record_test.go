package osv

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What narrows a vulnerability down is taken as a whole or not at all.
func TestCode(t *testing.T) {
	html := Import{Path: "golang.org/x/net/html", Symbols: []string{"Parse", "Tokenizer.Next"}}
	tests := []struct {
		name, specific string
		want           []Import
	}{
		{"as Go's database has it", `{"imports":[{"path":"golang.org/x/net/html","goos":["linux"],"symbols":["Parse","Tokenizer.Next"]}]}`, []Import{html}},
		{"two", `{"imports":[{"path":"golang.org/x/net/html","symbols":["Parse","Tokenizer.Next"]},{"path":"golang.org/x/net/http2"}]}`, []Import{html, {Path: "golang.org/x/net/http2"}}},
		{"of another ecosystem", `{"urgency":"low"}`, nil},
		{"one without a path", `{"imports":[{"path":"a"},{"symbols":["Parse"]}]}`, nil},
		{"symbols that are none", `{"imports":[{"path":"a","symbols":"Parse"}]}`, nil},
		{"an empty symbol", `{"imports":[{"path":"a","symbols":[""]}]}`, nil},
		{"no list", `{"imports":{}}`, nil},
		{"no object", `[]`, nil},
		{"nothing", `null`, nil},
	}
	for _, test := range tests {
		r := record(t, `{"id":"X-1","affected":[{"package":{"ecosystem":"Go","name":"m"},"ecosystem_specific":`+test.specific+`}]}`)
		if diff := cmp.Diff(test.want, r.Affected[0].Code.Imports); diff != "" {
			t.Errorf("%s: -want +got\n%s", test.name, diff)
		}
	}
}

// Whatever a record holds, an import that is kept says which package.
func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"id":"X-1","affected":[{"package":{"ecosystem":"Go","name":"m"},"ecosystem_specific":{"imports":[{"path":"a","symbols":["B.c"]}]}}]}`))
	f.Add([]byte(`{"id":"X-1","affected":[{"ecosystem_specific":{"imports":[{"path":"a"},{}]}}],"database_specific":{"severity":1},"published":"x"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := Parse(text)
		if err != nil {
			return
		}
		for _, a := range r.Affected {
			for _, i := range a.Code.Imports {
				if i.Path == "" {
					t.Error("an import without a path")
				}
			}
		}
	})
}
