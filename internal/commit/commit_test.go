package commit_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/slipway-actions/slipway/internal/commit"
)

// TestSpecification goes through the sixteen rules of https://www.conventionalcommits.org/en/v1.0.0/.
func TestSpecification(t *testing.T) {
	tests := []struct {
		rule    string
		message string
		want    commit.Change
		bad     bool // the header is no conventional one
	}{
		{rule: "1: type, colon and space", message: "feat: a", want: commit.Change{Type: "feat", Description: "a"}},
		{rule: "1: the space is required", message: "feat:a", bad: true, want: commit.Change{Description: "feat:a"}},
		{rule: "1: the colon ends the prefix", message: "feat : a", bad: true, want: commit.Change{Description: "feat : a"}},
		{rule: "1: the colon ends the prefix, behind a scope too", message: "feat(x) : a", bad: true, want: commit.Change{Description: "feat(x) : a"}},
		{rule: "1: a tab is no space", message: "feat:\ta", bad: true, want: commit.Change{Description: "feat:\ta"}},
		{rule: "1: the colon is required", message: "feat a", bad: true, want: commit.Change{Description: "feat a"}},
		{rule: "1: the type is required", message: ": a", bad: true, want: commit.Change{Description: ": a"}},
		{rule: "1: the type is one word", message: "new feat: a", bad: true, want: commit.Change{Description: "new feat: a"}},
		{rule: "2: feat is a feature; a longer word is not", message: "defeat: a", want: commit.Change{Type: "defeat", Description: "a"}},
		{rule: "3: fix is a fix; a longer word is not", message: "prefix: a", want: commit.Change{Type: "prefix", Description: "a"}},
		{rule: "4: a scope in parentheses", message: "fix(parser): a", want: commit.Change{Type: "fix", Scope: "parser", Description: "a"}},
		{rule: "4: a scope needs its parenthesis", message: "fix(parser: a", bad: true, want: commit.Change{Description: "fix(parser: a"}},
		{rule: "4: a scope stands at the type", message: "fix (parser): a", bad: true, want: commit.Change{Description: "fix (parser): a"}},
		{rule: "5: a description is required", message: "feat: ", bad: true, want: commit.Change{Description: "feat:"}},
		{rule: "5: it follows the prefix", message: "feat:\na", bad: true, want: commit.Change{Description: "feat:"}},
		{rule: "6: a body follows a blank line", message: "feat: a\n\nbody", want: commit.Change{Type: "feat", Description: "a"}},
		{rule: "7: a body is free", message: "feat: a\n\none\n\ntwo: three\nfour", want: commit.Change{
			Type: "feat", Description: "a", Footers: []commit.Footer{{"two", "three\nfour"}},
		}},
		{rule: "8: footers with a colon or a number sign", message: "fix: a\n\nbody\n\nReviewed-by: Z\nRefs #123", want: commit.Change{
			Type: "fix", Description: "a", Footers: []commit.Footer{{"Reviewed-by", "Z"}, {"Refs", "123"}},
		}},
		{rule: "8: a footer needs its separator", message: "fix: a\n\nReviewed-by Z\nRefs#1", want: commit.Change{Type: "fix", Description: "a"}},
		{rule: "9: a token holds no blank", message: "fix: a\n\nReviewed by: Z", want: commit.Change{Type: "fix", Description: "a"}},
		{rule: "10: a value has several lines, up to the next token", message: "fix: a\n\nNote: one\n two\nRefs: #1", want: commit.Change{
			Type: "fix", Description: "a", Footers: []commit.Footer{{"Note", "one\n two"}, {"Refs", "#1"}},
		}},
		{rule: "11: breaking by the prefix", message: "feat!: a", want: commit.Change{Type: "feat", Description: "a", Breaking: true}},
		{rule: "11: breaking by a footer", message: "chore: a\n\nBREAKING CHANGE: b", want: commit.Change{
			Type: "chore", Description: "a", Breaking: true, Migration: "b", Footers: []commit.Footer{{"BREAKING CHANGE", "b"}},
		}},
		{rule: "12: the footer is upper case", message: "feat: a\n\nBreaking Change: b\n\nbreaking-change: c", want: commit.Change{
			Type: "feat", Description: "a", Footers: []commit.Footer{{"breaking-change", "c"}},
		}},
		{rule: "12: the footer has a colon", message: "feat: a\n\nBREAKING CHANGE #12 is no more\nBREAKING-CHANGE #13", want: commit.Change{Type: "feat", Description: "a"}},
		{rule: "12: in plural it is prose", message: "feat: a\n\nBREAKING CHANGES: none at all", want: commit.Change{Type: "feat", Description: "a"}},
		{rule: "12: in the middle of a line it is prose", message: "feat: a\n\nNo BREAKING CHANGE: nothing breaks\n(BREAKING CHANGE: neither)", want: commit.Change{Type: "feat", Description: "a"}},
		{rule: "12: in the header it is prose", message: "docs: explain BREAKING CHANGE: and others", want: commit.Change{Type: "docs", Description: "explain BREAKING CHANGE: and others"}},
		{rule: "12: prose about breaking changes is none", message: "feat: a\n\nThis is no BREAKING CHANGE: it only looks so.\n\nBREAKING CHANGES are listed below.", want: commit.Change{
			Type: "feat", Description: "a",
		}},
		{rule: "13: the mark stands before the colon", message: "feat(api)!: a", want: commit.Change{Type: "feat", Scope: "api", Description: "a", Breaking: true}},
		{rule: "13: and nowhere else", message: "feat!(api): a", bad: true, want: commit.Change{Description: "feat!(api): a"}},
		{rule: "14: other types", message: "docs: a", want: commit.Change{Type: "docs", Description: "a"}},
		{rule: "15: case does not matter", message: "FEAT(API): A", want: commit.Change{Type: "feat", Scope: "API", Description: "A"}},
		{rule: "16: BREAKING-CHANGE is the same", message: "feat: a\n\nBREAKING-CHANGE: b", want: commit.Change{
			Type: "feat", Description: "a", Breaking: true, Migration: "b", Footers: []commit.Footer{{"BREAKING-CHANGE", "b"}},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) { check(t, tt.message, tt.want, !tt.bad) })
	}
}

// TestExamples are the examples of the specification.
func TestExamples(t *testing.T) {
	for _, tt := range []struct {
		message string
		want    commit.Change
	}{
		{"feat: allow provided config object to extend other configs\n\nBREAKING CHANGE: `extends` key in config file is now used for extending other config files", commit.Change{
			Type: "feat", Description: "allow provided config object to extend other configs", Breaking: true, Migration: "`extends` key in config file is now used for extending other config files",
			Footers: []commit.Footer{{"BREAKING CHANGE", "`extends` key in config file is now used for extending other config files"}},
		}},
		{"feat!: send an email to the customer when a product is shipped", commit.Change{Type: "feat", Description: "send an email to the customer when a product is shipped", Breaking: true}},
		{"feat(api)!: send an email to the customer when a product is shipped", commit.Change{Type: "feat", Scope: "api", Description: "send an email to the customer when a product is shipped", Breaking: true}},
		{"chore!: drop support for Node 6\n\nBREAKING CHANGE: use JavaScript features not available in Node 6.", commit.Change{
			Type: "chore", Description: "drop support for Node 6", Breaking: true, Migration: "use JavaScript features not available in Node 6.",
			Footers: []commit.Footer{{"BREAKING CHANGE", "use JavaScript features not available in Node 6."}},
		}},
		{"docs: correct spelling of CHANGELOG", commit.Change{Type: "docs", Description: "correct spelling of CHANGELOG"}},
		{"feat(lang): add Polish language", commit.Change{Type: "feat", Scope: "lang", Description: "add Polish language"}},
		{"fix: prevent racing of requests\n\nIntroduce a request id and a reference to latest request. Dismiss\nincoming responses other than from latest request.\n\nRemove timeouts which were used to mitigate the racing issue but are\nobsolete now.\n\nReviewed-by: Z\nRefs: #123", commit.Change{
			Type: "fix", Description: "prevent racing of requests", Footers: []commit.Footer{{"Reviewed-by", "Z"}, {"Refs", "#123"}},
		}},
		{"revert: let us never again speak of the noodle incident\n\nRefs: 676104e, a215868", commit.Change{
			Type: "revert", Description: "let us never again speak of the noodle incident", Footers: []commit.Footer{{"Refs", "676104e, a215868"}},
		}},
	} {
		check(t, tt.message, tt.want, true)
	}
}

// TestWild is what people write that the specification does not speak of. Nothing of it may hide a
// breaking change.
func TestWild(t *testing.T) {
	breaking := func(value string) []commit.Footer { return []commit.Footer{{"BREAKING CHANGE", value}} }
	tests := map[string]struct {
		message string
		want    commit.Change
		bad     bool
	}{
		"CRLF": {message: "feat: a\r\n\r\nbody\r\n\r\nBREAKING CHANGE: b\r\nc\r\n", want: commit.Change{
			Type: "feat", Description: "a", Breaking: true, Migration: "b\nc", Footers: breaking("b\nc"),
		}},
		"byte order mark":             {message: "\ufefffeat: a", want: commit.Change{Type: "feat", Description: "a"}},
		"blank lines before":          {message: "\n \nfix: a\n", want: commit.Change{Type: "fix", Description: "a"}},
		"several blanks":              {message: "fix:   a  ", want: commit.Change{Type: "fix", Description: "a"}},
		"empty":                       {message: "", bad: true},
		"only blanks":                 {message: " \n\t\n", bad: true},
		"empty scope":                 {message: "fix(): a", want: commit.Change{Type: "fix", Description: "a"}},
		"odd scope":                   {message: "fix(@acme/web, *.go): a", want: commit.Change{Type: "fix", Scope: "@acme/web, *.go", Description: "a"}},
		"scope and type of any words": {message: "исправление(ядро): всё", want: commit.Change{Type: "исправление", Scope: "ядро", Description: "всё"}},
		"parentheses in a scope":      {message: "fix(a(b)): c", want: commit.Change{Type: "fix", Scope: "a(b)", Description: "c"}},
		"no blank line before footers": {message: "feat: a\nBREAKING CHANGE: b", want: commit.Change{
			Type: "feat", Description: "a", Breaking: true, Migration: "b", Footers: breaking("b"),
		}},
		"in the middle of a paragraph": {message: "feat: a\n\nbody\nBREAKING CHANGE: b\n", want: commit.Change{
			Type: "feat", Description: "a", Breaking: true, Migration: "b", Footers: breaking("b"),
		}},
		"above other text": {message: "feat: a\n\nBREAKING CHANGE: b\n\nand why\n\nSigned-off-by: Z <z@example.com>", want: commit.Change{
			Type: "feat", Description: "a", Breaking: true, Migration: "b\n\nand why",
			Footers: []commit.Footer{{"BREAKING CHANGE", "b\n\nand why"}, {"Signed-off-by", "Z <z@example.com>"}},
		}},
		"value on the next line": {message: "feat: a\n\nBREAKING CHANGE:\nb", want: commit.Change{
			Type: "feat", Description: "a", Breaking: true, Migration: "b", Footers: breaking("b"),
		}},
		"value after a blank line": {message: "feat: a\n\nBREAKING CHANGE:\n\nb", want: commit.Change{
			Type: "feat", Description: "a", Breaking: true, Migration: "b", Footers: breaking("b"),
		}},
		"no space": {message: "feat: a\n\nBREAKING CHANGE:b", want: commit.Change{
			Type: "feat", Description: "a", Breaking: true, Migration: "b", Footers: breaking("b"),
		}},
		"no value": {message: "feat: a\n\nBREAKING CHANGE:", want: commit.Change{
			Type: "feat", Description: "a", Breaking: true, Footers: breaking(""),
		}},
		"two of them": {message: "feat!: a\n\nBREAKING CHANGE: b\nBREAKING-CHANGE: c", want: commit.Change{
			Type: "feat", Description: "a", Breaking: true, Migration: "b\n\nc",
			Footers: []commit.Footer{{"BREAKING CHANGE", "b"}, {"BREAKING-CHANGE", "c"}},
		}},
		"below a subject without a type": {message: "Drop the old API\n\nBREAKING CHANGE: b", bad: true, want: commit.Change{
			Description: "Drop the old API", Breaking: true, Migration: "b", Footers: breaking("b"),
		}},
		"as the subject": {message: "BREAKING CHANGE: b", bad: true, want: commit.Change{Description: "BREAKING CHANGE: b", Breaking: true, Migration: "b", Footers: breaking("b")}},
		"as the subject, hyphened": {message: "BREAKING-CHANGE: b", bad: true, want: commit.Change{
			Description: "BREAKING-CHANGE: b", Breaking: true, Migration: "b", Footers: []commit.Footer{{"BREAKING-CHANGE", "b"}},
		}},
		"git's own revert":          {message: "Revert \"feat: a\"\n\nThis reverts commit 1234567.", bad: true, want: commit.Change{Description: `Revert "feat: a"`}},
		"merge":                     {message: "Merge pull request #1 from acme/x\n\nfeat: a", want: commit.Change{Type: "feat", Description: "a", Pull: "1"}},
		"an address as the subject": {message: "https://example.com/", bad: true, want: commit.Change{Description: "https://example.com/"}},
		"scope with a colon":        {message: "fix(a: b): c", want: commit.Change{Type: "fix", Scope: "a: b", Description: "c"}},
		"scope with a path":         {message: "feat(app/(shop)/[id]): c", want: commit.Change{Type: "feat", Scope: "app/(shop)/[id]", Description: "c"}},
		"bracket left open":         {message: "fix(a(b): c", bad: true, want: commit.Change{Description: "fix(a(b): c"}},
		"bracket too many":          {message: "fix(a)b): c", bad: true, want: commit.Change{Description: "fix(a)b): c"}},
		"two scopes":                {message: "fix(a)(b): c", bad: true, want: commit.Change{Description: "fix(a)(b): c"}},
		"a list of scopes":          {message: "fix(api, web ui): c", want: commit.Change{Type: "fix", Scope: "api, web ui", Description: "c"}},
		"no type but an emoji":      {message: "✨ feat: a", bad: true, want: commit.Change{Description: "✨ feat: a"}},                   // rule 1: the type comes first;
		"no type but a shortcode":   {message: ":sparkles: feat: a", bad: true, want: commit.Change{Description: ":sparkles: feat: a"}}, // such a commit is listed, not guessed at
		"a mark for the CI first":   {message: "[skip ci] feat: a", bad: true, want: commit.Change{Description: "[skip ci] feat: a"}},
		"an emoji behind the type":  {message: "feat: ✨ a", want: commit.Change{Type: "feat", Description: "✨ a"}},
		"a mark for the CI last":    {message: "fix: a (#12) [skip ci]", want: commit.Change{Type: "fix", Description: "a", Pull: "12"}},
		"nothing but a mark":        {message: "fix: [skip ci]", want: commit.Change{Type: "fix", Description: "[skip ci]"}},
		"what --fixup leaves":       {message: "fixup! feat: a", bad: true, want: commit.Change{Description: "fixup! feat: a"}}, // internal/change finds its feature
		"breaking, indented":        {message: "feat: a\n\n  BREAKING CHANGE: b", want: commit.Change{Type: "feat", Description: "a", Breaking: true, Migration: "b", Footers: breaking("b")}},
		"breaking, in a list":       {message: "feat: a\n\n- c\n- BREAKING CHANGE: b", want: commit.Change{Type: "feat", Description: "a", Breaking: true, Migration: "b", Footers: breaking("b")}},
		"breaking, above the rest of a squash's list": {message: "feat: a (#12)\n\n* feat: a\n\nBREAKING CHANGE: b\n\nand how\n\n* fix: c\n\nwhy", want: commit.Change{
			Type: "feat", Description: "a", Pull: "12", Breaking: true, Migration: "b\n\nand how", Footers: breaking("b\n\nand how"),
		}},
		"squash":                   {message: "feat: a (#12)\n\n* feat: b\n\n* fix: c", want: commit.Change{Type: "feat", Description: "a", Pull: "12"}},
		"two pulls":                {message: "feat: a (#12) (#13)", want: commit.Change{Type: "feat", Description: "a", Pull: "13", Mentions: []string{"12"}}},
		"nothing but a pull":       {message: "feat: (#12)", want: commit.Change{Type: "feat", Description: "(#12)"}},
		"an address is no footer":  {message: "feat: a\n\nhttps://example.com/", want: commit.Change{Type: "feat", Description: "a"}},
		"bytes that are no UTF-8":  {message: "fix(\xff): \xfe", want: commit.Change{Type: "fix", Scope: "\xff", Description: "\xfe"}},
		"a mark without a prefix":  {message: "!: a", bad: true, want: commit.Change{Description: "!: a"}},
		"a type that is a number":  {message: "12: a", bad: true, want: commit.Change{Description: "12: a"}},
		"a carriage return inside": {message: "fix: a\rb", want: commit.Change{Type: "fix", Description: "a\rb"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) { check(t, tt.message, tt.want, !tt.bad) })
	}
}

// TestLong holds that a message made to be slow is not: reading takes a time that grows with its length.
func TestLong(t *testing.T) {
	start := time.Now()
	commit.Parse("feat: a\n\nBREAKING CHANGE: b\n" + strings.Repeat("c\n", 1<<20))
	commit.Parse("feat: a\n\n" + strings.Repeat("BREAKING CHANGE: b\n", 1<<16))
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("took %v", took)
	}
}

func check(t *testing.T, message string, want commit.Change, wantOK bool) {
	t.Helper()
	got, ok := commit.Parse(message)
	got.Body = "" // has a test of its own
	if ok != wantOK {
		t.Errorf("Parse(%q) = %v, want %v", message, ok, wantOK)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Parse(%q): -want +got\n%s", message, diff)
	}
}

// TestPull reads the numbers of pull requests as four forges write them.
func TestPull(t *testing.T) {
	for message, want := range map[string]string{
		"feat: a (#12)":              "feat a 12 []",
		"feat: a(#12)":               "feat a 12 []",
		"feat: a (#7) (#8)":          "feat a 8 [7]",
		"feat: a (#7) (#8) (#9)":     "feat a 9 [7 8]",
		"feat: a (!12)":              "feat a 12 []",
		"feat: a (pull request #12)": "feat a 12 []",
		"feat: a (issue #12)":        "feat a (issue #12)  []",
		"feat: a (#12) b":            "feat a (#12) b  []",
		"feat: a (#)":                "feat a (#)  []",
		"feat: a #12":                "feat a #12  []",
		"Update a (#12)":             " Update a 12 []",
		"feat: a\n\nSee merge request acme/shop!12\n":                                            "feat a 12 []",
		"feat: a\n\nAs said in See merge request acme/shop!12\n":                                 "feat a  []",
		"Merge pull request #12 from acme/topic\n\nfeat: a\n\nbody":                              "feat a 12 []",
		"Merge pull request #12 from acme/topic\n\nfeat: a (#7)":                                 "feat a 12 [7]",
		"Merge pull request #12 from acme/topic\n\nAdd a":                                        " Merge pull request #12 from acme/topic 12 []",
		"Merge pull request #12 from acme/topic":                                                 " Merge pull request #12 from acme/topic 12 []",
		"Merge pull request #x from acme/topic\n\nfeat: a":                                       " Merge pull request #x from acme/topic  []",
		"Merge branch 'topic' into 'main'\n\nfeat: a\n\nSee merge request acme/group/shop!12":    "feat a 12 []",
		"Merge branch 'topic' into 'main'\n\nSee merge request acme/shop!12":                     " Merge branch 'topic' into 'main' 12 []",
		"Merge branch 'topic'\n\nfeat: a":                                                        " Merge branch 'topic'  []", // git's own: nobody says that this is a title
		"Merged in topic (pull request #12)\n\nfeat: a\n\nApproved-by: Z":                        "feat a 12 []",
		"Merged PR 12: feat: a":                                                                  "feat a 12 []",
		"Merged PR 12: Add a":                                                                    " Merged PR 12: Add a 12 []",
		"Merged PRs: feat: a":                                                                    " Merged PRs: feat: a  []",
		"Merge remote-tracking branch 'origin/main'\n\nSee merge request acme/shop!12 (no more)": " Merge remote-tracking branch 'origin/main'  []",
	} {
		c, _ := commit.Parse(message)
		if got := fmt.Sprint(c.Type, " ", c.Description, " ", c.Pull, " ", c.Mentions); got != want {
			t.Errorf("%q: %q, want %q", message, got, want)
		}
	}
}

func TestBody(t *testing.T) {
	for message, want := range map[string]string{
		"feat: a":                       "",
		"feat: a\r\n\r\nb\r\nc\r\n\r\n": "b\nc",
		"feat: a\n\n  b\n\nRefs: #1\n":  "  b\n\nRefs: #1",
		"Merge pull request #12 from acme/topic\n\nfeat: a\n\nb": "b",
	} {
		if c, _ := commit.Parse(message); c.Body != want {
			t.Errorf("%q: %q, want %q", message, c.Body, want)
		}
	}
}

// FuzzParse holds that no message panics, and that what was read is read again from the same written
// anew: its header and its footers.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"feat(a)!: b (#1)\n\nBREAKING CHANGE: c", "fix: a\r\n\r\nRefs #1", "İ(\xff): (#1)(#2)", "", "fix(a(b)): c [skip ci] (#2)\n\n* BREAKING CHANGE:\n\n b\n\n* fix: c",
		"Merge pull request #1 from a/b\n\nfeat: c\n\nA: b\n c\nD #1", "Merged PR 1: feat: a (#2)", "a: b\n\nBREAKING-CHANGE: c\n\nd\n---\nE: f",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, message string) {
		for _, part := range commit.Several(message, true, []string{"a"}) {
			commit.Parse(part)
		}
		c, ok := commit.Parse(message)
		if !ok {
			return
		}
		again, ok := commit.Parse(written(c))
		c.Body, again.Body = "", ""
		if diff := cmp.Diff(c, again); !ok || diff != "" {
			t.Errorf("%q read again as %q: %v\n%s", message, written(c), ok, diff)
		}
	})
}

// written prints a change as a message.
func written(c commit.Change) string {
	var b strings.Builder
	b.WriteString(c.Type)
	if c.Scope != "" {
		b.WriteString("(" + c.Scope + ")")
	}
	if c.Breaking {
		b.WriteString("!")
	}
	b.WriteString(": " + c.Description)
	if c.Pull != "" {
		for _, number := range append(slices.Clip(c.Mentions), c.Pull) {
			b.WriteString(" (#" + number + ")")
		}
	}
	b.WriteString("\n\n")
	for _, f := range c.Footers {
		b.WriteString(f.Token + ": " + f.Value + "\n")
	}
	return b.String()
}

func BenchmarkParse(b *testing.B) {
	for name, message := range map[string]string{
		"short": "fix(parser): read what nobody wrote (#1234)",
		"long": "feat(api): add the thing that was wanted (#1234)\n\n" + strings.Repeat("It was wanted since long: this is what it does, and why it does it\nin the way in which it does.\n\n", 5) +
			"Closes #12\nReviewed-by: A Person <person@example.com>\nSigned-off-by: A Person <person@example.com>\n",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				commit.Parse(message)
			}
		})
	}
}
