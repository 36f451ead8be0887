package migration

import (
	"regexp"
	"strings"
)

// framework is how migrations of one framework look in their programs. They are searched as plain text:
// that finds the usual calls, and what runs SQL or code of its own is a doubt.
type framework struct {
	ext, sign string
	breaking  *regexp.Regexp
	doubtful  *regexp.Regexp
	down      *regexp.Regexp // begins the way back; nil where there is another way to tell
}

var (
	rails = framework{".rb", "ActiveRecord::Migration",
		regexp.MustCompile(`\b(drop_table|drop_join_table|remove_columns?|remove_references?|remove_belongs_to|remove_timestamps|rename_column|rename_table|change_column|delete_all|destroy_all|truncate|\w+\.remove\w*|\w+\.rename|\w+\.change)\b|\bchange_column_null\b.*\bfalse\b`),
		regexp.MustCompile(`\b(execute|exec_query|exec_update|exec_delete|connection)\b`),
		regexp.MustCompile(`^\s*def\s+(?:self\.)?down\b`)}
	alembic = framework{".py", "def upgrade",
		regexp.MustCompile(`\b(?:\w+\s*\.\s*)?(?:drop_table|drop_column|rename_table|alter_column)\s*\(`),
		regexp.MustCompile(`\b(\w+\s*\.\s*execute|get_bind|sa\.text|Session)\b`),
		regexp.MustCompile(`^\s*def\s+downgrade\b`)}
	django = framework{".py", "migrations.Migration",
		regexp.MustCompile(`\b(RemoveField|DeleteModel|RenameField|RenameModel|AlterField|AlterModelTable)\b`),
		regexp.MustCompile(`\b(RunSQL|RunPython|SeparateDatabaseAndState)\b`), nil}
)

// readProgram reads a migration of Rails, Django or Alembic.
func (m *Migration) readProgram(ext, text string) {
	m.declared(programComments(text))
	for _, f := range []framework{rails, django, alembic} {
		if f.ext != ext || !strings.Contains(text, f.sign) {
			continue
		}
		lines := code(text)
		up := lines
		if f.down != nil {
			var down []string
			up, down = part(lines, f.down)
			m.wayBack(f, text, down)
		} else {
			m.djangoBack(strings.Join(lines, "\n"))
		}
		for n, line := range up {
			if word := f.breaking.FindString(line); word != "" {
				m.breaks(n+1, strings.TrimRight(clip(word), "( \t"))
			}
			if word := f.doubtful.FindString(line); word != "" {
				m.doubt(n+1, word+" runs something that is not read here")
			}
		}
		m.newColumns(strings.Join(up, "\n"))
		return
	}
	m.Back, m.BackWhy = Unknown, "it follows none of the conventions that are known"
	m.doubt(0, "what it does is not read in programs of this kind")
}

// code is a program's lines, with those empty that are comments alone.
func code(text string) []string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if strings.HasPrefix(strings.TrimSpace(line), "#") {
			lines[i] = ""
		}
	}
	return lines
}

// part takes the function out whose first line matches: all that is indented deeper than it.
func part(lines []string, begin *regexp.Regexp) (rest, body []string) {
	rest = append(rest, lines...)
	for i, line := range lines {
		if !begin.MatchString(line) {
			continue
		}
		outer := indent(line)
		for j := i + 1; j < len(lines) && (strings.TrimSpace(lines[j]) == "" || indent(lines[j]) > outer); j++ {
			body, rest[j] = append(body, lines[j]), ""
		}
		return rest, body
	}
	return rest, nil
}

func indent(line string) int { return len(line) - len(strings.TrimLeft(line, " \t")) }

var (
	idle       = regexp.MustCompile(`^\s*(pass|end|\.\.\.|nil|return|("""|''').*|raise\b.*)?\s*$`)
	railsOnly  = regexp.MustCompile(`(?m)^\s*def\s+change\b`)
	runsSQL    = regexp.MustCompile(`\bRunSQL\s*\(`)
	runsPython = regexp.MustCompile(`\bRunPython\s*\(`)
)

// wayBack wants a function that does something. Rails turns a change around by itself, as long as it
// runs no SQL.
func (m *Migration) wayBack(f framework, text string, down []string) {
	for _, line := range down {
		if !idle.MatchString(line) {
			m.Back = There
			return
		}
	}
	switch change := f.ext == ".rb" && railsOnly.MatchString(text); {
	case change && f.doubtful.MatchString(strings.Join(code(text), "\n")):
		m.Back, m.BackWhy = Unknown, "def change runs SQL, which Rails cannot turn around; write def up and def down"
	case change:
		m.Back = There
	case f.ext == ".rb":
		m.Back, m.BackWhy = Missing, "def down is missing or does nothing"
	default:
		m.Back, m.BackWhy = Missing, "def downgrade is missing or does nothing"
	}
}

// djangoBack: Django turns its own operations around, but no SQL or code without being told how.
func (m *Migration) djangoBack(text string) {
	m.Back = There
	if n := len(runsSQL.FindAllString(text, -1)); n > strings.Count(text, "reverse_sql") {
		m.Back, m.BackWhy = Unknown, "RunSQL does not name its reverse_sql"
	}
	if n := len(runsPython.FindAllString(text, -1)); n > strings.Count(text, "reverse_code") {
		m.Back, m.BackWhy = Unknown, "RunPython does not name its reverse_code"
	}
}

var added = regexp.MustCompile(`\b(migrations\.AddField|\w+\s*\.\s*add_column|add_column|add_reference|add_belongs_to)\b`)

// newColumns finds columns that must not be empty and have no default in the database.
func (m *Migration) newColumns(text string) {
	line, counted := 1, 0
	for _, at := range added.FindAllStringIndex(text, -1) {
		line, counted = line+strings.Count(text[counted:at[0]], "\n"), at[0]
		call := arguments(text[at[1]:])
		name, required := text[at[0]:at[1]], false
		switch {
		case name == "migrations.AddField":
			required = !strings.Contains(call, "null=True") && !strings.Contains(call, "db_default=") && !strings.Contains(call, "ManyToManyField")
		case strings.Contains(name, "."):
			required = strings.Contains(call, "nullable=False") && !strings.Contains(call, "server_default=")
		default:
			required = strings.Contains(call, "null: false") && !strings.Contains(call, "default:")
		}
		if required {
			m.breaks(line, "a new column that must not be empty and has no default in the database: "+name)
		}
	}
}

// longest is the most bytes of one call that are looked at.
const longest = 4 << 10

// arguments are what stands in the brackets that open at once, or on the line and those it goes on to
// after a comma.
func arguments(text string) string {
	text = text[:min(len(text), longest)]
	if strings.HasPrefix(text, "(") {
		depth := 0
		for i := range len(text) {
			switch text[i] {
			case '(':
				depth++
			case ')':
				if depth--; depth == 0 {
					return text[:i]
				}
			}
		}
		return text
	}
	end := 0
	for line := range strings.Lines(text) {
		end += len(line)
		if !strings.HasSuffix(strings.TrimSpace(line), ",") {
			break
		}
	}
	return text[:end]
}
