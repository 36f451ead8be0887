package deployverify

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// Whatever a service does, a run ends in time and its end is what the looks were.
func TestEveryRunEnds(t *testing.T) {
	const letters = "gggggggoertdpc"
	random := rand.New(rand.NewPCG(1, 2))
	ends := map[ending]int{}
	for range 5000 {
		i, w := wishes(), world{latency: time.Duration(random.IntN(12_000)) * time.Millisecond}
		i.Plan = plan{
			Slice: endless, Consecutive: 1 + random.IntN(4), Interval: time.Duration(1+random.IntN(20_000)) * time.Millisecond,
			Timeout: time.Duration(1+random.IntN(120_000)) * time.Millisecond, Soak: time.Duration(random.IntN(3)*random.IntN(100_000)) * time.Millisecond,
		}
		if random.IntN(3) > 0 {
			w.latency /= 100
		}
		for range 1 + random.IntN(40) {
			w.answers += string(letters[random.IntN(len(letters))])
		}
		e := w.watch(i)
		ends[e.End]++
		request := i.Plan.request()
		if took, bound := e.Ended.Sub(e.Started), i.Plan.Timeout+max(i.Plan.Soak, request)+request; took > bound {
			t.Fatalf("it took %s of %s: %+v %q", took, bound, i.Plan, w.answers)
		}
		if i.Plan.Soak == 0 && e.Ended.Sub(e.Started) > i.Plan.Timeout+request {
			t.Fatalf("without a soak it took %s: %+v %q", e.Ended.Sub(e.Started), i.Plan, w.answers)
		}
		before := w.looks[:e.Startup.Looks]
		rows := longestRow(before)
		stood := len(before) >= i.Plan.Consecutive && !slices.Contains(before[len(before)-i.Plan.Consecutive:], false)
		during := w.looks[e.Startup.Looks:]
		switch e.End {
		case kept:
			if !stood || rows > i.Plan.Consecutive || i.Plan.Soak > 0 && (len(during) == 0 || !during[len(during)-1] || e.Ended.Sub(e.Started) < i.Plan.Soak) {
				t.Fatalf("kept after %v and %v: %+v", before, during, i.Plan)
			}
			if longestRow(inverse(during)) >= i.Plan.Consecutive {
				t.Fatalf("kept though %v: %+v", during, i.Plan)
			}
		case deadline:
			if rows >= i.Plan.Consecutive || len(during) > 0 {
				t.Fatalf("deadline after %v and %v: %+v", before, during, i.Plan)
			}
		case broke:
			if !stood || len(during) == 0 || during[len(during)-1] {
				t.Fatalf("broke after %v and %v: %+v", before, during, i.Plan)
			}
		}
		if d := decide(e); (d.act == promote) != (e.End == kept) || d.act == rollback && (e.End == kept || e.blamed() == 0) {
			t.Fatalf("%s after %s, %+v %q", d.act, e.End, i.Plan, w.answers)
		}
	}
	if len(ends) != 3 {
		t.Errorf("ends are %v; the test should see kept, deadline and broke", ends)
	}
}

func (e evidence) blamed() int { return e.Startup.Blamed + e.Soak.Blamed }

func longestRow(looks []bool) int {
	longest, row := 0, 0
	for _, good := range looks {
		if row++; !good {
			row = 0
		}
		longest = max(longest, row)
	}
	return longest
}

func inverse(looks []bool) []bool {
	var all []bool
	for _, good := range looks {
		all = append(all, !good)
	}
	return all
}

// Looks before the soak are an interval apart, and none begins after the timeout.
func TestLooksAreApart(t *testing.T) {
	for name, test := range map[string]struct {
		answers string
		plan    plan
		looks   int
		took    time.Duration
	}{
		"three at once":              {"g", plan{Slice: endless, Consecutive: 3, Interval: 5 * time.Second, Timeout: time.Minute}, 3, 10 * time.Second},
		"just enough room":           {"g", plan{Slice: endless, Consecutive: 3, Interval: 5 * time.Second, Timeout: 10 * time.Second}, 3, 10 * time.Second},
		"none after the timeout":     {"o", plan{Slice: endless, Consecutive: 3, Interval: 7 * time.Second, Timeout: 20 * time.Second}, 3, 14 * time.Second},
		"one where there is no room": {"o", plan{Slice: endless, Consecutive: 1, Interval: time.Minute, Timeout: time.Second}, 1, 0},
		"to the end of the soak":     {"g", plan{Slice: endless, Consecutive: 1, Interval: 5 * time.Second, Timeout: time.Minute, Soak: 12 * time.Second}, 4, 12 * time.Second},
		"a soak shorter than that":   {"g", plan{Slice: endless, Consecutive: 2, Interval: 5 * time.Second, Timeout: time.Minute, Soak: time.Second}, 3, 6 * time.Second},
	} {
		i, w := wishes(), world{answers: test.answers}
		i.Plan = test.plan
		e := w.watch(i)
		if got := e.Startup.Looks + e.Soak.Looks; got != test.looks || e.Ended.Sub(e.Started) != test.took {
			t.Errorf("%s: %d looks in %s, want %d in %s", name, got, e.Ended.Sub(e.Started), test.looks, test.took)
		}
	}
}

// A look that its service draws out is cut off, and what was not asked is no success, nor a failure.
func TestLookEndsInTime(t *testing.T) {
	i, w := wishes(), world{answers: "g", latency: 9 * time.Second}
	i.checks[0].times = 50
	e := w.watch(i)
	if took := e.Ended.Sub(e.Started); took > i.Plan.Timeout+lookTime+requestTimeout {
		t.Errorf("it took %s", took)
	}
	if e.Startup.Good != 0 || e.End != deadline || decide(e).act != hold {
		t.Errorf("%s after %+v", e.End, e.Startup)
	}
}

// The last look of a soak begins as the soak ends, and is whole all the same.
func TestLastLookIsWhole(t *testing.T) {
	i, w := wishes(), world{answers: "g", latency: 100 * time.Millisecond}
	i.checks = append(i.checks, versionCheck("1.5.0"))
	i.checks[0].times, i.Plan.Soak = 20, 17*time.Second
	if e := w.watch(i); e.End != kept || decide(e).act != promote {
		t.Errorf("%s after %+v", e.End, e.Soak)
	}
}

// A long soak keeps the whole story and little of it.
func TestLongSoak(t *testing.T) {
	i, w := wishes(), world{answers: ""}
	i.Plan.Soak = 48 * time.Hour
	for range 500 { // flaps for a while, then stands
		w.answers += "ggge"
	}
	w.answers += "g"
	e := w.watch(i)
	if e.End != kept || e.Soak.Looks < 34_000 || len(e.First) != keptFirst || len(e.Last) != keptLast || len(e.newest) != keptLatencies {
		t.Errorf("%s after %d looks; kept %d and %d stretches, %d latencies", e.End, e.Soak.Looks, len(e.First), len(e.Last), len(e.newest))
	}
	if newest := e.Last[len(e.Last)-1]; newest.Looks < 30_000 || newest.Says != good {
		t.Errorf("the newest stretch is %+v", newest)
	}
	if len(w.logged) > 1000+48*60*2+10 {
		t.Errorf("%d lines were logged", len(w.logged))
	}
}
