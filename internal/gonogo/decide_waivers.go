package gonogo

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/slipway-actions/slipway/internal/duration"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// waiver is somebody's word that a criterion may be set aside for a while.
type waiver struct {
	criterion, by, role string
	reason, ticket      string
	since, until        time.Time
	source, url         string // where it stands, for people
	applied             bool
	why                 string // it is not applied
}

// waive sets criteria aside that a valid waiver is for. What is wrong with a waiver is shown, and
// changes nothing.
func waive(criteria []criterion, e evidence) ([]criterion, []waiver) {
	if e.Gate.Waivers == nil {
		return criteria, nil
	}
	waivers := waiversOf(e)
	shown := criterion{id: "waivers"}
	for i := range waivers {
		w := &waivers[i]
		if w.why == "" {
			w.apply(criteria)
		}
		if !w.applied {
			shown.findings = append(shown.findings, w.unused(i))
		}
	}
	any := slices.ContainsFunc(criteria, func(c criterion) bool { return c.waived })
	rest := slices.ContainsFunc(criteria, func(c criterion) bool { return !c.waived && c.verdict() == verdict.Pass })
	if any && !rest {
		shown.add(result.Finding{
			ID: "waivers/everything", Outcome: verdict.Undecided, Title: "waivers: everything", Observed: "no criterion passes but those that are waived", Threshold: "at least one that positively passes",
			Next: "Bring at least one criterion to pass: a commit that nothing is known about cannot be waived through.",
		}, "everything is waived")
	}
	if len(shown.findings) > 0 {
		criteria = append(criteria, shown)
	}
	return criteria, waivers
}

// apply sets the criterion aside, if it does not pass.
func (w *waiver) apply(criteria []criterion) {
	there := false
	for i := range criteria {
		c := &criteria[i]
		if c.id != w.criterion {
			continue
		}
		there = true
		switch {
		case c.waived:
			w.why = "another waiver has set the criterion aside already"
			continue
		case !c.weighs() || c.verdict() == verdict.Pass:
			w.why = "the criterion needs none"
			continue
		}
		c.findings = slices.Clone(c.findings)
		for j := range c.findings {
			f := &c.findings[j]
			if f.Outcome == verdict.Failed || f.Outcome == verdict.Undecided {
				f.Outcome, f.Observed = verdict.Warned, w.said()+" — it was: "+f.Observed
			}
		}
		w.applied = true
		c.waived, c.waiver, c.culprits, c.open = true, *w, nil, nil
	}
	if !there {
		w.why = "there is no such criterion in this decision"
	}
}

// said is such as "waived by ada (release-manager) until 2026-03-03T00:00:00Z: the test is flaky".
func (w waiver) said() string {
	text := fmt.Sprintf("waived by %s (%s) until %s: %s", w.by, w.role, w.until.UTC().Format(time.RFC3339), shorten(w.reason))
	if w.ticket != "" {
		text += " (ticket " + shorten(w.ticket) + ")"
	}
	return text
}

// unused is the finding of a waiver that changes nothing.
func (w waiver) unused(i int) result.Finding {
	return result.Finding{
		ID: fmt.Sprintf("waivers/%d", i+1), Outcome: verdict.Warned, Title: "waivers: " + shorten(w.criterion), Observed: "a waiver of " + shorten(w.by) + " (" + w.source + ") changes nothing: " + shorten(w.why),
		Threshold: "a valid waiver that is needed", Evidence: w.url, Next: "Take it away, or have somebody with the right role write a valid one.",
	}
}

// waiverLimit is how many waivers are looked at; anybody can write them.
const waiverLimit = 100

// waiversOf are the waivers of the policy and of the ticket's comments, in that order.
func waiversOf(e evidence) []waiver {
	var all []waiver
	v, rules := voicesOf(e, e.SHA, e.People.Spoken, nil, binding{}), *e.Gate.Waivers
	for _, g := range rules.Granted {
		w := waiver{criterion: g.Criterion, by: strings.TrimPrefix(g.By, "@"), reason: g.Reason, ticket: g.Ticket, since: g.Since.Time, until: g.Until.End(), source: "in the policy"}
		w.judge(rules, v, e)
		all = append(all, w)
	}
	for _, c := range commandsOf(e.Ticketed.Comments) {
		if c.verb != "waive" || len(all) == waiverLimit {
			continue
		}
		w := waiver{criterion: c.criterion, by: c.by, reason: c.reason, ticket: c.ticket, since: c.at, until: c.until.End(), source: "a comment", url: c.url, why: c.fault}
		if c.edited {
			w.why = "the comment was edited; write a new one"
		}
		if w.why == "" {
			w.judge(rules, v, e)
		}
		all = append(all, w)
	}
	return all
}

// judge says who waives, as what, or why they cannot.
func (w *waiver) judge(rules policy.Waivers, v voices, e evidence) {
	switch longest := rules.Longest(); {
	case slices.Contains(rules.Never, w.criterion):
		w.why = "the policy says that this criterion is never waived"
	case w.criterion == "waivers":
		w.why = "there is no such criterion in this decision"
	case w.since.After(e.Now.Add(skew)):
		w.why = "it begins only at " + w.since.UTC().Format(time.RFC3339)
	case !w.until.After(e.Now):
		w.why = "it ended at " + w.until.UTC().Format(time.RFC3339)
	case w.until.Sub(w.since) > longest:
		w.why = "it is for longer than " + duration.Format(longest)
	case !strings.ContainsFunc(w.reason, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }):
		w.why = "it gives no reason"
	default:
		w.why = w.speaker(rules.Allow, v)
	}
}

// speaker finds the role that somebody waives as; why is not empty where they cannot.
func (w *waiver) speaker(allow []string, v voices) (why string) {
	if self := v.self(word{by: w.by}); self != "" {
		return "an author of the change cannot waive for it"
	}
	if v.unknowing != "" {
		return "who made the change is not known: " + v.unknowing
	}
	why = "its author holds none of the roles " + strings.Join(allow, ", ")
	for _, role := range allow {
		holds, unknown := v.holder(role, w.by, strings.HasSuffix(w.by, "[bot]"))
		if holds {
			w.role = role
			return ""
		}
		if unknown != "" {
			why = w.by + " " + unknown
		}
	}
	return why
}
