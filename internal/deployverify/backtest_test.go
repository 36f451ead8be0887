package deployverify

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/source"
	"github.com/slipway-actions/slipway/internal/timeseries"
)

// past judges a day that is over, by one window after the other.
func past(t *testing.T, prepare func(*soaking), from, to time.Time) ([]window, inputs, error) {
	t.Helper()
	s := newSoaking()
	s.at = epoch.Add(48 * time.Hour)
	prepare(s)
	i := wishes()
	i.Plan, i.verify, i.Previous = s.plan, s.rules, "1.4.2"
	c := collector{clock: clock{s.meter.now, nil, func(string) {}}, sources: map[string]source.Source{"prom": &s.meter}}
	windows, err := c.past(context.Background(), i, from, to)
	return windows, i, err
}

func TestBacktest(t *testing.T) {
	for name, test := range map[string]struct {
		prepare func(*soaking)
		want    string
	}{
		"a good day":  {func(s *soaking) {}, promote},
		"a bad day":   {func(s *soaking) { s.meter.bad["1.5.0"] = 0.1 }, rollback},
		"nobody came": {func(s *soaking) { s.meter.rate["1.5.0"] = 0 }, "inconclusive"},
		"the source is away": {func(s *soaking) {
			s.meter.fails = func(time.Time) *timeseries.Problem {
				return &timeseries.Problem{Name: timeseries.Unreachable, Detail: "nothing listens"}
			}
		}, "inconclusive"},
	} {
		windows, i, err := past(t, test.prepare, epoch, epoch.Add(24*time.Hour))
		if err != nil || len(windows) != 24 {
			t.Fatalf("%s: %d windows, %v", name, len(windows), err)
		}
		for _, w := range windows {
			if w.verdict() != test.want {
				t.Errorf("%s: %s at %s (%s)", name, w.verdict(), w.began, w.problem)
			}
		}
		text := pastPage(i, windows).Markdown(report.SummaryLimit)
		want := map[string]string{promote: "0 would have been rolled back (0 %", rollback: "24 would have been rolled back", "inconclusive": "24 inconclusive"}[test.want]
		if !strings.Contains(text, "Of 24 windows of 1h") || !strings.Contains(text, want) || strings.Contains(text, "Harm was shown after") != (test.want == rollback) {
			t.Errorf("%s: %s", name, text[:min(len(text), 600)])
		}
	}
}

// What is yet to come is not judged, and a time without room for one window is refused.
func TestBacktestBounds(t *testing.T) {
	windows, _, err := past(t, func(s *soaking) { s.at = epoch.Add(150 * time.Minute) }, epoch, epoch.Add(24*time.Hour))
	if err != nil || len(windows) != 2 {
		t.Errorf("%d windows, %v", len(windows), err)
	}
	for _, span := range []time.Duration{0, 59 * time.Minute, -time.Hour} {
		if _, _, err := past(t, func(*soaking) {}, epoch, epoch.Add(span)); !isWrong(err) {
			t.Errorf("%s: %v", span, err)
		}
	}
	short := func(s *soaking) { s.plan.Soak, s.plan.Max, s.plan.Every = time.Second, time.Second, time.Second }
	if _, _, err := past(t, short, epoch, epoch.Add((mostWindows+1)*time.Second)); !isWrong(err) {
		t.Error(err)
	}
}

func isWrong(err error) bool {
	_, wrong := err.(*action.CallerError)
	return wrong
}
