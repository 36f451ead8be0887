package deployverify

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/timeseries"
)

// random is a watch of one metric of each kind, and a policy for it. The new version may be as bad as the old one, worse,
// or much worse; some slots hold nothing.
func random(r *rand.Rand, dispersion string) (policy.Verify, watch) {
	limited := policy.Metric{Name: "limited", Bad: "b", Total: "t", Limit: "<3%"}
	comparing := policy.Metric{Name: "compared", Bad: "b", Total: "t", Compare: &policy.Compare{Dispersion: dispersion}}
	latency := policy.Metric{Name: "latency", Histogram: "h", Limit: "p95<300ms", Compare: &policy.Compare{MaxIncrease: "20%", Dispersion: dispersion}}
	queue := policy.Metric{Name: "queue", Gauge: "g", Limit: "<10", Compare: &policy.Compare{MaxRatio: 3}}
	spent := policy.Metric{Name: "spent", Use: "limited", SLO: "99%", Burn: []policy.Burn{{Long: policy.Duration(20 * time.Minute), Short: policy.Duration(5 * time.Minute), Over: 5}}}
	all := []policy.Metric{limited, comparing, latency, queue, spent}

	soak := 5 + r.IntN(20)
	w := watch{Began: epoch, Width: time.Minute, Soak: time.Duration(soak) * time.Minute, Max: time.Duration(soak+r.IntN(20)) * time.Minute, New: "1.5.0", Old: "1.4.2"}
	rate, times, gaps := 0.005*float64(1+r.IntN(3)), []float64{1, 1, 1, 2, 6}[r.IntN(5)], []float64{0, 0, 0.03, 0.2}[r.IntN(4)]
	requests := []int{5, 60, 400}[r.IntN(3)]
	deep := []float64{4, 4, 9}[r.IntN(3)]
	for _, m := range all[:4] {
		seen := watched{Name: m.Name, Bounds: latencyBounds}
		for range w.most() {
			s := slot{Canary: side{Samples: 4}}
			if m.Compare != nil {
				s.Baseline = &side{Samples: 4}
			}
			switch m.Kind() {
			case "ratio":
				s.Canary.Total, s.Canary.Bad = float64(requests), drawn(r, requests, rate*times)
				if s.Baseline != nil {
					s.Baseline.Total, s.Baseline.Bad = float64(10*requests), drawn(r, 10*requests, rate)
				}
			case "histogram":
				s.Canary.Buckets = latencies5(r, requests, 0.08*math.Sqrt(times))
				s.Baseline.Buckets = latencies5(r, 10*requests, 0.08)
			default:
				v, base := deep*r.Float64()*math.Sqrt(times), 4*r.Float64()+2
				s.Canary.Value, s.Baseline.Value = &v, &base
			}
			if r.Float64() < gaps {
				s = slot{}
			}
			seen.Slots = append(seen.Slots, s)
		}
		w.Metrics = append(w.Metrics, seen)
	}
	if one := r.IntN(8); one < len(all) { // alone, so that no other one keeps it from passing
		return policy.Verify{Metrics: all[one : one+1]}, w
	}
	return policy.Verify{Metrics: all}, w
}

func drawn(r *rand.Rand, n int, p float64) (bad float64) {
	for range n {
		if r.Float64() < p {
			bad++
		}
	}
	return bad
}

// latencies5 are the buckets of requests that take a mean of so many seconds.
func latencies5(r *rand.Rand, n int, mean float64) []float64 {
	h := make([]float64, len(latencyBounds)+1)
	for range n {
		took := mean * r.ExpFloat64()
		for i, b := range latencyBounds {
			if took <= b {
				h[i]++
			}
		}
		h[len(latencyBounds)]++
	}
	return h
}

// until is a watch of which each metric was read up to some slot only.
func (w watch) cut(slots func() int) watch {
	w.Metrics = slices.Clone(w.Metrics)
	for i := range w.Metrics {
		m := &w.Metrics[i]
		if n := slots(); n < len(m.Slots) {
			m.Slots = m.Slots[:n]
		}
	}
	return w
}

func (n numbers) verdicts() string {
	text := fmt.Sprint(n.slots, n.settled)
	for _, j := range n.metrics {
		text += fmt.Sprint(" ", j.metric.Name, "=", j.outcome, "@", j.harmed)
	}
	return text
}

// However few slots were read so far: once it is settled, no later slot changes anything, and read slot by slot it comes to
// what it comes to when all is read at once.
func TestSettledStaysSettled(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	ends := map[string]int{}
	for n := range 150 {
		v, w := random(r, "")
		want := judgeNumbers(v, w)
		if !want.settled {
			t.Fatalf("%d: with all that there is it is not settled", n)
		}
		ends[outcomeOf(want)]++
		for slots := range w.most() + 1 {
			got := judgeNumbers(v, w.cut(func() int { return slots }))
			if got.settled != (slots >= want.slots) || got.settled && got.verdicts() != want.verdicts() {
				t.Fatalf("%d: by %d slots\n%s, and by all\n%s", n, slots, got.verdicts(), want.verdicts())
			}
			if !got.settled && (outcomeOf(got) != "undecided" || got.slots != slots) {
				t.Fatalf("%d: by %d slots it is %s, and not settled", n, slots, outcomeOf(got))
			}
		}
		for range 10 { // read unequally far
			if got := judgeNumbers(v, w.cut(func() int { return r.IntN(w.most() + 1) })); got.settled && outcomeOf(got) != outcomeOf(want) {
				t.Fatalf("%d: cut unequally\n%s, and by all\n%s", n, got.verdicts(), want.verdicts())
			}
		}
	}
	for _, end := range []string{"harmful", "undecided", "fine"} {
		if ends[end] < 10 {
			t.Errorf("the ends were %v", ends)
		}
	}
}

// outcomeOf is what becomes of a version that has these numbers.
func outcomeOf(n numbers) string {
	switch {
	case n.harmful():
		return "harmful"
	case !n.settled || n.undecided():
		return "undecided"
	}
	return "fine"
}

// worsenings make numbers worse, or fewer.
var worsenings = map[string]func(r *rand.Rand, w *watch){
	"more is bad": func(r *rand.Rand, w *watch) {
		s := slotOf(r, w, 0, 1)
		if s.Canary.Total > 0 {
			s.Canary.Bad = min(s.Canary.Total, s.Canary.Bad+float64(1+r.IntN(20)))
		}
	},
	"fewer were good": func(r *rand.Rand, w *watch) {
		for i := range w.Metrics[:2] {
			for k := range w.Metrics[i].Slots {
				s := &w.Metrics[i].Slots[k]
				s.Canary.Total = max(s.Canary.Bad, math.Floor(s.Canary.Total/2))
			}
		}
	},
	"all slower": func(r *rand.Rand, w *watch) {
		s := slotOf(r, w, 2)
		for i := range s.Canary.Buckets[:max(0, len(s.Canary.Buckets)-1)] {
			s.Canary.Buckets[i] = 0
		}
	},
	"deeper": func(r *rand.Rand, w *watch) {
		if s := &w.Metrics[3].Slots[w.most()-1-r.IntN(w.most()/2)]; s.Canary.Value != nil {
			v := *s.Canary.Value + 20
			s.Canary.Value = &v
		}
	},
	"half was not read": func(r *rand.Rand, w *watch) {
		m := &w.Metrics[r.IntN(4)]
		for k := range m.Slots {
			if k%2 == 0 {
				m.Slots[k].Problem = &timeseries.Problem{Name: timeseries.NotANumber, Detail: "so it is"}
			}
		}
	},
	"the last was not read": func(r *rand.Rand, w *watch) {
		m := &w.Metrics[r.IntN(4)]
		for k := max(0, int(w.Soak/w.Width)-1); k < len(m.Slots); k++ {
			m.Slots[k] = slot{Canary: side{}}
		}
	},
	"a metric is gone": func(r *rand.Rand, w *watch) { i := r.IntN(4); w.Metrics = slices.Delete(w.Metrics, i, i+1) },
	"a source is gone": func(r *rand.Rand, w *watch) {
		m := &w.Metrics[r.IntN(4)]
		m.Slots, m.Problem = m.Slots[:r.IntN(int(w.Soak/w.Width))], &timeseries.Problem{Name: timeseries.Unreachable}
	},
	"there is no baseline": func(r *rand.Rand, w *watch) {
		m := &w.Metrics[1+r.IntN(3)]
		for k := range m.Slots {
			m.Slots[k].Baseline = nil
		}
	},
}

func slotOf(r *rand.Rand, w *watch, metrics ...int) *slot {
	m := &w.Metrics[metrics[r.IntN(len(metrics))]]
	return &m.Slots[r.IntN(len(m.Slots))]
}

// copied is a watch that shares no slot with another one.
func (w watch) copied() watch {
	w.Metrics = slices.Clone(w.Metrics)
	for i := range w.Metrics {
		m := &w.Metrics[i]
		m.Slots = slices.Clone(m.Slots)
		for k := range m.Slots {
			s := &m.Slots[k]
			s.Canary.Buckets = slices.Clone(s.Canary.Buckets)
		}
	}
	return w
}

// Worse numbers, and fewer of them, never make a pass of what was none.
func TestWorseNeverPasses(t *testing.T) {
	for name, worsen := range worsenings {
		for _, dispersion := range []string{"", "1"} {
			r := rand.New(rand.NewPCG(3, 4))
			changed := 0
			for n := range 120 {
				v, w := random(r, dispersion)
				before := judgeNumbers(v, w)
				worse := w.copied()
				worsen(r, &worse)
				after := judgeNumbers(v, worse)
				if before.verdicts() != after.verdicts() {
					changed++
				}
				if outcomeOf(after) == "fine" && outcomeOf(before) != "fine" {
					t.Errorf("%s (dispersion %q), %d: it was\n%s, and is\n%s", name, dispersion, n, before.verdicts(), after.verdicts())
				}
			}
			if changed == 0 {
				t.Errorf("%s changes nothing", name)
			}
		}
	}
}

// Where nothing is worse, hardly ever anything looks so: looking after every slot, at four metrics with five
// tests, is wrong no more often than one look at one.
func TestFewFalseAlarms(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	const runs = 150
	harmful := 0
	for range runs {
		w := hour()
		v := policy.Verify{}
		for _, m := range []policy.Metric{errors5xx(), belowOnePercent(), speed(""), {Name: "speed", Histogram: "h", Limit: "p95<300ms"}} {
			m.Name = fmt.Sprint(len(v.Metrics))
			seen := watched{Name: m.Name, Bounds: latencyBounds}
			for range w.most() {
				s := buckets(latencies5(r, 60, 0.0985), latencies5(r, 240, 0.0985)) // 4.8 % take longer than 300 ms
				s.Canary.Total, s.Canary.Bad = 60, drawn(r, 60, 0.009)
				s.Baseline.Total, s.Baseline.Bad = 600, drawn(r, 600, 0.009)
				seen.Slots = append(seen.Slots, s)
			}
			v.Metrics, w.Metrics = append(v.Metrics, m), append(w.Metrics, seen)
		}
		if n := judgeNumbers(v, w); n.harmful() {
			harmful++
		}
	}
	if harmful > runs*3/100 {
		t.Errorf("%d of %d good versions are harmful", harmful, runs)
	}
}

// BenchmarkJudge is one look at a day of twenty metrics, minute by minute.
func BenchmarkJudge(b *testing.B) {
	r := rand.New(rand.NewPCG(21, 22))
	w := watch{Began: epoch, Width: time.Minute, Soak: 24 * time.Hour, Max: 48 * time.Hour, New: "1.5.0", Old: "1.4.2"}
	v := policy.Verify{}
	for i := range 20 {
		m := []policy.Metric{errors5xx(), belowOnePercent(), speed(""), depth("<1000"), budget(14.4)}[i%5]
		m.Name = fmt.Sprint(i)
		if m.Use != "" {
			m.Use = "0"
		}
		seen := watched{Name: m.Name, Bounds: latencyBounds}
		for range 24 * 60 {
			s := buckets(latencies5(r, 60, 0.08), latencies5(r, 60, 0.08))
			s.Canary.Total, s.Canary.Bad = 60, drawn(r, 60, 0.004)
			s.Baseline.Total, s.Baseline.Bad = 600, drawn(r, 600, 0.004)
			s.Canary.Value = &s.Canary.Bad
			seen.Slots = append(seen.Slots, s)
		}
		v.Metrics, w.Metrics = append(v.Metrics, m), append(w.Metrics, seen)
	}
	b.ReportAllocs()
	for b.Loop() {
		if n := judgeNumbers(v, w); n.harmful() || n.slots != 24*60 {
			b.Fatal(n.verdicts())
		}
	}
}
