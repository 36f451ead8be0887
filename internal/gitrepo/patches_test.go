package gitrepo_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/gitrepo"
)

// patches is what is handed to read, with the blobs' ids cut out.
func patches(t *testing.T, dir, base, head string, paths ...string) string {
	t.Helper()
	var out []byte
	err := open(t, dir).Patches(t.Context(), base, head, paths, func(r io.Reader) (err error) {
		out, err = io.ReadAll(r)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return blobs.ReplaceAllString(string(out), "index")
}

var blobs = regexp.MustCompile(`(?m)^index .*$`)

// commit writes a file and commits all.
func commitFile(t *testing.T, dir, name, text string) string {
	t.Helper()
	write(t, filepath.Join(dir, name), text)
	if err := os.Chmod(filepath.Join(dir, name), 0o644); err != nil {
		t.Fatal(err)
	}
	run(t, dir, "add", "--all", "--force")
	run(t, dir, "commit", "--quiet", "--message", "change "+name+"\n\ndiff --git a/forged b/forged\n@@ -0,0 +1 @@\n+forged")
	return run(t, dir, "rev-parse", "HEAD")
}

func TestPatches(t *testing.T) {
	dir := repository(t)
	first := commitFile(t, dir, "a", "1\n2\n3\n")
	second := commitFile(t, dir, "a", "1\nB\n3\n4")
	third := commitFile(t, dir, "d/b c", "x\n")
	run(t, dir, "rm", "--quiet", "a")
	run(t, dir, "commit", "--quiet", "--message", "remove")
	one := first + "\ndiff --git a/a b/a\nnew file mode 100644\nindex\n--- /dev/null\n+++ b/a\n@@ -0,0 +1,3 @@\n+1\n+2\n+3\n"
	two := second + "\ndiff --git a/a b/a\nindex\n--- a/a\n+++ b/a\n@@ -1,3 +1,4 @@\n 1\n-2\n+B\n 3\n+4\n\\ No newline at end of file\n"
	three := third + "\ndiff --git a/d/b c b/d/b c\nnew file mode 100644\nindex\n--- /dev/null\n+++ b/d/b c\t\n@@ -0,0 +1 @@\n+x\n"
	for name, tt := range map[string]struct {
		base, head string
		paths      []string
		want       string
	}{
		"the tip alone":        {"", third, nil, three},
		"a root":               {"", first, nil, one},
		"since":                {first, "HEAD", nil, three + two},
		"nothing":              {"HEAD", "HEAD", nil, ""},
		"backwards":            {"HEAD", first, nil, ""},
		"one that only takes":  {"", "HEAD", nil, ""},
		"a path":               {first, "HEAD", []string{"a"}, two},
		"a folder":             {first, "HEAD", []string{"d"}, three},
		"no magic in patterns": {first, "HEAD", []string{"*", ":(exclude)a"}, ""},
	} {
		if got := patches(t, dir, tt.base, tt.head, tt.paths...); got != tt.want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, tt.want)
		}
	}
}

// A setting of the repository, or an attribute in the tree, must not hide what a commit adds.
func TestPatchesHeedNoSettings(t *testing.T) {
	dir := repository(t)
	base := commitFile(t, dir, "a.txt", "1\n\n\n2\n")
	commitFile(t, dir, "a.txt", "1\n\n\nseen\n")
	run(t, dir, "mv", "a.txt", "moved.txt")
	commitFile(t, dir, ".gitattributes", "* -diff\n*.txt diff=mine binary\n")
	commitFile(t, dir, "ünï\n.txt", "seen too\n")
	want := patches(t, dir, base, "HEAD")
	for _, part := range []string{"+seen\n", "+++ b/moved.txt\n", "+* -diff\n", `diff --git "a/ünï\n.txt" "b/ünï\n.txt"`, "+seen too\n"} {
		if !strings.Contains(want, part) {
			t.Errorf("%q is missing in\n%s", part, want)
		}
	}
	marker := filepath.Join(t.TempDir(), "ran")
	program := "touch " + marker + "; true"
	for _, kv := range []string{
		"diff.external=" + program, "diff.mine.textconv=" + program, "diff.mine.command=" + program, "diff.mine.binary=true", "core.pager=" + program,
		"diff.noprefix=true", "diff.mnemonicPrefix=true", "diff.srcPrefix=x/", "diff.dstPrefix=y/", "diff.renames=copies", "diff.relative=true", "diff.context=9", "diff.interHunkContext=9",
		"diff.algorithm=patience", "diff.colorMoved=plain", "color.ui=always", "color.diff=always", "diff.suppressBlankEmpty=true", "diff.orderFile=/nowhere", "diff.submodule=log", "diff.ignoreSubmodules=all", "diff.wordRegex=.",
		"core.quotePath=true", "core.bigFileThreshold=1", "log.showSignature=true", "log.diffMerges=off", "log.showRoot=false", "log.follow=true", "format.pretty=fuller", "format.notes=*", "diff.indentHeuristic=false", "diff.wsErrorHighlight=all",
	} {
		name, value, _ := strings.Cut(kv, "=")
		run(t, dir, "config", name, value)
	}
	if got := patches(t, dir, base, "HEAD"); got != want {
		t.Errorf("settings changed it: got\n%s\nwant\n%s", got, want)
	}
	if _, err := os.Stat(marker); err == nil {
		t.Error("a program was run that the configuration names")
	}
}

func TestPatchesOfMerges(t *testing.T) {
	dir := repository(t)
	base := commitFile(t, dir, "a", "1\n2\n3\n4\n5\n")
	run(t, dir, "checkout", "--quiet", "-b", "side")
	side := commitFile(t, dir, "a", "1\n2\n3\n4\nside\n")
	dropped := commitFile(t, dir, "b", "added and dropped\n")
	run(t, dir, "rm", "--quiet", "b")
	run(t, dir, "commit", "--quiet", "--message", "drop b")
	run(t, dir, "checkout", "--quiet", "main")
	mainly := commitFile(t, dir, "a", "main\n2\n3\n4\n5\n")
	run(t, dir, "merge", "--quiet", "--no-commit", "--no-ff", "side")
	evil := commitFile(t, dir, "a", "main\n2\nevil\n4\nside\n")
	got := patches(t, dir, base, "HEAD")
	for _, part := range []string{
		side + "\ndiff", mainly + "\ndiff", "+added and dropped\n",
		evil + "\ndiff --combined a\nindex\n--- a/a\n+++ b/a\n@@@",
		"\n++evil\n",
	} {
		if !strings.Contains(got, part) {
			t.Errorf("%q is missing in\n%s", part, got)
		}
	}
	if got := patches(t, dir, base, "HEAD", "b"); !strings.Contains(got, dropped+"\n") {
		t.Errorf("a branch that came to nothing is missing:\n%s", got)
	}

	// Git heeds no --text in the changes of a merge. What an attribute hides there is at least named.
	write(t, filepath.Join(dir, ".git/info/attributes"), "* -diff\n")
	if got := patches(t, dir, "", evil); got != evil+"\ndiff --combined a\nindex\nBinary files differ\n" {
		t.Errorf("got\n%s", got)
	}
}

func TestPatchesFail(t *testing.T) {
	r := open(t, repository(t, "a"))
	none := func(io.Reader) error { return nil }
	for name, rev := range map[string]string{"none": "nope", "an option": "--all", "a range": "HEAD..HEAD"} {
		if err := r.Patches(t.Context(), "", rev, nil, none); !errors.Is(err, gitrepo.ErrNoSuchRevision) {
			t.Errorf("head is %s: %v", name, err)
		}
		if err := r.Patches(t.Context(), rev, "HEAD", nil, none); err == nil {
			t.Errorf("base is %s: no error", name)
		}
	}
	broken := errors.New("no more")
	if err := r.Patches(t.Context(), "", "HEAD", nil, func(io.Reader) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}
