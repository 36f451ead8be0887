package change_test

import (
	"crypto/sha1"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/slipway-actions/slipway/internal/change"
	"github.com/slipway-actions/slipway/internal/commit"
)

// made is a commit of a test's history: its name, its parents' names, "" for the commit before it,
// and its message, in which {name} and {name:7} stand for the id of another one.
type made struct{ name, parents, message string }

// id is the id of a commit by name.
func id(name string) string {
	sum := sha1.Sum([]byte(name))
	return hex.EncodeToString(sum[:])
}

var placeholder = regexp.MustCompile(`\{([a-z0-9]+)(:7)?\}`)

// commits makes a history, given from its oldest commit on, and returns it from its newest.
func commits(history []made) []commit.Commit {
	var all []commit.Commit
	for i, m := range history {
		c := commit.Commit{SHA: id(m.name)}
		if m.parents == "" && i > 0 {
			c.Parents = []string{id(history[i-1].name)}
		}
		for _, name := range strings.Fields(m.parents) {
			c.Parents = append(c.Parents, id(name))
		}
		c.Message = placeholder.ReplaceAllStringFunc(m.message, func(text string) string {
			p := placeholder.FindStringSubmatch(text)
			if p[2] != "" {
				return id(p[1])[:7]
			}
			return id(p[1])
		})
		all = append(all, c)
	}
	slices.Reverse(all)
	return all
}

// told is a line for each change, from the oldest on: what became of it, and what it says.
func told(history []made, o change.Options) string {
	names := map[string]string{"": ""}
	for _, m := range history {
		names[id(m.name)] = m.name
	}
	list := func(ids []string) string {
		var all []string
		for _, sha := range ids {
			all = append(all, names[sha])
		}
		return strings.Join(all, ",")
	}
	var lines []string
	for _, c := range change.Of(commits(history), o) {
		line := names[c.Commit.SHA] + " " + []string{"counts", "merges", "repeats", "reverted", "reverts"}[c.State]
		if c.Other != "" {
			line += " " + names[c.Other]
		}
		if c.State == change.Counts {
			line += ": "
			if c.Parsed {
				line += c.Type
				if c.Scope != "" {
					line += "(" + c.Scope + ")"
				}
				if c.Breaking {
					line += "!"
				}
				line += ": "
			} else if c.Breaking {
				line += "! "
			}
			line += c.Description
			if c.Pull != "" {
				line += " #" + c.Pull
			}
		}
		if len(c.Also) > 0 {
			line += " +" + list(c.Also)
		}
		if c.State == change.Counts && len(c.Undoes) > 0 {
			line += " -" + list(c.Undoes)
		}
		lines = append(lines, line)
	}
	slices.Reverse(lines)
	return strings.Join(lines, "\n")
}

type story struct {
	name    string
	history []made
	options change.Options
	want    string
}

func tell(t *testing.T, stories []story) {
	t.Helper()
	for _, s := range stories {
		t.Run(s.name, func(t *testing.T) {
			var want []string
			for line := range strings.Lines(s.want) {
				if line = strings.TrimSpace(line); line != "" {
					want = append(want, line)
				}
			}
			if diff := cmp.Diff(strings.Join(want, "\n"), told(s.history, s.options)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func TestReverts(t *testing.T) {
	x := made{"x", "", "feat: x (#7)"}
	acme := change.Options{Repository: "acme/shop"}
	tell(t, []story{
		{name: "git revert", history: []made{x, {"r", "", "Revert \"feat: x (#7)\"\n\nThis reverts commit {x}."}}, want: `
			x reverted r
			r reverts x`},
		{name: "a short id", history: []made{x, {"r", "", "Take x back\n\nThis reverts commit {x:7}."}}, want: `
			x reverted r
			r reverts x`},
		{name: "git revert --reference", history: []made{x, {"y", "", "fix: y"}, {"r", "", "Take both back\n\nThis reverts commit {x:7} (feat: x, 2024-01-02) and {y:7} (fix: y,\n2024-01-03)."}}, want: `
			x reverted r
			y reverted r
			r reverts x`},
		{name: "several", history: []made{x, {"y", "", "fix: y"}, {"z", "", "fix: z"}, {"r", "", "revert: all of it\n\nThis reverts commits {x}, {y:7} and\n{z}."}}, want: `
			x reverted r
			y reverted r
			z reverted r
			r reverts x`},
		{name: "several sentences", history: []made{x, {"y", "", "fix: y"}, {"r", "", "Revert things\n\nThis reverts commit {x}.\nThis reverts commit {y}.\n"}}, want: `
			x reverted r
			y reverted r
			r reverts x`},
		{name: "with a reason", history: []made{x, {"r", "", "Revert \"feat: x\"\n\nThis reverts commit {x} because it is slow."}}, want: `
			x reverted r
			r reverts x`},
		{name: "in part", history: []made{x, {"r", "", "fix: less of x\n\nThis reverts commit {x} partially."}}, want: `
			x counts: feat: x #7
			r counts: fix: less of x`},
		{name: "partially, in another order", history: []made{x, {"r", "", "fix: less of x\n\nThis partially reverts commit {x}."}}, want: `
			x counts: feat: x #7
			r counts: fix: less of x`},
		{name: "prose", history: []made{x, {"r", "", "fix: y\n\nSince {x} this was wrong. We may revert commit {x} some day.\nNobody reverts {x}."}}, want: `
			x counts: feat: x #7
			r counts: fix: y`},
		{name: "of something released", history: []made{x, {"r", "", "Revert \"feat(api): old (#3)\" (#8)\n\nThis reverts commit {old}."}}, want: `
			x counts: feat: x #7
			r counts: revert(api): revert "old" #8`},
		{name: "the type, of something released", history: []made{{"r", "", "revert: feat: old\n\nRefs: 676104e, a215868"}}, want: `
			r counts: revert: revert "old"`},
		{name: "the example of the specification", history: []made{{"r", "", "revert: let us never again speak of the noodle incident\n\nRefs: 676104e, a215868"}}, want: `
			r counts: revert: let us never again speak of the noodle incident`},
		{name: "the type with refs", history: []made{x, {"y", "", "fix: y"}, {"r", "", "revert: x and y\n\nRefs: {x:7}, {y:7}"}}, want: `
			x reverted r
			y reverted r
			r reverts x`},
		{name: "the type with the sentence", history: []made{x, {"r", "", "revert(api): feat: x\n\nThis reverts commit {x}."}}, want: `
			x reverted r
			r reverts x`},
		{name: "the type alone", history: []made{x, {"r", "", "revert: feat: x"}}, want: `
			x reverted r
			r reverts x`},
		{name: "the type and a description", history: []made{x, {"r", "", "revert: x"}}, want: `
			x reverted r
			r reverts x`},
		{name: "the type and a number", history: []made{x, {"r", "", "revert: search\n\nRefs: #7"}}, want: `
			x reverted r
			r reverts x`},
		{name: "another type", history: []made{x, {"r", "", "fix: back out x\n\nThis reverts commit {x}."}}, want: `
			x reverted r
			r reverts x`},
		{name: "another type and the words", history: []made{x, {"r", "", "chore: revert \"feat: x\""}}, want: `
			x reverted r
			r reverts x`},
		{name: "words without quotes", history: []made{x, {"r", "", "Revert feat: x"}}, want: `
			x reverted r
			r reverts x`},
		{name: "words that revert nothing", history: []made{x, {"r", "", "Revert to the old parser"}}, want: `
			x counts: feat: x #7
			r counts: Revert to the old parser`},
		{name: "by the way", history: []made{x, {"r", "", "feat: y\n\nIt is better than x.\n\nThis reverts commit {x}."}}, want: `
			x reverted r
			r counts: feat: y -x`},
		{name: "a feature that takes the place", history: []made{x, {"r", "", "feat: y\n\nThis reverts commit {x}."}}, want: `
			x reverted r
			r counts: feat: y -x`},
		{name: "one in the list of a squash", history: []made{x, {"r", "", "feat: y (#9)\n\n* feat: y\n\n* Revert \"feat: x\"\n\nThis reverts commit {x}.\n"}}, want: `
			x counts: feat: x #7
			r counts: feat: y #9`},
		{name: "one in the list of a squash that is read", history: []made{x, {"r", "", "feat: y (#9)\n\n* feat: y\n\n* Revert \"feat: x\"\n\nThis reverts commit {x}.\n"}},
			options: change.Options{SquashBodies: true}, want: `
			x reverted r
			r reverts x
			r counts: feat: y #9`},
		{name: "within the list of a squash", history: []made{{"s", "", "Search (#9)\n\n* feat: y\n\n* fix: z\n\n* Revert \"feat: y\"\n\nThis reverts commit {gone}.\n"}},
			options: change.Options{SquashBodies: true}, want: `
			s reverts s
			s counts: fix: z #9
			s reverted s`},
		{name: "GitHub's button", options: acme, history: []made{x, {"r", "", "Revert \"feat: x\" (#8)\n\nReverts acme/shop#7"}}, want: `
			x reverted r
			r reverts x`},
		{name: "GitHub's button, after the title was edited", options: acme, history: []made{x, {"r", "", "Revert \"feat: search\" (#8)\n\nReverts acme/shop#7"}}, want: `
			x reverted r
			r reverts x`},
		{name: "by number", history: []made{x, {"r", "", "revert: search (#8)\n\nReverts #7"}}, want: `
			x reverted r
			r reverts x`},
		{name: "by another repository's number", options: acme, history: []made{x, {"r", "", "Revert \"feat: y\" (#8)\n\nReverts acme/web#7"}}, want: `
			x counts: feat: x #7
			r counts: revert: revert "y" #8`},
		{name: "by the words alone", history: []made{x, {"r", "", "Revert \"feat: x (#7)\" (#8)"}}, want: `
			x reverted r
			r reverts x`},
		{name: "by the words without number", history: []made{x, {"r", "", "Revert \"feat: x\""}}, want: `
			x reverted r
			r reverts x`},
		{name: "the words of another pull request", history: []made{x, {"r", "", "Revert \"feat: x (#5)\" (#8)"}}, want: `
			x counts: feat: x #7
			r counts: revert: revert "x" #8`},
		{name: "a breaking one", history: []made{{"x", "", "feat!: x"}, {"r", "", "Revert \"feat!: x\"\n\nThis reverts commit {x}."}}, want: `
			x reverted r
			r reverts x`},
		{name: "one that breaks", history: []made{{"r", "", "revert!: feat: old"}}, want: `
			r counts: revert!: revert "old"`},
		{name: "one that breaks by a footer", history: []made{{"r", "", "Revert \"feat: old\"\n\nThis reverts commit {old}.\n\nBREAKING CHANGE: old is gone"}}, want: `
			r counts: revert!: revert "old"`},
		{name: "only of something earlier", history: []made{{"r", "", "Revert \"feat: x\""}, x}, want: `
			r counts: revert: revert "x"
			x counts: feat: x #7`},
		{name: "only of something earlier, by id", history: []made{{"r", "", "Revert \"feat: x\"\n\nThis reverts commit {x}."}, x}, want: `
			r counts: revert: revert "x"
			x counts: feat: x #7`},
		{name: "an id from before a rebase", history: []made{x, {"r", "", "Revert \"feat: x\"\n\nThis reverts commit {gone}."}}, want: `
			x reverted r
			r reverts x`},
		{name: "all of what is squashed", options: change.Options{SquashBodies: true}, history: []made{
			{"s", "", "feat: x (#7)\n\n* feat: x\n\n* fix: y"}, {"r", "", "Revert \"feat: x (#7)\"\n\nThis reverts commit {s}."}}, want: `
			s reverted r
			s reverted r
			r reverts s`},
		{name: "what an override says", history: []made{
			{"o", "", "Search (#7)\n\nBEGIN_COMMIT_OVERRIDE\nfeat: x\nfix: y\nEND_COMMIT_OVERRIDE"}, {"r", "", "Revert \"Search (#7)\" (#8)"}}, want: `
			o reverted r
			o reverted r
			r reverts o`},
	})
}

func TestRevertsOfReverts(t *testing.T) {
	x := made{"x", "", "feat: x"}
	r := made{"r", "", "Revert \"feat: x\"\n\nThis reverts commit {x}."}
	tell(t, []story{
		{name: "a revert of a revert", history: []made{x, r, {"s", "", "Revert \"Revert \"feat: x\"\"\n\nThis reverts commit {r}."}}, want: `
			x counts: feat: x
			r reverted s
			s reverts r`},
		{name: "with escaped quotes and no id", history: []made{x, r, {"s", "", `Revert "Revert \"feat: x\"" (#9)`}}, want: `
			x counts: feat: x
			r reverted s
			s reverts r`},
		{name: "git's reapply", history: []made{x, r, {"s", "", "Reapply \"feat: x\"\n\nThis reverts commit {r}."}}, want: `
			x counts: feat: x
			r reverted s
			s reverts r`},
		{name: "git's reapply without id", history: []made{x, {"r", "", "revert: feat: x"}, {"s", "", "Reapply \"feat: x\""}}, want: `
			x counts: feat: x
			r reverted s
			s reverts r`},
		{name: "three", history: []made{x, r, {"s", "", "Reapply \"feat: x\"\n\nThis reverts commit {r}."}, {"u", "", "Revert \"Reapply \"feat: x\"\"\n\nThis reverts commit {s}."}}, want: `
			x reverted r
			r reverts x
			s reverted u
			u reverts s`},
		{name: "reverted, reapplied and reverted by the same words", history: []made{x, {"r", "", `Revert "feat: x"`}, {"s", "", `Reapply "feat: x"`}, {"u", "", `Revert "feat: x"`}}, want: `
			x reverted u
			r reverted s
			s reverts r
			u reverts x`},
		{name: "made again", history: []made{x, {"r", "", `Revert "feat: x"`}, {"y", "", "feat: x"}}, want: `
			x reverted r
			r reverts x
			y counts: feat: x`},
		{name: "made again and reverted again", history: []made{x, {"r", "", `Revert "feat: x"`}, {"y", "", "feat: x"}, {"s", "", `Revert "feat: x"`}}, want: `
			x reverted r
			r reverts x
			y reverted s
			s reverts y`},
		{name: "two of one", history: []made{x, r, {"s", "", "Revert \"feat: x\" again\n\nThis reverts commit {x}."}}, want: `
			x reverted s
			r reverts x
			s reverts x`},
		{name: "of a revert that is released", history: []made{{"s", "", "Reapply \"feat(api)!: x (#7)\" (#9)\n\nThis reverts commit {r}."}}, want: `
			s counts: feat(api)!: x #9`},
		{name: "of a revert of something released", history: []made{{"r", "", "Revert \"feat: old\""}, {"s", "", "Revert \"Revert \"feat: old\"\""}}, want: `
			r reverted s
			s reverts r`},
	})
}

func TestRevertsOfMergesAndPicks(t *testing.T) {
	base := made{"base", "", "chore: base"}
	tell(t, []story{
		{name: "of a merge", history: []made{
			base, {"a", "base", "feat: a"}, {"b", "a", "fix: b"}, {"m", "base b", "Merge branch 'topic'"},
			{"r", "", "Revert \"Merge branch 'topic'\"\n\nThis reverts commit {m}, reversing\nchanges made to {base}."}}, want: `
			base counts: chore: base
			a reverted r
			b reverted r
			m reverted r
			r reverts m`},
		{name: "of a merge, against the other parent", history: []made{
			base, {"a", "base", "feat: a"}, {"x", "base", "feat: x"}, {"m", "x a", "Merge branch 'topic'"},
			{"r", "", "Revert \"topic\"\n\nThis reverts commit {m}, reversing\nchanges made to {a}."}}, want: `
			base counts: chore: base
			a counts: feat: a
			x counts: feat: x
			m merges
			r counts: revert: revert "topic"`},
		{name: "of a merge of merges", history: []made{
			base, {"a", "base", "feat: a"}, {"b", "base", "feat: b"}, {"n", "b a", "Merge branch 'inner'"}, {"c", "base", "fix: c"}, {"m", "c n", "Merge pull request #7 from acme/outer"},
			{"r", "", "Revert \"outer\" (#8)\n\nReverts acme/shop#7"}}, want: `
			base counts: chore: base
			a reverted r
			b reverted r
			n reverted r
			c counts: fix: c
			m reverted r
			r reverts m`},
		{name: "of a merge, and of that", history: []made{
			base, {"a", "base", "feat: a"}, {"m", "base a", "Merge branch 'topic'"},
			{"r", "", "Revert \"Merge branch 'topic'\"\n\nThis reverts commit {m}, reversing\nchanges made to {base}."}, {"s", "", "Reapply topic\n\nThis reverts commit {r}."}}, want: `
			base counts: chore: base
			a counts: feat: a
			m merges
			r reverted s
			s reverts r`},
		{name: "of a pick, by its own id", history: []made{base, {"x", "base", "feat: x"}, {"p", "base", "feat: x\n\n(cherry picked from commit {x})"}, {"r", "", "Revert \"feat: x\"\n\nThis reverts commit {p}."}}, want: `
			base counts: chore: base
			x counts: feat: x
			p reverted r
			r reverts p`},
		{name: "of a pick, by the id of what was picked", history: []made{base, {"p", "base", "feat: y\n\n(cherry picked from commit {x})"}, {"r", "", "Take it back\n\nThis reverts commit {x}."}}, want: `
			base counts: chore: base
			p reverted r
			r reverts p`},
		{name: "of both, where both are merged before", history: []made{
			base, {"x", "base", "feat: x"}, {"p", "base", "feat: x"}, {"m", "p x", "Merge branch 'topic'"}, {"r", "", "Revert \"feat: x\"\n\nThis reverts commit {p}."}}, want: `
			base counts: chore: base
			x reverted r
			p reverted r
			m merges
			r reverts p`},
		{name: "of one, where the other is merged later", history: []made{
			base, {"x", "base", "feat: x"}, {"p", "base", "feat: x"}, {"r", "p", "Revert \"feat: x\"\n\nThis reverts commit {p}."}, {"m", "r x", "Merge branch 'topic'"}}, want: `
			base counts: chore: base
			x counts: feat: x
			p reverted r
			r reverts p
			m merges`},
		{name: "of one of two with the same words in one line", history: []made{base, {"x", "", "fix: typo"}, {"y", "", "fix: typo"}, {"r", "", "Revert \"fix: typo\"\n\nThis reverts commit {y}."}}, want: `
			base counts: chore: base
			x counts: fix: typo
			y reverted r
			r reverts y`},
		{name: "of one of two with one number", history: []made{{"x", "", "feat: x (#7)"}, {"y", "", "fix: y (#7)"}, {"r", "", "Revert \"feat: x (#7)\" (#8)\n\nReverts acme/shop#7"}}, want: `
			x reverted r
			y counts: fix: y #7
			r reverts x`},
		{name: "in a pull request that is merged", history: []made{
			base, {"x", "", "feat: x"}, {"r", "x", "Revert \"feat: x\"\n\nThis reverts commit {x}."}, {"m", "x r", "Merge pull request #8 from acme/revert-7\n\nRevert \"feat: x\""}}, want: `
			base counts: chore: base
			x reverted m
			r reverts x
			m reverts x`},
		{name: "of what a merge says itself", history: []made{
			base, {"x", "base", "feat: x"}, {"m", "base x", "feat: x (#7)"}, {"r", "", "Revert \"feat: x\"\n\nThis reverts commit {x}."}}, want: `
			base counts: chore: base
			x reverted r
			m reverted r
			r reverts x`},
	})
}
