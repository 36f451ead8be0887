package migration

import (
	"slices"
	"strings"
)

// readStatements finds in SQL what the version before may not live with.
func (m *Migration) readStatements(sql string) { m.statements(sql, 0, 0) }

func (m *Migration) statements(sql string, before, depth int) {
	scan(sql, before, m, func(all []token) {
		m.judge(all)
		for i, t := range all {
			switch {
			case (t.kind == 'd' || t.kind == 's') && all[0].is("DO") && depth < deepest: // it is run here and now
				m.statements(t.text, t.line-1, depth+1)
			case (t.kind == 'd' || t.kind == 's') && all[0].is("DO"):
				m.doubt(t.line, "texts within texts, too deep to be read")
			case t.is("EXECUTE", "EXEC", "PREPARE", "SP_EXECUTESQL") && i+1 < len(all) && runsText(all, i, depth):
				m.doubt(t.line, t.text+" runs a text as SQL, which is not read here")
			case i == 0 && t.is("SOURCE"):
				m.doubt(t.line, "SOURCE runs another file")
			}
		}
	})
}

func (m *Migration) doubt(line int, what string) {
	if len(m.Doubts) < noted {
		m.Doubts = append(m.Doubts, Note{line, what})
	}
}

func (m *Migration) breaks(line int, what string) {
	n := Note{line, what}
	if len(m.Breaking) < noted && !slices.Contains(m.Breaking, n) {
		m.Breaking = append(m.Breaking, n)
	}
}

// runsText tells whether EXECUTE and its like run a text: not where a privilege or a trigger's function is
// meant.
func runsText(all []token, i, depth int) bool {
	next := all[i+1]
	return !next.is("FUNCTION", "PROCEDURE", "ON", ",", "AS") && !all[0].is("GRANT", "REVOKE", "ALTER") || depth > 0
}

// kept are what may be dropped without taking anything from the version before.
var kept = []string{"INDEX", "KEY", "CONSTRAINT", "CHECK", "FOREIGN", "DEFAULT", "NOT", "STATISTICS", "IDENTITY", "EXPRESSION", "ON", ","}

// objects are what can be dropped by a statement of its own.
var objects = []string{
	"TABLE", "TEMPORARY", "COLUMN", "COLUMNS", "VIEW", "MATERIALIZED", "SCHEMA", "DATABASE", "TYPE", "SEQUENCE", "FUNCTION", "PROCEDURE", "ROUTINE", "DOMAIN", "TRIGGER",
	"EXTENSION", "PARTITION", "ROLE", "USER", "POLICY", "RULE", "AGGREGATE", "OPERATOR", "COLLATION", "PRIMARY", "TABLESPACE", "EVENT", "SYNONYM", "PACKAGE", "VALUE", "ATTRIBUTE",
}

// judge looks for what is not additive anywhere in a statement, for not every database wants a semicolon
// between two.
func (m *Migration) judge(all []token) {
	altering := false // an ALTER stands before
	for i, t := range all {
		if t.kind != 'w' {
			continue
		}
		next, last := at(all, i+1), at(all, i-1)
		switch t.text {
		case "DROP":
			switch {
			case next.kind == 0 || next.is(kept...) || last.is("COMMIT"):
			case next.is(objects...):
				m.breaks(t.line, "DROP "+next.text+named(all, i+2))
			case altering:
				m.breaks(t.line, "DROP COLUMN"+named(all, i+1))
			case i == 0 || next.kind == 'w':
				m.breaks(t.line, "DROP"+named(all, i+1))
			}
		case "RENAME":
			if !next.is("INDEX", "KEY", "CONSTRAINT") && !at(all, 1).is("INDEX") && (i == 0 || altering || next.is("TABLE", "COLUMN", "TO")) {
				m.breaks(t.line, "RENAME"+named(all, i+1))
			}
		case "SP_RENAME":
			m.breaks(t.line, "sp_rename"+named(all, i+1))
		case "REPLACE":
			if last.is("OR") && next.is("TABLE") {
				m.breaks(t.line, "OR REPLACE TABLE"+named(all, i+1))
			}
		case "TRUNCATE":
			if next.kind != 0 && !next.is("(", "ON", ",") && !last.is("BEFORE", "AFTER", "OR", ",") {
				m.breaks(t.line, "TRUNCATE"+named(all, i+1))
			}
		case "DELETE":
			if (next.is("FROM") || i == 0) && !last.is("ON", "BEFORE", "AFTER", "OR") && !narrowed(all, i) {
				m.breaks(t.line, "DELETE without WHERE")
			}
		case "ALTER":
			altering = true
			if next.is("TABLE") {
				m.alterTable(all, i+2)
			} else if next.is("FOREIGN", "IGNORE", "ONLINE", "OFFLINE") && at(all, i+2).is("TABLE") {
				m.alterTable(all, i+3)
			}
		}
	}
}

// at is the token of that place, none where there is none.
func at(all []token, i int) token {
	if i < 0 || i >= len(all) {
		return token{}
	}
	return all[i]
}

// named is the name that follows, past such words as IF EXISTS.
func named(all []token, i int) string {
	for at(all, i).is("IF", "NOT", "EXISTS", "ONLY", "TABLE", "COLUMN", "VIEW", "DATA", "PARTITION") {
		i++
	}
	t := at(all, i)
	if t.kind != 'w' && t.kind != 'i' {
		return ""
	}
	name := t.text
	for at(all, i+1).is(".") && (at(all, i+2).kind == 'w' || at(all, i+2).kind == 'i') && len(name) < 100 {
		name += "." + all[i+2].text
		i += 2
	}
	if t.kind == 'w' {
		name = strings.ToLower(name)
	}
	return " " + clip(name)
}

// narrowed tells whether a DELETE has a WHERE of its own that says more than that all is meant.
func narrowed(all []token, i int) bool {
	depth := all[i].depth
	for j := i + 1; j < len(all) && all[j].depth >= depth && !(all[j].is("DELETE") && at(all, j+1).is("FROM")); j++ {
		if all[j].is("WHERE") && all[j].depth == depth {
			a, b, c := at(all, j+1), at(all, j+2), at(all, j+3)
			always := a.is("TRUE") && b.kind == 0 || a.is("1") && b.kind == 0 || a.is("1") && b.is("=") && c.is("1") && at(all, j+4).kind == 0
			return !always
		}
	}
	return false
}

// alterTable judges each action of an ALTER TABLE, up to the next one.
func (m *Migration) alterTable(all []token, i int) {
	for at(all, i).is("IF", "EXISTS", "ONLY") {
		i++
	}
	if i >= len(all) {
		return
	}
	depth := all[i].depth
	for i++; at(all, i).is("."); i += 2 { // behind the table's name
	}
	verb := ""
	for end := i; end <= len(all) && i <= len(all); end++ {
		over := end == len(all) || all[end].depth < depth || all[end].is("ALTER") && at(all, end+1).is("TABLE")
		if over || all[end].is(",") && all[end].depth == depth {
			verb = m.alter(all[i:end], depth, verb)
			i = end + 1
		}
		if over {
			return
		}
	}
}

// harmless are actions that the version before does not notice.
var harmless = []string{
	"SET", "RESET", "OWNER", "ENABLE", "DISABLE", "VALIDATE", "CLUSTER", "INHERIT", "NO", "NOT", "OF", "ATTACH", "REPLICA", "FORCE", "ENGINE", "COMMENT", "AUTO_INCREMENT",
	"ALGORITHM", "LOCK", "ROW_FORMAT", "DEFAULT", "CHECK", "NOCHECK", "WITHOUT", "REBUILD", "OPTIMIZE", "ANALYZE", "LOGGED", "NOLOGGING",
}

// alter judges one action and returns its verb; before is that of the action before, which goes on in
// some databases: ADD a INT, b INT.
func (m *Migration) alter(action []token, depth int, before string) string {
	if len(action) > 1 && action[0].is("*") { // ALTER TABLE t * ADD
		action = action[1:]
	}
	if len(action) > 2 && action[0].is("WITH") { // WITH NOCHECK ADD
		action = action[2:]
	}
	if len(action) == 0 {
		return before
	}
	t := action[0]
	switch {
	case t.is("ADD"):
		m.add(action, 0, depth)
	case t.is("ALTER"):
		m.alterColumn(action, 0)
	case t.is("MODIFY", "CHANGE", "CONVERT"):
		m.breaks(t.line, "a column changes its type"+past(action, 0))
	case t.is("DETACH", "EXCHANGE", "DISCARD"):
		m.breaks(t.line, t.text+named(action, 1))
	case t.is("SET") && at(action, 1).is("SCHEMA"):
		m.breaks(t.line, "SET SCHEMA"+named(action, 2))
	case t.is("DROP") && at(action, 1).is(alsoNames...) && (len(action) == 2 || at(action, 2).is("CASCADE", "RESTRICT")):
		m.breaks(t.line, "DROP COLUMN"+lower(action[1]))
	case t.is("RENAME") && at(action, 1).is(alsoNames...) && at(action, 2).is("TO"):
		m.breaks(t.line, "RENAME"+lower(action[1]))
	case t.is("DROP", "RENAME", "TRUNCATE"): // said already
	case t.is(harmless...):
		if before == "ADD" { // or it is the name of one more column
			m.column(action, depth)
		}
	case before == "ADD":
		m.column(action, depth)
		return before
	case before == "DROP":
		return before
	default:
		m.doubt(t.line, "an action of ALTER TABLE that is not known here: "+clip(strings.ToUpper(t.text)))
	}
	return t.text
}

// alsoNames begin what may be dropped and renamed without harm, and where nothing follows them are columns
// of these names.
var alsoNames = []string{"INDEX", "KEY", "STATISTICS", "IDENTITY", "EXPRESSION"}

func lower(t token) string { return " " + strings.ToLower(t.text) }

// past is the name behind a verb and the word COLUMN.
func past(action []token, i int) string {
	if name := named(action, i+1); name != "" {
		return ":" + name
	}
	return ""
}

func (m *Migration) alterColumn(action []token, i int) {
	line := action[i].line
	if at(action, i+1).is("INDEX", "CONSTRAINT", "CHECK") {
		return
	}
	j := i + 1
	for at(action, j).is("COLUMN", "IF", "EXISTS") {
		j++
	}
	name := past(action, i)
	for j++; at(action, j).is("."); j += 2 { // behind the name
	}
	switch a, b := at(action, j), at(action, j+1); {
	case a.is("TYPE"), a.is("SET") && b.is("DATA"):
		m.breaks(line, "a column changes its type"+name)
	case a.is("SET") && b.is("NOT"):
		m.breaks(line, "SET NOT NULL"+name)
	case a.is("SET", "DROP", "ADD", "RESET", "RESTART"), a.kind == 0:
	default:
		m.breaks(line, "a column changes its type"+name)
	}
}

// constraints are what ADD may add beside columns, by words that no column is called by without quotes. Others,
// such as INDEX, KEY and PERIOD, may be columns, and nothing else that begins with them is NOT NULL.
var constraints = []string{"CONSTRAINT", "UNIQUE", "CHECK", "FOREIGN"}

// add judges the columns that are added: one alone, or several in brackets.
func (m *Migration) add(action []token, i, depth int) {
	j := i + 1
	for at(action, j).is("COLUMN", "COLUMNS", "IF", "NOT", "EXISTS") {
		j++
	}
	if j >= len(action) {
		return
	}
	if at(action, j).is("PRIMARY") && at(action, j+1).is("KEY") || at(action, j).is(constraints...) {
		return
	}
	if !at(action, j).is("(") {
		m.column(action[j:], depth)
		return
	}
	begin := j + 1
	for k := begin; k < len(action) && action[k].depth > depth; k++ {
		if action[k].is(",") && action[k].depth == depth+1 {
			m.column(action[begin:k], depth+1)
			begin = k + 1
		}
	}
	m.column(action[min(begin, len(action)):], depth+1)
}

// column wants a default of a column that must not be empty: the version before does not fill it.
func (m *Migration) column(definition []token, depth int) {
	required, filled := false, false
	for i, t := range definition {
		if t.depth != depth {
			continue
		}
		last := at(definition, i-1)
		switch {
		case t.is("NULL") && last.is("NOT"), t.is("KEY") && last.is("PRIMARY"):
			required = true
		case t.is("DEFAULT") && !last.is("SET") && !at(definition, i+1).is("NULL"):
			filled = true
		case t.is("GENERATED", "AUTO_INCREMENT", "AUTOINCREMENT", "IDENTITY", "SERIAL", "BIGSERIAL", "SMALLSERIAL", "AS") && i > 0:
			filled = true
		}
	}
	if required && !filled {
		m.breaks(definition[0].line, "a new column that must not be empty and has no DEFAULT:"+named(definition, 0))
	}
}
