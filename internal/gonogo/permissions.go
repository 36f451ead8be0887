package gonogo

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/policy"
)

// permissionRow is what the token needs for some criteria, and whether it has it.
type permissionRow struct {
	Permission string   `json:"permission"` // such as "issues: read"
	Criteria   []string `json:"criteria"`
	State      string   `json:"state"` // granted, missing, or unknown where GitHub gave no answer that tells
}

// permissionsOf are the permissions that the kinds of criteria take.
var permissionsOf = map[string][]string{
	"checks":    {"checks: read", "statuses: read"},
	"issues":    {"issues: read"},
	"document":  {"contents: read"},
	"checklist": {"contents: read"},
	"release":   {"contents: read"},
}

// needs are the permissions that the gate takes, and for which criteria.
func needs(e evidence) map[string][]string {
	needed := map[string][]string{}
	need := func(criterion string, permissions ...string) {
		for _, p := range permissions {
			if !slices.Contains(needed[p], criterion) {
				needed[p] = append(needed[p], criterion)
			}
		}
	}
	for _, c := range e.Gate.Criteria {
		need(c.ID, permissionsOf[c.Kind()]...)
		if c.Checks != nil && (c.Checks.ByWorkflow() || e.Checks.OwnWhy != "") {
			need(c.ID, "actions: read")
		}
		if d := e.documentOf(c); d != nil && d.Problem.Permission == "" {
			needed["contents: read"] = slices.DeleteFunc(needed["contents: read"], func(id string) bool { return id == c.ID }) // the clone had it
		}
	}
	if e.Gate.Approvals != nil {
		need("approvals", "pull-requests: read", "actions: read")
	}
	if e.Ticket != "none" && e.Ticket != "" {
		need("ticket", "issues: write")
	}
	if e.Check {
		need("check", "checks: write")
	}
	maps.DeleteFunc(needed, func(_ string, criteria []string) bool { return len(criteria) == 0 })
	return needed
}

// documentOf is the file that a criterion about a document reads, nil for other criteria.
func (e evidence) documentOf(c policy.Criterion) *file {
	if c.Document == nil {
		return nil
	}
	f := e.Files[atCommit+c.Document.Path]
	return &f
}

// permissionRows tells of each permission that is needed whether the token has it, as far as the answers
// tell; in order.
func permissionRows(e evidence) []permissionRow {
	missing, unclear := map[string]bool{}, false
	for _, p := range problemsIn(e) {
		if p.Permission != "" {
			missing[p.Permission] = true
		} else {
			unclear = true
		}
	}
	needed := needs(e)
	for p := range missing {
		if needed[p] == nil && !slices.ContainsFunc(slices.Collect(maps.Keys(needed)), func(other string) bool { return includes(other, p) }) {
			needed[p] = []string{"this step"}
		}
	}
	rows := []permissionRow{}
	for _, name := range slices.Sorted(maps.Keys(needed)) {
		row := permissionRow{Permission: name, Criteria: needed[name], State: "granted"}
		if unclear {
			row.State = "unknown"
		}
		for p := range missing {
			if includes(name, p) || includes(p, name) {
				row.State = "missing"
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// includes tells whether a permission is another one, or writing where the other is reading.
func includes(has, wanted string) bool {
	scope, ok := strings.CutSuffix(wanted, ": read")
	return has == wanted || ok && has == scope+": write"
}

// problemsIn are all problems in the evidence, whichever subject they are of. What was handed in or comes
// from files is none of them.
func problemsIn(e evidence) []problem {
	var found []problem
	var walk func(v reflect.Value)
	walk = func(v reflect.Value) {
		if p, ok := v.Interface().(problem); ok {
			if p.What != "" {
				found = append(found, p)
			}
			return
		}
		switch v.Kind() {
		case reflect.Struct:
			for i := range v.NumField() {
				if v.Type().Field(i).IsExported() {
					walk(v.Field(i))
				}
			}
		case reflect.Pointer:
			if !v.IsNil() {
				walk(v.Elem())
			}
		case reflect.Slice:
			if v.Type().Elem().Kind() == reflect.Struct {
				for i := range v.Len() {
					walk(v.Index(i))
				}
			}
		case reflect.Map:
			for _, key := range v.MapKeys() {
				walk(v.MapIndex(key))
			}
		}
	}
	e.Documents, e.Change, e.inputs = nil, change{}, inputs{} // not from GitHub
	e.Files = maps.Clone(e.Files)
	maps.DeleteFunc(e.Files, func(key string, _ file) bool { return strings.HasPrefix(key, inWorkspace) })
	walk(reflect.ValueOf(e))
	return found
}

// lacking is what the token lacks in a sentence, "" where it lacks nothing that is known.
func lacking(e evidence) string {
	var parts []string
	for _, row := range permissionRows(e) {
		if row.State == "missing" {
			parts = append(parts, fmt.Sprintf("%s (%s)", row.Permission, shorten(strings.Join(row.Criteria, ", "))))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "the token lacks: " + strings.Join(parts, ", ")
}

// permissionsBlock are the lines to add to the job: all that is needed, for a job that names some
// permissions has no others.
func permissionsBlock(e evidence) string {
	block := "permissions:"
	rows := permissionRows(e)
	for _, row := range rows {
		scope, level, _ := strings.Cut(row.Permission, ": ")
		if scope == "members" { // no job's own token can have it
			continue
		}
		if level == "read" && slices.ContainsFunc(rows, func(r permissionRow) bool { return r.Permission == scope+": write" }) {
			continue
		}
		block += "\n  " + row.Permission
	}
	return block
}

// selfCheck says once, before any wait, what the token lacks.
func selfCheck(log func(string), e evidence) {
	if text := lacking(e); text != "" {
		log(text + "; give the job these permissions:\n" + permissionsBlock(e))
	}
}
