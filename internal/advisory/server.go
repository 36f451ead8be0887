package advisory

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/osv"
)

// Bounds of what is asked of a server.
const (
	requestTime = 20 * time.Second
	phaseTime   = 2 * time.Minute
	listLimit   = 32 << 20 // bytes of an answer to a batch of queries
)

// Server is a database that speaks the API of osv.dev (https://google.github.io/osv.dev/api/).
type Server struct {
	Name  string   // for people
	Base  *url.URL // such as https://api.osv.dev
	Cache string   // a folder for the advisories that were fetched; "" is none
	Sleep func(ctx context.Context, d time.Duration) error
}

// Ask asks which advisories the packages have, then for each of these. What fails is a problem; the
// rest of the answer stands.
func (s Server) Ask(ctx context.Context, packages []osv.Package) Answer {
	ctx, cancel := context.WithTimeout(ctx, phaseTime)
	defer cancel()
	a := Answer{Source: s.Name, Candidates: map[osv.Package][]Candidate{}, Aliases: map[string]*osv.Record{}}
	named := map[string]*naming{}
	open := map[string]bool{} // the ecosystems of which not all could be asked
	for from := 0; from < len(packages); from += batchSize {
		if err := s.list(ctx, packages[from:min(from+batchSize, len(packages))], named); err != nil {
			a.Problems = append(a.Problems, Problem{
				Text: fmt.Sprintf("%d of %d packages could not be asked about: %v", len(packages)-from, len(packages), err),
				Next: "Run the step again; if it stays so, check that the runner may reach " + s.Base.Host + ", or set the input database to a folder of OSV data.",
			})
			for _, p := range packages[from:] {
				open[osv.BaseEcosystem(p.Ecosystem)] = true
			}
			break // the next would fare no better
		}
	}
	ids := slices.Sorted(maps.Keys(named))
	records, failed := s.records(ids, func(id string) (*osv.Record, error) { return s.record(ctx, id, named[id].modified) })
	for id, r := range records {
		for _, p := range named[id].packages {
			if r.Withdrawn == "" {
				a.Candidates[p] = append(a.Candidates[p], Candidate{Record: r, Affects: p.Version != ""})
			}
		}
	}
	if len(failed) > 0 {
		a.Problems = append(a.Problems, Problem{
			Text: fmt.Sprintf("%d of %d advisories could not be fetched: %s", len(failed), len(ids), summary(failed, len(failed))),
			Next: "Run the step again; until it succeeds, look the advisories up by hand.",
		})
	}
	a.Sets = sets(packages, open, named, records)
	s.aliases(ctx, &a, records)
	return a.sorted()
}

// sets are what the server knows about the packages, by ecosystem. Only that can be told of its
// data, and only where all was asked.
func sets(packages []osv.Package, open map[string]bool, named map[string]*naming, records map[string]*osv.Record) []Set {
	var sets []Set
	for ecosystem := range byEcosystem(packages) {
		if open[ecosystem] {
			continue
		}
		set, whole, sum := Set{Ecosystem: ecosystem, Named: true}, true, sha256.New()
		for _, id := range slices.Sorted(maps.Keys(named)) {
			if !slices.ContainsFunc(named[id].packages, func(p osv.Package) bool { return osv.BaseEcosystem(p.Ecosystem) == ecosystem }) {
				continue
			}
			r := records[id]
			if r == nil {
				whole = false
				continue
			}
			set.Records++
			if r.Modified.After(set.Newest) {
				set.Newest = r.Modified.Time
			}
			// What a judgement needs of the record: the spaces in its text may differ every time.
			text, err := json.Marshal(r)
			whole = whole && err == nil
			fmt.Fprintf(sum, "%s %s %x\n", id, r.Modified.Format(time.RFC3339Nano), sha256.Sum256(text))
		}
		if whole {
			set.Digest = fmt.Sprintf("sha256:%x", sum.Sum(nil))
		}
		sets = append(sets, set)
	}
	return sets
}

// aliases asks for the other records of what has no score.
func (s Server) aliases(ctx context.Context, a *Answer, records map[string]*osv.Record) {
	wanted := a.unscored(safeID.MatchString)
	ids, problems := bounded(wanted)
	a.Problems = append(a.Problems, problems...)
	byKey := map[string]*osv.Record{}
	for _, id := range slices.Sorted(maps.Keys(records)) {
		byKey[key(id)] = records[id]
	}
	found, failed := s.records(ids, func(id string) (*osv.Record, error) {
		if r := byKey[id]; r != nil {
			return r, nil
		}
		r, _, err := s.ask(ctx, strings.TrimSpace(wanted[id]))
		if refused(err, http.StatusNotFound) {
			return nil, nil // there is no such record, as of most of CVE
		}
		return r, err
	})
	for id, r := range found {
		if r != nil && r.Withdrawn == "" {
			a.Aliases[id] = r
		}
	}
	if len(failed) > 0 {
		a.Problems = append(a.Problems, Problem{
			Text: fmt.Sprintf("%d of %d aliases that may tell a severity could not be fetched: %s", len(failed), len(ids), summary(failed, len(failed))),
			Next: "Run the step again; until it succeeds, a severity may be higher than it is told.",
		})
	}
}
