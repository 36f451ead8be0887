package source

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/timeseries"
)

var variable = regexp.MustCompile(`^(?:\$([a-z]+)|\$\{([a-z]+)\})`)

// variableAt reads $name or ${name} at the start of a text, and how long it is; 0 is that there is none.
func variableAt(text string) (name string, length int) {
	found := variable.FindStringSubmatch(text)
	if found == nil {
		return "", 0
	}
	return found[1] + found[2], len(found[0])
}

// valueOf is the value of a variable, or why there is none.
func valueOf(name string, variables map[string]string) (string, *timeseries.Problem) {
	value, known := variables[name]
	switch {
	case !known:
		return "", problem(timeseries.BadQuery, fmt.Sprintf("there is no variable $%s", name), "Use one of: $"+strings.Join(slices.Sorted(maps.Keys(variables)), ", $")+".")
	case value == "":
		next := "Give it, or take the variable out of the query."
		switch name {
		case "version", "previous":
			next = "Give the input previous-version, or carry the state file from run to run, which knows the version that was verified last."
		case "environment", "step":
			next = "Give the input " + name + "."
		}
		return "", problem(timeseries.Unset, fmt.Sprintf("$%s has no value", name), next)
	case strings.ContainsAny(value, "\x00\r\n"):
		return "", problem(timeseries.BadQuery, fmt.Sprintf("the value of $%s has more than one line", name), "")
	}
	return value, nil
}

// Fill puts variables into the strings of a PromQL expression. A value means itself wherever it stands: it is
// escaped for the string, and for the regular expression that the string may be. Outside of strings there
// are none, for a value there would be a part of the expression.
func (p *Prometheus) Fill(query string, variables map[string]string) (string, *timeseries.Problem) {
	var b strings.Builder
	inside, pattern := byte(0), false
	for i := 0; i < len(query); {
		c := query[i]
		name, length := variableAt(query[i:])
		switch {
		case length > 0 && inside == 0:
			return "", problem(timeseries.BadQuery, fmt.Sprintf("$%s stands outside of a string", name), "Put it between quotes, such as version=\"$"+name+"\".")
		case length > 0:
			value, trouble := valueOf(name, variables)
			if trouble != nil {
				return "", trouble
			}
			if pattern {
				value = regexp.QuoteMeta(value)
			}
			if inside == '`' && strings.Contains(value, "`") {
				return "", problem(timeseries.BadQuery, fmt.Sprintf("the value of $%s holds a backquote, which a string between backquotes cannot", name), "Put it between double quotes.")
			}
			b.WriteString(escape(value, inside))
			i += length
			continue
		case inside == 0 && strings.IndexByte("\"'`", c) >= 0:
			before := strings.TrimSpace(b.String()) // without comments
			inside, pattern = c, strings.HasSuffix(before, "=~") || strings.HasSuffix(before, "!~")
		case inside == 0 && c == '#': // a comment goes to the end of the line
			end := strings.IndexByte(query[i:], '\n')
			if end < 0 {
				end = len(query) - i
			}
			i += end
			continue
		case inside != 0 && inside != '`' && c == '\\' && i+1 < len(query):
			b.WriteString(query[i : i+2])
			i += 2
			continue
		case c == inside:
			inside = 0
		}
		b.WriteByte(c)
		i++
	}
	if inside != 0 {
		return "", problem(timeseries.BadQuery, "a string in the query does not end", "")
	}
	return b.String(), nil
}
