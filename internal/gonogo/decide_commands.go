package gonogo

import (
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/policy"
)

// command is a line of a comment on the ticket that is meant for this action.
type command struct {
	by, url           string
	at                time.Time
	edited            bool
	verb              string // approve, reject or waive
	role              string // of approve and reject; "" of a rejection that names none
	sha               string // that it is for; "" where it names none
	criterion, reason string // of waive
	ticket            string // of waive; may be empty
	until             policy.Moment
	fault             string // what is wrong with the line; all else but by, at and verb may be empty then. A rejection has none
}

const (
	commandLimit = 20   // of one comment
	lineLimit    = 1000 // bytes of a line
)

// commandsOf reads the commands of comments, in their order. A line in a block of code, in a quotation or
// that readers do not see is none.
func commandsOf(comments []comment) []command {
	var commands []command
	for _, c := range comments {
		var at passage
		found := 0
		for line := range strings.Lines(c.Body) {
			line = strings.TrimRight(line, " \t\r\n")
			at.next(line)
			verb, rest, _ := strings.Cut(line, " ")
			if at.unsaid() || verb != "/approve" && verb != "/reject" && verb != "/waive" {
				continue
			}
			if found++; found > commandLimit {
				break
			}
			one := command{by: c.By, url: c.URL, at: c.Created, edited: !c.Updated.Equal(c.Created), verb: verb[1:]}
			switch {
			case one.verb == "reject":
				one.readRejection(rest)
			case at.aside():
				one.fault = "it goes on with a quotation or stands in HTML; write it with an empty line before it"
			case len(line) > lineLimit:
				one.fault = "the line is too long"
			case one.verb == "waive":
				one.readWaiver(rest)
			default:
				one.readWord(rest)
			}
			commands = append(commands, one)
		}
	}
	return commands
}

// readWord reads "as <role>" and perhaps "for <commit>".
func (c *command) readWord(rest string) {
	words := strings.Fields(rest)
	switch {
	case len(words) == 2 && words[0] == "as":
		c.role = words[1]
	case len(words) == 4 && words[0] == "as" && words[2] == "for" && isShortID(words[3]):
		c.role, c.sha = words[1], strings.ToLower(words[3])
	default:
		c.fault = "it is not understood; write /" + c.verb + " as <role>, or /" + c.verb + " as <role> for <all digits of the commit>"
	}
}

// readRejection is readWord for a rejection. One that is not understood is one all the same, as every role
// of its author's: whoever says no is not passed over for a word too many.
func (c *command) readRejection(rest string) {
	if len(rest) <= lineLimit {
		c.readWord(rest)
	}
	c.fault = ""
}

// readWaiver reads "<criterion> until <moment> because <reason> [ticket <reference>]".
func (c *command) readWaiver(rest string) {
	const form = "it is not understood; write /waive <criterion> until <day or time> because <reason>"
	criterion, rest, ok := strings.Cut(rest, " until ")
	at, reason, because := strings.Cut(rest, " because ")
	c.criterion = oneLine(criterion)
	if !ok || !because || c.criterion == "" {
		c.fault = form
		return
	}
	var err error
	if c.until, err = policy.ParseMoment(strings.TrimSpace(at)); err != nil {
		c.fault = err.Error()
		return
	}
	words := strings.Fields(reason)
	if n := len(words); n > 2 && words[n-2] == "ticket" {
		words, c.ticket = words[:n-2], words[n-1]
	}
	if c.reason = strings.Join(words, " "); c.reason == "" {
		c.fault = form
	}
}

func isShortID(s string) bool {
	return len(s) >= 7 && len(s) <= 64 && strings.Trim(strings.ToLower(s), "0123456789abcdef") == ""
}
