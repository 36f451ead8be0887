// Package migration reads files that change a database: whether each has a way back, or is declared to
// have none, and whether what it does is additive, so that the version before still works with it. It
// reads texts and runs nothing. It does no I/O.
package migration

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Role is what a file is among migrations.
type Role int

// The roles.
const (
	Forward    Role = iota // changes the database; may hold its way back itself
	Back                   // is the way back of another file
	Repeatable             // is run again whenever it changes, such as Flyway's R__views.sql
	None                   // is no migration: a document, a lock of the tool, a hidden file
)

// Names are how a house names its files that are the way back of another. The zero value knows the
// conventions alone.
type Names struct {
	patterns []string
	backs    []*regexp.Regexp
}

// Named takes paths with {dir} for the folder of the other file and {name} for its name without the last
// extension.
func Named(patterns []string) Names {
	n := Names{patterns: patterns}
	for _, pattern := range patterns {
		n.backs = append(n.backs, backOf(pattern))
	}
	return n
}

// backOf matches all paths that a pattern can make.
func backOf(pattern string) *regexp.Regexp {
	expression := regexp.QuoteMeta(strings.TrimPrefix(path.Clean(pattern), "/"))
	expression = strings.NewReplacer(`\{dir\}/`, "(?:.*/)?", `\{dir\}`, ".*", `\{name\}`, "[^/]+").Replace(expression)
	return regexp.MustCompile("^" + expression + "$")
}

// RoleOf tells the role of a file by its path.
func (n Names) RoleOf(file string) Role {
	base := path.Base(file)
	lower := strings.ToLower(base)
	switch {
	case strings.HasPrefix(base, "."), lower == "__init__.py", lower == "atlas.sum", lower == "migration_lock.toml", strings.HasPrefix(lower, "readme"),
		strings.HasSuffix(lower, ".md"):
		return None
	case strings.HasSuffix(lower, ".down.sql"), flywayUndo.MatchString(base),
		slices.ContainsFunc(n.backs, func(back *regexp.Regexp) bool { return back.MatchString(file) }):
		return Back
	case strings.HasPrefix(base, "R__") && strings.HasSuffix(lower, ".sql"):
		return Repeatable
	}
	return Forward
}

var (
	flyway     = regexp.MustCompile(`^V([0-9][0-9._]*__.+\.sql)$`)
	flywayUndo = regexp.MustCompile(`^U[0-9][0-9._]*__.+\.sql$`)
)

// Backs are where the way back of a forward migration may lie beside it, by its path.
func (n Names) Backs(file string) []string {
	dir, base := path.Split(file)
	var backs []string
	if rest, ok := cutSuffixFold(base, ".up.sql"); ok {
		backs = append(backs, dir+rest+".down.sql")
	}
	if m := flyway.FindStringSubmatch(base); m != nil {
		backs = append(backs, dir+"U"+m[1])
	}
	for _, name := range n.patterns {
		filled := strings.NewReplacer("{dir}", strings.TrimSuffix(dir, "/"), "{name}", strings.TrimSuffix(base, path.Ext(base))).Replace(name)
		if filled = strings.TrimPrefix(path.Clean(filled), "/"); filled != file {
			backs = append(backs, filled)
		}
	}
	return backs
}

func cutSuffixFold(s, suffix string) (string, bool) {
	if len(s) >= len(suffix) && strings.EqualFold(s[len(s)-len(suffix):], suffix) {
		return s[:len(s)-len(suffix)], true
	}
	return s, false
}

// Way is what is known of a way back.
type Way string

// The answers.
const (
	There   Way = "there"
	Missing Way = "missing" // the form is known, and there is none
	Unknown Way = "unknown" // in no form that is read here, or it cannot be told
)

// Conventions are the forms of a way back, for people.
const Conventions = "x.up.sql with x.down.sql (golang-migrate), V1__x.sql with U1__x.sql (Flyway), -- +goose Down, -- migrate:down (dbmate), " +
	"--rollback for each changeset (Liquibase's formatted SQL), def down or def change (Rails), def downgrade (Alembic), reverse_sql and reverse_code (Django)"

// Note is something at a line of a file, from 1; 0 is the whole file.
type Note struct {
	Line int
	What string
}

// Migration is a forward or repeatable migration as it was read.
type Migration struct {
	Back         Way
	BackWhy      string // what is missing, or why it is unknown
	Irreversible string // the reason that somebody gave; "" where it is not declared so
	Contract     string // the reason why it may take away or change what the version before uses; "" where none is declared
	Additive     string // the reason why somebody calls it additive where that cannot be told; "" where none is declared
	Breaking     []Note // what the version before may not live with
	Doubts       []Note // what could not be told
}

// SizeLimit is the most bytes of one file.
const SizeLimit = 1 << 20

// mark is the byte order mark that editors of Windows write. It belongs to no word.
var mark = []byte("\ufeff")

// Read reads a migration. Back is the text of its way back beside it, nil where there is none; one that
// says nothing is none either.
func (n Names) Read(file string, text, back []byte) Migration {
	var m Migration
	if len(text) > SizeLimit {
		m.Back, m.BackWhy = Unknown, "the file is too large to be read"
		m.Doubts = []Note{{0, "the file is too large to be read"}}
		return m
	}
	text, back = bytes.TrimPrefix(text, mark), bytes.TrimPrefix(back, mark)
	whole := strings.ReplaceAll(string(text), "\r\n", "\n")
	if strings.Contains(whole, "\r") {
		// PostgreSQL ends a comment there, others go on to the end of the line.
		m.doubt(0, "it has carriage returns that end no line, which databases read differently; end lines with line feeds")
		whole = strings.ReplaceAll(whole, "\r", "\n")
	}
	switch ext := strings.ToLower(path.Ext(file)); ext {
	case ".sql":
		m.readSQL(file, whole)
	case ".py", ".rb":
		m.readProgram(ext, whole)
	default:
		m.declared(programComments(whole))
		m.Back, m.BackWhy = Unknown, "its kind is not known"
		m.Doubts = append(m.Doubts, Note{0, "what it does is not read in files of this kind"})
	}
	switch backs := n.Backs(file); {
	case m.Back == There:
	case back != nil && (strings.EqualFold(path.Ext(file), ".sql") && !says(string(back)) || len(bytes.TrimSpace(back)) == 0):
		m.Back, m.BackWhy = Missing, "the file that is its way back holds no statement"
	case back != nil:
		m.Back, m.BackWhy = There, ""
	case len(backs) > 0 && m.Back == Unknown:
		m.Back, m.BackWhy = Missing, "there is no "+strings.Join(backs, " or ")
	}
	return m
}

// says tells whether SQL has any statement.
func says(sql string) bool {
	found := false
	scan(sql, 0, &Migration{}, func([]token) { found = true })
	return found
}
