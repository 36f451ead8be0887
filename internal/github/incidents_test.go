package github

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestIncidents holds that only a whole list of open issues with the label is an answer.
func TestIncidents(t *testing.T) {
	const one = `{"id":1,"number":7,"state":"open","title":"down","html_url":"https://x/7","labels":[{"name":"Incident"}]}`
	for name, tt := range map[string]struct {
		status int
		link   string
		body   string
		want   []Incident
		err    string // part of it; "" for none
	}{
		"none":             {200, "", `[]`, nil, ""},
		"one":              {200, "", `[` + one + `]`, []Incident{{7, "down", "https://x/7"}}, ""},
		"a pull request":   {200, "", `[{"id":1,"number":7,"state":"open","labels":[{"name":"incident"}],"pull_request":{}}]`, nil, ""},
		"another label":    {200, "", `[{"id":1,"number":7,"state":"open","labels":[{"name":"bug"}]}]`, nil, "not open with that label"},
		"closed":           {200, "", `[{"id":1,"number":7,"state":"closed","labels":[{"name":"incident"}]}]`, nil, "not open with that label"},
		"no issue":         {200, "", `[{}]`, nil, "not open with that label"},
		"no list":          {200, "", `null`, nil, "no list"},
		"errors with 200":  {200, "", `{"errors":[{"message":"no"}]}`, nil, "no answer that can be used"},
		"HTML":             {200, "", `<html>`, nil, "no answer that can be used"},
		"a loop":           {200, `<http://x/?page=1>; rel="next"`, `[` + one + `]`, nil, "leads back"},
		"a page that ends": {200, `<http://x/?page=2>; rel="next"`, `[` + one + `]`, nil, "repeats"},
		"forbidden":        {403, "", `{"message":"Resource not accessible"}`, nil, "lacks the permission issues: read"},
		"not found":        {404, "", `{"message":"Not Found"}`, nil, "404"},
		"gone":             {410, "", `{"message":"Issues are disabled"}`, nil, "410"},
		"unprocessable":    {422, "", `{"message":"Validation Failed"}`, nil, "422"},
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := against(t, func(w http.ResponseWriter, r *http.Request) {
				if q := r.URL.Query(); r.URL.Path != "/api/v3/repos/acme/shop/issues" || q.Get("state") != "open" || q.Get("labels") != "incident" {
					t.Errorf("asked for %s", r.URL)
				}
				if tt.link != "" {
					w.Header().Set("Link", tt.link)
				}
				w.WriteHeader(tt.status)
				io.WriteString(w, tt.body)
			})
			got, err := c.Incidents(t.Context(), "acme/shop", "incident")
			if (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}
