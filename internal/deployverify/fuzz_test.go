package deployverify

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// A state that is read is written and read as the same, and what it says that was seen is judged, whatever
// numbers stand in it: those that are none never pass.
func FuzzState(f *testing.F) {
	var s state
	s.Schema = stateSchema
	shop := service{"production", shopAddress}
	s.add(shop, verified{"1.4.2", "a", epoch})
	w := hour(watched{Name: "5xx", Slots: every(3, counts(600, 3, 6000, 30))}, watched{Name: "latency", Bounds: latencyBounds, Slots: []slot{buckets([]float64{1, 2, 3, 4, 5, 6}, []float64{1, 2, 3, 4, 5, 6})}},
		watched{Name: "queue", Slots: []slot{value(5), broken("not-a-number")}})
	s.keep(shop, rollout{Version: "1.5.0", Deployed: epoch, Watching: &watching{Watch: w, Looked: epoch, Runs: 1}})
	text, err := json.Marshal(s)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte(strings.NewReplacer("600", "-1", "6000", "1e300", "3600000000000", "1").Replace(string(text))))
	f.Add([]byte(`{"schema":"slipway.verify-state/v1","services":[]}`))
	rule := policy.Verify{Metrics: []policy.Metric{errors5xx(), speed(""), depth("<1000"), budget(5)}}
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := parseState(text, epoch.Add(time.Hour))
		if err != nil {
			return
		}
		written, err := json.Marshal(s)
		if err != nil {
			t.Fatalf("%q was read, and is not written: %v", text, err)
		}
		again, err := parseState(written, epoch.Add(time.Hour))
		if err != nil {
			t.Fatalf("%q was read and written %q, which is not read: %v", text, written, err)
		}
		if twice, err := json.Marshal(again); err != nil || !bytes.Equal(twice, written) {
			t.Fatalf("%q was written %q, and then %q (%v)", text, written, twice, err)
		}
		for _, r := range s.Services {
			for _, o := range r.Rollouts {
				if o.Watching == nil {
					continue
				}
				w := o.Watching.Watch
				n := judgeNumbers(rule, w)
				for i, j := range n.metrics {
					if j.outcome == verdict.Passed && (len(w.Metrics) == 0 || n.slots == 0) {
						t.Fatalf("%q passes %s by %d slots: %s", text, rule.Metrics[i].Name, n.slots, j.reason)
					}
					if !(j.bad >= 0 && j.bad <= 1) || !j.outcome.Valid() {
						t.Fatalf("%q is %s, with %v bad at most", text, j.outcome, j.bad)
					}
				}
			}
		}
	})
}

// A result document is decided again as often as one likes, to the same end, or refused.
func FuzzAgain(f *testing.F) {
	for _, record := range []string{`{}`, `null`, `{"policy":"version: 1"}`, `{"startup":{"checks":[{}]},"soak":{"checks":[{}]}}`, `{"url":"https://shop.example","now":"2026-03-02T12:00:00Z"}`} {
		f.Add([]byte(`{"schema":"slipway.result/v1","action":"deploy-verify","verdict":"pass","finishedAt":"2026-03-02T12:00:00Z","data":{"record":` + record + `}}`))
	}
	f.Fuzz(func(t *testing.T, document []byte) {
		one, err := again(document, nil)
		if err != nil {
			return
		}
		two, err := again(document, nil)
		if err != nil || one.Outcome.Verdict != two.Outcome.Verdict || one.Outcome.Sentence != two.Outcome.Sentence {
			t.Fatalf("%q is %s, and then %s (%v)", document, one.Outcome.Sentence, two.Outcome.Sentence, err)
		}
		if !one.Outcome.Verdict.Valid() || one.Outcome.Sentence == "" {
			t.Fatalf("%q is %q: %q", document, one.Outcome.Verdict, one.Outcome.Sentence)
		}
		if _, err := one.Explain("nothing of that name"); err == nil {
			t.Fatal("what is not there is explained")
		}
	})
}

// Every entry of the input evidence is a line, or a JSON text, that stands in it; each is an entry by itself.
func FuzzSplit(f *testing.F) {
	f.Add("a.json\n  {\"a\":\n1} b\n{\nc")
	f.Add("{}{}{")
	f.Fuzz(func(t *testing.T, text string) {
		left := text
		for _, entry := range split(text) {
			_, rest, ok := strings.Cut(left, entry)
			if entry == "" || !ok {
				t.Fatalf("%q has the entry %q", text, entry)
			}
			left = rest
			if again := split(entry); len(again) != 1 || again[0] != entry {
				t.Fatalf("%q has the entry %q, which is %q", text, entry, again)
			}
		}
		if strings.TrimSpace(left) != "" {
			t.Fatalf("%q has entries that leave out %q", text, left)
		}
	})
}
