package chart

import (
	"strings"
	"unicode"
)

// legible is a foreign text on one line: without control characters, those that turn the direction of text,
// those that nobody can see, and what XML has no place for.
func legible(s string) string {
	const enough = 2000 // bytes; spare the work on what would be cut off
	if len(s) > enough {
		s = s[:enough]
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == zeroWidthJoiner:
			return r
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Cs, r), r == 0xfffe, r == 0xffff:
			return unicode.ReplacementChar
		}
		return r
	}, strings.ToValidUTF8(s, string(unicode.ReplacementChar)))
	return strings.Join(strings.Fields(s), " ")
}

// zeroWidthJoiner makes one picture of several emoji, and one letter of several in scripts of India.
const zeroWidthJoiner = '\u200d'

// clip shortens text to so many columns, for letters of East Asia are two wide.
func clip(s string, most int) string {
	width := 0
	for i, r := range s {
		if width += columns(r); width > most {
			cut := []rune(s[:i])
			return strings.TrimRight(string(cut[:max(0, len(cut)-1)]), " ") + "…"
		}
	}
	return s
}

// wide is how many columns a text takes.
func wide(s string) int {
	width := 0
	for _, r := range s {
		width += columns(r)
	}
	return width
}

func columns(r rune) int {
	switch {
	case unicode.Is(unicode.Mn, r):
		return 0
	case r >= 0x1100:
		return 2
	}
	return 1
}

// bold is by how much bold letters are wider.
const bold = 1.12

// length is how long a text of the picture is at most, in its units, whatever the reader's font: these are
// the widths of a wide one.
func length(s string) float64 {
	sum := 0.0
	for _, r := range s {
		sum += letter(r)
	}
	return sum
}

func letter(r rune) float64 {
	switch {
	case columns(r) == 0:
		return 0
	case strings.ContainsRune("ijl.,:;'|! ", r):
		return 4
	case strings.ContainsRune("MWmw%@…", r):
		return 11.5
	case columns(r) == 2:
		return 13
	case unicode.IsUpper(r), strings.ContainsRune("<>=+~#\"&", r):
		return 9.3
	case r > unicode.MaxLatin1:
		return 11
	}
	return 7
}

// fit shortens a text to a length.
func fit(s string, most float64) string {
	if length(s) <= most {
		return s
	}
	sum := length("…")
	for i, r := range s {
		if sum += letter(r); sum > most {
			return strings.TrimRight(s[:i], " ") + "…"
		}
	}
	return s
}

var markup = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;")

// escaped is text as XML and HTML take it, between tags and in attributes.
func escaped(s string) string { return markup.Replace(legible(s)) }
