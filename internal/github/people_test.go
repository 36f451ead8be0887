package github

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var monday = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// questions are all that is asked about people, each with an answer that is one.
var questions = map[string]struct {
	ask  func(context.Context, *Client) (any, error)
	good map[string]string // bodies by path
	want any
	bad  []string // bodies of its first path that are no answer
}{
	"proposal": {
		func(ctx context.Context, c *Client) (any, error) { return c.Proposal(ctx, "acme/shop", 7) },
		map[string]string{"/repos/acme/shop/pulls/7": `{"number":7,"user":{"login":"eve"},"head":{"sha":"ABC"},"merge_commit_sha":"def","merged_at":"2026-03-02T12:00:00Z","html_url":"u"}`},
		Proposal{7, "eve", "abc", "def", true, "u"},
		[]string{`{}`, `{"number":8,"head":{"sha":"abc"}}`, `{"number":7}`, `{"number":7,"head":{"sha":"abc"},"base":{"repo":{"full_name":"acme/other"}}}`, `[]`},
	},
	"proposals": {
		func(ctx context.Context, c *Client) (any, error) { return c.Proposals(ctx, "acme/shop", sha) },
		map[string]string{"/repos/acme/shop/commits/" + sha + "/pulls": `[{"number":7,"head":{"sha":"abc"}},{"number":8,"head":{"sha":"abc"},"base":{"repo":{"full_name":"eve/shop"}}}]`},
		[]Proposal{{Number: 7, Head: "abc"}},
		[]string{`{}`, `null`, `[{}]`, `[null]`},
	},
	"contributors": {
		func(ctx context.Context, c *Client) (any, error) { return c.Contributors(ctx, "acme/shop", 7, "abc") },
		map[string]string{"/repos/acme/shop/pulls/7/commits": `[{"sha":"def","author":{"login":"eve"},"committer":{"login":"web-flow"}},{"sha":"abc","author":null,"committer":{"login":"kim"}}]`},
		[]Contributor{{"eve", ""}, {"", "kim"}},
		[]string{`{}`, `[]`, `[{"sha":"def"}]`, `[` + strings.Repeat(`{"sha":"abc"},`, contributionLimit) + `{"sha":"abc"}]`},
	},
	"changed paths": {
		func(ctx context.Context, c *Client) (any, error) { return c.ChangedPaths(ctx, "acme/shop", 7) },
		map[string]string{"/repos/acme/shop/pulls/7/files": `[{"filename":"a.go","status":"modified"},{"filename":"c.go","previous_filename":"b.go","status":"renamed"}]`},
		[]string{"a.go", "c.go", "b.go"},
		[]string{`{}`, `null`, `[{}]`, `[` + strings.Repeat(`{"filename":"a"},`, changedLimit-1) + `{"filename":"a"}]`},
	},
	"contributor": {
		func(ctx context.Context, c *Client) (any, error) { return c.Contributor(ctx, "acme/shop", sha) },
		map[string]string{"/repos/acme/shop/commits/" + sha: `{"sha":"` + sha + `","author":{"login":"eve"}}`},
		Contributor{"eve", ""},
		[]string{`{}`, `{"sha":"abc"}`, `[]`},
	},
	"reviews": {
		func(ctx context.Context, c *Client) (any, error) { return c.Reviews(ctx, "acme/shop", 7) },
		map[string]string{"/repos/acme/shop/pulls/7/reviews": `[{"id":2,"user":{"login":"x[bot]","type":"Bot"},"state":"COMMENTED","submitted_at":"2026-03-02T13:00:00Z"},{"id":1,"user":{"login":"ada","type":"User"},"state":"APPROVED","commit_id":"ABC","submitted_at":"2026-03-02T12:00:00Z","html_url":"u","pull_request_url":"x/pulls/7"}]`},
		[]Review{{"ada", false, "APPROVED", "abc", monday, "u"}, {By: "x[bot]", Bot: true, State: "COMMENTED", At: monday.Add(time.Hour)}},
		[]string{`{}`, `[{}]`, `[{"id":1,"state":"FINE","submitted_at":"2026-03-02T12:00:00Z"}]`, `[{"id":1,"state":"APPROVED"}]`, `[{"id":1,"state":"APPROVED","submitted_at":"2026-03-02T12:00:00Z","pull_request_url":"x/pulls/17"}]`},
	},
	"run": {
		func(ctx context.Context, c *Client) (any, error) { return c.Run(ctx, "acme/shop", 42) },
		map[string]string{"/repos/acme/shop/actions/runs/42": `{"id":42,"head_sha":"ABC","created_at":"2026-03-02T12:00:00Z","actor":{"login":"eve"},"triggering_actor":{"login":"kim"}}`},
		Run{42, "abc", []string{"eve", "kim"}, monday},
		[]string{`{}`, `{"id":43,"head_sha":"abc","created_at":"2026-03-02T12:00:00Z"}`, `{"id":42,"created_at":"2026-03-02T12:00:00Z"}`, `{"id":42,"head_sha":"abc"}`},
	},
	"runs": {
		func(ctx context.Context, c *Client) (any, error) { return c.WorkflowRuns(ctx, "acme/shop", sha) },
		map[string]string{"/repos/acme/shop/actions/runs": `{"total_count":1,"workflow_runs":[{"id":42,"head_sha":"` + sha + `","created_at":"2026-03-02T12:00:00Z"}]}`},
		[]WorkflowRun{{ID: 42, Created: monday}},
		[]string{`{}`, `[]`, `{"workflow_runs":[{"id":42,"head_sha":"abc","created_at":"2026-03-02T12:00:00Z"}]}`, `{"workflow_runs":[{}]}`},
	},
	"admissions": {
		func(ctx context.Context, c *Client) (any, error) { return c.Admissions(ctx, "acme/shop", 42) },
		map[string]string{"/repos/acme/shop/actions/runs/42/approvals": `[{"state":"approved","environments":[{"name":"production"}],"user":{"login":"ada","type":"User"}}]`},
		[]Admission{{"ada", false, "approved", []string{"production"}}},
		[]string{`{}`, `null`, `[{}]`, `[{"state":"fine","environments":[{"name":"production"}]}]`, `[{"state":"approved","environments":[]}]`},
	},
	"member": {
		func(ctx context.Context, c *Client) (any, error) {
			return c.Membership(ctx, "acme/shop", "acme/sre", "ada")
		},
		map[string]string{"/orgs/acme/teams/sre/memberships/ada": `{"state":"active"}`},
		Member,
		[]string{`{}`, `[]`, `{"state":"ACTIVE"}`},
	},
	"invited": {
		func(ctx context.Context, c *Client) (any, error) {
			return c.Membership(ctx, "acme/shop", "acme/sre", "ada")
		},
		map[string]string{"/orgs/acme/teams/sre/memberships/ada": `{"state":"pending"}`},
		Invited, nil,
	},
	"no member": {
		func(ctx context.Context, c *Client) (any, error) {
			return c.Membership(ctx, "acme/shop", "acme/sre", "ada")
		},
		map[string]string{"/orgs/acme/teams/sre": `{"slug":"sre"}`},
		NoMember,
		[]string{`{}`, `{"slug":"qa"}`},
	},
	"tickets": {
		func(ctx context.Context, c *Client) (any, error) {
			return c.TicketsSince(ctx, "acme/shop", []string{"change"}, monday)
		},
		map[string]string{"/repos/acme/shop/issues": `[{"id":1,"number":5,"state":"open","labels":[{"name":"Change"}],"body":"b","author_association":"MEMBER","html_url":"u"},{"id":2,"number":6,"state":"closed","labels":[{"name":"change"}],"author_association":"NONE","user":{"login":"x[bot]"}},{"id":3,"number":7,"state":"closed","labels":[{"name":"change"}],"user":{"login":"eve"},"author_association":"CONTRIBUTOR"},{"id":4,"number":8,"pull_request":{"url":"x"}},{"id":5,"number":9,"state":"open","labels":[]}]`},
		[]Ticket{{Number: 5, Body: "b", URL: "u", Open: true, Labels: []string{"Change"}, Trusted: true}, {Number: 6, Labels: []string{"change"}, Trusted: true}, {Number: 7, Labels: []string{"change"}}},
		[]string{`{}`, `[{}]`, `null`},
	},
	"remarks": {
		func(ctx context.Context, c *Client) (any, error) { return c.TicketComments(ctx, "acme/shop", 5) },
		map[string]string{"/repos/acme/shop/issues/5/comments": `[{"id":1,"user":{"login":"ada"},"body":"b","created_at":"2026-03-02T12:00:00Z","updated_at":"2026-03-02T12:00:00Z","html_url":"u"}]`},
		[]TicketComment{{"ada", "b", monday, monday, "u"}},
		[]string{`{}`, `[{}]`, `[{"id":1}]`},
	},
	"text": {
		func(ctx context.Context, c *Client) (any, error) { return c.Text(ctx, "acme/shop", 5) },
		map[string]string{"graphql": `{"data":{"repository":{"issue":{"number":5,"createdAt":"2026-03-02T12:00:00Z","body":"c","author":{"login":"eve"},"userContentEdits":{"totalCount":4,"nodes":[
			{"editedAt":"2026-03-02T14:00:00Z","diff":"c","editor":null},{"editedAt":"2026-03-02T13:00:00Z","deletedAt":"2026-03-02T13:30:00Z","diff":"b","editor":{"login":"ada"}},{"editedAt":"2026-03-02T12:00:00Z","diff":"a","editor":{"login":"eve"}}]}}}}}`},
		Text{"eve", monday, "c", []Edit{{"eve", monday, "a", false}, {"ada", monday.Add(time.Hour), "", true}, {"", monday.Add(2 * time.Hour), "c", false}}, true},
		[]string{`{}`, `[]`, `{"data":null}`, `{"data":{"repository":{"issue":null}}}`, `{"data":{"repository":{"issue":{"number":6,"createdAt":"2026-03-02T12:00:00Z","body":"","userContentEdits":{"totalCount":0,"nodes":[]}}}}}`,
			`{"data":{"repository":{"issue":{"number":5,"createdAt":"2026-03-02T12:00:00Z","body":"","userContentEdits":{"totalCount":3,"nodes":[]}}}}}`,
			`{"data":{"repository":{"issue":{"number":5,"createdAt":"2026-03-02T12:00:00Z","body":"","userContentEdits":null}}}}`,
			`{"data":{"repository":{"issue":{"number":5,"createdAt":"2026-03-02T12:00:00Z","body":"","userContentEdits":{"totalCount":0,"nodes":[]}}}},"errors":[{"message":"something"}]}`},
	},
}

// under answers some paths and says 404 to all others. GraphQL lies beside the older API of a server.
func under(t *testing.T, bodies map[string]string) *Client {
	c, _ := against(t, func(w http.ResponseWriter, r *http.Request) {
		path := strings.TrimPrefix(r.URL.Path, "/api/v3")
		if r.URL.Path == "/api/graphql" && r.Method == http.MethodPost {
			path = "graphql"
			var asked struct {
				Query     string
				Variables map[string]any
			}
			if json.NewDecoder(r.Body).Decode(&asked); asked.Query != textQuery || asked.Variables["number"] != 5.0 || asked.Variables["owner"] != "acme" {
				t.Errorf("asked %+v", asked)
			}
		}
		body, ok := bodies[path]
		if !ok {
			w.WriteHeader(http.StatusNotFound)
			body = `{"message":"Not Found"}`
		}
		io.WriteString(w, body)
	})
	return c
}

func TestPeople(t *testing.T) {
	for name, q := range questions {
		t.Run(name, func(t *testing.T) {
			got, err := q.ask(t.Context(), under(t, q.good))
			if diff := cmp.Diff(q.want, got); err != nil || diff != "" {
				t.Fatalf("%v; -want +got\n%s", err, diff)
			}
			for path := range q.good {
				for _, body := range append(q.bad, `{"errors":[{"message":"no","type":"FORBIDDEN"}]}`, `"text"`, `<html>`, ``, `7`) {
					if got, err := q.ask(t.Context(), under(t, map[string]string{path: body})); err == nil {
						t.Errorf("%s came to %+v", body, got)
					}
				}
			}
		})
	}
}

// Whatever status comes is an error that says what is missing, and holds no token.
func TestPeopleRefused(t *testing.T) {
	for name, q := range questions {
		for _, status := range []int{401, 403, 404, 422, 429, 500} {
			c, _ := against(t, func(w http.ResponseWriter, r *http.Request) {
				w.WriteHeader(status)
				fmt.Fprintf(w, `{"message":"no: %s"}`, token)
			})
			got, err := q.ask(t.Context(), c)
			if hidden := got == TeamHidden && status == 404; hidden {
				continue
			}
			if err == nil || strings.Contains(err.Error(), token) || !strings.Contains(err.Error(), fmt.Sprint(status)) {
				t.Errorf("%s, %d: %v, %v", name, status, got, err)
			}
		}
		c, _ := against(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "1000")
			io.WriteString(w, `[{"id":1`)
		})
		if got, err := q.ask(t.Context(), c); err == nil {
			t.Errorf("%s, cut: %v", name, got)
		}
		c, _ = against(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Link", fmt.Sprintf(`<http://%s%s?page=1>; rel="next"`, r.Host, r.URL.Path))
			for _, body := range q.good {
				io.WriteString(w, body)
			}
		})
		if got, err := q.ask(t.Context(), c); err == nil && strings.HasPrefix(fmt.Sprintf("%T", got), "[]") && name != "admissions" {
			t.Errorf("%s, links that lead back: %v", name, got)
		}
	}
}

// GraphQL says with status 200 what went wrong.
func TestGraphQLErrors(t *testing.T) {
	for kind, want := range map[string]string{
		"RATE_LIMITED": "the rate limit is used up", "NOT_FOUND": "there is no such thing", "FORBIDDEN": "lacks the permission issues: read", "SOMETHING": "the answer is none",
	} {
		_, err := under(t, map[string]string{"graphql": `{"data":{"repository":{"issue":null}},"errors":[{"type":"` + kind + `","message":"` + token + `"}]}`}).Text(t.Context(), "acme/shop", 5)
		var e *Error
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), token) {
			t.Errorf("%s: %v (%T)", kind, err, e)
		}
	}
}
