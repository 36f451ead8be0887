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
		i.plan = plan{
			consecutive: 1 + random.IntN(4), interval: time.Duration(1+random.IntN(20_000)) * time.Millisecond,
			timeout: time.Duration(1+random.IntN(120_000)) * time.Millisecond, soak: time.Duration(random.IntN(3)*random.IntN(100_000)) * time.Millisecond,
		}
		if random.IntN(3) > 0 {
			w.latency /= 100
		}
		for range 1 + random.IntN(40) {
			w.answers += string(letters[random.IntN(len(letters))])
		}
		e := w.watch(i)
		ends[e.end]++
		request := i.plan.request()
		if took, bound := e.ended.Sub(e.started), i.plan.timeout+max(i.plan.soak, request)+request; took > bound {
			t.Fatalf("it took %s of %s: %+v %q", took, bound, i.plan, w.answers)
		}
		if i.plan.soak == 0 && e.ended.Sub(e.started) > i.plan.timeout+request {
			t.Fatalf("without a soak it took %s: %+v %q", e.ended.Sub(e.started), i.plan, w.answers)
		}
		before := w.looks[:e.startup.looks]
		rows := longestRow(before)
		stood := len(before) >= i.plan.consecutive && !slices.Contains(before[len(before)-i.plan.consecutive:], false)
		during := w.looks[e.startup.looks:]
		switch e.end {
		case kept:
			if !stood || rows > i.plan.consecutive || i.plan.soak > 0 && (len(during) == 0 || !during[len(during)-1] || e.ended.Sub(e.started) < i.plan.soak) {
				t.Fatalf("kept after %v and %v: %+v", before, during, i.plan)
			}
			if longestRow(inverse(during)) >= i.plan.consecutive {
				t.Fatalf("kept though %v: %+v", during, i.plan)
			}
		case deadline:
			if rows >= i.plan.consecutive || len(during) > 0 {
				t.Fatalf("deadline after %v and %v: %+v", before, during, i.plan)
			}
		case broke:
			if !stood || len(during) == 0 || during[len(during)-1] {
				t.Fatalf("broke after %v and %v: %+v", before, during, i.plan)
			}
		}
		if d := decide(e); (d.act == promote) != (e.end == kept) || d.act == rollback && (e.end == kept || e.blamed() == 0) {
			t.Fatalf("%s after %s, %+v %q", d.act, e.end, i.plan, w.answers)
		}
	}
	if len(ends) != 3 {
		t.Errorf("ends are %v; the test should see kept, deadline and broke", ends)
	}
}

func (e evidence) blamed() int { return e.startup.blamed + e.soak.blamed }

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
		"three at once":              {"g", plan{consecutive: 3, interval: 5 * time.Second, timeout: time.Minute}, 3, 10 * time.Second},
		"just enough room":           {"g", plan{consecutive: 3, interval: 5 * time.Second, timeout: 10 * time.Second}, 3, 10 * time.Second},
		"none after the timeout":     {"o", plan{consecutive: 3, interval: 7 * time.Second, timeout: 20 * time.Second}, 3, 14 * time.Second},
		"one where there is no room": {"o", plan{consecutive: 1, interval: time.Minute, timeout: time.Second}, 1, 0},
		"to the end of the soak":     {"g", plan{consecutive: 1, interval: 5 * time.Second, timeout: time.Minute, soak: 12 * time.Second}, 4, 12 * time.Second},
		"a soak shorter than that":   {"g", plan{consecutive: 2, interval: 5 * time.Second, timeout: time.Minute, soak: time.Second}, 3, 6 * time.Second},
	} {
		i, w := wishes(), world{answers: test.answers}
		i.plan = test.plan
		e := w.watch(i)
		if got := e.startup.looks + e.soak.looks; got != test.looks || e.ended.Sub(e.started) != test.took {
			t.Errorf("%s: %d looks in %s, want %d in %s", name, got, e.ended.Sub(e.started), test.looks, test.took)
		}
	}
}

// A look that its service draws out is cut off, and what was not asked is no success, nor a failure.
func TestLookEndsInTime(t *testing.T) {
	i, w := wishes(), world{answers: "g", latency: 9 * time.Second}
	i.checks[0].times = 50
	e := w.watch(i)
	if took := e.ended.Sub(e.started); took > i.plan.timeout+lookTime+requestTimeout {
		t.Errorf("it took %s", took)
	}
	if e.startup.good != 0 || e.end != deadline || decide(e).act != hold {
		t.Errorf("%s after %+v", e.end, e.startup)
	}
}

// The last look of a soak begins as the soak ends, and is whole all the same.
func TestLastLookIsWhole(t *testing.T) {
	i, w := wishes(), world{answers: "g", latency: 100 * time.Millisecond}
	i.checks = append(i.checks, versionCheck("1.5.0"))
	i.checks[0].times, i.plan.soak = 20, 17*time.Second
	if e := w.watch(i); e.end != kept || decide(e).act != promote {
		t.Errorf("%s after %+v", e.end, e.soak)
	}
}

// A long soak keeps the whole story and little of it.
func TestLongSoak(t *testing.T) {
	i, w := wishes(), world{answers: ""}
	i.plan.soak = 48 * time.Hour
	for range 500 { // flaps for a while, then stands
		w.answers += "ggge"
	}
	w.answers += "g"
	e := w.watch(i)
	if e.end != kept || e.soak.looks < 34_000 || len(e.first) != keptFirst || len(e.last) != keptLast || len(e.latencies) != keptLatencies {
		t.Errorf("%s after %d looks; kept %d and %d stretches, %d latencies", e.end, e.soak.looks, len(e.first), len(e.last), len(e.latencies))
	}
	if newest := e.last[len(e.last)-1]; newest.looks < 30_000 || newest.says != good {
		t.Errorf("the newest stretch is %+v", newest)
	}
	if len(w.logged) > 1000+48*60*2+10 {
		t.Errorf("%d lines were logged", len(w.logged))
	}
}
