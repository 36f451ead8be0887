package main

import (
	"fmt"
	"strings"
	"time"
)

// timeline prints what happens as it happens, and remembers what was decided.
type timeline struct {
	start     time.Time
	decisions []decision
}

// decision is what an action said, and what would have been right.
type decision struct{ action, said, right, file string }

func (d decision) wrong() bool { return d.said != d.right }

func (t *timeline) chapter(title string) {
	fmt.Printf("\n%s\n%s\n", title, strings.Repeat("-", len(title)))
}

func (t *timeline) say(format string, args ...any) {
	fmt.Printf("%6.1fs  %s\n", time.Since(t.start).Seconds(), fmt.Sprintf(format, args...))
}

func (t *timeline) decided(d decision, sentence string) {
	t.decisions = append(t.decisions, d)
	t.say("%-14s %s", d.action, sentence)
}

// end prints all decisions, and is an error if one was wrong.
func (t *timeline) end(results string) error {
	t.chapter("Decisions")
	wrong := 0
	for _, d := range t.decisions {
		mark := "right"
		if d.wrong() {
			mark = "WRONG, want " + d.right
			wrong++
		}
		fmt.Printf("%-14s  %-10s  %-6s  %s\n", d.action, d.said, mark, d.file)
	}
	if wrong > 0 || len(t.decisions) == 0 {
		return fmt.Errorf("%d of %d decisions were wrong; their results lie in %s", wrong, len(t.decisions), results)
	}
	fmt.Printf("\nAll %d decisions were right, after %.1fs. Their result documents lie in\n  %s\n", len(t.decisions), time.Since(t.start).Seconds(), results)
	return nil
}
