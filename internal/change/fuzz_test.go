package change_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/change"
	"github.com/slipway-actions/slipway/internal/commit"
)

// FuzzOf makes small histories out of bytes, in which each line of text is a message and each byte
// says on which commits it builds, and holds what is true of all: nothing panics or is dropped, and
// whatever does not count leads to a change that does, or to a revert that stands.
func FuzzOf(f *testing.F) {
	f.Add([]byte{0, 1, 2}, "feat: x\nRevert \"feat: x\"\nReapply \"feat: x\"", false)
	f.Add([]byte{0, 16, 33, 7}, "feat: x (#7)\nfeat: x\nfeat!: x (#7) (#8)\nMerge pull request #7 from a/b||feat: x", true)
	f.Add([]byte{0, 1, 1, 35}, "s (#7)||* feat: x|* Revert \"feat: x\"||This reverts commit @0.\nThis reverts commit @2, reversing|changes made to @1.", true)
	f.Add([]byte{9, 1, 90, 3}, "fixup! fixup! x\nx\nfixup! x\namend! fixup! x", false)
	f.Add([]byte{0, 1, 2}, "a||BEGIN_COMMIT_OVERRIDE|feat: x|feat: x|revert: feat: x|END_COMMIT_OVERRIDE\nreverts #7||Reverts #7", true)
	f.Add([]byte{0, 17, 34, 3, 2}, "x||(cherry picked from commit @1)\nx||(cherry picked from commit @0)\nrevert: x||Refs: @0, @1\nThis reverts commit|@2.\nReverts @3", true)
	f.Fuzz(func(t *testing.T, shape []byte, text string, squash bool) {
		var all []commit.Commit
		patches := map[string]string{}
		for i, line := range strings.Split(text, "\n") {
			if i == 40 || i == len(shape) {
				break
			}
			name := func(n int) string { return id(fmt.Sprint(n)) }
			c := commit.Commit{SHA: name(i)}
			for _, n := range []int{int(shape[i] % 16), int(shape[i] / 16)} { // 0 is none, n the nth before, 14 and 15 are later or elsewhere
				if n > 13 {
					n = -n + 13
				}
				if n != 0 {
					c.Parents = append(c.Parents, name(i-n))
				}
			}
			for n := range 10 {
				line = strings.ReplaceAll(line, fmt.Sprintf("@%d", n), name(n))
			}
			c.Message = strings.ReplaceAll(line, "|", "\n")
			patches[c.SHA] = strings.Repeat("p", int(shape[i]/16))
			all = append(all, c)
		}
		if shape := len(shape) % 2; shape == 0 {
			slices.Reverse(all)
		}
		check(t, all, change.Of(all, change.Options{Repository: "a/b", SquashBodies: squash, PatchIDs: patches}))
	})
}

func check(t *testing.T, all []commit.Commit, changes []change.Change) {
	t.Helper()
	of := map[string][]change.Change{}
	at := 0
	for _, c := range changes {
		of[c.Commit.SHA] = append(of[c.Commit.SHA], c)
		for at < len(all) && all[at].SHA != c.Commit.SHA {
			at++
		}
		if at == len(all) {
			t.Fatalf("the change %q is not in the order of the commits", c.Description)
		}
	}
	stands := func(id string) bool { // some change of the commit is not done away with
		return slices.ContainsFunc(of[id], func(c change.Change) bool { return c.State == change.Counts || c.State == change.Reverts })
	}
	for _, c := range all {
		if len(of[c.SHA]) == 0 {
			t.Errorf("%q is dropped", c.Message)
		}
	}
	for _, c := range changes {
		if (c.Other == "") != (c.State == change.Counts || c.State == change.Merges) {
			t.Errorf("%q has the state %d and the other %q", c.Commit.Message, c.State, c.Other)
		}
		for _, sha := range append(append([]string{}, c.Also...), c.Undoes...) {
			if of[sha] == nil {
				t.Errorf("%q names %s, which is none of the commits", c.Commit.Message, sha)
			}
		}
		switch {
		case c.Other == "":
		case of[c.Other] == nil:
			t.Errorf("%q is so because of %s, which is none of the commits", c.Commit.Message, c.Other)
		case (c.State == change.Repeats || c.State == change.Reverted) && !stands(c.Other):
			t.Errorf("%q does not count because of %q, which does not stand", c.Commit.Message, of[c.Other][0].Commit.Message)
		case c.State == change.Repeats && c.Breaking && !slices.ContainsFunc(of[c.Other], func(o change.Change) bool { return o.Breaking }):
			t.Errorf("%q breaks and repeats %q, which does not", c.Commit.Message, of[c.Other][0].Commit.Message)
		}
		if c.State == change.Merges && (len(c.Commit.Parents) < 2 || c.Breaking && !slices.ContainsFunc(changes, func(o change.Change) bool { return o.State == change.Counts && o.Breaking })) {
			t.Errorf("%q is no merge that says nothing", c.Commit.Message)
		}
	}
}
