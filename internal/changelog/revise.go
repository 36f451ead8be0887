package changelog

import (
	"crypto/sha256"
	"encoding/base32"
	"regexp"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/commit"
)

var (
	commitIDs = regexp.MustCompile(`\b[0-9a-f]{7,64}\b`)
	linkedID  = regexp.MustCompile(`\[[0-9a-f]{7}\]\(\S+/commit/[0-9a-f]{40,64}\)`) // as entries have it
	markLine  = regexp.MustCompile(`<!-- slipway: ([a-z2-7]{16}) -->`)
)

// mark is a comment that says up to which commit a section was written. It is a digest, for some
// sections are for people who are to see no ids.
func mark(sha string) string { return "<!-- slipway: " + digest(sha) + " -->" }

func digest(sha string) string {
	sum := sha256.Sum256([]byte("slipway changelog " + sha))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:10]))
}

// named are the places in a release's commits of those that a text names.
func named(text string, r release) []int {
	at := make(map[string]int, len(r.commits))
	for i, c := range r.commits {
		at[commit.Short(c.SHA)] = i
	}
	var found []int
	for _, id := range commitIDs.FindAllString(text, -1) {
		if i, ok := at[commit.Short(id)]; ok && strings.HasPrefix(r.commits[i].SHA, id) {
			found = append(found, i)
		}
	}
	return found
}

// writtenFrom are the commits that a section was written from: those that its text or its mark names,
// and all that these descend from, for what is missing of them was taken out by a person.
func writtenFrom(text string, r release) (commits []commit.Commit, marked string) {
	found := named(text, r)
	if m := markLine.FindStringSubmatch(text); m != nil {
		if i := slices.IndexFunc(r.commits, func(c commit.Commit) bool { return digest(c.SHA) == m[1] }); i >= 0 {
			found, marked = append(found, i), m[0]
		}
	}
	if len(found) == 0 {
		return nil, ""
	}
	shas := make([]string, len(found))
	for i, n := range found {
		shas[i] = r.commits[n].SHA
	}
	known := make([]bool, len(r.commits))
	commit.NewGraph(r.commits).Reach(known, shas...)
	for i, c := range r.commits {
		if known[i] {
			commits = append(commits, c)
		}
	}
	return commits, marked
}

// revision is how a section that is there comes up to date.
type revision struct {
	edits   []splice
	added   int
	removed int
	kept    int  // entries that no longer apply, but which a person has edited
	foreign bool // nothing in it is ours: it stays as it is
	stale   bool // foreign, for it tells of commits that are not in the release
	broken  bool // code or a comment in it does not end: it stays as it is
}

// revise compares what the section was written from with what there is now, and makes that
// difference in the file. Whatever a person has added, edited or taken out stays so.
func (b book) revise(c chapter, base, now section) revision {
	body := b.text[c.body:c.end]
	was, _ := unitsOf([]byte(base.text()), 0)
	is, _ := unitsOf([]byte(now.text()), 0)
	if same(was, is) {
		return revision{}
	}
	file, whole := unitsOf(body, c.body)
	if !whole {
		return revision{broken: true}
	}
	if same(was, file) { // nobody has touched it
		text := now.text()
		return revision{edits: []splice{{file[0].start, file[len(file)-1].end, text}}, added: max(0, entries(is)-entries(was)), removed: max(0, entries(was)-entries(is))}
	}
	return newMerger(file, is, now.release).merge(b, was)
}

func entries(units []unit) int {
	n := 0
	for _, u := range units {
		if topItem.MatchString(u.text) {
			n++
		}
	}
	return n
}

// same tells whether sections say the same, but for marks.
func same(a, b []unit) bool {
	marked := func(u unit) bool { return markLine.MatchString(u.text) }
	a, b = slices.DeleteFunc(slices.Clone(a), marked), slices.DeleteFunc(slices.Clone(b), marked)
	return slices.EqualFunc(a, b, func(x, y unit) bool { return x.text == y.text })
}
