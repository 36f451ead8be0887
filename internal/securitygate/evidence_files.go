package securitygate

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/exploited"
	"github.com/slipway-actions/slipway/internal/sarif"
	"github.com/slipway-actions/slipway/internal/vex"
)

// Bounds of files that others have made.
const (
	reportLimit = 64 << 20
	reportsMost = 100
	threatLimit = 64 << 20
)

// readReports reads what other tools found. A report that was asked for and is not there says nothing, and
// nothing is no pass.
func (c *collector) readReports(ctx context.Context) {
	const rerun = "Make sure that the step which writes it ran before this one and succeeded, and that the input sarif names its file."
	seen := map[string]bool{}
	for _, pattern := range c.inputs.reports {
		files, err := c.world.Files.Glob(c.inWorkspace(pattern))
		if err != nil || len(files) == 0 {
			c.lacks("sarif:"+pattern, "Reports "+pattern, rerun, "no file matches, so nothing of it was judged")
			continue
		}
		slices.Sort(files)
		for _, file := range files {
			if seen[file] {
				continue
			}
			if seen[file] = true; len(seen) > reportsMost {
				c.lacks("sarif:"+pattern, "Reports "+pattern, "Name fewer of them.", "there are more than %d", reportsMost)
				return
			}
			c.readReport(ctx, file, rerun)
		}
	}
}

func (c *collector) readReport(ctx context.Context, file, next string) {
	text, err := c.world.Files.Read(file, reportLimit)
	if err != nil {
		c.lacks("sarif:"+file, "The report "+file, next, "it cannot be read: %v", err)
		return
	}
	if c.brought(ctx, file, text) {
		c.lacks("sarif:"+file, "The report "+file, next, "the pull request brought it along as it is, so no tool has written it in this run")
		return
	}
	roots := []string{c.world.Files.Dir, "/github/workspace"}
	if _, name, ok := strings.Cut(c.world.Facts.Repository, "/"); ok {
		roots = append(roots, "/home/runner/work/"+name+"/"+name) // a step outside of a container sees the workspace there
	}
	runs, err := sarif.Parse(text, roots...)
	if err != nil {
		c.lacks("sarif:"+file, "The report "+file, next, "%v", err)
		return
	}
	for _, run := range runs {
		if !run.Complete {
			c.lacks("sarif:"+file, run.Tool+" did not finish", "Look at the log of "+run.Tool+", mend what it says, and run it again.", "%s: %s", file, problemsOf(run))
		}
		if at := c.world.SHA(); run.Revision != "" && at != "" && run.Revision != at && run.Revision != c.world.Facts.SHA && run.Revision != c.world.Facts.HeadSHA {
			c.lacks("sarif:"+file, "The report "+file, next, "%s made it about the commit %.12s, and this is %.12s", run.Tool, run.Revision, at)
		}
	}
	c.reports = append(c.reports, reportFile{file, runs})
}

// brought tells whether a file is, letter by letter, the one in the commit of a pull request: a change must
// not say itself what was found in it.
func (c *collector) brought(ctx context.Context, file string, text []byte) bool {
	repo := c.world.Repo
	if c.world.Facts.BaseRef == "" || repo == nil || repo.Head == "" {
		return false
	}
	inside, err := filepath.Rel(repo.Root, filepath.Join(c.world.Files.Dir, filepath.FromSlash(file)))
	if err != nil || !filepath.IsLocal(inside) {
		return false
	}
	committed, err := repo.ReadFile(ctx, repo.Head, filepath.ToSlash(inside), reportLimit)
	return err == nil && bytes.Equal(committed, text)
}

func problemsOf(run sarif.Run) string {
	if len(run.Problems) == 0 {
		return "it does not say that it looked at everything"
	}
	return run.Problems[0]
}

// readStatements reads the VEX files that the policy names, from where the policy is.
func (c *collector) readStatements(ctx context.Context) {
	for _, file := range c.inputs.vex {
		text, from, err := c.world.Governed(ctx, file)
		var said []vex.Statement
		if err == nil {
			said, err = vex.Parse(file, text)
		}
		if errors.Is(err, fs.ErrNotExist) {
			err = errors.New("there is no such file " + from)
		}
		if err != nil {
			c.lacks("vex:"+file, "The VEX file "+file, "Mend or commit it where the policy is read, or take it out of the policy's security.vex.", "%v", err)
			continue
		}
		c.vex = append(c.vex, statements{file, said})
	}
}

// readThreats reads what is known of exploitation. A file that was asked for and cannot be read leaves open
// what would have been raised.
func (c *collector) readThreats() {
	const next = "Make sure that the step which gets it ran before this one, or take it out of the policy."
	read := func(file, what string, parse func([]byte) error) {
		if file == "" {
			return
		}
		text, err := c.world.Files.Read(c.inWorkspace(file), threatLimit)
		if err == nil {
			err = parse(text)
		}
		if err != nil {
			c.lacks("exploited:"+file, what, next, "%s: %v", file, err)
		}
	}
	read(c.inputs.kev, "Known exploited vulnerabilities", func(text []byte) (err error) { c.kev, err = exploited.ParseKEV(text); return err })
	read(c.inputs.epss, "Scores of EPSS", func(text []byte) (err error) { c.epss, err = exploited.ParseEPSS(text); return err })
}
