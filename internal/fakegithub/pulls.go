package fakegithub

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Pull is a pull request.
type Pull struct {
	Number      int      `json:"number"`
	State       string   `json:"state"`
	Title       string   `json:"title"`
	Body        string   `json:"body"`
	Draft       bool     `json:"draft,omitempty"`
	Head        branch   `json:"head"`
	Base        branch   `json:"base"`
	URL         string   `json:"html_url"`
	User        any      `json:"user,omitempty"`
	Labels      []string `json:"labels,omitempty"`
	MergedAt    string   `json:"merged_at,omitempty"`
	MergedBy    any      `json:"merged_by,omitempty"`
	MergeCommit string   `json:"merge_commit_sha,omitempty"`
	Commits     []string `json:"commits,omitempty"` // that it came with, besides head and merge commit; GitHub only shows their number
}

type branch struct {
	Ref  string            `json:"ref"`
	SHA  string            `json:"sha,omitempty"`
	Repo map[string]string `json:"repo"`
}

// label is owner:branch, as lists are filtered by.
func (b branch) label() string {
	owner, _, _ := strings.Cut(b.Repo["full_name"], "/")
	return owner + ":" + b.Ref
}

func (h *Hub) label(name string) string {
	return branch{Ref: name, Repo: map[string]string{"full_name": h.Repository}}.label()
}

// shown is a pull request as lists have it; one that is asked for by itself says more.
func (h *Hub) shown(r *http.Request, p *Pull, whole bool) object {
	side := func(b branch) object {
		name := b.Repo["full_name"]
		if name == "" {
			name = nameOf(r)
		}
		owner, _, _ := strings.Cut(name, "/")
		sha := b.SHA
		if sha == "" && h.own(r) {
			sha, _ = h.ref("refs/heads/" + b.Ref)
		}
		return object{"ref": b.Ref, "sha": sha, "label": owner + ":" + b.Ref, "user": user(owner), "repo": repository(name)}
	}
	by := p.User
	if by == nil {
		by = "github-actions[bot]"
	}
	o := object{
		"id": p.Number + 1000, "number": p.Number, "state": p.State, "title": p.Title, "body": p.Body, "draft": p.Draft, "head": side(p.Head), "base": side(p.Base),
		"html_url": fmt.Sprintf("https://github.com/%s/pull/%d", nameOf(r), p.Number), "user": userOf(by), "labels": labels(p.Labels), "author_association": "MEMBER",
		"merged_at": nil, "merge_commit_sha": nil,
	}
	if p.MergedAt != "" {
		o["merged_at"], o["state"] = p.MergedAt, "closed"
	}
	if p.MergeCommit != "" {
		o["merge_commit_sha"] = p.MergeCommit
	}
	if whole {
		o["merged"], o["merged_by"], o["commits"], o["mergeable_state"] = p.MergedAt != "", userOf(p.MergedBy), max(len(p.Commits), 1), "unknown"
	}
	return o
}

func (h *Hub) listPulls(r *http.Request) answer {
	q := r.URL.Query()
	found := []object{}
	for _, p := range h.at(r).Pulls {
		if state := q.Get("state"); state != "all" && p.State != state && (state != "" || p.State != "open") {
			continue
		}
		if head := q.Get("head"); head != "" && head != p.Head.label() || q.Get("base") != "" && q.Get("base") != p.Base.Ref {
			continue
		}
		found = append(found, h.shown(r, p, false))
	}
	return pageOf(r, found, "")
}

// listCommitPulls lists the pull requests that a commit came with.
func (h *Hub) listCommitPulls(r *http.Request) answer {
	sha := r.PathValue("commit_sha")
	found := []object{}
	for _, p := range h.at(r).Pulls {
		if p.Head.SHA == sha || p.MergeCommit == sha || slices.Contains(p.Commits, sha) {
			found = append(found, h.shown(r, p, false))
		}
	}
	return pageOf(r, found, "")
}

// pull is the pull request of a request's number, nil where there is none.
func (h *Hub) pull(r *http.Request, parameter string) *Pull {
	for _, p := range h.at(r).Pulls {
		if strconv.Itoa(p.Number) == r.PathValue(parameter) {
			return p
		}
	}
	return nil
}

func (h *Hub) getPull(r *http.Request) answer {
	if p := h.pull(r, "pull_number"); p != nil {
		return answer{status: http.StatusOK, body: h.shown(r, p, true)}
	}
	return notFound
}

func (h *Hub) listReviews(r *http.Request) answer {
	p := h.pull(r, "pull_number")
	if p == nil {
		return notFound
	}
	list := []object{}
	for _, kept := range h.at(r).Reviews[r.PathValue("pull_number")] {
		one := object{"body": "", "author_association": "MEMBER", "commit_id": p.Head.SHA, "submitted_at": h.time(),
			"html_url": fmt.Sprintf("https://github.com/%s/pull/%d#pullrequestreview-%d", nameOf(r), p.Number, number(kept["id"])), "pull_request_url": fmt.Sprintf("https://api.github.com/repos/%s/pulls/%d", nameOf(r), p.Number)}
		for name, value := range kept {
			one[name] = value
		}
		one["user"] = userOf(kept["user"])
		list = append(list, one)
	}
	return pageOf(r, list, "")
}

func (h *Hub) listPullFiles(r *http.Request) answer {
	if h.pull(r, "pull_number") == nil {
		return notFound
	}
	return pageOf(r, h.at(r).PullFiles[r.PathValue("pull_number")], "")
}

func (h *Hub) editPull(r *http.Request) answer {
	var in struct{ Title, Body, State *string }
	p := h.pull(r, "pull_number")
	if p == nil || !read(r, &in) {
		return notFound
	}
	for _, f := range []struct{ to, from *string }{{&p.Title, in.Title}, {&p.Body, in.Body}, {&p.State, in.State}} {
		if f.from != nil {
			*f.to = *f.from
		}
	}
	return answer{status: http.StatusOK, body: h.shown(r, p, true)}
}

func (h *Hub) createPull(r *http.Request) answer {
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
	p := &Pull{Number: len(h.Pulls) + 1, State: "open", Title: in.Title, Body: in.Body, Head: branch{Ref: in.Head, Repo: repo}, Base: branch{Ref: in.Base, Repo: repo}}
	p.URL = fmt.Sprintf("https://github.com/%s/pull/%d", h.Repository, p.Number)
	h.Pulls = append(h.Pulls, p)
	return answer{status: http.StatusCreated, body: h.shown(r, p, true)}
}
