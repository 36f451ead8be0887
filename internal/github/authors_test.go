package github

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// TestLogins reads a range by pages, and stops after a few.
func TestLogins(t *testing.T) {
	var asked []string
	c, _ := against(t, func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.Path+" "+r.URL.Query().Get("page"))
		commits := make([]string, pageSize)
		for i := range commits {
			commits[i] = fmt.Sprintf(`{"sha":"%s-%d","author":{"login":"ada"}}`, r.URL.Query().Get("page"), i)
		}
		commits[0] = `{"sha":"nobody","author":null}`
		next(w, r, "page="+r.URL.Query().Get("page")+"0")
		list := "[" + strings.Join(commits, ",") + "]"
		if strings.Contains(r.URL.Path, "/compare/") {
			list = `{"commits":` + list + `}`
		}
		fmt.Fprint(w, list)
	})
	logins, err := c.Logins(t.Context(), "acme/shop", "base", sha)
	if err != nil || len(logins) != 3*(pageSize-1) || logins["2-7"] != "ada" || logins["nobody"] != "" {
		t.Errorf("%d logins, %v", len(logins), err)
	}
	if want := "/api/v3/repos/acme/shop/compare/base..." + sha + " "; len(asked) != loginPages || asked[0] != want+"1" || asked[2] != want+"3" {
		t.Errorf("asked for %q", asked)
	}
	asked = nil
	if _, err := c.Logins(t.Context(), "acme/shop", "", sha); err != nil || len(asked) != loginPages || asked[0] != "/api/v3/repos/acme/shop/commits 1" {
		t.Errorf("without a base: %q, %v", asked, err)
	}
}

// An answer without commits names nobody, and one that is none is an error.
func TestLoginsOfOddAnswers(t *testing.T) {
	for body, fails := range map[string]bool{`{}`: false, `{"commits":null}`: false, `null`: false, `[]`: true, `x`: true} {
		c, _ := against(t, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, body) })
		if logins, err := c.Logins(t.Context(), "acme/shop", "base", sha); len(logins) != 0 || (err != nil) != fails {
			t.Errorf("%s: %v, %v", body, logins, err)
		}
	}
}
