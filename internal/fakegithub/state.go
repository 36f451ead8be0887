package fakegithub

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Release is a release as GitHub shows it.
type Release struct {
	ID         int64  `json:"id"`
	Tag        string `json:"tag_name"`
	Target     string `json:"target_commitish"`
	Name       string `json:"name"`
	Body       string `json:"body"`
	Draft      bool   `json:"draft"`
	Prerelease bool   `json:"prerelease"`
	Latest     string `json:"make_latest,omitempty"` // as last asked for; GitHub does not show it
	URL        string `json:"html_url"`
}

// Pull is a pull request.
type Pull struct {
	Number int    `json:"number"`
	State  string `json:"state"`
	Title  string `json:"title"`
	Body   string `json:"body"`
	Head   branch `json:"head"`
	Base   branch `json:"base"`
	URL    string `json:"html_url"`
}

type branch struct {
	Ref  string            `json:"ref"`
	Repo map[string]string `json:"repo"`
}

// label is owner:branch, as lists are filtered by.
func (b branch) label() string {
	owner, _, _ := strings.Cut(b.Repo["full_name"], "/")
	return owner + ":" + b.Ref
}

func (h *Hub) label(name string) string {
	return branch{name, map[string]string{"full_name": h.Repository}}.label()
}

// Dispatch is a workflow that was started.
type Dispatch struct {
	Workflow string `json:"workflow"`
	Ref      string `json:"ref"`
}

func invalid(resource, code, field, message string) answer {
	return answer{status: http.StatusUnprocessableEntity, body: map[string]any{
		"message": "Validation Failed", "errors": []any{map[string]any{"resource": resource, "code": code, "field": field, "message": message}},
	}}
}

func (h *Hub) releaseByTag(_ *http.Request, tag string) answer {
	for _, r := range h.Releases {
		if r.Tag == tag && !r.Draft {
			return answer{status: http.StatusOK, body: r}
		}
	}
	return notFound
}

// listReleases shows drafts to those alone who may write, newest first, in pages.
func (h *Hub) listReleases(r *http.Request, _ string) answer {
	shown := []*Release{}
	for _, one := range slices.Backward(h.Releases) {
		if !one.Draft || h.Permits["contents:write"] {
			shown = append(shown, one)
		}
	}
	page, size := number(r, "page", 1), number(r, "per_page", 30)
	from := min((page-1)*size, len(shown))
	a := answer{status: http.StatusOK, body: shown[from:min(from+size, len(shown))]}
	if from+size < len(shown) {
		a.next = page + 1
	}
	return a
}

func number(r *http.Request, name string, preset int) int {
	if n, err := strconv.Atoi(r.URL.Query().Get(name)); err == nil && n > 0 {
		return n
	}
	return preset
}

type releaseBody struct {
	Tag        *string `json:"tag_name"`
	Target     *string `json:"target_commitish"`
	Name       *string `json:"name"`
	Body       *string `json:"body"`
	Draft      *bool   `json:"draft"`
	Prerelease *bool   `json:"prerelease"`
	Latest     *string `json:"make_latest"`
}

func (h *Hub) createRelease(r *http.Request, _ string) answer {
	var in releaseBody
	if !read(r, &in) || in.Tag == nil {
		return invalid("Release", "missing_field", "tag_name", "")
	}
	one := &Release{ID: int64(len(h.Releases) + 1), URL: fmt.Sprintf("https://github.com/%s/releases/tag/%s", h.Repository, *in.Tag)}
	if a, ok := h.apply(one, in); !ok {
		return a
	}
	h.Releases = append(h.Releases, one)
	return answer{status: http.StatusCreated, body: one}
}

func (h *Hub) editRelease(r *http.Request, arg string) answer {
	var in releaseBody
	i := slices.IndexFunc(h.Releases, func(one *Release) bool { return strconv.FormatInt(one.ID, 10) == arg })
	if i < 0 || !read(r, &in) {
		return notFound
	}
	changed := *h.Releases[i]
	if a, ok := h.apply(&changed, in); !ok {
		return a
	}
	*h.Releases[i] = changed
	return answer{status: http.StatusOK, body: &changed}
}

func (h *Hub) deleteRelease(_ *http.Request, arg string) answer {
	before := len(h.Releases)
	h.Releases = slices.DeleteFunc(h.Releases, func(one *Release) bool { return strconv.FormatInt(one.ID, 10) == arg })
	if len(h.Releases) == before {
		return notFound
	}
	return answer{status: http.StatusNoContent}
}

// apply changes a release as GitHub would: one published release a tag, a tag made where there is none,
// and texts of at most 125,000 characters.
func (h *Hub) apply(one *Release, in releaseBody) (answer, bool) {
	for _, f := range []struct{ to, from *string }{{&one.Tag, in.Tag}, {&one.Target, in.Target}, {&one.Name, in.Name}, {&one.Body, in.Body}, {&one.Latest, in.Latest}} {
		if f.from != nil {
			*f.to = *f.from
		}
	}
	for _, f := range []struct{ to, from *bool }{{&one.Draft, in.Draft}, {&one.Prerelease, in.Prerelease}} {
		if f.from != nil {
			*f.to = *f.from
		}
	}
	switch {
	case utf8.RuneCountInString(one.Body) > 125_000:
		return invalid("Release", "custom", "body", "body is too long (maximum is 125000 characters)"), false
	case one.Latest == "true" && (one.Draft || one.Prerelease):
		return invalid("Release", "custom", "make_latest", "Drafts and prereleases cannot be set as latest."), false
	case one.Draft:
		return answer{}, true
	case slices.ContainsFunc(h.Releases, func(r *Release) bool { return r.ID != one.ID && r.Tag == one.Tag && !r.Draft }):
		return invalid("Release", "already_exists", "tag_name", ""), false
	case h.Released[one.Tag] && one.ID > int64(len(h.Releases)):
		return invalid("Release", "custom", "tag_name", "tag_name was used by an immutable release"), false
	}
	if _, ok := h.ref("refs/tags/" + one.Tag); !ok {
		at := one.Target
		if at == "" {
			at = "HEAD"
		}
		if _, ok := h.git("", nil, "update-ref", "refs/tags/"+one.Tag, at); !ok {
			return invalid("Release", "invalid", "target_commitish", ""), false
		}
	}
	return answer{}, true
}

func (h *Hub) listPulls(r *http.Request, _ string) answer {
	q := r.URL.Query()
	found := []*Pull{}
	for _, p := range h.Pulls {
		if state := q.Get("state"); state != "all" && p.State != state && (state != "" || p.State != "open") {
			continue
		}
		if head := q.Get("head"); head != "" && head != p.Head.label() || q.Get("base") != "" && q.Get("base") != p.Base.Ref {
			continue
		}
		found = append(found, p)
	}
	if number(r, "page", 1) > 1 {
		found = []*Pull{}
	}
	return answer{status: http.StatusOK, body: found}
}

func (h *Hub) createPull(r *http.Request, _ string) answer {
	var in struct{ Title, Head, Base, Body string }
	if !read(r, &in) || in.Title == "" {
		return invalid("PullRequest", "missing_field", "title", "")
	}
	head, ok := h.ref("refs/heads/" + in.Head)
	if !ok {
		return invalid("PullRequest", "invalid", "head", "")
	}
	base, ok := h.ref("refs/heads/" + in.Base)
	if !ok {
		return invalid("PullRequest", "invalid", "base", "")
	}
	if _, none := h.git("", nil, "merge-base", "--is-ancestor", head, base); none {
		return invalid("PullRequest", "custom", "", fmt.Sprintf("No commits between %s and %s", in.Base, in.Head))
	}
	if utf8.RuneCountInString(in.Body) > 65_536 {
		return invalid("PullRequest", "custom", "body", "body is too long (maximum is 65536 characters)")
	}
	for _, p := range h.Pulls {
		if p.State == "open" && p.Head.label() == h.label(in.Head) && p.Base.Ref == in.Base {
			return invalid("PullRequest", "custom", "", "A pull request already exists for "+h.label(in.Head)+".")
		}
	}
	repo := map[string]string{"full_name": h.Repository}
	p := &Pull{Number: len(h.Pulls) + 1, State: "open", Title: in.Title, Body: in.Body, Head: branch{in.Head, repo}, Base: branch{in.Base, repo}}
	p.URL = fmt.Sprintf("https://github.com/%s/pull/%d", h.Repository, p.Number)
	h.Pulls = append(h.Pulls, p)
	return answer{status: http.StatusCreated, body: p}
}

func (h *Hub) editPull(r *http.Request, arg string) answer {
	var in struct{ Title, Body, State *string }
	i := slices.IndexFunc(h.Pulls, func(p *Pull) bool { return strconv.Itoa(p.Number) == arg })
	if i < 0 || !read(r, &in) {
		return notFound
	}
	p := h.Pulls[i]
	for _, f := range []struct{ to, from *string }{{&p.Title, in.Title}, {&p.Body, in.Body}, {&p.State, in.State}} {
		if f.from != nil {
			*f.to = *f.from
		}
	}
	return answer{status: http.StatusOK, body: p}
}

func (h *Hub) dispatch(r *http.Request, arg string) answer {
	var in struct{ Ref string }
	name, ok := strings.CutSuffix(arg, "/dispatches")
	if !ok || !read(r, &in) {
		return notFound
	}
	_, tag := h.ref("refs/tags/" + in.Ref)
	_, head := h.ref("refs/heads/" + in.Ref)
	if !tag && !head {
		return refuse(http.StatusUnprocessableEntity, "No ref found for: %s", in.Ref)
	}
	if _, ok := h.git("", nil, "cat-file", "-e", in.Ref+":.github/workflows/"+name); !ok {
		return notFound
	}
	h.Dispatches = append(h.Dispatches, &Dispatch{name, in.Ref})
	return answer{status: http.StatusNoContent}
}

func (h *Hub) workflowRuns(r *http.Request, arg string) answer {
	name, ok := strings.CutSuffix(arg, "/runs")
	if !ok {
		return notFound
	}
	runs := []any{}
	for i, d := range h.Dispatches {
		if d.Workflow == name && d.Ref == r.URL.Query().Get("branch") {
			runs = append(runs, map[string]any{"id": i + 1, "event": "workflow_dispatch", "head_branch": d.Ref, "status": "queued"})
		}
	}
	return answer{status: http.StatusOK, body: map[string]any{"total_count": len(runs), "workflow_runs": runs}}
}

// fields are the headers of a git object, by name.
func fields(head string) map[string]string {
	all := map[string]string{}
	for line := range strings.Lines(head) {
		name, value, _ := strings.Cut(strings.TrimRight(line, "\n"), " ")
		if all[name] == "" {
			all[name] = value
		}
	}
	return all
}

// signature reads "name <email> seconds zone".
func signature(text string) (name, date string) {
	name, rest, _ := strings.Cut(text, " <")
	if f := strings.Fields(rest); len(f) >= 2 {
		if seconds, err := strconv.ParseInt(f[len(f)-2], 10, 64); err == nil {
			date = time.Unix(seconds, 0).UTC().Format(time.RFC3339)
		}
	}
	return name, date
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
