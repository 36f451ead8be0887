package gonogo

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/duration"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// data is the result document's own part.
type data struct {
	Environment string          `json:"environment"`
	Decision    string          `json:"decision"`
	ChangeType  string          `json:"changeType"` // standard, normal or emergency
	Commit      string          `json:"commit"`
	Criteria    []criterionRow  `json:"criteria"`
	Checks      []checkRow      `json:"checks"`
	Evidence    []evidenceRow   `json:"evidence"`
	Risk        riskRow         `json:"risk"`
	Migrations  migrationsRow   `json:"migrations"`
	LeftOut     string          `json:"leftOut,omitempty"` // this job's own check
	LeftOutWhy  string          `json:"leftOutBecause,omitempty"`
	Waivers     []waiverRow     `json:"waivers,omitempty"`
	Waited      string          `json:"waited,omitempty"`
	Requests    int             `json:"requests"`
	Permissions []permissionRow `json:"permissions"` // that the token needs
	ReckonedAt  time.Time       `json:"reckonedAt"`  // the moment that ages are reckoned from
	Record      *evidence       `json:"record,omitempty"`
}

// WithoutRecord is the data for an output that is too small for all of it.
func (d data) WithoutRecord() any {
	d.Record = nil
	return d
}

type criterionRow struct {
	ID      string          `json:"id"`
	Verdict verdict.Verdict `json:"verdict"`
	Waived  bool            `json:"waived,omitempty"`
}

type checkRow struct {
	Name  string `json:"name"`
	App   string `json:"app,omitempty"`
	Suite int64  `json:"suite,omitempty"`
	State string `json:"state"`
	URL   string `json:"url,omitempty"`
}

type evidenceRow struct {
	Source   string          `json:"source"`
	Action   string          `json:"action,omitempty"`
	Verdict  verdict.Verdict `json:"verdict,omitempty"`
	Commit   string          `json:"commit,omitempty"`
	Finished string          `json:"finishedAt,omitempty"`
	Problem  string          `json:"problem,omitempty"`
}

func outcomeOf(e evidence, d decision) action.Outcome {
	o := action.Outcome{Sentence: sentence(e, d), Findings: d.findings(), Verdict: d.verdict, Data: dataOf(e, d), Page: page(e, d)}
	o.Subject.SHA = e.SHA
	o.Subject.Version, o.Subject.Digest = d.release.version, e.Digest
	text := map[string]string{
		"decision": decisionOf(d), "reasons": reasons(d), "ticket-url": e.Published.TicketURL, "ticket-file": e.Published.TicketFile,
		"check-url": e.Published.CheckURL, "record-file": e.Published.RecordFile, "svr-file": e.Published.SVRFile,
	}
	if at, ok := earliestGo(e, d.known); ok {
		text["earliest"] = at.UTC().Format(time.RFC3339)
	}
	if d.risk.known {
		text["risk"], text["risk-score"] = d.risk.level, strconv.Itoa(d.risk.value)
	}
	for _, name := range []string{"decision", "reasons", "earliest", "risk", "risk-score", "ticket-url", "ticket-file", "check-url", "record-file", "svr-file"} {
		o.Outputs = append(o.Outputs, action.Output{Name: name, Value: text[name]})
	}
	return o
}

func decisionOf(d decision) string {
	if d.verdict == verdict.Pass {
		return "go"
	}
	return "no-go"
}

// sentence is such as "NO-GO for production: 1 of 3 criteria failed (unit), 1 is unknown (security)."
func sentence(e evidence, d decision) string {
	var failed, unknown, passed, waived []string
	for _, c := range d.criteria {
		if c.waived {
			waived = append(waived, c.id)
		}
		if !c.weighs() {
			continue
		}
		switch c.verdict() {
		case verdict.Fail:
			failed = append(failed, c.id+blame(c, verdict.Failed))
		case verdict.Pass:
			passed = append(passed, c.id)
		default:
			unknown = append(unknown, c.id+blame(c, verdict.Undecided))
		}
	}
	total := criteria(len(failed) + len(unknown) + len(passed) + len(waived))
	var parts []string
	if len(failed) > 0 {
		parts = append(parts, fmt.Sprintf("%d of %s failed (%s)", len(failed), total, strings.Join(failed, "; ")))
	}
	if n := len(unknown); n > 0 {
		of := ""
		if len(failed) == 0 {
			of = " of " + total
		}
		parts = append(parts, fmt.Sprintf("%d%s %s unknown (%s)", n, of, map[bool]string{true: "is", false: "are"}[n == 1], strings.Join(unknown, "; ")))
	}
	switch {
	case d.verdict == verdict.Pass:
		return fmt.Sprintf("GO for %s: %s passed (%s)%s.", e.Environment, criteria(len(passed)), strings.Join(passed, "; "), waivedText(waived))
	case len(parts) == 0:
		parts = append(parts, "no criterion was judged")
	}
	return fmt.Sprintf("NO-GO for %s: %s%s.", e.Environment, strings.Join(parts, ", "), waivedText(waived))
}

// blame names the first checks of a criterion that came out so.
func blame(c criterion, o verdict.Outcome) string {
	var names []string
	for _, k := range c.culprits {
		if k.outcome == o {
			names = append(names, k.name)
		}
	}
	switch n := len(names); {
	case n == 0:
		return ""
	case n > 3:
		names = append(names[:3], fmt.Sprintf("%d more", n-3))
	}
	return ": " + strings.Join(names, ", ")
}

// reasons is a line for each criterion that did not pass.
func reasons(d decision) string {
	var lines []string
	for _, c := range d.criteria {
		if !c.weighs() || c.verdict() == verdict.Pass {
			continue
		}
		var seen []string
		for _, f := range c.findings {
			if f.Outcome == verdict.Failed || f.Outcome == verdict.Undecided {
				seen = append(seen, oneLine(strings.TrimPrefix(f.Title, c.id+": ")+": "+f.Observed))
			}
		}
		said := "is unknown"
		if c.verdict() == verdict.Fail {
			said = "failed"
		}
		lines = append(lines, oneLine(c.id+" "+said+": "+strings.Join(seen, "; ")))
	}
	return strings.Join(lines, "\n")
}

func dataOf(e evidence, d decision) data {
	doc := data{
		Environment: e.Environment, Decision: decisionOf(d), ChangeType: d.changeType, Commit: e.SHA, Requests: e.Requests, ReckonedAt: e.Now.UTC(),
		Criteria: []criterionRow{}, Checks: []checkRow{}, Evidence: []evidenceRow{}, Record: &e,
		Risk: riskData(d.risk), Migrations: migrationsData(e), Permissions: permissionRows(e),
		Waivers: waiverRows(d),
	}
	if e.Waited > 0 {
		doc.Waited = duration.Format(e.Waited.Round(time.Second))
	}
	if e.Checks.Own != nil {
		doc.LeftOut, doc.LeftOutWhy = e.Checks.Own.Name, e.Checks.OwnWhy
	}
	for _, c := range d.criteria {
		doc.Criteria = append(doc.Criteria, criterionRow{c.id, c.verdict(), c.waived})
	}
	for _, k := range e.Checks.All {
		doc.Checks = append(doc.Checks, checkRow{k.Name, k.App, k.Suite, k.State, k.URL})
	}
	for _, s := range e.Documents {
		row := evidenceRow{Source: s.Source, Action: s.Action, Verdict: s.Verdict, Commit: s.SHA, Problem: s.Problem}
		if !s.Finished.IsZero() {
			row.Finished = s.Finished.UTC().Format(time.RFC3339)
		}
		doc.Evidence = append(doc.Evidence, row)
	}
	return doc
}

func criteria(n int) string {
	if n == 1 {
		return "1 criterion"
	}
	return fmt.Sprintf("%d criteria", n)
}

// shorten makes text from outside fit into a cell.
func shorten(s string) string { return report.Clip(oneLine(s), 200) }

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
