package versionbump

import (
	"cmp"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/change"
	"github.com/slipway-actions/slipway/internal/commit"
	"github.com/slipway-actions/slipway/internal/semver"
)

// judged is a change of the release and what it asks for.
type judged struct {
	change.Change
	Level semver.Level // by the policy, of all since the last final version
	// Fresh tells that it is not yet in a pre-release of the channel; Anew is what it asks for among
	// those alone. What takes back something of the last pre-release undoes it in the final version,
	// but is a change of the next pre-release.
	Fresh bool
	Anew  semver.Level
	Label string // of the pull request that said so; "" where the message did
	Pull  int    // that pull request; 0 for none
}

// judge weighs commits by the policy. Fresh names those that are new on the channel; nil means all.
func judge(commits []commit.Commit, fresh map[string]bool, i inputs, labels map[string]label) []judged {
	o := change.Options{SquashBodies: i.types.SquashBodies, Repository: i.repository}
	all := weigh(change.Of(commits, o), i, labels)
	if fresh == nil {
		for n := range all {
			all[n].Fresh, all[n].Anew = true, all[n].Level
		}
		return all
	}
	newer := slices.DeleteFunc(slices.Clone(commits), func(c commit.Commit) bool { return !fresh[c.SHA] })
	anew := map[string]semver.Level{}
	for _, c := range weigh(change.Of(newer, o), i, labels) {
		anew[c.Commit.SHA] = max(anew[c.Commit.SHA], c.Level)
	}
	for n, c := range all {
		if fresh[c.Commit.SHA] {
			all[n].Fresh, all[n].Anew = true, anew[c.Commit.SHA]
		}
	}
	return all
}

// weigh finds what each change asks for.
func weigh(changes []change.Change, i inputs, labels map[string]label) []judged {
	all := make([]judged, len(changes))
	for n, c := range changes {
		all[n] = judged{Change: c}
		if c.State != change.Counts {
			continue
		}
		all[n].Level = i.level(c)
		if l, ok := labels[c.Commit.SHA]; ok {
			all[n].Level, all[n].Label, all[n].Pull = l.level, l.name, l.pull
		}
	}
	return all
}

// level is what a message asks for. To take back something that was released is a fix, whether the
// policy lists reverts or not.
func (i inputs) level(c change.Change) semver.Level {
	if c.Breaking {
		return semver.Major
	}
	kind := c.Type
	if !c.Parsed && gitsOwn(c) {
		kind = "revert"
	} else if !c.Parsed {
		return semver.None
	}
	level, listed := i.types.Types[kind]
	if kind == "revert" && !listed {
		level = i.types.Types["fix"]
	}
	return semver.Level(level)
}

// gitsOwn tells that git itself or GitHub's button wrote the subject.
func gitsOwn(c change.Change) bool {
	subject := c.Commit.Subject()
	return strings.HasPrefix(subject, `Revert "`) || strings.HasPrefix(subject, `Reapply "`)
}

// untyped tells that a change says nothing that could be judged, though it should.
func (c judged) untyped() bool {
	return !c.Parsed && !c.Breaking && c.State == change.Counts && c.Label == "" && !c.Commit.Merge() && !gitsOwn(c.Change)
}

// wish is a version that a commit asks for by name.
type wish struct {
	sha     string
	text    string          // as written
	version *semver.Version // nil where it is none
	fresh   bool            // not yet in a pre-release of the channel
}

// wishes are what the Release-As footers of changes ask for, newest first: for this line a version alone,
// or its tag in full; with inFull only that. Merges may ask too.
func wishes(changes []judged, l line, inFull bool) []wish {
	var asked []wish
	for _, c := range changes {
		if c.State != change.Counts && c.State != change.Merges {
			continue
		}
		for _, text := range c.Values("Release-As") {
			text, _, _ = strings.Cut(strings.TrimSpace(text), "\n")
			text = strings.TrimSpace(text)
			w := wish{sha: c.Commit.SHA, text: text, fresh: c.Fresh}
			if v, ok := semver.ParseTag(text, l.prefix); ok && l.prefix != "" {
				w.version = v
			} else if inFull || l.foreign(text) {
				continue
			} else if v, err := semver.Parse(strings.TrimPrefix(text, "v")); err == nil {
				w.version = v
			}
			if !slices.ContainsFunc(asked, func(o wish) bool { return o.sha == w.sha && o.text == w.text }) {
				asked = append(asked, w)
			}
		}
	}
	return asked
}

// foreign tells that a text is a tag of another line.
func (l line) foreign(text string) bool {
	return slices.ContainsFunc(l.others, func(prefix string) bool {
		_, ok := semver.ParseTag(text, prefix)
		return ok && prefix != l.prefix && prefix != "v" && prefix != ""
	})
}

// merge puts wishes in the order of their commits, each once.
func merge(a, b []wish, order []commit.Commit) []wish {
	at := make(map[string]int, len(order))
	for i, c := range order {
		at[c.SHA] = i
	}
	all := append(slices.Clone(a), b...)
	slices.SortStableFunc(all, func(x, y wish) int { return cmp.Compare(at[x.sha], at[y.sha]) })
	return slices.CompactFunc(all, func(x, y wish) bool { return x.sha == y.sha && x.text == y.text })
}
