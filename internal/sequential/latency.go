package sequential

// Latency holds the canary's latencies against the baseline's, from histograms.
type Latency struct {
	evidence
	tails []*Tail
}

// Tail is one quantile of a Latency: how many are slower than the boundary next to it.
type Tail struct {
	Quantile  float64
	Boundary  float64 // a bound of the buckets; NaN where none was found yet
	Canary    Counts  // in all; bad is slower than the boundary
	Baseline  Counts
	Tolerated Counts // the baseline's that would be slower than the boundary if all took the tolerated increase longer
}

// NewLatency begins one.
func NewLatency(quantiles, bounds []float64, maxIncrease float64, o Options) *Latency { return &Latency{} }

// Add takes the next slot: the growth of the buckets up to each bound, cumulative, the last of all.
func (l *Latency) Add(canary, baseline []float64) bool { return false }

// Tails are the quantiles, in the order that they were asked for.
func (l *Latency) Tails() []Tail { return nil }
