package github

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
)

// TestComment holds that there is one comment, and that nobody else's is taken for it.
func TestComment(t *testing.T) {
	for name, tt := range map[string]struct{ list, want string }{
		"none yet":          {`[]`, "POST /repos/acme/shop/issues/7/comments"},
		"there already":     {`[{"id":1,"body":"hello","user":{"type":"User"}},{"id":2,"body":"<!-- m --> old","user":{"type":"Bot"}}]`, "PATCH /repos/acme/shop/issues/comments/2"},
		"of a collaborator": {`[{"id":2,"body":"<!-- m --> old","author_association":"COLLABORATOR","user":{"type":"User"}}]`, "PATCH /repos/acme/shop/issues/comments/2"},
		"a copied mark":     {`[{"id":2,"body":"<!-- m --> old","author_association":"NONE","user":{"type":"User"}}]`, "POST /repos/acme/shop/issues/7/comments"},
		"a mark within":     {`[{"id":2,"body":"> <!-- m --> old","user":{"type":"Bot"}}]`, "POST /repos/acme/shop/issues/7/comments"},
		"the same":          {`[{"id":2,"body":"<!-- m --> new","user":{"type":"Bot"}}]`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			wrote := ""
			c, _ := against(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodGet {
					io.WriteString(w, tt.list)
					return
				}
				var sent struct{ Body string }
				if err := json.NewDecoder(r.Body).Decode(&sent); err != nil || sent.Body != "<!-- m --> new" {
					t.Errorf("sent %q: %v", sent.Body, err)
				}
				wrote = r.Method + " " + strings.TrimPrefix(r.URL.Path, "/api/v3")
				io.WriteString(w, `{"id":2}`)
			})
			written, err := c.Comment(t.Context(), "acme/shop", 7, "<!-- m -->", "<!-- m --> new")
			if err != nil || wrote != tt.want || written != (tt.want != "") {
				t.Errorf("%v, %t: %q, want %q", err, written, wrote, tt.want)
			}
		})
	}
}
