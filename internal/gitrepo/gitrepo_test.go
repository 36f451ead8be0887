package gitrepo_test

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/gitrepo"
)

// TestMain gives every test a git of its own, with pinned names and dates.
func TestMain(m *testing.M) {
	for name, value := range map[string]string{
		"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.DevNull,
		"GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.com", "GIT_AUTHOR_DATE": "2026-03-01T12:00:00Z",
		"GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.com", "GIT_COMMITTER_DATE": "2026-03-02T12:00:00Z",
	} {
		os.Setenv(name, value)
	}
	os.Exit(m.Run())
}

// run runs git in dir and returns what it prints.
func run(t *testing.T, dir string, args ...string) string { return feed(t, dir, "", args...) }

func feed(t *testing.T, dir, stdin string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", append([]string{"-C", dir, "-c", "init.defaultBranch=main", "-c", "safe.directory=*"}, args...)...)
	cmd.Stdin = strings.NewReader(stdin)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

// repository makes one with a commit for each message.
func repository(t *testing.T, messages ...string) string {
	t.Helper()
	dir := t.TempDir()
	run(t, dir, "init", "--quiet")
	for _, message := range messages {
		run(t, dir, "commit", "--quiet", "--allow-empty", "--allow-empty-message", "--cleanup=verbatim", "--message", message)
	}
	return dir
}

func open(t *testing.T, dir string) *gitrepo.Repo {
	t.Helper()
	r, err := gitrepo.Open(t.Context(), dir, "")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
}

func TestOpen(t *testing.T) {
	ctx := t.Context()
	dir := repository(t, "feat: a")
	head := run(t, dir, "rev-parse", "HEAD")

	t.Run("from a folder inside", func(t *testing.T) {
		write(t, filepath.Join(dir, "a/b/file"), "")
		r := open(t, filepath.Join(dir, "a/b"))
		if r.Root != dir || r.Head != head || r.Shallow {
			t.Errorf("got %+v, want %s at %s", r, head, dir)
		}
	})
	t.Run("no repository", func(t *testing.T) {
		if _, err := gitrepo.Open(ctx, t.TempDir(), ""); !errors.Is(err, gitrepo.ErrNotARepository) {
			t.Error(err)
		}
	})
	t.Run("no such folder", func(t *testing.T) {
		if _, err := gitrepo.Open(ctx, filepath.Join(dir, "nowhere"), ""); err == nil {
			t.Error("want an error")
		}
	})
	t.Run("no commits", func(t *testing.T) {
		if r := open(t, repository(t)); r.Head != "" {
			t.Errorf("head is %q", r.Head)
		}
	})
	t.Run("no work tree", func(t *testing.T) {
		bare := filepath.Join(t.TempDir(), "bare")
		run(t, dir, "clone", "--quiet", "--bare", dir, bare)
		for _, d := range []string{bare, filepath.Join(dir, ".git")} {
			if _, err := gitrepo.Open(ctx, d, ""); err == nil || !strings.Contains(err.Error(), "there is no work tree") {
				t.Errorf("%s: %v", d, err)
			}
		}
	})
	t.Run("a repository among the files of another", func(t *testing.T) {
		outer := repository(t, "a")
		run(t, dir, "clone", "--quiet", "--bare", dir, filepath.Join(outer, "svc"))
		run(t, filepath.Join(outer, "svc"), "config", "core.bare", "false")
		run(t, filepath.Join(outer, "svc"), "config", "core.worktree", "..")
		if r, err := gitrepo.Open(ctx, filepath.Join(outer, "svc"), ""); err == nil {
			t.Errorf("a commit brought its own repository, and it was taken: %+v", r)
		}
	})
	t.Run("shallow", func(t *testing.T) {
		deep, clone := repository(t, "a", "b", "c"), filepath.Join(t.TempDir(), "clone")
		run(t, dir, "clone", "--quiet", "--depth=2", "file://"+deep, clone)
		r := open(t, clone)
		if !r.Shallow {
			t.Error("it is shallow")
		}
		if log, err := r.Log(ctx, "", "HEAD", nil); err != nil || len(log) != 2 {
			t.Errorf("log: %v, %v", log, err)
		}
	})
	t.Run("a work tree beside another", func(t *testing.T) {
		other := filepath.Join(t.TempDir(), "other")
		run(t, dir, "worktree", "add", "--quiet", "-b", "other", other)
		if r := open(t, other); r.Root != other || r.Head != head || r.Branch(ctx) != "other" {
			t.Errorf("got %+v on %q", r, r.Branch(ctx))
		}
	})
	t.Run("a submodule", func(t *testing.T) {
		outer := repository(t, "outer")
		run(t, outer, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", dir, "sub")
		if r := open(t, filepath.Join(outer, "sub")); r.Root != filepath.Join(outer, "sub") || r.Head != head {
			t.Errorf("got %+v", r)
		}
	})
	t.Run("through a symbolic link", func(t *testing.T) {
		link := filepath.Join(t.TempDir(), "link")
		if err := os.Symlink(dir, link); err != nil {
			t.Fatal(err)
		}
		if r := open(t, link); r.Root != dir {
			t.Errorf("root is %s, want %s", r.Root, dir)
		}
	})
	t.Run("a folder with an odd name", func(t *testing.T) {
		odd := filepath.Join(t.TempDir(), "-c core.pager=x $(id) é\"'")
		if err := os.Mkdir(odd, 0o755); err != nil {
			t.Fatal(err)
		}
		run(t, odd, "init", "--quiet")
		if r := open(t, odd); r.Root != odd {
			t.Errorf("root is %q", r.Root)
		}
	})
	t.Run("SHA-256", func(t *testing.T) {
		wide := t.TempDir()
		run(t, wide, "init", "--quiet", "--object-format=sha256")
		run(t, wide, "commit", "--quiet", "--allow-empty", "-m", "a")
		r := open(t, wide)
		if id, err := r.Resolve(ctx, "HEAD"); err != nil || len(id) != 64 || id != r.Head {
			t.Errorf("HEAD is %q, resolved %q: %v", r.Head, id, err)
		}
	})
	t.Run("cancelled", func(t *testing.T) {
		ctx, cancel := context.WithCancel(ctx)
		cancel()
		if _, err := gitrepo.Open(ctx, dir, ""); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	t.Run("no git", func(t *testing.T) {
		t.Setenv("PATH", t.TempDir())
		if _, err := gitrepo.Open(ctx, dir, ""); err == nil || !strings.Contains(err.Error(), "the git program is not installed") {
			t.Error(err)
		}
	})
}

// In a container the workspace belongs to somebody else, whom git does not trust.
func TestForeignOwner(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give a folder away")
	}
	dir := repository(t, "feat: a")
	run(t, dir, "tag", "v1.0.0")
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		return errors.Join(err, os.Lchown(path, 12345, 12345))
	})
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("git", "-C", dir, "status").CombinedOutput(); err == nil || !strings.Contains(string(out), "dubious ownership") {
		t.Skipf("this git does not mind: %s", out)
	}
	r := open(t, dir)
	if tags, err := r.Tags(t.Context(), "HEAD"); err != nil || len(tags) != 1 {
		t.Errorf("tags: %v, %v", tags, err)
	}
	if log, err := r.Log(t.Context(), "", "HEAD", nil); err != nil || len(log) != 1 {
		t.Errorf("log: %v, %v", log, err)
	}
}

// What surrounds a process must not lead git to another repository.
func TestMisleadingEnvironment(t *testing.T) {
	dir, other := repository(t, "feat: a"), repository(t, "feat: b")
	want := run(t, dir, "rev-parse", "HEAD")
	for name, value := range map[string]string{
		"GIT_DIR": filepath.Join(other, ".git"), "GIT_WORK_TREE": other, "GIT_INDEX_FILE": "/nonexistent", "GIT_OBJECT_DIRECTORY": "/nonexistent",
		"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "core.worktree", "GIT_CONFIG_VALUE_0": other,
		"GIT_CONFIG_PARAMETERS": "'core.bare=true'", "GIT_NAMESPACE": "x", "GIT_TRACE": "2", "GIT_REPLACE_REF_BASE": "refs/x/",
		"GIT_EXEC_PATH": "/nonexistent", "LC_ALL": "de_DE.UTF-8", "LANGUAGE": "de",
	} {
		t.Setenv(name, value)
	}
	if r := open(t, dir); r.Head != want || r.Root != dir {
		t.Errorf("got %+v, want %s at %s", r, want, dir)
	}
}

// TestHostileConfiguration holds that nothing a repository's own configuration names is started.
func TestHostileConfiguration(t *testing.T) {
	ctx := t.Context()
	dir := repository(t, "feat: a", "fix: b")
	write(t, filepath.Join(dir, "file"), "text")
	write(t, filepath.Join(dir, ".gitattributes"), "* diff=evil filter=evil\n")
	run(t, dir, "add", ".")
	run(t, dir, "commit", "--quiet", "-m", "feat: c")
	run(t, dir, "tag", "-a", "-m", "x", "v1.0.0")
	sign := filepath.Join(t.TempDir(), "started")
	evil := filepath.Join(t.TempDir(), "evil")
	write(t, evil, "#!/bin/sh\necho \"$0 $*\" >>"+sign+"\nexec cat\n")
	write(t, filepath.Join(dir, ".git/hooks/post-index-change"), "#!/bin/sh\ntouch "+sign+"\n")
	for _, setting := range []string{
		"core.fsmonitor", "core.pager", "pager.log", "core.editor", "core.sshCommand", "core.askPass", "core.gitProxy", "core.alternateRefsCommand",
		"diff.external", "diff.evil.command", "diff.evil.textconv", "filter.evil.smudge", "filter.evil.clean", "filter.evil.process", "gpg.program", "gpg.ssh.program",
		"uploadpack.packObjectsHook", "interactive.diffFilter", "trailer.x.command", "remote.origin.uploadpack",
	} {
		run(t, dir, "config", setting, evil)
	}
	for setting, value := range map[string]string{
		"alias.log": "!" + evil, "alias.rev-parse": "!" + evil, "alias.for-each-ref": "!" + evil, "log.showSignature": "true", "color.ui": "always",
		"log.follow": "true", "log.date": "relative", "format.pretty": "oneline", "log.decorate": "full", "log.showRoot": "false", "credential.helper": "!" + evil,
		"protocol.ext.allow": "always", "remote.origin.url": "ext::" + evil, "protocol.allow": "always", "extensions.partialClone": "origin", "remote.origin.promisor": "true",
	} {
		run(t, dir, "config", setting, value)
	}
	r := open(t, dir)
	log, err := r.Log(ctx, "", "HEAD", []string{"file"})
	if err != nil || len(log) != 1 || log[0].Message != "feat: c" {
		t.Errorf("log: %+v, %v", log, err)
	}
	if tags, err := r.Tags(ctx, "HEAD"); err != nil || len(tags) != 1 || !tags[0].Reachable {
		t.Errorf("tags: %+v, %v", tags, err)
	}
	if text, err := r.ReadFile(ctx, "HEAD", "file", 100); err != nil || string(text) != "text" {
		t.Errorf("file: %q, %v", text, err)
	}
	if _, err := r.RemoteTags(ctx); err == nil {
		t.Error("a remote that is a program was asked")
	}
	// A partial clone fetches what it misses, by the repository's own settings.
	run(t, dir, "config", "remote.origin.url", "file://"+repository(t, "x"))
	if _, err := r.Log(ctx, "", strings.Repeat("1", 40), nil); err == nil {
		t.Error("an object that is not there was found")
	}
	if _, err := r.RemoteTags(ctx); err != nil {
		t.Errorf("remote tags: %v", err)
	}
	if started, err := os.ReadFile(sign); err == nil {
		t.Errorf("something was started:\n%s", started)
	}
}

func TestResolve(t *testing.T) {
	dir := repository(t, "a", "b")
	head := run(t, dir, "rev-parse", "HEAD")
	run(t, dir, "tag", "-a", "-m", "x", "v1.0.0")
	run(t, dir, "tag", "-a", "-m", "x", "nested", "v1.0.0")
	run(t, dir, "tag", "blob", feed(t, dir, "text", "hash-object", "-w", "--stdin"))
	r := open(t, dir)
	for _, rev := range []string{"HEAD", "main", "v1.0.0", "nested", "refs/tags/v1.0.0", head[:8]} {
		if id, err := r.Resolve(t.Context(), rev); err != nil || id != head {
			t.Errorf("Resolve(%q) = %q, %v", rev, id, err)
		}
	}
	for _, rev := range []string{"", "nope", "blob", "HEAD~9", "--all", "-", "HEAD..HEAD", "^HEAD", "HEAD^@", "a b", "HEAD\nmain", "--output=/tmp/x", "main:file"} {
		if id, err := r.Resolve(t.Context(), rev); !errors.Is(err, gitrepo.ErrNoSuchRevision) || id != "" {
			t.Errorf("Resolve(%q) = %q, %v", rev, id, err)
		}
		if id, err := r.ResolveFirst(t.Context(), []string{rev, "refs/heads/" + rev}); !errors.Is(err, gitrepo.ErrNoSuchRevision) || id != "" {
			t.Errorf("ResolveFirst(%q) = %q, %v", rev, id, err)
		}
	}
	// The first that is a commit's name counts, in the order given.
	run(t, dir, "branch", "old", "HEAD~1")
	old := run(t, dir, "rev-parse", "old")
	for want, revs := range map[string][]string{head: {"nope", "blob", "main", "old"}, old: {"refs/remotes/origin/old", "refs/heads/old", "main"}} {
		if id, err := r.ResolveFirst(t.Context(), revs); err != nil || id != want {
			t.Errorf("ResolveFirst(%q) = %q, %v", revs, id, err)
		}
	}
}

func TestReadFile(t *testing.T) {
	dir := repository(t)
	write(t, filepath.Join(dir, "folder/file"), "text")
	write(t, filepath.Join(dir, "*.yml"), "star")
	write(t, filepath.Join(dir, "é\n"), "odd")
	write(t, filepath.Join(dir, "empty"), "")
	if err := os.Symlink("/etc/passwd", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	run(t, dir, "add", ".")
	run(t, dir, "commit", "--quiet", "-m", "a")
	write(t, filepath.Join(dir, "folder/file"), "changed since")
	r := open(t, filepath.Join(dir, "folder"))
	for path, want := range map[string]string{"folder/file": "text", "*.yml": "star", "é\n": "odd", "empty": "", "./folder/../folder/file": "text"} {
		if got, err := r.ReadFile(t.Context(), "HEAD", path, 4); err != nil || string(got) != want {
			t.Errorf("%q is %q, %v", path, got, err)
		}
	}
	for _, path := range []string{"nope", "folder", "folder/", "link", "x.yml", "file", "--help"} {
		if _, err := r.ReadFile(t.Context(), "HEAD", path, 100); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%q: %v", path, err)
		}
	}
	if _, err := r.ReadFile(t.Context(), "HEAD", "folder/file", 3); err == nil || !strings.Contains(err.Error(), "has 4 bytes; the limit is 3") {
		t.Errorf("too large: %v", err)
	}
	for _, path := range []string{"../x", "/etc/passwd", ""} {
		if _, err := r.ReadFile(t.Context(), "HEAD", path, 100); err == nil {
			t.Errorf("%q was read", path)
		}
	}
}

func TestRemoteURL(t *testing.T) {
	dir := repository(t)
	r := open(t, dir)
	if got := r.RemoteURL(t.Context()); got != "" {
		t.Errorf("without a remote: %q", got)
	}
	run(t, dir, "remote", "add", "origin", "x")
	for url, want := range map[string]string{
		"https://github.com/acme/shop":                     "https://github.com/acme/shop",
		"https://x-access-token:ghs_secret@github.com/a/b": "https://github.com/a/b",
		"https://user:p@ss@github.com/acme/shop@2":         "https://github.com/acme/shop@2",
		"git@github.com:acme/shop.git":                     "git@github.com:acme/shop.git",
		"ssh://git@github.com:22/acme/shop":                "ssh://github.com:22/acme/shop",
		"/srv/git/shop.git":                                "/srv/git/shop.git",
		"https://token@github.com":                         "https://github.com",
	} {
		run(t, dir, "config", "remote.origin.url", url)
		if got := r.RemoteURL(t.Context()); got != want {
			t.Errorf("%s became %s, want %s", url, got, want)
		}
	}
}

func TestRepositoryName(t *testing.T) {
	for url, want := range map[string]string{
		"https://github.com/acme/shop":              "acme/shop",
		"https://github.com/acme/shop.git":          "acme/shop",
		"https://github.com/acme/shop.js/":          "acme/shop.js",
		"https://ghe.example:8443/acme/.github.git": "acme/.github",
		"git@github.com:acme/shop.git":              "acme/shop",
		"ssh://git@github.com/acme/shop.git":        "acme/shop",
		"git+ssh://git@github.com/acme/shop":        "acme/shop",
		"/srv/git/shop.git":                         "",
		"../shop":                                   "",
		"https://gitlab.com/group/sub/shop":         "",
		"https://github.com/acme":                   "",
		"https://github.com/acme/shop?x=1":          "",
		"https://github.com/acme/sh op":             "",
		"":                                          "",
	} {
		if got := gitrepo.RepositoryName(url); got != want {
			t.Errorf("RepositoryName(%q) = %q, want %q", url, got, want)
		}
	}
}

func TestRemoteTags(t *testing.T) {
	origin := repository(t, "a")
	run(t, origin, "tag", "v1.0.0")
	run(t, origin, "tag", "-a", "-m", "x", "v1.1.0")
	run(t, origin, "tag", "a/b")
	dir := repository(t, "a")
	r := open(t, dir)
	if names, err := r.RemoteTags(t.Context()); names != nil || err != nil {
		t.Errorf("without a remote: %q, %v", names, err)
	}
	run(t, dir, "remote", "add", "origin", origin)
	names, err := r.RemoteTags(t.Context())
	if err != nil || strings.Join(names, " ") != "a/b v1.0.0 v1.1.0" {
		t.Errorf("got %q, %v", names, err)
	}
	if r.TagsWithheld(t.Context()) {
		t.Error("tags were not withheld")
	}
	run(t, dir, "config", "remote.origin.tagOpt", "--no-tags")
	if !r.TagsWithheld(t.Context()) {
		t.Error("tags were withheld")
	}

	// What git says of a remote that is not there names no credentials.
	run(t, dir, "config", "remote.origin.url", "http://user:secret@127.0.0.1:1/acme/shop")
	if _, err := r.RemoteTags(t.Context()); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("unreachable: %v", err)
	}
}

// A remote that never answers is waited for, but not for ever.
func TestTagsPartial(t *testing.T) {
	origin := repository(t, "a")
	for args, want := range map[string]bool{"": false, "--no-tags": true, "--single-branch": true} {
		dir := filepath.Join(t.TempDir(), "clone")
		clone := append([]string{"clone", "--quiet"}, strings.Fields(args)...)
		run(t, origin, append(clone, "file://"+origin, dir)...)
		if got := open(t, dir).TagsPartial(t.Context()); got != want {
			t.Errorf("clone %s: %v, want %v", args, got, want)
		}
		beside := filepath.Join(t.TempDir(), "beside") // whose .git is a file
		run(t, dir, "worktree", "add", "--quiet", "--detach", beside)
		if got := open(t, beside).TagsPartial(t.Context()); got != want {
			t.Errorf("worktree of clone %s: %v, want %v", args, got, want)
		}
	}
	if open(t, origin).TagsPartial(t.Context()) {
		t.Error("a repository without origin lacks nothing")
	}
}

func TestRemoteTagsBounded(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	dir := repository(t, "a")
	run(t, dir, "remote", "add", "origin", "http://"+listener.Addr().String()+"/acme/shop")
	r := open(t, dir)
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	start := time.Now()
	if _, err := r.RemoteTags(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
}
