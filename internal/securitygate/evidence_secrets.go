package securitygate

import (
	"context"
	"fmt"
	"io"
	"path"
	"path/filepath"

	"github.com/slipway-actions/slipway/internal/gitrepo"
	"github.com/slipway-actions/slipway/internal/secret"
	"github.com/slipway-actions/slipway/internal/secretscan"
)

// readSecrets looks through the files of the tree, and through the commits of the change where it is known
// what the change is.
func (c *collector) readSecrets(ctx context.Context) {
	const again = "Run the step again; if it stays so, look at the file by hand, or set secrets: false and scan by other means."
	c.sought = true
	scanner := secretscan.New()
	found, err := scanner.Tree(ctx, c.world.Files.Dir, c.path)
	if err != nil {
		c.lacks("secrets", "Secrets in files", again, "they could not be looked for: %v", err)
	}
	c.secrets.leaks, c.secrets.skipped, c.secrets.files = found.Leaks, found.Skipped, found.Files
	c.secrets.allowed, c.secrets.binary = found.Allowed, found.Binary
	c.unsearched(found.Skipped)
	c.readCommits(ctx, scanner)
	if c.base == nil || c.base.sha == "" || len(c.secrets.leaks) == 0 {
		return
	}
	x := exportTree(ctx, c.world, c.world.Repo, c.base.sha, func(string) bool { return true })
	defer x.remove()
	if err = x.err; err == nil {
		var old secretscan.Result
		old, err = scanner.Tree(ctx, x.root, ".")
		for _, l := range old.Leaks {
			if c.base.secrets[l.Fingerprint] == nil {
				c.base.secrets[l.Fingerprint] = map[string]bool{}
			}
			c.base.secrets[l.Fingerprint][l.File] = true
		}
	}
	if err != nil {
		c.base.missing = append(c.base.missing, missingf("base:secrets", "Secrets of the base "+c.base.ref, again, "%v", err))
	}
}

// unsearched notes what should have been searched and was not.
func (c *collector) unsearched(skipped []secret.Skipped) {
	for _, s := range skipped {
		c.lacks("secrets:"+s.Path, s.Path+" was not looked through for secrets", "Keep it out of the repository, or set secrets: false and scan by other means.", "%s", s.Reason)
	}
}

// readCommits looks through what the commits of the change add, also where a later one takes it out again.
func (c *collector) readCommits(ctx context.Context, scanner *secretscan.Scanner) {
	w := c.world
	from := ""
	switch {
	case c.base != nil:
		from = c.base.sha // "" is told already
	case w.Facts.BaseRef != "":
		const next = "Set fetch-depth: 0 on the checkout step, so that commits that add a secret and take it out again are seen."
		tip, err := "", error(nil)
		if w.Repo == nil || w.Repo.Head == "" {
			err = fmt.Errorf("there is no repository")
		} else if tip, err = w.Resolve(ctx, w.Facts.BaseRef); err == nil {
			from, err = w.Repo.MergeBase(ctx, tip, w.Repo.Head)
		}
		if err != nil {
			c.lacks("secrets:commits", "Commits of the pull request", next, "they were not looked through for secrets, the files as they are now alone: the clone does not hold where the change left %s", w.Facts.BaseRef)
			return
		}
	}
	if from == "" || from == w.Repo.Head {
		return
	}
	below, err := filepath.Rel(w.Files.Dir, w.Repo.Root)
	if err != nil {
		return
	}
	err = w.Repo.Patches(ctx, from, w.Repo.Head, c.inRepository(w.Repo), func(patch io.Reader) error {
		found, err := scanner.Patches(ctx, patch)
		c.unsearched(found.Skipped)
		for _, l := range found.Leaks {
			l.File = path.Join(filepath.ToSlash(below), l.File)
			c.secrets.leaks = append(c.secrets.leaks, l)
		}
		return err
	})
	if err != nil {
		c.lacks("secrets:commits", "Secrets in commits", "Set fetch-depth: 0 on the checkout step, and run it again.", "the commits of the change could not be looked through: %v", err)
		return
	}
	c.secrets.commits = true
}

// inRepository are the paths to look at, from the top of the repository; none for all of it.
func (c *collector) inRepository(repo *gitrepo.Repo) []string {
	rel, err := filepath.Rel(repo.Root, filepath.Join(c.world.Files.Dir, filepath.FromSlash(c.path)))
	if err != nil || rel == "." || !filepath.IsLocal(rel) {
		return nil
	}
	return []string{filepath.ToSlash(rel)}
}
