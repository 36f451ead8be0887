package advisory

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/slipway-actions/slipway/internal/osv"
)

// Bounds of one conversation.
const (
	batchSize   = 1000 // queries, as many as the API takes
	pageLimit   = 50   // of one package's advisories
	idLimit     = 20_000
	concurrency = 8
)

// safeID is an advisory's id fit to stand in an address.
var safeID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._:-]{0,199}$`)

// Ask asks which advisories the packages have, then for each of these. What fails is a problem; the
// rest of the answer stands.
func (s Server) Ask(ctx context.Context, packages []osv.Package) Answer {
	ctx, cancel := context.WithTimeout(ctx, phaseTime)
	defer cancel()
	a := Answer{Source: s.Name, Candidates: map[osv.Package][]Candidate{}}
	named := map[string][]osv.Package{} // by the id of their advisory
	for from := 0; from < len(packages); from += batchSize {
		if err := s.list(ctx, packages[from:min(from+batchSize, len(packages))], named); err != nil {
			a.Problems = append(a.Problems, Problem{
				Text: fmt.Sprintf("%d of %d packages could not be asked about: %v", len(packages)-from, len(packages), err),
				Next: "Run the step again; if it stays so, check that the runner may reach " + s.Base.Host + ", or set the input database to a folder of OSV data.",
			})
			break // the next would fare no better
		}
	}
	ids := slices.Sorted(maps.Keys(named))
	records, failed := s.records(ctx, ids)
	for id, r := range records {
		for _, p := range named[id] {
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
	return a.sorted()
}

// query asks about one package. The API leaves out what is empty.
type query struct {
	Package struct {
		Name      string `json:"name"`
		Ecosystem string `json:"ecosystem"`
	} `json:"package"`
	Version string `json:"version,omitempty"`
	Page    string `json:"page_token,omitempty"`
}

// list asks for the ids of a batch of packages, page by page, and adds them to named.
func (s Server) list(ctx context.Context, packages []osv.Package, named map[string][]osv.Package) error {
	queries := make([]query, len(packages))
	for i, p := range packages {
		queries[i].Package.Name, queries[i].Package.Ecosystem, queries[i].Version = p.Name, p.Ecosystem, p.Version
	}
	for page := 1; len(queries) > 0; page++ {
		if page > pageLimit {
			return fmt.Errorf("the answer of %s does not end: it has more than %d pages", s.Base.Host, pageLimit)
		}
		results, err := s.page(ctx, queries)
		if err != nil {
			return err
		}
		var moreOf []osv.Package
		var more []query
		for i, result := range results {
			for _, v := range result.Vulns {
				if !safeID.MatchString(v.ID) {
					return fmt.Errorf("%s named an advisory %q, which is no id", s.Base.Host, v.ID)
				}
				if !slices.Contains(named[v.ID], packages[i]) {
					named[v.ID] = append(named[v.ID], packages[i])
				}
			}
			if result.Next == "" {
				continue
			}
			if result.Next == queries[i].Page {
				return fmt.Errorf("the answer of %s does not end: the same page follows itself", s.Base.Host)
			}
			next := queries[i]
			next.Page = result.Next
			more, moreOf = append(more, next), append(moreOf, packages[i])
		}
		if len(named) > idLimit {
			return fmt.Errorf("%s named more than %d advisories", s.Base.Host, idLimit)
		}
		queries, packages = more, moreOf
	}
	return nil
}

type result struct {
	Vulns []struct {
		ID string `json:"id"`
	} `json:"vulns"`
	Next string `json:"next_page_token"`
}

// page sends one batch. The answer must have a result for every query.
func (s Server) page(ctx context.Context, queries []query) ([]*result, error) {
	body, err := json.Marshal(map[string]any{"queries": queries})
	if err != nil {
		return nil, err
	}
	text, err := s.fetch(ctx, http.MethodPost, "v1/querybatch", body, listLimit)
	if err != nil {
		return nil, err
	}
	var answer struct {
		Results []*result `json:"results"`
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		return nil, fmt.Errorf("%s answered something that is not JSON (%s): %w", s.Base.Host, opening(text), err)
	}
	if len(answer.Results) != len(queries) {
		return nil, fmt.Errorf("%s answered %d of %d queries", s.Base.Host, len(answer.Results), len(queries))
	}
	if slices.Contains(answer.Results, nil) {
		return nil, fmt.Errorf("%s answered %d of %d queries, one of them with nothing", s.Base.Host, len(answer.Results), len(queries))
	}
	return answer.Results, nil
}

// opening is how an answer begins, for people to recognise a proxy's page.
func opening(text []byte) string {
	return fmt.Sprintf("%q", strings.TrimSpace(string(text[:min(len(text), 40)])))
}

// records fetches advisories, a few at a time. Those that failed are listed with the reason.
func (s Server) records(ctx context.Context, ids []string) (found map[string]*osv.Record, failed []string) {
	found = map[string]*osv.Record{}
	var (
		mu    sync.Mutex
		group sync.WaitGroup
		turn  = make(chan struct{}, concurrency)
	)
	for _, id := range ids {
		turn <- struct{}{}
		group.Go(func() {
			defer func() { <-turn }()
			r, err := s.record(ctx, id)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				failed = append(failed, fmt.Sprintf("%s (%v)", id, err))
				return
			}
			found[id] = r
		})
	}
	group.Wait()
	slices.Sort(failed)
	return found, failed
}

func (s Server) record(ctx context.Context, id string) (*osv.Record, error) {
	text, err := s.fetch(ctx, http.MethodGet, "v1/vulns/"+url.PathEscape(id), nil, recordLimit)
	if err != nil {
		return nil, err
	}
	r, err := osv.Parse(text)
	if err == nil && !strings.EqualFold(r.ID, id) {
		err = errors.New("the record " + r.ID + " came instead")
	}
	return r, err
}
