package gonogo

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/slipway-actions/slipway/internal/action"
	messages "github.com/slipway-actions/slipway/internal/commit"
	"github.com/slipway-actions/slipway/internal/gitrepo"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/risk"
	"github.com/slipway-actions/slipway/internal/semver"
)

// change is what differs between what was released last and the judged commit; for a pull request,
// between its target branch and its newest commit.
type change struct {
	Head        string          `json:"head,omitempty"`       // the commit it is about; "" where it was not read
	Base        string          `json:"base,omitempty"`       // commit that was released last; "" where nothing was
	Since       string          `json:"since,omitempty"`      // the tag or branch that base is known by
	Released    time.Time       `json:"releasedAt,omitzero"`  // of the commit that was released last; zero where nothing was
	Commits     []changedCommit `json:"commits,omitempty"`    // the newest
	MoreCommits int             `json:"moreCommits,omitzero"` // that are left out of Commits
	Files       []changedFile   `json:"files,omitempty"`      // by path
	MoreFiles   int             `json:"moreFiles,omitzero"`   // that are left out of Files
	Lines       int             `json:"lines,omitzero"`       // added and removed, of all files; a binary one counts as binaryLines
	Newcomers   int             `json:"newcomers,omitzero"`   // authors of any of the commits who have none before base
	Failures    []failure       `json:"failures,omitempty"`   // by place: what went wrong before base
	Looked      int             `json:"looked,omitzero"`      // commits before base that failures were looked for in
	Unlooked    bool            `json:"unlooked,omitzero"`    // the change is too long to look at what came before it
	Problem     problem         `json:"problem,omitzero"`     // why it could not be read; all else is empty then

	contents map[string]string // ids of what files hold, by path; for those who read them
}

// changedCommit is one commit of a change, newest first.
type changedCommit struct {
	SHA        string    `json:"sha"`
	Subject    string    `json:"subject"`
	Author     string    `json:"author"` // name
	At         time.Time `json:"at"`
	New        bool      `json:"new,omitempty"`        // its author has no commit before base
	References []string  `json:"references,omitempty"` // work items that its message names, such as #12 or SHOP-34
}

// changedFile is one file of a change.
type changedFile struct {
	Path    string `json:"path"`
	Status  string `json:"status"`            // A added, M modified, D deleted
	Added   int    `json:"added,omitempty"`   // lines; 0 for a binary file
	Removed int    `json:"removed,omitempty"` // lines; 0 for a binary file
	Odd     string `json:"odd,omitempty"`     // why its content is not read, such as that it is a symbolic link
}

// failure is a place of the tree, see risk.Place, and how many commits in it took something back or mended
// a release.
type failure struct {
	Place string `json:"place"`
	Times int    `json:"times"`
}

// What of a change is kept.
const (
	commitsKept  = 2_000
	wordsKept    = 20_000 // commits whose words are looked at
	filesKept    = 10_000
	pathsKept    = 2 << 20 // bytes of all paths
	placesKept   = 300
	looked       = 500 // commits before base
	failuresKept = 100
	binaryLines  = 50
	shortly      = 72 * time.Hour // after a release, in which a fix mends it
)

const fetchAll = "Set fetch-depth on the checkout step:\n  - uses: actions/checkout@v4\n    with:\n      fetch-depth: 0"

// change reads the change from the clone, in two calls of git or three.
func (c collector) change(ctx context.Context, e evidence) change {
	repo, err := c.History(true)
	if err != nil {
		var unknown *action.UnknownError
		p := problem{What: "the change cannot be read: " + err.Error(), Next: fetchAll}
		if errors.As(err, &unknown) {
			p.Next = unknown.Next
		}
		return change{Problem: p}
	}
	ch, err := c.readChange(ctx, repo, e)
	if err != nil {
		return change{Problem: problem{What: "the change cannot be read: " + shorten(err.Error()), Next: fetchAll}}
	}
	return ch
}

func (c collector) readChange(ctx context.Context, repo *gitrepo.Repo, e evidence) (change, error) {
	ch := change{Head: e.SHA}
	r := releaseOf(e)
	tips := []string{e.SHA}
	switch {
	case c.Facts.BaseRef != "":
		if !refName(c.Facts.BaseRef) {
			return ch, errors.New("the name of the base branch is none")
		}
		base, err := mergeBase(ctx, repo, c.Facts.BaseRef, e.SHA)
		if err != nil {
			return ch, err
		}
		ch.Base, ch.Since = base, c.Facts.BaseRef
	case r.known && r.previousTag != "":
		if !refName(r.previousTag) {
			return ch, errors.New("the previous tag in the result of version-bump has no tag's name")
		}
		tips = append(tips, "refs/tags/"+r.previousTag)
	}
	h, err := repo.History(ctx, wordsKept, tips...)
	if err != nil {
		return ch, err
	}
	after, whole := h.Reach(e.SHA)
	if !whole {
		return ch, errors.New("part of the history is missing in the clone")
	}
	releases := c.releasedIn(h, after)
	if ch.Base == "" && len(tips) > 1 {
		i := slices.IndexFunc(h.Tags, func(t gitrepo.Tag) bool { return t.Name == r.previousTag })
		if i < 0 {
			return ch, errors.New("the tag " + r.previousTag + ", which the result of version-bump names, is none of a commit in the clone")
		}
		if h.Tags[i].SHA != e.SHA { // else this very commit was released, and what it changed is since the one before
			ch.Base, ch.Since, ch.Released = h.Tags[i].SHA, r.previousTag, h.Time(h.Tags[i].SHA)
		}
	}
	firstEver := r.known && r.previousTag == ""
	if last, ok := newestRelease(releases, e.SHA); ok && !firstEver {
		if ch.Base == "" {
			ch.Base, ch.Since = last.SHA, last.Name
		}
		if ch.Released.IsZero() {
			ch.Released = h.Time(last.SHA)
		}
	} else if !firstEver && ch.Released.IsZero() && repo.TagsWithheld(ctx) {
		return ch, errors.New("the clone was made without tags (remote.origin.tagOpt is --no-tags), so what was released last is not known")
	}
	before, whole := h.Reach(ch.Base)
	if !whole {
		return ch, errors.New("part of the history before " + ch.Since + " is missing in the clone")
	}
	ch.take(after, before)
	failed := ch.look(h, before, releases)
	return ch, ch.compare(ctx, repo, h, failed)
}

// refName tells whether a text can be the name of a branch or tag, and no more than that to git.
func refName(name string) bool {
	return name != "" && !strings.ContainsAny(name, " ~^:?*[\\\x7f") && !strings.Contains(name, "..") && !strings.Contains(name, "@{") &&
		!strings.ContainsFunc(name, func(r rune) bool { return r < ' ' })
}

// mergeBase is the last commit that the base branch and the judged commit have in common.
func mergeBase(ctx context.Context, repo *gitrepo.Repo, branch, sha string) (string, error) {
	base, err := repo.CommonBase(ctx, []string{"refs/remotes/origin/" + branch, sha})
	if err != nil {
		base, err = repo.CommonBase(ctx, []string{"refs/heads/" + branch, sha})
	}
	if err == nil && base == "" {
		err = errors.New("the branch " + branch + " and the commit have no history in common")
	}
	return base, err
}

// releasedIn are the tags of the history that carry a version, highest first: behind v, or where none does,
// behind nothing. A component's tags count only where version-bump's result names one.
func (c collector) releasedIn(h *gitrepo.History, after gitrepo.Reached) []semver.Release {
	var tags []semver.Tag
	for _, t := range h.Tags {
		if _, ignored := c.Policy.Versioning.Ignores(t.Name); !ignored && after.Has(t.SHA) {
			tags = append(tags, semver.Tag{Name: t.Name, SHA: t.SHA, Reachable: true})
		}
	}
	releases, _ := semver.Releases(tags, "v")
	if len(releases) == 0 {
		releases, _ = semver.Releases(tags, "")
	}
	return releases
}

// newestRelease is the highest final version that is not the judged commit itself, else the highest
// pre-release.
func newestRelease(releases []semver.Release, sha string) (last semver.Release, ok bool) {
	for _, final := range []bool{true, false} {
		for _, r := range releases {
			if r.SHA != sha && (r.Version.Prerelease() == "") == final {
				return r, true
			}
		}
	}
	return last, false
}

// take lists the commits, and who is new.
func (ch *change) take(after, before gitrepo.Reached) {
	fresh := after.Newcomers(before)
	ch.Newcomers = len(fresh)
	list, all := after.Commits(before)
	list = list[:min(len(list), commitsKept)]
	ch.MoreCommits = all - len(list)
	for _, c := range list {
		ch.Commits = append(ch.Commits, changedCommit{
			SHA: c.SHA, Subject: shorten(c.Subject()), Author: report.Clip(oneLine(c.Author), 100), At: c.Time,
			New: fresh[strings.ToLower(c.Email)], References: messages.References(c.Message),
		})
	}
}

// look finds the commits before base that took something back, or mended a release shortly after it.
func (ch *change) look(h *gitrepo.History, before gitrepo.Reached, releases []semver.Release) (failed []string) {
	none, _ := h.Reach("")
	past, all := before.Commits(none)
	ch.Unlooked = len(past) < min(all, looked)
	past = past[:min(len(past), looked)]
	ch.Looked = len(past)
	var moments []time.Time
	for _, r := range releases {
		moments = append(moments, h.Time(r.SHA))
	}
	slices.SortFunc(moments, time.Time.Compare)
	for _, c := range past {
		if !c.Merge() && wentWrong(c, moments) && len(failed) < failuresKept {
			failed = append(failed, c.SHA)
		}
	}
	return failed
}

// wentWrong tells whether a commit shows that something before it had failed: it reverts, it says that it
// is a hotfix, or it is a fix shortly after a release.
func wentWrong(c messages.Commit, releases []time.Time) bool {
	subject := strings.ToLower(c.Subject())
	word := strings.TrimRight(subject[:max(0, len(subject)-len(strings.TrimLeft(subject, "abcdefghijklmnopqrstuvwxyz")))], " ")
	switch {
	case word == "revert", word == "hotfix", strings.Contains(subject, "hotfix"), strings.Contains(c.Message, "This reverts commit "):
		return true
	case word != "fix" && word != "bugfix":
		return false
	}
	i, _ := slices.BinarySearchFunc(releases, c.Time, time.Time.Compare)
	return i > 0 && c.Time.Sub(releases[i-1]) <= shortly
}

// compare lists the files, and where the failed commits were.
func (ch *change) compare(ctx context.Context, repo *gitrepo.Repo, h *gitrepo.History, failed []string) error {
	bytes := 0
	ch.contents = map[string]string{}
	each := func(d gitrepo.Difference) {
		f := changedFile{Path: d.Path, Status: string(d.Status), Added: d.Added, Removed: d.Removed}
		switch {
		case !utf8.ValidString(d.Path):
			f.Path, f.Odd = strings.ToValidUTF8(d.Path, "\uFFFD"), "its name is not in UTF-8"
		case d.Mode == "120000":
			f.Odd = "it is a symbolic link"
		case d.Mode == "160000":
			f.Odd = "it is a submodule"
		case d.Status != 'D':
			ch.contents[d.Path] = d.ID
		}
		if d.Status == 'T' {
			f.Status = "M"
		}
		ch.Lines += d.Added + d.Removed
		if d.Binary {
			ch.Lines += binaryLines
		}
		if bytes += len(f.Path); len(ch.Files) >= filesKept || bytes > pathsKept {
			ch.MoreFiles++
			return
		}
		ch.Files = append(ch.Files, f)
	}
	seen := map[string]map[string]bool{} // commits by place
	touched := func(id, path string) {
		place := strings.ToValidUTF8(risk.Place(path), "\uFFFD")
		if seen[place] == nil {
			seen[place] = map[string]bool{}
		}
		seen[place][id] = true
	}
	if err := repo.Differences(ctx, ch.Base, h.Head, h.Tree, each, failed, touched); err != nil {
		return err
	}
	for place, commits := range maps.All(seen) {
		ch.Failures = append(ch.Failures, failure{place, len(commits)})
	}
	slices.SortFunc(ch.Failures, func(a, b failure) int { return cmp.Or(b.Times-a.Times, strings.Compare(a.Place, b.Place)) })
	ch.Failures = ch.Failures[:min(len(ch.Failures), placesKept)]
	return nil
}
