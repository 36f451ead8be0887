package commit

import "strings"

// footers reads trailers wherever a paragraph begins with one, and the breaking ones at the start
// of any line, for people write them above other text. A value goes on until the next trailer;
// an ordinary one ends with its paragraph as well, a breaking one where a squash's list goes on.
func footers(body string) []Footer {
	if !strings.Contains(body, ":") && !strings.Contains(body, " #") {
		return nil
	}
	var found []Footer
	start, end := 0, 0 // of the last one's value
	finish := func() {
		if len(found) > 0 {
			found[len(found)-1].Value = lines(body[start:end])
		}
	}
	open, paragraphStart := false, true
	for at := 0; at < len(body); {
		length := strings.IndexByte(body[at:], '\n') + 1
		if length == 0 {
			length = len(body) - at
		}
		line := strings.TrimRight(body[at:at+length], "\n \t")
		token, value := breakingFooter(line)
		if token == "" && (paragraphStart || open) {
			token, value = readFooter(line)
		}
		switch {
		case line == "":
			open = open && breaking(found[len(found)-1].Token)
		case token != "":
			finish()
			found, open = append(found, Footer{Token: token}), true
			start = at + len(line) - len(value)
		case open && paragraphStart && (listed(line, nil) || ruled(line)):
			open = false
		}
		if open {
			end = at + length
		}
		paragraphStart = line == ""
		at += length
	}
	finish()
	return found
}

// lines is a text whose lines end with their last letter.
func lines(text string) string {
	text = strings.TrimSpace(text)
	if !strings.Contains(text, " \n") && !strings.Contains(text, "\t\n") {
		return text
	}
	all := strings.Split(text, "\n")
	for i, line := range all {
		all[i] = strings.TrimRight(line, " \t")
	}
	return strings.Join(all, "\n")
}

// readFooter is rule 8 to 10: a token with hyphens for blanks, then ": " or " #", then a value,
// which may begin on the next line.
func readFooter(line string) (token, value string) {
	end := 0
	for end < len(line) && (letter(line[end]) || end > 0 && (line[end] == '-' || line[end] >= '0' && line[end] <= '9')) {
		end++
	}
	token, value = line[:end], line[end:]
	switch {
	case end == 0 || breaking(token): // these have rules of their own
		return "", line
	case value == ":":
		return token, ""
	case strings.HasPrefix(value, ": "), strings.HasPrefix(value, " #"):
		return token, value[2:]
	}
	return "", line
}

// breakingFooter is the one token with a blank. It must be upper case and have a colon (rules 12,
// 15 and 16); a blank that was forgotten behind it hides nothing, nor does the bullet of a list.
func breakingFooter(line string) (token, value string) {
	line = strings.TrimLeft(line, " \t")
	if strings.HasPrefix(line, "* ") || strings.HasPrefix(line, "- ") {
		line = strings.TrimLeft(line[2:], " ")
	}
	const length = len("BREAKING CHANGE")
	if len(line) <= length || line[length] != ':' || !breaking(line[:length]) {
		return "", line
	}
	return line[:length], line[length+1:]
}

func breaking(token string) bool { return token == "BREAKING CHANGE" || token == "BREAKING-CHANGE" }

func letter(b byte) bool { return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' }
