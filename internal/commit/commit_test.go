package commit_test

import (
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
		"git's own revert":         {message: "Revert \"feat: a\"\n\nThis reverts commit 1234567.", bad: true, want: commit.Change{Description: `Revert "feat: a"`}},
		"merge":                    {message: "Merge pull request #1 from acme/x\n\nfeat: a", want: commit.Change{Type: "feat", Description: "a", Pull: "1"}},
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

// FuzzParse holds that no message panics, and that what was read from a header is read again from
// that header written anew.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"feat(a)!: b (#1)\n\nBREAKING CHANGE: c", "fix: a\r\n\r\nRefs #1", "İ(\xff): (#1)(#2)", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, message string) {
		c, ok := commit.Parse(message)
		if !ok {
			return
		}
		again, ok := commit.Parse(header(c))
		c.Footers, c.Migration, c.Body = nil, "", ""
		again.Footers = nil
		if diff := cmp.Diff(c, again); !ok || diff != "" {
			t.Errorf("%q read again as %q: %v\n%s", message, header(c), ok, diff)
		}
	})
}

func header(c commit.Change) string {
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
		b.WriteString(" (#" + c.Pull + ")")
	}
	return b.String()
}
