package changelog

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/slipway-actions/slipway/internal/clone"
	"github.com/slipway-actions/slipway/internal/commit"
	"github.com/slipway-actions/slipway/internal/policy"
)

// remote is what a clone's origin tells of its tags.
type remote struct {
	names []string
	err   error
}

func (r remote) RemoteTags(context.Context) ([]string, error) { return r.names, r.err }
func (r remote) TagsWithheld(context.Context) bool            { return false }
func (r remote) TagsPartial(context.Context) bool             { return true }

// inHistory is evidence of a release 1.1.0 with two commits, and 1.0.0 before it.
func inHistory(t *testing.T, change func(*evidence)) evidence {
	t.Helper()
	first := released(t, "1.0.0", "feat: begin")
	first.previous = ""
	for i := range first.commits {
		first.commits[i].SHA = "f" + first.commits[i].SHA[1:]
	}
	asked := released(t, "1.1.0", "feat: a door", "fix: a hole")
	// Newest first: each is the parent of the one before it.
	asked.commits[0].Parents, asked.commits[1].Parents = []string{asked.commits[1].SHA}, []string{first.commits[0].SHA}
	e := evidence{inputs: inputs{file: "CHANGELOG.md"}, arrangement: plainly(links{}), releases: []release{asked, first}}
	if change != nil {
		change(&e)
	}
	return e
}

// fileOf is the file as it is with the sections of these releases, written from the commits that are there.
func fileOf(t *testing.T, e evidence) []byte {
	t.Helper()
	d := decide(e)
	if d.file == nil || d.wrong != nil {
		t.Fatalf("no file: %v, %v", d.findings, d.wrong)
	}
	return d.file
}

func templated(t *testing.T, source string) *layout {
	t.Helper()
	l, err := parseLayout("notes.tmpl", source)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestDecisions holds decisions to all that they say and write, in testdata/decisions.txt. To be read as prose
// when it changes.
func TestDecisions(t *testing.T) {
	const golden = "testdata/decisions.txt"
	var out strings.Builder
	for _, test := range []struct {
		name   string
		change func(*evidence)
	}{
		{"a file that is not there", nil},
		{"no file is wanted", func(e *evidence) { e.file = "" }},
		{"no version", func(e *evidence) { e.releases = e.releases[:1]; e.releases[0].version, e.releases[0].tag = nil, "" }},
		{"no commit", func(e *evidence) { e.releases[0].commits = nil }},
		{"no commit at all", func(e *evidence) { e.releases[0].commits, e.releases[0].previous = nil, "" }},
		{"none that counts", func(e *evidence) { e.releases[0].counts = map[string]bool{} }},
		{"commits without a type", func(e *evidence) {
			e.releases[0].commits = append(e.releases[0].commits, commit.Commit{SHA: strings.Repeat("9", 40), Message: "wip"}, commit.Commit{SHA: strings.Repeat("8", 40), Message: "more"})
		}},
		{"nothing that users notice", func(e *evidence) {
			for i := range e.releases[0].commits {
				e.releases[0].commits[i].Message = "docs: a word"
			}
		}},
		{"three releases that the file lacks", func(e *evidence) {
			zero := released(t, "0.9.0", "feat: try")
			e.releases = append(e.releases, zero)
		}},
		{"one release that the file lacks", func(e *evidence) {
			older := *e
			older.releases = e.releases[1:]
			e.old = fileOf(t, older)
		}},
		{"an older release that the file lacks", func(e *evidence) {
			asked := *e
			asked.releases = e.releases[:1]
			e.old = fileOf(t, asked)
		}},
		{"nothing new", func(e *evidence) { e.old = fileOf(t, *e) }},
		{"a commit more", func(e *evidence) {
			e.old = fileOf(t, *e)
			more := commit.Commit{SHA: "a" + strings.Repeat("0", 39), Parents: []string{e.releases[0].commits[0].SHA}, Message: "feat: a window"}
			e.releases[0].commits = append([]commit.Commit{more}, e.releases[0].commits...)
		}},
		{"a commit more, and an older release that the file lacks", func(e *evidence) {
			asked := *e
			asked.releases = e.releases[:1]
			e.old = fileOf(t, asked)
			more := commit.Commit{SHA: "a" + strings.Repeat("0", 39), Parents: []string{e.releases[0].commits[0].SHA}, Message: "feat: a window"}
			e.releases[0].commits = append([]commit.Commit{more}, e.releases[0].commits...)
		}},
		{"a revert more, of what somebody has edited", func(e *evidence) {
			e.old = []byte(strings.ReplaceAll(string(fileOf(t, *e)), "a door", "a blue door"))
			revert := commit.Commit{SHA: "a" + strings.Repeat("0", 39), Parents: []string{e.releases[0].commits[0].SHA}, Message: "Revert \"feat: a door\"\n\nThis reverts commit " + e.releases[0].commits[0].SHA + "."}
			e.releases[0].commits = append([]commit.Commit{revert}, e.releases[0].commits...)
		}},
		{"a section that somebody has written", func(e *evidence) {
			e.old = []byte("# Changelog\n\n## [1.1.0] - 2026-03-01\n\n- By hand.\n\n## [1.0.0] - 2026-01-01\n\n- Begin.\n")
		}},
		{"a section of commits that are gone", func(e *evidence) {
			e.old = []byte("# Changelog\n\n## [1.1.0] - 2026-03-01\n\n<!-- slipway: aaaaaaaaaaaaaaaa -->\n\n- Gone.\n\n## [1.0.0] - 2026-01-01\n\n- Begin.\n")
		}},
		{"a section with links to commits that are gone", func(e *evidence) {
			e.old = []byte("# Changelog\n\n## [1.1.0] - 2026-03-01\n\n- Gone ([9999999](https://github.com/acme/shop/commit/9999999999999999999999999999999999999999)).\n\n## [1.0.0] - 2026-01-01\n\n- Begin.\n")
		}},
		{"a section with a block that does not end", func(e *evidence) {
			asked := *e
			asked.releases = e.releases[:1]
			e.old = append(fileOf(t, asked), "\n```\nopen\n"...)
			more := commit.Commit{SHA: "a" + strings.Repeat("0", 39), Parents: []string{e.releases[0].commits[0].SHA}, Message: "feat: a window"}
			e.releases[0].commits = append([]commit.Commit{more}, e.releases[0].commits...)
			e.releases = e.releases[:1]
		}},
		{"a section that says there was nothing to tell", func(e *evidence) {
			e.old = []byte("# Changelog\n\n## [1.1.0] - 2026-03-01\n\n" + nothingToTell + "\n## [1.0.0] - 2026-01-01\n\n- Begin.\n")
		}},
		{"a file that would swallow the section", func(e *evidence) { e.old = []byte("# Changelog\n\n```\nopen\n") }},
		{"a file that would swallow what a template writes", func(e *evidence) {
			e.old = []byte("# Changelog\n\n<!-- open\n")
			e.arrangement.layout = templated(t, "### News\n\n- {{.Version}}\n")
		}},
		{"a template", func(e *evidence) { e.arrangement.layout = templated(t, "### News\n\n- {{.Version}}\n") }},
		{"a template that fails", func(e *evidence) { e.arrangement.layout = templated(t, "{{index .Sections 99}}") }},
		{"a template that fails for an older release", func(e *evidence) {
			e.arrangement.layout = templated(t, `{{if eq .Version "1.0.0"}}{{index .Sections 99}}{{end}}news`)
		}},
		{"a template that would end the section", func(e *evidence) { e.arrangement.layout = templated(t, "## News\n") }},
		{"logins that could not be asked for", func(e *evidence) { e.trouble = errors.New("403") }},
		{"an audience", func(e *evidence) {
			p := policy.Default().Changelog
			e.arrangement = arrangement{sections: p.Sections, view: viewFor("external", p.Audiences["external"])}.prepared()
		}},
		{"tags that the clone lacks", func(e *evidence) {
			e.prefix, e.tags = "v", clone.AskForTags(t.Context(), remote{names: []string{"v9.0.0"}}, []string{"v1.0.0"})
		}},
		{"tags that the clone may lack", func(e *evidence) {
			e.prefix, e.tags = "v", clone.AskForTags(t.Context(), remote{err: errors.New("refused")}, []string{"v1.0.0"})
		}},
	} {
		d := decide(inHistory(t, test.change))
		fmt.Fprintf(&out, "== %s\n", test.name)
		for _, f := range d.findings {
			fmt.Fprintf(&out, "%s %s: %s\n", f.Outcome, f.ID, f.Title)
			for _, line := range []struct{ name, text string }{{"seen", f.Observed}, {"next", f.Next}} {
				if line.text != "" {
					fmt.Fprintf(&out, "    %s: %s\n", line.name, line.text)
				}
			}
		}
		if d.unknown || d.wrong != nil {
			fmt.Fprintf(&out, "unknown %t, wrong: %v\n", d.unknown, d.wrong)
		}
		if d.body != "" {
			fmt.Fprintf(&out, "-- notes\n%s", d.body)
		}
		if d.file != nil {
			fmt.Fprintf(&out, "-- file\n%s", d.file)
		}
		out.WriteString("\n")
	}
	if *update {
		if err := os.WriteFile(golden, []byte(out.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(out.String(), "\n")); diff != "" {
		t.Errorf("the decisions have changed; read them, and run the test with -update:\n%s", diff)
	}
}

// A day is that of UTC, whatever zone a date comes in.
func TestDay(t *testing.T) {
	if got := day(time.Date(2026, 3, 1, 23, 30, 0, 0, time.FixedZone("", -3600))); got != "2026-03-02" {
		t.Errorf("got %s", got)
	}
}
