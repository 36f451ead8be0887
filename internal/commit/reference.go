package commit

import (
	"regexp"
	"slices"
	"strings"
)

// Issue is a reference to an issue or pull request.
type Issue struct {
	Repository string // owner/name, "" for the own
	Number     string
	Closes     bool // merging it closes the issue
}

// references is a word that GitHub or people use for references, and what it refers to.
var references = regexp.MustCompile(`(?i)\b(?:(close[sd]?|fix(?:e[sd])?|resolve[sd]?)|refs?|references|see|issues?|addresses|implements|related to|part of):?[ \t]+(` +
	one + `(?:(?:,? and |,? & |, ?|[ \t]+)` + one + `)*)`)

const one = `(?:(?:[\w.-]+/[\w.-]+)?#\d{1,19}|https://github\.com/[\w.-]+/[\w.-]+/(?:issues|pull)/\d{1,19})\b`

// reference is one of them, in its parts.
var reference = regexp.MustCompile(`(?:https://github\.com/)?(?:([\w.-]+/[\w.-]+?))?(?:#|/issues/|/pull/)(\d+)`)

// Issues are the issues that the message refers to, each once: those behind words such as "Closes"
// or "Refs:", and the numbers in front of the pull request's.
func (c Change) Issues() []Issue {
	var issues []Issue
	add := func(i Issue) {
		at := slices.IndexFunc(issues, func(o Issue) bool { return strings.EqualFold(o.Repository, i.Repository) && o.Number == i.Number })
		if at < 0 {
			issues = append(issues, i)
		} else {
			issues[at].Closes = issues[at].Closes || i.Closes
		}
	}
	for _, number := range c.Mentions {
		add(Issue{Number: number})
	}
	for _, text := range []string{c.Description, c.Body} {
		if !strings.Contains(text, "#") && !strings.Contains(text, "://github.com/") { // most hold none
			continue
		}
		for _, m := range references.FindAllStringSubmatch(text, -1) {
			for _, r := range reference.FindAllStringSubmatch(m[2], -1) {
				add(Issue{Repository: r[1], Number: r[2], Closes: m[1] != ""})
			}
		}
	}
	return issues
}

// Person is somebody by name and address; Email is "" where none is written.
type Person struct{ Name, Email string }

// CoAuthors are those whom Co-authored-by footers name, each once.
func (c Change) CoAuthors() []Person {
	var people []Person
	for _, value := range c.Values("Co-authored-by") {
		name, email, _ := strings.Cut(value, "<")
		email, _, _ = strings.Cut(email, ">")
		p := Person{strings.TrimSpace(name), strings.TrimSpace(email)}
		if p.Name != "" && !slices.Contains(people, p) {
			people = append(people, p)
		}
	}
	return people
}

// advisory is the id of a published vulnerability.
var advisory = regexp.MustCompile(`(?i)\b(CVE-\d{4}-\d{4,}|GHSA(-[23456789cfghjmpqrvwx]{4}){3})\b`)

// Advisories are the ids of vulnerabilities that a text names: CVE in upper case, GHSA with lower
// case behind it, each once.
func Advisories(text string) []string {
	var ids []string
	if !namesAdvisory(text) {
		return nil
	}
	for _, id := range advisory.FindAllString(text, -1) {
		id = strings.ToUpper(id)
		if rest, ok := strings.CutPrefix(id, "GHSA"); ok {
			id = "GHSA" + strings.ToLower(rest)
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// namesAdvisory tells quickly that a text may name one: most do not.
func namesAdvisory(text string) bool {
	for at := 0; ; {
		i := strings.IndexByte(text[at:], '-')
		if i < 0 {
			return false
		}
		at += i + 1
		if endsFold(text[:at], "CVE-") || endsFold(text[:at], "GHSA-") {
			return true
		}
	}
}

func endsFold(text, end string) bool {
	return len(text) >= len(end) && strings.EqualFold(text[len(text)-len(end):], end)
}

// Picks are the ids of commits that git cherry-pick -x says a message was taken from.
func Picks(message string) []string {
	const text = "(cherry picked from commit "
	var ids []string
	for {
		_, rest, found := strings.Cut(message, text)
		if !found {
			return ids
		}
		message = rest
		if id, _, closed := strings.Cut(rest, ")"); closed && Hex(id) {
			ids = append(ids, strings.ToLower(id))
		}
	}
}

// Hex tells whether a text can be the id of a commit, in full or cut down to seven digits at least.
func Hex(text string) bool {
	for i := range len(text) {
		switch b := text[i]; {
		case b >= '0' && b <= '9', b >= 'a' && b <= 'f', b >= 'A' && b <= 'F':
		default:
			return false
		}
	}
	return len(text) >= 7 && len(text) <= 64
}
