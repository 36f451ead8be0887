// Package logcommand reads what an action prints, the way the runner does (ActionCommand and
// ActionCommandManager in actions/runner): which lines are commands, and which are shown. It is for
// tests, which take the runner's part. It does no I/O.
package logcommand

import (
	"strings"
	"unicode"
)

// Command is one that the runner obeys.
type Command struct {
	Name       string            // in lower case
	Properties map[string]string // such as title and file
	Data       string
}

// Log is what the runner makes of all that an action printed.
type Log struct {
	Commands []Command // obeyed, in order
	Shown    []string  // lines that are shown as they are
}

// Named are the commands of that name.
func (l Log) Named(name string) []Command {
	var found []Command
	for _, command := range l.Commands {
		if command.Name == name {
			found = append(found, command)
		}
	}
	return found
}

// registered are the commands that every runner knows; an action adds its token by stop-commands.
var registered = []string{
	"add-mask", "add-matcher", "add-path", "debug", "echo", "endgroup", "error", "group", "notice",
	"remove-matcher", "save-state", "set-env", "set-output", "stop-commands", "warning",
}

// Read takes stdout or stderr: the runner reads each for itself.
func Read(text string) Log {
	var log Log
	var stopped string
	known := map[string]bool{}
	for _, name := range registered {
		known[name] = true
	}
	for _, line := range lines(text) {
		command, is := parse(line, known)
		switch {
		case !is, stopped != "" && command.Name != stopped:
			log.Shown = append(log.Shown, line)
		case stopped != "":
			delete(known, stopped)
			stopped = ""
		case command.Name == "stop-commands":
			if token := fold(command.Data); token != "" && !known[token] && token != "pause-logging" {
				stopped, known[token] = token, true
			}
			log.Commands = append(log.Commands, command)
		default:
			log.Commands = append(log.Commands, command)
		}
	}
	return log
}

// lines are ended by a line feed, a carriage return, or both together.
func lines(text string) []string {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")
}

func fold(name string) string { return strings.ToLower(name) }

// parse knows the two spellings: ::name key=value,key=value::data at the line's beginning, and
// ##[name key=value;key=value]data anywhere in it.
func parse(line string, known map[string]bool) (Command, bool) {
	if text, is := strings.CutPrefix(strings.TrimLeftFunc(line, unicode.IsSpace), "::"); is {
		if head, data, is := strings.Cut(text, "::"); is {
			if command, is := command(head, ",", property, known); is {
				command.Data = plain.Replace(data)
				return command, true
			}
		}
	}
	if _, text, is := strings.Cut(line, "##["); is {
		if head, data, is := strings.Cut(text, "]"); is {
			if command, is := command(head, ";", legacy, known); is {
				command.Data = legacy.Replace(data)
				return command, true
			}
		}
	}
	return Command{}, false
}

// The runner replaces in several rounds, %25 last; with none of the codes holding another's, one round is the same
// but for %25 followed by a code, which no action of ours writes.
var (
	plain    = strings.NewReplacer("%0D", "\r", "%0A", "\n", "%25", "%")
	property = strings.NewReplacer("%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",", "%25", "%")
	legacy   = strings.NewReplacer("%3B", ";", "%0D", "\r", "%0A", "\n", "%5D", "]", "%25", "%")
)

func command(head, separator string, unescape *strings.Replacer, known map[string]bool) (Command, bool) {
	name, rest, _ := strings.Cut(head, " ")
	if !known[fold(name)] {
		return Command{}, false
	}
	found := Command{Name: fold(name), Properties: map[string]string{}}
	for _, pair := range strings.Split(strings.TrimSpace(rest), separator) {
		if key, value, is := strings.Cut(strings.TrimLeft(pair, "="), "="); is && value != "" {
			found.Properties[key] = unescape.Replace(value)
		}
	}
	return found, true
}
