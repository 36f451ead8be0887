package changelog

import (
	"regexp"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/change"
	"github.com/slipway-actions/slipway/internal/commit"
)

// entry is what a section says of one change.
type entry struct {
	change.Change
	said       string   // its line: the description, or the first paragraph of a footer
	more       string   // text below the line, of several lines; "" for none
	why        string   // it stands in its section
	advisories []string // ids of vulnerabilities that it fixes
	issues     []string // numbers of this repository's issues that it closes
}

// footers that speak to readers, by their tokens in lower case.
var (
	upgradeTokens    = []string{"upgrade-note", "upgrade-notes"}
	deprecatedTokens = []string{"deprecated", "deprecates", "deprecation"}
	knownTokens      = []string{"known-issue", "known-issues"}
	securityTokens   = []string{"security", "security-fix"}
	closingTokens    = []string{"close", "closes", "closed", "fix", "fixes", "fixed", "resolve", "resolves", "resolved"}
)

// footers are those with one of some tokens that say something.
func footers(c change.Change, tokens []string) []commit.Footer {
	var found []commit.Footer
	for _, f := range c.Footers {
		if f.Value != "" && slices.ContainsFunc(tokens, func(token string) bool { return strings.EqualFold(token, f.Token) }) {
			found = append(found, f)
		}
	}
	return found
}

// texts are the values of footers.
func texts(c change.Change, tokens []string) []string {
	var values []string
	for _, f := range footers(c, tokens) {
		values = append(values, f.Value)
	}
	return values
}

// closes tells quickly that a text may say what it closes: the word before a number is one of those.
func closes(s string) bool {
	if strings.Contains(s, "/issues/") {
		return true
	}
	for at := 0; ; {
		i := strings.IndexByte(s[at:], '#')
		if i < 0 {
			return false
		}
		at += i + 1
		before := strings.TrimRight(s[:at-1], "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-/")
		before = strings.TrimRight(before, " :\t\r\n")
		word := before[strings.LastIndexFunc(before, func(r rune) bool { return r > 'z' || !letter(byte(r)) })+1:]
		if len(word) <= len("resolved") && slices.Contains(closingTokens, strings.ToLower(word)) {
			return true
		}
	}
}

// entryOf is a change's own entry. Its migration is what the sections of others leave out.
func entryOf(c change.Change, l links) entry {
	e := entry{Change: c, said: c.Description, issues: issuesClosed(c, l)}
	if c.Migration != c.Description {
		e.more = c.Migration
	}
	return e
}

// noteOf is the entry for a footer's text.
func noteOf(c change.Change, footer commit.Footer) entry {
	first, rest := headline(footer.Value)
	return entry{Change: c, said: first, more: rest, why: "its footer " + footer.Token}
}

// headline parts a text's first paragraph, as one line, from the rest.
func headline(text string) (first, rest string) {
	lines := strings.Split(strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n")), "\n")
	n := 1
	for n < len(lines) && strings.TrimSpace(lines[n]) != "" && !listItem.MatchString(lines[n]) && !codeFence.MatchString(lines[n]) {
		n++
	}
	return strings.Join(strings.Fields(strings.Join(lines[:n], " ")), " "), strings.Trim(strings.Join(lines[n:], "\n"), "\n")
}

// wordsOnly is what a Security footer says beside ids; "" where it only says that there is something.
func wordsOnly(text string) string {
	plain := text
	for _, id := range commit.Advisories(text) {
		plain = regexp.MustCompile("(?i)"+regexp.QuoteMeta(id)).ReplaceAllString(plain, "")
	}
	switch strings.ToLower(strings.Trim(plain, " ,;.()\n")) {
	case "", "yes", "true", "fix", "and":
		return ""
	}
	return text
}

var (
	closing   = regexp.MustCompile(`(?i)\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+((?:[\w.-]+/[\w.-]+)?#|https?://[^\s#]+/issues/)(\d{1,9})\b`)
	issueList = regexp.MustCompile(`^(?:[\w.-]+/[\w.-]+)?#?\d{1,9}(?:(?:,\s*|\s+and\s+|\s+)(?:[\w.-]+/[\w.-]+)?#\d{1,9})*\.?$`)
	issueOf   = regexp.MustCompile(`([\w.-]+/[\w.-]+)?#?(\d{1,9})`)
)

// issuesClosed are the issues of this repository that a change closes, in the order of its message.
func issuesClosed(c change.Change, l links) []string {
	message := c.Commit.Message
	if !strings.ContainsAny(message, "#/") {
		return nil
	}
	var found []string
	add := func(repository, number string) {
		repository = strings.TrimSuffix(strings.TrimSuffix(repository, "#"), "/issues/")
		here := repository == "" || strings.EqualFold(repository, l.name()) || l.repository != "" && strings.EqualFold(repository, l.repository)
		if here && number != c.Pull && !slices.Contains(found, number) {
			found = append(found, number)
		}
	}
	if closes(message) {
		for _, m := range closing.FindAllStringSubmatch(message, -1) {
			add(m[1], m[2])
		}
	}
	for _, value := range texts(c, closingTokens) { // Closes #1, #2: what follows the first has no word of its own
		if value = strings.TrimSpace(value); issueList.MatchString(value) {
			for _, m := range issueOf.FindAllStringSubmatch(value, -1) {
				add(m[1], m[2])
			}
		}
	}
	return found
}
