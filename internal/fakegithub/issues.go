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

// labels are labels as they are shown.
func labels(names any) []object {
	list := []object{}
	for _, name := range namesOf(names) {
		list = append(list, object{"id": number(user(name)["id"]), "name": name, "color": "ededed", "default": false, "description": "", "url": "https://api.github.com/labels"})
	}
	return list
}

// namesOf takes labels as they were seeded or sent: names, or objects with names.
func namesOf(v any) (names []string) {
	switch v := v.(type) {
	case []string:
		return v
	case []any:
		for _, one := range v {
			if o, ok := one.(object); ok {
				one = o["name"]
			}
			names = append(names, text(one))
		}
	}
	return names
}

// issueOf is an issue as it is shown; the milestone is seeded and kept as its title or number.
func (h *Hub) issueOf(r *http.Request, kept object) object {
	one := object{"id": number(kept["number"]) + 2000, "body": nil, "title": "", "author_association": "MEMBER", "comments": len(h.at(r).Comments[fmt.Sprint(number(kept["number"]))]), "locked": false,
		"html_url": fmt.Sprintf("https://github.com/%s/issues/%d", nameOf(r), number(kept["number"])), "repository_url": "https://api.github.com/repos/" + nameOf(r), "closed_at": nil, "assignees": []any{}, "assignee": nil}
	for name, value := range kept {
		one[name] = value
	}
	one["labels"], one["user"], one["milestone"] = labels(kept["labels"]), userOf(kept["user"]), h.milestone(r, kept["milestone"])
	if list, ok := kept["assignees"].([]any); ok {
		accounts := []any{}
		for _, a := range list {
			accounts = append(accounts, userOf(a))
		}
		if one["assignees"] = accounts; len(accounts) > 0 {
			one["assignee"] = accounts[0]
		}
	}
	return one
}

// issue is the issue of a request's number; a pull request is one as well. nil where there is none.
func (h *Hub) issue(r *http.Request) object {
	k := h.at(r)
	if one := withID(k.Issues, "number", r.PathValue("issue_number")); one != nil {
		return one
	}
	if p := h.pull(r, "issue_number"); p != nil {
		return pullAsIssue(r, p, h.time())
	}
	return nil
}

func pullAsIssue(r *http.Request, p *Pull, at string) object {
	by := p.User
	if by == nil {
		by = "github-actions[bot]"
	}
	return object{"number": p.Number, "title": p.Title, "body": p.Body, "state": p.State, "labels": p.Labels, "user": by, "created_at": at, "updated_at": at,
		"html_url": fmt.Sprintf("https://github.com/%s/pull/%d", nameOf(r), p.Number), "pull_request": object{}}
}

func (h *Hub) milestone(r *http.Request, v any) any {
	for i, m := range h.at(r).Milestones {
		if m["title"] == v && v != nil || number(v) == int64(i+1) {
			return h.milestoneOf(r, i, m)
		}
	}
	return nil
}

func (h *Hub) milestoneOf(r *http.Request, i int, m object) object {
	one := object{"number": i + 1, "id": i + 3000, "state": "open", "creator": user("ada"), "html_url": fmt.Sprintf("https://github.com/%s/milestone/%d", nameOf(r), i+1)}
	for name, value := range m {
		one[name] = value
	}
	return one
}

func (h *Hub) listMilestones(r *http.Request) answer {
	list := []object{}
	for i, m := range h.at(r).Milestones {
		if one := h.milestoneOf(r, i, m); r.URL.Query().Get("state") == "all" || one["state"] == orPreset(r, "state", "open") {
			list = append(list, one)
		}
	}
	return pageOf(r, list, "")
}

func orPreset(r *http.Request, name, preset string) string {
	if v := r.URL.Query().Get(name); v != "" {
		return v
	}
	return preset
}

// listIssues lists issues and pull requests, the newest first, as GitHub does.
func (h *Hub) listIssues(r *http.Request) answer {
	q, k := r.URL.Query(), h.at(r)
	all := slices.Clone(k.Issues)
	for _, p := range k.Pulls {
		all = append(all, pullAsIssue(r, p, h.time()))
	}
	since, _ := time.Parse(time.RFC3339, q.Get("since"))
	list := []object{}
	for _, kept := range all {
		one := h.issueOf(r, kept)
		updated, _ := time.Parse(time.RFC3339, text(one["updated_at"]))
		switch m, _ := one["milestone"].(object); {
		case orPreset(r, "state", "open") != "all" && one["state"] != orPreset(r, "state", "open"),
			updated.Before(since),
			q.Get("creator") != "" && one["user"].(object)["login"] != q.Get("creator"),
			q.Get("milestone") == "none" && m != nil, q.Get("milestone") == "*" && m == nil,
			q.Get("milestone") != "" && !strings.Contains("none *", q.Get("milestone")) && (m == nil || strconv.FormatInt(number(m["number"]), 10) != q.Get("milestone")):
			continue
		}
		if wanted := q.Get("labels"); wanted != "" && slices.ContainsFunc(strings.Split(wanted, ","), func(name string) bool {
			return !slices.ContainsFunc(namesOf(kept["labels"]), func(has string) bool { return strings.EqualFold(has, strings.TrimSpace(name)) })
		}) {
			continue
		}
		list = append(list, one)
	}
	slices.SortStableFunc(list, func(a, b object) int { return int(number(b["number"]) - number(a["number"])) })
	if q.Get("direction") == "asc" {
		slices.Reverse(list)
	}
	return pageOf(r, list, "")
}

func (h *Hub) getIssue(r *http.Request) answer {
	if one := h.issue(r); one != nil {
		return answer{status: http.StatusOK, body: h.issueOf(r, one)}
	}
	return notFound
}

func (h *Hub) createIssue(r *http.Request) answer {
	k, in := h.at(r), object{}
	if !read(r, &in) {
		return refuse(http.StatusBadRequest, "Problems parsing JSON")
	}
	var last int64
	for _, o := range k.Issues {
		last = max(last, number(o["number"]))
	}
	for _, p := range k.Pulls {
		last = max(last, int64(p.Number))
	}
	one := object{"number": last + 1, "state": "open", "user": user("github-actions[bot]"), "created_at": h.time()}
	a := h.applyIssue(r, one, in)
	if a.status == http.StatusOK {
		k.Issues, a.status = append(k.Issues, one), http.StatusCreated
	}
	return a
}

func (h *Hub) editIssue(r *http.Request) answer {
	in, one := object{}, withID(h.at(r).Issues, "number", r.PathValue("issue_number"))
	if one == nil {
		return notFound
	}
	if !read(r, &in) {
		return refuse(http.StatusBadRequest, "Problems parsing JSON")
	}
	return h.applyIssue(r, one, in)
}

func (h *Hub) applyIssue(r *http.Request, one, in object) answer {
	if utf8.RuneCountInString(text(in["body"])) > textLimit+1 {
		return invalid("Issue", "custom", "body", "body is too long (maximum is 65536 characters)")
	}
	for _, field := range []string{"title", "body", "state", "state_reason", "assignees", "milestone"} {
		if value, ok := in[field]; ok {
			one[field] = value
		}
	}
	if in["labels"] != nil {
		one["labels"] = namesOf(in["labels"])
	}
	one["updated_at"], one["closed_at"] = h.time(), nil
	if one["state"] == "closed" {
		one["closed_at"] = h.time()
	}
	return answer{status: http.StatusOK, body: h.issueOf(r, one)}
}

func (h *Hub) listLabels(r *http.Request) answer {
	if one := h.issue(r); one != nil {
		return pageOf(r, labels(one["labels"]), "")
	}
	return notFound
}

func (h *Hub) addLabels(r *http.Request) answer {
	return h.relabel(r, func(old, sent []string) []string { return append(slices.Clone(old), sent...) })
}

func (h *Hub) setLabels(r *http.Request) answer {
	return h.relabel(r, func(_, sent []string) []string { return sent })
}

func (h *Hub) removeLabel(r *http.Request) answer {
	name := r.PathValue("name")
	one := h.issue(r)
	if one == nil || !slices.Contains(namesOf(one["labels"]), name) {
		return refuse(http.StatusNotFound, "Label does not exist")
	}
	return h.keepLabels(r, one, slices.DeleteFunc(slices.Clone(namesOf(one["labels"])), func(l string) bool { return l == name }))
}

func (h *Hub) relabel(r *http.Request, change func(old, sent []string) []string) answer {
	one := h.issue(r)
	var sent any
	if one == nil {
		return notFound
	}
	if !read(r, &sent) {
		return refuse(http.StatusBadRequest, "Problems parsing JSON")
	}
	if o, ok := sent.(object); ok {
		sent = o["labels"]
	}
	return h.keepLabels(r, one, change(namesOf(one["labels"]), namesOf(sent)))
}

func (h *Hub) keepLabels(r *http.Request, one object, names []string) answer {
	slices.Sort(names)
	names = slices.Compact(names)
	if p := h.pull(r, "issue_number"); p != nil {
		p.Labels = names
	}
	one["labels"], one["updated_at"] = names, h.time()
	return answer{status: http.StatusOK, body: labels(names)}
}

func (h *Hub) listRepositoryLabels(r *http.Request) answer {
	return pageOf(r, labels(h.at(r).Labels), "")
}

func (h *Hub) createLabel(r *http.Request) answer {
	var in struct{ Name string }
	k := h.at(r)
	if !read(r, &in) || slices.Contains(k.Labels, in.Name) {
		return invalid("Label", "already_exists", "name", "")
	}
	k.Labels = append(k.Labels, in.Name)
	return answer{status: http.StatusCreated, body: labels([]string{in.Name})[0]}
}
