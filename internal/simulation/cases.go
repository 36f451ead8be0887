package simulation

import (
	"math/rand/v2"

	"github.com/slipway-actions/slipway/internal/sequential"
)

const day = 24 * hour

// Cases are those that the product is held to, and what else one wants to know.
func Cases() []Case {
	var cases []Case
	for _, rate := range []struct {
		name string
		rate float64
	}{{"0.1 %", 0.001}, {"0.5 %", 0.005}, {"2 %", 0.02}, {"20 %", 0.2}} {
		cases = append(cases, healthy("equal rates of "+rate.name, traffic{canary: rate.rate, baseline: rate.rate}, 0.01))
	}
	cases = append(cases, healthy("0.5 %, the canary's share of traffic drifting from 1 % to 50 %", traffic{canary: 0.005, baseline: 0.005, requests: drift}, 0.01))
	for _, rate := range []struct {
		name string
		rate float64
	}{{"0.1 %", 0.001}, {"0.5 %", 0.005}, {"2 %", 0.02}, {"20 %", 0.2}} {
		cases = append(cases, healthy(rate.name+", errors in bursts", traffic{canary: rate.rate, baseline: rate.rate, bursts: true}, 0.02))
	}
	cases = append(cases, healthy("drifting from 1 % to 50 %, errors in bursts", traffic{canary: 0.005, baseline: 0.005, requests: drift, bursts: true}, 0.02))
	for _, rate := range []struct {
		name string
		rate float64
	}{{"0.1 %", 0.001}, {"0.5 %", 0.005}, {"2 %", 0.02}, {"20 %", 0.2}} {
		cases = append(cases, healthy(rate.name+", bursts that last for minutes", traffic{canary: rate.rate, baseline: rate.rate, bursts: true, spread: true}, 0))
	}
	cases = append(cases,
		harmful("5 % against 0.5 %", traffic{canary: 0.05, baseline: 0.005}, 1, 3),
		harmful("2 % against 0.5 %", traffic{canary: 0.02, baseline: 0.005}, 0.99, 10),
		harmful("1 % against 0.5 %", traffic{canary: 0.01, baseline: 0.005}, 0.9, 0),
		harmful("5 % against 0.5 %, errors in bursts", traffic{canary: 0.05, baseline: 0.005, bursts: true}, 0, 0),
		harmful("5 % against 0.5 %, after six healthy hours", traffic{canary: 0.05, baseline: 0.005, since: 6 * hour}, 0, 0),
	)
	for _, b := range []struct {
		name   string
		bounds []float64
	}{{"Prometheus' usual buckets", prometheusBounds}, {"fine buckets", fineBounds}} {
		cases = append(cases,
			slower(Case{Name: "latency unchanged, " + b.name, Most: 0.01}, b.bounds, 1),
			slower(Case{Name: "latency +20 %, just what is tolerated, " + b.name, Most: 0.01}, b.bounds, 1.2),
			slower(Case{Name: "latency +50 %, " + b.name, Harmful: true, Least: 0.99, Median: 15}, b.bounds, 1.5))
	}
	return cases
}

// drift is a release that goes from 1 % of the traffic to half of it within a day.
func drift(minute int) (canary, baseline int) {
	n := int(1200 * (0.01 + 0.49*float64(minute)/day))
	return n, 1200 - n
}

func healthy(name string, t traffic, most float64) Case {
	return errorCase(Case{Name: name, Minutes: day, Most: most}, t)
}

func harmful(name string, t traffic, least float64, median int) Case {
	return errorCase(Case{Name: name, Harmful: true, Minutes: t.since + 2*hour, Since: t.since, Least: least, Median: median}, t)
}

func errorCase(c Case, t traffic) Case {
	c.costs = 1
	tables := t.tables(c.Minutes)
	c.begin = func(r *rand.Rand) world { return &run{drawn: tables, r: r} }
	compare := func(dispersion float64) func() judge {
		return func() judge { return failing{sequential.NewComparison(sequential.Options{Dispersion: dispersion})} }
	}
	// Whoever sets a threshold takes twice what is usual.
	limit := func(minute) float64 { return 2 * t.baseline }
	c.judges = judges(compare(0), compare(3), limit)
	return c
}

func slower(c Case, bounds []float64, times float64) Case {
	c.Minutes, c.costs = 2*hour, 4
	c.begin = func(r *rand.Rand) world { return newAnswers(bounds, times, r) }
	compare := func(dispersion float64) func() judge {
		return func() judge {
			return latencies{sequential.NewLatency([]float64{0.5, 0.95, 0.99}, bounds, 0.2, sequential.Options{Dispersion: dispersion})}
		}
	}
	c.judges = judges(compare(0), compare(3), func(m minute) float64 { return 1.2 * m.valueB })
	return c
}

func judges(auto, given func() judge, limit func(minute) float64) []func() judge {
	return []func() judge{auto, given,
		func() judge { return &threshold{limit: limit} },
		func() judge { return &threshold{limit: limit, failures: 3} },
		func() judge { return &ranks{} },
		func() judge { return &ranks{kayenta: true} },
	}
}
