package github

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// asks are the questions that gates are about, each with how much it found.
var asks = map[string]func(context.Context, *Client) (any, error){
	"issues": func(ctx context.Context, c *Client) (any, error) { return c.OpenIssues(ctx, "acme/shop", "blocker", 4) },
	"labels": func(ctx context.Context, c *Client) (any, error) { return c.LabelNames(ctx, "acme/shop") },
	"milestone": func(ctx context.Context, c *Client) (any, error) {
		n, _, err := c.Milestone(ctx, "acme/shop", "2.4")
		return n, err
	},
	"releases": func(ctx context.Context, c *Client) (any, error) {
		return c.PublishedReleases(ctx, "acme/shop", func(Published) bool { return false })
	},
	"deployments": func(ctx context.Context, c *Client) (any, error) {
		l, _, err := c.Deployments(ctx, "acme/shop", "production")
		return l, err
	},
	"last change": func(ctx context.Context, c *Client) (any, error) {
		return c.LastChange(ctx, "acme/shop", "docs/a b.md", sha)
	},
}

// TestFaults holds that whatever goes wrong is an error, and leaves nothing behind that could be taken
// for an answer.
func TestFaults(t *testing.T) {
	status := func(n int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(n); io.WriteString(w, body) }
	}
	for fault, handler := range map[string]http.HandlerFunc{
		"401": status(401, `{}`), "403": status(403, `{}`), "404": status(404, `{}`), "410": status(410, `{}`), "422": status(422, `{}`),
		"429": status(429, `{}`), "500": status(500, `{}`), "503": status(503, `<html>`), "202": status(202, `{}`),
		"HTML": status(200, `<html>Log in`), "errors": status(200, `{"errors":[{"message":"no"}]}`), "null": status(200, `null`), "nothing": status(200, ``),
		"a list of null": status(200, `[null]`), "a list of numbers": status(200, `[1]`), "a list of objects": status(200, `[{}]`), "something else": status(200, `[{"id":1,"sha":"x"}]`),
		"cut off": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			io.WriteString(w, `[{"id":1`)
		},
		"looping": func(w http.ResponseWriter, r *http.Request) {
			next(w, r, "page=1")
			io.WriteString(w, `[]`)
		},
	} {
		for what, ask := range asks {
			switch { // an answer of one page has no links, and of labels all that counts is the name
			case what == "labels" && strings.HasPrefix(fault, "a list of null"), what == "labels" && (fault == "a list of objects" || fault == "something else"),
				fault == "looping" && what == "deployments":
				continue
			}
			t.Run(fault+"/"+what, func(t *testing.T) {
				c, _ := against(t, handler)
				found, err := ask(t.Context(), c)
				if err == nil || found != nil && fmt.Sprint(found) != "[]" && found != 0 && found != (time.Time{}) {
					t.Errorf("found %v, %v", found, err)
				}
				if err != nil && strings.Contains(err.Error(), token) {
					t.Errorf("the error holds the token: %v", err)
				}
			})
		}
	}
}

func TestOpenIssues(t *testing.T) {
	const good = `{"id":7,"number":7,"state":"open","title":"Lost","html_url":"https://x/7","labels":[{"name":"Blocker"}],"milestone":{"number":4},"assignees":[{"login":"ada"},null]}`
	for name, tt := range map[string]struct {
		body string
		want []OpenIssue
		err  string
	}{
		"one":               {"[" + good + "]", []OpenIssue{{7, "Lost", "https://x/7", []string{"Blocker"}, []string{"ada"}}}, ""},
		"none":              {`[]`, nil, ""},
		"a pull request":    {"[" + strings.Replace(good, `"id"`, `"pull_request":{"url":"x"},"id"`, 1) + "]", nil, ""},
		"closed":            {"[" + strings.Replace(good, `"open"`, `"closed"`, 1) + "]", nil, "not open"},
		"another label":     {"[" + good + "," + strings.NewReplacer("Blocker", "bug", ":7", ":8").Replace(good) + "]", nil, "#8 came, which has not the label blocker"},
		"another milestone": {"[" + strings.Replace(good, `"number":4`, `"number":5`, 1) + "]", nil, "not in that milestone"},
		"no milestone":      {"[" + strings.Replace(good, `"milestone":{"number":4},`, "", 1) + "]", nil, "not in that milestone"},
		"labels unsaid":     {`[{"id":7,"number":7,"state":"open","milestone":{"number":4}}]`, nil, "without number or labels"},
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := against(t, func(w http.ResponseWriter, r *http.Request) {
				if got := r.URL.RequestURI(); got != "/api/v3/repos/acme/shop/issues?labels=blocker&milestone=4&page=1&per_page=100&state=open" {
					t.Errorf("asked for %s", got)
				}
				io.WriteString(w, tt.body)
			})
			got, err := c.OpenIssues(t.Context(), "acme/shop", "blocker", 4)
			if (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func TestMilestone(t *testing.T) {
	c, _ := against(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("state") != "all" {
			t.Errorf("asked for %s", r.URL)
		}
		io.WriteString(w, `[{"id":1,"number":3,"title":"2.3"},{"id":2,"number":4,"title":"2.4"}]`)
	})
	if n, ok, err := c.Milestone(t.Context(), "acme/shop", "2.4"); n != 4 || !ok || err != nil {
		t.Errorf("%d, %t, %v", n, ok, err)
	}
	if n, ok, err := c.Milestone(t.Context(), "acme/shop", "2.40"); n != 0 || ok || err != nil {
		t.Errorf("%d, %t, %v", n, ok, err)
	}
}

// TestReleasesEnd holds that pages are read until one shows enough, and no further.
func TestReleasesEnd(t *testing.T) {
	c, _ := against(t, func(w http.ResponseWriter, r *http.Request) {
		page := r.URL.Query().Get("page")
		if page == "1" || page == "2" {
			next(w, r, "page="+string(page[0]+1))
		}
		fmt.Fprintf(w, `[{"id":%s0,"tag_name":"draft","draft":true,"prerelease":false},{"id":%s1,"tag_name":"v%s","draft":false,"prerelease":false,"published_at":"2026-03-01T12:00:00Z"}]`, page, page, page)
	})
	for until, want := range map[string]int{"v1": 1, "v2": 2, "v9": 3} {
		got, err := c.PublishedReleases(t.Context(), "acme/shop", func(p Published) bool { return p.Tag == until })
		if err != nil || len(got) != want {
			t.Errorf("until %s: %v, %v", until, got, err)
		}
	}
	if c.Requests() != 6 {
		t.Errorf("made %d requests", c.Requests())
	}
}

func TestDeployments(t *testing.T) {
	deployment := func(id int, at string) string {
		return fmt.Sprintf(`{"id":%d,"ref":"v%d","environment":"Production","created_at":%q}`, id, id, at)
	}
	statuses := map[string]string{
		"1": `[{"id":1,"state":"success","created_at":"2026-03-01T10:00:00Z"},{"id":2,"state":"inactive","created_at":"2026-03-01T11:00:00Z"}]`,
		"2": `[{"id":4,"state":"success","created_at":"2026-03-01T11:00:00Z"},{"id":3,"state":"in_progress","created_at":"2026-03-01T10:59:00Z"}]`,
		"3": `[]`,
	}
	c, _ := against(t, func(w http.ResponseWriter, r *http.Request) {
		if id, ok := strings.CutPrefix(r.URL.Path, "/api/v3/repos/acme/shop/deployments/"); ok {
			io.WriteString(w, statuses[strings.TrimSuffix(id, "/statuses")])
			return
		}
		fmt.Fprintf(w, "[%s,%s,%s]", deployment(1, "2026-03-01T10:00:00Z"), deployment(3, "2026-03-01T12:00:00Z"), deployment(2, "2026-03-01T11:00:00Z"))
	})
	got, whole, err := c.Deployments(t.Context(), "acme/shop", "production")
	if err != nil || !whole || len(got) != 2 || got[0].Ref != "v3" || got[0].State != "" || got[1].Ref != "v2" || got[1].State != "success" {
		t.Errorf("%+v, %t, %v", got, whole, err)
	}
	if _, _, err := c.Deployments(t.Context(), "acme/shop", "staging"); err == nil || !strings.Contains(err.Error(), "another environment") {
		t.Errorf("deployments to another environment: %v", err)
	}
}

// TestMoreDeployments holds that a page that leads on is not all of it, be it short or empty.
func TestMoreDeployments(t *testing.T) {
	for body, want := range map[string]string{`[{"id":1,"ref":"v1","environment":"production","created_at":"2026-03-01T10:00:00Z"}]`: "", `[]`: "is empty, and leads on"} {
		c, _ := against(t, func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/statuses") {
				io.WriteString(w, `[]`)
				return
			}
			w.Header().Set("Link", `<https://api.github.com/x?page=2>; rel="next"`)
			io.WriteString(w, body)
		})
		_, whole, err := c.Deployments(t.Context(), "acme/shop", "production")
		if whole || (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: whole %t, %v", body, whole, err)
		}
	}
}
