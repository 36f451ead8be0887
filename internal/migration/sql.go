package migration

import (
	"path"
	"regexp"
	"strconv"
	"strings"
)

var (
	goose     = regexp.MustCompile(`(?i)^\s*--\s*\+goose\s+(up|down)\b`)
	dbmate    = regexp.MustCompile(`(?i)^\s*--\s*migrate:(up|down)\b`)
	liquibase = regexp.MustCompile(`(?i)^\s*--\s*liquibase\s+formatted\s+sql`)
	changeset = regexp.MustCompile(`(?i)^\s*--\s*changeset\s+\S`)
	rollback  = regexp.MustCompile(`(?i)^\s*(?:--\s*rollback|/\*\s*liquibase\s+rollback)\b(.*)`)
)

// readSQL reads a migration in SQL.
func (m *Migration) readSQL(file, text string) {
	lines := strings.Split(text, "\n")
	up := text
	switch base := path.Base(file); {
	case marked(lines, goose):
		up = m.sections(lines, goose, "-- +goose Down")
	case marked(lines, dbmate):
		up = m.sections(lines, dbmate, "-- migrate:down")
	case marked(lines, liquibase):
		m.rollbacks(lines)
	case flyway.MatchString(base), strings.HasSuffix(strings.ToLower(base), ".up.sql"):
		m.Back, m.BackWhy = Missing, "there is no "+(Names{}).Backs(file)[0]
	default:
		m.Back, m.BackWhy = Unknown, "it follows none of the conventions that are known"
	}
	m.readStatements(up)
	if up != text { // what the other part declares counts as well
		other := Migration{}
		other.declared(programComments(text))
		m.Irreversible, m.Contract, m.Additive = first(m.Irreversible, other.Irreversible), first(m.Contract, other.Contract), first(m.Additive, other.Additive)
	}
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func marked(lines []string, mark *regexp.Regexp) bool {
	for _, line := range lines {
		if mark.MatchString(line) {
			return true
		}
	}
	return false
}

// sections parts a file whose comments say where its way back begins, and returns what is before, with
// each line at its place.
func (m *Migration) sections(lines []string, mark *regexp.Regexp, name string) (up string) {
	var parts [2][]string
	part, seen := 0, false
	for _, line := range lines {
		if found := mark.FindStringSubmatch(line); found != nil {
			part = 0
			if strings.EqualFold(found[1], "down") {
				part, seen = 1, true
			}
		}
		parts[part], parts[1-part] = append(parts[part], line), append(parts[1-part], "")
	}
	switch {
	case !seen:
		m.Back, m.BackWhy = Missing, "it has no "+name
	case !says(strings.Join(parts[1], "\n")):
		m.Back, m.BackWhy = Missing, "nothing stands under "+name
	default:
		m.Back = There
	}
	return strings.Join(parts[0], "\n")
}

// rollbacks wants a rollback of each changeset. One that says empty or not required is none.
func (m *Migration) rollbacks(lines []string) {
	m.Back = There
	open := 0 // line of the changeset that has none so far
	missing := func() {
		if open > 0 && m.Back == There {
			m.Back, m.BackWhy = Missing, "the changeset in line "+strconv.Itoa(open)+" has no --rollback"
		}
	}
	sets := 0
	for n, line := range lines {
		if changeset.MatchString(line) {
			missing()
			open, sets = n+1, sets+1
		} else if r := rollback.FindStringSubmatch(line); r != nil {
			said := strings.ToLower(strings.TrimSpace(r[1]))
			if said != "empty" && said != "not required" && (said != "" || strings.Contains(line, "/*")) {
				open = 0
			}
		}
	}
	missing()
	if sets == 0 {
		m.Back, m.BackWhy = Unknown, "it has no changeset"
	}
}
