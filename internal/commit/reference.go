package commit

import (
	"regexp"
	"slices"
	"strings"
)

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
