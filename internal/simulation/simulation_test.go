package simulation

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// A few runs of the cases that matter, with bounds as wide as so few runs need.
func TestSlipwayReachesItsAims(t *testing.T) {
	for _, c := range Cases() {
		runs := 60 / c.costs
		if c.Minutes == day {
			c.Minutes, runs = 3*hour, 100
		}
		c.judges = c.judges[:1]
		o := c.Simulate(runs, 1)[0]
		if most := c.Most; most > 0 && o.Rate() > 3*most+0.01 {
			t.Errorf("%s: %s false alarms", c.Name, percent(o.Rate()))
		}
		if c.Least > 0 && o.Rate() < c.Least-0.1 {
			t.Errorf("%s: %s found", c.Name, percent(o.Rate()))
		}
		if c.Median > 0 && o.After(0.5) > c.Median*3/2 {
			t.Errorf("%s: half of them after %d minutes", c.Name, o.After(0.5))
		}
	}
}

func TestTheSameSeedGivesTheSame(t *testing.T) {
	c := Cases()[len(Cases())-1]
	c.Minutes = 20
	a, b, other := c.Simulate(8, 1), c.Simulate(8, 1), c.Simulate(8, 2)
	same := func(a, b []Outcome) bool {
		return slices.EqualFunc(a, b, func(a, b Outcome) bool { return slices.Equal(a.Alarms, b.Alarms) })
	}
	if !same(a, b) || same(a, other) {
		t.Errorf("%v, again %v, of another seed %v", a, b, other)
	}
}

// What is drawn has the mean and the variance that the document speaks of.
func TestTraffic(t *testing.T) {
	for _, c := range []struct {
		name string
		t    traffic
		by   int // minutes added up
		want float64
	}{
		{"independent errors", traffic{canary: 0.02, baseline: 0.02}, 1, 0.98},
		{"bursts", traffic{canary: 0.02, baseline: 0.02, bursts: true}, 1, 3},
		{"bursts that last", traffic{canary: 0.02, baseline: 0.02, bursts: true, spread: true}, 30, 3},
	} {
		u := run{drawn: c.t.tables(60000), r: rand.New(rand.NewPCG(1, 1))}
		n, sum, squares := 0.0, 0.0, 0.0
		for range 60000 / c.by {
			bad := 0.0
			for range c.by {
				bad += u.next().baseline.Bad
			}
			n, sum, squares = n+1, sum+bad, squares+bad*bad
		}
		mean := sum / n
		dispersion := (squares/n - mean*mean) / mean
		if math.Abs(mean/float64(c.by)-22.8) > 0.3 || math.Abs(dispersion/c.want-1) > 0.12 {
			t.Errorf("%s: mean %v, dispersion %v; want 22.8 and %v", c.name, mean/float64(c.by), dispersion, c.want)
		}
	}
}

func TestMannWhitney(t *testing.T) {
	a, b := []float64{19, 22, 16, 29, 24}, []float64{20, 11, 17, 12}
	if u := u(a, b); u != 17 {
		t.Fatalf("U = %v, want 17", u)
	}
	if p := exact(17, 5, 4); math.Abs(p-0.1111111) > 1e-7 {
		t.Errorf("exact p = %v", p)
	}
	if p := asymptotic(17, 5, 4, 0); math.Abs(p-0.1113469) > 1e-7 {
		t.Errorf("asymptotic p = %v", p)
	}
	a, b = []float64{10, 20, 30, 40}, []float64{1, 2, 3, 4}
	if p := exact(u(a, b), 4, 4); math.Abs(p-0.0285714) > 1e-7 {
		t.Errorf("exact p = %v", p)
	}
	low, high, shift := interval(a, b, differences(a, b), 0.98)
	if low != 6 || high != 39 || shift != 22.5 {
		t.Errorf("shift %v [%v, %v], want 22.5 [6, 39]", shift, low, high)
	}
	if p := asymptotic(8, 4, 4, 8*8*8-8); p != 1 {
		t.Errorf("where all are the same p is %v", p)
	}
}

func u(a, b []float64) (u float64) {
	for _, d := range differences(a, b) {
		if d > 0 {
			u++
		} else if d == 0 {
			u += 0.5
		}
	}
	return u
}

func differences(a, b []float64) (all []float64) {
	for _, x := range a {
		for _, y := range b {
			all = append(all, x-y)
		}
	}
	slices.Sort(all)
	return all
}

// What is kept from minute to minute is what one would reckon anew.
func TestRanksAreKept(t *testing.T) {
	r, chance := ranks{kayenta: true}, rand.New(rand.NewPCG(1, 1))
	for range 20 {
		r.harmful(minute{valueC: float64(chance.IntN(9)), valueB: float64(chance.IntN(9))})
	}
	if !slices.Equal(r.shifts, differences(r.canary, r.baseline)) || r.greater+r.equal/2 != u(r.canary, r.baseline) {
		t.Errorf("kept %v and %v", r.shifts, r.greater+r.equal/2)
	}
}

func TestThreshold(t *testing.T) {
	for failures, want := range map[int]int{0: 2, 3: 8} {
		judge := &threshold{limit: func(minute) float64 { return 0.01 }, failures: failures}
		at := 0
		for m := 1; m < 20 && at == 0; m++ {
			if judge.harmful(minute{valueC: 0.02 * float64((m+1)%2)}) {
				at = m
			}
		}
		if at != want {
			t.Errorf("with %d failures let pass it fails in minute %d, want %d", failures, at, want)
		}
	}
}

func TestTableAndAims(t *testing.T) {
	found := Outcome{Runs: 4, Alarms: []int{1, 2, 3, 30}}
	rows := []Row{
		{Case{Name: "good", Most: 0.01}, []Outcome{{Runs: 4, Alarms: []int{9}}}},
		{Case{Name: "bad", Harmful: true, Least: 1, Median: 2}, []Outcome{found}},
		{Case{Name: "never found", Harmful: true, Least: 0.9, Median: 2}, []Outcome{{Runs: 4, Early: 1}}},
	}
	table := Table(rows)
	for _, want := range []string{"| good | ≤ 1 % | 4 | 25 % |", "| bad | all, half in ≤ 2 min | 4 | 100 %, 3 / 30 min |", "| never found | ≥ 90 %, half in ≤ 2 min | 4 | 0 % (25 % falsely before) |"} {
		if !strings.Contains(table, want) {
			t.Errorf("%q is missing in\n%s", want, table)
		}
	}
	for _, r := range rows {
		if r.Missed() == nil {
			t.Errorf("%s: nothing is missed", r.Name)
		}
	}
	if err := (Row{Case{Least: 1, Median: 3}, []Outcome{found}}).Missed(); err != nil {
		t.Errorf("%v", err)
	}
	for share, want := range map[float64]string{0: "0 %", 1e-6: "< 0.01 %", 0.005: "0.5 %", 0.999999: "> 99.99 %", 1: "100 %"} {
		if got := percent(share); got != want {
			t.Errorf("percent(%v) = %q, want %q", share, got, want)
		}
	}
}
