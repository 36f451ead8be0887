// Package commandfile reads the file that an action writes its outputs to (GITHUB_OUTPUT), the way
// the runner reads it: for tests and for the demo, which take the runner's part. It does no I/O.
package commandfile

import (
	"fmt"
	"strings"
)

// Parse returns the values by name, the last one of each. What a runner refuses is an error.
func Parse(text string) (map[string]string, error) {
	values := map[string]string{}
	lines := strings.Split(text, "\n")
	for len(lines) > 0 {
		line := strings.TrimSuffix(lines[0], "\r")
		lines = lines[1:]
		equals, heredoc := strings.Index(line, "="), strings.Index(line, "<<")
		switch {
		case line == "":
		case heredoc >= 0 && (equals < 0 || heredoc < equals):
			name, delimiter := line[:heredoc], line[heredoc+2:]
			end := 0
			for end < len(lines) && strings.TrimSuffix(lines[end], "\r") != delimiter {
				end++
			}
			if name == "" || delimiter == "" || end == len(lines) {
				return nil, fmt.Errorf("the value of %q has no end: %q does not follow", name, delimiter)
			}
			values[name] = strings.Join(lines[:end], "\n")
			lines = lines[end+1:]
		case equals > 0:
			values[line[:equals]] = line[equals+1:]
		default:
			return nil, fmt.Errorf("the line %q is neither name=value nor name<<delimiter", line)
		}
	}
	return values, nil
}
