package deployverify

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/policy"
)

func TestStageOf(t *testing.T) {
	plan := []policy.Step{{Step: "a", Traffic: "5%", Soak: policy.Duration(time.Hour)}, {Step: "b", Traffic: "25%", Soak: policy.Duration(time.Hour)}, {Step: "c", Traffic: "100%", Soak: policy.Duration(time.Hour)}}
	for _, test := range []struct {
		named, passed string
		want          string // name, share, next, last, missing, passed
	}{
		{"", "", "a 0.05 b false [] false"},
		{"", "a", "b 0.25 c false [] false"},
		{"", "ab", "c 1  true [] false"},
		{"", "abc", "c 1  true [] true"},
		{"", "b", "a 0.05 b false [] false"}, // a state that nobody wrote: what is missing comes first
		{"a", "a", "a 0.05 b false [] true"},
		{"b", "", "b 0.25 c false [a] false"},
		{"c", "b", "c 1  true [a] false"},
		{"c", "", "c 1  true [a b] false"},
	} {
		var passed []passage
		for _, step := range test.passed {
			passed = append(passed, passage{string(step), epoch})
		}
		s, step, err := stageOf(plan, test.named, passed)
		if got := fmt.Sprintf("%s %v %s %v %v %v", s.Name, s.Share, s.Next, s.Last, s.Missing, !s.Passed.IsZero()); err != nil || strings.Join(strings.Fields(got), " ") != strings.Join(strings.Fields(test.want), " ") || step.Step != s.Name {
			t.Errorf("%q after %q: %s, %v; want %s", test.named, test.passed, got, err, test.want)
		}
	}
	if _, _, err := stageOf(plan, "d", nil); err == nil || !strings.Contains(err.Error(), "allowed by the plan of the policy: a, b, c") {
		t.Error(err)
	}
	if _, _, err := stageOf(nil, "a", nil); err == nil || !strings.Contains(err.Error(), "the policy has no plan") {
		t.Error(err)
	}
	if s, _, err := stageOf(nil, "", nil); err != nil || s.Share != 1 || !s.Last {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestFollow(t *testing.T) {
	p := plan{Soak: time.Minute}
	p.follow(policy.Step{})
	if p.Max != 2*time.Minute || p.Every != time.Minute {
		t.Errorf("%+v", p)
	}
	p = plan{}
	p.follow(policy.Step{Soak: policy.Duration(30 * 24 * time.Hour), Max: policy.Duration(60 * 24 * time.Hour), Every: policy.Duration(time.Second)})
	if slots := p.Max / p.Every; slots > mostSlots {
		t.Errorf("there would be %d slots", slots)
	}
}
