package change

import (
	"strings"

	"github.com/slipway-actions/slipway/internal/commit"
)

// undoing is what a message says that it reverts, and what that is found to be.
type undoing struct {
	depth    int           // how often what it quotes is reverted: 1 by a revert, 2 by a revert of a revert; 0 where it quotes nothing
	quoted   commit.Change // the innermost header that it quotes
	typed    bool          // quoted is a conventional one
	number   string        // of the pull request that is quoted with it, "" for none
	loose    bool          // the words are a revert only where there is what they quote
	ids      []string      // of commits, lower case, maybe cut down
	pulls    []string      // numbers of pull requests
	mainline string        // id of the parent that the revert of a merge goes back to
	refs     []string      // numbers that may be pull requests
	aside    bool          // the message is about something else, and reverts by the way

	targets []target // what it reverts, among the commits given
	whole   bool     // targets is all that it names
	astray  []string // ids of none of the commits given, where targets were found by other means
}

// target is what a revert undoes: a whole commit, or one change of it.
type target struct {
	rank   int
	change int // -1 for all of the commit
}

// readUndoing reads a revert's message; nil where it is none. Prose that names a commit is none.
func readUndoing(message string, said commit.Change, parsed bool, repository string) *undoing {
	subject, body := said.Description, said.Body
	if !parsed {
		if m, ok := commit.ReadMerge(message); ok && m.Title != "" {
			subject, body = m.Title, m.Body
		}
	}
	byHeader := said.Type == "revert" || hasAny(subject, `Revert `, `Reapply `, `revert `, `reapply `)
	if !byHeader && !strings.Contains(body, "everts") { // nearly all
		return nil
	}
	u := &undoing{}
	if byHeader {
		u.readHeader(subject, said)
	}
	about := u.readBody(body, repository)
	u.loose = u.loose && (parsed || !about)
	if u.depth == 0 {
		if len(u.ids)+len(u.pulls) == 0 {
			return nil
		}
		u.aside = !about
	}
	if said.Type == "revert" {
		for _, value := range said.Values("Refs") {
			u.readRefs(value, repository)
		}
	}
	return u
}

func hasAny(text string, prefixes ...string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(text, p) {
			return true
		}
	}
	return false
}

// deepest is how many reverts of reverts are told apart.
const deepest = 32

// readHeader takes the words of a revert apart: git's and GitHub's quotes, and a revert type's
// description.
func (u *undoing) readHeader(subject string, said commit.Change) {
	inner := subject
	if said.Type == "revert" {
		u.depth, inner = 1, unquote(subject)
		if last := len(said.Mentions) - 1; last >= 0 {
			u.number = said.Mentions[last]
		}
	}
	for u.depth < deepest {
		step, rest := unwrap(inner)
		if step == 0 {
			break
		}
		u.depth += step
		said, _ := commit.Parse(rest)
		inner, u.number = rest, said.Pull
		if said.Type == "" {
			inner = said.Description
		}
	}
	if u.depth == 0 && hasAny(inner, "Revert ", "revert ") {
		u.depth, u.loose, inner = 1, true, inner[len("Revert "):]
	}
	u.loose = u.loose || said.Type != "" && said.Type != "revert"
	quoted, typed := commit.Parse(inner)
	if typed && quoted.Type == "revert" && u.depth > 0 && u.depth < deepest {
		u.depth++
		quoted, typed = commit.Parse(unquote(quoted.Description))
	}
	u.quoted, u.typed = quoted, typed
	if u.number == "" {
		u.number = quoted.Pull
	}
}

// unwrap takes one `Revert "…"` or `Reapply "…"` off; step is how many reverts that is.
func unwrap(subject string) (step int, inner string) {
	inner, ok := strings.CutSuffix(strings.TrimSpace(subject), `"`)
	switch {
	case ok && hasAny(inner, `Revert "`, `revert "`):
		step = 1
	case ok && hasAny(inner, `Reapply "`, `reapply "`):
		step = 2
	default:
		return 0, subject
	}
	return step, strings.ReplaceAll(inner[strings.IndexByte(inner, '"')+1:], `\"`, `"`)
}

func unquote(text string) string {
	if len(text) > 2 && text[0] == '"' && text[len(text)-1] == '"' {
		return text[1 : len(text)-1]
	}
	return text
}

// readBody reads sentences such as "This reverts commit <id>." and "Reverts owner/name#7". It tells
// whether that is what the message is about, so not said by the way behind something else, nor of
// one of the commits that a squash lists.
func (u *undoing) readBody(body, repository string) (about bool) {
	if !strings.Contains(body, "everts") {
		return false
	}
	start, paragraphs, listing := true, 0, false
	for rest := body; rest != ""; {
		line, next, _ := strings.Cut(rest, "\n")
		words := strings.TrimSpace(line)
		switch {
		case words == "":
			start = true
		default:
			if start {
				paragraphs++
				start = false
			}
			listing = listing || hasAny(words, "* ", "- ")
			if sentence, ok := cutReverts(rest); ok && (!listing || u.depth > 0) {
				found, ended := u.readSentence(sentence, repository)
				about = about || found && ended && paragraphs == 1
			}
		}
		rest = next
	}
	return about
}

// cutReverts is what follows "This reverts" or "Reverts" at the start of a line.
func cutReverts(text string) (rest string, ok bool) {
	text = strings.TrimLeft(text, " \t")
	for _, prefix := range []string{"This reverts ", "this reverts ", "Reverts ", "reverts ", "Reverts: ", "This commit reverts ", "This change reverts "} {
		if rest, ok := strings.CutPrefix(text, prefix); ok {
			return rest, true
		}
	}
	return text, false
}

// filler are the words that stand between the references of a sentence.
var filler = map[string]bool{
	"commit": true, "commits": true, "pull": true, "request": true, "requests": true, "merge": true, "pr": true, "prs": true, "mr": true,
	"the": true, "following": true, "and": true, "&": true, "-": true, "*": true,
}

// reasons may follow what a sentence says to be reverted; other words say that more is done.
var reasons = map[string]bool{"": true, "reversing": true, "because": true, "as": true, "since": true, "due": true, "for": true, "which": true}

// readSentence reads references up to the first word that is none. It tells whether there are any,
// and whether the sentence says no more than why. A commit that is reverted in part stays.
func (u *undoing) readSentence(text, repository string) (found, ended bool) {
	var ids, pulls []string
	word, text := nextWord(text)
	for ; word != ""; word, text = nextWord(text) {
		ref := strings.Trim(word, ".,;:()`<>")
		if strings.HasPrefix(word, "(") && len(ids) > 0 { // the subject and day that git revert --reference adds
			_, text, _ = strings.Cut(text[:min(len(text), 300)], ")")
		} else if commit.Hex(ref) {
			ids = append(ids, strings.ToLower(ref))
		} else if number, foreign, ok := pullNumber(ref, repository); ok {
			if !foreign {
				pulls = append(pulls, number)
			}
		} else if !filler[strings.ToLower(ref)] || ended {
			break
		}
		ended = strings.HasSuffix(word, ".")
	}
	rest := strings.Join(strings.Fields(text[:min(len(text), 200)]), " ")
	switch word = strings.Trim(word, ".,;:"); {
	case word == "partially", word == "partly", word == "only", word == "except", word == "in" && hasAny(rest, "part"):
		return false, false
	case word == "reversing" && hasAny(rest, "changes made to "):
		id, _ := nextWord(rest[len("changes made to "):])
		u.mainline = strings.ToLower(strings.Trim(id, ".,"))
	}
	u.ids, u.pulls = append(u.ids, ids...), append(u.pulls, pulls...)
	return len(ids)+len(pulls) > 0, ended || reasons[word]
}

// nextWord is the next word of a paragraph, "" at its end.
func nextWord(text string) (word, rest string) {
	for lines := 0; text != "" && strings.IndexByte(" \t\n", text[0]) >= 0; text = text[1:] {
		if text[0] == '\n' {
			if lines++; lines > 1 {
				return "", text
			}
		}
	}
	end := strings.IndexAny(text, " \t\n")
	if end < 0 {
		end = len(text)
	}
	return text[:end], text[end:]
}

// readRefs reads the footer that the specification proposes for reverts.
func (u *undoing) readRefs(value, repository string) {
	for _, word := range strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune(" \t\n,;", r) }) {
		word = strings.Trim(word, ".`")
		if commit.Hex(word) {
			u.ids = append(u.ids, strings.ToLower(word))
		} else if number, foreign, ok := pullNumber(word, repository); ok && !foreign {
			u.refs = append(u.refs, number)
		}
	}
}

// pullNumber reads #7, !7, owner/name#7, group/name!7 and addresses of pull requests. foreign tells
// that it is another repository's.
func pullNumber(word, repository string) (number string, foreign, ok bool) {
	at := strings.LastIndexAny(word, "#!")
	owner := ""
	if i := strings.LastIndex(word, "/pull/"); at < 0 && i >= 0 {
		parts := strings.Split(word[:i], "/")
		owner, number = strings.Join(parts[max(0, len(parts)-2):], "/"), word[i+len("/pull/"):]
	} else if at >= 0 {
		owner, number = word[:at], word[at+1:]
	}
	if number == "" || len(number) > 19 || strings.Trim(number, "0123456789") != "" {
		return "", false, false
	}
	return number, owner != "" && repository != "" && !strings.EqualFold(owner, repository), true
}

// merge takes up what another message says of the same revert.
func (u *undoing) merge(other *undoing) {
	u.ids, u.pulls, u.refs = append(u.ids, other.ids...), append(u.pulls, other.pulls...), append(u.refs, other.refs...)
	u.mainline += other.mainline
}
