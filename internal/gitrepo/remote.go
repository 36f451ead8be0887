package gitrepo

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// TagsWithheld tells that the clone was told not to fetch tags, so their absence says nothing.
func (r *Repo) TagsWithheld(ctx context.Context) bool {
	out, err := r.git(ctx, "config", "--get", "remote.origin.tagOpt")
	return err == nil && strings.TrimSpace(string(out)) == "--no-tags"
}

// TagsPartial tells that the clone was told not to fetch tags, or fetches but some branches and so no
// tags of others. Most clones say neither, which their configuration shows without a call of git.
func (r *Repo) TagsPartial(ctx context.Context) bool {
	text, err := os.ReadFile(filepath.Join(r.Root, ".git", "config"))
	said := func(word string) bool { return bytes.Contains(bytes.ToLower(text), []byte(word)) }
	alone := !said("[remote") && !said("[include") // a clone of nothing
	if err == nil && (alone || plainOrigin.Match(text) && !said("tagopt")) {
		return false
	}
	out, err := r.git(ctx, "config", "--get-all", "remote.origin.fetch")
	narrow := err == nil && !bytes.Contains(out, []byte("refs/heads/*:"))
	return narrow || r.TagsWithheld(ctx)
}

// plainOrigin is a remote that fetches all branches, as git clone writes it.
var plainOrigin = regexp.MustCompile(`(?m)^\[remote "origin"\]\n(?:\t.*\n)*\tfetch = \+refs/heads/\*:`)

// RemoteTags lists the names of origin's tags. It is the one call that may leave the machine; it
// waits ten seconds at most. A repository without origin has no remote tags and is no error.
func (r *Repo) RemoteTags(ctx context.Context) ([]string, error) {
	if r.RemoteURL(ctx) == "" {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	remote := r.call("ls-remote", "--upload-pack=git-upload-pack", "--quiet", "--refs", "--tags", "origin")
	remote.protocols = online
	out, err := remote.output(ctx)
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
