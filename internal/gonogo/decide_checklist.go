package gonogo

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// checklistLimit is the most bytes of a text with boxes. GitHub's issues have fewer.
const checklistLimit = 256 << 10

// judgeChecklist wants every box of a list ticked, and at least one box.
func judgeChecklist(id string, rule policy.Checklist, e evidence) criterion {
	c := criterion{id: id}
	f := result.Finding{ID: id, Outcome: verdict.Undecided, Title: id, Threshold: "every box ticked"}
	if rule.Section != "" {
		f.Threshold += " under " + rule.Section
	}
	if rule.By != "" {
		f.Threshold += " by " + rule.By
	}
	text, ok := c.listOf(rule, e, &f)
	if ok {
		c.judgeBoxes(rule, e, text, &f)
	}
	if f.Outcome == verdict.Passed {
		c.findings = append(c.findings, f)
	} else {
		c.add(f, cmp.Or(rule.Path, "the ticket"))
	}
	return c
}

// listOf is the text with the list, or false with the finding that says why there is none.
func (c *criterion) listOf(rule policy.Checklist, e evidence, f *result.Finding) ([]byte, bool) {
	if rule.Path != "" {
		f.Where = &result.Where{File: rule.Path}
		switch list := e.file(atCommit + rule.Path); {
		case list.Missing:
			f.Outcome, f.Observed, f.Next = verdict.Failed, "the commit has no such file", "Write the list, and commit it."
		case list.Problem.What != "":
			f.Observed, f.Next = list.Problem.What, list.Problem.Next
		case len(list.Text) > checklistLimit:
			f.Observed, f.Next = fmt.Sprintf("the file has more than %d kB", checklistLimit>>10), "Keep the list in a file of its own."
		default:
			return list.Text, true
		}
		return nil, false
	}
	f.Evidence = e.Ticketed.URL
	switch t := e.Ticketed; {
	case t.Problem.What != "":
		f.Observed, f.Next = t.Problem.What, t.Problem.Next
		if t.Problem.Passing {
			c.open = append(c.open, "the API")
		}
	case t.Number == 0:
		f.Observed, f.Next = "there is no change ticket", "Name its issue in the input ticket, or have one made with ticket: create."
	case len(t.Body) > checklistLimit:
		f.Observed, f.Next = "the ticket's text is too long", "Shorten it."
	case rule.By != "" && e.People.Unticks.What != "":
		f.Observed, f.Next = "who ticked the boxes is not known: "+e.People.Unticks.What, e.People.Unticks.Next
		if e.People.Unticks.Passing {
			c.open = append(c.open, "the API")
		}
	case t.others(e.inputs) != "": // ticked for another commit is not ticked
		return []byte(unticked(t.Body)), true
	case rule.By != "" && len(e.People.Ticks) != len(boxesOf([]byte(t.Body), "")):
		f.Observed, f.Next = "who ticked the boxes is not known of each of them", "Run the gate again with this policy."
	default:
		return []byte(t.Body), true
	}
	return nil, false
}

// judgeBoxes counts the boxes. An open one of a file is as the commit has it; of the ticket it may yet be
// ticked.
func (c *criterion) judgeBoxes(rule policy.Checklist, e evidence, text []byte, f *result.Finding) {
	boxes, places := sectionBoxes(text, rule.Section)
	var open, wrong []string
	for i, b := range boxes {
		switch {
		case !b.ticked:
			open = append(open, b.words)
		case rule.By != "":
			if why := wrongTick(rule.By, places[i], e); why != "" {
				wrong = append(wrong, b.words+" ("+why+")")
			}
		}
	}
	f.Observed = fmt.Sprintf("%d of %d ticked", len(boxes)-len(open), len(boxes))
	f.Next = "Do what the open items say, then tick them."
	switch {
	case len(boxes) == 0 && rule.Section != "":
		f.Observed, f.Next = "there is no box under a heading "+rule.Section, "Write the list under that heading, as lines that begin with - [ ]."
	case len(boxes) == 0:
		f.Observed, f.Next = "there is no box in it", "Write the list as lines that begin with - [ ]."
	}
	if len(open) > 0 {
		f.Observed += "; open: " + few(open)
	}
	if other := e.Ticketed.others(e.inputs); other != "" && rule.Path == "" && len(open) > 0 {
		f.Observed += "; what was ticked was for the commit " + shortID(other)
		f.Next = "Let this step take the ticket over, which opens all its boxes; do for this commit what they say, tick them, and run the step again."
	}
	if len(wrong) > 0 {
		f.Observed += "; not ticked by " + rule.By + ": " + few(wrong)
		if len(open) == 0 {
			f.Next = "Have somebody with the role " + rule.By + " take these ticks away, save, and set them again."
		}
	}
	switch {
	case len(boxes) > 0 && len(open) == 0 && len(wrong) == 0:
		f.Outcome, f.Next = verdict.Passed, ""
	case rule.Path != "":
		f.Outcome = verdict.Failed
	case e.Ticketed.others(e.inputs) == "": // else this step must end before anybody can tick
		c.open = append(c.open, "the ticket's list")
	}
}

// wrongTick is why a tick does not count; "" where it does.
func wrongTick(role string, place int, e evidence) string {
	if place >= len(e.People.Ticks) {
		return "who ticked it is not known"
	}
	t := e.People.Ticks[place]
	if t.By == "" {
		return cmp.Or(t.Why, "who ticked it is not known")
	}
	v := voicesOf(e, e.SHA, spoken{}, nil, binding{})
	holds, why := v.holder(role, t.By, strings.HasSuffix(t.By, "[bot]"))
	switch {
	case holds:
		return ""
	case why != "":
		return t.By + " " + why
	}
	return "by " + t.By
}
