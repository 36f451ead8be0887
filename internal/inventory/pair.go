package inventory

import (
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/manifest"
	"github.com/slipway-actions/slipway/internal/osv"
)

// wish is a manifest that declares packages, to be paired with a lockfile.
type wish struct {
	path  string
	kind  *declaration
	names []string
}

// wish reads a manifest that needs a lockfile.
func (r *reader) wish(file string, d *declaration) {
	text, err := r.content(file)
	var names []string
	if err == nil {
		names, err = d.wants(text)
	}
	if err != nil {
		r.manifests = append(r.manifests, manifest.File{Path: file, State: manifest.Broken, Reason: oneLine(err.Error()), Next: "Mend the file and commit it."})
		return
	}
	r.wishes = append(r.wishes, wish{file, d, names})
	if d.ecosystem == "npm" {
		var own struct{ Name string }
		if json.Unmarshal(text, &own) == nil && own.Name != "" {
			r.own[own.Name] = true
		}
	}
}

// pair finds the lockfile of each wish. One that has it is not counted again; one that declares
// nothing needs none and counts as scanned.
func (r *reader) pair() {
	locks := map[string][]manifest.File{} // by folder
	for _, m := range r.manifests {
		locks[path.Dir(m.Path)] = append(locks[path.Dir(m.Path)], m)
	}
	for _, w := range r.wishes {
		// A package of the same tree is in a lockfile as a link, which is no release of it.
		w.names = slices.DeleteFunc(w.names, func(name string) bool { return r.own[name] })
		if len(w.names) == 0 {
			r.manifests = append(r.manifests, manifest.File{Path: w.path, State: manifest.Scanned, Reason: "it declares no packages, so it needs no lockfile"})
			continue
		}
		if why := w.uncovered(locks); why != "" {
			r.manifests = append(r.manifests, manifest.File{Path: w.path, State: manifest.Missing, Reason: why, Next: w.kind.next})
		}
	}
}

// uncovered says why no lockfile covers a wish; "" where one does. A lockfile beside it does if it
// holds anything, and npm's if it holds all; one in a folder above, as of a workspace, only if it holds all that is wanted.
func (w wish) uncovered(locks map[string][]manifest.File) string {
	reason := "there is no lockfile beside it or above"
	for dir := path.Dir(w.path); ; dir = path.Dir(dir) {
		candidates := locks[dir]
		if w.kind.ecosystem == "Maven" { // Gradle's list for all projects lies in a folder of its own
			candidates = append(candidates[:len(candidates):len(candidates)], locks[path.Join(dir, "gradle")]...)
		}
		for _, lock := range candidates {
			if !matchAny(w.kind.locks, path.Base(lock.Path)) {
				continue
			}
			beside := dir == path.Dir(w.path) && !strings.HasSuffix(lock.Path, ".txt")
			missing := w.missing(lock)
			switch {
			case lock.State != manifest.Scanned:
				return "" // it is reported itself
			case beside && len(lock.Packages) > 0 && !complete(lock.Path), missing == "":
				return ""
			}
			reason = fmt.Sprintf("%s does not hold %s, which it wants", lock.Path, missing)
		}
		if dir == "." || dir == "/" {
			return reason
		}
	}
}

// complete tells whether a lockfile holds all that the manifest beside it wants, by its format: npm
// refuses one that does not. Others leave out what a platform or a group does not need.
func complete(lock string) bool {
	base := path.Base(lock)
	return base == "package-lock.json" || base == "npm-shrinkwrap.json"
}

// missing is the first wanted package that a lockfile does not hold; "" where it holds all.
func (w wish) missing(lock manifest.File) string {
	held := map[string]bool{}
	for _, e := range lock.Packages {
		held[osv.CanonicalName(e.Ecosystem, e.Name)] = true
	}
	first := ""
	for _, name := range w.names {
		if !held[osv.CanonicalName(w.kind.ecosystem, name)] && (first == "" || name < first) {
			first = name
		}
	}
	return first
}
