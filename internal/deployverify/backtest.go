package deployverify

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/duration"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/sequential"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// mostWindows bounds a backtest.
const mostWindows = 1000

// backtest judges past windows of the sources as if a version had settled at the beginning of each: how
// often the policy would have raised an alarm, and how soon. The service itself is not looked at.
func backtest(ctx context.Context, w *action.World, in *action.Inputs, from, to time.Time) (report.Page, error) {
	i, err := readInputs(in, w)
	if err != nil {
		return nil, err
	}
	if len(i.verify.Metrics) == 0 {
		return nil, action.Wrong("the policy watches no metrics, so there is nothing to judge the past by. Put some under verify.metrics")
	}
	_, known, err := readState(w, i.stateFile)
	if err != nil {
		return nil, err
	}
	stage, step, err := stageOf(i.verify.Plan, i.step, nil)
	if err != nil {
		return nil, err
	}
	i.Stage = stage
	i.Plan.follow(step)
	if i.Previous == "" {
		i.Previous, _ = target(evidence{inputs: i, Verified: known.of(i.Service)})
	}
	sources, err := sourcesOf(ctx, w, i.verify)
	if err != nil {
		return nil, err
	}
	c := collector{clock: clock{w.Now, w.Sleep, w.Log}, sources: sources}
	windows, err := c.past(ctx, i, from, to)
	if err != nil {
		return nil, err
	}
	return pastPage(i, windows), nil
}

// window is a stretch of the past, judged.
type window struct {
	began   time.Time
	numbers numbers
	problem string // why it could not be read
}

// past judges one window after the other; they do not overlap, so that each is a trial of its own.
func (c collector) past(ctx context.Context, i inputs, from, to time.Time) ([]window, error) {
	var windows []window
	from = from.UTC().Truncate(time.Second)
	if now := c.now(); to.After(now) {
		to = now
	}
	for began := from; !began.Add(i.Plan.Soak).After(to); began = began.Add(i.Plan.Soak) {
		if len(windows) == mostWindows {
			return nil, action.Wrong("there are more than %d windows of %s between %s and %s; judge a shorter time", mostWindows, duration.Format(i.Plan.Soak), from.Format(time.RFC3339), to.Format(time.RFC3339))
		}
		e := evidence{inputs: i}
		e.Plan.Max = min(e.Plan.Max, to.Sub(began)) // what lies beyond is not part of the question
		e.Watch.begin(began, e.inputs)
		c.read(ctx, &e)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		w := window{began: began, numbers: judgeNumbers(i.verify, e.Watch)}
		for _, m := range e.Watch.Metrics {
			if m.Problem != nil && w.problem == "" {
				w.problem = m.Name + ": " + m.Problem.Error()
			}
		}
		windows = append(windows, w)
	}
	if len(windows) == 0 {
		return nil, action.Wrong("between %s and %s there is no room for one window of %s; judge a longer time", from.Format(time.RFC3339), to.Format(time.RFC3339), duration.Format(i.Plan.Soak))
	}
	return windows, nil
}

// verdictOf is what the numbers of a window say.
func (w window) verdict() string {
	switch {
	case w.numbers.harmful():
		return rollback
	case w.problem == "" && w.numbers.settled && !w.numbers.undecided():
		return promote
	}
	return "inconclusive"
}

func pastPage(i inputs, windows []window) report.Page {
	counts := map[string]int{}
	var took []time.Duration
	table := report.Table{Header: []string{"Window (UTC)", "Numbers say", "After", "Because"}}
	for _, w := range windows {
		said := w.verdict()
		counts[said]++
		after, because := "", w.problem
		if said == rollback {
			took = append(took, time.Duration(w.numbers.slots)*i.Plan.Every)
			after = span(took[len(took)-1])
		}
		for _, j := range w.numbers.metrics {
			if because == "" && (said == rollback && j.outcome == verdict.Failed || said == "inconclusive" && j.outcome == verdict.Undecided) && !j.metric.ReportOnly {
				because = j.reason
			}
		}
		table.Rows = append(table.Rows, []report.Text{report.T(w.began.Format(time.RFC3339)), report.T(said), report.T(after), report.T(shown(because))})
	}
	low, high := sequential.Wilson(float64(counts[rollback]), float64(len(windows)), 0.95)
	sentence := fmt.Sprintf("Of %s of %s, %d would have been rolled back (%s; 95 %%: %s–%s), %d promoted, %d inconclusive.",
		report.Count(len(windows), "window"), duration.Format(i.Plan.Soak), counts[rollback], percent(float64(counts[rollback])/float64(len(windows))), percent(low), percent(high), counts[promote], counts["inconclusive"])
	page := report.Page{report.Heading{Level: 2, Text: report.T(sentence)}}
	if len(took) > 0 {
		slices.Sort(took)
		page = append(page, report.Paragraph{Text: report.T(fmt.Sprintf("Harm was shown after %s (median; the soonest %s, the latest %s).", span(took[len(took)/2]), span(took[0]), span(took[len(took)-1])))})
	}
	return append(page, table, report.Paragraph{Text: report.T("Of a time in which all was well, what would have been rolled back are false alarms. Of a bad version, what was not is what the policy would have missed.")})
}
