package gitrepo_test

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/slipway-actions/slipway/internal/gitrepo"
)

var ample = gitrepo.ExportLimits{Files: 100, FileBytes: 1 << 20, Bytes: 10 << 20}

func all(string) bool { return true }

// written are the files below a folder, by path.
func written(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if !d.Type().IsRegular() {
			t.Errorf("%s is no regular file", name)
		}
		text, err := os.ReadFile(filepath.Join(dir, name))
		files[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// object writes one to the repository as it is, however wrong.
func object(t *testing.T, dir, kind, text string) string {
	t.Helper()
	return feed(t, dir, text, "hash-object", "-t", kind, "-w", "--literally", "--stdin")
}

// folder makes a tree of entries "mode name id", in that order.
func folder(t *testing.T, dir string, entries ...string) string {
	t.Helper()
	var text strings.Builder
	for _, e := range entries {
		mode, rest, _ := strings.Cut(e, " ")
		at := strings.LastIndex(rest, " ")
		id, err := hex.DecodeString(rest[at+1:])
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&text, "%s %s\x00%s", mode, rest[:at], id)
	}
	return object(t, dir, "tree", text.String())
}

func TestExport(t *testing.T) {
	dir, sub := repository(t), repository(t, "sub")
	for name, text := range map[string]string{"go.mod": "module a", "web/package-lock.json": "{}\n", "web/app.js": "x", "empty": "", "odd\n name\\é": "odd", "-x": "dash", "a/b/c/d/go.mod": "module d"} {
		write(t, filepath.Join(dir, name), text)
	}
	if err := os.Symlink("/etc/passwd", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("web", filepath.Join(dir, "folder")); err != nil {
		t.Fatal(err)
	}
	run(t, dir, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", sub, "sub")
	run(t, dir, "add", ".")
	run(t, dir, "commit", "--quiet", "-m", "a")
	base := run(t, dir, "rev-parse", "HEAD")
	write(t, filepath.Join(dir, "go.mod"), "changed")
	write(t, filepath.Join(dir, ".gitattributes"), "* export-ignore filter=evil\n")
	run(t, dir, "add", ".")
	run(t, dir, "commit", "--quiet", "-m", "b")
	r := open(t, filepath.Join(dir, "web"))
	left := []gitrepo.LeftOut{{Path: "folder", Kind: gitrepo.Symlink}, {Path: "link", Kind: gitrepo.Symlink}, {Path: "sub", Kind: gitrepo.Submodule}}
	manifests := func(name string) bool { return strings.HasSuffix(name, "go.mod") || strings.HasSuffix(name, ".json") }
	tests := []struct {
		name, rev string
		want      func(string) bool
		limits    gitrepo.ExportLimits
		files     map[string]string
		left      []gitrepo.LeftOut
		problem   string
	}{
		{name: "some", rev: base, want: manifests, limits: ample, left: left,
			files: map[string]string{"go.mod": "module a", "web/package-lock.json": "{}\n", "a/b/c/d/go.mod": "module d"}},
		{name: "all", rev: "HEAD~1", want: func(name string) bool { return name != ".gitmodules" }, limits: ample, left: left,
			files: map[string]string{"go.mod": "module a", "web/package-lock.json": "{}\n", "web/app.js": "x", "empty": "", "odd\n name\\é": "odd", "-x": "dash", "a/b/c/d/go.mod": "module d"}},
		{name: "attributes do not matter", rev: "HEAD", want: func(name string) bool { return name == "go.mod" }, limits: ample, left: left, files: map[string]string{"go.mod": "changed"}},
		{name: "none", rev: base, want: func(string) bool { return false }, limits: ample, left: left, files: map[string]string{}},
		{name: "a large one", rev: base, want: manifests, limits: gitrepo.ExportLimits{Files: 3, FileBytes: 7, Bytes: 3},
			left:  []gitrepo.LeftOut{{Path: "a/b/c/d/go.mod", Kind: gitrepo.TooLarge}, left[0], {Path: "go.mod", Kind: gitrepo.TooLarge}, left[1], left[2]},
			files: map[string]string{"web/package-lock.json": "{}\n"}},
		{name: "many", rev: base, want: manifests, limits: gitrepo.ExportLimits{Files: 2, FileBytes: 100, Bytes: 100}, problem: "more than 2 files of it are wanted"},
		{name: "much", rev: base, want: manifests, limits: gitrepo.ExportLimits{Files: 3, FileBytes: 8, Bytes: 18}, problem: "the wanted files have more than 18 bytes"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			to := t.TempDir()
			got, err := r.Export(t.Context(), test.rev, to, test.want, test.limits)
			if test.problem != "" {
				if err == nil || !strings.Contains(err.Error(), test.problem) || errors.Is(err, gitrepo.ErrIncomplete) {
					t.Errorf("%+v, %v, want %s", got, err, test.problem)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			files, size := written(t, to), 0
			for _, text := range files {
				size += len(text)
			}
			if diff := cmp.Diff(test.files, files); diff != "" {
				t.Errorf("files: -want +got\n%s", diff)
			}
			if diff := cmp.Diff(test.left, got.Left); diff != "" || got.Files != len(files) || got.Bytes != int64(size) {
				t.Errorf("%d files, %d bytes; left: -want +got\n%s", got.Files, got.Bytes, diff)
			}
		})
	}
}

// Whatever a tree names its entries, nothing is written but below the folder, and nothing is lost unnamed.
func TestExportHostileNames(t *testing.T) {
	dir := repository(t, "a")
	file := object(t, dir, "blob", "evil")
	link := object(t, dir, "blob", "..")
	inner := folder(t, dir, "100644 x "+file)
	long := strings.Repeat("n", 300)
	tree := folder(t, dir,
		"100644 ../up "+file, "100644 /tmp/abs "+file, "40000 .. "+inner, "40000 . "+inner, "40000 .git "+inner, "40000 .GIT "+inner, "100644 .git "+file,
		"100644 a//b "+file, "100644 a/../../c "+file, "100644 good "+file, "100644 good "+file, "40000 good "+inner, "120000 jump "+link, "40000 jump "+inner,
		"100644 "+long+" "+file, "40000 folder "+inner, "100644 folder "+file, "100664 old "+file, "100644 back\\..\\slash "+file, "100644 deep/file "+file, "100644 \xff "+file, "100644 folder/x "+file)
	commit := object(t, dir, "commit", "tree "+tree+"\nauthor A <a@example.com> 1700000000 +0000\ncommitter A <a@example.com> 1700000000 +0000\n\nx\n")
	above := t.TempDir()
	to := filepath.Join(above, "to")
	if err := os.Mkdir(to, 0o755); err != nil {
		t.Fatal(err)
	}
	got, err := open(t, dir).Export(t.Context(), commit, to, all, ample)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"to/good": "evil", "to/jump/x": "evil", "to/folder/x": "evil", "to/old": "evil", "to/back\\..\\slash": "evil", "to/deep/file": "evil", "to/\xff": "evil"}, written(t, above)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	var unusable []string
	for _, l := range got.Left {
		if l.Kind == gitrepo.Unusable {
			unusable = append(unusable, l.Path)
		}
	}
	want := []string{"../up", "../x", "./x", ".GIT/x", ".git", ".git/x", "/tmp/abs", "a/../../c", "a//b", "folder", "folder/x", "good", "good/x", long}
	if diff := cmp.Diff(want, unusable); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// What is not in the clone is an error, never an export that looks whole.
func TestExportIncomplete(t *testing.T) {
	dir := repository(t)
	write(t, filepath.Join(dir, "go.mod"), "module a")
	write(t, filepath.Join(dir, "web/go.mod"), "module b")
	run(t, dir, "add", ".")
	run(t, dir, "commit", "--quiet", "-m", "a")
	base := run(t, dir, "rev-parse", "HEAD")
	write(t, filepath.Join(dir, "go.mod"), "module c")
	run(t, dir, "commit", "--quiet", "-am", "b")
	clone := func(args ...string) string {
		to := filepath.Join(t.TempDir(), "clone")
		run(t, dir, append(append([]string{"clone", "--quiet"}, args...), "file://"+dir, to)...)
		return to
	}
	export := func(name, dir, rev string, sentinel error) {
		t.Helper()
		if _, err := open(t, dir).Export(t.Context(), rev, t.TempDir(), all, ample); !errors.Is(err, sentinel) || err == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	run(t, dir, "config", "uploadpack.allowFilter", "true")
	export("a shallow clone", clone("--depth=1"), base, gitrepo.ErrIncomplete)
	export("a partial clone", clone("--filter=blob:none", "--no-checkout"), base, gitrepo.ErrIncomplete)
	export("a name", dir, "nope", gitrepo.ErrNoSuchRevision)
	export("an id", dir, strings.Repeat("1", 40), gitrepo.ErrIncomplete)
	for _, missing := range []string{"HEAD:go.mod", "HEAD:web", "HEAD^{tree}"} {
		broken := filepath.Join(t.TempDir(), "broken")
		if err := os.CopyFS(broken, os.DirFS(dir)); err != nil {
			t.Fatal(err)
		}
		id := run(t, broken, "rev-parse", missing)
		if err := os.Remove(filepath.Join(broken, ".git/objects", id[:2], id[2:])); err != nil {
			t.Fatal(err)
		}
		r, err := gitrepo.Open(t.Context(), broken, "")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Export(t.Context(), run(t, dir, "rev-parse", "HEAD"), t.TempDir(), all, ample); !errors.Is(err, gitrepo.ErrIncomplete) {
			t.Errorf("without %s: %v", missing, err)
		}
	}
	r := open(t, dir)
	if _, err := r.Export(t.Context(), base, "relative", all, ample); err == nil {
		t.Error("exported to a relative path")
	}
	if _, err := r.Export(t.Context(), base, filepath.Join(t.TempDir(), "nowhere"), all, ample); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if _, err := r.Export(t.Context(), base, dir, all, ample); err == nil {
		t.Error("exported to a folder that is in use")
	}
}

func TestMergeBase(t *testing.T) {
	dir := repository(t, "a", "b")
	base := run(t, dir, "rev-parse", "HEAD")
	run(t, dir, "checkout", "--quiet", "-b", "side")
	run(t, dir, "commit", "--quiet", "--allow-empty", "-m", "c")
	run(t, dir, "checkout", "--quiet", "main")
	run(t, dir, "commit", "--quiet", "--allow-empty", "-m", "d")
	run(t, dir, "branch", "alone", run(t, dir, "commit-tree", "-m", "alone", "HEAD^{tree}"))
	shallow := filepath.Join(t.TempDir(), "shallow")
	run(t, dir, "clone", "--quiet", "--depth=1", "--no-single-branch", "file://"+dir, shallow)
	side := run(t, dir, "rev-parse", "side")
	tests := []struct {
		name, dir, a, b, want string
		err                   error
	}{
		{"two branches", dir, "main", "side", base, nil},
		{"the other way round", dir, side, "main", base, nil},
		{"one builds on the other", dir, base, side, base, nil},
		{"the same", dir, side, "side", side, nil},
		{"nothing in common", dir, "main", "alone", "", gitrepo.ErrNoMergeBase},
		{"no such name", dir, "main", "nope", "", gitrepo.ErrNoSuchRevision},
		{"no such id", dir, "main", strings.Repeat("1", 40), "", gitrepo.ErrIncomplete},
		{"cut off", shallow, "main", side, "", gitrepo.ErrIncomplete},
		{"not in the clone", shallow, "main", base, "", gitrepo.ErrIncomplete},
	}
	for _, test := range tests {
		if got, err := open(t, test.dir).MergeBase(t.Context(), test.a, test.b); got != test.want || !errors.Is(err, test.err) {
			t.Errorf("%s: %q, %v", test.name, got, err)
		}
	}
}
