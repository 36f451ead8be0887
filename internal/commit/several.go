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
	if _, overrides := blocks(message, "BEGIN_COMMIT_OVERRIDE", "END_COMMIT_OVERRIDE"); overrides != nil {
		return split(overrides[0], types)
	}
	message, nested := blocks(message, "BEGIN_NESTED_COMMIT", "END_NESTED_COMMIT")
	all := []string{message}
	if squash {
		all = list(message, types)
	}
	if all = append(all, nested...); len(all) == 1 {
		return nil
	}
	return all
}

// blocks cuts what stands between two lines out of a message, as often as it does; empty ones are
// none. A block without an end goes on to the end of the message.
func blocks(message, begin, end string) (rest string, found []string) {
	if !strings.Contains(message, begin) {
		return message, nil
	}
	var outside, inside part
	within := false
	finish := func() {
		if block := strings.TrimSpace(strings.Join(inside, "")); block != "" {
			found = append(found, block)
		}
		inside, within = nil, false
	}
	for line := range strings.Lines(message) {
		switch word := strings.TrimSpace(line); {
		case !within && word == begin:
			within = true
		case within && word == end:
			finish()
		case within:
			inside.add(line)
		default:
			outside.add(line)
		}
	}
	finish()
	return strings.Join(outside, ""), found
}

// split cuts a text into messages, each of which begins with a header at the start of a line. Text
// above the first header is none's; a text without any is one message.
func split(text string, types []string) []string {
	var messages []part
	for line := range strings.Lines(text) {
		switch {
		case begins(line, types) || listed(line, types):
			messages = append(messages, part{strings.TrimLeft(line, "*- ")})
		case len(messages) > 0:
			messages[len(messages)-1].add(line)
		}
	}
	if messages == nil {
		return []string{strings.TrimSpace(text)}
	}
	return texts(messages)
}

// part is a part of a message, by its lines.
type part []string

func (p *part) add(line string) { *p = append(*p, line) }

func texts(parts []part) []string {
	var all []string
	for _, p := range parts {
		all = append(all, strings.Join(p, ""))
	}
	return all
}

// list cuts a squash merge's message at the commits that its body lists. What stands below the rule
// that GitHub draws under the list is about all of them.
func list(message string, types []string) []string {
	parts := []part{nil}
	var trailer part
	below := false
	for line := range strings.Lines(message) {
		last := len(parts) - 1
		switch {
		case listed(line, types):
			parts, below = append(parts, part{line[2:]}), false
		case last > 0 && ruled(line):
			below = true
		case below:
			trailer.add(line)
		case last > 0:
			parts[last].add(strings.TrimPrefix(line, "  ")) // some indent what belongs to a bullet
		default:
			parts[last].add(line)
		}
	}
	if end := strings.Join(trailer, ""); end != "" {
		for i := range parts {
			if i == 0 || len(end)*len(parts) < 1<<20 { // more was made to fill memory
				parts[i].add("\n\n" + end)
			}
		}
	}
	return texts(parts)
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
