package deployverify

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/source"
	"github.com/slipway-actions/slipway/internal/timeseries"
)

// meter is a source that has counted since ever: what happened in a second depends on the second alone, so
// that it tells the same whenever it is asked.
type meter struct {
	now    func() time.Time
	rate   map[string]int     // requests a second, by version
	bad    map[string]float64 // share of them that is bad, by version
	from   time.Time          // when the bad share begins; before it is 0.5 %
	fails  func(at time.Time) *timeseries.Problem
	until  map[string]time.Time // when a version's traffic ends; without one it never does
	asked  int
	lately time.Duration // how long numbers are under way
}

func (m *meter) Fill(query string, variables map[string]string) (string, *timeseries.Problem) {
	if variables["version"] == "" {
		return "", &timeseries.Problem{Name: timeseries.Unset, Detail: "there is no version"}
	}
	return query + "@" + variables["version"], nil
}

func (m *meter) Ask(_ context.Context, q timeseries.Question) (timeseries.Answer, *timeseries.Problem) {
	m.asked++
	if m.fails != nil {
		if problem := m.fails(m.now()); problem != nil {
			return timeseries.Answer{}, problem
		}
	}
	what, version, _ := strings.Cut(q.Query, "@")
	a := timeseries.Answer{Series: 1, Slots: make([]timeseries.Slot, q.Slots)}
	for at := q.From.Add(time.Second); !at.After(q.To()); at = at.Add(time.Second) {
		if at.After(m.now().Add(-m.lately)) {
			break
		}
		n, _ := q.Slot(at)
		all, wrong := m.second(version, at)
		if end, ends := m.until[version]; ends && at.After(end) {
			all, wrong = 0, 0
		}
		s := &a.Slots[n]
		s.Samples++
		if what == "bad" {
			s.Growth += float64(wrong)
		} else {
			s.Growth += float64(all)
		}
	}
	return a, nil
}

func (m *meter) second(version string, at time.Time) (all, wrong int) {
	random := rand.New(rand.NewPCG(uint64(at.Unix()), uint64(len(version))+uint64(version[len(version)-3])))
	share := m.bad[version]
	if at.Before(m.from) {
		share = 0.005
	}
	for range m.rate[version] {
		all++
		if random.Float64() < share {
			wrong++
		}
	}
	return all, wrong
}

// soaking is a version that is watched by its errors, in virtual time.
type soaking struct {
	world
	meter meter
	state []byte // what the state file holds
	plan  plan
	stage stage
	rules policy.Verify
}

func newSoaking() *soaking {
	s := &soaking{world: world{answers: "g", at: epoch}, stage: whole}
	s.meter = meter{now: func() time.Time { return s.at }, rate: map[string]int{"1.5.0": 2, "1.4.2": 20}, bad: map[string]float64{"1.5.0": 0.005, "1.4.2": 0.005}}
	s.plan = plan{Consecutive: 1, Interval: 10 * time.Second, Timeout: time.Minute, Soak: time.Hour, Max: 2 * time.Hour, Every: time.Minute, Slice: endless}
	s.rules = policy.Verify{
		Sources: map[string]policy.Source{"prom": {Type: "prometheus", URL: "https://prom.example"}},
		Metrics: []policy.Metric{{Name: "errors", Bad: "bad", Total: "total", Compare: &policy.Compare{MaxRatio: 1.2, Alpha: 0.01}, Detect: &policy.Detect{Ratio: 4, Power: "80%"}}},
	}
	return s
}

// run is one job: it goes on from the state, and is killed where cancel says so.
func (s *soaking) run(t *testing.T) (evidence, decision) {
	t.Helper()
	i := wishes()
	i.Plan, i.verify, i.Previous, i.Stage = s.plan, s.rules, "1.4.2", s.stage
	b := &book{}
	if s.state != nil {
		state, err := parseState(s.state, s.at)
		if err != nil {
			t.Fatal(err)
		}
		b.state = state
	}
	b.rollout = b.state.rollout(i.Service, i.Expected, i.SHA, i.Digest, "")
	e := evidence{inputs: i, Deployed: b.rollout.Deployed, Verified: before("1.4.2")}
	if w := b.rollout.Watching; w != nil {
		e.Watch, e.Resumed = w.Watch, w.Runs
	}
	write := func(e *evidence) {
		b.rollout.Deployed = e.Deployed
		b.rollout.Watching = &watching{Rules: e.rules(), Watch: e.Watch, Looked: s.at, Runs: e.Resumed + 1}
		b.state.keep(e.Service, b.rollout)
		b.state.Schema = stateSchema
		text, err := json.Marshal(b.state)
		if err != nil {
			t.Fatal(err)
		}
		s.state = text
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	now := func() time.Time {
		if !s.cancel.IsZero() && !s.at.Before(s.cancel) {
			cancel()
		}
		return s.at
	}
	sleep := func(ctx context.Context, d time.Duration) error {
		s.at = s.at.Add(d)
		now()
		return ctx.Err()
	}
	c := collector{prober: s, clock: clock{now, sleep, func(string) {}}, sources: map[string]source.Source{"prom": &s.meter}, keep: write, tell: func(context.Context, string) {}}
	e = c.collect(ctx, e)
	return e, decide(e)
}

// However often it is killed, and however long nothing runs in between, a soak comes to what one long run
// comes to: the same decision, by the same slots, for the same reason.
func TestKilledAnywhere(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7))
	ends := map[string]int{}
	for n := range 40 {
		share := []float64{0.005, 0.005, 0.02, 0.05, 0.3}[n%5]
		prepare := func() *soaking {
			s := newSoaking()
			s.meter.bad["1.5.0"] = share
			s.meter.from = epoch.Add(time.Duration(n*7%60) * time.Minute)
			return s
		}
		long := prepare()
		_, want := long.run(t)
		ends[want.act]++

		short := prepare()
		var got decision
		for runs := 0; ; runs++ {
			short.world.cancel = short.at.Add(time.Duration(1+random.IntN(1800)) * time.Second)
			if runs > 300 {
				t.Fatal("it does not end")
			}
			var e evidence
			e, got = short.run(t)
			if e.End != cancelled {
				break
			}
			short.at = short.at.Add(time.Duration(random.IntN(1200)) * time.Second) // nobody runs
		}
		same := slices.EqualFunc(got.numbers.metrics, want.numbers.metrics, func(a, b judged) bool {
			return a.outcome == b.outcome && a.harmed == b.harmed && a.reason == b.reason
		})
		if got.act != want.act || got.numbers.slots != want.numbers.slots || !same {
			t.Errorf("%d: %s by %d slots, want %s by %d:\n%s\n%s", n, got.act, got.numbers.slots, want.act, want.numbers.slots, got.reason, want.reason)
		}
	}
	if ends[promote] == 0 || ends[rollback] == 0 {
		t.Errorf("ends are %v; the test should see promote and rollback", ends)
	}
}

// A source that was away, or whose numbers come late, costs nothing but time.
func TestSourceAway(t *testing.T) {
	calm := newSoaking()
	_, want := calm.run(t)
	for name, change := range map[string]func(*soaking){
		"late": func(s *soaking) { s.meter.lately = 2 * time.Minute },
		"away": func(s *soaking) {
			s.meter.fails = func(at time.Time) *timeseries.Problem {
				if at.Before(epoch.Add(40*time.Minute)) && at.After(epoch.Add(10*time.Minute)) {
					return &timeseries.Problem{Name: timeseries.Unreachable, Detail: "nothing listens"}
				}
				return nil
			}
		},
	} {
		s := newSoaking()
		change(s)
		if _, got := s.run(t); got.act != want.act || got.numbers.slots != want.numbers.slots {
			t.Errorf("%s: %s by %d slots, want %s by %d: %s", name, got.act, got.numbers.slots, want.act, want.numbers.slots, got.reason)
		}
	}
}

// A source that does not come back is waited for, and then it is said; nothing passes.
func TestSourceGone(t *testing.T) {
	for _, problem := range []timeseries.Name{timeseries.Unreachable, timeseries.Denied, timeseries.BadQuery, timeseries.Empty, timeseries.Limited, timeseries.NotANumber} {
		for _, after := range []time.Duration{0, 20 * time.Minute} {
			s := newSoaking()
			s.meter.fails = func(at time.Time) *timeseries.Problem {
				if at.After(epoch.Add(after)) {
					return &timeseries.Problem{Name: problem, Detail: "so it is"}
				}
				return nil
			}
			e, d := s.run(t)
			if d.act != hold || e.End != short && e.End != unreadable || !strings.Contains(d.reason, "so it is") {
				t.Errorf("%s after %s: %s after %s: %s", problem, after, d.act, e.End, d.reason)
			}
			if took := e.Ended.Sub(e.Started); took > s.plan.Max+10*time.Minute {
				t.Errorf("%s after %s: it took %s", problem, after, took)
			}
		}
	}
}

// What is written is read back as it was: the decision is made again from the record, byte for byte.
func TestReplayOfNumbers(t *testing.T) {
	for _, share := range []float64{0.005, 0.05} {
		s := newSoaking()
		s.meter.bad["1.5.0"] = share
		e, d := s.run(t)
		text, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		var again evidence
		if err := json.Unmarshal(text, &again); err != nil {
			t.Fatal(err)
		}
		again.checks, again.verify = e.checks, e.verify
		if got := decide(again); got.reason != d.reason || got.act != d.act {
			t.Errorf("%s: %s, want %s: %s", got.act, got.reason, d.act, d.reason)
		}
	}
}

// Where a step of the plan takes all of the traffic, the version before is looked for in the time before this
// one came.
func TestAloneAtLast(t *testing.T) {
	for share, want := range map[float64]string{0.05: hold, 1: promote} {
		s := newSoaking()
		s.stage = stage{Name: "full", Traffic: "100%", Share: share, Last: true}
		s.meter.rate["1.5.0"] = 22
		s.meter.until = map[string]time.Time{"1.4.2": epoch.Add(-time.Minute)} // it is gone
		if _, d := s.run(t); d.act != want {
			t.Errorf("at %v of the traffic: %s: %s", share, d.act, d.reason)
		}
	}
}

// What looks worse does not pass because there were enough requests: it is watched on, and settled by more of
// them, or it ends as inconclusive.
func TestSuspicionDoesNotPass(t *testing.T) {
	m := policy.Metric{Name: "errors", Bad: "bad", Total: "total", Compare: &policy.Compare{MaxRatio: 1.5, Alpha: 0.0001, Dispersion: "1"}, Detect: &policy.Detect{Ratio: 8}}
	for bad, want := range map[float64]string{1: "", 3: "", 10: "1.5.0 looks worse than 1.4.2, though not surely enough yet"} {
		r := newRatio(m, watch{New: "1.5.0", Old: "1.4.2"}, 0.0001)
		if problem := r.take(slot{Canary: side{Samples: 1, Total: 400, Bad: bad}, Baseline: &side{Samples: 1, Total: 7600, Bad: 42}}); problem != nil {
			t.Fatal(problem)
		}
		if missing, _ := r.enough(); missing != want {
			t.Errorf("%v bad of 400: %q, evidence %v", bad, missing, r.compared.Evidence())
		}
	}
}

// Two builds under one version are two deployments as soon as their images are told apart: what the first one
// passed is no reason to let the second one go on.
func TestAnotherImageBeginsAnew(t *testing.T) {
	const one, two = "sha256:aa", "sha256:bb"
	which := service{Environment: "production", URL: "https://shop.example/"}
	var s state
	first := s.rollout(which, "1.1.0", "a", one, "")
	first.Passed = []passage{{Step: "canary-5", At: epoch}}
	s.keep(which, first)
	for name, test := range map[string]struct {
		sha, digest string
		passed      int
	}{
		"the same image":                   {"a", one, 1},
		"the same image of a later commit": {"b", one, 1},
		"nobody tells":                     {"b", "", 1},
		"another image":                    {"a", two, 0},
	} {
		if got := s.rollout(which, "1.1.0", test.sha, test.digest, ""); len(got.Passed) != test.passed {
			t.Errorf("%s: %d steps are passed, want %d", name, len(got.Passed), test.passed)
		}
	}
	s.keep(which, s.rollout(which, "1.1.0", "b", two, ""))
	if back := s.rollout(which, "1.1.0", "a", one, ""); len(back.Passed) != 0 {
		t.Error("the first image goes on where it was, though another one was deployed meanwhile")
	}
}
