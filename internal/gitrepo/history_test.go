package gitrepo_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/slipway-actions/slipway/internal/gitrepo"
)

// TestHistory holds what a history tells of who reaches whom, of tags and of people.
func TestHistory(t *testing.T) {
	dir := t.TempDir()
	run(t, dir, "init", "--quiet")
	at := func(author, email, message string) string {
		run(t, dir, "-c", "user.name=x", "commit", "--quiet", "--allow-empty", "--author", author+" <"+email+">", "-m", message)
		return run(t, dir, "rev-parse", "HEAD")
	}
	root := at("Ada", "ada@example.com", "root")
	base := at("Ada", "Ada@Example.com", "base")
	run(t, dir, "tag", "v1.0.0")
	run(t, dir, "tag", "-a", "-m", "x", "odd,name")
	run(t, dir, "checkout", "--quiet", "-b", "side", root)
	side := at("Bo", "bo@example.com", "side")
	run(t, dir, "tag", "v0.9.0")
	run(t, dir, "checkout", "--quiet", "main")
	newest := at("ADA", "ADA@example.com", "newest")
	run(t, dir, "-c", "user.name=Cy", "-c", "user.email=cy@example.com", "merge", "--quiet", "--no-ff", "-m", "merge", "side")
	head := run(t, dir, "rev-parse", "HEAD")
	run(t, dir, "checkout", "--quiet", "-b", "elsewhere", root)
	away := at("Di", "di@example.com", "away")
	run(t, dir, "tag", "v9.0.0")

	h, err := open(t, dir).History(t.Context(), 100, head)
	if err != nil {
		t.Fatal(err)
	}
	if h.Has(away) || !h.Has(root) || h.Head != head || h.Tree != run(t, dir, "rev-parse", head+"^{tree}") || !h.Time(root).Equal(time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)) {
		t.Errorf("the history is %+v", h)
	}
	var tags []string
	for _, tag := range h.Tags {
		tags = append(tags, tag.Name)
	}
	slices.Sort(tags)
	if want := []string{"odd,name", "v0.9.0", "v1.0.0"}; !slices.Equal(tags, want) {
		t.Errorf("the tags are %q, want %q", tags, want)
	}
	all, whole := h.Reach(head)
	old, whole2 := h.Reach(base)
	if !whole || !whole2 || !old.Has(root) || old.Has(side) || !all.Has(side) {
		t.Error("who reaches whom is wrong")
	}
	fresh, n := all.Commits(old)
	var subjects []string
	for _, c := range fresh {
		subjects = append(subjects, c.Subject())
	}
	if n != 3 || len(subjects) != 3 || subjects[0] != "merge" {
		t.Errorf("%d commits: %q (%s)", n, subjects, newest)
	}
	if diff := cmp.Diff(map[string]bool{"bo@example.com": true}, all.Newcomers(old)); diff != "" {
		t.Errorf("newcomers; -want +got\n%s", diff)
	}
	none, _ := h.Reach("")
	if got := all.Newcomers(none); len(got) != 2 {
		t.Errorf("with nobody before, the newcomers are %v", got)
	}

	// Another tip brings in what the first does not reach; few words leave the count as it is.
	h, err = open(t, dir).History(t.Context(), 2, head, "refs/tags/v9.0.0")
	if err != nil || !h.Has(away) || h.Head != head {
		t.Fatalf("%v, %+v", err, h)
	}
	all, _ = h.Reach(head)
	none, _ = h.Reach("")
	if list, n := all.Commits(none); n != 5 || len(list) > 2 {
		t.Errorf("%d commits with the words of %d", n, len(list))
	}
	for _, tip := range []string{strings.Repeat("1", 40), "refs/tags/v8.0.0", "refs/heads/--all"} {
		if _, err := open(t, dir).History(t.Context(), 2, head, tip); err == nil {
			t.Errorf("%s is in the history", tip)
		}
	}
}

// TestDifferences holds what differs, whatever the files are called and are.
func TestDifferences(t *testing.T) {
	for _, format := range []string{"sha1", "sha256"} {
		t.Run(format, func(t *testing.T) {
			dir := t.TempDir()
			run(t, dir, "init", "--quiet", "--object-format="+format)
			r := func() *gitrepo.Repo { return open(t, dir) }
			commit := func(message string) string {
				run(t, dir, "add", "--all")
				run(t, dir, "commit", "--quiet", "--allow-empty", "-m", message)
				return run(t, dir, "rev-parse", "HEAD")
			}
			empty := commit("nothing")
			write(t, filepath.Join(dir, "gone"), "1\n2\n")
			write(t, filepath.Join(dir, "kept"), "1\n2\n3\n")
			write(t, filepath.Join(dir, "kind"), "1\n")
			write(t, filepath.Join(dir, "moved"), "a\nb\nc\nd\n")
			root := commit("root")
			write(t, filepath.Join(dir, "kept"), "1\n2\n4\n5\n")
			write(t, filepath.Join(dir, "a\n\"b\tc\x01"), "1\n")
			write(t, filepath.Join(dir, "1\t2\tx"), "1\n")
			write(t, filepath.Join(dir, "odd\xff"), "1\n")
			write(t, filepath.Join(dir, "binary"), "\x00\x01\n\n")
			write(t, filepath.Join(dir, ":100644"), "")
			write(t, filepath.Join(dir, root), "1\n")
			os.Remove(filepath.Join(dir, "gone"))
			os.Remove(filepath.Join(dir, "kind"))
			os.Symlink("kept", filepath.Join(dir, "kind"))
			os.Rename(filepath.Join(dir, "moved"), filepath.Join(dir, "there"))
			run(t, dir, "update-index", "--add", "--cacheinfo", "160000,"+root+",module")
			run(t, dir, "add", "--all", "--", ".")
			run(t, dir, "update-index", "--add", "--cacheinfo", "160000,"+root+",module")
			run(t, dir, "commit", "--quiet", "-m", "second")
			second := run(t, dir, "rev-parse", "HEAD")
			run(t, dir, "config", "diff.renames", "copies")
			run(t, dir, "config", "diff.noprefix", "true")
			run(t, dir, "config", "diff.ignoreSubmodules", "all")

			tree := run(t, dir, "rev-parse", "HEAD^{tree}")
			got := map[string]string{}
			touched := map[string][]string{}
			see := func(d gitrepo.Difference) {
				got[d.Path] = fmt.Sprintf("%c %s +%d-%d %v", d.Status, d.Mode, d.Added, d.Removed, d.Binary)
			}
			err := r().Differences(t.Context(), root, second, tree, see, []string{root, empty, second}, func(id, path string) { touched[id] = append(touched[id], path) })
			want := map[string]string{
				"gone": "D 000000 +0-2 false", "kept": "M 100755 +2-1 false", "kind": "T 120000 +1-1 false", "moved": "D 000000 +0-4 false", "there": "A 100755 +4-0 false",
				"a\n\"b\tc\x01": "A 100755 +1-0 false", "1\t2\tx": "A 100755 +1-0 false", "odd\xff": "A 100755 +1-0 false", "binary": "A 100755 +0-0 true",
				":100644": "A 100755 +0-0 false", root: "A 100755 +1-0 false", "module": "A 160000 +1-0 false",
			}
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("%v; -want +got\n%s", err, diff)
			}
			if len(touched[root]) != 4 || len(touched[empty]) != 0 || len(touched[second]) != len(want) {
				t.Errorf("touched: %q", touched)
			}

			// All that there is, and nothing at all.
			got = map[string]string{}
			if err := r().Differences(t.Context(), "", second, tree, see, []string{root}, func(id, path string) {}); err != nil || len(got) != 10 || got["kept"] != "A 100755 +4-0 false" {
				t.Errorf("%v: %v", err, got)
			}
			got = map[string]string{}
			nothing := run(t, dir, "rev-parse", empty+"^{tree}")
			for _, others := range [][]string{nil, {root}} {
				if err := r().Differences(t.Context(), "", empty, nothing, see, others, func(id, path string) {}); err != nil || len(got) != 0 {
					t.Errorf("%v: %v", err, got)
				}
				if err := r().Differences(t.Context(), second, second, tree, see, others, func(id, path string) {}); err != nil || len(got) != 0 {
					t.Errorf("%v: %v", err, got)
				}
			}
			if err := r().Differences(t.Context(), strings.Repeat("1", len(root)), second, tree, see, nil, nil); err == nil {
				t.Error("a base that is not there differs in nothing")
			}
			if err := r().Differences(t.Context(), root, second, tree, see, []string{strings.Repeat("1", len(root))}, nil); err == nil {
				t.Error("a commit that is not there touches nothing")
			}
		})
	}
}

func TestContents(t *testing.T) {
	dir := repository(t, "a")
	one, long := feed(t, dir, "one\n\x00", "hash-object", "-w", "--stdin"), feed(t, dir, "0123456789", "hash-object", "-w", "--stdin")
	r := open(t, dir)
	got, err := r.Contents(t.Context(), []string{one, long, one}, 9, 100)
	want := []gitrepo.Content{{Text: []byte("one\n\x00"), Size: 5}, {Size: 10, Large: true}, {Text: []byte("one\n\x00"), Size: 5}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v; -want +got\n%s", err, diff)
	}
	if got, err := r.Contents(t.Context(), []string{one, one}, 9, 9); err != nil || got[0].Large || !got[1].Large {
		t.Errorf("%v, %v", got, err)
	}
	for _, id := range []string{strings.Repeat("1", 40), run(t, dir, "rev-parse", "HEAD"), "HEAD"} {
		if _, err := r.Contents(t.Context(), []string{one, id}, 9, 9); err == nil {
			t.Errorf("%s has been read", id)
		}
	}
}

// TestManyDifferences holds that a change of very many files is read, none left out.
func TestManyDifferences(t *testing.T) {
	dir := repository(t, "nothing")
	var files strings.Builder
	blob := feed(t, dir, "1\n2\n", "hash-object", "-w", "--stdin")
	for i := range 20_000 {
		fmt.Fprintf(&files, "100644 %s\tfolder%d/file%d\n", blob, i%100, i)
	}
	feed(t, dir, files.String(), "update-index", "--add", "--index-info")
	run(t, dir, "commit", "--quiet", "-m", "many")
	head := run(t, dir, "rev-parse", "HEAD")
	n, lines := 0, 0
	err := open(t, dir).Differences(t.Context(), run(t, dir, "rev-parse", "HEAD~1"), head, "", func(d gitrepo.Difference) { n++; lines += d.Added }, []string{head}, func(string, string) { n++ })
	if err != nil || n != 40_000 || lines != 40_000 {
		t.Errorf("%d files, %d lines: %v", n, lines, err)
	}
}
