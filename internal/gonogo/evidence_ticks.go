package gonogo

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/policy"
)

// tick is who ticked a box of the ticket.
type tick struct {
	By  string    `json:"by,omitempty"` // login; "" where the box is open, or nobody knows
	At  time.Time `json:"at,omitzero"`
	Why string    `json:"why,omitempty"` // nobody knows
}

// ticks reads who ticked the boxes of the change ticket, where a criterion wants to know.
func (c collector) ticks(ctx context.Context, e *evidence) {
	wanted := slices.ContainsFunc(c.in.Gate.Criteria, func(c policy.Criterion) bool { return c.Checklist != nil && c.Checklist.By != "" })
	if !wanted || e.Ticketed.Number == 0 || e.Ticketed.Problem.What != "" {
		return
	}
	text, err := c.GitHub.Text(ctx, c.in.Repository, e.Ticketed.Number)
	switch {
	case err != nil:
		e.People.Unticks = problemOf(err)
	case unixLines(text.Body) != unixLines(e.Ticketed.Body):
		e.People.Unticks = problem{What: "the ticket changed while it was read", Next: "Run the step again.", Passing: true}
	default:
		e.People.Ticks = attribute(text)
	}
}

// attribute gives each ticked box to the editor of the first edit since when it is ticked. A box is
// known by its words and by what it stands under: a tick stands for what these said when it was made.
func attribute(text github.Text) []tick {
	type version struct {
		by    string
		at    time.Time
		boxes map[boxKey]bool // ticked or not; nil where the text is not known
	}
	var history []version // oldest first
	if len(text.Edits) == 0 {
		history = []version{{text.Author, text.Created, keyed(boxesOf([]byte(text.Body), ""))}}
	}
	for _, e := range text.Edits {
		v := version{by: e.By, at: e.At}
		if !e.Hidden {
			v.boxes = keyed(boxesOf([]byte(e.Body), ""))
		}
		history = append(history, v)
	}
	// The oldest is the issue as it was opened only where nothing is missing before it.
	opened := !text.Cut && len(history) > 0 && history[0].at.Sub(text.Created).Abs() <= time.Second && strings.EqualFold(history[0].by, text.Author)
	now := boxesOf([]byte(text.Body), "")
	ticks := make([]tick, len(now))
	newest := len(text.Edits) == 0 || unixLines(text.Edits[len(text.Edits)-1].Body) == unixLines(text.Body)
	for i, key := range keysOf(now) {
		if !now[i].ticked {
			continue
		}
		if !newest {
			ticks[i].Why = "the newest edit that GitHub tells of is not what the ticket says now"
			continue
		}
		at := len(history) - 1
		for at > 0 && history[at-1].boxes[key] {
			at--
		}
		switch v := history[at]; {
		case at == 0 && !opened, at > 0 && history[at-1].boxes == nil:
			ticks[i].Why = "the text before it was ticked is not known"
		case v.by == "":
			ticks[i].Why = "the account that ticked it is gone"
		default:
			ticks[i] = tick{By: v.by, At: v.at}
		}
	}
	return ticks
}

// boxKey tells a box from others in all versions of a text: by its words and what it stands under, and
// which of those that have both in common it is.
type boxKey struct {
	under, words string
	nth          int
}

func keysOf(boxes []box) []boxKey {
	seen := map[boxKey]int{}
	keys := make([]boxKey, len(boxes))
	for i, b := range boxes {
		alike := boxKey{b.under, b.words, 0}
		keys[i] = boxKey{b.under, b.words, seen[alike]}
		seen[alike]++
	}
	return keys
}

func keyed(boxes []box) map[boxKey]bool {
	ticked := map[boxKey]bool{}
	for i, key := range keysOf(boxes) {
		ticked[key] = boxes[i].ticked
	}
	return ticked
}

func unixLines(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")) }
