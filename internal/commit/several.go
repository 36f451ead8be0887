package commit

import (
	"slices"
	"strings"
)

// usual are the types that begin a message within another one without a scope or a "!", which no
// footer has. They are those of https://github.com/angular/angular and a few that came after.
var usual = []string{"build", "chore", "ci", "deprecate", "deps", "docs", "feat", "fix", "perf", "refactor", "revert", "style", "test"}

// Several are the messages that one message stands for. nil means that it stands for itself alone.
//
//   - What stands between BEGIN_COMMIT_OVERRIDE and END_COMMIT_OVERRIDE replaces the message.
//   - What stands between BEGIN_NESTED_COMMIT and END_NESTED_COMMIT comes on top.
//   - With squash, so do the commits that the body of a squash merge lists; the first message is
//     then what stands above the list.
//
// types are further types that begin a message, in lower case.
func Several(message string, squash bool, types []string) []string {
	if !strings.Contains(message, "_COMMIT") && !(squash && (strings.Contains(message, "\n* ") || strings.Contains(message, "\n- "))) {
		return nil
	}
	message = plain(message)
	if _, block, _ := between(message, "BEGIN_COMMIT_OVERRIDE", "END_COMMIT_OVERRIDE"); strings.TrimSpace(block) != "" {
		return split(block, types)
	}
	var nested []string
	for {
		rest, block, found := between(message, "BEGIN_NESTED_COMMIT", "END_NESTED_COMMIT")
		if !found {
			break
		}
		message = rest
		if strings.TrimSpace(block) != "" {
			nested = append(nested, strings.TrimSpace(block))
		}
	}
	all := []string{message}
	if squash {
		all = list(message, types)
	}
	if all = append(all, nested...); len(all) == 1 {
		return nil
	}
	return all
}

// between cuts the first block between two lines out of a message. A block without an end goes on to
// the end of the message.
func between(message, begin, end string) (rest, block string, found bool) {
	var outside, inside strings.Builder
	const before, within, after = 0, 1, 2
	state := before
	for line := range strings.Lines(message) {
		switch word := strings.TrimSpace(line); {
		case state == before && word == begin:
			state = within
		case state == within && word == end:
			state = after
		case state == within:
			inside.WriteString(line)
		default:
			outside.WriteString(line)
		}
	}
	return outside.String(), inside.String(), state != before
}

// split cuts a text into messages, each of which begins with a header at the start of a line. Text
// above the first header is none's; a text without any is one message.
func split(text string, types []string) []string {
	var messages []string
	for line := range strings.Lines(text) {
		switch {
		case begins(line, types) || listed(line, types):
			messages = append(messages, strings.TrimLeft(line, "*- "))
		case len(messages) > 0:
			messages[len(messages)-1] += line
		}
	}
	if messages == nil {
		return []string{strings.TrimSpace(text)}
	}
	return messages
}

// list cuts a squash merge's message at the commits that its body lists. What stands below the rule
// that GitHub draws under the list is about all of them.
func list(message string, types []string) []string {
	parts := []string{""}
	var trailer strings.Builder
	below := false
	for line := range strings.Lines(message) {
		last := len(parts) - 1
		switch {
		case listed(line, types):
			parts, below = append(parts, line[2:]), false
		case last > 0 && ruled(line):
			below = true
		case below:
			trailer.WriteString(line)
		case last > 0:
			parts[last] += strings.TrimPrefix(line, "  ") // some indent what belongs to a bullet
		default:
			parts[last] += line
		}
	}
	if len(parts) > 1 && trailer.Len() > 0 {
		for i := range parts {
			parts[i] = strings.TrimRight(parts[i], "\n") + "\n\n" + trailer.String()
		}
	}
	return parts
}

// listed tells whether a line is the bullet of a commit in a list.
func listed(line string, types []string) bool {
	return (strings.HasPrefix(line, "* ") || strings.HasPrefix(line, "- ")) && begins(strings.TrimSpace(line[2:]), types)
}

// begins tells whether a line is the header of a message, and no footer that looks like one.
func begins(line string, types []string) bool {
	if strings.HasPrefix(line, `Revert "`) || strings.HasPrefix(line, `Reapply "`) {
		return true
	}
	h, ok := readHeader(strings.TrimRight(line, "\n \t"))
	if !ok {
		return false
	}
	kind := strings.ToLower(h.kind)
	return h.breaking || h.scope != "" || slices.Contains(usual, kind) || slices.Contains(types, kind)
}

// ruled tells whether a line is nothing but a rule of hyphens.
func ruled(line string) bool {
	line = strings.TrimSpace(line)
	return len(line) >= 3 && strings.Trim(line, "-") == ""
}
