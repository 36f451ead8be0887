package fakegithub

import (
	"net/http"
	"slices"
	"strings"
)

// repository is a repository as other things show it.
func repository(name string) object {
	owner, short, _ := strings.Cut(name, "/")
	return object{"id": number(user(name)["id"]), "name": short, "full_name": name, "owner": user(owner), "private": true, "html_url": "https://github.com/" + name}
}

func (h *Hub) getRepository(r *http.Request) answer {
	one := repository(nameOf(r))
	one["default_branch"] = "main"
	return answer{status: http.StatusOK, body: one}
}

// team is the members of a team, false where there is no such team.
func (h *Hub) team(r *http.Request) ([]string, bool) {
	members, ok := h.Teams[r.PathValue("org")+"/"+r.PathValue("team_slug")]
	return members, ok
}

func (h *Hub) listMembers(r *http.Request) answer {
	members, ok := h.team(r)
	if !ok {
		return notFound
	}
	list := []object{}
	for _, login := range members {
		list = append(list, user(login))
	}
	return pageOf(r, list, "")
}

func (h *Hub) membership(r *http.Request) answer {
	members, _ := h.team(r)
	if !slices.ContainsFunc(members, func(m string) bool { return strings.EqualFold(m, r.PathValue("username")) }) {
		return notFound
	}
	return answer{status: http.StatusOK, body: object{"role": "member", "state": "active", "url": "https://api.github.com/teams/1/memberships/" + r.PathValue("username")}}
}

// permission is what somebody may do in a repository. Whoever it was not told about may read.
func (h *Hub) permission(r *http.Request) answer {
	login := r.PathValue("username")
	may := h.at(r).Permissions[login]
	if may == "" {
		may = "read"
	}
	return answer{status: http.StatusOK, body: object{"permission": may, "role_name": may, "user": user(login)}}
}

func (h *Hub) getUser(r *http.Request) answer {
	return answer{status: http.StatusOK, body: user(r.PathValue("username"))}
}
