package securitygate

import (
	"path"
	"slices"

	"github.com/slipway-actions/slipway/internal/manifest"
	"github.com/slipway-actions/slipway/internal/osv"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// baseline is the tree that a change started from.
type baseline struct {
	ref     string // as it was given
	sha     string // of the commit that was scanned
	tree    manifest.Tree
	secrets map[string]map[string]bool // files of the secrets in it, by fingerprint
	missing []missing                  // what of it could not be looked at
}

// compare marks what the base does not have, and returns what only the base has. A base that could not be
// scanned whole is unknown: neither is all of it new, nor none.
func (e evidence) compare(found []risk) (gone []risk, open []result.Finding) {
	if e.base == nil {
		return nil, nil
	}
	old, unclear := e.vulnerabilities(e.base.tree)
	oldLicenses, _ := e.licensesOf(e.base.tree)
	old = append(old, oldLicenses...)
	for _, u := range unclear {
		f := unjudgedFinding(u)
		f.ID, f.Title, f.Next = "base:"+f.ID, f.Title+" in "+e.base.ref, "Judge the change as a whole: leave the input base out."
		open = append(open, f)
	}
	for _, m := range e.base.tree.Manifests {
		if m.State == manifest.Broken {
			open = append(open, result.Finding{
				ID: "base:manifest:" + m.Path, Outcome: verdict.Undecided, Title: m.Path + " of " + e.base.ref + " is broken", Observed: report.Clip(m.Reason, 500),
				Threshold: "a base that can be scanned", Next: "Leave the input base out until a commit with the file mended is the base.",
			})
		}
	}
	open = append(open, undecided(e.base.missing)...)
	for i := range found {
		if r := &found[i]; r.kind == leaked {
			here := map[string]bool{} // a secret moves out of a file that stays
			for _, p := range r.places {
				here[p.File] = true
			}
			r.isNew = len(spread(r.places, e.base.secrets[r.id], here)) > 0
		}
	}
	e.allot(found, old)
	for i := range found {
		r := &found[i]
		if r.unsure = r.isNew && r.kind != leaked && r.kind != reported && e.unsure(*r, unclear); !r.unsure || !e.bad(*r) {
			continue
		}
		for _, file := range e.behind(*r) {
			id := "base:manifest:" + file
			if !slices.ContainsFunc(open, func(f result.Finding) bool { return f.ID == id }) {
				open = append(open, result.Finding{
					ID: id, Outcome: verdict.Undecided, Title: file + " of " + e.base.ref + " was not scanned", Observed: "so nobody can tell whether what is beside it now is new",
					Threshold: "a base that can be scanned", Next: "Judge the change as a whole: leave the input base out.",
				})
			}
		}
	}
	return without(old, found), open
}

// unsure tells whether the base may have a risk where nobody could look: in all of it, in a broken file of
// the same format, or in a version that cannot be judged.
func (e evidence) unsure(r risk, unclear []unjudged) bool {
	if len(e.base.missing) > 0 {
		return true
	}
	return len(e.behind(r)) > 0 || slices.ContainsFunc(unclear, func(u unjudged) bool { return u.pkg.Ecosystem == r.pkg.Ecosystem && u.pkg.Name == r.pkg.Name })
}

// behind are the manifests of the base that nobody could read and that may have a risk: of the same format,
// or in the same folder.
func (e evidence) behind(r risk) (files []string) {
	for _, m := range e.base.tree.Manifests {
		if m.State != manifest.Scanned && slices.ContainsFunc(r.places, func(p result.Where) bool {
			return path.Base(p.File) == path.Base(m.Path) || path.Dir(p.File) == path.Dir(m.Path)
		}) {
			files = append(files, m.Path)
		}
	}
	return files
}

// without are the risks of which others have none that is the same.
func without(risks, others []risk) (rest []risk) {
	at := shelve(others)
	for _, r := range risks {
		if !slices.ContainsFunc(at[r.shelf()], func(o *risk) bool { return r.same(*o) }) {
			rest = append(rest, r)
		}
	}
	return rest
}

// shelf is what two risks must share to be the same.
func (r risk) shelf() string {
	return string(r.kind) + "\x00" + r.pkg.Ecosystem + "\x00" + osv.CanonicalName(r.pkg.Ecosystem, r.pkg.Name)
}

func shelve(risks []risk) map[string][]*risk {
	at := map[string][]*risk{}
	for i := range risks {
		key := risks[i].shelf()
		at[key] = append(at[key], &risks[i])
	}
	return at
}

// same tells whether two risks are the same weakness of the same package, at whatever version.
func (r risk) same(s risk) bool {
	if r.shelf() != s.shelf() {
		return false
	}
	names := append([]string{s.id}, s.aliases...)
	return slices.Contains(names, r.id) || slices.ContainsFunc(r.aliases, func(alias string) bool { return slices.Contains(names, alias) })
}

// allot finds for each place of a risk the one in the base that it comes from: the same file, or a file
// that is no longer there and so was moved or renamed. A risk with a place that has none is new.
func (e evidence) allot(found, old []risk) {
	here := map[string]bool{}
	for _, m := range e.tree.Manifests {
		here[m.Path] = true
	}
	before := shelve(old)
	for shelf, group := range shelve(found) {
		for _, r := range group {
			if r.kind == vulnerable || r.kind == unlicensed {
				r.isNew = fresh(r, group, before[shelf], here)
			}
		}
	}
}

// fresh tells whether a risk is in a file that comes from none in the base. The same weakness at other
// versions shares the files that were moved.
func fresh(r *risk, group, old []*risk, here map[string]bool) bool {
	before := map[string]bool{}
	for _, o := range old {
		if r.same(*o) {
			for _, p := range o.places {
				before[p.File] = true
			}
		}
	}
	var places []result.Where
	for _, other := range group {
		if other == r || r.same(*other) {
			places = append(places, other.places...)
		}
	}
	strays := spread(places, before, here)
	return slices.ContainsFunc(r.places, func(p result.Where) bool { return strays[p.File] })
}

// spread are the files of some places that the base does not have and that come from none in it: for each
// file of the base that is not here any more, one here is taken for the same, moved or renamed.
func spread(places []result.Where, before, here map[string]bool) (strays map[string]bool) {
	moved := 0
	for file := range before {
		if !here[file] {
			moved++
		}
	}
	strays = map[string]bool{}
	counted := map[string]bool{}
	for _, p := range places {
		if before[p.File] || counted[p.File] {
			continue
		}
		counted[p.File] = true
		if moved--; moved < 0 {
			strays[p.File] = true
		}
	}
	return strays
}

// fixed are the risks that are gone: since the base, or since the state that an earlier run left. Where
// the scan is incomplete nobody knows.
func (e evidence) fixed(gone, found []risk, complete bool) []risk {
	if !complete {
		return nil
	}
	gone = append(gone, without(without(e.state.open(), found), gone)...)
	slices.SortStableFunc(gone, bySeverity)
	return gone
}
