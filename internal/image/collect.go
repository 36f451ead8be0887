package image

import (
	"context"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/manifest"
	"github.com/slipway-actions/slipway/internal/osv"
)

// collector goes through the files of an image.
type collector struct {
	files    *files
	layers   []layer
	parsing  parsing
	report   *report
	groups   map[string]*manifest.File
	programs map[*content]bool // read already, under another name
	nameless map[string][]string
	owned    owned
	system   bool // a database of packages was found
}

// collect lists the packages of all files.
func collect(ctx context.Context, f *files, layers []layer, r *report, temporary string, most bounds) error {
	reading.Lock()
	defer reading.Unlock()
	distribution, err := f.release()
	if err != nil {
		return err
	}
	c := collector{files: f, layers: layers, report: r, groups: map[string]*manifest.File{}, programs: map[*content]bool{}, nameless: map[string][]string{}}
	c.parsing = parsing{distribution: distribution, temporary: temporary, most: most, log: listen(), journal: func(path string) *io.SectionReader {
		if n, err := f.top.find(path, true, nil); err == nil && n.content != nil {
			return f.content(n.content)
		}
		return nil
	}}
	if distribution.ecosystem != "" {
		c.owned = f.owners(most)
	}
	if err := f.top.each(func(n *node) error { return c.visit(ctx, n) }); err != nil {
		return err
	}
	c.conclude()
	return nil
}

// visit reads a file, if it is of a kind that is read.
func (c *collector) visit(ctx context.Context, n *node) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	p := n.path()
	if !notable(p) {
		return c.program(ctx, p, n)
	}
	for _, u := range unreadable {
		if group := u.group(p); group != "" {
			c.problem(group, manifest.Missing, fmt.Sprintf("the packages of %s cannot be judged: no advisories are known for them", u.of), "Scan the image by other means, or accept the gap with a lower min-coverage.")
			c.system = true
		}
	}
	for _, s := range sources {
		group := s.group(p)
		if group == "" || !s.system && c.owned[p] {
			continue
		}
		c.system = c.system || s.system
		if n.content == nil {
			if n.mode.IsRegular() {
				c.problem(p, manifest.Broken, "its content was not kept", "Report this as a fault.")
			} else if s.system {
				c.problem(p, manifest.Broken, "it is a link or no regular file", "Make the image with a package database of its own.")
			} else if !c.readElsewhere(s, p) {
				c.problem(p, manifest.Missing, "it is a link or no regular file, and what it leads to is read under no other name", "Put the file itself there.")
			}
			continue
		}
		if err := c.take(ctx, s, group, p, n); err != nil {
			return err
		}
	}
	return c.program(ctx, p, n)
}

// readElsewhere tells whether a link leads to a file that is read as the same under its own name.
func (c *collector) readElsewhere(s source, p string) bool {
	n, err := c.files.top.find(p, true, nil)
	return err == nil && n.content != nil && s.group(n.path()) != ""
}

// program reads a file that is a program, whatever its name.
func (c *collector) program(ctx context.Context, p string, n *node) error {
	if n.content == nil || c.programs[n.content] || !c.begins(n.content, elfMagic) {
		return nil
	}
	c.programs[n.content] = true
	return c.take(ctx, source{read: readProgram}, p, p, n)
}

func (c *collector) begins(kept *content, with string) bool {
	head := make([]byte, len(with))
	n, _ := c.files.content(kept).ReadAt(head, 0)
	return string(head[:n]) == with
}

// take reads a file's packages and finds the layer of each.
func (c *collector) take(ctx context.Context, s source, group, p string, n *node) error {
	packages, err := c.parse(ctx, s, p, n.content)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	const again = "Mend the file, or make the image anew."
	switch {
	case err != nil:
		c.problem(p, manifest.Broken, oneLine(err.Error()), again)
		return nil
	case s.system && c.parsing.distribution.ecosystem == "":
		c.unknown(group)
		return nil
	case len(packages) == 0 && s.system:
		c.problem(p, manifest.Broken, "it lists no package", again)
		return nil
	case len(packages) == 0 && s.listing:
		c.nameless[path.Ext(p)] = append(c.nameless[path.Ext(p)], p)
		return nil
	case len(packages) == 0:
		return nil
	}
	m := c.group(group)
	origins, err := c.origins(ctx, s, p, packages)
	if err != nil {
		return err
	}
	for _, pkg := range packages {
		at := origins[pkg]
		m.Packages = append(m.Packages, manifest.Entry{Package: pkg, Layer: &manifest.Layer{Index: at, Digest: c.layers[at].diffID, Command: c.layers[at].command}})
	}
	if s.system {
		m.Reason = c.parsing.distribution.open()
	}
	return nil
}

// open says what the release of a distribution leaves open.
func (d distribution) open() string {
	if strings.Contains(d.ecosystem, ":") || slices.Contains([]string{"Wolfi", "Chainguard", "MinimOS"}, d.ecosystem) {
		return ""
	}
	return fmt.Sprintf("it is %s, and /etc/os-release names no release that advisories are known for", d.name)
}

// unknown tells of packages whose distribution has no advisories.
func (c *collector) unknown(group string) {
	reason := "nothing says of which distribution its packages are: the image has no /etc/os-release that can be read"
	if name := c.parsing.distribution.name; name != "" {
		reason = fmt.Sprintf("its packages are of %s, and OSV has no advisories for that distribution", name)
	}
	c.problem(group, manifest.Missing, reason, "Build on a distribution that OSV has advisories for, or scan the image by other means.")
}

// parse reads one version of a file. A parser cannot be stopped, so it may be left behind; and
// what is hostile may make it break off.
func (c *collector) parse(ctx context.Context, s source, p string, kept *content) ([]osv.Package, error) {
	type answer struct {
		packages []osv.Package
		err      error
	}
	done := make(chan answer, 1)
	go func() {
		defer func() {
			if r := recover(); r != nil {
				done <- answer{nil, fmt.Errorf("the parser broke off: %v", r)}
			}
		}()
		packages, err := s.read(ctx, c.parsing, subject{p, c.files.content(kept)})
		done <- answer{packages, err}
	}()
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case a := <-done:
		return a.packages, a.err
	}
}

// origins finds the layer that brought each package: going down from the top, the last one in which
// the file holds it without a gap. A file written anew does not make all of its packages new.
func (c *collector) origins(ctx context.Context, s source, p string, packages []osv.Package) (map[osv.Package]int, error) {
	versions := c.files.history[p]
	origin := map[osv.Package]int{}
	open := map[osv.Package]bool{}
	at := len(versions) - 1
	for _, pkg := range packages {
		origin[pkg], open[pkg] = versions[at].layer, true
	}
	for at--; at >= 0 && len(open) > 0 && versions[at].content != nil; at-- {
		before, err := c.parse(ctx, s, p, versions[at].content)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			break // what nobody can read holds nothing
		}
		had := map[osv.Package]bool{}
		for _, pkg := range before {
			had[pkg] = true
		}
		for pkg := range open {
			if had[pkg] {
				origin[pkg] = versions[at].layer
			} else {
				delete(open, pkg)
			}
		}
	}
	return origin, nil
}

func (c *collector) group(group string) *manifest.File {
	m, ok := c.groups[group]
	if !ok {
		m = &manifest.File{Path: c.report.inside("/" + group), State: manifest.Scanned}
		c.groups[group] = m
	}
	return m
}

// problem tells once of what cannot be read.
func (c *collector) problem(p string, state manifest.State, reason, next string) {
	key := "!" + p + reason
	if c.groups[key] == nil {
		c.groups[key] = &manifest.File{Path: c.report.inside("/" + p), State: state, Reason: reason, Next: next}
	}
}

// few is how many files a sentence names.
const few = 5

// conclude says what the files left open.
func (c *collector) conclude() {
	for _, paths := range c.nameless {
		slices.Sort(paths)
		reason := "no package is named in it"
		if n := len(paths) - 1; n > 0 {
			reason = fmt.Sprintf("no package is named in it, nor in %d more such files: %s", n, strings.Join(paths[1:min(few, len(paths))], ", "))
		}
		c.problem(paths[0], manifest.Missing, reason, "Look at where these files come from; nothing can be judged about them.")
	}
	scanned := false
	for _, m := range c.groups {
		scanned = scanned || m.State == manifest.Scanned
		c.report.add(*m)
	}
	name := c.parsing.distribution.name
	switch {
	case !c.system && name != "":
		c.report.add(manifest.File{Path: c.report.image, State: manifest.Missing, Reason: fmt.Sprintf("it is %s, and its package database is gone, so nobody can tell what is installed", name), Next: "Keep the package database in the image."})
	case !scanned && len(c.groups) == 0:
		c.report.add(manifest.File{Path: c.report.image, State: manifest.Missing, Reason: "no package database and no application found", Next: "Scan what the image is built from instead."})
	}
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
