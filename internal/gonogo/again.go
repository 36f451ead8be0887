package gonogo

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/gitrepo"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// again decides once more from a result document. Nothing is read but the document: what the decision
// rested on is recorded in it, the moment included.
func again(document []byte, other *policy.Policy) (action.Again, error) {
	e, own, err := recorded(document)
	if err != nil {
		return action.Again{}, err
	}
	if other != nil {
		own = *other
	}
	e.govern(own)
	made := decide(e)
	return action.Again{Outcome: outcomeOf(e, made), Explain: made.explain}, nil
}

// errNoEvidence is a document that nothing can be decided from.
var errNoEvidence = errors.New("the result holds no evidence: nothing was decided, or it is the output of a large decision; take the result file, .slipway/go-no-go.json")

// shownAgain is a document as the page of the run that made it.
func shownAgain(document []byte) (action.Shown, error) {
	e, own, err := recorded(document)
	if errors.Is(err, errNoEvidence) {
		return action.Shown{Cut: true}, nil
	}
	if err != nil {
		return action.Shown{}, err
	}
	e.govern(own)
	made := decide(e)
	return action.Shown{Page: page(e, made), Again: made.verdict}, nil
}

// recorded is the evidence in a result document, and the policy that it was decided by.
func recorded(document []byte) (evidence, policy.Policy, error) {
	d, err := result.Decode(document)
	if err != nil {
		return evidence{}, policy.Policy{}, err
	}
	if d.Action != name {
		return evidence{}, policy.Policy{}, fmt.Errorf("the result is one of %s, which is not decided again", d.Action)
	}
	var held struct {
		Data struct {
			Record *evidence `json:"record"`
		} `json:"data"`
	}
	switch err := json.Unmarshal(document, &held); {
	case err != nil:
		return evidence{}, policy.Policy{}, fmt.Errorf("the evidence in the result cannot be read: %w", err)
	case held.Data.Record == nil:
		return evidence{}, policy.Policy{}, errNoEvidence
	}
	e := *held.Data.Record
	if !gitrepo.IsCommitID(e.SHA) {
		return evidence{}, policy.Policy{}, errors.New("the evidence in the result names no commit; it was cut, or altered")
	}
	own, err := recordedPolicy(e.Policy)
	if err != nil {
		return evidence{}, policy.Policy{}, fmt.Errorf("the policy in the result cannot be read: %w", err)
	}
	return e, own, nil
}

func recordedPolicy(text string) (policy.Policy, error) {
	if text == "" {
		return policy.Default(), nil
	}
	return policy.Parse("the recorded policy", []byte(text))
}

// plainly are the verdicts in plain words.
var plainly = map[verdict.Verdict]string{
	verdict.Pass:    "passed: there is positive evidence for it, for this very commit.",
	verdict.Fail:    "failed: it is known not to hold.",
	verdict.Unknown: "is unknown: it is neither shown to hold nor shown not to, and only what is shown to hold is a yes.",
}

// explain says why a criterion came out as it did.
func (d decision) explain(id string) (string, error) {
	var ids []string
	for _, c := range d.criteria {
		if c.id != id {
			ids = append(ids, c.id)
			continue
		}
		var b strings.Builder
		said := plainly[c.verdict()]
		if c.skipped() {
			said = "was not judged."
		}
		fmt.Fprintf(&b, "%s %s\n", id, said)
		for _, f := range c.findings {
			fmt.Fprintf(&b, "\n%s (%s)\n", f.Title, f.Outcome)
			for _, line := range []struct{ name, text string }{
				{"seen", f.Observed}, {"wanted", f.Threshold}, {"where", place(f.Where)}, {"evidence", f.Evidence}, {"owner", f.Owner}, {"next", f.Next},
			} {
				if line.text != "" {
					fmt.Fprintf(&b, "  %-9s %s\n", line.name+":", strings.ReplaceAll(line.text, "\n", "\n            "))
				}
			}
		}
		switch {
		case c.verdict() == verdict.Pass || c.skipped():
		case len(c.open) > 0:
			fmt.Fprintf(&b, "\nIt may change by itself (%s): the input wait asks again.\n", strings.Join(c.open, ", "))
		default:
			b.WriteString("\nIt does not change by itself.\n")
		}
		return b.String(), nil
	}
	return "", fmt.Errorf("there is no criterion %q; there are: %s", id, strings.Join(ids, ", "))
}

func place(w *result.Where) string {
	switch {
	case w == nil:
		return ""
	case w.Line == 0:
		return w.File
	}
	return fmt.Sprintf("%s:%d", w.File, w.Line)
}
