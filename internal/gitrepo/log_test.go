package gitrepo_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/slipway-actions/slipway/internal/commit"
	"github.com/slipway-actions/slipway/internal/gitrepo"
)

func TestTags(t *testing.T) {
	dir := repository(t, "a", "b")
	first, second := run(t, dir, "rev-parse", "HEAD~1"), run(t, dir, "rev-parse", "HEAD")
	blob := feed(t, dir, "text", "hash-object", "-w", "--stdin")
	run(t, dir, "tag", "light", first)
	run(t, dir, "tag", "-a", "-m", "x", "annotated", first)
	run(t, dir, "tag", "-a", "-m", "x", "nested", "annotated")
	run(t, dir, "tag", "blob", blob)
	run(t, dir, "tag", "-a", "-m", "x", "to-blob", blob)
	run(t, dir, "tag", "-a", "-m", "x", "nested-to-blob", "to-blob")
	run(t, dir, "tag", "tree", second+"^{tree}")
	run(t, dir, "tag", "elsewhere", second)
	run(t, dir, "tag", "api/v1.0.0", first)
	run(t, dir, "tag", "main", first) // as a branch is called
	for _, name := range []string{"--merged", "-d", "x;$(id)'\"", "x%00%(refname)", "ünï", "x\xff", "deep/er/v1"} {
		run(t, dir, "update-ref", "refs/tags/"+name, first)
	}
	run(t, dir, "update-ref", "refs/heads/refs/tags/branch", first)
	run(t, dir, "checkout", "--quiet", "--detach", first)

	tags, err := open(t, dir).Tags(t.Context(), "HEAD")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]gitrepo.Tag{}
	for _, tag := range tags {
		got[tag.Name] = tag
	}
	want := map[string]gitrepo.Tag{"elsewhere": {Name: "elsewhere", SHA: second}}
	for _, name := range []string{"blob", "to-blob", "nested-to-blob"} { // their names are taken
		want[name] = gitrepo.Tag{Name: name, SHA: blob}
	}
	want["tree"] = gitrepo.Tag{Name: "tree", SHA: run(t, dir, "rev-parse", second+"^{tree}")}
	for _, name := range []string{"light", "annotated", "nested", "api/v1.0.0", "main", "--merged", "-d", "x;$(id)'\"", "x%00%(refname)", "ünï", "x\uFFFD", "deep/er/v1"} {
		want[name] = gitrepo.Tag{Name: name, SHA: first, Reachable: true}
	}
	if diff := cmp.Diff(want, got); diff != "" || len(tags) != len(want) {
		t.Errorf("%d tags; -want +got\n%s", len(tags), diff)
	}
}

func TestLog(t *testing.T) {
	ctx := t.Context()
	dir := repository(t, "feat: a\n\nbody\n\nRefs: #1\n", "", "fix: \x01 c")
	write(t, filepath.Join(dir, "api/x"), "x")
	write(t, filepath.Join(dir, "web/*"), "x")
	run(t, dir, "add", "api")
	run(t, dir, "commit", "--quiet", "-m", "api")
	run(t, dir, "add", "web")
	run(t, dir, "commit", "--quiet", "-m", "web")
	r := open(t, dir)
	messages := func(from, to string, paths ...string) []string {
		t.Helper()
		log, err := r.Log(ctx, from, to, paths)
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, c := range log {
			all = append(all, c.Message)
		}
		return all
	}
	for name, tt := range map[string]struct{ got, want []string }{
		"all":             {messages("", "HEAD"), []string{"web", "api", "fix: \x01 c", "", "feat: a\n\nbody\n\nRefs: #1"}},
		"since":           {messages("HEAD~2", "HEAD"), []string{"web", "api"}},
		"up to":           {messages("HEAD~3", "HEAD~1"), []string{"api", "fix: \x01 c"}},
		"nothing":         {messages("HEAD", "HEAD"), nil},
		"backwards":       {messages("HEAD", "HEAD~1"), nil},
		"a path":          {messages("", "HEAD", "api"), []string{"api"}},
		"two paths":       {messages("", "HEAD", "web", "api/x"), []string{"web", "api"}},
		"no such path":    {messages("", "HEAD", "nope"), nil},
		"no magic":        {messages("", "HEAD", "web/*", ":(exclude)api"), []string{"web"}},
		"a pattern":       {messages("", "HEAD", "a*"), []string{"api"}},
		"another pattern": {messages("", "HEAD", "**/x"), []string{"api"}},
		"all there is":    {messages("", "HEAD", "."), []string{"web", "api"}},
	} {
		if diff := cmp.Diff(tt.want, tt.got); diff != "" {
			t.Errorf("%s: -want +got\n%s", name, diff)
		}
	}
	for _, rev := range []string{"nope", "--all", "--output=" + filepath.Join(t.TempDir(), "x")} {
		if _, err := r.Log(ctx, "", rev, nil); err == nil {
			t.Errorf("log of %q", rev)
		}
	}

	parent, err := r.Resolve(ctx, "HEAD~1")
	if err != nil {
		t.Fatal(err)
	}
	log, err := r.Log(ctx, "HEAD~1", "HEAD", nil)
	want := []commit.Commit{{
		SHA: r.Head, Parents: []string{parent}, Author: "Ada", Email: "ada@example.com",
		Time: time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC), Message: "web",
	}}
	if diff := cmp.Diff(want, log); err != nil || diff != "" {
		t.Errorf("%v; -want +got\n%s", err, diff)
	}
}

func TestMerge(t *testing.T) {
	dir := repository(t, "a")
	run(t, dir, "checkout", "--quiet", "-b", "side")
	run(t, dir, "commit", "--quiet", "--allow-empty", "-m", "b")
	run(t, dir, "checkout", "--quiet", "main")
	run(t, dir, "merge", "--quiet", "--no-ff", "-m", "Merge side", "side")
	log, err := open(t, dir).Log(t.Context(), "", "HEAD", nil)
	if err != nil || len(log) != 3 || !log[0].Merge() {
		t.Errorf("%+v, %v", log, err)
	}
}

// TestRawCommits are commits that git commit would not make, but that a push can bring.
func TestRawCommits(t *testing.T) {
	dir := repository(t)
	tree := feed(t, dir, "", "hash-object", "-w", "-t", "tree", "--stdin")
	make := func(author, message string) {
		raw := "tree " + tree + "\nauthor " + author + " 1772366400 +0000\ncommitter C <c> 1772366400 +0000\n" + message
		run(t, dir, "update-ref", "HEAD", feed(t, dir, raw, "hash-object", "--literally", "-w", "-t", "commit", "--stdin"))
	}
	for name, tt := range map[string]struct{ author, message, wantAuthor, want string }{
		"no UTF-8":         {"A\xff <a>", "\nfeat: caf\xe9\n", "A\uFFFD", "feat: caf\uFFFD"},
		"declared Latin 1": {"A\xe9 <a>", "encoding ISO-8859-1\n\nfeat: caf\xe9\n", "Aé", "feat: café"},
		"unknown encoding": {"A <a>", "encoding nonsense\n\nfeat: caf\xe9\n", "A", "feat: caf\uFFFD"},
		"NUL in a message": {"A <a>", "\nfeat: a\x00fix: b\x00\x00\n", "A", "feat: a"},
		"no message":       {"A <a>", "\n", "A", ""},
		"a separator":      {"A%x00 <a>", "\n%x00%H\n", "A%x00", "%x00%H"},
	} {
		t.Run(name, func(t *testing.T) {
			make(tt.author, tt.message)
			log, err := open(t, dir).Log(t.Context(), "", "HEAD", nil)
			if err != nil || len(log) != 1 || log[0].Message != tt.want || log[0].Author != tt.wantAuthor {
				t.Errorf("%+v, %v", log, err)
			}
		})
	}
}

// A replaced object shows another history than the one that is pushed and tagged.
func TestReplacedObject(t *testing.T) {
	dir := repository(t, "fix: a", "fix: b")
	evil := run(t, dir, "commit-tree", "-p", "HEAD~1", "-m", "feat!: evil", "HEAD^{tree}")
	run(t, dir, "replace", "HEAD", evil)
	log, err := open(t, dir).Log(t.Context(), "", "HEAD", nil)
	if err != nil || log[0].Message != "fix: b" {
		t.Errorf("%+v, %v", log, err)
	}
	// So does a graft.
	if err := os.WriteFile(filepath.Join(dir, ".git/info/grafts"), []byte(run(t, dir, "rev-parse", "HEAD")+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if log, err = open(t, dir).Log(t.Context(), "", "HEAD", nil); err != nil || len(log) != 2 {
		t.Errorf("with a graft: %+v, %v", log, err)
	}
}

func TestSubject(t *testing.T) {
	for message, want := range map[string]string{"a\nb": "a", "\n\n a \nb": "a", "": "", "a\r\nb": "a"} {
		if got := (commit.Commit{Message: message}).Subject(); got != want {
			t.Errorf("subject of %q is %q", message, got)
		}
	}
	if strings.Contains((commit.Commit{Message: "a\r\nb"}).Subject(), "\r") {
		t.Error("a carriage return is left")
	}
}

func TestAncestors(t *testing.T) {
	dir := repository(t, "a", "b")
	first, head := run(t, dir, "rev-parse", "HEAD~1"), run(t, dir, "rev-parse", "HEAD")
	run(t, dir, "checkout", "--quiet", "--orphan", "other")
	run(t, dir, "commit", "--quiet", "--allow-empty", "--message", "c")
	ids := []string{first, first[:9], head, run(t, dir, "rev-parse", "HEAD"), strings.Repeat("1", 40), "1111111", "--all", "main", ""}
	found, err := open(t, dir).Ancestors(t.Context(), head, ids)
	slices.Sort(found)
	if want := slices.Sorted(slices.Values(ids[:3])); err != nil || !slices.Equal(found, want) {
		t.Errorf("got %q, %v; want %q", found, err, want)
	}
}
