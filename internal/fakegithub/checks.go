package fakegithub

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// textLimit is the most that GitHub takes of a check run's summary, of its text, and of an issue's body.
const textLimit = 65_535

// resolve is the commit that a name stands for: a ref of the git repository, else the name itself.
func (h *Hub) resolve(r *http.Request, name string) string {
	if h.own(r) {
		if id, ok := h.git("", nil, "rev-parse", "--verify", "--quiet", "--end-of-options", name+"^{commit}"); ok {
			return id
		}
	}
	return name
}

func (h *Hub) checkRun(r *http.Request, kept object) object {
	one := object{
		"html_url": fmt.Sprintf("https://github.com/%s/runs/%d", nameOf(r), number(kept["id"])), "details_url": fmt.Sprintf("https://github.com/%s/runs/%d", nameOf(r), number(kept["id"])),
		"app": "github-actions", "status": "completed", "check_suite": object{"id": 1},
	}
	for name, value := range kept {
		one[name] = value
	}
	one["app"] = app(one["app"])
	return one
}

// app is an app as it was seeded: its short name, or an object with it.
func app(v any) any {
	o, _ := v.(object)
	slug := text(v)
	if o != nil {
		slug = text(o["slug"])
	}
	if slug == "" {
		return nil
	}
	return object{"id": number(user(slug)["id"]), "slug": slug, "name": slug, "owner": user("github"), "permissions": object{}, "events": []any{}}
}

func (h *Hub) listCheckRuns(r *http.Request) answer {
	sha, q := h.resolve(r, r.PathValue("ref")), r.URL.Query()
	list := found(h.at(r).CheckRuns, func(o object) bool {
		return text(o["head_sha"]) == sha && (q.Get("check_name") == "" || q.Get("check_name") == o["name"]) && (q.Get("status") == "" || q.Get("status") == o["status"])
	})
	for i, o := range list {
		list[i] = h.checkRun(r, o)
	}
	if q.Get("filter") != "all" {
		list = latest(list)
	}
	slices.SortStableFunc(list, func(a, b object) int { return int(number(b["id"]) - number(a["id"])) })
	return pageOf(r, list, "check_runs")
}

// latest leaves out the runs that a later one of the same name, app and suite has replaced.
func latest(list []object) []object {
	newest := map[string]int64{}
	key := func(o object) string {
		return fmt.Sprint(o["name"], "\x00", o["app"], "\x00", o["check_suite"])
	}
	for _, o := range list {
		newest[key(o)] = max(newest[key(o)], number(o["id"]))
	}
	return found(list, func(o object) bool { return newest[key(o)] == number(o["id"]) })
}

func (h *Hub) getCheckRun(r *http.Request) answer {
	if one := withID(h.at(r).CheckRuns, "id", r.PathValue("check_run_id")); one != nil {
		return answer{status: http.StatusOK, body: h.checkRun(r, one)}
	}
	return notFound
}

func (h *Hub) createCheckRun(r *http.Request) answer {
	k := h.at(r)
	one := object{"id": nextID(k.CheckRuns), "status": "queued", "app": object{"slug": "github-actions"}}
	a := h.applyCheckRun(r, one)
	if a.status == http.StatusOK {
		k.CheckRuns, a.status = append(k.CheckRuns, one), http.StatusCreated
	}
	return a
}

func (h *Hub) updateCheckRun(r *http.Request) answer {
	one := withID(h.at(r).CheckRuns, "id", r.PathValue("check_run_id"))
	if one == nil {
		return notFound
	}
	return h.applyCheckRun(r, one)
}

// applyCheckRun changes a check run as GitHub would. When it completed is the server's to say, unless the
// request does.
func (h *Hub) applyCheckRun(r *http.Request, one object) answer {
	var in object
	if !read(r, &in) {
		return refuse(http.StatusBadRequest, "Problems parsing JSON")
	}
	if output, ok := in["output"].(object); ok {
		for _, field := range []string{"summary", "text"} {
			if utf8.RuneCountInString(text(output[field])) > textLimit {
				return invalid("CheckRun", "custom", field, field+" is too long (maximum is 65535 characters)")
			}
		}
		if output["title"] == nil || output["summary"] == nil {
			return invalid("CheckRun", "missing_field", "output", "title and summary wasn't supplied.")
		}
		in["output"] = object{"title": output["title"], "summary": output["summary"], "text": output["text"]}
	}
	delete(in, "actions")
	for name, value := range in {
		one[name] = value
	}
	if in["conclusion"] != nil || one["status"] == "completed" {
		one["status"] = "completed"
		h.preset(one, object{"completed_at": h.time()})
	}
	h.preset(one, object{"started_at": h.time()})
	return answer{status: http.StatusOK, body: h.checkRun(r, one)}
}

// listStatuses lists the newest first, as GitHub does.
func (h *Hub) listStatuses(r *http.Request) answer {
	sha := h.resolve(r, r.PathValue("ref"))
	list := found(h.at(r).Statuses, func(o object) bool { return text(o["sha"]) == sha })
	slices.SortStableFunc(list, func(a, b object) int { return int(number(b["id"]) - number(a["id"])) })
	for i := range list {
		list[i] = status(list[i])
	}
	return pageOf(r, list, "")
}

// status is a commit status as it is shown: without the commit, which its address has.
func status(kept object) object {
	one := object{}
	for name, value := range kept {
		if name != "sha" {
			one[name] = value
		}
	}
	one["creator"] = userOf(kept["creator"])
	if one["creator"] == nil {
		one["creator"] = user("github-actions[bot]")
	}
	return one
}

func (h *Hub) createStatus(r *http.Request) answer {
	k, in := h.at(r), object{}
	if !read(r, &in) {
		return refuse(http.StatusBadRequest, "Problems parsing JSON")
	}
	h.preset(in, object{"context": "default"})
	in["id"], in["sha"], in["created_at"], in["updated_at"] = nextID(k.Statuses), r.PathValue("sha"), h.time(), h.time()
	k.Statuses = append(k.Statuses, in)
	return answer{status: http.StatusCreated, body: status(in)}
}

func (h *Hub) listWorkflowRuns(r *http.Request) answer {
	q := r.URL.Query()
	list := found(h.at(r).WorkflowRuns, func(o object) bool {
		for _, field := range []string{"head_sha", "event", "head_branch:branch", "check_suite_id", "status"} {
			field, asked, renamed := strings.Cut(field, ":")
			if !renamed {
				asked = field
			}
			if wanted := q.Get(asked); wanted != "" && wanted != fmt.Sprint(o[field]) && wanted != strconv.FormatInt(number(o[field]), 10) {
				return false
			}
		}
		return true
	})
	return pageOf(r, h.runsOf(r, list), "workflow_runs")
}

// runsOf are workflow runs as they are shown.
func (h *Hub) runsOf(r *http.Request, list []object) []object {
	shown := []object{}
	for _, kept := range list {
		one := object{"event": "push", "status": "completed", "path": ".github/workflows/ci.yml", "run_attempt": 1, "head_repository": repository(nameOf(r)), "repository": repository(nameOf(r)),
			"html_url": fmt.Sprintf("https://github.com/%s/actions/runs/%d", nameOf(r), number(kept["id"]))}
		for name, value := range kept {
			one[name] = value
		}
		for _, who := range []string{"actor", "triggering_actor"} {
			if one[who] != nil {
				one[who] = userOf(one[who])
			}
		}
		shown = append(shown, one)
	}
	return shown
}

func (h *Hub) getWorkflowRun(r *http.Request) answer {
	if one := withID(h.at(r).WorkflowRuns, "id", r.PathValue("run_id")); one != nil {
		return answer{status: http.StatusOK, body: h.runsOf(r, []object{one})[0]}
	}
	return notFound
}

// listJobs lists the jobs of a run, of one attempt where the address names it.
func (h *Hub) listJobs(r *http.Request) answer {
	run, attempt := r.PathValue("run_id"), r.PathValue("attempt_number")
	list := found(h.at(r).Jobs, func(o object) bool {
		return fmt.Sprint(number(o["run_id"])) == run && (attempt == "" || fmt.Sprint(max(number(o["run_attempt"]), 1)) == attempt)
	})
	for i, kept := range list {
		one := object{"status": "completed", "head_sha": "", "started_at": h.time(), "html_url": fmt.Sprintf("https://github.com/%s/actions/runs/%s/job/%d", nameOf(r), run, number(kept["id"]))}
		for name, value := range kept {
			one[name] = value
		}
		if one["status"] == "completed" {
			h.preset(one, object{"conclusion": "success"})
		}
		list[i] = one
	}
	return pageOf(r, list, "jobs")
}

// listRunApprovals answers with all at once: GitHub has no pages for them.
func (h *Hub) listRunApprovals(r *http.Request) answer {
	list := []object{}
	for _, kept := range h.at(r).RunApprovals[r.PathValue("run_id")] {
		one := object{"comment": ""}
		for name, value := range kept {
			one[name] = value
		}
		one["user"] = userOf(kept["user"])
		list = append(list, one)
	}
	return answer{status: http.StatusOK, body: list}
}
