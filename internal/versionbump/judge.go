package versionbump

import (
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/change"
	"github.com/slipway-actions/slipway/internal/semver"
)

// judged is a change of the release and what it asks for.
type judged struct {
	*change.Change              // one of those that all lines have
	Level          semver.Level // by the policy, of all since the last final version
	// New tells that it is not yet in a pre-release of the channel; Anew is what it asks for of those
	// who have the last one. What takes back something of it undoes that in the final version, but is a
	// change of the next pre-release.
	New   bool
	Anew  semver.Level
	Label string // of the pull request that said so; "" where the message did
	Pull  int    // that pull request; 0 for none
}

// options are what reading the changes needs to know of the policy.
func (i inputs) options() change.Options {
	return change.Options{Repository: i.repository, SquashBodies: i.types.SquashBodies, Types: i.types.TypeNames()}
}

// judge takes a line's changes out of those of the whole range, and weighs them.
func (e *evidence) judge(changes []change.Change, s since, labels map[string]label) {
	own, fresh := s.has, s.news
	if len(e.line.paths) == 0 { // it takes nearly all
		e.commits = slices.Grow(e.commits, len(changes))
	}
	for i := range changes {
		c := &changes[i]
		if !own(c.Commit.SHA) {
			continue
		}
		j := judged{Change: c, New: fresh(c.Commit.SHA)}
		level := e.level(c)
		if l, ok := labels[c.Commit.SHA]; ok && c.State == change.Counts {
			level, j.Label, j.Pull = l.level, l.name, l.pull
		}
		if c.Fresh(own) {
			j.Level = level
		}
		// What came once more, as a branch and then as its squash, is no news to those who have it.
		if c.Fresh(fresh) && !slices.ContainsFunc(c.Also, func(sha string) bool { return own(sha) && !fresh(sha) }) {
			j.Anew = level
		}
		touches := e.line.touches(*c.Commit)
		if touches {
			e.commits = append(e.commits, j)
		}
		e.asked = append(e.asked, wishes(j, e.line, !touches)...)
	}
}

// lookAround finds a component that this line is built from, near or far, and that has changed since this
// line's latest release. That one may be tagged by now, by the job beside this one or long before: it is
// no less news to this line.
func (e *evidence) lookAround(changes []change.Change, s since, labels map[string]label, all []evidence) {
	if e.latest == nil || len(e.line.dependsOn) == 0 {
		return
	}
	below := upstream(e.line, all)
	for _, c := range changes {
		level := e.level(&c)
		if l, ok := labels[c.Commit.SHA]; ok && c.State == change.Counts {
			level = l.level
		}
		if level == semver.None || !c.Fresh(s.news) {
			continue
		}
		if at := slices.IndexFunc(below, func(l line) bool { return l.touches(*c.Commit) }); at >= 0 {
			e.moved = below[at].component
			return
		}
	}
}

// upstream are the components that a line is built from, near or far, without itself.
func upstream(l line, all []evidence) []line {
	names := slices.Clone(l.dependsOn)
	var found []line
	for n := 0; n < len(names); n++ {
		at := slices.IndexFunc(all, func(e evidence) bool { return e.line.component == names[n] })
		if at < 0 || names[n] == l.component {
			continue
		}
		found = append(found, all[at].line)
		for _, d := range all[at].line.dependsOn {
			if !slices.Contains(names, d) {
				names = append(names, d)
			}
		}
	}
	return found
}

// level is what a message asks for. To take back something that was released is a fix, whether the
// policy lists reverts or not.
func (i inputs) level(c *change.Change) semver.Level {
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
func gitsOwn(c *change.Change) bool {
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

// wishes are what the Release-As footers of a change ask for: of this line a version alone, or its tag
// in full, which means the line whatever the commit touches; with inFull only that. Merges may ask too.
func wishes(c judged, l line, inFull bool) []wish {
	if c.State != change.Counts && c.State != change.Merges {
		return nil
	}
	var asked []wish
	texts := c.Values("Release-As")
	if c.Type == "release-as" { // it is all that the message says
		texts = append(texts, c.Description)
	}
	for _, text := range texts {
		text, _, _ = strings.Cut(strings.TrimSpace(text), "\n")
		text = strings.TrimSpace(text)
		w := wish{sha: c.Commit.SHA, text: text, fresh: c.New}
		if v, ok := semver.ParseTag(text, l.prefix); ok && l.prefix != "" {
			w.version = v
		} else if inFull || l.foreign(text) {
			continue
		} else if v, err := semver.Parse(strings.TrimPrefix(text, "v")); err == nil {
			w.version = v
		}
		asked = append(asked, w)
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
