package deployverify

import (
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

const (
	pass    = verdict.Pass
	fail    = verdict.Fail
	unknown = verdict.Unknown
)

// before are the versions that a state file may hold.
func before(versions ...string) []verified {
	var all []verified
	for i, v := range versions {
		all = append(all, verified{Version: v, SHA: "abc", At: epoch.Add(time.Duration(i-100) * time.Hour)})
	}
	return all
}

func TestDecide(t *testing.T) {
	soak := func(i *inputs) { i.Plan.Soak = 30 * time.Second }
	anyVersion := func(i *inputs) { i.Expected, i.checks[0].version = "", nil }
	for _, test := range []struct {
		name     string
		answers  string
		change   func(*inputs)
		verified []verified
		world    world

		verdict  verdict.Verdict
		act      string
		reason   string
		to       string
		nextLook bool
	}{
		{name: "all right at once", answers: "g", verdict: pass, act: promote, reason: "3 of 3 looks in a row showed 1.5.0"},
		{name: "one look is enough where that is wanted", answers: "g", change: func(i *inputs) { i.Plan.Consecutive = 1 }, verdict: pass, act: promote, reason: "1 of 1 looks in a row showed 1.5.0"},
		{name: "the old version gives way", answers: "ooooog", verdict: pass, act: promote, reason: "3 of 3 looks in a row showed 1.5.0"},
		{name: "it starts slowly", answers: "rrrtteg", verdict: pass, act: promote, reason: "3 of 3 looks in a row showed 1.5.0"},
		{name: "a failure begins the count anew", answers: "ggeggeggg", verdict: pass, act: promote, reason: "3 of 3 looks in a row showed 1.5.0"},
		{name: "any version", answers: "o", change: anyVersion, verdict: pass, act: promote, reason: "3 of 3 looks in a row succeeded"},

		{name: "the old version stays", answers: "o", verified: before("1.4.1", "1.4.2"), verdict: fail, act: rollback, reason: "expected 1.5.0, but 13 of 13 answers said 1.4.2 for 1m", to: "1.4.2"},
		{name: "nothing to go back to", answers: "o", verdict: fail, act: rollback, reason: "expected 1.5.0, but 13 of 13 answers said 1.4.2 for 1m; there is no other verified version to go back to"},
		{name: "never back to itself", answers: "e", verified: before("1.4.2", "1.5.0"), verdict: fail, act: rollback, reason: "in 1m, 13 of 13 requests failed, the last with: status 500, wanted 2xx", to: "1.4.2"},
		{name: "only itself was verified", answers: "e", verified: before("1.5.0"), verdict: fail, act: rollback, reason: "in 1m, 13 of 13 requests failed, the last with: status 500, wanted 2xx; there is no other verified version to go back to"},
		{name: "refused", answers: "r", verified: before("1.4.2"), verdict: fail, act: rollback, reason: "in 1m, 13 of 13 requests failed, the last with: no connection: 10.0.0.1:443: connection refused", to: "1.4.2"},
		{name: "broken off", answers: "c", verified: before("1.4.2"), verdict: fail, act: rollback, reason: "in 1m, 13 of 13 requests failed, the last with: the answer broke off: after 5 bytes: unexpected EOF", to: "1.4.2"},
		{name: "a v too many", answers: "v", verified: before("1.4.2"), verdict: fail, act: rollback, reason: "expected 1.5.0, but 13 of 13 answers said v1.5.0 for 1m", to: "1.4.2"},
		{name: "any version, but none answers well", answers: "e", change: anyVersion, verified: before("1.4.2"), verdict: fail, act: rollback,
			reason: "in 1m, 13 of 13 requests failed, the last with: status 500, wanted 2xx; which version to go back to cannot be told without expected-version"},
		{name: "it flaps", answers: "ggeggeggeggeggegg", verified: before("1.4.2"), verdict: fail, act: rollback,
			reason: "9 of 13 looks succeeded, never 3 in a row: 4 of 13 requests failed, the last with: status 500, wanted 2xx", to: "1.4.2"},
		{name: "two versions behind one address", answers: "gogogogogogogogo", verified: before("1.4.2"), verdict: fail, act: rollback,
			reason: "7 of 13 looks succeeded, never 3 in a row: expected 1.5.0, but 6 of 13 answers said 1.4.2", to: "1.4.2"},
		{name: "wrong in many ways", answers: "ooovvee", verified: before("1.4.2"), verdict: fail, act: rollback,
			reason: "in 1m, expected 1.5.0, but 3 of 13 answers said 1.4.2 and 2 another wrong version; 8 of 13 requests failed otherwise, the last with: status 500, wanted 2xx", to: "1.4.2"},
		{name: "it answered, then fell silent", answers: "ot", verified: before("1.4.2"), verdict: fail, act: rollback, to: "1.4.2",
			reason: "in 1m, expected 1.5.0, but 1 of 1 answers said 1.4.2; 4 of 5 requests failed otherwise, the last with: no answer: nothing in time"},
		{name: "refused, then lost from sight", answers: "rd", verified: before("1.4.2"), verdict: fail, act: rollback, to: "1.4.2",
			reason: "in 1m, 13 of 13 requests failed, the last with: no address: shop.example: no such host"},

		{name: "no such name", answers: "d", verified: before("1.4.2"), verdict: unknown, act: hold, nextLook: true,
			reason: "nothing was learnt about the service in 1m: 13 of 13 requests failed, the last with: no address: shop.example: no such host"},
		{name: "never an answer", answers: "t", verified: before("1.4.2"), verdict: unknown, act: hold, nextLook: true,
			reason: "nothing was learnt about the service in 1m10s: 5 of 5 requests failed, the last with: no answer: nothing in time"},
		{name: "a proxy in the way", answers: "p", verdict: unknown, act: hold, nextLook: true,
			reason: "nothing was learnt about the service in 1m: 13 of 13 requests failed, the last with: no connection through the proxy: it answered CONNECT with status 503"},
		{name: "too late to tell", answers: "ooooooooooogg", verified: before("1.4.2"), verdict: unknown, act: hold, nextLook: true,
			reason: "it has come up too late to tell: the last 2 of 13 looks succeeded, and 3 in a row did not fit into 1m"},
		{name: "well but slow", answers: "g", world: world{latency: 8 * time.Second}, change: func(i *inputs) { i.Plan.Timeout = 12 * time.Second }, verdict: unknown, act: hold, nextLook: true,
			reason: "all of 1 look succeeded, but 3 did not fit into 12s"},
		{name: "well whenever it could be asked", answers: "ggdggdggdggdggd", verified: before("1.4.2"), verdict: unknown, act: hold, nextLook: true,
			reason: "9 of 13 looks succeeded, never 3 in a row, and the others say nothing about the service: 4 of 13 requests failed, the last with: no address: shop.example: no such host"},
		{name: "well, and at last not to be asked", answers: "ggdggdd", verified: before("1.4.2"), verdict: unknown, act: hold, nextLook: true,
			reason: "4 of 13 looks succeeded, never 3 in a row, and the others say nothing about the service: 9 of 13 requests failed, the last with: no address: shop.example: no such host"},

		{name: "it stands the soak", answers: "g", change: soak, verdict: pass, act: promote, reason: "3 of 3 looks in a row showed 1.5.0, and so did 6 of 6 during a soak of 30s"},
		{name: "a hiccup in the soak", answers: "gggggeg", change: soak, verdict: pass, act: promote, reason: "3 of 3 looks in a row showed 1.5.0, and so did 5 of 6 during a soak of 30s"},
		{name: "it breaks in the soak", answers: "gggggeee", change: soak, verified: before("1.4.2"), verdict: fail, act: rollback, to: "1.4.2",
			reason: "it came up, and 15s into its soak 3 looks failed: 3 of 5 requests failed, the last with: status 500, wanted 2xx"},
		{name: "the last look of the soak fails", answers: "gggggggge", change: soak, verified: before("1.4.2"), verdict: fail, act: rollback, to: "1.4.2",
			reason: "it came up, and 30s into its soak 1 look failed: 1 of 6 requests failed, the last with: status 500, wanted 2xx"},
		{name: "it falls silent in the soak", answers: "gggggt", change: soak, verified: before("1.4.2"), verdict: fail, act: rollback, to: "1.4.2",
			reason: "it came up, and 15s into its soak 2 looks failed: 2 of 4 requests failed, the last with: no answer: nothing in time"},
		{name: "an old server joins in the soak", answers: "gggggooo", change: soak, verified: before("1.4.2"), verdict: fail, act: rollback, to: "1.4.2",
			reason: "it came up, and 15s into its soak 3 looks failed: expected 1.5.0, but 3 of 5 answers said 1.4.2"},
		{name: "lost from sight in the soak", answers: "gggggd", change: soak, verified: before("1.4.2"), verdict: unknown, act: hold, nextLook: true,
			reason: "it came up, but the last 3 looks of its soak could not be made: 3 of 5 requests failed, the last with: no address: shop.example: no such host"},

		{name: "cancelled at once", answers: "g", world: world{cancel: epoch}, verdict: unknown, act: hold, nextLook: true, reason: "the run was cancelled before the first look ended"},
		{name: "cancelled between looks", answers: "og", world: world{cancel: epoch.Add(6 * time.Second)}, verdict: unknown, act: hold, nextLook: true, reason: "the run was cancelled after 2 looks, of which 1 succeeded"},
		{name: "cancelled in the soak", answers: "g", change: soak, world: world{cancel: epoch.Add(21 * time.Second)}, verdict: unknown, act: hold, nextLook: true, reason: "the run was cancelled after 2 looks of its soak, of which 2 succeeded"},
	} {
		t.Run(test.name, func(t *testing.T) {
			i, w := wishes(), test.world
			if test.change != nil {
				test.change(&i)
			}
			w.answers = test.answers
			e := w.watch(i)
			e.Verified = test.verified
			d := decide(e)
			holdDecision(t, d)
			if got := result.VerdictOf(d.findings); got != test.verdict || d.act != test.act || d.rollbackTo != test.to {
				t.Errorf("%s, %s to %q; want %s, %s to %q", got, d.act, d.rollbackTo, test.verdict, test.act, test.to)
			}
			if d.reason != test.reason {
				t.Errorf("reason\n%s\nwant\n%s", d.reason, test.reason)
			}
			if wantNext := e.Ended.Add(5 * time.Second); test.nextLook != !d.nextCheck.IsZero() || test.nextLook && !d.nextCheck.Equal(wantNext) {
				t.Errorf("next check %s", d.nextCheck)
			}
			for _, f := range d.findings {
				if f.Next == "" && f.Outcome != verdict.Passed {
					t.Errorf("no next step: %+v", f)
				}
			}
		})
	}
}

// Only what was seen to fail is shown as failed, and each warning is there.
func TestFindings(t *testing.T) {
	i := wishes()
	i.Expected, i.checks[0].version = "", nil
	second := versionCheck("")
	second.name, second.version = "ready", nil
	i.checks = append(i.checks, second)
	e := (&world{answers: strings.Repeat("ge", 20)}).watch(i)
	e.Hints, e.Finals = []string{"give v1.5.0"}, []string{"https://elsewhere.example/"}
	got := map[string]verdict.Outcome{}
	for _, f := range decide(e).findings {
		got[f.ID] = f.Outcome
	}
	want := map[string]verdict.Outcome{
		"look-url": verdict.Passed, "look-ready": verdict.Failed,
		"no-version": verdict.Warned, "near-miss": verdict.Warned, "redirected": verdict.Warned,
	}
	for id, outcome := range want {
		if got[id] != outcome {
			t.Errorf("%s is %q, want %q", id, got[id], outcome)
		}
	}
	if len(got) != len(want) {
		t.Errorf("findings %v", got)
	}
}
