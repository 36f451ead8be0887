package deployverify

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/verdict"
)

// While another version answers, nothing else is asked, and what was seen of it before does not count.
func TestIdentityFirst(t *testing.T) {
	health := check{name: "health", url: &url.URL{Scheme: "https", Host: "shop.example", Path: "/healthz"}, times: 1, low: 200, high: 299}
	for _, test := range []struct {
		answers string // identity and health in turn; health is not asked after another version
		health  int    // how often it was asked
		act     string
	}{
		{"gggggg", 3, promote},
		{"ooogggggg", 3, promote},
		{"ggggogggggg", 5, promote}, // the old version came back once: three more of both
	} {
		i, w := wishes(), world{answers: test.answers}
		i.checks = []check{health, i.checks[0]} // the order of the policy does not matter
		e := w.watch(i)
		if d := decide(e); e.Startup.Checks[0].Asked != test.health || d.act != test.act {
			t.Errorf("%s: health was asked %d times, %s", test.answers, e.Startup.Checks[0].Asked, d.act)
		}
	}
	i, w := wishes(), world{answers: "o"}
	i.checks = append(i.checks, health)
	d := decide(w.watch(i))
	for _, f := range d.findings {
		if f.ID == "look-health" && (f.Outcome != verdict.Skipped || !strings.Contains(f.Observed, "another version")) {
			t.Errorf("%+v", f)
		}
	}
}

// A check of its own schedule is asked when it is due, waits longer after failures, and has its own deadline.
func TestTurns(t *testing.T) {
	for name, test := range map[string]struct {
		change  func(*check)
		answers string
		asked   int
		took    time.Duration
		end     ending
	}{
		"as the inputs say":     {func(c *check) {}, "g", 3, 10 * time.Second, kept},
		"fewer in a row":        {func(c *check) { c.consecutive = 1 }, "g", 1, 0, kept},
		"more in a row":         {func(c *check) { c.consecutive = 5 }, "g", 5, 20 * time.Second, kept},
		"longer in between":     {func(c *check) { c.interval = 20 * time.Second }, "g", 3, 40 * time.Second, kept},
		"longer after failure":  {func(c *check) { c.backoff = 2 }, "eee", 3, 30 * time.Second, deadline}, // 10 s, 20 s, and 40 s would be too late
		"backoff without any":   {func(c *check) { c.backoff = 2 }, "ggg", 3, 10 * time.Second, kept},
		"a deadline of its own": {func(c *check) { c.deadline = 20 * time.Second }, "e", 5, 20 * time.Second, deadline},
	} {
		i, w := wishes(), world{answers: test.answers}
		test.change(&i.checks[0])
		e := w.watch(i)
		if e.Startup.Checks[0].Asked != test.asked || e.Ended.Sub(e.Started) != test.took || e.End != test.end {
			t.Errorf("%s: asked %d times in %s, %s; want %d in %s, %s", name, e.Startup.Checks[0].Asked, e.Ended.Sub(e.Started), e.End, test.asked, test.took, test.end)
		}
	}
}

// Two checks of different schedules: the slow one is not asked in each look, and in the last one both are.
func TestTurnsOfTwo(t *testing.T) {
	i, w := wishes(), world{answers: "g"}
	slow := versionCheck("1.5.0")
	slow.interval, slow.consecutive = 20*time.Second, 1
	i.checks = append(i.checks, slow)
	i.Plan.Soak = 47 * time.Second
	e := w.watch(i)
	if got := fmt.Sprint(e.Startup.Checks[0].Asked, e.Startup.Checks[1].Asked, e.Soak.Checks[0].Asked, e.Soak.Checks[1].Asked); got != "3 1 10 3" || e.End != kept {
		t.Errorf("asked %s, %s", got, e.End)
	}
}
