package ticket_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/ticket"
)

// fenced reads lines, and tells for each whether it is an edge of a block of code and whether one is open then.
func fenced(lines ...string) string {
	var f ticket.Fence
	var out []string
	for _, line := range lines {
		edge := f.Next(line)
		out = append(out, map[bool]string{true: "edge", false: "line"}[edge]+map[bool]string{true: " open", false: ""}[f.Open()])
	}
	return strings.Join(out, ", ")
}

// What opens a block of code and what closes it, by CommonMark 4.5.
func TestFence(t *testing.T) {
	for name, tt := range map[string]struct {
		lines []string
		want  string
	}{
		"backticks":                          {[]string{"```", "a", "```"}, "edge open, line open, edge"},
		"tildes":                             {[]string{"~~~", "a", "~~~"}, "edge open, line open, edge"},
		"two are none":                       {[]string{"``", "a"}, "line, line"},
		"another letter is none":             {[]string{"\x7f\x7f\x7f", "aaa"}, "line, line"},
		"tildes do not close backticks":      {[]string{"```", "~~~", "```"}, "edge open, line open, edge"},
		"a longer one closes":                {[]string{"```", "`````"}, "edge open, edge"},
		"a shorter one does not":             {[]string{"````", "```", "````"}, "edge open, line open, edge"},
		"words behind it do not close":       {[]string{"```", "``` go", "```"}, "edge open, line open, edge"},
		"words behind it open":               {[]string{"``` go", "```"}, "edge open, edge"},
		"backticks behind backticks do not":  {[]string{"``` a`b"}, "line"},
		"backticks behind tildes do":         {[]string{"~~~ a`b", "~~~"}, "edge open, edge"},
		"three blanks":                       {[]string{"   ```", "   ```"}, "edge open, edge"},
		"four blanks are code of their own":  {[]string{"    ```", "a"}, "line, line"},
		"four blanks do not close":           {[]string{"```", "    ```", "```"}, "edge open, line open, edge"},
		"after the end another can begin":    {[]string{"````", "````", "```", "```"}, "edge open, edge, edge open, edge"},
		"a blank line":                       {[]string{"", "```", "", "```"}, "line, edge open, line open, edge"},
		"an open one is not ended by a text": {[]string{"```", "aaa"}, "edge open, line open"},
	} {
		if got := fenced(tt.lines...); got != tt.want {
			t.Errorf("%s: %s\nwant %s", name, got, tt.want)
		}
	}
}

// What a ticket says of its state, word for word.
func TestStateText(t *testing.T) {
	for state, want := range map[ticket.State]string{
		ticket.Draft: "**draft**: something is still to be filled in.", ticket.Reviewed: "**reviewed**: every field is filled in, and no decision was a go yet.",
		ticket.Approved: "**approved**: a decision was a go.", ticket.Deploying: "**deploying**: it is being deployed.",
		ticket.Validating: "**validating**: it is deployed, and being verified.", ticket.Closed: "**closed**: it is deployed and verified.",
	} {
		if got := ticket.StateText(state, ""); got != want {
			t.Errorf("%s: %q", state, got)
		}
		if got := ticket.StateText(state, "A note."); got != want+"\n\nA note." {
			t.Errorf("%s: %q", state, got)
		}
	}
}

// One label tells the state; all others stay.
func TestLabels(t *testing.T) {
	labels := []string{"bug", "change: draft", "Change: Reviewed", "exchange: a"}
	if got, want := ticket.Labels(labels, ticket.Approved), []string{"bug", "exchange: a", "change: approved"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if want := []string{"bug", "change: draft", "Change: Reviewed", "exchange: a"}; !slices.Equal(labels, want) {
		t.Errorf("what was given has changed to %q", labels)
	}
}

// Ticks are kept where the text is the same but for them.
func TestWithTicks(t *testing.T) {
	const open, ticked = "Text\n- [ ] one\n  1. [ ] two", "Text\n- [x] one\n  1. [X] two"
	if got := ticket.WithTicks(open, ticked); got != ticked {
		t.Errorf("the ticks are lost: %q", got)
	}
	if got := ticket.WithTicks(open+"\n- [ ] three", ticked); got != open+"\n- [ ] three" {
		t.Errorf("another text became %q", got)
	}
}

// Foreign Markdown at its borders: where blank lines stand, and what stays code.
func TestHarmlessAtItsBorders(t *testing.T) {
	for text, want := range map[string]string{
		"a `b` c":                       "a <code>b</code> c",
		"`a` and `b`":                   "<code>a</code> and <code>b</code>",
		"a ` b":                         "a \\` b",
		"a `` b `` *c*":                 "a \\`\\` b \\`\\` \\*c\\*",
		"a\n# Title\nb":                 "a\n\n**Title**\n\nb",
		"a\n- b\nc":                     "a\n\n- b\nc",
		"- a\n  - b\n- c":               "- a\n  - b\n- c",
		"- a\n\n  b\n\nc":               "- a\n\n  b\n\nc",
		"- a\n# T\n- b":                 "- a\n\n**T**\n\n- b",
		"```\ncode\n```\nafter":         "```\ncode\n```\n\nafter",
		"before\n```\ncode\n```\nafter": "before\n\n```\ncode\n```\n\nafter",
		"```\nopen":                     "```\nopen\n```",
		"- a\n  ```\n  b\n  ```\n- c":   "- a\n\n  ```\n  b\n  ```\n\n- c",
	} {
		if got := ticket.Harmless(text, 100); got != want {
			t.Errorf("%q became\n%s\nwant\n%s", text, got, want)
		}
	}
	for most, want := range map[int]string{3: "a\nb\nc", 2: "a\nb\n\n_… and 1 line more_", 1: "a\n\n_… and 2 lines more_"} {
		if got := ticket.Harmless("a\nb\nc", most); got != want {
			t.Errorf("%d lines are %q", most, got)
		}
	}
}
