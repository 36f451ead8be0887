package ticket

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"
)

// Limit is the most characters that GitHub takes as the body of an issue.
const Limit = 65_536

// The lines of a ticket that programs read. People do not see them.
const (
	markOpen   = "<!-- slipway:change "
	markClose  = " -->"
	intro      = "<!-- Slipway keeps this ticket. What stands between two marks slipway:filled is written anew with each decision; write beside it. -->"
	filledFrom = "<!-- slipway:filled -->"
	filledTo   = "<!-- /slipway:filled -->"
	asked      = "_To be filled in: "
)

// cut stands where something was left out.
const cut = "_Left out: the ticket is longer than GitHub takes._"

// Render writes a ticket of at most Limit characters. Where it is longer it loses what we filled in,
// the longest first, for the evidence has it; what a person wrote goes last.
func Render(t Ticket) string {
	text := render(t)
	for most := Limit; utf8.RuneCountInString(text) > Limit && most > len(cut); most /= 2 {
		filled := map[Field]string{}
		for field, s := range t.Filled {
			if len(s) > most {
				s = cut
			}
			filled[field] = s
		}
		t.Filled = filled
		text = render(t)
	}
	if letters := []rune(text); len(letters) > Limit {
		return string(letters[:Limit-len(cut)-2]) + "\n\n" + cut
	}
	return text
}

func render(t Ticket) string {
	marker, err := json.Marshal(t.Marker) // escapes < and >, so that no value ends the mark
	if err != nil {                       // a year beyond 9999, which no clock here shows
		marker = []byte("{}")
	}
	var b strings.Builder
	b.WriteString(markOpen + string(marker) + markClose + "\n" + intro + "\n")
	if above := tidy(t.Above); above != "" {
		b.WriteString("\n" + above + "\n")
	}
	for _, p := range form {
		b.WriteString("\n## " + string(p.field) + "\n\n" + filledFrom + "\n")
		filled, written := tidy(t.Filled[p.field]), tidy(t.Written[p.field])
		if filled != "" {
			b.WriteString("\n" + filled + "\n\n")
		}
		b.WriteString(filledTo + "\n")
		switch {
		case written != "":
			b.WriteString("\n" + written + "\n")
		case filled == "" && p.asks != "":
			b.WriteString("\n" + asked + p.asks + "_\n")
		}
	}
	return b.String()
}

// tidy is a text with an end to the block of code that may be open in it: else it
// would swallow the fields below.
func tidy(text string) string {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	var f Fence
	for line := range strings.SplitSeq(text, "\n") {
		f.Next(line)
	}
	if f.Open() {
		text += "\n" + strings.Repeat(string(f.letter), f.length)
	}
	return text
}

// partOf is the part of the form with that heading.
func partOf(heading string) (part, bool) {
	i := slices.IndexFunc(form, func(p part) bool { return strings.EqualFold(string(p.field), heading) })
	if i < 0 {
		return part{}, false
	}
	return form[i], true
}
