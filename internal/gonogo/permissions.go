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

// permissionsOf are the permissions that a criterion takes.
func permissionsOf(c policy.Criterion, e evidence) []string {
	switch {
	case c.Checks != nil && (c.Checks.ByWorkflow() || e.Checks.OwnWhy != ""):
		return []string{"checks: read", "statuses: read", "actions: read"}
	case c.Checks != nil:
		return []string{"checks: read", "statuses: read"}
	case c.Issues != nil, c.Checklist != nil && c.Checklist.Path == "":
		return []string{"issues: read"}
	case c.Release != nil && c.Release.Environment != "":
		return []string{"deployments: read"}
	case c.Release != nil:
		return []string{"contents: read"}
	case c.Document != nil && e.Files[atCommit+c.Document.Path].Problem.Permission != "", // else the clone had it
		c.Checklist != nil && e.Files[atCommit+c.Checklist.Path].Problem.Permission != "":
		return []string{"contents: read"}
	}
	return nil
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
		need(c.ID, permissionsOf(c, e)...)
	}
	if a := e.Gate.Approvals; a != nil {
		need("approvals", "pull-requests: read", "actions: read")
		if a.Emergency != nil && a.Emergency.ReviewWithin > 0 {
			need("approvals", "issues: read")
		}
	}
	if e.People.Spoken.Pull != 0 && e.Gate.Approvals == nil { // whose authors cannot waive
		need("waivers", "pull-requests: read")
	}
	if r := e.Gate.Risk; r != nil && len(r.Incidents) > 0 {
		need("risk", "issues: read")
	}
	if e.Ticket != "none" && e.Ticket != "" {
		need("ticket", "issues: write")
	}
	if e.Check {
		need("check", "checks: write")
	}
	return needed
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
	for _, p := range slices.Backward(slices.Sorted(maps.Keys(missing))) { // writing before reading, which it includes
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
