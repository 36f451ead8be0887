// Package commandfile reads the file that an action writes its outputs to (GITHUB_OUTPUT), the way
// the runner does on Linux (EnvFileKeyValuePairs in actions/runner): for tests and for the demo,
// which take the runner's part. It does no I/O.
package commandfile

import (
	"fmt"
	"strings"
)

// Parse returns the values by name, the last one of each. What a runner refuses is an error.
// Lines end at a line feed alone: a carriage return is part of a name, a value or a delimiter.
func Parse(text string) (map[string]string, error) {
	values := map[string]string{}
	for text != "" {
		var line string
		line, text, _ = strings.Cut(text, "\n")
		equals, heredoc := strings.Index(line, "="), strings.Index(line, "<<")
		switch {
		case line == "":
		case equals == 0:
			return nil, fmt.Errorf("the line %q lacks a name", line)
		case equals > 0 && (heredoc < 0 || equals < heredoc):
			values[line[:equals]] = line[equals+1:]
		case heredoc >= 0:
			name, delimiter := line[:heredoc], line[heredoc+2:]
			if name == "" || delimiter == "" {
				return nil, fmt.Errorf("the line %q lacks a name or a delimiter", line)
			}
			value, rest, ended := heredocValue(text, delimiter)
			if !ended {
				return nil, fmt.Errorf("the value of %q has no end: %q does not follow", name, delimiter)
			}
			values[name], text = value, rest
		default:
			return nil, fmt.Errorf("the line %q is neither name=value nor name<<delimiter", line)
		}
	}
	return values, nil
}

// heredocValue is what stands before the line that is the delimiter, without its last line feed, and what follows it.
func heredocValue(text, delimiter string) (value, rest string, ended bool) {
	for at := 0; at < len(text); {
		line, after, more := strings.Cut(text[at:], "\n")
		if line == delimiter {
			return strings.TrimSuffix(text[:at], "\n"), after, true
		}
		if !more {
			return "", "", false
		}
		at += len(line) + 1
	}
	return "", "", false
}
