package gitrepo

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
)

// Tag is a tag and what it leads to.
type Tag struct {
	Name      string // valid UTF-8; what was none is replaced
	SHA       string // of the commit; of a file or folder where somebody tagged one, which no commit reaches
	Reachable bool   // from the revision that was asked for
}

// Tags lists all tags, and which of them rev can reach. That walks all of the history; see Reach.
func (r *Repo) Tags(ctx context.Context, rev string) ([]Tag, error) {
	tags, err := r.AllTags(ctx)
	if err != nil {
		return nil, err
	}
	return tags, r.Reach(ctx, rev, tags)
}

// Reach finds out which of the tags rev reaches. It walks all of the history: git's own --merged stops
// early where a clock was wrong, and loses a tag whose commit is dated later than a handful that
// follow it.
func (r *Repo) Reach(ctx context.Context, rev string, tags []Tag) error {
	at := make(map[string][]int, len(tags))
	for i, t := range tags {
		at[t.SHA] = append(at[t.SHA], i)
		tags[i].Reachable = false
	}
	return r.walk(ctx, rev, func(id []byte) {
		for _, i := range at[string(id)] {
			tags[i].Reachable = true
		}
	})
}

// walk visits all commits that rev reaches. Without a range git leaves none out, whatever their dates.
func (r *Repo) walk(ctx context.Context, rev string, visit func(id []byte)) error {
	return r.call("rev-list", "--end-of-options", rev, "--").stream(ctx, func(out io.Reader) error {
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			visit(lines.Bytes())
		}
		return lines.Err()
	})
}

// AllTags lists all tags, and leaves open which of them can be reached. show-ref takes what a tag
// leads to from the packed refs; for-each-ref reads the object of each, which takes twenty times as long.
func (r *Repo) AllTags(ctx context.Context) ([]Tag, error) {
	var tags []Tag
	err := r.call("show-ref", "--tags", "--dereference").stream(ctx, func(out io.Reader) error {
		lines := bufio.NewScanner(out) // a ref's name holds no line break, and is no longer than that of a file
		for lines.Scan() {
			id, name, ok := strings.Cut(lines.Text(), " refs/tags/")
			if !ok || !IsCommitID(id) {
				return fmt.Errorf("git show-ref answered %q, which is no tag", tail(lines.Text(), 200))
			}
			name = strings.ToValidUTF8(name, "\uFFFD")
			// An annotated tag is followed by what it leads to, however many tags lie between.
			if annotated, peeled := strings.CutSuffix(name, "^{}"); peeled && len(tags) > 0 && tags[len(tags)-1].Name == annotated {
				tags[len(tags)-1].SHA = id
				continue
			}
			tags = append(tags, Tag{Name: name, SHA: id})
		}
		return lines.Err()
	})
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == 1 && err.(*Error).Stderr == "" {
		return nil, nil // no tags
	}
	if err != nil {
		return nil, err
	}
	return tags, nil
}
