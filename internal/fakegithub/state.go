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
	Immutable  bool   `json:"immutable,omitempty"` // it was published while the repository asked for that

	Assets []*Asset `json:"files,omitempty"`
}

// Dispatch is a workflow that was started.
type Dispatch struct {
	Workflow string `json:"workflow"`
	Ref      string `json:"ref"`
}

func invalid(resource, code, field, message string) answer {
	return answer{status: http.StatusUnprocessableEntity, body: map[string]any{
		"message": "Validation Failed", "documentation_url": "https://docs.github.com/rest", "errors": []any{map[string]any{"resource": resource, "code": code, "field": field, "message": message}},
	}}
}

func (h *Hub) releaseByTag(r *http.Request) answer {
	for _, one := range h.at(r).Releases {
		if one.Tag == r.PathValue("tag") && !one.Draft {
			return h.show(r, http.StatusOK, one)
		}
	}
	return notFound
}

// latestRelease is the newest that is neither a draft nor a prerelease.
func (h *Hub) latestRelease(r *http.Request) answer {
	for _, one := range slices.Backward(h.at(r).Releases) {
		if !one.Draft && !one.Prerelease {
			return h.show(r, http.StatusOK, one)
		}
	}
	return notFound
}

// show is a release as GitHub answers with it.
func (h *Hub) show(r *http.Request, status int, one *Release) answer {
	shown := objectOf(one)
	delete(shown, "make_latest")
	delete(shown, "files")
	shown["immutable"] = one.Immutable
	shown["author"] = user("github-actions[bot]")
	h.preset(shown, object{"html_url": fmt.Sprintf("https://github.com/%s/releases/tag/%s", nameOf(r), one.Tag), "created_at": h.time(), "published_at": h.time()})
	if one.Draft {
		shown["published_at"] = nil
	}
	return answer{status: status, body: shown}
}

// listReleases shows drafts to those alone who may write, newest first, in pages.
func (h *Hub) listReleases(r *http.Request) answer {
	shown := []object{}
	for _, one := range slices.Backward(h.at(r).Releases) {
		if !one.Draft || h.Permits["contents:write"] {
			shown = append(shown, h.show(r, http.StatusOK, one).body.(object))
		}
	}
	return pageOf(r, shown, "")
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

func (h *Hub) createRelease(r *http.Request) answer {
	var in releaseBody
	if !read(r, &in) || in.Tag == nil {
		return invalid("Release", "missing_field", "tag_name", "")
	}
	one := &Release{ID: int64(len(h.Releases) + 1), URL: fmt.Sprintf("https://github.com/%s/releases/tag/%s", h.Repository, *in.Tag)}
	if a, ok := h.apply(one, in); !ok {
		return a
	}
	h.Releases = append(h.Releases, one)
	return h.show(r, http.StatusCreated, one)
}

func (h *Hub) editRelease(r *http.Request) answer {
	arg := r.PathValue("release_id")
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
	return h.show(r, http.StatusOK, &changed)
}

func (h *Hub) deleteRelease(r *http.Request) answer {
	arg := r.PathValue("release_id")
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
	published := slices.ContainsFunc(h.Releases, func(r *Release) bool { return r.ID == one.ID && !r.Draft })
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
	if h.Immutable && !published {
		one.Immutable, h.Released[one.Tag] = true, true
	}
	return answer{}, true
}

func (h *Hub) dispatch(r *http.Request) answer {
	var in struct{ Ref string }
	name := r.PathValue("workflow_id")
	if !read(r, &in) {
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

// listDispatched lists what was started by dispatch, of one workflow.
func (h *Hub) listDispatched(r *http.Request) answer {
	runs := []object{}
	for i, d := range h.Dispatches {
		if branch := r.URL.Query().Get("branch"); d.Workflow == r.PathValue("workflow_id") && (branch == "" || d.Ref == branch) {
			runs = append(runs, object{"id": i + 1, "event": "workflow_dispatch", "head_branch": d.Ref, "status": "queued", "path": ".github/workflows/" + d.Workflow})
		}
	}
	return pageOf(r, h.runsOf(r, runs), "workflow_runs")
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
