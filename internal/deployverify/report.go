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
	Step        *stepData     `json:"step,omitempty"`
	Metrics     []metricData  `json:"metrics,omitempty"`
	Severity    string        `json:"severity,omitempty"` // of the incident, where there is one
	Users       float64       `json:"users,omitempty"`    // the share of users that what is wrong may reach
	Record      *evidence     `json:"record,omitempty"`   // what was decided from
}

// WithoutRecord is the data without what it was decided from.
func (d data) WithoutRecord() any {
	d.Record = nil
	return d
}

type stepData struct {
	Name    string   `json:"name"`
	Traffic string   `json:"traffic"`
	Last    bool     `json:"last"`
	Missing []string `json:"missing,omitempty"`
}

type metricData struct {
	Name    string          `json:"name"`
	Outcome verdict.Outcome `json:"outcome"`
	Reason  string          `json:"reason,omitempty"`
	Slots   int             `json:"slots"`              // it was judged by
	Harmed  int             `json:"harmedAt,omitempty"` // by how many slots harm was shown
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

// reportFile is where the decision lies as a page with pictures, below the workspace.
const reportFile = ".slipway/deploy-verify.html"

func outcome(e evidence, d decision, n notices) action.Outcome {
	o := action.Outcome{Findings: d.findings, Verdict: result.VerdictOf(d.findings), Sentence: sentence(d), Data: documentData(e, d)}
	o.Subject.Version, o.Subject.Digest = e.Expected, e.Digest
	nextCheck := ""
	if !d.nextCheck.IsZero() {
		nextCheck = d.nextCheck.UTC().Format(time.RFC3339)
	}
	nextStep, nextTraffic := e.Stage.following(d)
	o.Outputs = []action.Output{
		{Name: "decision", Value: d.act}, {Name: "reason", Value: d.reason}, {Name: "rollback-to", Value: d.rollbackTo},
		{Name: "next-check", Value: nextCheck}, {Name: "state-file", Value: e.StateFile},
		{Name: "step", Value: e.Stage.Name}, {Name: "next-step", Value: nextStep}, {Name: "next-traffic", Value: nextTraffic}, {Name: "report-file", Value: reportFile},
		{Name: "incident-file", Value: n.file}, {Name: "incident-url", Value: n.url}, {Name: "severity", Value: severityOf(e, d)},
	}
	o.Page = append(page(e, d), metricsPage(e, d.numbers)...)
	if d.isIncident() {
		o.Page = append(o.Page, report.Details{Summary: "Incident text, ready to be pasted", Body: report.Page{report.Fence{Info: "markdown", Body: incidentOf(e, d).Markdown()}}})
	}
	return o
}

// following is the step to verify after this decision, and its traffic: the same one where its soak goes on.
func (s stage) following(d decision) (step, traffic string) {
	switch {
	case d.act == promote:
		return s.Next, s.Widens
	case d.act == hold && !d.nextCheck.IsZero():
		return s.Name, s.Traffic
	}
	return "", ""
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
		Decision: d.act, Reason: d.reason, RollbackTo: d.rollbackTo, URL: e.Service.URL, Environment: e.Service.Environment, Expected: e.Expected,
		FoundAt: append([]string{}, e.Rules...), Seen: e.versions(), Looks: e.Startup.Looks + e.Soak.Looks, Successes: e.Startup.Good + e.Soak.Good,
		First: stretchList(e.First), Last: stretchList(e.Last),
	}
	if l := e.Latency; l.Of > 0 {
		doc.Latency = &latencyData{milliseconds(l.P50), milliseconds(l.Longest), l.Of}
	}
	doc.Users, doc.Severity, doc.Record = d.users, severityOf(e, d), &e
	if e.Stage.Name != "" {
		doc.Step = &stepData{e.Stage.Name, e.Stage.Traffic, e.Stage.Last, e.Stage.Missing}
	}
	for _, j := range d.numbers.metrics {
		doc.Metrics = append(doc.Metrics, metricData{j.metric.Name, j.outcome, j.reason, d.numbers.slots, j.harmed})
	}
	if e.Plan.Soak > 0 {
		doc.Soak = &soakData{duration.Format(e.Plan.Soak), e.Soak.Looks, e.Soak.Good}
	}
	return doc
}

func page(e evidence, d decision) report.Page {
	latency := ""
	if l := e.Latency; l.Of > 0 {
		latency = fmt.Sprintf("%s / %s", span(l.P50), span(l.Longest))
	}
	expected := report.T("any version")
	if e.Expected != "" {
		expected = report.Code(e.Expected)
	}
	page := report.Page{
		report.Table{
			Header: []string{"Environment", "Expected", "Told", "Found in", "Looks that succeeded", "Latency p50 / max", "Watched for"},
			Rows: [][]report.Text{{
				report.T(cmp.Or(e.Service.Environment, "–")), expected, told(e.versions()), report.T(cmp.Or(list(e.Rules), "–")), report.T(fmt.Sprintf("%d of %d", e.Startup.Good+e.Soak.Good, e.Startup.Looks+e.Soak.Looks)),
				report.T(cmp.Or(latency, "–")), report.T(span(e.Ended.Sub(e.Started))),
			}},
		},
		report.Findings(d.findings),
	}
	if len(e.First) > 0 {
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
	left := e.Startup.Looks + e.Soak.Looks
	rows := func(stretches []stretch) {
		for _, s := range stretches {
			left -= s.Looks
			t.Rows = append(t.Rows, []report.Text{
				report.T(s.From.UTC().Format(time.TimeOnly)), report.T(s.To.UTC().Format(time.TimeOnly)), report.T(strconv.Itoa(s.Looks)),
				report.T(report.Mark(outcomes[s.Says])), report.T(s.Text),
			})
		}
	}
	rows(e.First)
	between := len(t.Rows)
	rows(e.Last)
	if left > 0 {
		t.Rows = slices.Insert(t.Rows, between, []report.Text{report.T("…"), nil, report.T(strconv.Itoa(left)), nil, report.T("not kept")})
	}
	return t
}

var outcomes = map[says]verdict.Outcome{good: verdict.Passed, bad: verdict.Failed, silent: verdict.Undecided, blind: verdict.Undecided}

func stretchList(stretches []stretch) []stretchData {
	all := []stretchData{}
	for _, s := range stretches {
		all = append(all, stretchData{s.From, s.To, s.Looks, s.Says == good, s.Text})
	}
	return all
}

// versions are those that were told, in all looks, most often first.
func (e evidence) versions() []seenVersion {
	all := []seenVersion{}
	for _, t := range []tally{e.Startup, e.Soak} {
		for _, c := range t.Checks {
			for _, v := range c.Versions {
				i := slices.IndexFunc(all, func(s seenVersion) bool { return s.Version == v.Version })
				if i < 0 {
					i, all = len(all), append(all, seenVersion{Version: v.Version})
				}
				all[i].Answers += v.N
			}
		}
	}
	slices.SortStableFunc(all, func(a, b seenVersion) int { return b.Answers - a.Answers })
	return all
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
