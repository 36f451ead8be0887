package gonogo

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// onCall is a calendar of such lines: 0302T0900-0303T0900 Primary: Ada|ATTENDEE;CN=Ada:mailto:ada@x.example
// Times are those of Berlin in 2026.
func onCallCalendar(lines ...string) string {
	var b strings.Builder
	b.WriteString("BEGIN:VCALENDAR\n")
	for n, line := range lines {
		when, rest, _ := strings.Cut(line, " ")
		start, end, _ := strings.Cut(when, "-")
		summary, more, _ := strings.Cut(rest, "|")
		fmt.Fprintf(&b, "BEGIN:VEVENT\nUID:%d\nDTSTART;TZID=Europe/Berlin:2026%s00\nDTEND;TZID=Europe/Berlin:2026%s00\nSUMMARY:%s\n", n, start, end, summary)
		if more != "" {
			b.WriteString(strings.ReplaceAll(more, "|", "\n") + "\n")
		}
		b.WriteString("END:VEVENT\n")
	}
	return b.String() + "END:VCALENDAR\n"
}

func TestCoverage(t *testing.T) {
	one, both := policy.Coverage{Primary: 1}, policy.Coverage{Primary: 1, Backup: 1}
	two := policy.Coverage{Primary: 2, Backup: 1, For: policy.Duration(time.Hour)}
	for name, tt := range map[string]struct {
		rule     policy.Coverage
		lines    []string
		verdict  verdict.Verdict
		observed string
	}{
		"one for all of it": {one, []string{"0302T0900-0309T0900 Primary: Ada Lovelace"}, verdict.Pass, "primary Ada Lovelace until Mon 2026-03-09 09:00 CET"},
		"two in turn":       {one, []string{"0302T0900-0302T2000 Ada (primary)", "0302T2000-0303T2000 Grace - PRIMARY on-call"}, verdict.Pass, "primary Ada until Mon 2026-03-02 20:00 CET"},
		"primary and backup": {both, []string{"0302T0900-0309T0900 Primary: Ada", "0302T0900-0309T0900 secondary - Jean-Luc P."}, verdict.Pass,
			"primary Ada until Mon 2026-03-09 09:00 CET, backup Jean-Luc P. until Mon 2026-03-09 09:00 CET"},
		"by category and attendee": {both, []string{"0302T0900-0309T0900 Week 10|CATEGORIES:on-call,Primary|ATTENDEE;CN=Ada:mailto:ada@x.example", "0302T0900-0309T0900 Week 10|CATEGORIES:BACKUP|ATTENDEE:mailto:grace@x.example"}, verdict.Pass,
			"primary Ada until Mon 2026-03-09 09:00 CET, backup grace@x.example until Mon 2026-03-09 09:00 CET"},
		"a gap": {one, []string{"0302T0900-0302T2000 Primary: Ada", "0302T2001-0304T0900 Primary: Grace"}, verdict.Fail,
			"no primary from Mon 2026-03-02 20:00 CET until Mon 2026-03-02 20:01 CET; before that primary Ada"},
		"a gap at the beginning": {one, []string{"0302T1301-0304T0900 Primary: Ada"}, verdict.Fail, "no primary from Mon 2026-03-02 13:00 CET until Mon 2026-03-02 13:01 CET"},
		"a gap at the end":       {one, []string{"0302T0900-0303T1259 Primary: Ada"}, verdict.Fail, "no primary from Tue 2026-03-03 12:59 CET until Tue 2026-03-03 13:00 CET; before that primary Ada"},
		"covered to the minute":  {one, []string{"0302T1300-0303T1300 Primary: Ada"}, verdict.Pass, "primary Ada until Tue 2026-03-03 13:00 CET"},
		"nobody any more":        {one, []string{"0201T0900-0202T0900 Primary: Ada"}, verdict.Fail, "no primary from Mon 2026-03-02 13:00 CET until Tue 2026-03-03 13:00 CET"},
		"no backup":              {both, []string{"0302T0900-0309T0900 Primary: Ada", "0302T0900-0302T1800 Backup: Grace"}, verdict.Fail, "no backup from Mon 2026-03-02 18:00 CET until Tue 2026-03-03 13:00 CET; before that primary Ada, backup Grace"},
		"the same person twice":  {both, []string{"0302T0900-0309T0900 Primary: Ada", "0302T0900-0309T0900 Backup: ada"}, verdict.Fail, "no backup who is somebody else from Mon 2026-03-02 13:00 CET until Tue 2026-03-03 13:00 CET; before that primary ada, backup ada"},
		"the same by address":    {both, []string{"0302T0900-0309T0900 Primary|ATTENDEE;CN=Ada:mailto:ada@x.example", "0302T0900-0309T0900 Backup|ATTENDEE;CN=A. Lovelace:MAILTO:Ada@x.example"}, verdict.Fail, "no backup who is somebody else from Mon 2026-03-02 13:00 CET until Tue 2026-03-03 13:00 CET; before that primary Ada, backup Ada"},
		"the same by both ways":  {both, []string{"0302T0900-0309T0900 Primary: Ada", "0302T0900-0309T0900 Backup|ATTENDEE:mailto:ada@x.example", "0401T0900-0402T0900 Backup|ATTENDEE;CN=ada:mailto:ada@x.example"}, verdict.Pass, "primary Ada until Mon 2026-03-09 09:00 CET, backup ada@x.example until Mon 2026-03-09 09:00 CET"}, // what is not within the time is not read
		"both roles in one":      {both, []string{"0302T0900-0309T0900 Primary and backup|ATTENDEE;CN=Ada:mailto:ada@x.example|ATTENDEE;CN=Grace:mailto:grace@x.example"}, verdict.Pass, "primary Ada until Mon 2026-03-09 09:00 CET, primary Grace until Mon 2026-03-09 09:00 CET, backup Ada until Mon 2026-03-09 09:00 CET, backup Grace until Mon 2026-03-09 09:00 CET"},
		"two primaries":          {two, []string{"0302T0900-0309T0900 Primary: Ada", "0302T0900-0309T0900 Primary: Grace", "0302T0900-0309T0900 Backup: Grace"}, verdict.Fail, "no backup who is somebody else from Mon 2026-03-02 13:00 CET until Mon 2026-03-02 14:00 CET; before that primary Ada, primary Grace, backup Grace"},
		"to be named":            {both, []string{"0302T0900-0309T0900 Primary: TBD", "0302T0900-0309T0900 Backup: Grace"}, verdict.Unknown, "nobody knows who is on call by “Primary: TBD”"},
		"nobody":                 {both, []string{"0302T0900-0309T0900 Primary: Ada", "0302T0900-0309T0900 No backup this week"}, verdict.Unknown, "nobody knows who is on call by “No backup this week”"},
		"a place that is open":   {one, []string{"0302T0900-0309T0900 Primary|ATTENDEE;CN=Unassigned:mailto:on-call@x.example"}, verdict.Unknown, "nobody knows who is on call by “Primary”"},
		"declined":               {one, []string{"0302T0900-0309T0900 Primary: Ada|ATTENDEE;CN=Ada;PARTSTAT=DECLINED:mailto:ada@x.example"}, verdict.Fail, "no primary from Mon 2026-03-02 13:00 CET until Tue 2026-03-03 13:00 CET"},
		"tentative":              {one, []string{"0302T0900-0309T0900 Primary: Ada|STATUS:TENTATIVE"}, verdict.Fail, "no primary from Mon 2026-03-02 13:00 CET until Tue 2026-03-03 13:00 CET"},
		"called off":             {one, []string{"0302T0900-0309T0900 Primary: Ada|STATUS:CANCELLED"}, verdict.Fail, "no primary from Mon 2026-03-02 13:00 CET until Tue 2026-03-03 13:00 CET"},
		"a part of a word":       {one, []string{"0302T0900-0309T0900 Primaryschool: Ada"}, verdict.Unknown, "the calendar has 1 event in that time, none of which says who is primary or backup"},
		"no names":               {one, []string{"0302T0900-0309T0900 Primary on call"}, verdict.Unknown, "nobody knows who is on call by “Primary on call”"},
		"a person twice":         {one, []string{"0302T0900-0303T0900 Primary: Ada", "0302T1400-0303T1200 Primary: Ada", "0303T1100-0304T0900 Primary: Ada"}, verdict.Pass, "primary Ada until Tue 2026-03-03 09:00 CET"},
	} {
		t.Run(name, func(t *testing.T) {
			tt.rule.Calendar = "on-call.ics"
			e := with(policy.Criterion{ID: "on-call", Coverage: &tt.rule, Owner: "sre"})
			e.Timezone = "Europe/Berlin"
			e.Files[governed+"on-call.ics"] = fileWith(onCallCalendar(tt.lines...))
			d := decide(e)
			holdWords(t, e, d)
			f := d.findings()[0]
			if d.verdict != tt.verdict || f.Observed != tt.observed || f.Owner != "sre" || (f.Next == "") != (d.verdict == verdict.Pass) {
				t.Errorf("%s: %+v\nwant %s: %s", d.verdict, f, tt.verdict, tt.observed)
			}
		})
	}
}

// Over the night on which clocks are put back a shift ends when clocks show so.
func TestCoverageInNoTimeZone(t *testing.T) {
	e := with(policy.Criterion{ID: "on-call", Coverage: &policy.Coverage{Primary: 1, Calendar: "on-call.ics"}})
	e.Timezone = "Nowhere/Berlin"
	e.Files[governed+"on-call.ics"] = fileWith(onCallCalendar("0302T0900-0309T0900 Primary: Ada"))
	d := decide(e)
	if f := d.findings()[0]; d.verdict != verdict.Unknown || f.Observed != "the time zone Nowhere/Berlin is not known here" || f.Next == "" {
		t.Errorf("%s: %+v", d.verdict, f)
	}
}

func TestCoverageWhenClocksChange(t *testing.T) {
	rule := policy.Coverage{Calendar: "on-call.ics", Primary: 1, For: policy.Duration(14 * 24 * time.Hour)}
	e := with(policy.Criterion{ID: "on-call", Coverage: &rule})
	e.Timezone, e.Now = "UTC", time.Date(2026, 10, 20, 12, 0, 0, 0, time.UTC)
	e.Files[governed+"on-call.ics"] = fileWith(onCallCalendar("1019T0900-1026T0900 Primary: Ada|RRULE:FREQ=WEEKLY;INTERVAL=2", "1026T0900-1102T0900 Primary: Grace|RRULE:FREQ=WEEKLY;INTERVAL=2"))
	if d := decide(e); d.verdict != verdict.Pass {
		t.Errorf("%s: %s", d.verdict, reasons(d))
	}
}

func TestRoleWords(t *testing.T) {
	for text, want := range map[string]string{
		"Primary: Ada":                  "primary Ada",
		"Ada Lovelace (primary)":        "primary Ada Lovelace",
		"On-call primary - Jean-Luc P.": "primary Jean-Luc P.",
		"Ada-primary":                   "primary Ada",
		"[Backup] Ada / oncall":         "backup Ada",
		"SECONDARY ada@x.example":       "backup ada@x.example",
		"Primary/Backup":                "primary backup ",
		"Ada calls on Grace":            " Ada calls on Grace",
		"éprimary Ada":                  " éprimary Ada",
		"Primary: TBD":                  "primary ",
		"Backup (n/a)":                  "backup ",
		"Nobody is primary":             "primary ",
		"Primary: to be confirmed":      "primary ",
		"Primary: Tobias Null":          "primary Tobias Null",
		"Primary: Noah":                 "primary Noah",
		"":                              " ",
	} {
		primary, backup, rest := rolesIn(text)
		got := strings.TrimSpace(map[bool]string{true: "primary "}[primary]+map[bool]string{true: "backup"}[backup]) + " " + rest
		if got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}
