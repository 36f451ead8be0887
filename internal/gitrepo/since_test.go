package gitrepo_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/slipway-actions/slipway/internal/commit"
)

// tangled makes a history of merges and forks, and its last commit the head. Its clocks are wrong for a
// dozen commits in a row, which is what it takes for git's own range to be wrong.
func tangled(t *testing.T, random *rand.Rand, commits int) string {
	t.Helper()
	dir := t.TempDir()
	run(t, dir, "init", "--quiet")
	var in strings.Builder
	for n := 1; n <= commits; n++ {
		date := 1_700_000_000 + n*60
		if n/12%2 == 1 {
			date = random.IntN(1000)
		}
		fmt.Fprintf(&in, "commit refs/tags/v%d\nmark :%d\ncommitter A <a@example.com> %d +0000\ndata 1\na\n", n, n, date)
		parents := 1
		if random.IntN(4) == 0 {
			parents = 2
		}
		for p := 0; p < parents && n > 1 && (n < 4 || random.IntN(30) > 0); p++ {
			verb := "merge"
			if p == 0 {
				verb = "from"
			}
			fmt.Fprintf(&in, "%s :%d\n", verb, max(1, n-1-p*random.IntN(40)))
		}
	}
	feed(t, dir, in.String()+"\n", "fast-import", "--quiet", "--force")
	run(t, dir, "update-ref", "refs/heads/main", fmt.Sprintf("refs/tags/v%d", commits))
	return dir
}

// TestSinceIsExact compares with what the parents alone say, on histories where git's own range is wrong.
func TestSinceIsExact(t *testing.T) {
	wrong := 0
	for seed := range uint64(6) {
		random := rand.New(rand.NewPCG(seed, 7))
		dir := tangled(t, random, 60)
		if seed%2 == 0 {
			run(t, dir, "commit-graph", "write", "--reachable")
		}
		r := open(t, dir)
		all, err := r.Log(t.Context(), "", r.Head, nil)
		if err != nil {
			t.Fatal(err)
		}
		g := commit.NewGraph(all)
		tags, err := r.Tags(t.Context(), r.Head)
		if err != nil || len(tags) != 60 {
			t.Fatalf("%d tags, %v", len(tags), err)
		}
		for _, tag := range tags {
			_, reachable := g.Find(tag.SHA)
			if tag.Reachable != reachable {
				t.Errorf("seed %d: %s is reachable: %v", seed, tag.Name, tag.Reachable)
			}
			before := make([]bool, len(all))
			g.Reach(before, tag.SHA)
			var want []string
			for i, c := range all {
				if !before[i] && reachable {
					want = append(want, c.SHA)
				}
			}
			commits, reached, err := r.Since(t.Context(), tag.SHA, r.Head, false)
			if err != nil || reached != reachable {
				t.Fatalf("seed %d, %s: reached %v, %v", seed, tag.Name, reached, err)
			}
			var got []string
			for _, c := range commits {
				got = append(got, c.SHA)
			}
			if fields := strings.Fields(run(t, dir, "rev-list", "HEAD", "^"+tag.SHA)); reachable && len(fields) != len(got) {
				wrong++
			}
			slices.Sort(want)
			slices.Sort(got)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("seed %d, %s: -want +got\n%s", seed, tag.Name, diff)
			}
			// One that is not reached excludes all the same what it shares.
			if shared, err := r.Log(t.Context(), tag.SHA, r.Head, nil); err != nil || reachable && len(shared) != len(want) {
				t.Errorf("seed %d, %s: log of %d, %v", seed, tag.Name, len(shared), err)
			}
		}
	}
	if wrong == 0 {
		t.Error("git's own range was never wrong, so this shows nothing")
	}
}

// No commit stands before its children, whatever the clocks say.
func TestOrder(t *testing.T) {
	dir := tangled(t, rand.New(rand.NewPCG(3, 3)), 60)
	log, err := open(t, dir).Log(t.Context(), "", "HEAD", nil)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, c := range log {
		seen[c.SHA] = true
		for _, p := range c.Parents {
			if seen[p] {
				t.Errorf("%s stands before its child %s", p, c.SHA)
			}
		}
	}
}

// A base that is no commit, or in another history, is not reached.
func TestSinceUnreached(t *testing.T) {
	dir := repository(t, "a", "b")
	blob := feed(t, dir, "text", "hash-object", "-w", "--stdin")
	alone := run(t, dir, "commit-tree", "-m", "alone", "HEAD^{tree}")
	r := open(t, dir)
	for _, base := range []string{blob, alone} {
		if commits, reached, err := r.Since(t.Context(), base, r.Head, false); err != nil || reached || commits != nil {
			t.Errorf("%s: %v, %v, %v", base, commits, reached, err)
		}
	}
	if commits, reached, err := r.Since(t.Context(), r.Head, r.Head, false); err != nil || !reached || len(commits) != 0 {
		t.Errorf("itself: %v, %v, %v", commits, reached, err)
	}
}

// Paths are those of each commit, a merge's those that it brings to its first parent, with whatever
// names: no name begins a commit.
func TestTouched(t *testing.T) {
	dir := repository(t, "first")
	add := func(message string, names ...string) {
		for _, name := range names {
			write(t, filepath.Join(dir, name), message)
		}
		run(t, dir, "add", ".")
		run(t, dir, "commit", "--quiet", "--allow-empty", "--message", message)
	}
	head := run(t, dir, "rev-parse", "HEAD")
	add("odd", "\nline", "a b", "é", head)
	run(t, dir, "checkout", "--quiet", "-b", "side")
	add("side", "api/x", "web/y")
	run(t, dir, "checkout", "--quiet", "main")
	add("same", "api/x")
	add("nothing")
	run(t, dir, "merge", "--quiet", "--no-ff", "-s", "recursive", "-X", "ours", "-m", "Merge side", "side")
	run(t, dir, "mv", "web/y", "web/z")
	add("moved")
	run(t, dir, "config", "diff.orderFile", "nowhere")
	run(t, dir, "config", "diff.renames", "copies")
	r := open(t, dir)
	commits, _, err := r.Since(t.Context(), "", r.Head, true)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][]string{}
	for _, c := range commits {
		got[c.Message] = c.Paths
	}
	want := map[string][]string{
		"first": nil, "odd": {"\nline", head, "a b", "é"}, "side": {"api/x", "web/y"}, "same": {"api/x"}, "nothing": nil,
		"Merge side": {"web/y"}, "moved": {"web/y", "web/z"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	// git log -- api would drop the side branch, whose result is not what stayed.
	if log, err := r.Log(t.Context(), "", r.Head, []string{"api"}); err != nil || len(log) != 2 {
		t.Errorf("log of api: %v, %v", log, err)
	}
}

func TestCommonBase(t *testing.T) {
	dir := repository(t, "a", "b", "c")
	a, b, c := run(t, dir, "rev-parse", "HEAD~2"), run(t, dir, "rev-parse", "HEAD~1"), run(t, dir, "rev-parse", "HEAD")
	alone := run(t, dir, "commit-tree", "-m", "alone", "HEAD^{tree}")
	r := open(t, dir)
	for name, tt := range map[string]struct {
		shas []string
		want string
	}{"one": {[]string{b}, b}, "one, twice": {[]string{b, b}, b}, "three": {[]string{c, a, b}, a}, "none": {[]string{a, alone}, ""}} {
		if got, err := r.CommonBase(t.Context(), tt.shas); err != nil || got != tt.want {
			t.Errorf("%s: %s, %v", name, got, err)
		}
	}
	if _, err := r.CommonBase(t.Context(), []string{a, strings.Repeat("1", 40)}); err == nil {
		t.Error("a commit that is not there has a base")
	}
}

func TestPatchIDs(t *testing.T) {
	dir := repository(t, "first")
	write(t, filepath.Join(dir, "a"), "text\n")
	run(t, dir, "add", ".")
	run(t, dir, "commit", "--quiet", "-m", "feat: a")
	picked := run(t, dir, "rev-parse", "HEAD")
	run(t, dir, "checkout", "--quiet", "-b", "other", "HEAD~1")
	write(t, filepath.Join(dir, "b"), "other\n")
	run(t, dir, "add", ".")
	run(t, dir, "commit", "--quiet", "-m", "fix: b")
	different := run(t, dir, "rev-parse", "HEAD")
	run(t, dir, "cherry-pick", "-x", picked)
	again := run(t, dir, "rev-parse", "HEAD")
	empty := run(t, dir, "rev-parse", "HEAD~2")
	run(t, dir, "config", "diff.external", "/bin/false")
	ids, err := open(t, dir).PatchIDs(t.Context(), []string{picked, again, different, empty})
	if err != nil || len(ids) != 3 || ids[picked] != ids[again] || ids[picked] == ids[different] || ids[picked] == "" {
		t.Errorf("%v, %v", ids, err)
	}
	if ids, err := open(t, dir).PatchIDs(t.Context(), nil); err != nil || len(ids) != 0 {
		t.Errorf("of none: %v, %v", ids, err)
	}
}
