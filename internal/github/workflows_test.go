package github

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
)

func TestWorkflowRuns(t *testing.T) {
	const run = `{"id":7,"name":"CI","path":".github/workflows/ci.yml@main","head_sha":"` + sha + `","check_suite_id":9}`
	for name, tt := range map[string]struct {
		answer string
		want   []WorkflowRun // nil is an error
	}{
		"one":            {`{"total_count":1,"workflow_runs":[` + run + `]}`, []WorkflowRun{{ID: 7, Name: "CI", File: ".github/workflows/ci.yml", Suite: 9}}},
		"none":           {`{"total_count":0,"workflow_runs":[]}`, []WorkflowRun{}},
		"of another":     {`{"total_count":1,"workflow_runs":[` + strings.Replace(run, "0123", "abcd", 1) + `]}`, nil},
		"fewer":          {`{"total_count":2,"workflow_runs":[` + run + `]}`, nil},
		"null":           {`{"total_count":1,"workflow_runs":[null]}`, nil},
		"no list":        {`{"errors":["no"]}`, nil},
		"another form":   {`[]`, nil},
		"empty":          {``, nil},
		"a page too few": {`{"workflow_runs":[]} {`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := against(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.RequestURI() != "/api/v3/repos/acme/shop/actions/runs?head_sha="+sha+"&page=1&per_page=100" {
					t.Errorf("asked for %s", r.URL)
				}
				io.WriteString(w, tt.answer)
			})
			runs, err := c.WorkflowRuns(t.Context(), "acme/shop", sha)
			if (err == nil) != (tt.want != nil) || !slices.Equal(runs, tt.want) {
				t.Errorf("%v, %v; want %v", runs, err, tt.want)
			}
		})
	}
}
