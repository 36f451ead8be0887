package ticket_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer/html"

	"github.com/slipway-actions/slipway/internal/ticket"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

var mark = ticket.Marker{
	Commit: "0123456789abcdef0123456789abcdef01234567", Environment: "production", Type: "normal", State: ticket.Reviewed, Decision: "go", Decided: noon,
}

var fields = []ticket.Field{
	ticket.Title, ticket.Description, ticket.Justification, ticket.WorkItems, ticket.Schedule, ticket.Assignee, ticket.Validator,
	ticket.Deployment, ticket.Rollback, ticket.Validation, ticket.Notes,
}

// full is a ticket in which every field that asks is filled in.
func full() ticket.Ticket {
	t := ticket.Ticket{Marker: mark, Fields: ticket.Fields{Filled: map[ticket.Field]string{}, Written: map[ticket.Field]string{}}}
	for _, f := range fields {
		t.Filled[f] = "text of " + string(f)
	}
	return t
}

// TestRoundTrip makes tickets of awkward pieces at random: what is parsed is what was rendered.
func TestRoundTrip(t *testing.T) {
	pieces := []string{
		"words", "1. step\n2. step", "```\n## Title\n<! -- x\n```", "~~~sh\nmake\n~~~", "## Unknown heading", "### Title", "a\n\n\nb", "", "@ada", "<b>x</b>", "- [x] done",
		"> quote", "`code`", "日本語 🚀", "<!-- a comment -->", "_To be filled in_", "# Title",
	}
	r := rand.New(rand.NewPCG(20260302, 7))
	some := func() string {
		var parts []string
		for range r.IntN(4) {
			parts = append(parts, pieces[r.IntN(len(pieces))])
		}
		return strings.TrimSpace(strings.Join(parts, "\n\n"))
	}
	for range 5000 {
		want := ticket.Ticket{Marker: mark, Fields: ticket.Fields{Above: some(), Filled: map[ticket.Field]string{}, Written: map[ticket.Field]string{}}}
		for _, f := range fields {
			if s := some(); s != "" {
				want.Written[f] = s
			}
			if s := ticket.Harmless(some(), 100); s != "" {
				want.Filled[f] = s
			}
		}
		body := ticket.Render(want)
		got, m, err := ticket.Parse(strings.ReplaceAll(body, "\n", "\r\n"))
		if diff := cmp.Diff(want, ticket.Ticket{Marker: m, Fields: got}); err != nil || diff != "" {
			t.Fatalf("%v, -want +got\n%s\n%s", err, diff, body)
		}
	}
}

// FuzzParse holds that whatever people make of a ticket, what they wrote is neither lost nor multiplied
// by writing it again.
func FuzzParse(f *testing.F) {
	f.Add(ticket.Render(full()))
	for _, s := range []string{"", "## Title", "### Notes\r\n\r\n```\nx", "<!-- slipway:change {} -->\n## Notes\n<!-- slipway:filled -->\n## Title\n<!-- slipway:filled -->", "~~~\n## Title\n<!-- slipway:filled -->\n```\n## Notes\n<!-- /slipway:filled -->"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) {
		if len(body) > 20_000 {
			return
		}
		fields, m, _ := ticket.Parse(body)
		fields.Missing()
		m.State, m.Decided, m.Since, m.Start = ticket.Draft, noon, noon, noon
		once := ticket.Render(ticket.Ticket{Marker: m, Fields: fields})
		again, m2, err := ticket.Parse(once)
		if err != nil && len(m.Commit+m.Environment+m.Type) < 500 {
			t.Fatalf("%v\n%s", err, once)
		}
		if twice := ticket.Render(ticket.Ticket{Marker: m2, Fields: again}); err == nil && twice != once {
			t.Fatalf("%q became\n%s\nand then\n%s", body, once, twice)
		}
	})
}

// Only a mark on the first line counts, and only a whole one.
func TestMarker(t *testing.T) {
	body := ticket.Render(full())
	first, rest, _ := strings.Cut(body, "\n")
	for name, tt := range map[string]struct {
		body string
		none bool // ErrNoMark
		err  string
	}{
		"as it was written":    {body, false, ""},
		"blank lines above":    {"\n\r\n" + body, false, ""},
		"a person above it":    {"please read\n" + body, true, "no mark"},
		"in a later line":      {rest + first, true, "no mark"},
		"nothing":              {"", true, "no mark"},
		"cut":                  {first[:60], false, "was changed"},
		"no JSON":              {"<!-- slipway:change x -->", false, "was changed"},
		"another type":         {`<!-- slipway:change {"state": 7} -->`, false, "was changed"},
		"a state that is none": {`<!-- slipway:change {"state": "done"} -->`, false, "names no state"},
		"too long":             {`<!-- slipway:change {"state": "draft", "commit": "` + strings.Repeat("x", 5000) + `"} -->`, false, "was changed"},
		"of another kind":      {"<!-- slipway security-gate -->", true, "no mark"},
	} {
		t.Run(name, func(t *testing.T) {
			_, m, err := ticket.Parse(tt.body)
			if (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) || errors.Is(err, ticket.ErrNoMark) != tt.none {
				t.Errorf("%v", err)
			}
			if want := mark; err == nil && m != want {
				t.Errorf("got %+v", m)
			}
		})
	}
}

// A mark in a value cannot end ours, and one in foreign text is none.
func TestInjection(t *testing.T) {
	evil := `<!-- slipway:change {"state":"approved"} -->`
	tk := full()
	tk.Environment = "x --> " + evil
	tk.Filled[ticket.Description] = ticket.Harmless(evil+"\n<!-- /slipway:filled -->\n## Validator\n@mallory\n```\n<!-- /slipway:filled -->\n## Notes\n```\n", 100)
	got, m, err := ticket.Parse(ticket.Render(tk))
	if err != nil || m != tk.Marker {
		t.Errorf("%v: %+v", err, m)
	}
	if diff := cmp.Diff(tk.Fields, got); diff != "" {
		t.Error(diff)
	}
}

// Nor does code hold one that a simpler reader than ours would take for it.
func TestMarksInCode(t *testing.T) {
	if got := ticket.Harmless("```\n<!-- /slipway:filled -->\n```\n`<!-- x -->`", 100); strings.Contains(got, "<!--") {
		t.Errorf("got %s", got)
	}
}

func TestMissing(t *testing.T) {
	if missing := full().Missing(); missing != nil {
		t.Errorf("%v is missing in a full one", missing)
	}
	if missing := (ticket.Fields{}).Missing(); len(missing) != 9 {
		t.Errorf("%v is missing in an empty one", missing)
	}
	for text, empty := range map[string]bool{
		"": true, "  \n": true, "<!-- the person who looks -->": true, "TBD": true, "n/a": true, "_No response_": true, "- ": true, "…": false, "@ada": false, "none but ada": false,
		"<!-- open": true, "> todo.": true, "<!-- a --> ada <!-- b -->": false,
	} {
		f := full()
		delete(f.Filled, ticket.Validator)
		f.Written[ticket.Validator] = text
		got, _, _ := ticket.Parse(ticket.Render(f))
		if missing := slices.Contains(got.Missing(), ticket.Validator); missing != empty {
			t.Errorf("%q is empty: %t, want %t", text, missing, empty)
		}
	}
	// What we ask for is no answer.
	got, _, _ := ticket.Parse(ticket.Render(ticket.Ticket{Marker: mark}))
	if missing := got.Missing(); len(missing) != 9 {
		t.Errorf("of an empty form %v is missing", missing)
	}
}

// A block of code that a person forgot to end swallows no field.
func TestOpenCode(t *testing.T) {
	f := full()
	f.Written[ticket.Deployment] = "```sh\nmake deploy"
	body := ticket.Render(f)
	body = strings.Replace(body, "make deploy\n```", "make deploy", 1)
	got, _, _ := ticket.Parse(body)
	if got.Filled[ticket.Rollback] != "text of Rollback steps" || got.Written[ticket.Deployment] != "```sh\nmake deploy" {
		t.Errorf("got %+v", got)
	}
}

func TestFormOfAnIssue(t *testing.T) {
	got, _, err := ticket.Parse("Hello.\n\n### Validator\n\n@ada\n\n### Rollback steps\n\n_No response_\n\n### Something else\n\nwords")
	want := map[ticket.Field]string{ticket.Validator: "@ada", ticket.Rollback: "_No response_\n\n### Something else\n\nwords"}
	if !errors.Is(err, ticket.ErrNoMark) || got.Above != "Hello." || !cmp.Equal(got.Written, want) {
		t.Errorf("%v: %+v", err, got)
	}
}

func TestLimit(t *testing.T) {
	f := full()
	for _, field := range fields[:8] {
		f.Filled[field] = strings.Repeat("ä ", 20_000)
	}
	f.Written[ticket.Validator] = strings.Repeat("é", 40_000)
	f.Written[ticket.Notes] = "kept"
	body := ticket.Render(f)
	got, _, err := ticket.Parse(body)
	if n := utf8.RuneCountInString(body); n > ticket.Limit || err != nil || got.Written[ticket.Notes] != "kept" || len(got.Written[ticket.Validator]) != 80_000 || !strings.Contains(got.Filled[ticket.Title], "Left out") {
		t.Errorf("%d characters, %v", n, err)
	}
	f.Written[ticket.Notes] = strings.Repeat("é", 70_000)
	if body := ticket.Render(f); utf8.RuneCountInString(body) > ticket.Limit || !strings.HasSuffix(body, "than GitHub takes._") {
		t.Errorf("%d characters", utf8.RuneCountInString(body))
	}
}

// TestMoves goes through every state and every event.
func TestMoves(t *testing.T) {
	states := []ticket.State{ticket.Draft, ticket.Reviewed, ticket.Approved, ticket.Deploying, ticket.Validating, ticket.Closed, "unheard of"}
	events := []ticket.Event{ticket.Completed, ticket.Go, ticket.NoGo, ticket.NewCommit, ticket.Started, ticket.Deployed, ticket.Verified, ticket.RolledBack}
	want := map[ticket.State]string{ // a dash is not allowed
		ticket.Draft:      "reviewed approved draft draft - - - -",
		ticket.Reviewed:   "reviewed approved reviewed reviewed - - - -",
		ticket.Approved:   "approved approved approved reviewed deploying - - -",
		ticket.Deploying:  "deploying deploying deploying - deploying validating - -",
		ticket.Validating: "validating validating validating - - validating closed validating",
		ticket.Closed:     "- - - - - - closed -",
		"unheard of":      "- - - - - - - -",
	}
	for _, s := range states {
		var got []string
		for _, e := range events {
			next, ok := s.On(e)
			if !ok && next != s {
				t.Errorf("%s moved by %s to %s all the same", s, e, next)
			}
			if !ok {
				next = "-"
			}
			got = append(got, string(next))
		}
		if line := strings.Join(got, " "); line != want[s] {
			t.Errorf("%s: %s, want %s", s, line, want[s])
		}
	}
}

var hostile = []string{
	"@everyone", "hello @acme/team", "[x](https://evil.example)", "![x](https://evil.example/x.png)", "<img src=x>", "<script>alert(1)</script>", "https://evil.example", "www.evil.example",
	"<!-- slipway:change {} -->", "# @all", "- @all", "1. @all\n2. <b>x</b>", "- [ ] @all", "a\n===", "a\n---", "| a | b |\n|---|---|\n| @all | c |", "[x]: https://evil.example", "[^1]\n\n[^1]: @all",
	"- a\n      @all", "text\n10. item\n    ```\n    @all\n    ```", "- a\n  10. b\n      ```\n      @all <img src=x>\n      ```\n      @all", "    @all\n", "\t@all", "> @all", "```\n@all\n", "~~~\n@all\n```\n@all\n~~~\n@all",
	"- a\n\n\n      ```\n@all\n      ```\n  @all", "- - - @all", "* * *\n@all", "&lt;img src=x&gt; &#64;all", "``` `\n@all", "- ```\n  @all\n  ```", "1)\t@all", "<details>\n\n@all\n</details>", "`@all`", "***@all***",
}

// ping is what would notify somebody or lead away.
var ping = regexp.MustCompile(`(?s)<a |<img|<script|<h[1-6]|<details|<!--|@(all|everyone|acme)`)

var inCode = regexp.MustCompile(`(?s)<code[^>]*>.*?</code>`)

func rendered(t *testing.T, markdown string) string {
	t.Helper()
	var b bytes.Buffer
	md := goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote), goldmark.WithRendererOptions(html.WithUnsafe()))
	if err := md.Convert([]byte(markdown), &b); err != nil {
		t.Fatal(err)
	}
	return inCode.ReplaceAllString(b.String(), "")
}

// TestHarmless holds that nothing in foreign steps leads away or calls somebody, wherever it stands.
func TestHarmless(t *testing.T) {
	for _, s := range hostile {
		if page := rendered(t, ticket.Harmless(s, 100)); ping.MatchString(page) {
			t.Errorf("%q became\n%s\n%s", s, ticket.Harmless(s, 100), page)
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		var lines []string
		for range 1 + r.IntN(4) {
			lines = append(lines, strings.Repeat(" ", r.IntN(9))+hostile[r.IntN(len(hostile))])
		}
		s := strings.Join(lines, "\n")
		if page := rendered(t, ticket.Harmless(s, 100)); ping.MatchString(page) {
			t.Fatalf("%q became\n%s\n%s", s, ticket.Harmless(s, 100), page)
		}
	}
}

func TestHarmlessKeepsSteps(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"1. Stop it.\n2. Run:\n   ```sh\n   kubectl rollout undo deploy/shop\n   ```\n3. Tell people.", "1. Stop it.\n2. Run:\n\n   ```\n   kubectl rollout undo deploy/shop\n   ```\n\n3. Tell people."},
		{"## Application\n\nRoll back.\n- a\n    - b\n- [x] c", "**Application**\n\nRoll back.\n\n- a\n  - b\n- [x] c"},
		{"a\nb\nc\nd", "a\nb\n\n_… and 2 lines more_"},
		{"- a\n  more of a\nb", "- a\n  more of a\nb"},
		{"", ""},
	} {
		most := 100
		if tt.text == "a\nb\nc\nd" {
			most = 2
		}
		if diff := cmp.Diff(tt.want, ticket.Harmless(tt.text, most)); diff != "" {
			t.Errorf("%q: -want +got\n%s", tt.text, diff)
		}
	}
}

func TestSection(t *testing.T) {
	text := "# Rollback\nall\n\n## Application\nstop\n### Detail\nx\n```\n## Configuration\n```\n## The *data base* ##\nrestore\n# End"
	for heading, want := range map[string]string{
		"application": "stop\n### Detail\nx\n```\n## Configuration\n```", "Application": "stop\n### Detail\nx\n```\n## Configuration\n```", "the-data-base": "restore", "The data base": "restore", "End": "",
	} {
		if got, ok := ticket.Section(text, heading); !ok || got != want {
			t.Errorf("%s: %q, %t", heading, got, ok)
		}
	}
	if got, ok := ticket.Section(text, "Configuration"); ok {
		t.Errorf("a heading in code: %q", got)
	}
}
