package publish

import (
	"crypto/sha256"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// bodyLimit is the most characters of a release's or pull request's text. GitHub takes 125,000 for a
// release and 65,536 for a pull request.
const (
	releaseLimit = 125_000
	pullLimit    = 65_536
)

// Notes stand in a page between two comments that nobody sees. The second one holds their hash, by
// which a later run knows that nobody has edited them.
const opening = "<!-- slipway: these notes are kept up to date; text outside stays as it is -->"

var closing = regexp.MustCompile(`<!-- /slipway ([0-9a-f]{16}) -->`)

func closed(notes string) string { return "<!-- /slipway " + hash(notes) + " -->" }

func hash(notes string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(plain(notes))))[:16] }

// plain is text as it is compared: GitHub's editor writes CRLF.
func plain(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")) }

// woven is a page's text with notes in it.
type woven struct {
	body   string
	edited bool // somebody has edited the notes, so they stay as they are
	beside bool // somebody's own text stands beside them
}

// weave puts notes into a page: where ours stand, else behind what others have written. Notes that
// were edited stay. What is over the limit is cut at a line and ends with link.
func weave(old, notes, link string, limit int) woven {
	before, after := "", ""
	if begin, end, ok := ours(old); ok {
		inner := closing.FindAllStringSubmatchIndex(old[begin:end], -1)
		last := inner[len(inner)-1]
		if hash(old[begin+len(opening):begin+last[0]]) != old[begin+last[2]:begin+last[3]] {
			return woven{body: old, edited: true}
		}
		before, after = old[:begin], old[end:]
	} else if strings.TrimSpace(old) != "" {
		before = strings.TrimRight(old, "\r\n \t") + "\n\n"
	}
	frame := before + opening + "\n\n" + closed("") + after
	notes = clip(plain(notes), link, limit-utf8.RuneCountInString(frame))
	return woven{
		body:   before + opening + "\n" + notes + "\n" + closed(notes) + after,
		beside: strings.TrimSpace(before+after) != "",
	}
}

// ours is where our notes stand in a text: up to the last closing, from the opening before it.
func ours(text string) (begin, end int, ok bool) {
	all := closing.FindAllStringIndex(text, -1)
	if len(all) == 0 {
		return 0, 0, false
	}
	end = all[len(all)-1][1]
	begin = strings.LastIndex(text[:end], opening)
	return begin, end, begin >= 0
}

// clip cuts text between lines, so that with the link behind it has at most so many characters.
func clip(text, link string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	tail := "\n\n… and more: " + link
	room := max(most-utf8.RuneCountInString(tail), 0)
	cut := 0 // bytes
	count := 0
	fence := "" // of code that is open
	for line := range strings.Lines(text) {
		after := fenceAfter(fence, line)
		if count += utf8.RuneCountInString(line); count+len(after) > room {
			break
		}
		cut += len(line)
		fence = after
	}
	if cut > 0 && fence != "" { // the link would be code
		return strings.TrimRight(text[:cut], "\n ") + "\n" + fence + tail
	}
	return strings.TrimRight(text[:cut], "\n ") + tail
}

var codeFence = regexp.MustCompile("^ *(?:```+|~~~+)")

// fenceAfter is the fence of code, with its indent, that is open behind a line; "" where none is.
func fenceAfter(open, line string) string {
	fence := codeFence.FindString(line)
	switch {
	case open == "":
		return fence
	case strings.TrimSpace(line) == strings.TrimSpace(fence) && strings.HasPrefix(strings.TrimSpace(fence), strings.TrimSpace(open)):
		return ""
	}
	return open
}
