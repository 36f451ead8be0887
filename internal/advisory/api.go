package advisory

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

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

// naming is where the server named an advisory.
type naming struct {
	packages []osv.Package
	modified time.Time // the latest that it said; zero where it did not
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
func (s Server) list(ctx context.Context, packages []osv.Package, named map[string]*naming) error {
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
				n := named[v.ID]
				if n == nil {
					n = &naming{}
					named[v.ID] = n
				}
				if !slices.Contains(n.packages, packages[i]) {
					n.packages = append(n.packages, packages[i])
				}
				if v.Modified.After(n.modified) {
					n.modified = v.Modified.Time
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
		ID       string   `json:"id"`
		Modified osv.Date `json:"modified"`
	} `json:"vulns"`
	Next string `json:"next_page_token"`
}

// UnmarshalJSON reads the answer to one query. An empty one says that there is nothing; one that says
// something else and names no advisory, such as an error, does not.
func (r *result) UnmarshalJSON(text []byte) error {
	type plain result
	if err := json.Unmarshal(text, (*plain)(r)); err != nil {
		return err
	}
	var said map[string]json.RawMessage
	if err := json.Unmarshal(text, &said); err != nil {
		return err
	}
	_, vulns := said["vulns"]
	_, next := said["next_page_token"]
	if len(said) > 0 && !vulns && !next {
		return fmt.Errorf("an answer that is neither a list nor empty: %s", opening(text))
	}
	return nil
}

// page sends one batch. The answer must have a result for every query.
func (s Server) page(ctx context.Context, queries []query) ([]*result, error) {
	body, err := json.Marshal(map[string]any{"queries": queries})
	if err != nil {
		return nil, err
	}
	text, err := s.fetch(ctx, request{
		method: http.MethodPost, path: "v1/querybatch", body: body, limit: listLimit, time: requestTime,
		header: map[string]string{"Accept": "application/json", "Content-Type": "application/json"},
	})
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

// records takes one advisory after the other, a few at a time. Those that failed are listed with the
// reason.
func (Server) records(ids []string, one func(id string) (*osv.Record, error)) (found map[string]*osv.Record, failed []string) {
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
			r, err := one(id)
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

// record is an advisory as it was modified last: from the cache, else from the server.
func (s Server) record(ctx context.Context, id string, modified time.Time) (*osv.Record, error) {
	if r := s.cached(id, modified); r != nil {
		return r, nil
	}
	r, text, err := s.ask(ctx, id)
	if err == nil && !modified.IsZero() && r.Modified.Equal(modified) {
		s.keep(id, modified, text)
	}
	return r, err
}

// ask fetches an advisory.
func (s Server) ask(ctx context.Context, id string) (*osv.Record, []byte, error) {
	text, err := s.fetch(ctx, request{
		method: http.MethodGet, path: "v1/vulns/" + url.PathEscape(id), limit: recordLimit, time: requestTime,
		header: map[string]string{"Accept": "application/json"},
	})
	if err != nil {
		return nil, nil, err
	}
	r, err := osv.Parse(text)
	if err == nil && !strings.EqualFold(r.ID, id) {
		err = errors.New("the record " + r.ID + " came instead")
	}
	return r, text, err
}

func (s Server) fetch(ctx context.Context, r request) ([]byte, error) {
	var text memory
	_, err := client{s.Base, s.Sleep}.fetch(ctx, r, &text)
	return text.Bytes(), err
}
