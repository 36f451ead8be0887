package changelog

import (
	"bytes"
	"html"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	goldmarkhtml "github.com/yuin/goldmark/renderer/html"
)

// TestNotes are the notes of some commits, newest first, without links.
func TestNotes(t *testing.T) {
	for name, tt := range map[string]struct {
		commits []string
		want    string
	}{
		"nothing":                   {nil, ""},
		"nothing that users notice": {[]string{"docs: a", "wip"}, "No change that users would notice.\n"},
		"sections in their order, newest first": {[]string{"fix: a", "feat: b", "fix: c", "perf: d", "revert: e"},
			"### Added\n\n- b (0000002)\n\n### Changed\n\n- d (0000004)\n- e (0000005)\n\n### Fixed\n\n- a (0000001)\n- c (0000003)\n"},
		"what breaks leads, whatever its type": {[]string{"feat: a", "chore(api)!: b", "Drop c\n\nBREAKING CHANGE: use d\n\nor e"},
			"### Breaking changes\n\n- **api:** b (0000002)\n- Drop c (0000003)\n\n  use d\n\n  or e\n\n### Added\n\n- a (0000001)\n"},
		"a migration that says the same is not said twice": {[]string{"feat: a\n\nBREAKING CHANGE: a"}, "### Breaking changes\n\n- a (0000001)\n"},
		"a pull request":                      {[]string{"feat: a (#12)"}, "### Added\n\n- a (#12, 0000001)\n"},
		"two changes of one pull request":     {[]string{"feat: a (#12)", "feat: b (#12)"}, "### Added\n\n- a (#12, 0000001)\n- b (#12, 0000002)\n"},
		"the same words in two pull requests": {[]string{"fix: typo (#12)", "fix: typo (#13)"}, "### Fixed\n\n- typo (#12, 0000001)\n- typo (#13, 0000002)\n"},
		"the same words in two scopes":        {[]string{"fix(a): typo", "fix(b): typo"}, "### Fixed\n\n- **a:** typo (0000001)\n- **b:** typo (0000002)\n"},
		"code stays code":                     {[]string{"fix: `a_b` and `<c>` of *d*"}, "### Fixed\n\n- `a_b` and `<c>` of \\*d\\* (0000001)\n"},
		"an odd backtick is none":             {[]string{"fix: a ` b"}, "### Fixed\n\n- a \\` b (0000001)\n"},
		"a migration with code":               {[]string{"fix!: a\n\nBREAKING CHANGE: run\n\n  # rm -rf *\n  `x`"}, "### Breaking changes\n\n- a (0000001)\n\n  run\n\n  \\# rm -rf \\* `x`\n"},
	} {
		t.Run(name, func(t *testing.T) {
			r := released(t, "1.1.0", tt.commits...)
			d := decide(evidence{arrangement: plainly(links{}), releases: []release{r}})
			if diff := cmp.Diff(tt.want, d.body); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

var tag = regexp.MustCompile(`<[^>]*>`)

// rendered is Markdown as a reader sees it, and the tags that make it so.
func rendered(t testing.TB, markdown string) (tags, text string) {
	t.Helper()
	var b bytes.Buffer
	md := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithRendererOptions(goldmarkhtml.WithUnsafe()))
	if err := md.Convert([]byte(markdown), &b); err != nil {
		t.Fatal(err)
	}
	page := strings.ReplaceAll(b.String(), "<wbr>", "")
	return strings.Join(tag.FindAllString(page, -1), ""), strings.Join(strings.Fields(html.UnescapeString(tag.ReplaceAllString(page, " "))), " ")
}

// TestHostileNotes holds that words of a commit stay words in the notes, in each of their places.
func TestHostileNotes(t *testing.T) {
	texts := []string{
		"<script>alert(1)</script>", "[x](https://evil.example)", "![x](https://evil.example/x.png)", "https://evil.example", "www.evil.example", "@everyone", "a@evil.example",
		"# x", "- x", "1. x", "> x", "| x |", "x | y", "*x*", "**x", "_x_", "~~x~~", "$x$", "&lt;", `\`, `x\`, "***", "===", "[x]: y", "</li></ul>", "<!--", "snake_case", "C:\\x_y", "'\"",
	}
	make := func(s string) string {
		below := s
		if listItem.MatchString(s) { // a list is one, there
			below = "a " + s
		}
		r := released(t, "1.1.0", "fix(z): "+s, "feat!: b\n\nBREAKING CHANGE: "+below+"\n\n"+below)
		return decide(evidence{arrangement: plainly(acme), releases: []release{r}}).body
	}
	wantTags, wantText := rendered(t, make("¤"))
	for _, s := range texts {
		tags, text := rendered(t, make(s))
		if tags != wantTags {
			t.Errorf("%q became\n%s\nwith the tags %s, want %s", s, make(s), tags, wantTags)
		}
		want := strings.ReplaceAll(wantText, "¤", s)
		if listItem.MatchString(s) {
			want = strings.Replace(want, s+" "+s, "a "+s+" a "+s, 1)
		}
		if text != want {
			t.Errorf("%q became\n%s\nwhich reads %q, want %q", s, make(s), text, want)
		}
	}
	// In code nothing but its end means anything.
	for _, s := range texts {
		body := make("`" + s + "`_x_")
		if tags, text := rendered(t, body); strings.ReplaceAll(strings.ReplaceAll(tags, "<code>", ""), "</code>", "") != wantTags || !strings.Contains(text, s) {
			t.Errorf("%q in code became\n%s\nwith the tags %s", s, body, tags)
		}
	}
}

// FuzzNotes looks for messages that TestHostileNotes has forgotten.
func FuzzNotes(f *testing.F) {
	for _, s := range []string{"fix(a): `b`", "feat!: a\n\nBREAKING CHANGE: b\n\n1. c", "fix: <b> (#1)"} {
		f.Add(s)
	}
	allowed := regexp.MustCompile(`^(</?(ul|ol|li|p|strong|code|pre|h3)( id="[^"]*"| start="[0-9]+")?>|<a href="https://github\.com/acme/shop/(commit|pull|issues)/[0-9]+">|<a href="https://(www\.cve\.org/CVERecord\?id=|github\.com/advisories/)[A-Za-z0-9-]+">|</a>)*$`)
	f.Fuzz(func(t *testing.T, message string) {
		n := sectionOf(t, acme, "1.1.0", message)
		body := n.text()
		if tags, _ := rendered(t, body); !allowed.MatchString(tags) {
			t.Errorf("%q became\n%s\nwith the tags %s", message, body, tags)
		}
		if text, swallowed := open(nil).add([]section{n}, acme, true); swallowed != nil || len(open(text).chapters) > 7 {
			t.Errorf("%q became\n%s", message, text)
		}
	})
}
