package changelog

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/slipway-actions/slipway/internal/commit"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/semver"
)

// grown is a release whose history has so many of some messages, oldest first: a commit's id stays
// the same when more come.
func grown(messages []string) release {
	v, _ := semver.Parse("1.1.0")
	r := release{version: v, tag: "v1.1.0", previous: "v1.0.0", date: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	for i, message := range messages {
		id := func(n int) string {
			return strings.Repeat(string("abcdef0123456789"[n%16]), 7) + strings.Repeat("0", 33)
		}
		c := commit.Commit{SHA: id(i), Message: strings.ReplaceAll(message, `\n`, "\n")}
		if i > 0 {
			c.Parents = []string{id(i - 1)}
		}
		r.commits = append([]commit.Commit{c}, r.commits...)
	}
	return r
}

func forAudience(audience string) arrangement {
	p := policy.Default().Changelog
	return arrangement{sections: p.Sections, view: viewFor(audience, p.Audiences[audience]), links: links{server: "https://github.com"}}.prepared()
}

// rewritten is the file after a run, which holds that a second one changes nothing.
func rewritten(t *testing.T, a arrangement, file string, messages []string) string {
	t.Helper()
	e := evidence{inputs: inputs{file: "CHANGELOG.md"}, arrangement: a, old: []byte(file), releases: []release{grown(messages)}}
	for range 2 {
		d := decide(e)
		if d.wrong != nil || d.unknown {
			t.Fatalf("%v %v", d.wrong, d.findings)
		}
		if d.file == nil {
			return string(e.old)
		}
		if string(e.old) != file && !bytes.Equal(d.file, e.old) {
			t.Fatalf("a second run changes\n%s\nto\n%s", e.old, d.file)
		}
		e.old = d.file
	}
	return string(e.old)
}

// TestRevise goes through testdata/revise: a section is written from the commits "before", somebody
// turns it into "edited" (or leaves it), and with the commits "after" it becomes "new".
func TestRevise(t *testing.T) {
	files, err := filepath.Glob("testdata/revise/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("none found: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			part := map[string]string{"audience": "all"}
			for _, f := range archive.Files {
				part[f.Name] = string(f.Data)
			}
			lines := func(name string) []string { return strings.Split(strings.TrimSpace(part[name]), "\n") }
			a := forAudience(strings.TrimSpace(part["audience"]))
			written := rewritten(t, a, part["old"], lines("before"))
			if edited, ok := part["edited"]; ok {
				written = strings.ReplaceAll(edited, "<!-- mark -->", markLine.FindString(written))
			}
			got := rewritten(t, a, written, append(lines("before"), lines("after")...))
			if *update {
				kept := archive.Files[:0]
				for _, f := range archive.Files {
					if f.Name != "new" {
						kept = append(kept, f)
					}
				}
				archive.Files = append(kept, txtar.File{Name: "new", Data: []byte(got)})
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			} else if diff := cmp.Diff(part["new"], got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// TestRemoval holds that what we wrote goes when it no longer applies, its heading with the last of
// it, and that what somebody has edited stays and is counted.
func TestRemoval(t *testing.T) {
	a := forAudience(policy.All)
	make := func(messages ...string) section {
		s, err := a.section(a.arrange(grown(messages)))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	base := make("feat: a door", "fix: a hole", "fix: a leak", "perf: a lift")
	now := make("chore: a door", "chore: a hole", "fix: a leak", "chore: a lift")
	const heading, edited = "## [1.1.0]\n\n", "### Added\n\n- A splendid door (aaaaaaa)\n\n"
	b := open([]byte(heading + edited + "### Changed\n\n- a lift (ddddddd)\n\n### Fixed\n\n- a leak (ccccccc)\n- a hole (bbbbbbb)\n- By hand.\n"))
	r := b.revise(b.chapters[0], base, now)
	want := heading + edited + "### Fixed\n\n- a leak (ccccccc)\n- By hand.\n"
	if diff := cmp.Diff(want, string(b.apply(r.edits...))); diff != "" || r.removed != 2 || r.kept != 1 || r.added != 0 {
		t.Errorf("%+v; -want +got\n%s", r, diff)
	}
	b = open([]byte(heading + "### Changed\n\n- a lift (ddddddd)\n"))
	r = b.revise(b.chapters[0], base, make("chore: a", "chore: b", "chore: c", "chore: d"))
	if got := string(b.apply(r.edits...)); got != heading+nothingToTell {
		t.Errorf("without any entry it became %q", got)
	}
}
