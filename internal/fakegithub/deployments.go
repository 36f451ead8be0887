package fakegithub

import (
	"fmt"
	"net/http"
	"slices"
	"unicode/utf8"
)

// listDeployments lists the newest first, as GitHub does.
func (h *Hub) listDeployments(r *http.Request) answer {
	list := found(h.at(r).Deployments, func(o object) bool {
		for _, field := range []string{"sha", "ref", "task", "environment"} {
			if wanted := r.URL.Query().Get(field); wanted != "" && wanted != fmt.Sprint(o[field]) {
				return false
			}
		}
		return true
	})
	slices.SortStableFunc(list, func(a, b object) int { return int(number(b["id"]) - number(a["id"])) })
	for i := range list {
		list[i] = h.deploymentOf(list[i])
	}
	return pageOf(r, list, "")
}

func (h *Hub) deploymentOf(kept object) object {
	one := object{"task": "deploy", "environment": "production", "payload": object{}, "ref": kept["sha"]}
	for name, value := range kept {
		one[name] = value
	}
	one["creator"] = userOf(kept["creator"])
	return one
}

func (h *Hub) getDeployment(r *http.Request) answer {
	if one := withID(h.at(r).Deployments, "id", r.PathValue("deployment_id")); one != nil {
		return answer{status: http.StatusOK, body: h.deploymentOf(one)}
	}
	return notFound
}

func (h *Hub) createDeployment(r *http.Request) answer {
	k, in := h.at(r), object{}
	if !read(r, &in) {
		return refuse(http.StatusBadRequest, "Problems parsing JSON")
	}
	for _, name := range []string{"auto_merge", "required_contexts"} {
		delete(in, name)
	}
	in["id"], in["sha"], in["created_at"], in["updated_at"] = nextID(k.Deployments), h.resolve(r, text(in["ref"])), h.time(), h.time()
	k.Deployments = append(k.Deployments, in)
	return answer{status: http.StatusCreated, body: h.deploymentOf(in)}
}

// listDeploymentStatuses lists the newest first, as GitHub does.
func (h *Hub) listDeploymentStatuses(r *http.Request) answer {
	id := r.PathValue("deployment_id")
	if withID(h.at(r).Deployments, "id", id) == nil {
		return notFound
	}
	list := []object{}
	for _, s := range slices.Backward(h.at(r).DeploymentStatuses[id]) {
		list = append(list, deploymentStatus(s))
	}
	return pageOf(r, list, "")
}

func deploymentStatus(kept object) object {
	one := object{"description": ""}
	for name, value := range kept {
		one[name] = value
	}
	one["creator"] = userOf(kept["creator"])
	return one
}

func (h *Hub) createDeploymentStatus(r *http.Request) answer {
	k, id, in := h.at(r), r.PathValue("deployment_id"), object{}
	if withID(k.Deployments, "id", id) == nil {
		return notFound
	}
	if !read(r, &in) {
		return refuse(http.StatusBadRequest, "Problems parsing JSON")
	}
	if utf8.RuneCountInString(text(in["description"])) > 140 {
		return invalid("DeploymentStatus", "custom", "description", "description is too long (maximum is 140 characters)")
	}
	delete(in, "auto_inactive")
	in["id"], in["created_at"], in["updated_at"] = len(k.DeploymentStatuses[id])+1, h.time(), h.time()
	if k.DeploymentStatuses == nil {
		k.DeploymentStatuses = map[string][]object{}
	}
	k.DeploymentStatuses[id] = append(k.DeploymentStatuses[id], in)
	return answer{status: http.StatusCreated, body: deploymentStatus(in)}
}
