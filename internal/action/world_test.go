package action_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/gitrepo"
	"github.com/slipway-actions/slipway/internal/runner"
)

func world(t *testing.T) *action.World {
	t.Helper()
	files, err := runner.OpenWorkspace(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { files.Close() })
	return &action.World{Dir: filepath.Join(files.Dir, "sub"), Files: files}
}

func TestInDir(t *testing.T) {
	w := world(t)
	for path, want := range map[string]string{
		"a": "sub/a", "../a": "a", "": "sub", ".": "sub", "a/../../b": "b", filepath.Join(w.Files.Dir, "x/y"): "x/y", w.Files.Dir: ".",
	} {
		if got, err := w.InDir(path); err != nil || got != want {
			t.Errorf("InDir(%q) = %q, %v; want %q", path, got, err, want)
		}
	}
	for _, path := range []string{"../..", "../../x", "/etc/passwd", "a/../../../x", w.Files.Dir + "x"} {
		if got, err := w.InDir(path); err == nil || !strings.Contains(err.Error(), "leads out of the workspace") {
			t.Errorf("InDir(%q) = %q, %v", path, got, err)
		}
	}
}

// TestHistory holds that what keeps an action from its history is undecided, and says what to do.
func TestHistory(t *testing.T) {
	for name, tt := range map[string]struct {
		repo     *gitrepo.Repo
		err      error
		complete bool
		want     string // "" for the repository
		next     string
	}{
		"whole":               {&gitrepo.Repo{Head: "abc"}, nil, true, "", ""},
		"shallow, and enough": {&gitrepo.Repo{Head: "abc", Shallow: true}, nil, false, "", ""},
		"shallow":             {&gitrepo.Repo{Head: "abc", Shallow: true}, nil, true, "the clone is shallow", "fetch-depth: 0"},
		"no commits":          {&gitrepo.Repo{Root: "/w"}, nil, false, "the repository at /w has no commits", "Commit something first."},
		"no repository":       {nil, fmt.Errorf("%w: /w", gitrepo.ErrNotARepository), false, "there is no git repository at ", "uses: actions/checkout"},
		"broken":              {nil, errors.New("git rev-parse: bad"), false, "the repository cannot be read: git rev-parse: bad", "Make sure that git is installed"},
	} {
		t.Run(name, func(t *testing.T) {
			w := world(t)
			w.Repo, w.RepoErr = tt.repo, tt.err
			repo, err := w.History(tt.complete)
			if tt.want == "" {
				if err != nil || repo != tt.repo {
					t.Errorf("%v, %v", repo, err)
				}
				return
			}
			var unknown *action.UnknownError
			if !errors.As(err, &unknown) || !strings.Contains(err.Error(), tt.want) || !strings.Contains(unknown.Next, tt.next) {
				t.Errorf("the error is %+v", err)
			}
		})
	}
}

func TestWrite(t *testing.T) {
	w := world(t)
	for _, dry := range []bool{true, false, false, true} {
		w.DryRun = dry
		_, before := os.Stat(filepath.Join(w.Files.Dir, "file"))
		changed, err := w.Write("file", []byte("text"))
		_, after := os.Stat(filepath.Join(w.Files.Dir, "file"))
		if err != nil || changed != (before != nil) || dry && (before == nil) != (after == nil) {
			t.Errorf("dry %v: changed %v, %v", dry, changed, err)
		}
	}
	if changed, _ := w.Write("file", []byte("longer text")); !changed {
		t.Error("another text changes nothing")
	}
	w.DryRun = false
	var caller *action.CallerError
	if _, err := w.Write(".", nil); !errors.As(err, &caller) {
		t.Errorf("a folder: %v", err)
	}
}

func TestSubject(t *testing.T) {
	ctx := t.Context()
	w := world(t)
	if w.SHA() != "" || w.Branch(ctx) != "" {
		t.Errorf("without anything: %q on %q", w.SHA(), w.Branch(ctx))
	}
	w.Facts = runner.Facts{SHA: "started", RefName: "feature"}
	if w.SHA() != "started" || w.Branch(ctx) != "feature" {
		t.Errorf("without a repository: %q on %q", w.SHA(), w.Branch(ctx))
	}
	w.Repo = &gitrepo.Repo{Head: "checked out"}
	w.Facts.BaseRef = "main"
	if w.SHA() != "checked out" || w.Branch(ctx) != "main" {
		t.Errorf("for a pull request: %q on %q", w.SHA(), w.Branch(ctx))
	}
}

// TestBrokenClone holds that a workflow's policy is not taken from the workspace where the commit's cannot be
// read: a step may have written the one and broken the other.
func TestBrokenClone(t *testing.T) {
	w := world(t)
	if _, err := w.Files.Write(".github/slipway.yml", []byte("version: 1\n")); err != nil {
		t.Fatal(err)
	}
	w.Dir = w.Files.Dir
	for name, tt := range map[string]struct {
		facts runner.Facts
		err   error
		read  bool
	}{
		"broken":          {runner.Facts{Actions: true}, errors.New("git rev-parse: bad"), false},
		"nothing cloned":  {runner.Facts{Actions: true}, fmt.Errorf("%w: /w", gitrepo.ErrNotARepository), true},
		"broken, at home": {runner.Facts{}, errors.New("git rev-parse: bad"), true},
	} {
		w.Facts, w.RepoErr = tt.facts, tt.err
		for _, wanted := range []bool{true, false} {
			_, err := w.LoadPolicy(t.Context(), ".github/slipway.yml", "", wanted)
			var unknown *action.UnknownError
			if read := err == nil; read != tt.read || !read && !errors.As(err, &unknown) {
				t.Errorf("%s, wanted %t: %v", name, wanted, err)
			}
		}
	}
}
