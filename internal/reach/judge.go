package reach

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/osv"
)

// judge puts together what the builds for some platforms say about each record.
type judge struct {
	tree    *tree
	records []*osv.Record
	levels  []Level
	untold  []string // why a level below Called is not certain
	traces  [][]string
}

// take takes what one build says, and returns the records of which packages are part of it. Modules are those
// that packages come from.
func (j *judge) take(modules []string, found []finding) (imported []int) {
	loaded := map[string]bool{}
	for _, m := range modules {
		loaded[m] = true
	}
	at := map[string]int{}
	for n := range j.records {
		at[name(n)] = n
	}
	judged := make([]map[string]bool, len(j.records)) // modules of a record that findings are about
	for n := range judged {
		judged[n] = map[string]bool{}
		j.levels[n] = max(j.levels[n], Required)
	}
	for _, f := range found {
		n, known := at[f.OSV]
		if !known {
			continue
		}
		vulnerable := f.Trace[0]
		judged[n][vulnerable.Module] = true
		switch {
		case vulnerable.Function != "":
			j.levels[n] = Called
			j.traces[n] = shorter(j.traces[n], j.chain(f.Trace))
		case vulnerable.Package != "":
			j.levels[n] = max(j.levels[n], Imported)
			imported = append(imported, n)
		}
	}
	for n, r := range j.records {
		if why := j.unjudged(r, loaded, judged[n]); why != "" {
			j.doubt(n, why)
		}
	}
	return imported
}

// unjudged tells why nothing having been found about a record may mean nothing. A module that no package comes
// from is required at most. One that packages come from has a finding, or govulncheck has not judged it.
func (j *judge) unjudged(r *osv.Record, loaded, judged map[string]bool) string {
	names := modules(r)
	if len(names) == 0 {
		return "the advisory names no Go module"
	}
	for _, m := range names {
		switch {
		case m == "toolchain":
			return "the advisory is about the go command, which no code calls"
		case j.tree.replaced[m]:
			return clean(fmt.Sprintf("the module %s is replaced by another", m), reasonLimit)
		case loaded[m] && !judged[m]:
			return clean(fmt.Sprintf("govulncheck does not judge the module %s, which has no version", m), reasonLimit)
		case !loaded[m] && !strings.HasPrefix(r.ID, "GO-"):
			// Other databases do not always name a module: it may be a package of one, or another major version.
			for other := range loaded {
				if (below(other, m) || below(m, other)) && !judged[other] {
					return clean(fmt.Sprintf("the advisory names %s, which is no module here", m), reasonLimit)
				}
			}
		}
	}
	return ""
}

// unsure notes for all records why a level below Called is not certain.
func (j *judge) unsure(why string) {
	for n := range j.untold {
		j.doubt(n, why)
	}
}

// doubt notes it for one record. The first reason stays.
func (j *judge) doubt(n int, why string) {
	if j.untold[n] == "" {
		j.untold[n] = why
	}
}

// into writes what is known.
func (j *judge) into(r *Result) {
	r.Levels, r.Untold, r.Traces = map[string]Level{}, map[string]string{}, map[string][]string{}
	for n, record := range j.records {
		switch {
		case j.levels[n] == Called:
			r.Levels[record.ID], r.Traces[record.ID] = Called, j.traces[n]
		case j.untold[n] != "":
			r.Untold[record.ID] = j.untold[n]
		default:
			r.Levels[record.ID] = j.levels[n]
		}
	}
}

// chain is a call chain from the entry down: each function, and where in the module it makes the call.
func (j *judge) chain(trace []frame) (chain []string) {
	entry := trace[len(trace)-1].Module
	for _, f := range slices.Backward(trace) {
		text := f.Package + "." + f.Function
		if f.Receiver != "" {
			text = f.Package + "." + strings.TrimPrefix(f.Receiver, "*") + "." + f.Function
		}
		if p := f.Position; p != nil && p.Line > 0 && p.Filename != "" && f.Module == entry {
			text += fmt.Sprintf(" %s:%d", path.Join(j.tree.dir, p.Filename), p.Line)
		}
		chain = append(chain, clean(text, reasonLimit))
	}
	if over := len(chain) - traceLimit; over > 0 {
		chain = slices.Replace(chain, traceLimit/2, traceLimit/2+over+1, fmt.Sprintf("… %d more …", over+1))
	}
	return chain
}

// shorter chooses between two chains, the same whichever comes first.
func shorter(a, b []string) []string {
	switch {
	case a == nil || len(b) < len(a):
		return b
	case len(b) == len(a) && slices.Compare(b, a) < 0:
		return b
	}
	return a
}
