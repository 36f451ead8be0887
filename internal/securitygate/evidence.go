package securitygate

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/advisory"
	"github.com/slipway-actions/slipway/internal/exploited"
	"github.com/slipway-actions/slipway/internal/image"
	"github.com/slipway-actions/slipway/internal/inventory"
	"github.com/slipway-actions/slipway/internal/manifest"
	"github.com/slipway-actions/slipway/internal/osv"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// evidence is all that a decision is made from.
type evidence struct {
	rules
	path    string
	now     time.Time
	exposed bool
	tree    manifest.Tree
	known   string          // which manifests the inventory looks for, for whoever has none
	answer  advisory.Answer // of the database; empty where there was nothing to ask
	base    *baseline       // nil where all is judged and not only what is new
	secrets scanned
	sought  bool // secrets were looked for
	reports []reportFile
	vex     []statements
	kev     exploited.KEV
	epss    exploited.EPSS
	reach   map[string]map[string]string // by go.mod and advisory: called, imported, required
	untold  map[string]map[string]string // the same: why it cannot be told
	state   state                        // what an earlier run left
	missing []missing                    // what could not be looked at, and is in none of the above
	remarks []result.Finding             // what a reader should know, though it changes no verdict
	hide    redactor                     // takes out secrets that names of packages may hold
}

// collector gathers the evidence of one run.
type collector struct {
	world  *action.World
	parser inventory.Parser
	inputs inputs
	evidence
}

// collect takes the inventory of the tree and of its base, asks the database about each package once,
// and reads what else there is to judge by.
func collect(ctx context.Context, w *action.World, parser inventory.Parser, i inputs) (evidence, error) {
	c := &collector{world: w, parser: inventory.Memo(parser), inputs: i, evidence: evidence{rules: i.rules, path: i.path, now: w.Now(), exposed: i.exposed, known: inventory.Known()}}
	base := make(chan export, 1)
	if i.base != "" {
		go func() { base <- exportBase(ctx, w, i.base) }() // git writes it while this tree is read
	}
	err := c.readTree(ctx)
	if i.base != "" {
		x := <-base
		defer x.remove()
		if err == nil {
			c.readBase(ctx, x)
		}
	}
	if err != nil {
		return c.evidence, err
	}
	packages := distinct(c.tree)
	if c.base != nil {
		packages = slices.Concat(packages, distinct(c.base.tree))
		slices.SortFunc(packages, osv.Package.Compare)
		packages = slices.Compact(packages)
	}
	if len(packages) > 0 {
		c.answer = i.database.Ask(ctx, packages)
	}
	if i.secrets {
		c.readSecrets(ctx)
	}
	c.readSubmodules()
	c.readReports(ctx)
	c.readStatements(ctx)
	c.readThreats()
	c.readState()
	c.readReach(ctx)
	if i.secrets {
		if err := c.redact(ctx); err != nil {
			return c.evidence, fmt.Errorf("look for secrets in what is to be shown: %w", err)
		}
	}
	return c.evidence, ctx.Err()
}

// readTree takes the inventory of a folder, or of a container image.
func (c *collector) readTree(ctx context.Context) error {
	root := c.world.Files.Dir
	isImage, err := image.Is(root, c.path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if isImage {
		c.tree, err = image.Read(ctx, root, c.path)
		if info, statErr := os.Stat(filepath.Join(root, filepath.FromSlash(c.path))); err != nil || statErr == nil && !info.IsDir() {
			return err
		}
	}
	// A folder that looks like an image is read as a folder too: a change could make it look like one.
	files, err := inventory.Read(ctx, c.parser, root, c.path)
	c.tree.Manifests = append(c.tree.Manifests, files.Manifests...)
	c.tree.Passed = append(c.tree.Passed, files.Passed...)
	// What an earlier run wrote is no manifest of this tree.
	c.tree.Manifests = slices.DeleteFunc(c.tree.Manifests, func(m manifest.File) bool { return m.Path == c.inputs.sbomFile })
	return err
}

// lacks notes something that could not be looked at.
func (c *collector) lacks(id, title, next, format string, args ...any) {
	c.missing = append(c.missing, missingf(id, title, next, format, args...))
}

// remark notes something worth knowing.
func (c *collector) remark(id, title, next, format string, args ...any) {
	c.remarks = append(c.remarks, result.Finding{ID: id, Outcome: verdict.Warned, Title: title, Observed: fmt.Sprintf(format, args...), Next: next})
}

// distinct are the packages of all manifests, in order.
func distinct(i manifest.Tree) []osv.Package {
	var all []osv.Package
	for _, m := range i.Manifests {
		for _, e := range m.Packages {
			all = append(all, e.Package)
		}
	}
	slices.SortFunc(all, osv.Package.Compare)
	return slices.Compact(all)
}

// judged says how much was looked at.
func (e evidence) judged() string {
	text := fmt.Sprintf("%s of %s", report.Count(len(distinct(e.tree)), "package"), report.Count(e.tree.Scanned(), "manifest"))
	if e.sought {
		text += ", " + report.Count(e.secrets.files, "file")
	}
	if n := len(e.reports); n > 0 {
		text += ", " + report.Count(n, "report")
	}
	return text + " judged"
}

// inWorkspace is a path below the working directory, relative to the workspace.
func (c *collector) inWorkspace(path string) string {
	rel, err := c.world.InDir(path)
	if err != nil {
		return filepath.ToSlash(path)
	}
	return rel
}
