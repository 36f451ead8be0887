package github

import (
	"errors"
	"io"
	"io/fs"
	"net/http"
	"strings"
	"testing"
)

// TestRefusals reads GitHub's own words.
func TestRefusals(t *testing.T) {
	for name, tt := range map[string]struct {
		status     int
		body       string
		want       error
		text, next string
	}{
		"ref exists":         {422, `{"message":"Reference already exists"}`, ErrExists, "it exists already", "looks at what is there"},
		"release exists":     {422, `{"message":"Validation Failed","errors":[{"resource":"Release","code":"already_exists","field":"tag_name"}]}`, ErrExists, "Validation Failed: tag_name already_exists", ""},
		"pull exists":        {422, `{"message":"Validation Failed","errors":[{"resource":"PullRequest","code":"custom","message":"A pull request already exists for acme:x."}]}`, ErrExists, "already exists", ""},
		"not forwards":       {422, `{"message":"Update is not a fast forward"}`, ErrMoved, "it is not what it was", ""},
		"no such object":     {422, `{"message":"Object does not exist"}`, ErrNoObject, "no such commit", "Push the commit first"},
		"a ruleset":          {422, `{"message":"Repository rule violations found\n\nCannot create ref due to creations being restricted.\n\n"}`, ErrProtected, "a rule of the repository forbids it", "Rulesets"},
		"a protected branch": {403, `{"message":"Protected branch update failed for refs/heads/main."}`, ErrProtected, "a rule of the repository", ""},
		"an immutable one":   {422, `{"message":"Validation Failed","errors":[{"code":"custom","field":"tag_name","message":"tag_name was used by an immutable release"}]}`, ErrProtected, "immutable", ""},
		"no permission":      {403, `{"message":"Resource not accessible by integration"}`, nil, "lacks the permission contents: write", "contents: write"},
		"workflow files":     {403, `{"message":"refusing to allow a GitHub App to create or update workflow"}`, nil, "a workflow file is part of the change", "workflows: write"},
		"hidden":             {404, `{"message":"Not Found"}`, fs.ErrNotExist, "the token may not write there", "contents: write"},
		"anything else":      {422, `{"message":"Problems"}`, nil, "GitHub refuses it (the server says: Problems)", "Mend"},
		"an archive":         {409, `{"message":"Git Repository is empty."}`, nil, "GitHub refuses it", ""},
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := against(t, func(w http.ResponseWriter, r *http.Request) {
				w.WriteHeader(tt.status)
				io.WriteString(w, tt.body)
			})
			err := c.CreateRef(t.Context(), "acme/shop", "tags/v1.4.0", sha)
			var e *Error
			if !errors.As(err, &e) || !strings.HasPrefix(err.Error(), "create tags/v1.4.0 of acme/shop at 0123456: ") || !strings.Contains(err.Error(), tt.text) || !strings.Contains(e.Next, tt.next) {
				t.Errorf("the error is %q (%q), want %q (%q)", err, e.Next, tt.text, tt.next)
			}
			for _, one := range []error{ErrExists, ErrMoved, ErrNoObject, ErrProtected, fs.ErrNotExist} {
				if errors.Is(err, one) != (one == tt.want) {
					t.Errorf("it is %v: %t", one, errors.Is(err, one))
				}
			}
			if Uncertain(err) {
				t.Error("it may have been done, though the server said no")
			}
		})
	}
}

func TestPullsMayNotBeOpened(t *testing.T) {
	c, _ := against(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(403)
		io.WriteString(w, `{"message":"GitHub Actions is not permitted to create or approve pull requests."}`)
	})
	_, err := c.CreatePull(t.Context(), "acme/shop", "x", "main", "t", "b")
	var e *Error
	if !errors.As(err, &e) || !strings.Contains(e.Next, "Allow GitHub Actions to create and approve pull requests") {
		t.Errorf("the error is %v", err)
	}
}

// TestWritesOnce tells what is sent again where no answer came, and what is not.
func TestWritesOnce(t *testing.T) {
	for name, tt := range map[string]struct {
		do    func(c *Client) error
		asked int
	}{
		"a release": {func(c *Client) error {
			_, err := c.CreateRelease(t.Context(), "acme/shop", ReleaseText{Tag: "v1"})
			return err
		}, 1},
		"a pull": {func(c *Client) error {
			_, err := c.CreatePull(t.Context(), "acme/shop", "x", "main", "t", "b")
			return err
		}, 1},
		"a workflow": {func(c *Client) error { return c.Dispatch(t.Context(), "acme/shop", "x.yml", "v1") }, 1},
		"a tag":      {func(c *Client) error { _, err := c.CreateTag(t.Context(), "acme/shop", "v1", "m", sha); return err }, 4},
		"a ref":      {func(c *Client) error { return c.MoveRef(t.Context(), "acme/shop", "tags/v1", sha, true) }, 4},
	} {
		asked := 0
		c, _ := against(t, func(w http.ResponseWriter, r *http.Request) {
			if body, _ := io.ReadAll(r.Body); len(body) == 0 {
				t.Errorf("%s: request %d has no body", name, asked+1)
			}
			asked++
			w.WriteHeader(502)
		})
		if err := tt.do(c); !Uncertain(err) || asked != tt.asked {
			t.Errorf("%s: asked %d times, want %d: %v", name, asked, tt.asked, err)
		}
	}
}

// TestHostileAnswers takes nothing for what it is not.
func TestHostileAnswers(t *testing.T) {
	for name, tt := range map[string]struct {
		body string
		do   func(c *Client) error
	}{
		"a tag without id":       {`{}`, func(c *Client) error { _, err := c.CreateTag(t.Context(), "acme/shop", "v1", "m", sha); return err }},
		"an id that leads away":  {`{"sha":"../../../elsewhere"}`, func(c *Client) error { _, err := c.CreateTag(t.Context(), "acme/shop", "v1", "m", sha); return err }},
		"a ref of another name":  {`{"ref":"refs/tags/v1.0","object":{"sha":"` + sha + `","type":"commit"}}`, func(c *Client) error { _, err := c.Ref(t.Context(), "acme/shop", "tags/v1"); return err }},
		"a ref that leads to no": {`{"ref":"refs/tags/v1"}`, func(c *Client) error { _, err := c.Ref(t.Context(), "acme/shop", "tags/v1"); return err }},
		"a list for a ref":       {`[]`, func(c *Client) error { _, err := c.Ref(t.Context(), "acme/shop", "tags/v1"); return err }},
		"a release without id":   {`{"tag_name":"v1"}`, func(c *Client) error { _, err := c.PublishedRelease(t.Context(), "acme/shop", "v1"); return err }},
		"another tag's release":  {`{"id":1,"tag_name":"v2"}`, func(c *Client) error { _, err := c.PublishedRelease(t.Context(), "acme/shop", "v1"); return err }},
		"releases that are none": {`null`, func(c *Client) error { _, _, err := c.ListedRelease(t.Context(), "acme/shop", "v1"); return err }},
		"pulls that are none":    {`null`, func(c *Client) error { _, err := c.PullRequests(t.Context(), "acme/shop", "x", "main"); return err }},
		"a pull without a number": {`{}`, func(c *Client) error {
			_, err := c.CreatePull(t.Context(), "acme/shop", "x", "main", "t", "b")
			return err
		}},
		"runs without a total":    {`{}`, func(c *Client) error { _, err := c.Dispatched(t.Context(), "acme/shop", "x.yml", "v1"); return err }},
		"a commit without a tree": {`{}`, func(c *Client) error { _, err := c.Commit(t.Context(), "acme/shop", sha); return err }},
	} {
		c, _ := against(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, tt.body) })
		if err := tt.do(c); err == nil || errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}

// A redirect that would turn writing into reading is not followed; one that keeps it is.
func TestWritesAreRedirectedAsWrites(t *testing.T) {
	for status, ok := range map[int]bool{301: false, 302: false, 307: true, 308: true} {
		c, _ := against(t, func(w http.ResponseWriter, r *http.Request) {
			if !strings.Contains(r.URL.Path, "renamed") {
				http.Redirect(w, r, "/renamed", status)
				return
			}
			io.WriteString(w, `{"ref":"refs/tags/v1","object":{"sha":"`+sha+`"}}`)
		})
		if err := c.CreateRef(t.Context(), "acme/shop", "tags/v1", sha); (err == nil) != ok {
			t.Errorf("%d: the error is %v", status, err)
		}
	}
}

func TestPullRequestsOfForks(t *testing.T) {
	c, _ := against(t, func(w http.ResponseWriter, r *http.Request) {
		if q := r.URL.Query(); q.Get("head") != "acme:x" || q.Get("base") != "main" || q.Get("state") != "open" {
			t.Errorf("the query is %v", q)
		}
		io.WriteString(w, `[{"number":1,"head":{"ref":"x","repo":{"full_name":"eve/shop"}},"base":{"ref":"main"}},
			{"number":2,"head":{"ref":"y"},"base":{"ref":"main"}},{"number":3,"head":{"ref":"x"},"base":{"ref":"next"}},
			{"number":6,"state":"closed","head":{"ref":"x"},"base":{"ref":"main"}},{"number":7,"head":{"ref":"x","user":{"login":"eve"}},"base":{"ref":"main"}},
			{"number":4,"head":{"ref":"x","repo":{"full_name":"Acme/Shop"}},"base":{"ref":"main"}},{"number":5}]`)
	})
	pulls, err := c.PullRequests(t.Context(), "acme/shop", "x", "main")
	if err != nil || len(pulls) != 2 || pulls[0].Number != 4 || pulls[1].Number != 5 {
		t.Errorf("found %+v, %v", pulls, err)
	}
}

// Drafts are found on later pages.
func TestListedRelease(t *testing.T) {
	c, _ := against(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("page") == "1" {
			next(w, r, "page=2")
			io.WriteString(w, `[{"id":1,"tag_name":"v4"},{"id":2,"tag_name":"v2","draft":true}]`)
			return
		}
		io.WriteString(w, `[{"id":3,"tag_name":"v1","draft":true}]`)
	})
	if r, ok, err := c.ListedRelease(t.Context(), "acme/shop", "v1"); err != nil || !ok || r.ID != 3 {
		t.Errorf("found %+v, %t, %v", r, ok, err)
	}
	if _, ok, err := c.ListedRelease(t.Context(), "acme/shop", "v3"); err != nil || ok {
		t.Errorf("found a draft of v3: %v", err)
	}
}

// What is no UTF-8 travels as base64, and names are escaped where they become part of an address.
func TestWhatIsSent(t *testing.T) {
	var bodies []string
	c, _ := against(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && r.URL.EscapedPath() != "/api/v3/repos/acme/shop/releases/tags/api/v1%23%25" {
			t.Errorf("asked for %s", r.URL.EscapedPath())
		}
		body, _ := io.ReadAll(r.Body)
		bodies = append(bodies, string(body))
		io.WriteString(w, `{"id":1,"sha":"`+sha+`"}`)
	})
	if _, err := c.CreateTree(t.Context(), "acme/shop", sha, []File{{"a", "100644", []byte("ä\r\n")}, {"b", "100755", []byte("\xff")}}); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{`"content":"ä\r\n","encoding":"utf-8"`, `"content":"/w==","encoding":"base64"`, `"mode":"100755"`} {
		if !strings.Contains(bodies[i], want) {
			t.Errorf("request %d sends %s, want %s in it", i+1, bodies[i], want)
		}
	}
	if _, err := c.PublishedRelease(t.Context(), "acme/shop", "api/v1#%"); err != nil {
		t.Error(err)
	}
	if _, err := c.CreateCommit(t.Context(), "acme/shop", "m", sha, sha); err != nil || strings.Contains(bodies[4], "author") {
		t.Errorf("the commit is sent as %s: %v", bodies[4], err)
	}
}

// TestWritesAnswered holds that an answer which does not tell what was written is no success, and that
// the caller looks again.
func TestWritesAnswered(t *testing.T) {
	for name, do := range map[string]func(c *Client) error{
		"a new ref":   func(c *Client) error { return c.CreateRef(t.Context(), "acme/shop", "tags/v1", sha) },
		"a moved ref": func(c *Client) error { return c.MoveRef(t.Context(), "acme/shop", "heads/main", sha, false) },
		"a release": func(c *Client) error {
			_, err := c.CreateRelease(t.Context(), "acme/shop", ReleaseText{Tag: "v1"})
			return err
		},
		"an edited release": func(c *Client) error {
			_, err := c.EditRelease(t.Context(), "acme/shop", 7, ReleaseText{Tag: "v1"})
			return err
		},
		"a pull": func(c *Client) error {
			_, err := c.CreatePull(t.Context(), "acme/shop", "x", "main", "t", "b")
			return err
		},
		"an edited pull": func(c *Client) error { return c.EditPull(t.Context(), "acme/shop", 7, "t", "b") },
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := against(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, `{}`) })
			if err := do(c); !Uncertain(err) {
				t.Errorf("an empty answer gives %v", err)
			}
		})
	}
}
