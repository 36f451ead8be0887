package gonogo

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// named is how many people and reasons a finding names; the page has all.
const named = 5

// judgeApprovals judges the approvals that the type of the change needs, and whether former emergency
// changes got their review.
func judgeApprovals(e evidence, k known) []criterion {
	if e.Gate.Approvals == nil {
		return nil
	}
	c := criterion{id: "approvals"}
	c.unread(e.People.Spoken.Problems, "who spoke")
	if e.Ticketed.Problem.What != "" {
		c.unread([]problem{e.Ticketed.Problem}, "comments of the ticket")
	}
	v := voicesNow(e)
	rule, name := ruleOf(*e.Gate.Approvals, k.changeType)
	if rule == nil {
		c.add(result.Finding{
			ID: "approvals/rule", Outcome: verdict.Undecided, Title: "approvals: the rule", Observed: "the policy has no rule for " + k.changeType + " changes", Threshold: "a rule of gate.approvals",
			Next: "Add gate.approvals." + k.changeType + " to the policy, or gate.approvals.normal, which stands in for it.",
		}, "no rule for "+k.changeType+" changes")
	} else {
		for _, g := range groupsOf(*rule) {
			c.judgeGroup(g, v, e, "the rule for "+name+" changes")
		}
	}
	for i, also := range e.Gate.Approvals.Also {
		c.judgeAlso(i, also, v, e, k)
	}
	if v.unknowing != "" && len(v.words) > 0 { // said once, and not with each approval
		p := e.People.Spoken.Authorless
		c.add(result.Finding{
			ID: "approvals/authors", Outcome: verdict.Undecided, Title: "approvals: authors", Observed: "who made the change is not known: " + v.unknowing,
			Threshold: "no approval by an author", Evidence: e.People.Spoken.URL, Next: p.Next,
		}, "authors not known")
		if p.Passing {
			c.open = append(c.open, "the API")
		}
	}
	if n := e.People.Spoken.Unlinked; n > 0 && !selfApproval(e.Gate) && len(c.findings) > 0 {
		c.findings = append(c.findings, result.Finding{
			ID: "approvals/authors", Outcome: verdict.Warned, Title: "approvals: authors", Observed: fmt.Sprintf("%d of the change's commits are by addresses that belong to no account, so whether one of these authors approved is not known", n),
			Threshold: "no approval by an author", Evidence: e.People.Spoken.URL, Next: "Have the authors add the addresses of their commits to their accounts.",
		})
	}
	if c.verdict() == verdict.Fail {
		c.open = nil // a rejection does not go by itself
	}
	return append([]criterion{c}, judgePast(e)...)
}

// unread says what could not be read: a rejection may be in it.
func (c *criterion) unread(problems []problem, what string) {
	for _, p := range problems {
		c.add(result.Finding{
			ID: fmt.Sprintf("%s/unread-%d", c.id, len(c.findings)+1), Outcome: verdict.Undecided, Title: c.id + ": " + what,
			Observed: p.What, Threshold: "all of it", Next: p.Next,
		}, "not all could be read")
		if p.Passing {
			c.open = append(c.open, "the API")
		}
	}
}

// ruleOf is the rule for a type of change, and its name. The normal one stands in for a missing one, for
// it asks for most.
func ruleOf(a policy.Approvals, changeType string) (*policy.ApprovalRule, string) {
	rule := map[string]*policy.ApprovalRule{"standard": a.Standard, "normal": a.Normal, "emergency": a.Emergency}[changeType]
	if rule == nil {
		return a.Normal, "normal"
	}
	return rule, changeType
}

// group is roles of which one must approve.
type group []string

func (g group) String() string { return strings.Join(g, " or ") }

func groupsOf(rule policy.ApprovalRule) []group {
	var groups []group
	for _, role := range rule.All {
		groups = append(groups, group{role})
	}
	if len(rule.Any) > 0 {
		groups = append(groups, rule.Any)
	}
	return groups
}

// judgeAlso judges a role that is needed under a condition.
func (c *criterion) judgeAlso(i int, also policy.AlsoApproval, v voices, e evidence, k known) {
	if also.When == "" {
		c.judgeGroup(group{also.Role}, v, e, "the rule for every change")
		return
	}
	f := result.Finding{ID: fmt.Sprintf("approvals/also-%d", i+1), Title: "approvals: " + also.Role, Threshold: "when: " + also.When}
	switch holds, err := holdsNow(also.When, e, k); {
	case err != nil:
		f.Outcome, f.Observed = verdict.Undecided, "whether "+also.Role+" must approve is not known: "+err.Error()
		f.Next = "Hand in what the condition needs, such as the result of version-bump, or change the condition."
		c.add(f, also.Role)
	case holds:
		c.judgeGroup(group{also.Role}, v, e, "when: "+also.When)
	default:
		f.Outcome, f.Observed = verdict.Skipped, "not asked for here"
		c.findings = append(c.findings, f)
	}
}

// judgeGroup wants an approval of one role of a group, and no rejection by any.
func (c *criterion) judgeGroup(g group, v voices, e evidence, rule string) {
	f := result.Finding{
		ID: "approvals/" + strings.Join(g, "-or-"), Title: "approvals: " + g.String(), Threshold: "an approval of this commit" + notSelf(e.Gate) + " (" + rule + ")",
		Evidence: e.People.Spoken.URL,
	}
	var yes, no, doubt, rest []string
	var spoken []word
	for _, role := range g {
		s := v.of(role)
		for _, w := range s.by {
			yes = append(yes, w.said(role))
			w.role = role
			spoken = append(spoken, w)
		}
		for _, w := range s.against {
			no, f.Evidence = append(no, w.said(role)), w.url
		}
		doubt = append(doubt, s.doubt...)
		for _, one := range slices.Concat(s.maybe, s.void) {
			if !slices.Contains(rest, one) {
				rest = append(rest, one)
			}
		}
	}
	switch {
	case len(no) > 0:
		f.Outcome, f.Observed = verdict.Failed, "rejected by "+few(no)
		f.Next = "Settle it with them. It falls when they approve, or when their review is dismissed."
		c.add(f, g.String())
	case len(doubt) > 0:
		f.Outcome, f.Observed = verdict.Undecided, few(doubt)
		f.Next = "Settle it with them, or let the token see the teams: give github-token a GitHub App's token with members: read."
		c.add(f, g.String())
		c.open = append(c.open, "approval of "+g.String())
	case len(yes) > 0:
		f.Outcome, f.Observed = verdict.Passed, few(yes)
		c.findings, c.spoken = append(c.findings, f), append(c.spoken, spoken...)
	default:
		f.Outcome, f.Observed = verdict.Undecided, "nobody yet"
		if len(rest) > 0 {
			f.Observed += "; what does not count: " + few(rest)
		}
		f.Owner, f.Next = g.String(), howToApprove(g, e)
		c.add(f, g.String())
		c.open = append(c.open, "approval of "+g.String())
	}
}

func notSelf(g policy.Gate) string {
	if selfApproval(g) {
		return ""
	}
	return ", not by its authors"
}

// said is such as "ada as sre (review, 2026-03-02T12:00:00Z)".
func (w word) said(role string) string {
	text := w.by + " as " + role + " (" + w.how
	if !w.at.IsZero() {
		text += ", " + w.at.UTC().Format(time.RFC3339)
	}
	return text + ")"
}

// few is some texts in one line.
func few(all []string) string {
	var shown []string
	for i, text := range all {
		if i == named {
			shown = append(shown, fmt.Sprintf("%d more", len(all)-named))
			break
		}
		shown = append(shown, shorten(text))
	}
	return strings.Join(shown, "; ")
}

// howToApprove says who can approve, and where.
func howToApprove(g group, e evidence) string {
	var can []string
	for _, role := range g {
		r := e.Gate.Roles[role]
		people := slices.Concat(r.Users, r.Teams)
		if r.CodeOwners {
			people = append(people, "the owners of the changed files")
		}
		can = append(can, role+": "+few(people))
	}
	ways := []string{}
	if n := e.People.Spoken.Pull; n != 0 {
		ways = append(ways, fmt.Sprintf("approve the pull request #%d", n))
	}
	if e.Ticketed.Number != 0 {
		ways = append(ways, fmt.Sprintf("write /approve as %s for %s on the ticket #%d", g[0], e.SHA, e.Ticketed.Number))
	}
	if len(ways) == 0 {
		ways = append(ways, "bring the commit in with a pull request and approve that, let the job wait for an environment with required reviewers, or name a ticket in the input ticket and write /approve as "+g[0]+" there")
	}
	return "Have one of them " + strings.Join(ways, ", or ") + ".\n" + strings.Join(can, "\n")
}
