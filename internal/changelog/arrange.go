package changelog

import (
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/ancestry"
	"github.com/slipway-actions/slipway/internal/change"
	"github.com/slipway-actions/slipway/internal/commit"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/publish"
)

// notes are a release's entries, arranged for an audience.
type notes struct {
	release
	groups   []group
	breaking int              // entries that break something
	shown    int              // changes that have an entry
	people   []person         // who contributed; empty where the audience is not told
	left     []*commit.Commit // of types that no section lists
	unread   []*commit.Commit // without a type
	hidden   []left           // from this audience
	folded   []left           // that do not count: reverted, repeated
}

// left is a change that is not in the notes, and why.
type left struct {
	commit *commit.Commit
	why    string
}

// group is a section's entries.
type group struct {
	title   string
	entries []entry
}

// Sections that every policy has. Their entries come from what a change says of itself.
const (
	breakingTitle   = "Breaking changes"
	securityTitle   = "Security"
	upgradeTitle    = "Upgrade notes"
	deprecatedTitle = "Deprecated"
	knownTitle      = "Known issues"
	othersTitle     = "Other changes"
)

// arrangement is how notes are made: all that is the same for every release.
type arrangement struct {
	uncredited bool // nobody will see who contributed
	sections   []policy.Section
	view       view
	links      links
	policy     policy.Versioning // which types there are, and whether lists in squash merges are read
	patchIDs   map[string]string // by commit
	before     ancestry.Before   // what came before the release that is asked for
	logins     map[string]string // of authors by commit, from the API
	layout     *layout           // nil: the built-in form
	known      map[string]bool   // who contributed before, see identities; nil where nobody looked
	titles     []string          // of sections in their order
	byType     map[string]string // title by commit type
}

// prepared fills in what follows from the policy's sections. One that lists the type security or
// deprecate gives that section its title; what breaks, security and what to do lead.
func (a arrangement) prepared() arrangement {
	a.byType = map[string]string{}
	for _, s := range a.sections {
		for _, t := range s.Types {
			if t = strings.ToLower(t); a.byType[t] == "" {
				a.byType[t] = s.Title
			}
		}
	}
	for t, title := range map[string]string{"security": securityTitle, "deprecate": deprecatedTitle} {
		if a.byType[t] == "" {
			a.byType[t] = title
		}
	}
	if a.byType["deprecated"] == "" {
		a.byType["deprecated"] = a.byType["deprecate"]
	}
	a.titles = []string{breakingTitle, a.byType["security"], upgradeTitle, a.byType["deprecate"]}
	for _, s := range a.sections {
		a.titles = append(a.titles, s.Title)
	}
	a.titles = append(a.titles, knownTitle, othersTitle)
	return a
}

// options are how messages are read.
func (a arrangement) options() change.Options {
	return change.Options{Repository: a.links.name(), SquashBodies: a.policy.SquashBodies, Types: a.policy.TypeNames(), PatchIDs: a.patchIDs}
}

// arrange sorts a release's changes into sections, newest first.
func (a arrangement) arrange(r release) notes {
	n := notes{release: r}
	groups := map[string][]entry{}
	credited := a.view.credits() && !a.uncredited
	for _, c := range a.before.Of(r.commits, a.options()) {
		if !r.touched(c) {
			continue
		}
		if c.State != change.Counts {
			if why := folded(c); why != "" {
				n.folded = append(n.folded, left{c.Commit, why})
			}
			continue
		}
		if why, yes := a.view.hides(c); yes {
			n.hidden = append(n.hidden, left{c.Commit, why})
			for _, f := range footers(c, upgradeTokens) { // what to do is hidden from nobody
				groups[upgradeTitle] = append(groups[upgradeTitle], noteOf(c, f))
			}
			continue
		}
		title, e := a.place(c)
		noted := a.footnotes(c, title, groups)
		switch {
		case title != "" && a.shows(title):
			groups[title] = append(groups[title], e)
			n.shown++
			if c.Breaking {
				n.breaking++
			}
		case title != "":
			n.hidden = append(n.hidden, left{c.Commit, title + " is not shown to this audience"})
		case noted:
			n.shown++
		case c.Parsed:
			n.left = append(n.left, c.Commit)
		default:
			n.unread = append(n.unread, c.Commit)
		}
		if credited && len(c.Values(publish.ReleaseTrailer)) == 0 { // landing a release is its last step
			n.people = append(n.people, a.authors(c)...)
		}
	}
	for _, title := range a.titles {
		if entries := groups[title]; len(entries) > 0 {
			n.groups = append(n.groups, group{title, entries})
			delete(groups, title)
		}
	}
	n.people = a.contributors(n.people)
	return n
}

// touched tells whether one of the commits that bring a change counts.
func (r release) touched(c change.Change) bool {
	return r.counts == nil || r.counts[c.Commit.SHA] || slices.ContainsFunc(c.Also, func(sha string) bool { return r.counts[sha] })
}

// place is the section of a change, "" where none lists it, and its entry there.
func (a arrangement) place(c change.Change) (title string, e entry) {
	mends := c.Mends()
	e = entryOf(c, a.links)
	var more []string
	if e.more != "" {
		more = append(more, e.more)
	}
	if mends != "" {
		e.advisories = commit.Advisories(c.Commit.Message)
		for _, text := range texts(c, securityTokens) {
			if text = wordsOnly(text); text != "" && text != c.Description {
				more = append(more, text)
			}
		}
	}
	switch {
	case c.Breaking:
		title, e.why = breakingTitle, "it breaks something"
	case mends != "":
		title, e.why = a.byType["security"], "it "+mends
	case c.Parsed:
		title, e.why = a.byType[c.Type], "its type "+c.Type
		if title == "" && a.view.others() {
			title, e.why = othersTitle, "no section lists its type "+c.Type
		}
	}
	if title == a.byType["deprecate"] {
		more = append(more, texts(c, deprecatedTokens)...)
	}
	e.more = strings.Join(more, "\n\n")
	return title, e
}

// footnotes adds what a change's footers tell beside its own entry, which stands under title.
func (a arrangement) footnotes(c change.Change, title string, groups map[string][]entry) (noted bool) {
	for _, f := range []struct {
		title  string
		tokens []string
	}{{upgradeTitle, upgradeTokens}, {a.byType["deprecate"], deprecatedTokens}, {knownTitle, knownTokens}} {
		if f.title == title { // its entry has said it
			continue
		}
		for _, one := range footers(c, f.tokens) {
			groups[f.title] = append(groups[f.title], noteOf(c, one))
			noted = true
		}
	}
	return noted
}

// shows tells whether the audience is shown a section at all.
func (a arrangement) shows(title string) bool {
	if !a.view.fixesOnly() {
		return true
	}
	return slices.Contains([]string{breakingTitle, a.byType["security"], a.byType["deprecate"], a.byType["fix"]}, title)
}

// folded says why a change does not count, "" where that needs no word.
func folded(c change.Change) string {
	switch c.State {
	case change.Repeats:
		return "brings the same as " + commit.Short(c.Other)
	case change.Reverted:
		return "undone by " + commit.Short(c.Other)
	case change.Reverts:
		return "undoes " + commit.Short(c.Other) + ", which is as unreleased"
	}
	return ""
}
