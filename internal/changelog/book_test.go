package changelog

import (
	"bytes"
	"flag"
	"fmt"
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

var update = flag.Bool("update", false, "rewrite the golden files")

var acme = links{repository: "https://github.com/acme/shop", server: "https://github.com"}

// plainly is how notes are made where nobody wishes otherwise.
func plainly(l links) arrangement {
	p := policy.Default().Changelog
	return arrangement{sections: p.Sections, view: viewFor(policy.All, p.Audiences[policy.All]), links: l}.prepared()
}

// released is a release with a commit for each message, newest first.
func released(t testing.TB, version string, messages ...string) release {
	t.Helper()
	v, err := semver.Parse(version)
	if err != nil {
		t.Fatal(err)
	}
	r := release{version: v, tag: "v" + version, previous: "v1.0.0", date: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	for i, message := range messages {
		r.commits = append(r.commits, commit.Commit{SHA: fmt.Sprintf("%07d%033d", i+1, 0), Parents: []string{"p"}, Message: message})
	}
	return r
}

// sectionOf is the section of a release with such commits.
func sectionOf(t testing.TB, l links, version string, messages ...string) section {
	t.Helper()
	a := plainly(l)
	s, err := a.section(a.arrange(released(t, version, messages...)))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestBook goes through testdata/book: what becomes of each old file. Read the new ones as prose.
func TestBook(t *testing.T) {
	files, err := filepath.Glob("testdata/book/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no books found: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			part := map[string]string{"commits": "fix(api): a hole\nfeat: a door\n"}
			for _, f := range archive.Files {
				part[f.Name] = string(f.Data)
			}
			n := sectionOf(t, acme, strings.TrimSpace(part["version"]), strings.Split(strings.TrimSpace(part["commits"]), "\n")...)
			got := written(t, []byte(part["old"]), n)
			if *update {
				files := archive.Files[:0]
				for _, f := range archive.Files {
					if f.Name != "new" {
						files = append(files, f)
					}
				}
				archive.Files = append(files, txtar.File{Name: "new", Data: []byte(got)})
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			} else if diff := cmp.Diff(part["new"], got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// written is what a file becomes, and holds that a second run changes nothing.
func written(t *testing.T, old []byte, n section) string {
	t.Helper()
	once := old
	if b := open(old); !b.has(n.version) {
		text, swallowed := b.add([]section{n}, acme, true)
		if swallowed != nil {
			t.Fatalf("the section was swallowed")
		}
		once = text
	}
	if !open(once).has(n.version) {
		t.Errorf("the section is not found again:\n%s", once)
	}
	return string(once)
}

// TestBytes holds what a text file cannot show.
func TestBytes(t *testing.T) {
	const entry = "## [1.1.0] - 2026-03-01\n\n### Added\n\n- a ([0000001](https://github.com/acme/shop/commit/0000001000000000000000000000000000000000))\n"
	const link = "[1.1.0]: https://github.com/acme/shop/compare/v1.0.0...v1.1.0\n"
	crlf := func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }
	for name, tt := range map[string]struct{ old, want string }{
		"no file":                          {"", "# Changelog\n\nWhat changed in each version, newest first.\n\n" + entry + "\n" + link},
		"blanks":                           {" \n\n", "# Changelog\n\nWhat changed in each version, newest first.\n\n" + entry + "\n" + link},
		"no trailing newline":              {"# Changelog", "# Changelog\n\n" + entry + "\n" + link},
		"no trailing newline after a link": {"# C\n\n## [1.0.0]\n\n[1.0.0]: x", "# C\n\n" + entry + "\n## [1.0.0]\n\n" + link + "[1.0.0]: x"},
		"no trailing newline, moving link": {"# C\n\n## [unreleased]\n\n[unreleased]: /compare/v1.0.0...HEAD", "# C\n\n## [unreleased]\n\n" + entry + "\n[unreleased]: /compare/v1.1.0...HEAD\n" + link},
		"CRLF":                             {crlf("# C\n\n## [Unreleased]\n\n- b\n\n## [1.0.0]\n\n[1.0.0]: x\n"), crlf("# C\n\n## [Unreleased]\n\n## [1.1.0] - 2026-03-01\n\n- b\n\n### Added\n\n- a ([0000001](https://github.com/acme/shop/commit/0000001000000000000000000000000000000000))\n\n## [1.0.0]\n\n" + link + "[1.0.0]: x\n")},
		"CRLF without a trailing newline":  {crlf("# C\n\nprose"), crlf("# C\n\nprose\n\n" + entry + "\n" + link)},
		"some CRLF":                        {"# C\r\n\n## [1.0.0]\n\nb\r\n", "# C\r\n\n" + entry + "\n## [1.0.0]\n\nb\r\n\n" + link},
		"byte order mark":                  {"\ufeff# C\n", "\ufeff# C\n\n" + entry + "\n" + link},
		"byte order mark before a version": {"\ufeff## [1.0.0]\n", "\ufeff" + entry + "\n## [1.0.0]\n\n" + link},
		"byte order mark before this one":  {"\ufeff## [1.1.0]\n", "\ufeff## [1.1.0]\n"},
		"bytes that are no UTF-8":          {"# C\xff\n\n## [1.0.0]\n\n\xfe\n", "# C\xff\n\n" + entry + "\n## [1.0.0]\n\n\xfe\n\n" + link},
		"headings without blank lines":     {"# C\n## [1.0.0]\n- b\n", "# C\n" + entry + "\n## [1.0.0]\n- b\n\n" + link},
		"many blank lines":                 {"# C\n\n\n\n", "# C\n\n\n\n" + entry + "\n" + link},
		"headings that are closed":         {"# C #\n\n## [1.0.0] ##\n", "# C #\n\n" + entry + "\n## [1.0.0] ##\n\n" + link},
		"an empty heading":                 {"#\n\n##\n\n## [1.0.0]\n", "#\n\n##\n\n" + entry + "\n## [1.0.0]\n\n" + link},
		"a link for this version already":  {"# C\n\n[1.1.0]: y\n", "# C\n\n" + entry + "\n[1.1.0]: y\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, written(t, []byte(tt.old), sectionOf(t, acme, "1.1.0", "feat: a"))); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// A block that does not end would swallow what is written behind it, again with each run.
func TestSwallowed(t *testing.T) {
	for _, old := range []string{"# C\n\n```\ncode\n", "# C\n\n<!-- a comment\n", "<script>\n"} {
		e := evidence{inputs: inputs{file: "CHANGELOG.md"}, arrangement: plainly(acme), old: []byte(old), releases: []release{released(t, "1.1.0", "feat: a")}}
		if d := decide(e); d.file != nil || outcome(e, d, false, notesFile).Verdict != "unknown" {
			t.Errorf("%q became %q", old, d.file)
		}
	}
}

// TestNoRepository holds that nothing is linked where no repository is known.
func TestNoRepository(t *testing.T) {
	text, _ := open(nil).add([]section{sectionOf(t, links{}, "1.1.0", "feat: a (#12)")}, links{}, true)
	want := "# Changelog\n\nWhat changed in each version, newest first.\n\n## [1.1.0] - 2026-03-01\n\n### Added\n\n- a (#12, 0000001)\n"
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// FuzzBook holds for any file: nothing panics, adding twice equals adding once, and every byte of the
// old file survives in order, save for what moves from Unreleased and the link that moves with it.
func FuzzBook(f *testing.F) {
	for _, seed := range []string{
		"# C\n\n## [Unreleased]\n\n- a\n\n## [1.0.0]\n\n[unreleased]: /compare/v1...HEAD\n[1.0.0]: x", "A\r\n=\r\n\r\n1.0.0\r\n-----", "```\n## 1.1.0", "\ufeff## v1.1.0-rc.1 (2026-01-01)",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, old []byte) {
		n := sectionOf(t, acme, "1.1.0", "feat: a", "fix!: b")
		b := open(old)
		if b.has(n.version) || len(bytes.TrimSpace(old)) == 0 {
			return
		}
		once, swallowed := b.add([]section{n}, acme, true)
		if swallowed != nil {
			return
		}
		if !open(once).has(n.version) {
			t.Fatalf("%q became %q, in which the version is not found", old, once)
		}
		for _, c := range b.chapters {
			if c.unreleased {
				return // its text is rearranged; the goldens show how
			}
		}
		if !survives(old, once) {
			t.Fatalf("%q became %q", old, once)
		}
	})
}

// FuzzTwice holds for any file and audience: a second run changes nothing, and neither does a third
// after more commits have come.
func FuzzTwice(f *testing.F) {
	f.Add([]byte("# C\n\n## [Unreleased]\n\n- a\n\n## [1.1.0]\n\n### Added\n\n- x (aaaaaaa)\n- y\n\n[1.0.0]: x"), uint8(0))
	f.Add([]byte("1.0.0\r\n-----\r\n\r\n1.1.0\r\n-----\r\n* bbbbbbb\r\n### Fixed\r\n```\r\n"), uint8(1))
	f.Add([]byte("## v1.1.0\n\n### Fixed\n\n- b (bbbbbbb)\n\n  <!--\n## 1.0.0\n"), uint8(3))
	messages := []string{"feat: a", "fix: b", "chore: c", "fix(ci): d\n\nUpgrade-note: do\n- this", "feat!: e\n\nBREAKING CHANGE: f"}
	f.Fuzz(func(t *testing.T, file []byte, audience uint8) {
		e := evidence{inputs: inputs{file: "C"}, arrangement: forAudience(policy.Audiences[int(audience)%len(policy.Audiences)]), old: file}
		for n := 2; n <= len(messages); n++ {
			e.releases = []release{grown(messages[:n])}
			first := decide(e)
			if first.file == nil {
				continue
			}
			e.old = first.file
			if again := decide(e); again.file != nil && !bytes.Equal(again.file, first.file) {
				t.Fatalf("%q became %q and then %q", file, first.file, again.file)
			}
		}
	})
}

// survives tells whether old's lines are all in text, in order.
func survives(old, text []byte) bool {
	for line := range bytes.Lines(old) {
		line = bytes.TrimPrefix(bytes.TrimRight(line, "\r\n"), byteOrderMark)
		i := bytes.Index(text, line)
		if i < 0 {
			return bytes.Contains(line, []byte("HEAD"))
		}
		text = text[i+len(line):]
	}
	return true
}
