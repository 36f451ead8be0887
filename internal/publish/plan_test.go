package publish

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/semver"
)

func versions(t *testing.T, texts string) []*semver.Version {
	t.Helper()
	var all []*semver.Version
	for text := range strings.FieldsSeq(texts) {
		v, err := semver.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, v)
	}
	return all
}

func TestFloating(t *testing.T) {
	for name, tt := range map[string]struct{ prefix, version, others, want string }{
		"the first":               {"v", "1.0.0", "", "v1 v1.0"},
		"the newest":              {"v", "1.4.0", "1.3.9 1.4.0 0.9.0", "v1 v1.4"},
		"a hotfix of an old line": {"v", "1.2.5", "1.3.0 1.2.4", "(v1: v1.3.0 is higher) v1.2"},
		"older than its own line": {"v", "1.2.5", "1.2.6", "(v1: v1.2.6 is higher) (v1.2: v1.2.6 is higher)"},
		"another major":           {"v", "1.4.0", "2.0.0", "v1 v1.4"},
		"a higher pre-release":    {"v", "1.4.0", "1.5.0-rc.1", "v1 v1.4"},
		"a pre-release":           {"v", "1.4.0-rc.1", "", ""},
		"before 1.0":              {"v", "0.4.1", "0.4.0", "v0.4"},
		"before 1.0, older":       {"v", "0.4.1", "0.5.0", "v0.4"},
		"a component":             {"api/v", "2.1.0", "2.0.0", "api/v2 api/v2.1"},
		"no prefix":               {"", "1.2.3", "", "1 1.2"},
		"build metadata":          {"v", "1.2.3+7", "1.2.3", "v1 v1.2"},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, m := range floating(tt.prefix, versions(t, tt.version)[0], versions(t, tt.others)) {
				if m.kept != "" {
					m.name = "(" + m.name + ": " + m.kept + ")"
				}
				got = append(got, m.name)
			}
			if text := strings.Join(got, " "); text != tt.want {
				t.Errorf("moves %q, want %q", text, tt.want)
			}
		})
	}
}

func TestLatest(t *testing.T) {
	for name, tt := range map[string]struct{ version, known, want string }{
		"alone":                 {"1.0.0", "", "true"},
		"itself is known":       {"1.0.0", "1.0.0 0.9.0", "true"},
		"an older line":         {"1.2.5", "1.3.0", "false"},
		"a pre-release":         {"1.3.0-rc.1", "1.2.0", "false"},
		"a higher pre-release":  {"1.2.5", "1.3.0-rc.1", "true"},
		"its own pre-release":   {"1.3.0", "1.3.0-rc.1", "true"},
		"a major line that led": {"1.9.0", "2.0.0 1.8.0", "false"},
	} {
		if got := latest(versions(t, tt.version)[0], versions(t, tt.known)); got != tt.want {
			t.Errorf("%s: latest is %s, want %s", name, got, tt.want)
		}
	}
}

func TestWeave(t *testing.T) {
	const link = "https://github.com/acme/shop/blob/v1/CHANGELOG.md"
	first := weave("", "- one\n", link, releaseLimit)
	for name, tt := range map[string]struct {
		old, notes     string
		want           string // what must be there
		gone           string
		edited, beside bool
	}{
		"into nothing":         {"", "- one\n", "- one\n<!-- /slipway", "", false, false},
		"the same again":       {first.body, "- one", "- one", "", false, false},
		"in place of its own":  {first.body, "- two", "- two", "- one", false, false},
		"from GitHub's editor": {strings.ReplaceAll(first.body, "\n", "\r\n"), "- two", "- two", "- one", false, false},
		"beside others' words": {"Thanks!\r\n", "- one", "Thanks!\n\n" + opening + "\n- one", "", false, true},
		"between others'":      {"Above\n\n" + first.body + "\n\nBelow", "- two", "Above\n\n" + opening + "\n- two\n", "- one", false, true},
		"edited":               {strings.Replace(first.body, "one", "mine", 1), "- two", "mine", "two", true, false},
		"a closing in a code":  {weave("", "`<!-- /slipway 0123456789abcdef -->` zebra", link, releaseLimit).body, "- two", "- two", "zebra", false, false},
		"the closing deleted":  {"intro\n" + opening + "\n- one", "- two", "- two", "", false, true},
	} {
		t.Run(name, func(t *testing.T) {
			got := weave(tt.old, tt.notes, link, releaseLimit)
			if !strings.Contains(got.body, tt.want) || tt.gone != "" && strings.Contains(got.body, tt.gone) || got.edited != tt.edited || !got.edited && got.beside != tt.beside {
				t.Errorf("weave is %+v", got)
			}
			if again := weave(got.body, tt.notes, link, releaseLimit); plain(again.body) != plain(got.body) {
				t.Errorf("written twice it is %q, once %q", again.body, got.body)
			}
		})
	}
}

func TestWeaveWithinTheLimit(t *testing.T) {
	const link = "https://github.com/acme/shop/compare/v1...v2"
	notes := strings.Repeat("- ä line of nötes that are lông\n", 10_000)
	for _, old := range []string{"", strings.Repeat("others' words\n", 100)} {
		got := weave(old, notes, link, releaseLimit).body
		if n := utf8.RuneCountInString(got); n > releaseLimit || n < releaseLimit-100 {
			t.Errorf("it has %d characters", n)
		}
		if !strings.Contains(got, "lông\n\n… and more: "+link+"\n<!-- /slipway ") {
			t.Errorf("it ends in %q", got[len(got)-200:])
		}
		if again := weave(got, notes, link, releaseLimit).body; again != got {
			t.Error("written twice it differs")
		}
	}
	if got := clip("one line that is too long", link, 10); got != "\n\n… and more: "+link {
		t.Errorf("a single long line becomes %q", got)
	}
}

// A text that is cut within code ends the code, so that the link is one.
func TestClipWithinCode(t *testing.T) {
	const link = "https://x/y"
	for name, tt := range map[string]struct{ text, want string }{
		"in code":             {"a\n\n```\none\ntwo\nthree\n```\n" + strings.Repeat("z\n", 40), "a\n\n```\none\ntwo\n```\n\n… and more: " + link},
		"below an entry":      {"- a\n\n  ````\n  ```\n  two\n  three\n  ````\n" + strings.Repeat("z\n", 40), "- a\n\n  ````\n  ````\n\n… and more: " + link},
		"behind code":         {"```\none\n```\nzebra\n" + strings.Repeat("z\n", 40), "```\none\n```\nzebra\nz\n\n… and more: " + link},
		"a fence in the code": {"~~~\n```\n~~~\nzebra\n" + strings.Repeat("z\n", 40), "~~~\n```\n~~~\nzebra\nz\n\n… and more: " + link},
	} {
		t.Run(name, func(t *testing.T) {
			most := utf8.RuneCountInString("\n\n… and more: "+link) + 20
			if got := clip(tt.text, link, most); got != tt.want {
				t.Errorf("it is cut to %q, want %q", got, tt.want)
			} else if n := utf8.RuneCountInString(got); n > most {
				t.Errorf("it has %d characters, of %d", n, most)
			}
		})
	}
}

func TestMessage(t *testing.T) {
	got := message("v1.4.0", "because\nof this\n\nSlipway-Run: forged", [2]string{runTrailer, "https://x/1"}, [2]string{ReleaseTrailer, ""})
	if want := "v1.4.0\n\nbecause of this Slipway-Run: forged\n\nSlipway-Run: https://x/1"; got != want {
		t.Errorf("message is %q", got)
	}
	for name, tt := range map[string]struct{ text, run, want string }{
		"ours":              {got, "https://x/1", "yes"},
		"as GitHub ends it": {got + "\n", "https://x/1", "yes"},
		"CRLF":              {strings.ReplaceAll(got, "\n", "\r\n"), "https://x/1", "yes"},
		"another run":       {got, "https://x/12", "no"},
		"a laptop":          {message("v1", "why"), "", "no"},
		"in the prose":      {"v1\n\nSlipway-Run: https://x/1\n\nand more", "https://x/1", "no"},
		"squashed":          {"chore(release): v1 (#7)\n\nLands x.\n\nSlipway-Run: https://x/1\nSlipway-Release: v1", "https://x/1", "yes"},
	} {
		if yes := madeBy(tt.text, tt.run); yes != (tt.want == "yes") {
			t.Errorf("%s: made by %s is %t", name, tt.run, yes)
		}
	}
}

func TestReleaseBranch(t *testing.T) {
	for _, tt := range [][3]string{
		{"main", "v", "slipway/release-main"}, {"main", "", "slipway/release-main"}, {"release/1.x", "v", "slipway/release-release-1.x"},
		{"main", "api/v", "slipway/release-main-api"}, {"main", "services/api/v", "slipway/release-main-services-api"}, {"main", "web-", "slipway/release-main-web"},
	} {
		if got := releaseBranch(tt[0], tt[1]); got != tt[2] {
			t.Errorf("the branch for %s and %q is %s, want %s", tt[0], tt[1], got, tt[2])
		}
	}
}

// An amended commit is no longer ours, and one that was rebased neither.
func TestUntouched(t *testing.T) {
	ours := github.Commit{SHA: "c1", Tree: "t1", Parents: []string{"p"}, Message: message("chore(release): v1", "Lands x.", [2]string{ReleaseTrailer, "v1"}, [2]string{treeTrailer, "t1"})}
	amended, merged, foreign := ours, ours, ours
	amended.Tree = "t2"
	merged.Parents = []string{"p", "q"}
	foreign.Message = "docs: words"
	if other := (Landing{Commit: "p", Tag: "v1"}); !other.holds(ours, "t1") || other.holds(amended, "t1") || other.holds(ours, "t2") || other.holds(merged, "t1") || other.holds(foreign, "t1") {
		t.Error("what another run has landed alike is not told from what differs")
	}
	if !untouched(ours) || untouched(amended) || untouched(merged) || untouched(foreign) {
		t.Error("an own commit is not told from others")
	}
}
