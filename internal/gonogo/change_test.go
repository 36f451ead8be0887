package gonogo

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/slipway-actions/slipway/internal/action"
	messages "github.com/slipway-actions/slipway/internal/commit"
	"github.com/slipway-actions/slipway/internal/gitrepo"
	"github.com/slipway-actions/slipway/internal/policy"
)

// clonedRepo is a repository on disk to read a change from.
type clonedRepo struct {
	*testing.T
	dir string
}

func newRepo(t *testing.T) clonedRepo {
	r := clonedRepo{t, t.TempDir()}
	r.git("init", "--quiet")
	return r
}

func (r clonedRepo) git(args ...string) string {
	r.Helper()
	cmd := exec.Command("git", append([]string{"-C", r.dir, "-c", "init.defaultBranch=main", "-c", "user.name=Ada", "-c", "user.email=ada@example.com"}, args...)...)
	cmd.Env = append(os.Environ(), "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_AUTHOR_DATE=2026-03-01T12:00:00Z", "GIT_COMMITTER_DATE=2026-03-01T12:00:00Z")
	out, err := cmd.CombinedOutput()
	if err != nil {
		r.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

// commit writes a file and commits it, and returns the commit's id.
func (r clonedRepo) commit(path, content, message string, flags ...string) string {
	r.Helper()
	full := filepath.Join(r.dir, path)
	os.MkdirAll(filepath.Dir(full), 0o755)
	if err := os.WriteFile(full, []byte(content), 0o644); err != nil {
		r.Fatal(err)
	}
	r.git("add", "--all")
	r.git(append([]string{"commit", "--quiet", "--allow-empty", "-m", message}, flags...)...)
	return r.git("rev-parse", "HEAD")
}

// collector reads the change of a commit there.
func (r clonedRepo) collector(sha string) collector {
	r.Helper()
	repo, err := gitrepo.Open(r.Context(), r.dir, "")
	if err != nil {
		r.Fatal(err)
	}
	w := &action.World{Dir: r.dir, Repo: repo, Now: func() time.Time { return noon }}
	return collector{w, inputs{Repository: "acme/shop", SHA: sha, Gate: policy.Gate{}}}
}

func (r clonedRepo) read(c collector, documents ...document) change {
	e := evidence{inputs: c.in, Now: c.moment(), Documents: documents, Files: map[string]file{}}
	return c.change(r.Context(), e)
}

// TestBase holds what a change is reckoned from.
func TestBase(t *testing.T) {
	r := newRepo(t)
	root := r.commit("a", "1", "root")
	r.git("tag", "v0.9.0")
	rc := r.commit("a", "2", "feat: rc")
	r.git("tag", "v1.0.0-rc.1")
	r.git("tag", "nightly")
	r.git("tag", "9.9.9")
	head := r.commit("a", "3", "feat: head")
	r.git("tag", "v1.0.0")
	r.git("checkout", "--quiet", "-b", "side", root)
	side := r.commit("b", "1", "feat: side")
	r.git("tag", "v3.0.0")
	bumped := func(previous string) document {
		d := passing("version-bump")
		d.SHA, d.Data = head, map[string]any{"previousTag": previous, "tag": "v1.0.0"}
		return d
	}
	for name, tt := range map[string]struct {
		sha       string
		documents []document
		set       func(*collector)
		base, as  string
		problem   string
	}{
		"the last final release, not the commit's own": {head, nil, nil, root, "v0.9.0", ""},
		"what version-bump says":                       {head, []document{bumped("v1.0.0-rc.1")}, nil, rc, "v1.0.0-rc.1", ""},
		"what it says, on another line":                {head, []document{bumped("v3.0.0")}, nil, side, "v3.0.0", ""},
		"its own tag":                                  {head, []document{bumped("v1.0.0")}, nil, root, "v0.9.0", ""},
		"the first one, it says":                       {head, []document{bumped("")}, nil, "", "", ""},
		"a tag that is not there":                      {head, []document{bumped("v7.0.0")}, nil, "", "", "the change cannot be read"},
		"a tag that is none":                           {head, []document{bumped("v1.0.0..v3.0.0")}, nil, "", "", "has no tag's name"},
		"two that differ":                              {head, []document{bumped("v1.0.0-rc.1"), bumped("")}, nil, root, "v0.9.0", ""},
		"no release":                                   {root, nil, nil, "", "", ""},
		"a pre-release before":                         {head, nil, func(c *collector) { c.Policy.Versioning.IgnoreTags = []string{"v0.9.0"} }, rc, "v1.0.0-rc.1", ""},
		"a base branch":                                {side, nil, func(c *collector) { c.Facts.BaseRef = "main" }, root, "main", ""},
		"a base branch that is none":                   {side, nil, func(c *collector) { c.Facts.BaseRef = "nowhere" }, "", "", "the change cannot be read"},
		"a hostile base branch":                        {side, nil, func(c *collector) { c.Facts.BaseRef = "main..side" }, "", "", "the name of the base branch is none"},
		"another commit":                               {another, nil, nil, "", "", "the change cannot be read"},
		"no repository":                                {head, nil, func(c *collector) { c.Repo, c.RepoErr = nil, gitrepo.ErrNotARepository }, "", "", "there is no git repository"},
		"no git":                                       {head, nil, func(c *collector) { c.Repo, c.RepoErr = nil, fs.ErrNotExist }, "", "", "the repository cannot be read"},
		"shallow":                                      {head, nil, func(c *collector) { repo := *c.Repo; repo.Shallow = true; c.Repo = &repo }, "", "", "the clone is shallow"},
	} {
		t.Run(name, func(t *testing.T) {
			c := r.collector(tt.sha)
			if tt.set != nil {
				tt.set(&c)
			}
			ch := r.read(c, tt.documents...)
			if tt.problem != "" {
				if !strings.Contains(ch.Problem.What, tt.problem) || ch.Problem.Next == "" || ch.Head != "" || ch.Files != nil {
					t.Errorf("got %+v, want the problem %q", ch, tt.problem)
				}
				return
			}
			if ch.Problem.What != "" || ch.Base != tt.base || ch.Since != tt.as || ch.Head != tt.sha {
				t.Errorf("since %q, %s (%+v); want %q, %s", ch.Since, ch.Base, ch.Problem, tt.as, tt.base)
			}
		})
	}
}

// TestReadChange holds what a change is made of.
func TestReadChange(t *testing.T) {
	r := newRepo(t)
	r.commit("pay/in/a.go", "1\n2\n", "feat: first")
	r.git("tag", "v1.0.0")
	r.commit("pay/in/a.go", "1\n", "fix: mend it")
	r.commit("pay/in/a.go", "1\n2\n", "Revert \"fix: mend it\"")
	r.git("tag", "v1.1.0")
	sha := r.commit("new\nname", "1\n", "feat: x (#12)\n\nCloses SHOP-34.", "--author=Bo <bo@example.com>")
	os.Remove(filepath.Join(r.dir, "pay/in/a.go"))
	os.Symlink("x", filepath.Join(r.dir, "link"))
	head := r.commit("bin", "\x00\x01", "chore: y")
	got := r.read(r.collector(head))
	got.contents = nil
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	want := change{
		Head: head, Base: r.git("rev-parse", "v1.1.0"), Since: "v1.1.0", Released: at,
		Commits: []changedCommit{{SHA: head, Subject: "chore: y", Author: "Ada", At: at}, {SHA: sha, Subject: "feat: x (#12)", Author: "Bo", At: at, New: true, References: []string{"#12", "SHOP-34"}}},
		Files: []changedFile{
			{Path: "bin", Status: "A"}, {Path: "link", Status: "A", Added: 1, Odd: "it is a symbolic link"},
			{Path: "new\nname", Status: "A", Added: 1}, {Path: "pay/in/a.go", Status: "D", Removed: 2},
		},
		Lines: 4 + binaryLines, Newcomers: 1, Looked: 3, Failures: []failure{{"pay/in", 1}},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(change{})); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// TestWentWrong holds which commits show that something had failed.
func TestWentWrong(t *testing.T) {
	released := []time.Time{noon.Add(-240 * time.Hour), noon}
	for message, want := range map[string]bool{
		"revert: x": true, "Revert \"x\"": true, "revert(api): x": true, "hotfix: x": true, "fix(hotfix): x": true, "x\n\nThis reverts commit 0123456.": true,
		"reverting is hard": false, "feat: x": false, "fixture: x": false, "": false, "docs: how to revert": false,
		"fix: x": true, "fix(api)!: x": true, "Fix x": true,
	} {
		if got := wentWrong(messages.Commit{Message: message, Time: noon.Add(time.Hour)}, released); got != want {
			t.Errorf("%q: %v, want %v", message, got, want)
		}
	}
	for hours, want := range map[int]bool{-241: false, -239: true, -100: false, 0: false, 1: true, 72: true, 73: false} {
		if got := wentWrong(messages.Commit{Message: "fix: x", Time: noon.Add(time.Duration(hours) * time.Hour)}, released); got != want {
			t.Errorf("a fix %d hours after the release: %v, want %v", hours, got, want)
		}
	}
}

// TestReadMigrations holds that migrations and their ways back are read as they are in the commit.
func TestReadMigrations(t *testing.T) {
	r := newRepo(t)
	r.commit("undo/2.sql", "SELECT 2", "feat: first")
	r.git("tag", "v1.0.0")
	r.commit("m/1.up.sql", "SELECT 1", "feat: up")
	r.commit("m/1.down.sql", "SELECT 2", "feat: down")
	r.commit("m/2.sql", "SELECT 1", "feat: own")
	head := r.commit("m/large.sql", strings.Repeat("SELECT 1;\n", 200_000), "feat: large")
	os.WriteFile(filepath.Join(r.dir, "m/1.up.sql"), []byte("DROP TABLE a"), 0o644)
	c := r.collector(head)
	c.in.Gate.Criteria = []policy.Criterion{{ID: "db", Migrations: &policy.Migrations{Paths: []string{"m"}, Down: []string{"undo/{name}.sql"}}}}
	e := evidence{inputs: c.in, Files: map[string]file{}}
	e.Change = c.change(t.Context(), e)
	c.migrations(t.Context(), &e)
	for path, want := range map[string]string{"m/1.up.sql": "SELECT 1", "m/1.down.sql": "SELECT 2", "m/2.sql": "SELECT 1", "undo/2.sql": "SELECT 2"} {
		if got := e.Files[atCommit+path]; string(got.Text) != want || got.Problem.What != "" {
			t.Errorf("%s: %+v, want %q", path, got, want)
		}
	}
	if got := e.Files[atCommit+"m/large.sql"]; !strings.Contains(got.Problem.What, "it has 2000000 bytes; at most") {
		t.Errorf("large: %+v", got.Problem)
	}
	if got := e.Files[atCommit+"undo/large.sql"]; !got.Missing {
		t.Errorf("a way back that is not there: %+v", got)
	}
}

// TestManyChanges holds that what is left out is counted.
func TestManyChanges(t *testing.T) {
	r := newRepo(t)
	var history strings.Builder
	for i := range commitsKept + 10 {
		history.WriteString("commit refs/heads/main\ncommitter Ada <ada@example.com> 1772366400 +0000\ndata 6\nfeat: \n")
		for j := range map[bool]int{true: filesKept + 10}[i == 0] {
			fmt.Fprintf(&history, "M 644 inline folder%d/f%d\ndata 2\n1\n", j%100, j)
		}
	}
	cmd := exec.Command("git", "-C", r.dir, "fast-import", "--quiet")
	cmd.Stdin = strings.NewReader(history.String())
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	ch := r.read(r.collector(r.git("rev-parse", "refs/heads/main")))
	if ch.MoreCommits != 10 || len(ch.Commits) != commitsKept || len(ch.Files) != filesKept || ch.MoreFiles != 10 || ch.Newcomers != 1 {
		t.Errorf("%d commits and %d more, %d files and %d more: %+v", len(ch.Commits), ch.MoreCommits, len(ch.Files), ch.MoreFiles, ch.Problem)
	}
}
