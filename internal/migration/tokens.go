package migration

import (
	"strings"
	"unicode/utf8"
)

// token is a piece of SQL. Words are in upper case; what is quoted is no word.
type token struct {
	kind  byte // w a word, i a quoted name, s a text, d a text in dollar quotes, p a sign
	text  string
	line  int
	depth int // of brackets
}

func (t token) is(words ...string) bool {
	if t.kind != 'w' && t.kind != 'p' {
		return false
	}
	for _, w := range words {
		if t.text == w {
			return true
		}
	}
	return false
}

// deepest is how deep texts that are SQL again are read.
const deepest = 3

// scan cuts SQL into statements and hands on each that holds something. Where dialects would read a text
// differently, or it does not end, that is a doubt: what cannot be told must not pass for a comment.
// Comments may declare something. It takes time in proportion to the text.
func scan(sql string, before int, m *Migration, statement func([]token)) {
	s := scanner{text: sql, line: before + 1, m: m, emit: statement}
	s.run()
}

type scanner struct {
	text  string
	at    int
	line  int
	depth int
	fresh bool // nothing but blanks stands before on this line
	eol   int  // where the line ends that was last looked at; it is looked at once
	mark  int  // behind the last quote or semicolon of that line
	all   []token
	m     *Migration
	emit  func([]token)
}

func (s *scanner) doubt(line int, what string) { s.m.doubt(line, what) }

// noted is the most findings of one kind that are kept for a file.
const noted = 20

func (s *scanner) end() {
	if len(s.all) > 0 {
		s.emit(s.all)
	}
	s.all, s.depth = s.all[:0], 0
}

func (s *scanner) add(kind byte, text string) {
	s.all = append(s.all, token{kind, text, s.line, s.depth})
}

func (s *scanner) run() {
	if !utf8.ValidString(s.text) || strings.ContainsRune(s.text, 0) {
		s.doubt(0, "the file is not plain text in UTF-8")
	}
	for s.fresh = true; s.at < len(s.text); {
		rest := s.text[s.at:]
		fresh := s.fresh
		s.fresh = false
		line, marked := "", false
		if rest[0] == '#' || strings.HasPrefix(rest, "--") {
			line, marked = s.ahead()
		}
		switch c := rest[0]; {
		case c == '\n':
			s.at, s.line, s.fresh = s.at+1, s.line+1, true
		case c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v':
			s.at, s.fresh = s.at+1, fresh
		case strings.HasPrefix(rest, string(mark)): // files were put together
			s.at, s.fresh = s.at+len(mark), fresh
		case strings.HasPrefix(rest, "--"):
			if len(line) > 2 && line[2] > ' ' && !(fresh && letter(line[2])) && marked {
				// MySQL wants a blank behind the marks: SELECT 1--1; DROP TABLE x. A line that begins with
				// --rollback, as Liquibase has it, would be no SQL at all there.
				s.doubt(s.line, "-- without a blank behind it is a comment in some databases and not in others; put a blank there")
			}
			s.m.declared([]comment{{s.line, line[2:]}})
			s.at += len(line)
		case !fresh && (strings.HasPrefix(rest, "#>") || strings.HasPrefix(rest, "#-")): // operators of PostgreSQL
			s.at += 2
		case c == '#' && fresh && (len(line) < 2 || strings.IndexByte(" !#", line[1]) >= 0), c == '#' && !marked:
			s.m.declared([]comment{{s.line, line[1:]}})
			s.at += len(line)
		case c == '#':
			s.doubt(s.line, "# begins a comment in some databases and not in others; write -- for a comment")
			s.at++
		case strings.HasPrefix(rest, "/*"):
			s.block(rest)
		case c == '\'':
			s.quoted(rest, '\'', 's')
		case c == '"':
			s.quoted(rest, '"', 'i')
		case c == '`':
			s.quoted(rest, '`', 'i')
		case c == '$':
			s.dollar(rest)
		case c == ';':
			s.at++
			s.end()
		case c == '\\' && fresh:
			s.doubt(s.line, "a command of psql, which may run another file")
			s.at += len(untilLine(rest))
		case c == '\\': // SQL has no use for it; \gexec runs what a statement returns, and MySQL's \g ends one
			s.doubt(s.line, "a command of a client such as psql, which may run more than is read here")
			s.at++
		case c == '(':
			s.add('p', "(")
			s.depth++
			s.at++
		case c == ')':
			s.depth = max(0, s.depth-1)
			s.add('p', ")")
			s.at++
		case letter(c):
			n := 1
			for n < len(rest) && (letter(rest[n]) || rest[n] >= '0' && rest[n] <= '9' || rest[n] == '$') {
				n++
			}
			s.at += n
			// A line that says GO alone ends a batch of SQL Server.
			if fresh && strings.EqualFold(rest[:n], "go") && strings.TrimSpace(untilLine(rest)[n:]) == "" {
				s.end()
				continue
			}
			s.add('w', strings.ToUpper(rest[:n]))
		case c == '/' && fresh && strings.TrimSpace(untilLine(rest)) == "/": // ends a block of Oracle
			s.at++
			s.end()
		default:
			s.add('p', rest[:1])
			s.at++
		}
	}
	s.end()
}

// ahead is what is left of this line, and whether a quote or a semicolon is in it.
func (s *scanner) ahead() (line string, marked bool) {
	if s.at >= s.eol {
		rest := untilLine(s.text[s.at:])
		s.eol, s.mark = s.at+len(rest), s.at+strings.LastIndexAny(rest, `'"`+"`;")+1
	}
	return s.text[s.at:s.eol], s.mark > s.at
}

func letter(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= utf8.RuneSelf
}

func untilLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// block passes over a comment. They nest in PostgreSQL and SQL Server and do not elsewhere, and MySQL runs
// what stands behind /*!.
func (s *scanner) block(rest string) {
	n := strings.Index(rest[2:], "*/")
	if n < 0 {
		s.doubt(s.line, "the comment that begins here does not end")
		s.at = len(s.text)
		return
	}
	inner := rest[2 : 2+n]
	switch {
	case strings.HasPrefix(inner, "!") || strings.HasPrefix(inner, "M!"):
		s.at += strings.Index(rest, "!") + 1 // what is in it is read, and the end passes for signs
		return
	case strings.Contains(inner, "/*"):
		s.doubt(s.line, "a comment within a comment, which databases read differently")
	}
	s.line += strings.Count(inner, "\n")
	s.at += n + 4
}

// quoted passes over a text or a name.
func (s *scanner) quoted(rest string, mark byte, kind byte) {
	begin := s.line
	prefix := "" // a letter right before it
	if last := at(s.all, len(s.all)-1); mark == '\'' && s.at > 0 && letter(s.text[s.at-1]) && last.kind == 'w' {
		prefix = last.text
	}
	escapes := prefix == "E"
	if prefix == "Q" || prefix == "NQ" {
		s.doubt(begin, "a quote of Oracle's own, which is not read here; write a text in plain quotes")
	}
	for n := 1; n < len(rest); n++ {
		switch {
		case rest[n] == '\n':
			s.line++
		case rest[n] == '\\' && escapes:
			if n++; n < len(rest) && rest[n] == '\n' {
				s.line++
			}
		case rest[n] == '\\' && mark != '`' && n+1 < len(rest) && rest[n+1] == mark:
			// MySQL goes on behind it, others end here: what follows would be read in two ways.
			s.doubt(begin, "a backslash before a quote, which databases read differently; double the quote instead")
		case rest[n] == mark && n+1 < len(rest) && rest[n+1] == mark:
			n++
		case rest[n] == mark:
			s.all = append(s.all, token{kind, rest[1:n], begin, s.depth})
			s.at += n + 1
			return
		}
	}
	s.doubt(begin, "the quote that opens here does not close")
	s.at = len(s.text)
}

// dollar passes over a text in dollar quotes, $$ or $name$; a dollar that opens none is a sign.
func (s *scanner) dollar(rest string) {
	n := 1
	for n < len(rest) && (letter(rest[n]) || n > 1 && rest[n] >= '0' && rest[n] <= '9') {
		n++
	}
	if n == len(rest) || rest[n] != '$' {
		s.add('p', "$")
		s.at++
		return
	}
	mark := rest[:n+1]
	end := strings.Index(rest[len(mark):], mark)
	if end < 0 {
		s.doubt(s.line, "the text that opens with "+clip(mark)+" does not close")
		s.at = len(s.text)
		return
	}
	inner := rest[len(mark) : len(mark)+end]
	s.add('d', inner)
	s.line += strings.Count(inner, "\n")
	s.at += 2*len(mark) + end
}

func clip(s string) string {
	if len(s) > 40 {
		return strings.ToValidUTF8(s[:40], "") + "…"
	}
	return s
}
