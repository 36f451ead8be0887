package gonogo

import (
	"fmt"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/glob"
	"github.com/slipway-actions/slipway/internal/migration"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// migrated is a migration that a change adds or changes, as it was read.
type migrated struct {
	file    changedFile
	role    migration.Role
	read    migration.Migration // zero where there is a problem
	problem problem             // why it was not read
}

// oneWay tells that there is no way back.
func (m migrated) oneWay() bool {
	return m.role == migration.Forward && (m.read.Irreversible != "" || m.read.Back == migration.Missing)
}

// unclear tells that whether there is a way back is not known.
func (m migrated) unclear() bool {
	return m.role == migration.Forward && !m.oneWay() && m.read.Back != migration.There
}

func migrationRules(e evidence) (rules []policy.Migrations) {
	for _, c := range e.Gate.Criteria {
		if c.Migrations != nil {
			rules = append(rules, *c.Migrations)
		}
	}
	return rules
}

// migrationsIn are the forward and repeatable migrations that are added or changed, as any rule has them.
func migrationsIn(e evidence, rules []policy.Migrations) (list []migrated) {
	for _, f := range e.Change.Files {
		for _, rule := range rules {
			names := migration.Named(rule.Down)
			role := names.RoleOf(f.Path)
			if f.Status != "D" && within(rule.Paths, f.Path) && (role == migration.Forward || role == migration.Repeatable) {
				list = append(list, readMigration(names, role, f, e))
				break
			}
		}
	}
	return list
}

func within(paths []string, file string) bool { return glob.Touches(paths, []string{file}) }

// readMigration reads one from what was recorded.
func readMigration(names migration.Names, role migration.Role, f changedFile, e evidence) migrated {
	m := migrated{file: f, role: role}
	text, ok := e.Files[atCommit+f.Path]
	switch {
	case f.Odd != "":
		m.problem = problem{What: f.Odd, Next: "Put a regular file there."}
		return m
	case !ok || text.Missing:
		m.problem = problem{What: "its text was not recorded", Next: "Run the step again."}
		return m
	case text.Problem.What != "":
		m.problem = text.Problem
		return m
	case len(text.Text) == 0:
		m.problem = problem{What: "there is nothing in it", Next: "Write what it is to do, or take it away."}
		return m
	}
	var back []byte
	for _, name := range names.Backs(f.Path) {
		beside, ok := e.Files[atCommit+name]
		if !ok || beside.Missing || back != nil {
			continue
		}
		if beside.Problem.What != "" {
			m.problem = beside.Problem
			m.problem.What = "its way back, " + name + ", was not read: " + m.problem.What
			return m
		}
		back = append([]byte{}, beside.Text...)
	}
	m.read = names.Read(f.Path, text.Text, back)
	return m
}

// fourPhases is how a change that is not additive comes without harm.
const fourPhases = "Make the change in four phases, each a release of its own: expand (add the new beside the old, as nullable or with a default), " +
	"backfill (copy the data), switch (read and write the new alone), contract (take the old away). Where this is that last phase, say so in the migration:\n" +
	"-- slipway: contract <why nothing uses it any more>"

const declareOneWay = "Write the way back in one of the conventions that are known: " + migration.Conventions + "; name your own with down: in the policy. " +
	"Where there can be none, say so in the migration:\n-- slipway: irreversible <why>"

// findingsShown is the most findings of one criterion that stand for themselves.
const findingsShown = 100

func judgeMigrations(id string, rule policy.Migrations, e evidence) criterion {
	whole := result.Finding{ID: id, Outcome: verdict.Undecided, Title: id, Threshold: "each migration additive and with a way back, or declared"}
	switch {
	case e.unread() != "":
		whole.Observed, whole.Next = e.unread(), e.Change.Problem.Next
		return criterion{id: id, findings: []result.Finding{whole}}
	case e.Change.MoreFiles > 0:
		whole.Observed, whole.Next = tooMany(e), "Release in smaller steps, or make this one without this criterion and judge its migrations by hand."
		return criterion{id: id, findings: []result.Finding{whole}}
	}
	names := migration.Named(rule.Down)
	var found []result.Finding
	n := 0
	for _, f := range e.Change.Files {
		role := names.RoleOf(f.Path)
		if !within(rule.Paths, f.Path) || role == migration.None {
			continue
		}
		n++
		for _, of := range judgeMigration(role, rule, f, names, e) {
			of.ID, of.Title, of.Threshold = id, id+": "+shorten(f.Path), whole.Threshold
			if of.Where == nil {
				of.Where = &result.Where{File: f.Path}
			}
			found = append(found, of)
		}
	}
	c := criterion{id: id, findings: found}
	if verdictOf := result.VerdictOf(append([]result.Finding{{Outcome: verdict.Passed}}, found...)); verdictOf == verdict.Pass {
		whole.Outcome, whole.Observed = verdict.Passed, report.Count(n, "file")+" of migrations, each additive and with a way back, or declared"
		if n == 0 {
			whole.Observed = "no file under " + shorten(strings.Join(rule.Paths, ", ")) + " changed" + since(e)
		}
		c.findings = append([]result.Finding{whole}, found...)
	} else if len(found) > findingsShown {
		rest := result.VerdictOf(found[findingsShown:])
		whole.Outcome = map[verdict.Verdict]verdict.Outcome{verdict.Fail: verdict.Failed, verdict.Pass: verdict.Passed}[rest]
		if whole.Outcome == "" {
			whole.Outcome = verdict.Undecided
		}
		whole.Observed, whole.Next = fmt.Sprintf("%d more findings", len(found)-findingsShown), "Mend those above, then run the step again."
		c.findings = append(found[:findingsShown:findingsShown], whole)
	}
	for _, f := range c.findings {
		if k := (culprit{f.Outcome, strings.TrimPrefix(f.Title, id+": ")}); !slices.Contains(c.culprits, k) && f.Title != id {
			c.culprits = append(c.culprits, k)
		}
	}
	return c
}

func since(e evidence) string {
	if e.Change.Since == "" {
		return ""
	}
	return " since " + shorten(e.Change.Since)
}

// judgeMigration judges one file: what was released must not change, and what is new must be additive and
// have a way back.
func judgeMigration(role migration.Role, rule policy.Migrations, f changedFile, names migration.Names, e evidence) []result.Finding {
	released := "it was there" + since(e) + " already, and may have been applied"
	switch {
	case f.Status == "D" && role == migration.Repeatable, f.Status == "M" && role == migration.Back:
		return []result.Finding{{Outcome: verdict.Warned, Observed: "it has changed: " + released}}
	case f.Status == "D":
		return []result.Finding{{Outcome: verdict.Failed, Observed: "it was removed: " + released, Next: "Put it back as it was, and undo what it does in a new migration."}}
	case f.Status == "M" && role == migration.Forward:
		return []result.Finding{{Outcome: verdict.Failed, Observed: "it was edited: " + released, Next: "Put it back as it was, and make the change in a new migration."}}
	case role == migration.Back && f.Odd == "":
		return nil // judged with the migration that it is the way back of
	}
	m := readMigration(names, role, f, e)
	if m.problem.What != "" {
		return []result.Finding{{Outcome: verdict.Undecided, Observed: m.problem.What, Next: m.problem.Next}}
	}
	return append(judgeWayBack(m, rule), judgeAdditive(m, rule)...)
}

func judgeWayBack(m migrated, rule policy.Migrations) []result.Finding {
	switch {
	case m.role != migration.Forward || m.read.Irreversible == "" && m.read.Back == migration.There:
		return nil
	case m.read.Irreversible != "" && rule.Irreversible == "fail":
		return []result.Finding{{
			Outcome: verdict.Failed, Observed: "it is declared irreversible: " + shorten(m.read.Irreversible),
			Next: "The policy allows no such migration here (irreversible: fail): write a way back, or have the release managers change the policy.",
		}}
	case m.read.Irreversible != "":
		return []result.Finding{{Outcome: verdict.Warned, Observed: "it is declared irreversible: " + shorten(m.read.Irreversible), Next: "Once it is applied, mend forward; do not roll back."}}
	case m.read.Back == migration.Missing:
		return []result.Finding{{Outcome: verdict.Failed, Observed: "it has no way back: " + shorten(m.read.BackWhy), Next: declareOneWay}}
	}
	return []result.Finding{{Outcome: verdict.Undecided, Observed: "whether it has a way back is not known: " + shorten(m.read.BackWhy), Next: declareOneWay}}
}

func judgeAdditive(m migrated, rule policy.Migrations) (found []result.Finding) {
	at := func(n migration.Note) *result.Where { return &result.Where{File: m.file.Path, Line: n.Line} }
	for _, n := range m.read.Breaking {
		f := result.Finding{Outcome: verdict.Failed, Observed: "it is not additive: " + shorten(n.What), Where: at(n), Next: fourPhases}
		switch {
		case m.read.Contract != "":
			f.Outcome, f.Observed, f.Next = verdict.Warned, f.Observed+" (declared the contract phase: "+shorten(m.read.Contract)+")", ""
		case rule.Breaking == "warn":
			f.Outcome = verdict.Warned
		}
		found = append(found, f)
	}
	for _, n := range m.read.Doubts {
		f := result.Finding{
			Outcome: verdict.Undecided, Observed: "whether it is additive is not known: " + shorten(n.What), Where: at(n),
			Next: "Write it so that it can be read, or have a person read it and say so in the migration:\n-- slipway: additive <who read it, and why it is>",
		}
		if said := m.read.Contract + m.read.Additive; said != "" {
			f.Outcome, f.Observed, f.Next = verdict.Warned, f.Observed+" (declared: "+shorten(said)+")", ""
		}
		found = append(found, f)
	}
	return found
}

// migrationsOf tells whether the change brings migrations, and whether one of them cannot be taken back.
// Both say nothing where they are not known: present where it is not known whether there are any, and
// irreversible where there are some of which that is not known.
func migrationsOf(e evidence) (present, irreversible, known bool) {
	if e.unread() != "" || e.Change.MoreFiles > 0 {
		return false, false, false
	}
	rules := migrationRules(e)
	if len(rules) == 0 {
		m := migratingOf(e, "")
		return m.N > 0, false, m.N == 0
	}
	known = true
	for _, m := range migrationsIn(e, rules) {
		present = true
		irreversible = irreversible || m.problem.What == "" && m.oneWay()
		known = known && m.problem.What == "" && !m.unclear()
	}
	return present, irreversible, known || irreversible
}

// migrationsRow is what later steps may rest on: what is not known is left out.
type migrationsRow struct {
	Known        bool  `json:"known"`
	Present      *bool `json:"present,omitempty"`
	Irreversible *bool `json:"irreversible,omitempty"`
}

func migrationsData(e evidence) migrationsRow {
	present, irreversible, known := migrationsOf(e)
	row := migrationsRow{Known: known}
	if known || present {
		row.Present = &present
	}
	if known {
		row.Irreversible = &irreversible
	}
	return row
}
