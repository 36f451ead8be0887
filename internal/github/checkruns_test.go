package github

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestPublishCheckRun updates the newest of ours, else makes one, and takes no answer about another.
func TestPublishCheckRun(t *testing.T) {
	const (
		none = `{"total_count":0,"check_runs":[]}`
		good = `{"id":9,"head_sha":"` + sha + `","conclusion":"success","html_url":"u"}`
	)
	for name, tt := range map[string]struct {
		list   string
		status int
		answer string
		want   string // what was written
		err    string
	}{
		"the first":     {none, 201, good, "POST /repos/acme/shop/check-runs", ""},
		"ours, twice":   {`{"total_count":2,"check_runs":[{"id":9,"name":"gate","external_id":"x"},{"id":7,"name":"gate","external_id":"x"}]}`, 200, good, "PATCH /repos/acme/shop/check-runs/9", ""},
		"somebody's":    {`{"total_count":2,"check_runs":[{"id":9,"name":"gate","external_id":"y"},{"id":7,"name":"gate"}]}`, 201, good, "POST /repos/acme/shop/check-runs", ""},
		"another name":  {`{"total_count":1,"check_runs":[{"id":9,"name":"Gate","external_id":"x"}]}`, 201, good, "POST /repos/acme/shop/check-runs", ""},
		"no list":       {`{"errors":[]}`, 200, good, "", "no list"},
		"a page":        {`<html>`, 200, good, "", "is not JSON"},
		"nothing":       {none, 201, `{}`, "POST /repos/acme/shop/check-runs", "about the check run 0"},
		"another run":   {`{"total_count":1,"check_runs":[{"id":7,"name":"gate","external_id":"x"}]}`, 200, good, "PATCH /repos/acme/shop/check-runs/7", "about the check run 9"},
		"other commit":  {none, 201, `{"id":9,"head_sha":"89abcdef","conclusion":"success"}`, "POST /repos/acme/shop/check-runs", `about "89abcde"`},
		"other outcome": {none, 201, `{"id":9,"head_sha":"` + sha + `","conclusion":"neutral"}`, "POST /repos/acme/shop/check-runs", `says "neutral"`},
		"forbidden":     {none, 403, `{"message":"Resource not accessible"}`, "POST /repos/acme/shop/check-runs", "lacks the permission checks: write"},
		"no commit":     {none, 422, `{"message":"No commit found for SHA: x"}`, "POST /repos/acme/shop/check-runs", "no such commit"},
		"refused":       {none, 422, `{"message":"Invalid request"}`, "POST /repos/acme/shop/check-runs", "Invalid request"},
	} {
		t.Run(name, func(t *testing.T) {
			wrote := ""
			c, _ := against(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodGet {
					if q := r.URL.Query(); q.Get("check_name") != "gate" || q.Get("filter") != "all" {
						t.Errorf("the query is %v", q)
					}
					io.WriteString(w, tt.list)
					return
				}
				var sent struct {
					HeadSHA                                    string `json:"head_sha"`
					Name, Status, Conclusion                   string
					ExternalID, DetailsURL, CompletedAt, Title string
					Output                                     struct{ Title, Summary string }
				}
				if err := json.NewDecoder(r.Body).Decode(&sent); err != nil || sent.Name != "gate" || sent.Status != "completed" || sent.Conclusion != "success" || sent.Output.Summary != "words" || r.Method == http.MethodPost && sent.HeadSHA != sha {
					t.Errorf("sent %+v: %v", sent, err)
				}
				wrote = r.Method + " " + strings.TrimPrefix(r.URL.Path, "/api/v3")
				w.WriteHeader(tt.status)
				io.WriteString(w, tt.answer)
			})
			url, err := c.PublishCheckRun(t.Context(), "acme/shop", CheckRunText{Name: "gate", ExternalID: "x", SHA: sha, Conclusion: "success", Title: "t", Summary: "words", CompletedAt: time.Unix(0, 0)})
			if (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) || err == nil && url != "u" {
				t.Errorf("%q, %v", url, err)
			}
			if wrote != tt.want {
				t.Errorf("wrote %q, want %q", wrote, tt.want)
			}
		})
	}
}
