package gonogo

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/runner"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// hub is what a GitHub answers about a merged pull request by eve that kim of acme/sre approved, an
// emergency change that was reviewed, and a ticket whose box ada ticked.
func hub() map[string]string {
	pulls := func(sha string, number int) string {
		return fmt.Sprintf(`[{"number":%d,"user":{"login":"eve"},"head":{"sha":"ffff"},"merge_commit_sha":%q,"merged_at":"2026-03-02T10:00:00Z"}]`, number, sha)
	}
	review := func(id int, by string) string {
		return fmt.Sprintf(`{"id":%d,"user":{"login":%q,"type":"User"},"state":"APPROVED","commit_id":"ffff","submitted_at":"2026-03-02T09:00:00Z"}`, id, by)
	}
	mark, _ := json.Marshal(fmt.Sprintf(`%s{"commit":%q,"type":"emergency","decided":"2026-03-01T10:00:00Z","environment":"production"} -->`, mark, another))
	return map[string]string{
		"GET /repos/acme/shop/commits/" + commit + "/pulls":  pulls(commit, 7),
		"GET /repos/acme/shop/pulls/7/commits":               `[{"sha":"ffff","author":{"login":"eve"}}]`,
		"GET /repos/acme/shop/pulls/7/reviews":               `[` + review(1, "kim") + `]`,
		"GET /repos/acme/shop/actions/runs/42/approvals":     `[{"state":"approved","environments":[{"name":"production"}],"user":{"login":"bob","type":"User"}}]`,
		"GET /repos/acme/shop/actions/runs/42":               `{"id":42,"head_sha":"` + commit + `","created_at":"2026-03-02T10:00:00Z","actor":{"login":"eve"}}`,
		"GET /orgs/acme/teams/sre/memberships/kim":           `{"state":"active"}`,
		"GET /orgs/acme/teams/sre/memberships/bob":           `{"state":"pending"}`,
		"GET /repos/acme/shop/issues":                        `[{"id":5,"number":5,"state":"open","labels":[{"name":"change"}],"author_association":"MEMBER","body":` + string(mark) + `}]`,
		"GET /repos/acme/shop/commits/" + another + "/pulls": pulls(another, 6),
		"GET /repos/acme/shop/pulls/6/commits":               `[{"sha":"ffff","author":{"login":"eve"}}]`,
		"GET /repos/acme/shop/pulls/6/reviews":               `[` + review(1, "ada") + `]`,
		"GET /repos/acme/shop/issues/5/comments":             `[{"id":1,"user":{"login":"bob"},"body":"/approve as qa","created_at":"2026-03-01T12:00:00Z","updated_at":"2026-03-01T12:00:00Z"}]`,
		"POST /graphql":                                      `{"data":{"repository":{"issue":{"number":12,"createdAt":"2026-03-02T10:00:00Z","body":"- [x] a","author":{"login":"ada"},"userContentEdits":{"totalCount":0,"nodes":[]}}}}}`,
	}
}

// TestTouched takes the files that owners must approve from the pull request, and else from the change.
func TestTouched(t *testing.T) {
	server := httptest.NewServer(answering(map[string]string{"GET /repos/acme/shop/pulls/7/files": `[{"filename":"a.go","previous_filename":"b.go"}]`}, map[string]bool{}))
	defer server.Close()
	client, err := github.New(github.Options{APIURL: server.URL, Token: "ghs_secret"})
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		pull   int
		change change
		paths  []string
		why    string
	}{
		"of the pull request":     {7, change{Head: commit, Files: []changedFile{{Path: "c.go"}}}, []string{"a.go", "b.go"}, ""},
		"of one that is not told": {8, change{Head: commit, Files: []changedFile{{Path: "c.go"}}}, nil, "404 Not Found"},
		"since the release":       {0, change{Head: commit, Files: []changedFile{{Path: "c.go"}}}, []string{"c.go"}, ""},
		"of another commit":       {0, change{Head: another, Files: []changedFile{{Path: "c.go"}}}, nil, "the change of this commit was not read"},
		"of too many":             {0, change{Head: commit, MoreFiles: 1}, nil, "too large"},
	} {
		e := with()
		e.People.Spoken.Pull, e.Change = tt.pull, tt.change
		paths, why := collector{&action.World{GitHub: client}, e.inputs}.touched(t.Context(), e)
		if !slices.Equal(paths, tt.paths) || !strings.Contains(why.What, tt.why) || (why.What == "") != (tt.why == "") {
			t.Errorf("%s: %v, %q", name, paths, why.What)
		}
	}
}

// gathered collects from a server and decides.
func gathered(t *testing.T, answer http.HandlerFunc) (evidence, decision) {
	server := httptest.NewServer(answer)
	defer server.Close()
	client, err := github.New(github.Options{APIURL: server.URL, Token: "ghs_secret"})
	if err != nil {
		t.Fatal(err)
	}
	e := with(policy.Criterion{ID: "list", Checklist: &policy.Checklist{By: "sre"}})
	e.Gate.Roles = roles
	e.Gate.Approvals = &policy.Approvals{
		Normal: &policy.ApprovalRule{All: []string{"sre", "qa"}}, Emergency: &policy.ApprovalRule{Any: []string{"sre"}, ReviewWithin: policy.Duration(24 * time.Hour)},
	}
	e.Ticketed = ticketed{Number: 12, Body: "- [x] a\r\n"}
	c := collector{&action.World{GitHub: client, Now: func() time.Time { return noon }, Facts: runner.Facts{Repository: "acme/shop", SHA: commit, RunID: 42, Actor: "eve"}}, e.inputs}
	c.people(t.Context(), &e)
	return e, decide(e)
}

func answering(bodies map[string]string, asked map[string]bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		key := r.Method + " " + r.URL.Path
		asked[key] = true
		body, ok := bodies[key]
		if !ok {
			w.WriteHeader(http.StatusNotFound)
			body = `{"message":"Not Found"}`
		}
		io.WriteString(w, body)
	}
}

// TestPeopleGathered holds that all is asked for, and that the decision can be made again from what is
// recorded.
func TestPeopleGathered(t *testing.T) {
	asked := map[string]bool{}
	e, d := gathered(t, answering(hub(), asked))
	if d.verdict != verdict.Pass {
		t.Fatalf("%s: %+v\n%+v", d.verdict, d.findings(), e.People)
	}
	for key := range hub() {
		if !asked[key] {
			t.Errorf("%s was not asked for", key)
		}
	}
	text, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	again := evidence{inputs: e.inputs}
	if err := json.Unmarshal(text, &again); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(e.People, again.People); diff != "" {
		t.Errorf("the record says something else; -was +read\n%s", diff)
	}
	again.inputs = e.inputs
	if one, two := fmt.Sprintf("%+v", d.findings()), fmt.Sprintf("%+v", decide(again).findings()); one != two {
		t.Errorf("%s\n%s", one, two)
	}
}

// TestPeopleFaults holds that no fault of any question leads to a go.
func TestPeopleFaults(t *testing.T) {
	for key := range hub() {
		if strings.HasSuffix(key, "/bob") {
			continue // who needs no team: he is qa by name
		}
		for _, status := range []int{0, 401, 403, 404, 422, 429, 500} {
			for _, body := range []string{`<html>`, `{"errors":[{"message":"no"}]}`, `[]`, `{}`, `null`, `[{}]`, ``} {
				if status != 0 && body != `{}` || status == 0 && body == `[]` && (strings.HasSuffix(key, "/shop/issues") || strings.HasSuffix(key, "/approvals")) {
					continue // nothing but an error, or truly none
				}
				good := answering(hub(), map[string]bool{})
				_, d := gathered(t, func(w http.ResponseWriter, r *http.Request) {
					if r.Method+" "+r.URL.Path != key {
						good(w, r)
						return
					}
					if status != 0 {
						w.Header().Set("Retry-After", "3600") // not worth waiting for
						w.WriteHeader(status)
					}
					io.WriteString(w, body)
				})
				if d.verdict == verdict.Pass {
					t.Errorf("%s with %d %q is a go", key, status, body)
				}
				for _, f := range d.findings() {
					if strings.Contains(f.Observed+f.Next, "ghs_secret") {
						t.Errorf("%s: the token is told", key)
					}
				}
			}
		}
	}
}

// TestBrought holds that the pull request of a commit is the one that brought it.
func TestBrought(t *testing.T) {
	for name, tt := range map[string]struct {
		pulls string
		pull  int
		trust bool // who spoke is known
	}{
		"none":                {`[]`, 0, true},
		"merged as it":        {`[{"number":7,"head":{"sha":"ffff"},"merge_commit_sha":"` + commit + `","merged_at":"2026-03-02T10:00:00Z"}]`, 7, true},
		"a trial merge":       {`[{"number":7,"head":{"sha":"ffff"},"merge_commit_sha":"` + commit + `"}]`, 0, true},
		"its newest commit":   {`[{"number":7,"head":{"sha":"` + commit + `"}}]`, 7, true},
		"one of its commits":  {`[{"number":7,"head":{"sha":"ffff"}}]`, 0, true},
		"merged goes first":   {`[{"number":6,"head":{"sha":"` + commit + `"}},{"number":7,"head":{"sha":"ffff"},"merge_commit_sha":"` + commit + `","merged_at":"2026-03-02T10:00:00Z"}]`, 7, true},
		"two with the newest": {`[{"number":6,"head":{"sha":"` + commit + `"}},{"number":7,"head":{"sha":"` + commit + `"}}]`, 0, false},
		"two were merged so":  {`[{"number":6,"head":{"sha":"f"},"merge_commit_sha":"` + commit + `","merged_at":"2026-03-02T10:00:00Z"},{"number":7,"head":{"sha":"f"},"merge_commit_sha":"` + commit + `","merged_at":"2026-03-02T10:00:00Z"}]`, 0, false},
	} {
		bodies := hub()
		bodies["GET /repos/acme/shop/commits/"+commit+"/pulls"] = tt.pulls
		bodies["GET /repos/acme/shop/commits/"+commit] = `{"sha":"` + commit + `","author":{"login":"eve"}}`
		bodies["GET /repos/acme/shop/pulls/7/commits"] = `[{"sha":"ffff"},{"sha":"` + commit + `","author":{"login":"eve"}}]`
		e, d := gathered(t, answering(bodies, map[string]bool{}))
		if s := e.People.Spoken; s.Pull != tt.pull || (len(s.Problems) == 0) != tt.trust || !tt.trust && d.verdict == verdict.Pass || tt.trust && !slices.Contains(s.Authors, "eve") {
			t.Errorf("%s: %+v, %s", name, s, d.verdict)
		}
	}
}
