package github

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPull holds that only a pull request with its labels is one: all else is none, or an error.
func TestPull(t *testing.T) {
	for name, tt := range map[string]struct {
		status int
		body   string
		want   Pull
		ok     bool
		err    string // part of it; "" for none
	}{
		"two labels":    {200, `{"number":12,"merged_at":"2026-03-01T12:00:00Z","labels":[{"name":"a"},{"name":"b"}]}`, Pull{12, true, []string{"a", "b"}}, true, ""},
		"no labels":     {200, `{"number":12,"labels":[]}`, Pull{Number: 12}, true, ""},
		"an issue's":    {404, `{"message":"Not Found"}`, Pull{}, false, ""},
		"nothing":       {200, `{}`, Pull{}, false, "without number or labels"},
		"labels unsaid": {200, `{"number":12}`, Pull{}, false, "without number or labels"},
		"another":       {200, `{"number":13,"labels":[]}`, Pull{}, false, "the pull request #13 came"},
		"no JSON":       {200, `<html>`, Pull{}, false, "no answer that can be used"},
		"forbidden":     {403, `{"message":"Resource not accessible"}`, Pull{}, false, "lacks the permission pull-requests: read"},
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := against(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/api/v3/repos/acme/shop/pulls/12" {
					t.Errorf("asked for %s", r.URL.Path)
				}
				w.WriteHeader(tt.status)
				io.WriteString(w, tt.body)
			})
			got, ok, err := c.Pull(t.Context(), "acme/shop", 12)
			if (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); ok != tt.ok || err == nil && diff != "" {
				t.Errorf("%v; -want +got\n%s", ok, diff)
			}
		})
	}
}

func TestPulls(t *testing.T) {
	for name, tt := range map[string]struct {
		body string
		want []Pull
		err  string
	}{
		"none":         {`[]`, nil, ""},
		"two":          {`[{"id":1,"number":1,"labels":[{"name":"a"}]},{"id":2,"number":2,"merged_at":"2026-03-01T12:00:00Z","labels":[]}]`, []Pull{{1, false, []string{"a"}}, {2, true, nil}}, ""},
		"no list":      {`null`, nil, "no list"},
		"of something": {`[{"id":1}]`, nil, "without number or labels"},
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := against(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/api/v3/repos/acme/shop/commits/"+sha+"/pulls" {
					t.Errorf("asked for %s", r.URL.Path)
				}
				io.WriteString(w, tt.body)
			})
			got, err := c.Pulls(t.Context(), "acme/shop", sha)
			if (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); err == nil && diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}
