package deployverify

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/duration"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// data is the result document's own part.
type data struct {
	Decision    string        `json:"decision"`
	Reason      string        `json:"reason"`
	RollbackTo  string        `json:"rollbackTo,omitempty"`
	URL         string        `json:"url"` // of the first check, without its query
	Environment string        `json:"environment"`
	Expected    string        `json:"expected"`
	FoundAt     []string      `json:"foundAt"` // where in the answers versions were found
	Seen        []seenVersion `json:"seen"`
	Looks       int           `json:"looks"`
	Successes   int           `json:"successes"`
	Latency     *latencyData  `json:"latency,omitempty"`
	Soak        *soakData     `json:"soak,omitempty"`
	First       []stretchData `json:"first"` // what the looks showed, oldest first
	Last        []stretchData `json:"last"`  // the newest of it, where it was too much to keep all
}

type seenVersion struct {
	Version string `json:"version"`
	Answers int    `json:"answers"`
}

type latencyData struct {
	P50 float64 `json:"p50Milliseconds"`
	Max float64 `json:"maxMilliseconds"`
	Of  int     `json:"of"` // the newest answers, at most 1000
}

type soakData struct {
	Wanted    string `json:"wanted"`
	Looks     int    `json:"looks"`
	Successes int    `json:"successes"`
}

// stretchData is a number of looks in a row that showed the same.
type stretchData struct {
	From     time.Time `json:"from"`
	To       time.Time `json:"to"`
	Looks    int       `json:"looks"`
	Good     bool      `json:"good"`
	Observed string    `json:"observed"`
}

func outcome(e evidence, d decision, stateFile string) action.Outcome {
	o := action.Outcome{Findings: d.findings, Verdict: result.VerdictOf(d.findings), Sentence: sentence(d), Data: documentData(e, d)}
	o.Subject.Version, o.Subject.Digest = e.expected, e.digest
	nextCheck := ""
	if !d.nextCheck.IsZero() {
		nextCheck = d.nextCheck.UTC().Format(time.RFC3339)
	}
	o.Outputs = []action.Output{
		{Name: "decision", Value: d.act}, {Name: "reason", Value: d.reason}, {Name: "rollback-to", Value: d.rollbackTo},
		{Name: "next-check", Value: nextCheck}, {Name: "state-file", Value: stateFile},
	}
	o.Page = page(e, d)
	return o
}

func sentence(d decision) string {
	act := d.act
	if d.rollbackTo != "" {
		act += " to " + d.rollbackTo
	}
	return act + ": " + d.reason + "."
}

func documentData(e evidence, d decision) data {
	doc := data{
		Decision: d.act, Reason: d.reason, RollbackTo: d.rollbackTo, URL: e.service.URL, Environment: e.service.Environment, Expected: e.expected,
		FoundAt: append([]string{}, e.rules...), Seen: e.versions(), Looks: e.startup.looks + e.soak.looks, Successes: e.startup.good + e.soak.good,
		First: stretchList(e.first), Last: stretchList(e.last),
	}
	if p50, longest, n := e.latency(); n > 0 {
		doc.Latency = &latencyData{milliseconds(p50), milliseconds(longest), n}
	}
	if e.plan.soak > 0 {
		doc.Soak = &soakData{duration.Format(e.plan.soak), e.soak.looks, e.soak.good}
	}
	return doc
}

func page(e evidence, d decision) report.Page {
	latency := ""
	if p50, longest, n := e.latency(); n > 0 {
		latency = fmt.Sprintf("%s / %s", span(p50), span(longest))
	}
	expected := report.T("any version")
	if e.expected != "" {
		expected = report.Code(e.expected)
	}
	page := report.Page{
		report.Table{
			Header: []string{"Environment", "Expected", "Told", "Found in", "Looks that succeeded", "Latency p50 / max", "Watched for"},
			Rows: [][]report.Text{{
				report.T(cmp.Or(e.service.Environment, "–")), expected, told(e.versions()), report.T(cmp.Or(list(e.rules), "–")), report.T(fmt.Sprintf("%d of %d", e.startup.good+e.soak.good, e.startup.looks+e.soak.looks)),
				report.T(cmp.Or(latency, "–")), report.T(span(e.ended.Sub(e.started))),
			}},
		},
		report.Findings(d.findings),
	}
	if len(e.first) > 0 {
		page = append(page, report.Details{Summary: "What the looks showed", Body: report.Page{lookTable(e)}})
	}
	return page
}

func told(versions []seenVersion) report.Text {
	if len(versions) == 0 {
		return report.T("nothing")
	}
	var text report.Text
	for i, v := range versions {
		if i == 3 {
			return append(text, report.T(fmt.Sprintf(" and %d more", len(versions)-i))...)
		}
		if i > 0 {
			text = append(text, report.T(", ")...)
		}
		text = report.Join(text, report.Code(v.Version), report.T(fmt.Sprintf(" %d×", v.Answers)))
	}
	return text
}

// lookTable shows looks in a row that were alike as one line.
func lookTable(e evidence) report.Table {
	t := report.Table{Header: []string{"From (UTC)", "To", "Looks", "Outcome", "Observed"}}
	left := e.startup.looks + e.soak.looks
	rows := func(stretches []stretch) {
		for _, s := range stretches {
			left -= s.looks
			t.Rows = append(t.Rows, []report.Text{
				report.T(s.from.UTC().Format(time.TimeOnly)), report.T(s.to.UTC().Format(time.TimeOnly)), report.T(strconv.Itoa(s.looks)),
				report.T(report.Mark(outcomes[s.says])), report.T(s.text),
			})
		}
	}
	rows(e.first)
	between := len(t.Rows)
	rows(e.last)
	if left > 0 {
		t.Rows = slices.Insert(t.Rows, between, []report.Text{report.T("…"), nil, report.T(strconv.Itoa(left)), nil, report.T("not kept")})
	}
	return t
}

var outcomes = map[says]verdict.Outcome{good: verdict.Passed, bad: verdict.Failed, silent: verdict.Undecided, blind: verdict.Undecided}

func stretchList(stretches []stretch) []stretchData {
	all := []stretchData{}
	for _, s := range stretches {
		all = append(all, stretchData{s.from, s.to, s.looks, s.says == good, s.text})
	}
	return all
}

// versions are those that were told, in all looks, most often first.
func (e evidence) versions() []seenVersion {
	all := []seenVersion{}
	for _, t := range []tally{e.startup, e.soak} {
		for _, c := range t.checks {
			for _, v := range c.versions {
				i := slices.IndexFunc(all, func(s seenVersion) bool { return s.Version == v.version })
				if i < 0 {
					i, all = len(all), append(all, seenVersion{Version: v.version})
				}
				all[i].Answers += v.n
			}
		}
	}
	slices.SortStableFunc(all, func(a, b seenVersion) int { return b.Answers - a.Answers })
	return all
}

func (e evidence) latency() (p50, longest time.Duration, n int) {
	if n = len(e.latencies); n == 0 {
		return 0, 0, 0
	}
	sorted := slices.Sorted(slices.Values(e.latencies))
	return sorted[(n-1)/2], sorted[n-1], n
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
