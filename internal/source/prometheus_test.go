package source

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/timeseries"
)

// question is one over the first slots of ten seconds.
func question(query string, kind timeseries.Kind, slots int) timeseries.Question {
	return timeseries.Question{Query: query, Kind: kind, Since: began, Window: timeseries.Window{From: began, Width: 10 * time.Second, Slots: slots}}
}

func growths(a timeseries.Answer) (out []float64) {
	for _, s := range a.Slots {
		out = append(out, s.Growth)
	}
	return out
}

func TestCounters(t *testing.T) {
	x := map[string]string{"job": "x"}
	for name, c := range map[string]struct {
		samples []sample
		growth  []float64
		resets  int
		trouble timeseries.Name
	}{
		"grows":                        {values(-5, 10, 100, 103, 103, 110), []float64{3, 0, 7}, 0, ""},
		"at the ends of slots":         {values(0, 10, 5, 6, 8, 11), []float64{1, 2, 3}, 0, ""},
		"begins anew":                  {values(-5, 10, 100, 103, 2, 5), []float64{3, 2, 3}, 1, ""},
		"appears":                      {values(15, 10, 4, 6), []float64{0, 4, 2}, 0, ""},
		"goes on after a gap":          {append(values(-1500, 1, 40), values(15, 10, 44, 45)...), []float64{0, 4, 1}, 0, ""},
		"begins anew in a gap":         {append(values(-1500, 1, 40), values(15, 10, 3, 4)...), []float64{0, 3, 1}, 1, ""},
		"seen too long ago":            {append(values(-4000, 1, 40), values(15, 10, 44, 45)...), []float64{0, 44, 1}, 0, ""},
		"belongs to the later sample":  {append(values(-5, 1, 1), values(25, 1, 9)...), []float64{0, 0, 8}, 0, ""},
		"is not a number":              {values(-5, 10, 1, math.NaN()), nil, 0, timeseries.NotANumber},
		"is infinite":                  {values(-5, 10, 1, math.Inf(1)), nil, 0, timeseries.Infinite},
		"is negative":                  {values(-5, 10, 1, -1), nil, 0, timeseries.NotCounter},
		"grows by more than there are": {values(-5, 10, 0, math.MaxFloat64, 0, math.MaxFloat64), []float64{math.MaxFloat64, 0, math.MaxFloat64}, 1, ""},
	} {
		for _, leftOpen := range []bool{false, true} {
			f := &prom{leftOpen: leftOpen}
			f.hold("a_total", x, c.samples...)
			a, trouble := f.serve(t).Ask(t.Context(), question(`a_total{job="x"}`, timeseries.Counter, 3))
			if c.trouble != "" {
				if trouble == nil || trouble.Name != c.trouble || a.Slots != nil {
					t.Errorf("%s: %v, %v, want %s", name, a, trouble, c.trouble)
				}
				continue
			}
			resets := 0
			for _, s := range a.Slots {
				resets += s.Resets
			}
			if trouble != nil || !reflect.DeepEqual(growths(a), c.growth) || resets != c.resets || a.Series != 1 {
				t.Errorf("%s (left open %v): %v, %v, want %v with %d resets", name, leftOpen, a, trouble, c.growth, c.resets)
			}
		}
	}
}

// However a window is cut into questions, its slots are the same.
func TestCutsChangeNothing(t *testing.T) {
	for seed := range uint64(40) {
		random := rand.New(rand.NewPCG(seed, 1))
		f := &prom{leftOpen: seed%2 == 0}
		for n := range 4 {
			var all []sample
			value := 0.0
			for second := -4000 + random.Float64()*3000; second < 4800; second += 5 + random.Float64()*25 {
				switch random.IntN(40) {
				case 0:
					value = 0
				case 1:
					second += random.Float64() * 3000
				default:
					value += float64(random.IntN(9))
				}
				all = append(all, sample{at(math.Round(second*1000) / 1000), value})
			}
			f.hold("a_total", map[string]string{"pod": fmt.Sprint(n)}, all...)
		}
		// one that was seen less than an hour before the watching, and again an hour and more later
		f.hold("a_total", map[string]string{"pod": "rare"}, append(values(-3000, 1, 40), values(2000, 10, 44, 45)...)...)
		p := f.serve(t)
		const slots = 480
		whole, trouble := p.Ask(t.Context(), question("a_total", timeseries.Counter, slots))
		if trouble != nil {
			t.Fatal(trouble)
		}
		var parts []timeseries.Slot
		for len(parts) < slots {
			q := question("a_total", timeseries.Counter, min(1+random.IntN(120), slots-len(parts)))
			q.From = began.Add(time.Duration(len(parts)) * q.Width)
			part, trouble := p.Ask(t.Context(), q)
			if trouble != nil {
				t.Fatal(trouble)
			}
			parts = append(parts, part.Slots...)
		}
		for k := range parts {
			if !reflect.DeepEqual(parts[k], whole.Slots[k]) {
				t.Fatalf("seed %d, slot %d: %+v in parts, %+v at once", seed, k, parts[k], whole.Slots[k])
			}
		}
	}
}

func TestWhyThereIsNothing(t *testing.T) {
	f := &prom{}
	f.hold("a_total", map[string]string{"code": "200"}, values(-5, 10, 1, 2, 3)...)
	p := f.serve(t)
	for query, want := range map[string]timeseries.Name{
		`b_total`: timeseries.Empty, `a_total{status="500"}`: timeseries.Misspelt, `a_total{code="500"}`: "", `a_total{code=~"5..",x!="y"}`: "", `a_total{code="500",x=""}`: "",
		`rate(a_total[5m])`: timeseries.BadQuery, `sum(a_total)`: timeseries.BadQuery, `a_total offset 1m`: timeseries.BadQuery,
	} {
		a, trouble := p.Ask(t.Context(), question(query, timeseries.Counter, 2))
		if want == "" && (trouble != nil || a.Series != 0 || len(a.Slots) != 2 || a.Slots[0].Samples != 0) || want != "" && (trouble == nil || trouble.Name != want) {
			t.Errorf("%s: %v, %v, want %q", query, a, trouble, want)
		}
	}
}

func TestHistograms(t *testing.T) {
	ask := func(held map[string][]string) (timeseries.Answer, *timeseries.Problem) {
		f := &prom{}
		for pod, bounds := range held {
			for i, le := range bounds {
				labels := map[string]string{"pod": pod, "le": le}
				if le == "" {
					delete(labels, "le")
				}
				f.hold("d_bucket", labels, values(-5, 10, 0, float64(i+1), float64(3*i+3))...)
			}
		}
		return f.serve(t).Ask(t.Context(), question("d_bucket", timeseries.Histogram, 2))
	}
	a, trouble := ask(map[string][]string{"a": {"0.1", "1", "+Inf"}, "b": {"0.1", "1", "+Inf"}})
	if trouble != nil || !reflect.DeepEqual(a.Bounds, []float64{0.1, 1, math.Inf(1)}) || !reflect.DeepEqual(a.Slots[1].Buckets, []float64{4, 8, 12}) {
		t.Errorf("%v, %v", a, trouble)
	}
	for name, held := range map[string]map[string][]string{
		"no +Inf": {"a": {"0.1", "1"}}, "no le": {"a": {""}}, "one": {"a": {"+Inf"}}, "no number": {"a": {"x", "+Inf"}},
		"others": {"a": {"0.1", "+Inf"}, "b": {"0.2", "+Inf"}}, "one twice": {"a": {"1", "1.0", "+Inf"}},
	} {
		if a, trouble := ask(held); trouble == nil || trouble.Name != timeseries.NoBuckets || a.Slots != nil {
			t.Errorf("%s: %v, %v", name, a, trouble)
		}
	}
}

func TestGauges(t *testing.T) {
	f := &prom{}
	f.hold("g", map[string]string{"job": "x"}, append(values(-5, 10, 1, 2), values(400, 1, 7)...)...)
	f.hold("g", map[string]string{"job": "y"}, values(-5, 10, 1, 2)...)
	p := f.serve(t)
	a, trouble := p.Ask(t.Context(), question(`g{job="x"}`, timeseries.Gauge, 45))
	if trouble != nil || a.Series != 1 || a.Slots[0].Value != 2 || a.Slots[35].Samples != 0 || a.Slots[39].Value != 7 {
		t.Errorf("%v, %v", a, trouble)
	}
	for query, want := range map[string]timeseries.Name{"g": timeseries.Several, "h": timeseries.Empty, `g{jop="x"}`: timeseries.Misspelt} {
		if a, trouble := p.Ask(t.Context(), question(query, timeseries.Gauge, 3)); trouble == nil || trouble.Name != want || a.Slots != nil {
			t.Errorf("%s: %v, %v, want %s", query, a, trouble, want)
		}
	}
}
