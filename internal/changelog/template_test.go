package changelog

import (
	"context"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// blocksOf are the blocks of code of a kind in a document.
func blocksOf(t *testing.T, file, kind string) []string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var blocks []string
	for _, m := range regexp.MustCompile("(?s)```"+kind+"\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		blocks = append(blocks, m[1])
	}
	return blocks
}

// TestTemplateDocument runs the example of docs/template.md, and holds that the page names every field.
func TestTemplateDocument(t *testing.T) {
	const page = "../../docs/template.md"
	l, err := parseLayout("example", blocksOf(t, page, "gotemplate")[0])
	if err != nil {
		t.Fatal(err)
	}
	r := released(t, "1.1.0", "feat(api): a door (#12)", "fix: a hole")
	r.commits[0].Author, r.commits[0].Email = "Grace", "1+grace@users.noreply.github.com"
	r.commits[1].Author, r.commits[1].Email = "Eve", "eve@example.com"
	a := plainly(acme)
	got, err := l.execute(a.data(a.arrange(r)))
	if diff := cmp.Diff(blocksOf(t, page, "markdown")[0], got); err != nil || diff != "" {
		t.Errorf("%v; -want +got\n%s", err, diff)
	}
	text, _ := os.ReadFile(page)
	for _, typ := range []reflect.Type{reflect.TypeFor[Notes](), reflect.TypeFor[Section](), reflect.TypeFor[Entry](), reflect.TypeFor[Link](), reflect.TypeFor[Contributor]()} {
		for i := range typ.NumField() {
			if name := typ.Field(i).Name; !strings.Contains(string(text), "`."+name+"`") {
				t.Errorf("%s lacks .%s of %s", page, name, typ.Name())
			}
		}
	}
	for name := range functions {
		if !strings.Contains(string(text), "`"+name+" ") {
			t.Errorf("%s lacks the function %s", page, name)
		}
	}
}

// What a template is given is harmless wherever it stands.
func TestTemplateDataIsHarmless(t *testing.T) {
	l, err := parseLayout("t", `{{range .Sections}}{{range .Entries}}- {{.Scope}} {{.Description}} {{escape .DescriptionRaw}} {{.Line}} {{link "x" .DescriptionRaw}}
{{range .Authors}}- {{.Name}} {{.}}
{{end}}{{end}}{{end}}`)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"<script>", "@everyone", "[x](https://evil.example)", "https://evil.example) <b>", "javascript:alert(1)"} {
		r := released(t, "1.1.0", "feat(z): "+s)
		r.commits[0].Author, r.commits[0].Email = s, "x@example.com"
		a := plainly(acme)
		text, err := l.execute(a.data(a.arrange(r)))
		if err != nil {
			t.Fatal(err)
		}
		if tags, _ := rendered(t, text); strings.Contains(tags, "evil") || strings.Contains(tags, "script") || strings.Contains(text, "@everyone") {
			t.Errorf("%q became\n%s", s, text)
		}
	}
}

// A template that does not end is stopped.
func TestEndlessTemplate(t *testing.T) {
	l, err := parseLayout("loop.tmpl", `{{range 1000000000}}{{range 1000000000}}{{end}}{{end}}`)
	if err != nil {
		t.Fatal(err)
	}
	a := plainly(acme)
	a.layout = l
	e := evidence{inputs: inputs{template: "loop.tmpl"}, arrangement: a, releases: []release{released(t, "1.1.0", "feat: a")}}
	if _, err := decideInTime(context.Background(), e, 10*time.Millisecond); err == nil || !strings.Contains(err.Error(), "loop.tmpl does not come to an end") {
		t.Errorf("%v", err)
	}
}
