package fakegithub

import (
	"fmt"
	"net/http"
	"unicode/utf8"
)

// commentOf is a comment as it is shown.
func (h *Hub) commentOf(r *http.Request, issue string, kept object) object {
	one := object{"author_association": "MEMBER", "body": "", "issue_url": fmt.Sprintf("https://api.github.com/repos/%s/issues/%s", nameOf(r), issue),
		"html_url": fmt.Sprintf("https://github.com/%s/issues/%s#issuecomment-%d", nameOf(r), issue, number(kept["id"]))}
	for name, value := range kept {
		one[name] = value
	}
	one["user"] = userOf(kept["user"])
	return one
}

// listComments lists the oldest first, as GitHub does.
func (h *Hub) listComments(r *http.Request) answer {
	n := r.PathValue("issue_number")
	if h.issue(r) == nil {
		return notFound
	}
	list := []object{}
	for _, c := range h.at(r).Comments[n] {
		list = append(list, h.commentOf(r, n, c))
	}
	return pageOf(r, list, "")
}

func (h *Hub) createComment(r *http.Request) answer {
	k, n := h.at(r), r.PathValue("issue_number")
	var in struct{ Body string }
	switch {
	case h.issue(r) == nil:
		return notFound
	case !read(r, &in) || in.Body == "":
		return invalid("IssueComment", "missing_field", "body", "")
	case utf8.RuneCountInString(in.Body) > textLimit+1:
		return invalid("IssueComment", "custom", "body", "body is too long (maximum is 65536 characters)")
	}
	var lists [][]object
	for _, list := range k.Comments {
		lists = append(lists, list)
	}
	c := object{"id": nextID(lists...), "body": in.Body, "user": user("github-actions[bot]"), "created_at": h.time(), "updated_at": h.time(), "author_association": "NONE"}
	if k.Comments == nil {
		k.Comments = map[string][]object{}
	}
	k.Comments[n] = append(k.Comments[n], c)
	return answer{status: http.StatusCreated, body: h.commentOf(r, n, c)}
}

func (h *Hub) editComment(r *http.Request) answer {
	var in struct{ Body string }
	if !read(r, &in) {
		return refuse(http.StatusBadRequest, "Problems parsing JSON")
	}
	for n, list := range h.at(r).Comments {
		if c := withID(list, "id", r.PathValue("comment_id")); c != nil {
			c["body"], c["updated_at"] = in.Body, h.time()
			return answer{status: http.StatusOK, body: h.commentOf(r, n, c)}
		}
	}
	return notFound
}
