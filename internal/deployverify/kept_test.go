package deployverify

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

const keptPolicy = `version: 1
verify:
  sources: {prom: {type: prometheus, url: "https://prom.example"}}
  plan: [{step: full, traffic: 100%, soak: 1h, every: 1m}]
  metrics:
    - {name: errors, bad: bad, total: total, compare: {max-ratio: 1.2, alpha: 0.01}, detect: {ratio: 4, power: 80%}}
`

// keptDocument is the result of a soak, as it lies in a workspace.
func keptDocument(t *testing.T, share float64) result.Document {
	t.Helper()
	s := newSoaking()
	s.meter.bad["1.5.0"] = share
	e, d := s.run(t)
	e.Address, e.Policy, e.SHA = "https://shop.example/version", keptPolicy, strings.Repeat("a1", 20)
	o := outcome(e, d, notices{})
	return result.Document{
		Action: name, Tool: "1.4.0", Subject: result.Subject{Repository: "acme/shop", SHA: e.SHA, Version: e.Expected}, StartedAt: e.Started, FinishedAt: e.Ended,
		Verdict: o.Verdict, Sentence: o.Sentence, Findings: o.Findings, Data: o.Data,
	}
}

// The pictures of the canary are drawn from the record in its result alone, and its evidence comes to what
// the result says.
func TestPageOfADocument(t *testing.T) {
	for share, want := range map[float64]verdict.Verdict{0.005: verdict.Pass, 0.05: verdict.Fail} {
		doc := keptDocument(t, share)
		text, err := doc.Encode()
		if err != nil {
			t.Fatal(err)
		}
		got, err := shownAgain(text)
		if err != nil {
			t.Fatal(err)
		}
		if doc.Verdict != want || got.Again != want {
			t.Errorf("a share of %v says %s, and again %s; want %s", share, doc.Verdict, got.Again, want)
		}
		pictures := 0
		for _, b := range got.Page {
			if c, ok := b.(report.Chart); ok {
				pictures++
				if len(c.X) < 3 || !slices.ContainsFunc(c.Series[0].Values, func(v float64) bool { return v > 0 }) {
					t.Errorf("there is nothing to see in %q: %v", c.Title, c.Series)
				}
			}
		}
		if pictures != 2 {
			t.Errorf("%d pictures in sight, want the rate and the evidence of harm", pictures)
		}

		// One whose record was cut for an output has no pictures.
		doc.Data = doc.Data.(data).WithoutRecord()
		if text, err = doc.Encode(); err != nil {
			t.Fatal(err)
		}
		if got, err := shownAgain(text); err != nil || got.Page != nil || got.Again != "" {
			t.Errorf("without a record: %v, %v", got, err)
		}
	}
}

func TestPageOfABrokenDocument(t *testing.T) {
	doc := keptDocument(t, 0.005)
	text, err := json.Marshal(doc.Data)
	if err != nil {
		t.Fatal(err)
	}
	for _, broken := range []struct{ old, instead string }{
		{`"record":{`, `"record":7,"x":{`}, {`"policy":"version: 1\n`, `"policy":"version: 9\n`}, {`"address":"https://shop.example/version"`, `"address":""`}, {`"checks":[{`, `"checks":[{},{`},
	} {
		other := strings.Replace(string(text), broken.old, broken.instead, 1)
		if other == string(text) {
			t.Fatalf("%s is not in the document", broken.old)
		}
		doc.Data = json.RawMessage(other)
		whole, err := doc.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if got, err := shownAgain(whole); err == nil {
			t.Errorf("%s is shown, as %s", broken.instead, got.Again)
		}
	}
}
