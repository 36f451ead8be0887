package fakegithub

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// State is what is kept beside the git repository: of the hub's own repository, of others, and of people.
// Objects have GitHub's own fields, but only those that matter; answers are filled up with the rest.
type State struct {
	Kept
	Others map[string]*Kept    `json:"repositories,omitempty"` // by owner/name
	Beside map[string]any      `json:"beside,omitempty"`       // answers to what the description has not, such as GraphQL, by METHOD path
	Teams  map[string][]string `json:"teams,omitempty"`        // logins, by org/slug
}

// Kept is what a hub keeps of one repository.
type Kept struct {
	Releases   []*Release  `json:"releases"` // oldest first
	Pulls      []*Pull     `json:"pulls"`
	Dispatches []*Dispatch `json:"dispatches"`

	CheckRuns    []object            `json:"check_runs,omitempty"`
	Statuses     []object            `json:"statuses,omitempty"`      // with their commit as sha
	WorkflowRuns []object            `json:"workflow_runs,omitempty"` // with head_sha and check_suite_id
	Jobs         []object            `json:"jobs,omitempty"`          // with run_id and run_attempt
	RunApprovals map[string][]object `json:"run_approvals,omitempty"` // by the run's id

	Reviews   map[string][]object `json:"reviews,omitempty"`    // by the pull request's number
	PullFiles map[string][]object `json:"pull_files,omitempty"` // by the pull request's number

	Issues     []object            `json:"issues,omitempty"`
	Comments   map[string][]object `json:"comments,omitempty"` // by the issue's number
	Labels     []string            `json:"labels,omitempty"`
	Milestones []object            `json:"milestones,omitempty"`

	Deployments        []object            `json:"deployments,omitempty"`
	DeploymentStatuses map[string][]object `json:"deployment_statuses,omitempty"` // by the deployment's id

	Commits     []object          `json:"commits,omitempty"`     // beside those of the git repository
	Files       map[string]string `json:"files,omitempty"`       // by path, or ref:path; beside those of the git repository
	Comparisons map[string]object `json:"comparisons,omitempty"` // by base...head; beside those of the git repository
	Permissions map[string]string `json:"permissions,omitempty"` // admin, write, read or none, by login
}

// Seed sets what is kept from JSON in the form of State. What the JSON leaves out stays; ids and times
// that it leaves out are made up.
func (h *Hub) Seed(text []byte) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	var seeded State // decoded into what is there, objects would keep old fields
	if err := decoder.Decode(&seeded); err != nil {
		return err
	}
	replace(reflect.ValueOf(&h.Kept).Elem(), reflect.ValueOf(seeded.Kept))
	seeded.Kept = h.Kept
	replace(reflect.ValueOf(&h.State).Elem(), reflect.ValueOf(seeded))
	all := []*Kept{&h.Kept}
	for _, k := range h.Others {
		all = append(all, k)
	}
	for _, k := range all {
		if err := h.settle(k); err != nil {
			return err
		}
	}
	return nil
}

// Restore makes what is kept what it was when Text told it.
func (h *Hub) Restore(text []byte) error {
	h.mu.Lock()
	h.State = State{}
	h.mu.Unlock()
	return h.Seed(text)
}

// replace sets the fields that have a value.
func replace(to, from reflect.Value) {
	for i := range from.NumField() {
		if !from.Field(i).IsZero() {
			to.Field(i).Set(from.Field(i))
		}
	}
}

// settle gives what was seeded the ids and times that GitHub would have.
func (h *Hub) settle(k *Kept) error {
	lists := [][]object{k.CheckRuns, k.Statuses, k.WorkflowRuns, k.Jobs, k.Deployments}
	for _, m := range []map[string][]object{k.Reviews, k.Comments, k.DeploymentStatuses} {
		for _, list := range m {
			lists = append(lists, list)
		}
	}
	for _, list := range lists {
		for i, one := range list {
			if one == nil {
				return errors.New("an entry is null")
			}
			h.preset(one, object{"id": i + 1})
		}
	}
	for _, i := range k.Issues {
		if number(i["number"]) == 0 {
			return errors.New("an issue has no number")
		}
		h.preset(i, object{"state": "open", "created_at": h.time(), "updated_at": h.time(), "user": user("ada")})
	}
	for _, list := range k.Comments {
		for _, c := range list {
			h.preset(c, object{"created_at": h.time(), "updated_at": cmp.Or(text(c["created_at"]), h.time())})
		}
	}
	return nil
}

// preset gives an object the fields that it lacks.
func (h *Hub) preset(o object, fields object) {
	for name, value := range fields {
		if o[name] == nil || o[name] == "" {
			o[name] = value
		}
	}
}

// time is the server's own, as everything it keeps is stamped with.
func (h *Hub) time() string { return h.Now().UTC().Format(time.RFC3339) }

// nameOf is the repository that a request is about.
func nameOf(r *http.Request) string { return r.PathValue("owner") + "/" + r.PathValue("repo") }

// at is what is kept of the repository that a request is about; nil where there is none of that name.
func (h *Hub) at(r *http.Request) *Kept {
	if strings.EqualFold(nameOf(r), h.Repository) {
		return &h.Kept
	}
	return h.Others[nameOf(r)]
}

// own tells that a request is about the repository that there is git for.
func (h *Hub) own(r *http.Request) bool {
	return h.Dir != "" && strings.EqualFold(nameOf(r), h.Repository)
}

// page is the part of a list that a request asks for, and where the rest is.
type page struct {
	number, last int
	of           string // the field that the list stands in, "" where the list itself is the answer
}

// pageOf answers with the page of a list that is asked for: 30 entries, or as many as per_page says.
func pageOf(r *http.Request, items []object, of string) answer {
	size := min(max(asked(r, "per_page", 30), 1), 100)
	p := page{number: max(asked(r, "page", 1), 1), last: max((len(items)+size-1)/size, 1), of: of}
	from := min((p.number-1)*size, len(items))
	part := append([]object{}, items[from:min(from+size, len(items))]...)
	if of == "" {
		return answer{status: http.StatusOK, body: part, page: &p}
	}
	return answer{status: http.StatusOK, body: object{"total_count": len(items), of: part}, page: &p}
}

// links is the Link header of a page, as GitHub writes it.
func (p page) links(r *http.Request) string {
	var parts []string
	add := func(number int, rel string) {
		q := r.URL.Query()
		q.Set("page", strconv.Itoa(number))
		parts = append(parts, fmt.Sprintf(`<%s>; rel="%s"`, (&url.URL{Scheme: "http", Host: r.Host, Path: r.URL.Path, RawQuery: q.Encode()}).String(), rel))
	}
	if p.number > 1 {
		add(p.number-1, "prev")
	}
	if p.number < p.last {
		add(p.number+1, "next")
		add(p.last, "last")
	}
	if p.number > 1 {
		add(1, "first")
	}
	return strings.Join(parts, ", ")
}

func asked(r *http.Request, name string, preset int) int {
	if n, err := strconv.Atoi(r.URL.Query().Get(name)); err == nil {
		return n
	}
	return preset
}

// found is a copy of what is kept that a condition holds for.
func found(all []object, holds func(object) bool) []object {
	kept := []object{}
	for _, o := range all {
		if holds(o) {
			kept = append(kept, o)
		}
	}
	return kept
}

// withID is the entry of an id or number, nil where there is none.
func withID(all []object, field, id string) object {
	i := slices.IndexFunc(all, func(o object) bool { return strconv.FormatInt(number(o[field]), 10) == id })
	if i < 0 {
		return nil
	}
	return all[i]
}

// nextID is an id that none of these has.
func nextID(lists ...[]object) int64 {
	var most int64
	for _, list := range lists {
		for _, o := range list {
			most = max(most, number(o["id"]))
		}
	}
	return most + 1
}

// number reads a number however it came: by code, or from JSON.
func number(v any) int64 {
	switch v := v.(type) {
	case int:
		return int64(v)
	case int64:
		return v
	case float64:
		return int64(v)
	case json.Number:
		n, _ := v.Int64()
		return n
	}
	return 0
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

// user is an account. Its id is made from its login.
func user(login string) object {
	sum := fnv.New32a()
	sum.Write([]byte(strings.ToLower(login)))
	kind := "User"
	if strings.HasSuffix(login, "[bot]") {
		kind = "Bot"
	}
	return object{"login": login, "id": int64(sum.Sum32()>>1) + 1, "type": kind, "html_url": "https://github.com/" + strings.TrimSuffix(login, "[bot]")}
}

// userOf takes an account as it was seeded: a login, or an object with one.
func userOf(v any) any {
	switch v := v.(type) {
	case string:
		return user(v)
	case object:
		u := user(text(v["login"]))
		for name, value := range v {
			u[name] = value
		}
		return u
	}
	return nil
}

// objectOf is a value as the object that JSON makes of it.
func objectOf(v any) object {
	var o object
	whole, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(whole, &o)
	}
	if err != nil {
		panic(err)
	}
	return o
}
