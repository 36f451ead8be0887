package gonogo

import (
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/verdict"
)

func TestChecklistFile(t *testing.T) {
	for name, tt := range map[string]struct {
		text, section string
		verdict       verdict.Verdict
		observed      string
	}{
		"all ticked":        {"- [x] a\n- [X] b\n", "", verdict.Pass, "2 of 2 ticked"},
		"one open":          {"- [x] a\n- [ ] Backups *verified*\n", "", verdict.Fail, "1 of 2 ticked; open: Backups *verified*"},
		"nested":            {"1. [x] a\n   - [ ] b\n", "", verdict.Fail, "open: b"},
		"in a quotation":    {"- [x] a\n\n> - [ ] b\n", "", verdict.Fail, "open: b"},
		"none":              {"- a\n- b\n", "", verdict.Fail, "there is no box in it"},
		"empty":             {"", "", verdict.Fail, "there is no box in it"},
		"in code":           {"```\n- [x] a\n```\n", "", verdict.Fail, "there is no box in it"},
		"in a comment":      {"<!--\n- [x] a\n-->\n", "", verdict.Fail, "there is no box in it"},
		"a byte order mark": {"\ufeff- [ ] a\n- [x] b\n", "", verdict.Fail, "1 of 2 ticked; open: a"},
		"no blank in it":    {"- [x] a\n- [] b\n", "", verdict.Fail, "1 of 2 ticked; open: b"},
		"another blank":     {"- [x] a\n- [\u00a0] b\n  - [-] c\n", "", verdict.Fail, "1 of 3 ticked; open: b; c"},
		"links":             {"- [x] a\n- [](b)\n- [-](c)\n- [-]: d\n- [b] c\n", "", verdict.Pass, "1 of 1 ticked"},
		"a section":         {"# Before\n- [x] a\n## Data\n- [x] b\n# After\n- [ ] c\n", "before", verdict.Pass, "2 of 2 ticked"},
		"its part is open":  {"# Before\n- [x] a\n## Data\n- [ ] b\n# After\n- [x] c\n", "before", verdict.Fail, "open: b"},
		"no such section":   {"# Before\n- [x] a\n", "after", verdict.Fail, "there is no box under a heading after"},
		"too large":         {strings.Repeat("- [x] a\n", checklistLimit/8+1), "", verdict.Unknown, "more than 256 kB"},
	} {
		t.Run(name, func(t *testing.T) {
			e := with(policy.Criterion{ID: "list", Checklist: &policy.Checklist{Path: "l.md", Section: tt.section}})
			e.Files[atCommit+"l.md"] = file2(tt.text)
			d := decide(e)
			holdWords(t, e, d)
			if d.verdict != tt.verdict || !observes(d, tt.observed) || len(d.open()) > 0 {
				t.Errorf("%s, open %v: %+v", d.verdict, d.open(), d.findings())
			}
		})
	}
	e := with(policy.Criterion{ID: "list", Checklist: &policy.Checklist{Path: "l.md"}})
	e.Files[atCommit+"l.md"] = file{Missing: true}
	if d := decide(e); d.verdict != verdict.Fail {
		t.Errorf("without the file: %s", d.verdict)
	}
	e.Files[atCommit+"l.md"] = file{Problem: problem{What: "403"}}
	if d := decide(e); d.verdict != verdict.Unknown {
		t.Errorf("a file that was not read: %s", d.verdict)
	}
	delete(e.Files, atCommit+"l.md")
	if d := decide(e); d.verdict == verdict.Pass {
		t.Errorf("without evidence: %s", d.verdict)
	}
}

func TestChecklistTicket(t *testing.T) {
	const body = "- [x] a\n- [x] b\n"
	byAda := []tick{{By: "ada", At: noon}, {By: "kim", At: noon}}
	for name, tt := range map[string]struct {
		by      string
		change  func(*evidence)
		verdict verdict.Verdict
		text    string
		open    bool
	}{
		"anybody":          {"", nil, verdict.Pass, "2 of 2 ticked", false},
		"no ticket":        {"", func(e *evidence) { e.Ticketed.Number = 0 }, verdict.Unknown, "there is no change ticket", false},
		"not read":         {"", func(e *evidence) { e.Ticketed.Problem = problem{What: "503", Passing: true} }, verdict.Unknown, "503", true},
		"one open":         {"", func(e *evidence) { e.Ticketed.Body += "- [ ] c\n" }, verdict.Unknown, "2 of 3 ticked; open: c", true},
		"by the role":      {"sre", func(e *evidence) { e.People.Members = []membership{member("acme/sre", "kim", github.Member)} }, verdict.Pass, "2 of 2 ticked", false},
		"by a stranger":    {"sre", func(e *evidence) { e.People.Members = []membership{member("acme/sre", "kim", github.NoMember)} }, verdict.Unknown, "not ticked by sre: b (by kim)", true},
		"perhaps":          {"sre", nil, verdict.Unknown, "b (kim may be in acme/sre", true},
		"nobody knows who": {"sre", func(e *evidence) { e.People.Ticks[0] = tick{Why: "the account is gone"} }, verdict.Unknown, "a (the account is gone)", true},
		"nobody at all":    {"sre", func(e *evidence) { e.People.Ticks = nil }, verdict.Unknown, "who ticked the boxes is not known of each of them", false},
		"one too few":      {"sre", func(e *evidence) { e.People.Ticks = e.People.Ticks[1:] }, verdict.Unknown, "not known of each of them", false},
		"another's ticket": {"", func(e *evidence) { aboutTicket(another, "")(e); e.Ticketed.Body += "\n" + body }, verdict.Unknown, "0 of 2 ticked; open: a; b; what was ticked was for the commit 89abcde", false},
		"our ticket":       {"", func(e *evidence) { aboutTicket(commit, "2026-03-02T11:30:00Z")(e); e.Ticketed.Body += "\n" + body }, verdict.Pass, "2 of 2 ticked", false},
		"edits not read":   {"sre", func(e *evidence) { e.People.Unticks = problem{What: "GraphQL"} }, verdict.Unknown, "who ticked the boxes is not known: GraphQL", false},
	} {
		t.Run(name, func(t *testing.T) {
			e := with(policy.Criterion{ID: "list", Checklist: &policy.Checklist{By: tt.by}})
			e.Gate.Roles = roles
			e.Ticketed.Number, e.Ticketed.Body = 12, body
			e.People.Ticks = append([]tick(nil), byAda...)
			if tt.change != nil {
				tt.change(&e)
			}
			d := decide(e)
			holdWords(t, e, d)
			if d.verdict != tt.verdict || !observes(d, tt.text) || (len(d.open()) > 0) != tt.open {
				t.Errorf("%s, open %v: %+v", d.verdict, d.open(), d.findings())
			}
			page(e, d)
		})
	}
}

func TestAttribution(t *testing.T) {
	at := func(minutes int) time.Time { return noon.Add(time.Duration(minutes) * time.Minute) }
	const none, a, ab = "- [ ] a\n- [ ] b\n", "- [x] a\n- [ ] b\n", "- [x] a\n- [x] b\n"
	opened := github.Edit{By: "eve", At: at(0), Body: none}
	changed := func(from, to string) github.Text { // what ada ticked, and bob changed then
		edits := []github.Edit{{By: "eve", At: at(0), Body: strings.ReplaceAll(from, "[x]", "[ ]")}, {By: "ada", At: at(1), Body: from}, {By: "bob", At: at(2), Body: to}}
		return github.Text{Body: to, Edits: edits}
	}
	for name, tt := range map[string]struct {
		text github.Text
		want string // logins, or ? where nobody knows
	}{
		"never edited":         {github.Text{Body: ab}, "eve eve"},
		"each by another":      {github.Text{Body: ab, Edits: []github.Edit{opened, {By: "ada", At: at(1), Body: a}, {By: "bob", At: at(2), Body: ab}}}, "ada bob"},
		"taken away and again": {github.Text{Body: a, Edits: []github.Edit{opened, {By: "ada", At: at(1), Body: ab}, {By: "bob", At: at(2), Body: none}, {By: "kim", At: at(3), Body: a}}}, "kim -"},
		"reworded":             {github.Text{Body: "- [x] a!\n", Edits: []github.Edit{{By: "eve", At: at(0), Body: "- [x] a\n"}, {By: "kim", At: at(1), Body: "- [x] a!\n"}}}, "kim"},
		"moved":                {github.Text{Body: "- [ ] b\nand\n\n- [x] a\n", Edits: []github.Edit{opened, {By: "ada", At: at(1), Body: a}, {By: "bob", At: at(2), Body: "- [ ] b\nand\n\n- [x] a\n"}}}, "- ada"},
		"under a new heading":  {github.Text{Body: "- [ ] b\n# x\n- [x] a\n", Edits: []github.Edit{opened, {By: "ada", At: at(1), Body: a}, {By: "bob", At: at(2), Body: "- [ ] b\n# x\n- [x] a\n"}}}, "- bob"},
		"the heading renamed":  {changed("# Staging\n- [x] a\n", "# Production\n- [x] a\n"), "bob"},
		"an outer one renamed": {changed("# Staging\n## Done\n- [x] a\n", "# Production\n## Done\n- [x] a\n"), "bob"},
		"one after it renamed": {changed("# x\n- [x] a\n# y\n", "# x\n- [x] a\n# z\n"), "ada"},
		"a heading's level":    {changed("### x\n- [x] a\n", "## x\n- [x] a\n"), "ada"},
		"sections swapped":     {changed("# x\n- [x] a\n# y\n- [ ] a\n", "# y\n- [x] a\n# x\n- [ ] a\n"), "bob -"},
		"the item over it":     {changed("- staging\n  - [x] a\n", "- production\n  - [x] a\n"), "bob"},
		"the box over it":      {changed("- [x] staging\n  - [x] a\n", "- [x] production\n  - [x] a\n"), "bob bob"},
		"the item beside it":   {changed("- x\n  - [x] a\n- y\n", "- x\n  - [x] a\n- z\n"), "ada"},
		"twice the same words": {github.Text{Body: "- [x] a\n- [x] a\n", Edits: []github.Edit{{By: "eve", At: at(0), Body: "- [ ] a\n- [ ] a\n"}, {By: "ada", At: at(1), Body: "- [x] a\n- [ ] a\n"}, {By: "bob", At: at(2), Body: "- [x] a\n- [x] a\n"}}}, "ada bob"},
		"older edits missing":  {github.Text{Body: ab, Cut: true, Edits: []github.Edit{{By: "ada", At: at(5), Body: a}, {By: "bob", At: at(6), Body: ab}}}, "? bob"},
		"a hidden one between": {github.Text{Body: ab, Edits: []github.Edit{opened, {By: "ada", At: at(1), Hidden: true}, {By: "bob", At: at(2), Body: ab}}}, "? ?"},
		"the newest is hidden": {github.Text{Body: ab, Edits: []github.Edit{opened, {By: "ada", At: at(1), Hidden: true}}}, "? ?"},
		"not the newest":       {github.Text{Body: ab, Edits: []github.Edit{opened, {By: "ada", At: at(1), Body: a}}}, "? ?"},
		"a gone account":       {github.Text{Body: a, Edits: []github.Edit{opened, {By: "", At: at(1), Body: a}}}, "? -"},
		"the opening missing":  {github.Text{Body: a, Edits: []github.Edit{{By: "ada", At: at(1), Body: a}}}, "? -"},
		"lines of Windows":     {github.Text{Body: strings.ReplaceAll(a, "\n", "\r\n"), Edits: []github.Edit{opened, {By: "ada", At: at(1), Body: a}}}, "ada -"},
	} {
		t.Run(name, func(t *testing.T) {
			tt.text.Author, tt.text.Created = "eve", noon
			var got []string
			for _, k := range attribute(tt.text) {
				switch {
				case k.By != "":
					got = append(got, k.By)
				case k.Why != "":
					got = append(got, "?")
				default:
					got = append(got, "-")
				}
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("%v, want %s", got, tt.want)
			}
		})
	}
}

// TestUnticked holds that no box that counts as ticked stays so, and nothing else changes.
func TestUnticked(t *testing.T) {
	for _, text := range []string{
		"- [x] a\n- [ ] b\n* [X] c\n", "-   [x] a\n", "-\t[x] a\n", "  -  [x] a\r\n  -  [x] b\r\n", "1. [x] a\n   - [x] b\n\n     text\n   - [x] c\n", "> - [x] a\n> - [x] b\n", "- - [x] a\n",
		"- x\n\t- [x] a\n\t\t- [x] b\n", "-\t\t[x] a\n", "- [x]\ta\n", "- [x] [x] a\n", "# é\n- [x] ü [x]\n", "```\n- [x] a\n```\n- [x] b [x]\n", "<!--\n- [x] a\n-->\n", "- [x] a\n  [x] b\n", "-\n  [x] a\n", "1)\t[x] a",
	} {
		got := unticked(text)
		for i, b := range boxesOf([]byte(got), "") {
			if b.ticked || b.words != boxesOf([]byte(text), "")[i].words {
				t.Errorf("%q: %+v of %q", got, b, text)
			}
		}
		if len(got) != len(text) || strings.Count(got, "[") != strings.Count(text, "[") {
			t.Errorf("%q became %q", text, got)
		}
	}
}

// Lists that are made to be hard to read are read all the same.
func TestHostileLists(t *testing.T) {
	for _, piece := range []string{"- ", "> ", "[", "- [x] ", "* - + ", "`", "<!--", "|", "\t- ", "#", "![](", "_*"} {
		boxesOf([]byte(strings.Repeat(piece, 65536/len(piece))), "")
		unticked(strings.Repeat(piece+"\n", 1000) + "- [x] a")
	}
}
