package chart

import (
	"math"
	"strconv"
	"time"
)

// utmost is where values end: beyond it, sums of them would be infinite.
const utmost = 1e300

// scale maps values to 0…1, from the lower end of the axis to the upper.
type scale struct {
	lo, hi float64 // ends of the axis; of a logarithmic one, the powers of ten
	log    bool
	ticks  []tick
}

type tick struct {
	at    float64 // from 0 to 1
	label string
}

// level is where a value is drawn. What is infinite, or beyond the axis, is at its edge.
func (s scale) level(v float64) float64 {
	if s.log {
		if v <= 0 {
			return 0
		}
		v = math.Log10(v)
	}
	v = min(max(v, s.lo), s.hi)
	return min(max((v-s.lo)/(s.hi-s.lo), 0), 1)
}

// valueScale is the axis for what a chart shows.
func (c Chart) valueScale(ticks int) scale {
	lo, hi := math.Inf(1), math.Inf(-1)
	take := func(v float64) {
		if finite(v) && (!c.Log || v > 0) {
			v = min(max(v, -utmost), utmost)
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	for _, s := range c.drawn() {
		for i := range c.X {
			take(s.at(i))
		}
	}
	if c.limited() {
		take(c.Limit)
	}
	if lo > hi {
		lo, hi = 1, 1
	}
	if c.Log {
		return logScale(lo, hi, ticks)
	}
	return linearScale(lo, hi, ticks, c.Unit)
}

// linearScale begins at zero, unless what it shows is far from it and would be squeezed into a line.
func linearScale(lo, hi float64, ticks int, unit string) scale {
	switch {
	case lo >= 0 && hi-lo >= hi/4, lo == hi && lo >= 0:
		lo = 0
	case hi <= 0 && hi-lo >= -lo/4, lo == hi:
		hi = 0
	}
	if lo == hi {
		hi = lo + 1
	}
	step := niceStep((hi - lo) / float64(ticks))
	if step < max(math.Abs(lo), math.Abs(hi))*1e-12 { // finer than numbers can tell apart
		step = niceStep(max(math.Abs(lo), math.Abs(hi)) * 1e-6)
	}
	first, last := math.Floor(lo/step), math.Ceil(hi/step)
	if last == first {
		last++
	}
	s := scale{lo: first * step, hi: last * step}
	for k := first; k <= last && len(s.ticks) <= 2*ticks; k++ {
		s.ticks = append(s.ticks, tick{(k - first) / (last - first), withUnit(tickLabel(k*step, step, max(math.Abs(s.lo), math.Abs(s.hi))), unit)})
	}
	return s
}

// tickLabel has as many decimals as the steps between ticks need.
func tickLabel(v, step, largest float64) string {
	decimals := max(0, -int(math.Floor(math.Log10(step)+1e-9)))
	if largest >= 1e7 || decimals > 5 {
		if math.Abs(v) < step/2 {
			return "0"
		}
		significant := int(math.Floor(math.Log10(math.Abs(v))+1e-9)) + decimals
		if decimals == 0 {
			significant = int(math.Floor(math.Log10(math.Abs(v))+1e-9) - math.Floor(math.Log10(step)+1e-9))
		}
		return power(strconv.FormatFloat(v, 'e', min(max(significant, 0), 6), 64))
	}
	return grouped(strconv.FormatFloat(v, 'f', decimals, 64))
}

// niceStep is the next of 1, 2 and 5 times a power of ten.
func niceStep(rough float64) float64 {
	rough = max(rough, 1e-300)
	unit := math.Pow(10, math.Floor(math.Log10(rough)))
	for _, times := range []float64{1, 2, 5} {
		if times*unit >= rough*(1-1e-9) {
			return times * unit
		}
	}
	return 10 * unit
}

// logScale has its ends at whole powers of ten.
func logScale(lo, hi float64, ticks int) scale {
	first, last := math.Floor(math.Log10(lo)+1e-9), math.Ceil(math.Log10(hi)-1e-9)
	if last <= first {
		last = first + 1
	}
	s := scale{lo: first, hi: last, log: true}
	step := math.Ceil((last - first) / float64(ticks))
	for k := math.Ceil(first/step) * step; k <= last; k += step {
		label := "1e" + strconv.Itoa(int(k))
		if k >= -4 && k <= 6 {
			label = grouped(strconv.FormatFloat(math.Pow(10, k), 'f', max(0, -int(k)), 64))
		}
		s.ticks = append(s.ticks, tick{(k - first) / (last - first), label})
	}
	return s
}

// steps are how far ticks of time may be apart.
var steps = []time.Duration{
	time.Second, 5 * time.Second, 10 * time.Second, 15 * time.Second, 30 * time.Second,
	time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute,
	time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour,
	day, 2 * day, 5 * day, 10 * day, 30 * day, 90 * day, 365 * day, 10 * 365 * day,
}

const day = 24 * time.Hour

// timeTicks are moments on round clock times, at most so many, between from and to, in seconds of Unix.
func timeTicks(from, to float64, most int) []tick {
	if !(to > from) {
		return []tick{{0.5, clock(from, time.Second)}}
	}
	step := steps[len(steps)-1].Seconds()
	for _, s := range steps {
		if (to-from)/s.Seconds() <= float64(most) {
			step = s.Seconds()
			break
		}
	}
	if (to-from)/step > float64(most) {
		step = math.Ceil((to - from) / float64(most))
	}
	var ticks []tick
	for k := math.Ceil(from / step); k*step <= to && len(ticks) <= most; k++ {
		ticks = append(ticks, tick{(k*step - from) / (to - from), clock(k*step, time.Duration(min(step, 1e9))*time.Second)})
	}
	if len(ticks) == 0 { // less than a second
		ticks = []tick{{0, clock(from, time.Second)}}
	}
	return ticks
}

// clock writes a moment as finely as ticks so far apart need.
func clock(unix float64, step time.Duration) string {
	t := moment(unix)
	switch {
	case step >= day && step < 365*day:
		return t.Format("2 Jan")
	case step >= 365*day:
		return t.Format("Jan 2006")
	case step >= time.Minute && t.Hour() == 0 && t.Minute() == 0:
		return t.Format("2 Jan")
	case step >= time.Minute:
		return t.Format("15:04")
	}
	return t.Format(time.TimeOnly)
}

func moment(unix float64) time.Time {
	whole := math.Floor(unix)
	return time.Unix(int64(whole), int64((unix-whole)*1e9)).UTC()
}
