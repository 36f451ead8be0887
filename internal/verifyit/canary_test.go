//go:build verifyit

package verifyit

import (
	"regexp"
	"slices"
	"testing"
)

// running is a site where before serves all customers and was verified.
func running(t *testing.T, detect string) (*site, *job, *customers) {
	t.Helper()
	s := newSite(t)
	s.open()
	c := s.customers()
	j := s.job(detect)
	j.want("promote", whole(before))
	return s, j, c
}

// whole verifies a version that has all the traffic.
func whole(version string) map[string]string {
	return map[string]string{"expected-version": version, "policy": ".github/whole.yml", "soak": "6s"}
}

// A good version is promoted step by step. Which one, and what traffic it wants, is what the step before said.
func TestGoodCanaryIsPromoted(t *testing.T) {
	t.Parallel()
	s, j, c := running(t, soonSure)
	s.deploy("canary", after, "-errors", "0.005")
	traffic := "5%"
	for _, step := range []struct{ name, next, traffic string }{{"canary-5", "canary-25", "25%"}, {"canary-25", "most", "90%"}, {"most", "", ""}} {
		s.shift(traffic)
		a := j.want("promote", map[string]string{"expected-version": after})
		if a.outputs["step"] != step.name || a.outputs["next-step"] != step.next || a.outputs["next-traffic"] != step.traffic {
			t.Fatalf("it verified %q, and names %q with %q as the next", a.outputs["step"], a.outputs["next-step"], a.outputs["next-traffic"])
		}
		if last := step.next == ""; slices.Contains(j.verified(), after) != last {
			t.Fatalf("after %s these are verified: %q", step.name, j.verified())
		}
		for _, m := range a.result.Data.Metrics {
			if m.Outcome != "pass" {
				t.Errorf("%s: the metric %s is %s: %s", step.name, m.Name, m.Outcome, m.Reason)
			}
		}
		traffic = a.outputs["next-traffic"]
	}

	// It takes over the stable slot, and the canary is free for the next.
	s.shift("100%")
	s.deploy("stable", after, "-errors", "0.005")
	s.shift("back")
	j.want("promote", whole(after))
	if got := j.verified(); !slices.Equal(got, []string{before, after}) {
		t.Errorf("verified: %q", got)
	}
	if asked, failed, lost := c.asked.Load(), c.failed.Load(), c.lost.Load(); failed > asked/50 || lost > asked/1000 {
		t.Errorf("a good release is one that no customer notices; of %d requests %d failed and %d got no answer", asked, failed, lost)
	}
}

// times is a ratio with its interval, such as 4.1–9.7 ×.
var times = regexp.MustCompile(`\d+(\.\d+)?–\d+(\.\d+)? ×`)

// A version that answers, says who it is and calls itself healthy is rolled back for its numbers alone; and
// then it is verified that before runs again.
func TestBadCanaryIsRolledBack(t *testing.T) {
	for _, bad := range []struct{ name, flag, value, metric string }{{"errors", "-errors", "0.05", "errors"}, {"slow", "-slow", "400ms", "latency"}} {
		t.Run(bad.name, func(t *testing.T) {
			t.Parallel()
			s, j, _ := running(t, slowSure)
			s.deploy("canary", after, bad.flag, bad.value)
			s.shift("5%")
			a := j.want("rollback", map[string]string{"expected-version": after})
			if a.outputs["rollback-to"] != before || a.outputs["step"] != "canary-5" || a.outputs["next-step"] != "" {
				t.Errorf("it says %q", a.outputs)
			}
			if bad.metric == "errors" && !times.MatchString(a.outputs["reason"]) {
				t.Errorf("the reason names no interval: %s", a.outputs["reason"])
			}
			harmed := false
			for _, m := range a.result.Data.Metrics {
				harmed = harmed || m.Name == bad.metric && m.Outcome == "fail" && m.HarmedAt > 0
			}
			if !harmed {
				t.Errorf("not %s shows the harm, but %+v", bad.metric, a.result.Data.Metrics)
			}

			s.shift("back")
			if stable, canary := s.weights(); stable != "100" || canary != "0" {
				t.Errorf("the weights are %s and %s", stable, canary)
			}
			s.slots["canary"].stop()
			j.want("promote", whole(a.outputs["rollback-to"]))
			if got := j.verified(); !slices.Equal(got, []string{before}) {
				t.Errorf("verified: %q", got)
			}
		})
	}
}

// The rollback itself did not work: what is said to be back is not.
func TestRollbackThatDidNothing(t *testing.T) {
	t.Parallel()
	s, j, _ := running(t, slowSure)
	s.deploy("canary", after)
	s.shift("100%")
	in := whole(before)
	in["timeout"] = "5s"
	a := j.want("rollback", in)
	if want := regexp.MustCompile(`expected 1\.4\.0, but \d+ of \d+ answers said 1\.5\.0`); !want.MatchString(a.outputs["reason"]) {
		t.Errorf("the reason is %s", a.outputs["reason"])
	}
}
