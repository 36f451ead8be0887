package gitrepo

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/commit"
)

// Tag is a tag and the commit it leads to.
type Tag struct {
	Name      string // valid UTF-8; what was none is replaced
	SHA       string // of the commit
	Reachable bool   // from the revision that was asked for
}

// Tags lists all tags that lead to commits, and which of them rev can reach. That walks all of the
// history: git's own --merged stops early where a clock was wrong, and loses a tag whose commit is
// dated later than a handful that follow it.
func (r *Repo) Tags(ctx context.Context, rev string) ([]Tag, error) {
	type history struct {
		commits []byte
		err     error
	}
	walked := make(chan history, 1) // beside the tags: the two take the longest of a run
	go func() {
		commits, err := r.git(ctx, "rev-list", "--end-of-options", rev, "--")
		walked <- history{commits, err}
	}()
	tags, err := r.refs(ctx)
	reachable := <-walked
	if err := cmp.Or(err, reachable.err); err != nil {
		return nil, err
	}
	at := map[string][]int{}
	for i, t := range tags {
		at[t.SHA] = append(at[t.SHA], i)
	}
	for line := range bytes.Lines(reachable.commits) {
		for _, i := range at[string(bytes.TrimSpace(line))] {
			tags[i].Reachable = true
		}
	}
	return tags, nil
}

func (r *Repo) refs(ctx context.Context) ([]Tag, error) {
	// %(*…) is what an annotated tag points at.
	const format = "--format=%(refname:strip=2)%00%(objecttype)%00%(objectname)%00%(*objecttype)%00%(*objectname)"
	out, err := r.git(ctx, "for-each-ref", format, "refs/tags")
	if err != nil {
		return nil, err
	}
	var tags []Tag
	for line := range bytes.Lines(out) { // a ref's name holds no line break
		f := strings.Split(strings.TrimSuffix(string(line), "\n"), "\x00")
		if len(f) != 5 {
			return nil, fmt.Errorf("git for-each-ref answered %d fields instead of 5", len(f))
		}
		id := ""
		switch {
		case f[1] == "commit":
			id = f[2]
		case f[3] == "commit":
			id = f[4]
		case f[3] == "tag": // a tag of a tag, which is rare
			if id, err = r.Resolve(ctx, f[2]); err != nil && !errors.Is(err, ErrNoSuchRevision) {
				return nil, err
			}
		}
		if id != "" {
			tags = append(tags, Tag{Name: strings.ToValidUTF8(f[0], "\uFFFD"), SHA: id})
		}
	}
	return tags, nil
}

// Log lists the commits that to reaches and from does not, newest first, those that touch one of
// paths where there are any. An empty from means the whole history.
func (r *Repo) Log(ctx context.Context, from, to string, paths []string) ([]commit.Commit, error) {
	args := []string{"log", "-z", "--format=%H%x00%P%x00%an%x00%ae%x00%at%x00%ct%x00%B", "--end-of-options", to}
	if from != "" {
		args = append(args, "^"+from)
	}
	out, err := r.git(ctx, append(append(args, "--"), paths...)...)
	if err != nil {
		return nil, err
	}
	const fields = 7
	parts := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
	if len(out) == 0 {
		return nil, nil
	}
	if len(parts)%fields != 0 {
		return nil, fmt.Errorf("git log answered %d fields, which is no multiple of %d", len(parts), fields)
	}
	commits := make([]commit.Commit, 0, len(parts)/fields)
	for ; len(parts) > 0; parts = parts[fields:] {
		c := commit.Commit{
			SHA:     parts[0],
			Parents: strings.Fields(parts[1]),
			Author:  strings.ToValidUTF8(parts[2], "\uFFFD"),
			Email:   strings.ToValidUTF8(parts[3], "\uFFFD"),
			Message: strings.ToValidUTF8(strings.TrimSuffix(parts[6], "\n"), "\uFFFD"),
		}
		var err error
		if c.Authored, err = moment(parts[4]); err == nil {
			c.Time, err = moment(parts[5])
		}
		if err != nil {
			return nil, fmt.Errorf("time of commit %s: %w", c.SHA, err)
		}
		commits = append(commits, c)
	}
	return commits, nil
}

// moment reads seconds since 1970.
func moment(text string) (time.Time, error) {
	seconds, err := strconv.ParseInt(text, 10, 64)
	return time.Unix(seconds, 0).UTC(), err
}

// TagsWithheld tells that the clone was told not to fetch tags, so their absence says nothing.
func (r *Repo) TagsWithheld(ctx context.Context) bool {
	out, err := r.git(ctx, "config", "--get", "remote.origin.tagOpt")
	return err == nil && strings.TrimSpace(string(out)) == "--no-tags"
}

// RemoteTags lists the names of origin's tags. It is the one call that may leave the machine; it
// waits ten seconds at most. A repository without origin has no remote tags and is no error.
func (r *Repo) RemoteTags(ctx context.Context) ([]string, error) {
	if r.RemoteURL(ctx) == "" {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	out, err := git(ctx, r.Root, r.Root, online, "ls-remote", "--upload-pack=git-upload-pack", "--quiet", "--refs", "--tags", "origin")
	if err != nil {
		return nil, err
	}
	var names []string
	for line := range strings.Lines(string(out)) {
		if _, name, ok := strings.Cut(strings.TrimSpace(line), "refs/tags/"); ok {
			names = append(names, strings.ToValidUTF8(name, "\uFFFD"))
		}
	}
	return names, nil
}
