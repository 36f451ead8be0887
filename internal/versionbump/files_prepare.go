package versionbump

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/runner"
	"github.com/slipway-actions/slipway/internal/versionfile"
)

// tree is where version files lie.
type tree interface {
	Read(name string, limit int64) ([]byte, error)
	Glob(pattern string) ([]string, error)
	Writable(name string) error
}

// prepared is a file with the version in it, not yet written.
type prepared struct {
	path      string // below the workspace
	old, next []byte
	places    []versionfile.Place
}

func (p *prepared) changed() bool { return !bytes.Equal(p.old, p.next) }

// preparation makes all files ready before any is written.
type preparation struct {
	tree     tree
	version  string
	files    map[string]*prepared
	order    []string // paths of files, as declared
	locks    []lock
	skipped  []skip
	problems []string
}

// skip is a lock that lies near a manifest but does not know it.
type skip struct{ path, why string }

func (p *preparation) problem(as string, err error) {
	p.problems = append(p.problems, fmt.Sprintf("%s: %v", as, err))
}

// declared prepares one file that was asked for, or notes it as a lock for later.
func (p *preparation) declared(f declaredFile) {
	if f.err != nil {
		p.problem(f.as, f.err)
		return
	}
	if f.Key == nil && lockOf[path.Base(f.Path)] != "" {
		p.declaredLock(f)
		return
	}
	if err := p.set(f.Target); err != nil {
		p.problem(f.as, p.explain(f.Target, err))
		return
	}
	p.findLocks(f.Target)
}

// set puts the version into one file, on top of what was set in it before.
func (p *preparation) set(t versionfile.Target) error {
	f := p.files[t.Path]
	if f == nil {
		if err := p.tree.Writable(t.Path); err != nil {
			return readError(err)
		}
		data, err := p.tree.Read(t.Path, versionfile.SizeLimit)
		if err != nil {
			return readError(err)
		}
		f = &prepared{path: t.Path, old: data, next: data}
	}
	change, err := versionfile.Set(t, f.next, p.version)
	if err != nil {
		return err
	}
	if p.files[t.Path] == nil {
		p.files[t.Path] = f
		p.order = append(p.order, t.Path)
	}
	f.next = change.Data
	for _, place := range change.Places {
		if !slices.ContainsFunc(f.places, func(had versionfile.Place) bool { return had.Line == place.Line && had.Key == place.Key }) {
			f.places = append(f.places, place)
		}
	}
	return nil
}

func readError(err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errors.New("there is no such file; correct the path, or take it out of the list")
	case errors.Is(err, runner.ErrNotRegular):
		return errors.New("it is no regular file but a folder, a symbolic link or the like; name the file itself")
	}
	return err
}

// explain adds to an error where the place is instead, as far as the workspace shows it.
func (p *preparation) explain(t versionfile.Target, err error) error {
	var inherited *versionfile.Inherited
	if !errors.As(err, &inherited) {
		return err
	}
	if inherited.Root != "" {
		return fmt.Errorf("%w; name %s", err, path.Join(path.Dir(t.Path), inherited.Root, "Cargo.toml"))
	}
	for dir := path.Dir(t.Path); dir != "."; {
		dir = path.Dir(dir)
		if c, readErr := p.crate(path.Join(dir, "Cargo.toml")); readErr == nil && c.Workspace {
			return fmt.Errorf("%w; name %s", err, path.Join(dir, "Cargo.toml"))
		}
	}
	return fmt.Errorf("%w; name the Cargo.toml that has [workspace.package]", err)
}

func (p *preparation) crate(manifest string) (versionfile.Crate, error) {
	data, err := p.tree.Read(manifest, versionfile.SizeLimit)
	if err != nil {
		return versionfile.Crate{}, err
	}
	return versionfile.ReadCrate(data)
}

// err names all that is wrong at once.
func (p *preparation) err() error {
	if len(p.problems) == 0 {
		return nil
	}
	return action.Wrong("no version file was written, for %s cannot carry %s.\n%s", report.Count(len(p.problems), "file"), p.version, strings.Join(p.problems, "\n"))
}

func (p *preparation) inOrder() []*prepared {
	all := make([]*prepared, len(p.order))
	for i, path := range p.order {
		all[i] = p.files[path]
	}
	return all
}
