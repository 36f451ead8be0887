package change_test

import (
	"testing"

	"github.com/slipway-actions/slipway/internal/change"
)

func TestRepeats(t *testing.T) {
	base := made{"base", "", "chore: base"}
	squashes := change.Options{SquashBodies: true}
	tell(t, []story{
		{name: "a pick", history: []made{base, {"x", "base", "feat: x"}, {"p", "base", "feat: x\n\n(cherry picked from commit {x})"}, {"m", "p x", "Merge branch 'topic'"}}, want: `
			base counts: chore: base
			x repeats p
			p counts: feat: x +x
			m merges`},
		{name: "a pick with other words", history: []made{base, {"x", "base", "feat: x"}, {"p", "base", "fix: x for 1.x\n\nBREAKING CHANGE: b\n\n(cherry picked from commit {x})"}, {"m", "p x", "Merge branch 'topic'"}}, want: `
			base counts: chore: base
			x counts: feat!: x +p
			p repeats x
			m merges`},
		{name: "a squash and its branch", history: []made{base, {"x", "base", "feat: x"}, {"s", "base", "feat: x (#7)"}, {"m", "s x", "Merge branch 'topic'"}}, want: `
			base counts: chore: base
			x repeats s
			s counts: feat: x #7 +x
			m merges`},
		{name: "a squash and its branch, with other words", history: []made{base, {"x", "base", "feat: a part of x (#7)"}, {"s", "base", "feat: x (#7)"}, {"m", "s x", "Merge branch 'topic'"}}, want: `
			base counts: chore: base
			x repeats s
			s counts: feat: x #7 +x
			m merges`},
		{name: "a squash and its branch, by the merge's number", history: []made{base, {"x", "base", "feat: a part of x"}, {"s", "base", "fix: x (#7)"}, {"m", "s x", "Merge pull request #7 from acme/topic"}}, want: `
			base counts: chore: base
			x counts: feat: a part of x #7 +s
			s repeats x
			m merges`},
		{name: "one number in one line is two changes", history: []made{{"x", "", "feat: x (#7)"}, {"y", "", "fix: y (#7)"}}, want: `
			x counts: feat: x #7
			y counts: fix: y #7`},
		{name: "one issue's number in two pull requests", history: []made{
			base, {"x", "base", "feat: x (#3)"}, {"m", "base x", "Merge pull request #7 from acme/x"}, {"y", "base", "feat: y (#3)"}, {"n", "m y", "Merge pull request #8 from acme/y"}}, want: `
			base counts: chore: base
			x counts: feat: x #3
			m merges
			y counts: feat: y #3
			n merges`},
		{name: "two lines of one pull request", history: []made{
			base, {"x", "base", "feat: x"}, {"y", "base", "feat: y"}, {"n", "x y", "Merge branch 'y' into x"}, {"m", "base n", "Merge pull request #7 from acme/x"}}, want: `
			base counts: chore: base
			x counts: feat: x #7
			y counts: feat: y #7
			n merges
			m merges`},
		{name: "the same words in one line", history: []made{{"x", "", "fix: typo"}, {"y", "", "Fix: typo"}, {"z", "", "fix(api): typo"}}, want: `
			x repeats y
			y counts: fix: typo +x
			z counts: fix(api): typo`},
		{name: "the same words of two pull requests", history: []made{{"x", "", "fix: typo (#1)"}, {"y", "", "fix: typo"}, {"z", "", "fix: typo (#2)"}}, want: `
			x counts: fix: typo #1
			y repeats z
			z counts: fix: typo #2 +y`},
		{name: "a port that names what it ports", history: []made{base, {"x", "base", "fix: a (#12)"}, {"p", "base", "fix: a (#12) (#13)"}, {"m", "p x", "Merge branch 'main'"}}, want: `
			base counts: chore: base
			x repeats p
			p counts: fix: a #13 +x
			m merges`},
		{name: "the stronger wins", history: []made{base, {"x", "base", "feat!: x (#7)\n\nBREAKING CHANGE: a"}, {"p", "base", "feat: x"}, {"m", "p x", "Merge branch 'topic'"}}, want: `
			base counts: chore: base
			x repeats p
			p counts: feat!: x #7 +x
			m merges`},
		{name: "a patch", history: []made{base, {"x", "base", "feat: x"}, {"p", "base", "fix: another word for it"}, {"q", "", "wip"}, {"m", "q x", "Merge branch 'topic'"}},
			options: change.Options{PatchIDs: map[string]string{id("x"): "1", id("p"): "1", id("base"): "", id("q"): ""}}, want: `
			base counts: chore: base
			x counts: feat: x +p
			p repeats x
			q counts: wip
			m merges`},
		{name: "without a type only side by side", history: []made{base, {"x", "base", "wip"}, {"y", "x", "wip"}, {"p", "base", "wip"}, {"m", "p y", "Merge branch 'topic'"}}, want: `
			base counts: chore: base
			x counts: wip
			y repeats p
			p counts: wip +y
			m merges`},
		{name: "what git commit --fixup left", history: []made{{"x", "", "feat: x"}, {"f", "", "fixup! feat: x"}, {"g", "", "fixup! squash! feat: x\n\nBREAKING CHANGE: b"}, {"h", "", "fixup! feat: old"}}, want: `
			x counts: feat!: x +g,f
			f repeats x
			g repeats x
			h counts: fixup! feat: old`},
		{name: "the list of a squash", options: squashes, history: []made{
			{"s", "", "feat: x (#12)\n\n* feat: x\n\nwhy\n\nBREAKING CHANGE: b\n\n* fix(ui): y (#5)\n\nCloses #4\n\n* some words\n\n---------\n\nCo-authored-by: Z <z@example.com>"}, {"t", "", "Search (#13)\n\n- feat: z\n- fix: w\n"}}, want: `
			s counts: fix(ui): y #5
			s counts: feat!: x #12
			t counts: fix: w #13
			t counts: feat: z #13`},
		{name: "the list of a squash, not read", history: []made{{"s", "", "fix: x (#12)\n\n* feat: x\n\n* feat!: y"}, {"t", "", "fix: z (#13)\n\n* feat: z\n\nBREAKING CHANGE: b"}}, want: `
			s counts: fix: x #12
			t counts: fix!: z #13`},
		{name: "the list of a squash and the branch", options: squashes, history: []made{base, {"x", "base", "feat: x"}, {"y", "x", "fix: y"}, {"s", "base", "X and y (#7)\n\n* feat: x\n\n* fix: y"}, {"m", "s y", "Merge branch 'topic'"}}, want: `
			base counts: chore: base
			x repeats s
			y repeats s
			s counts: fix: y #7 +y
			s counts: feat: x #7 +x
			m merges`},
		{name: "an override", history: []made{{"o", "", "Search (#7)\n\nfeat: not this\n\nBEGIN_COMMIT_OVERRIDE\nfeat: x\n\nBREAKING CHANGE: b\nfix(api): y\nchore: z\nEND_COMMIT_OVERRIDE\n\nBREAKING CHANGE: nor this"}}, want: `
			o counts: chore: z #7
			o counts: fix(api): y #7
			o counts: feat!: x #7`},
		{name: "nested commits", history: []made{{"o", "", "feat: x (#7)\n\nBEGIN_NESTED_COMMIT\nfix: y\n\nBREAKING CHANGE: b\nEND_NESTED_COMMIT\n"}}, want: `
			o counts: fix!: y #7
			o counts: feat: x #7`},
	})
}

func TestMerges(t *testing.T) {
	base := made{"base", "", "chore: base"}
	merge := func(branch, message string) []made {
		return []made{base, {"x", "base", branch}, {"m", "base x", message}}
	}
	tell(t, []story{
		{name: "git's", history: merge("feat: x", "Merge branch 'topic'"), want: `
			base counts: chore: base
			x counts: feat: x
			m merges`},
		{name: "GitHub's gives its number", history: merge("feat: x", "Merge pull request #7 from acme/topic\n\nAdd x"), want: `
			base counts: chore: base
			x counts: feat: x #7
			m merges`},
		{name: "not where there is one", history: merge("feat: x (#3)", "Merge pull request #7 from acme/topic"), want: `
			base counts: chore: base
			x counts: feat: x #3
			m merges`},
		{name: "GitLab's", history: merge("feat: x", "Merge branch 'topic' into 'main'\n\nAdd x\n\nSee merge request acme/shop!7"), want: `
			base counts: chore: base
			x counts: feat: x #7
			m merges`},
		{name: "Bitbucket's", history: merge("feat: x", "Merged in topic (pull request #7)\n\nAdd x"), want: `
			base counts: chore: base
			x counts: feat: x #7
			m merges`},
		{name: "Azure's", history: merge("feat: x", "Merged PR 7: Add x"), want: `
			base counts: chore: base
			x counts: feat: x #7
			m merges`},
		{name: "with a title that its branch has too", history: merge("feat: x", "Merge pull request #7 from acme/topic\n\nfeat: x"), want: `
			base counts: chore: base
			x counts: feat: x #7 +m
			m repeats x`},
		{name: "with a title that breaks", history: merge("feat: x", "Merge pull request #7 from acme/topic\n\nfeat!: x"), want: `
			base counts: chore: base
			x counts: feat!: x #7 +m
			m repeats x`},
		{name: "with a title that sums its branch up", history: merge("feat: a part of x", "Merge pull request #7 from acme/topic\n\nfeat: x"), want: `
			base counts: chore: base
			x counts: feat: a part of x #7
			m merges`},
		{name: "with a title that says more", history: merge("fix: y", "Merge pull request #7 from acme/topic\n\nfeat: x"), want: `
			base counts: chore: base
			x counts: fix: y #7
			m counts: feat: x #7`},
		{name: "with a title that alone breaks", history: merge("feat: a part of x", "Merge pull request #7 from acme/topic\n\nfeat!: x"), want: `
			base counts: chore: base
			x counts: feat: a part of x #7
			m counts: feat!: x #7`},
		{name: "with a title above commits without a type", history: merge("wip", "Merge pull request #7 from acme/topic\n\nfeat: x"), want: `
			base counts: chore: base
			x counts: wip #7
			m counts: feat: x #7`},
		{name: "with a header that its branch has too", history: merge("feat: x", "feat: x (#7)"), want: `
			base counts: chore: base
			x counts: feat: x #7 +m
			m repeats x`},
		{name: "with a header of its own", history: merge("feat: a part of x", "feat: x (#7)"), want: `
			base counts: chore: base
			x counts: feat: a part of x #7
			m counts: feat: x #7`},
		{name: "with a footer", history: merge("feat: x", "Merge branch 'topic'\n\nBREAKING CHANGE: b"), want: `
			base counts: chore: base
			x counts: feat: x
			m counts: ! Merge branch 'topic'`},
		{name: "with a footer that its branch has too", history: merge("feat: x\n\nBREAKING CHANGE: b", "Merge branch 'topic'\n\nBREAKING CHANGE: b"), want: `
			base counts: chore: base
			x counts: feat!: x
			m merges`},
		{name: "within merges", history: []made{
			base, {"a", "base", "feat: a"}, {"b", "base", "feat: b"}, {"n", "b a", "Merge pull request #5 from acme/inner"}, {"c", "base", "fix: c"}, {"m", "c n", "Merge pull request #7 from acme/outer"}}, want: `
			base counts: chore: base
			a counts: feat: a #5
			b counts: feat: b #7
			n merges
			c counts: fix: c
			m merges`},
		{name: "main merged into the branch first", history: []made{
			base, {"x", "base", "feat: x"}, {"y", "base", "fix: y"}, {"n", "x y", "Merge branch 'main' into topic"}, {"m", "y n", "Merge pull request #7 from acme/topic"}}, want: `
			base counts: chore: base
			x counts: feat: x #7
			y counts: fix: y
			n merges
			m merges`},
	})
}
