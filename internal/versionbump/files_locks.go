package versionbump

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/versionfile"
)

// lockOf is the manifest that a lock belongs to. A lock repeats the version of what it locks, and
// tools that are told to trust it refuse one that does not.
var lockOf = map[string]string{"package-lock.json": "package.json", "npm-shrinkwrap.json": "package.json", "Cargo.lock": "Cargo.toml"}

// lock is a file whose entries follow manifests.
type lock struct {
	path    string
	as      string // as it was declared; "" where it only lies near a manifest
	beside  bool   // it lies in the folder of a manifest that was declared
	targets []versionfile.Target
}

// lockAt is the lock at a path, made where it is not known yet.
func (p *preparation) lockAt(at string) *lock {
	i := slices.IndexFunc(p.locks, func(l lock) bool { return l.path == at })
	if i < 0 {
		i = len(p.locks)
		p.locks = append(p.locks, lock{path: at})
	}
	return &p.locks[i]
}

func (l *lock) add(t versionfile.Target) {
	t.Path = l.path
	if !slices.ContainsFunc(l.targets, func(have versionfile.Target) bool {
		return have.Member == t.Member && slices.Equal(have.Crates, t.Crates)
	}) {
		l.targets = append(l.targets, t)
	}
}

// declaredLock notes a lock that was asked for, with the manifest beside it.
func (p *preparation) declaredLock(f declaredFile) {
	l := p.lockAt(f.Path)
	l.as = f.as
	if path.Base(f.Path) != "Cargo.lock" {
		l.add(versionfile.Target{})
		return
	}
	crates := p.crates(versionfile.Target{Path: path.Join(path.Dir(f.Path), "Cargo.toml")})
	if len(crates) == 0 {
		l.add(versionfile.Target{})
	}
	for _, name := range crates {
		l.add(versionfile.Target{Crates: []string{name}})
	}
}

// findLocks notes the locks that repeat the version of a manifest: those beside it, else the
// nearest above it, where the lock of several packages lies.
func (p *preparation) findLocks(t versionfile.Target) {
	base := path.Base(t.Path)
	for dir := path.Dir(t.Path); ; dir = path.Dir(dir) {
		found := false
		for _, name := range []string{"package-lock.json", "npm-shrinkwrap.json", "Cargo.lock"} {
			at := path.Join(dir, name)
			if lockOf[name] != base || t.Key != nil && base == "package.json" && t.Key.String() != "version" {
				continue
			}
			if _, err := p.tree.Read(at, versionfile.SizeLimit); errors.Is(err, fs.ErrNotExist) {
				continue // one that is there and cannot be read is found to be so when it is set
			}
			found = true
			l := p.lockAt(at)
			l.beside = l.beside || dir == path.Dir(t.Path)
			p.follow(l, t, dir)
		}
		if found || dir == "." {
			return
		}
	}
}

func (p *preparation) follow(l *lock, t versionfile.Target, dir string) {
	if path.Base(t.Path) == "package.json" {
		member := ""
		if at := path.Dir(t.Path); at != dir {
			member = strings.TrimPrefix(at, strings.TrimPrefix(dir+"/", "./"))
		}
		l.add(versionfile.Target{Member: member})
		return
	}
	for _, name := range p.crates(t) {
		l.add(versionfile.Target{Crates: []string{name}})
	}
}

// crates are the packages whose version is set with a Cargo.toml: its own, or those of the
// workspace that take theirs from it.
func (p *preparation) crates(t versionfile.Target) []string {
	c, err := p.crate(t.Path)
	if err != nil {
		return nil
	}
	own := t.Key == nil || t.Key.String() == "package.version"
	shared := c.Shared && (t.Key == nil || t.Key.String() == "workspace.package.version")
	var names []string
	if c.Name != "" && (c.Inherits && shared || !c.Inherits && own) {
		names = append(names, c.Name)
	}
	if !shared {
		return names
	}
	for _, pattern := range c.Members {
		manifests, err := p.tree.Glob(path.Join(path.Dir(t.Path), pattern, "Cargo.toml"))
		if err != nil {
			continue // such a pattern names no folder
		}
		for _, at := range manifests {
			if member, err := p.crate(at); err == nil && member.Inherits && !slices.Contains(names, member.Name) {
				names = append(names, member.Name)
			}
		}
	}
	return names
}

// companions puts the version into the locks. One that was not asked for and lacks the package is
// left as it is: it may belong to something else. One beside the manifest is told of.
func (p *preparation) companions() {
	for _, l := range p.locks {
		for _, t := range l.targets {
			err := p.set(t)
			var absent *versionfile.Absent
			switch {
			case err == nil:
			case l.as == "" && errors.As(err, &absent):
				if l.beside {
					p.skipped = append(p.skipped, skip{l.path, err.Error()})
				}
			case l.as == "":
				p.problem(l.path, err)
			default:
				p.problem(l.as, err)
			}
		}
	}
}
