package gonogo

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/calendar"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// scheduled is a gate with windows, judged in Berlin at a moment.
func scheduled(t *testing.T, now string, w policy.Windows) evidence {
	t.Helper()
	e := with()
	e.Checks.All = []check{ran("unit", "success")}
	e.Timezone, e.Gate.Windows = "Europe/Berlin", &w
	var err error
	if e.Now, err = time.Parse(time.RFC3339, now); err != nil {
		t.Fatal(err)
	}
	return e
}

func date(t *testing.T, s string) policy.Date {
	t.Helper()
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		t.Fatal(err)
	}
	return policy.Date{Time: d}
}

const freezeCalendar = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART;TZID=W. Europe Standard Time:20260310T080000\nDTEND;TZID=W. Europe Standard Time:20260310T120000\nSUMMARY:Quarter end\nEND:VEVENT\nEND:VCALENDAR\n"

func TestWindows(t *testing.T) {
	office := policy.Windows{Deploy: &policy.DeployWindow{Days: []string{"mon", "tue", "wed", "thu"}, From: "09:00", To: "16:00"}}
	nights := policy.Windows{Deploy: &policy.DeployWindow{Days: []string{"sat"}, From: "22:00", To: "04:00"}}
	yearEnd := policy.Windows{Deploy: office.Deploy, Freeze: []policy.Freeze{{From: date(t, "2026-12-18"), To: date(t, "2027-01-04"), Reason: "year end"}}}
	holidays := policy.Windows{Freeze: []policy.Freeze{{Holidays: []string{"us", "de"}, Reason: "nobody is there"}}}
	file := policy.Windows{Freeze: []policy.Freeze{{Calendar: "freeze.ics", Reason: "finance"}}}
	always := policy.Windows{Freeze: []policy.Freeze{{From: date(t, "2020-01-01"), To: date(t, "2030-01-01")}}}
	for name, tt := range map[string]struct {
		now      string
		windows  policy.Windows
		verdict  verdict.Verdict
		reasons  string // or what is observed of a pass
		earliest string
		open     bool // it is worth to wait
	}{
		"open":                     {"2026-03-02T09:00:00+01:00", office, verdict.Pass, "open until Mon 2026-03-02 16:00 CET, for 7h", "2026-03-02T08:00:00Z", false},
		"too early":                {"2026-03-02T08:59:59+01:00", office, verdict.Fail, "windows failed: deploy window: closed at Mon 2026-03-02 08:59 CET; it opens at Mon 2026-03-02 09:00 CET", "2026-03-02T08:00:00Z", true},
		"too late":                 {"2026-03-05T16:00:00+01:00", office, verdict.Fail, "windows failed: deploy window: closed at Thu 2026-03-05 16:00 CET; it opens at Mon 2026-03-09 09:00 CET", "2026-03-09T08:00:00Z", false},
		"in summer":                {"2026-03-30T07:00:00Z", office, verdict.Pass, "open until Mon 2026-03-30 16:00 CEST, for 7h", "2026-03-30T07:00:00Z", false},
		"after midnight":           {"2026-03-01T03:30:00+01:00", nights, verdict.Pass, "open until Sun 2026-03-01 04:00 CET, for 30m", "2026-03-01T02:30:00Z", false},
		"the last day of a freeze": {"2027-01-04T10:00:00+01:00", yearEnd, verdict.Fail, "windows failed: freeze: year end, from Fri 2026-12-18 00:00 CET until Tue 2027-01-05 00:00 CET", "2027-01-05T08:00:00Z", false},
		"the day after":            {"2027-01-05T10:00:00+01:00", yearEnd, verdict.Pass, "open until Tue 2027-01-05 16:00 CET, for 6h", "2027-01-05T09:00:00Z", false},
		"both":                     {"2026-12-18T20:00:00+01:00", yearEnd, verdict.Fail, "windows failed: deploy window: closed at Fri 2026-12-18 20:00 CET; it opens at Mon 2026-12-21 09:00 CET; freeze: year end, from Fri 2026-12-18 00:00 CET until Tue 2027-01-05 00:00 CET", "2027-01-05T08:00:00Z", false},
		"a holiday":                {"2026-10-03T12:00:00Z", holidays, verdict.Fail, "windows failed: freeze: nobody is there: Tag der Deutschen Einheit (de), from Sat 2026-10-03 00:00 CEST until Sun 2026-10-04 00:00 CEST", "2026-10-03T22:00:00Z", false},
		"a holiday elsewhere":      {"2026-11-26T12:00:00Z", holidays, verdict.Fail, "windows failed: freeze: nobody is there: Thanksgiving Day (us), from Thu 2026-11-26 00:00 CET until Fri 2026-11-27 00:00 CET", "2026-11-26T23:00:00Z", false},
		"no holiday":               {"2026-10-05T12:00:00Z", holidays, verdict.Pass, "open until Mon 2026-10-12 00:00 CEST, for 6d10h", "2026-10-05T12:00:00Z", false},
		"an event":                 {"2026-03-10T10:00:00+01:00", file, verdict.Fail, "windows failed: freeze: finance: Quarter end, from Tue 2026-03-10 08:00 CET until Tue 2026-03-10 12:00 CET", "2026-03-10T11:00:00Z", true},
		"before the event":         {"2026-03-10T07:00:00+01:00", file, verdict.Pass, "open until Tue 2026-03-10 08:00 CET, for 1h", "2026-03-10T06:00:00Z", false},
		"after the event":          {"2026-03-10T12:00:00+01:00", file, verdict.Pass, "open, and nothing closes it within 400 days", "2026-03-10T11:00:00Z", false},
		"frozen for years":         {"2026-03-10T12:00:00+01:00", always, verdict.Fail, "windows failed: freeze: freeze, from Wed 2020-01-01 00:00 CET until Wed 2030-01-02 00:00 CET", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			e := scheduled(t, tt.now, tt.windows)
			e.Files[governed+"freeze.ics"] = fileWith(freezeCalendar)
			d := decide(e)
			holdWords(t, e, d)
			said := reasons(d)
			if d.verdict == verdict.Pass {
				said = d.findings()[1].Observed
			}
			earliest := ""
			if at, ok := earliestGo(e, d.known); ok {
				earliest = at.UTC().Format(time.RFC3339)
			}
			if d.verdict != tt.verdict || said != tt.reasons || earliest != tt.earliest || len(d.open()) > 0 != tt.open {
				t.Errorf("%s, earliest %s, open %v\n%s\nwant %s, earliest %s, open %v\n%s", d.verdict, earliest, d.open(), said, tt.verdict, tt.earliest, tt.open, tt.reasons)
			}
		})
	}
}

func fileWith(text string) file { return file{Text: []byte(text)} }

// strange are answers that are no calendar, and calendars that say nothing.
var strange = map[string]file{
	"missing":      {Missing: true},
	"forbidden":    {Problem: problem{What: "status 403", Next: "Look."}},
	"limited":      {Problem: problem{What: "status 429", Next: "Look.", Passing: true}},
	"empty":        {},
	"html":         fileWith("<!DOCTYPE html><html>Sign in</html>"),
	"errors":       fileWith(`{"errors":[{"message":"no"}]}`),
	"cut":          fileWith(freezeCalendar[:len(freezeCalendar)-20]),
	"no event":     fileWith("BEGIN:VCALENDAR\nEND:VCALENDAR\n"),
	"unknown zone": fileWith(strings.Replace(freezeCalendar, "W. Europe", "Middle Earth", 2)),
	"unknown rule": fileWith(strings.Replace(freezeCalendar, "SUMMARY", "RRULE:FREQ=SECONDLY\nSUMMARY", 1)),
	"too large":    fileWith(strings.Repeat("X", calendar.SizeLimit+1)),
}

// A calendar that cannot be read never lets anything pass; what is known to block still blocks.
func TestStrangeCalendars(t *testing.T) {
	for name, f := range strange {
		e := scheduled(t, "2026-03-02T12:00:00Z", policy.Windows{Freeze: []policy.Freeze{{Calendar: "freeze.ics"}}})
		e.Gate.Criteria = append(e.Gate.Criteria, policy.Criterion{ID: "on-call", Coverage: &policy.Coverage{Calendar: "freeze.ics", Primary: 1}})
		e.Files[governed+"freeze.ics"] = f
		d := decide(e)
		for _, c := range d.criteria[1:] {
			if c.verdict() != verdict.Unknown || c.findings[0].Next == "" || len(c.open) > 0 != f.Problem.Passing {
				t.Errorf("%s: %s is %s, open %v: %+v", name, c.id, c.verdict(), c.open, c.findings)
			}
		}
		if at, ok := earliestGo(e, d.known); ok {
			t.Errorf("%s: the earliest go is %s", name, at)
		}
		e.Gate.Windows.Freeze = append(e.Gate.Windows.Freeze, policy.Freeze{From: date(t, "2026-03-01"), To: date(t, "2026-03-03")})
		if d := decide(e); d.verdict != verdict.Fail || len(d.open()) > 0 && !f.Problem.Passing {
			t.Errorf("%s, frozen: %s", name, d.verdict)
		}
	}
	e := scheduled(t, "2026-03-02T12:00:00Z", policy.Windows{Freeze: []policy.Freeze{{Calendar: "freeze.ics"}}})
	if d := decide(e); d.verdict != verdict.Unknown {
		t.Errorf("a calendar that is not in the evidence at all: %s", d.verdict)
	}
}

// A condition that cannot be told leaves the windows unknown.
func TestWindowsUnderACondition(t *testing.T) {
	const when = `release.version == "1.0.0"`
	for name, w := range map[string]policy.Windows{
		"window": {Deploy: &policy.DeployWindow{Days: []string{"mon"}, When: when}},
		"freeze": {Freeze: []policy.Freeze{{From: date(t, "2020-01-01"), To: date(t, "2020-01-02"), When: when}}},
	} {
		e := scheduled(t, "2026-03-02T12:00:00Z", w)
		if _, err := holdsNow(when, e, knownOf(e)); err == nil {
			t.Fatal("the condition can be told; take another one")
		}
		if d := decide(e); d.verdict != verdict.Unknown || !strings.Contains(reasons(d), "whether it counts is not known") {
			t.Errorf("%s: %s: %s", name, d.verdict, reasons(d))
		}
	}
	e := scheduled(t, "2026-03-02T12:00:00Z", policy.Windows{Deploy: &policy.DeployWindow{Days: []string{"mon"}}})
	e.Timezone = "Mars/Olympus"
	if d := decide(e); d.verdict != verdict.Unknown {
		t.Errorf("a time zone that is not known: %s", d.verdict)
	}
}

// The picture is one whatever a reason says: a line for each row, each of the same form.
func TestChart(t *testing.T) {
	e := scheduled(t, "2026-03-02T08:00:00+01:00", policy.Windows{
		Deploy: &policy.DeployWindow{Days: []string{"mon", "tue"}, From: "09:00", To: "16:00"},
		Freeze: []policy.Freeze{
			{From: date(t, "2026-03-03"), To: date(t, "2026-03-20"), Reason: "```\n</details> x:crit, 2020-01-01 %% click a href \"javascript:alert(1)\" ; ünd #35; more of it that goes on"},
			{From: date(t, "2026-03-20"), To: date(t, "2026-03-21"), Reason: "later"},
		},
	})
	page := scheduleChart(e, knownOf(e)).Markdown(1 << 20)
	want := "<strong>Earliest go: </strong>Mon 2026-03-02 09:00 CET.\n\n```mermaid\ngantt\n" +
		"    title Windows of the next 7 days, Europe/Berlin\n    dateFormat YYYY-MM-DDTHH:mm\n    axisFormat %a %d\n    tickInterval 1day\n    todayMarker off\n" +
		"    section Now\n    now :milestone, 2026-03-02T08:00, 2026-03-02T08:00\n" +
		"    section Deploy window\n    open :active, 2026-03-02T09:00, 2026-03-02T16:00\n    open :active, 2026-03-03T09:00, 2026-03-03T16:00\n" +
		"    section Freezes\n    freeze /details x crit 2020-01-01 click a href… :crit, 2026-03-03T00:00, 2026-03-09T08:00\n```\n"
	if strings.TrimSpace(page) != strings.TrimSpace(want) {
		t.Errorf("%s\nwant\n%s", page, want)
	}
	if page := scheduleChart(with(), known{}); page != nil {
		t.Errorf("a picture of no windows: %v", page)
	}
}

// The address that a variable holds is told nobody, and what it leads to is read.
func TestCalendarPlaces(t *testing.T) {
	const secret = "https://cal.example/s3cret.ics"
	var asked []string
	r := calendarReaders{
		path: func(_ context.Context, path string) file { return fileWith("path " + path) },
		feed: func(_ context.Context, address string, _ int64) ([]byte, error) {
			asked = append(asked, address)
			if strings.Contains(address, "broken") {
				return nil, errors.New("cannot reach " + address)
			}
			return []byte("feed"), nil
		},
		variable: func(name string) (string, bool) {
			value, ok := map[string]string{"FEED": " " + secret + "\n", "BROKEN": secret + "broken", "EMPTY": ""}[name]
			return value, ok
		},
	}
	for place, want := range map[string]string{
		"a.ics": "path a.ics", "https://cal.example/a.ics": "feed", "env:FEED": "feed",
		"env:EMPTY": "the variable EMPTY is not set", "env:NONE": "the variable NONE is not set", "env:BROKEN": "it cannot be read",
	} {
		f := r.read(t.Context(), place)
		if got := string(f.Text) + f.Problem.What; got != want || strings.Contains(fmt.Sprint(f), "s3cret") {
			t.Errorf("%s: %q, want %q", place, got, want)
		}
	}
	if strings.Join(asked, " ") == "" || !strings.Contains(strings.Join(asked, " "), secret) {
		t.Errorf("asked %v", asked)
	}
}

// A calendar is read once; one that only trouble on the way kept from us is asked for again.
func TestCalendarsAreReadOnce(t *testing.T) {
	e := with()
	e.Files = map[string]file{governed + "a.ics": fileWith("a"), governed + "b.ics": {Missing: true}, governed + "env:NONE": {Problem: problem{What: "status 503", Passing: true}}}
	var c collector
	c.in.Gate.Windows = &policy.Windows{Freeze: []policy.Freeze{{Calendar: "a.ics"}, {Calendar: "b.ics"}, {Calendar: "env:NONE"}, {Holidays: []string{"de"}}}}
	c.calendars(t.Context(), &e) // a second look at the first two would need a repository
	if got := e.Files[governed+"env:NONE"].Problem.What; got != "the variable NONE is not set" || len(e.Files) != 3 {
		t.Errorf("%q, %d files", got, len(e.Files))
	}
}
