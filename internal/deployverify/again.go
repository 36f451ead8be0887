package deployverify

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/result"
)

// again decides once more from a result document. Nothing is asked: what the decision rested on is recorded
// in it. By another policy the same looks and slots are judged.
func again(document []byte, other *policy.Policy) (action.Again, error) {
	e, err := recorded(document)
	if err != nil {
		return action.Again{}, err
	}
	if other != nil { // the looks were made by the old one, and stay; all else is judged by the new
		probes := e.verify.Probes
		e.verify = policy.Verify{}
		if other.Verify != nil {
			e.verify = *other.Verify
		}
		e.verify.Probes = probes
	}
	made := decide(e)
	return action.Again{Outcome: outcome(e, made, notices{}), Explain: made.explain}, nil
}

// errNoEvidence is a document that nothing can be decided from.
var errNoEvidence = errors.New("the result holds no evidence: nothing was decided, or it is the output of a large decision; take the result file, .slipway/deploy-verify.json")

// shownAgain is a document with every picture in sight.
func shownAgain(document []byte) (action.Shown, error) {
	e, err := recorded(document)
	if errors.Is(err, errNoEvidence) {
		return action.Shown{Cut: true}, nil
	}
	if err != nil {
		return action.Shown{}, err
	}
	d := decide(e)
	return action.Shown{Page: wholePage(e, d), Again: result.VerdictOf(d.findings)}, nil
}

// recorded is the evidence in a result document, governed by the policy in it.
func recorded(document []byte) (evidence, error) {
	d, err := result.Decode(document)
	if err != nil {
		return evidence{}, err
	}
	if d.Action != name {
		return evidence{}, fmt.Errorf("the result is one of %s, which deploy-verify does not decide again", d.Action)
	}
	var held struct {
		Data struct {
			Record *evidence `json:"record"`
		} `json:"data"`
	}
	switch err := json.Unmarshal(document, &held); {
	case err != nil:
		return evidence{}, fmt.Errorf("the evidence in the result cannot be read: %w", err)
	case held.Data.Record == nil:
		return evidence{}, errNoEvidence
	}
	e := *held.Data.Record
	own := policy.Default()
	if e.Policy != "" {
		if own, err = policy.Parse("the recorded policy", []byte(e.Policy)); err != nil {
			return evidence{}, fmt.Errorf("the policy in the result cannot be read: %w", err)
		}
	}
	if own.Verify != nil {
		e.verify = *own.Verify
	}
	if err := e.govern(); err != nil {
		return evidence{}, err
	}
	for _, t := range []tally{e.Startup, e.Soak} {
		if len(t.Checks) != len(e.checks) {
			return evidence{}, fmt.Errorf("the evidence counts %d checks, and the policy in it has %d; it was cut, or altered", len(t.Checks), len(e.checks))
		}
	}
	return e, nil
}

// explain says why a criterion came out as it did: a check, a metric, or another finding.
func (d decision) explain(id string) (string, error) {
	var ids []string
	var b strings.Builder
	for _, f := range d.findings {
		ids = append(ids, f.ID)
		if f.ID != id && strings.TrimPrefix(strings.TrimPrefix(f.ID, "metric-"), "look-") != id {
			continue
		}
		fmt.Fprintf(&b, "%s (%s)\n", f.Title, f.Outcome)
		for _, line := range []struct{ name, text string }{{"seen", f.Observed}, {"wanted", f.Threshold}, {"evidence", f.Evidence}, {"next", f.Next}} {
			if line.text != "" {
				fmt.Fprintf(&b, "  %-9s %s\n", line.name+":", strings.ReplaceAll(line.text, "\n", "\n            "))
			}
		}
	}
	if b.Len() == 0 {
		return "", fmt.Errorf("there is nothing called %q; there are: %s", id, strings.Join(ids, ", "))
	}
	return b.String(), nil
}
