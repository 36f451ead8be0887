package calendar

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/wording"
)

var update = flag.Bool("update", false, "rewrite testdata/rules.txt")

// TestRulesInFull holds what rules yield, one of each kind and at each border. That this is right is shown
// against another library; there is no such rule that is quick enough to be tried with each change.
func TestRulesInFull(t *testing.T) {
	yielded := wording.File{Name: "testdata/rules.txt"}
	for _, start := range []string{"20260115T083015", "20240229T230000", "20251231T000000"} {
		for _, text := range []string{
			"FREQ=HOURLY;INTERVAL=7", "FREQ=HOURLY;BYHOUR=3,9", "FREQ=HOURLY;BYDAY=SA;BYHOUR=0,12", "FREQ=HOURLY;INTERVAL=13;BYMONTH=3",
			"FREQ=DAILY;INTERVAL=5", "FREQ=DAILY;BYMONTH=2,7;BYMONTHDAY=1,-1", "FREQ=DAILY;BYHOUR=1,22;BYMINUTE=0,30;BYSECOND=5;COUNT=9", "FREQ=DAILY;BYDAY=MO;BYHOUR=1,2,3;BYSETPOS=2,-1",
			"FREQ=DAILY;UNTIL=20260201T083015", "FREQ=DAILY;UNTIL=20260201", "FREQ=DAILY;COUNT=3",
			"FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,TU", "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,TU;WKST=SU", "FREQ=WEEKLY;BYMONTH=4;BYDAY=FR", "FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=-1", "FREQ=WEEKLY;INTERVAL=3;WKST=SA",
			"FREQ=MONTHLY", "FREQ=MONTHLY;BYMONTHDAY=31", "FREQ=MONTHLY;BYMONTHDAY=-31,-1,15", "FREQ=MONTHLY;BYDAY=1MO,-1FR,5WE", "FREQ=MONTHLY;INTERVAL=5;BYDAY=TU", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1,-1", "FREQ=MONTHLY;BYMONTH=1,12;BYMONTHDAY=13;BYDAY=FR,TU",
			"FREQ=YEARLY", "FREQ=YEARLY;BYMONTH=2", "FREQ=YEARLY;BYMONTHDAY=29", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "FREQ=YEARLY;BYYEARDAY=1,60,-1,-366", "FREQ=YEARLY;BYDAY=20MO,-1SU,53TH", "FREQ=YEARLY;BYMONTH=3,10;BYDAY=-1SU", "FREQ=YEARLY;INTERVAL=2;BYMONTH=6;BYDAY=2TU", "FREQ=YEARLY;BYDAY=TU;BYSETPOS=1,52,-1",
			"FREQ=YEARLY;BYMONTH=5;BYYEARDAY=121,151", "FREQ=YEARLY;COUNT=2",
		} {
			t.Run(start+" "+text, func(t *testing.T) {
				first, err := momentOf(start, zoneOf(t, "Europe/Berlin"))
				if err != nil {
					t.Fatal(err)
				}
				rule, err := ruleOf(text, first)
				if err != nil {
					t.Fatal(err)
				}
				r := &reader{effort: effortLimit}
				var out strings.Builder
				n, last := 0, ""
				for at := range r.starts(rule, first, day(1, 1), day(1, 1).AddDate(2, 2, 0)) {
					last = at.Format("2006-01-02 15:04:05 Mon -0700")
					if n++; n <= 12 {
						out.WriteString(last + "\n")
					}
				}
				fmt.Fprintf(&out, "%d, the last %s, with an effort of %d\n", n, last, effortLimit-r.effort)
				yielded.Hold(t, *update, out.String())
			})
		}
	}
}

// Rules that the standard forbids or that are not read; each beside one that is.
func TestRulesAtTheirBorders(t *testing.T) {
	first := moment{wall: day(3, 2), zone: time.UTC}
	good := []string{
		"FREQ=DAILY;INTERVAL=1", "FREQ=DAILY;INTERVAL=10000", "FREQ=DAILY;COUNT=1", "FREQ=DAILY;COUNT=1000000", "FREQ=DAILY;WKST=SU", "FREQ=DAILY;BYMONTH=1,12", "FREQ=DAILY;BYMONTHDAY=31,-31", "FREQ=YEARLY;BYYEARDAY=366,-366",
		"FREQ=DAILY;BYHOUR=0,23;BYSETPOS=366,-366", "FREQ=DAILY;BYMINUTE=0,59", "FREQ=DAILY;BYSECOND=0,59", "FREQ=MONTHLY;BYDAY=5MO,-5MO", "FREQ=YEARLY;BYDAY=53MO,-53MO", "FREQ=YEARLY;BYMONTH=1;BYDAY=5MO", "FREQ=DAILY;BYDAY=MO",
		"FREQ=WEEKLY;BYDAY=MO", "FREQ=HOURLY;BYHOUR=1", "FREQ=DAILY;BYMONTHDAY=1", "freq=daily;", "FREQ=DAILY;BYDAY=" + strings.TrimSuffix(strings.Repeat("MO,", 100), ","),
		"FREQ=DAILY;BYMONTH=1;BYSETPOS=1", "FREQ=DAILY;BYMONTHDAY=1;BYSETPOS=1", "FREQ=YEARLY;BYYEARDAY=1;BYSETPOS=1", "FREQ=DAILY;BYDAY=MO;BYSETPOS=1", "FREQ=DAILY;BYHOUR=1;BYSETPOS=1", "FREQ=DAILY;BYMINUTE=1;BYSETPOS=1", "FREQ=DAILY;BYSECOND=1;BYSETPOS=1",
	}
	for _, text := range good {
		if _, err := ruleOf(text, first); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
	for text, want := range map[string]string{
		"FREQ=DAILY;INTERVAL=10001": "from 1 to 10000", "FREQ=DAILY;COUNT=0": "from 1 to 1000000", "FREQ=DAILY;COUNT=1000001": "from 1 to 1000000", "FREQ=DAILY;WKST=XX": "no day of the week",
		"FREQ=DAILY;BYMONTH=0": "from 1 to 12", "FREQ=DAILY;BYMONTH=13": "from 1 to 12", "FREQ=DAILY;BYMONTHDAY=32": "from -31 to 31", "FREQ=DAILY;BYMONTHDAY=-32": "from -31 to 31", "FREQ=DAILY;BYMONTHDAY=0": "0 counts nothing",
		"FREQ=YEARLY;BYYEARDAY=367": "from -366 to 366", "FREQ=DAILY;BYHOUR=1;BYSETPOS=367": "from -366 to 366", "FREQ=DAILY;BYHOUR=24": "from 0 to 23", "FREQ=DAILY;BYMINUTE=60": "from 0 to 59", "FREQ=DAILY;BYSECOND=60": "from 0 to 59",
		"FREQ=DAILY;BYDAY=" + strings.TrimSuffix(strings.Repeat("MO,", 101), ","): "more than 100", "FREQ=MONTHLY;BYDAY=6MO": "counts days", "FREQ=MONTHLY;BYDAY=-6MO": "counts days", "FREQ=YEARLY;BYMONTH=1;BYDAY=6MO": "counts days",
		"FREQ=WEEKLY;BYDAY=1MO": "counts days", "FREQ=YEARLY;BYDAY=54MO": "is no day", "FREQ=YEARLY;BYDAY=0MO": "is no day", "FREQ=YEARLY;BYDAY=M": "is no day", "FREQ=YEARLY;BYDAY=XX": "is no day", "FREQ=YEARLY;BYDAY=1": "is no day",
		"FREQ=MONTHLY;BYYEARDAY=1": "goes with FREQ=YEARLY alone", "FREQ=WEEKLY;BYMONTHDAY=1": "does not go with FREQ=WEEKLY", "FREQ=HOURLY;BYMINUTE=1": "not read with FREQ=HOURLY", "FREQ=HOURLY;BYSECOND=1": "not read with FREQ=HOURLY", "FREQ=HOURLY;BYHOUR=1;BYSETPOS=1": "not read with FREQ=HOURLY",
		"FREQ=DAILY;BYSETPOS=1": "stands alone", "FREQ=DAILY;UNTIL=soon": "is no time", "FREQ=DAILY;COUNT=1;UNTIL=20260303": "both COUNT and UNTIL", "FREQ": "is no rule", "": "is no rule",
	} {
		if _, err := ruleOf(text, first); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

// zoned is a calendar with a zone of its own, made of the lines given, and an event at noon there.
func zoned(lines ...string) string {
	return event("DTSTART;TZID=Odd:20260302T120000", "END:VEVENT", "BEGIN:VTIMEZONE", "TZID:Odd", strings.Join(lines, "\r\n"), "END:VTIMEZONE", "BEGIN:VEVENT", "UID:2", "DTSTART:20260302T090000Z")
}

// The zones that a calendar brings along.
func TestOwnZones(t *testing.T) {
	standard := func(lines ...string) string {
		return "BEGIN:STANDARD\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:STANDARD"
	}
	for text, want := range map[string]string{
		standard("DTSTART:19700101T000000", "TZOFFSETFROM:+0000", "TZOFFSETTO:+0123"):                                          "03-02T10:37",
		standard("DTSTART:19700101T000000", "TZOFFSETFROM:+0000", "TZOFFSETTO:-012345"):                                        "03-02T13:23",
		standard("DTSTART:20260302T120001", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0500"):                                          "03-02T10:00",
		standard("DTSTART:20260302T110000", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100"):                                          "03-02T11:00",
		standard("DTSTART:20200101T000000", "RDATE:20260101T000000,20270101T000000", "TZOFFSETFROM:+0000", "TZOFFSETTO:+0300"): "03-02T09:00",
		standard("DTSTART:20300101T000000", "RDATE:20260101T000000", "TZOFFSETFROM:+0000", "TZOFFSETTO:+0300"):                 "03-02T09:00",
		standard("DTSTART:19600301T000000", "RRULE:FREQ=YEARLY;BYMONTH=3", "TZOFFSETFROM:+0000", "TZOFFSETTO:+0200") + "\r\n" +
			strings.ReplaceAll(standard("DTSTART:19601001T000000", "RRULE:FREQ=YEARLY;BYMONTH=10", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0000"), "STANDARD", "DAYLIGHT"): "03-02T10:00",
		standard("DTSTART:19700101T000000", "TZOFFSETFROM:+0000", "TZOFFSETTO:+0100") + "\r\nBEGIN:X-OTHER\r\nEND:X-OTHER": "03-02T11:00",
	} {
		events, err := Within([]byte(zoned(text)), time.UTC, day(1, 1), day(12, 31))
		if err != nil || len(events) != 2 {
			t.Errorf("%s: %d events, %v", text, len(events), err)
			continue
		}
		if got := []string{events[0].Start.UTC().Format("01-02T15:04"), events[1].Start.UTC().Format("01-02T15:04")}; !slices.Contains(got, want) {
			t.Errorf("%s\nnoon is at %v, want %s", text, got, want)
		}
	}
	from, to := "TZOFFSETFROM:+0000", "TZOFFSETTO:+0100"
	for text, want := range map[string]string{
		standard("DTSTART:19700101T000000", to):                       "its TZOFFSETFROM",
		standard("DTSTART:19700101T000000", from):                     "its TZOFFSETTO",
		standard("DTSTART:19700101T000000", from, "TZOFFSETTO:+2400"): "is no offset",
		standard("DTSTART:19700101T000000", from, "TZOFFSETTO:+0060"): "is no offset",
		standard("DTSTART:19700101T000000", from, "TZOFFSETTO:0100"):  "is no offset",
		standard(from, to):                                                      "it has no DTSTART",
		standard("DTSTART:19700101", from, to):                                  "a local time is wanted here",
		standard("DTSTART:19700101T000000Z", from, to):                          "a local time is wanted here",
		standard("DTSTART:soon", from, to):                                      "a local time is wanted here",
		standard("DTSTART:19700101T000000", "RRULE:FREQ=NEVER", from, to):       "FREQ=NEVER is not read",
		standard("DTSTART:19700101T000000", "RDATE:soon", from, to):             "a local time is wanted here",
		standard("DTSTART:19700101T000000", "RDATE:19800101", from, to):         "a local time is wanted here",
		standard("DTSTART:19700101T000000", "RDATE:19800101T000000Z", from, to): "a local time is wanted here",
		"X-NOTHING:1": "it says nothing about offsets",
	} {
		if events, err := Within([]byte(zoned(text)), time.UTC, day(1, 1), day(12, 31)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %d events, %v; want %s", text, len(events), err, want)
		}
	}
	var many strings.Builder
	for i := range 256 {
		fmt.Fprintf(&many, "BEGIN:STANDARD\r\nDTSTART:19700101T%02d%02d00\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+%02d%02d\r\nEND:STANDARD\r\n", i/60, i%60, i/60, i%60)
	}
	if _, err := Within([]byte(zoned(strings.TrimSuffix(many.String(), "\r\n"))), time.UTC, day(1, 1), day(12, 31)); err == nil || !strings.Contains(err.Error(), "too many offsets") {
		t.Errorf("256 offsets: %v", err)
	}
	if _, err := Within([]byte("BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nEND:VTIMEZONE\nEND:VCALENDAR"), time.UTC, day(1, 1), day(12, 31)); err == nil || !strings.Contains(err.Error(), "it has no TZID") {
		t.Errorf("a zone without a name: %v", err)
	}
	// Names of the database, and what only looks like one.
	for name, want := range map[string]bool{"Europe/Berlin": true, "CET": true, "Local": false, "": false, "europe": false, "A" + strings.Repeat("a", 60): false, "../UTC": false} {
		if _, ok := load(name); ok != want {
			t.Errorf("%q is loaded: %t", name, ok)
		}
	}
	text := func(n int) string {
		var all []string
		for i := range n {
			all = append(all, fmt.Sprintf("DTSTART;TZID=/%d/Europe/Berlin:20260302T090000\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:z%d", i, i))
		}
		return event(append(all, "DTSTART:20260302T090000Z")...)
	}
	for n, ok := range map[int]bool{zoneLimit: true, zoneLimit + 1: false} {
		if _, err := Within([]byte(text(n)), time.UTC, day(1, 1), day(12, 31)); (err == nil) != ok {
			t.Errorf("%d names of zones: %v", n, err)
		}
	}
}

// Events that are refused, or that mean something only at a border.
func TestEntriesAtTheirBorders(t *testing.T) {
	const start, whole = "DTSTART:20260302T090000Z", "DTSTART;VALUE=DATE:20260302"
	for text, want := range map[string]string{
		event(start, "SEQUENCE:-1"):                                          "from 0 to 2147483647",
		event(start, "SEQUENCE:2147483648"):                                  "from 0 to 2147483647",
		event(start, "DTEND:soon"):                                           "is no time",
		event(start, "DTEND:20260302T100000Z,20260302T110000Z"):              "one time is wanted here",
		event(whole, "DURATION:PT1H"):                                        "whole days are wanted",
		event(whole, "RRULE:FREQ=HOURLY"):                                    "it names times, and DTSTART is a day",
		event(whole, "RRULE:FREQ=DAILY;BYHOUR=1"):                            "it names times, and DTSTART is a day",
		event(whole, "RRULE:FREQ=DAILY;BYMINUTE=1"):                          "it names times, and DTSTART is a day",
		event(whole, "RRULE:FREQ=DAILY;BYSECOND=1"):                          "it names times, and DTSTART is a day",
		event(start, "EXRULE:FREQ=DAILY"):                                    "EXRULE, are not read",
		event(start, "RDATE:soon"):                                           "is no time",
		event(start, "RDATE;VALUE=DATE:20260303"):                            "it is a day and DTSTART is not",
		event(start, "RDATE;VALUE=PERIOD:20260303T090000Z"):                  "is no period",
		event(start, "RDATE;VALUE=PERIOD:20260303/PT1H"):                     "is no period",
		event(start, "RDATE;VALUE=PERIOD:soon/PT1H"):                         "is no period",
		event(start, "RDATE;VALUE=PERIOD:20260303T090000Z/20260304"):         "is no period",
		event(start, "RDATE;VALUE=PERIOD:20260303T090000Z/20260303T080000Z"): "is no period",
		event(start, "RDATE;VALUE=PERIOD;TZID=Mars/A:20260303T090000/PT1H"):  "nobody knows",
		event(start, "EXDATE:soon"):                                          "is no time",
		event(start, "RRULE:FREQ=DAILY", "RECURRENCE-ID:20260302T090000Z"):   "one of a series cannot be a series",
		event(start, "RECURRENCE-ID:soon"):                                   "is no time",
		event("DTSTART;VALUE=DATE-TIME:20260302"):                            "is no DATE-TIME",
		event("DTSTART:00000101T000000Z"):                                    "is no time",
	} {
		if events, err := Within([]byte(text), time.UTC, day(1, 1), day(12, 31)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %d events, %v; want %s", text, len(events), err, want)
		}
	}
	for text, want := range map[string]string{
		event(start, "RDATE;VALUE=PERIOD:20260303T090000Z/PT2H,20260304T090000Z/20260304T100000Z"):                                                       "03-02T09:00/03-02T09:00 |03-03T09:00/03-03T11:00 |03-04T09:00/03-04T10:00 ",
		event(start, "DURATION:PT1H", "RDATE:20260303T090000Z,20260302T090000Z"):                                                                         "03-02T09:00/03-02T10:00 |03-03T09:00/03-03T10:00 ",
		event(whole, "RDATE;VALUE=DATE:20260305", "EXDATE;VALUE=DATE:20260302"):                                                                          "03-05T00:00/03-06T00:00 ",
		event(whole, "RRULE:FREQ=DAILY;COUNT=3", "EXDATE:20260303T120000Z"):                                                                              "03-02T00:00/03-03T00:00 |03-04T00:00/03-05T00:00 ",
		event(whole, "DTEND;VALUE=DATE:20260304"):                                                                                                        "03-02T00:00/03-04T00:00 ",
		event(whole, "DURATION:PT48H"):                                                                                                                   "03-02T00:00/03-04T00:00 ",
		event(start, "DTEND;TZID=Europe/Berlin:20260302T103000"):                                                                                         "03-02T09:00/03-02T09:30 ",
		event(start, "DURATION:P1W", "SUMMARY:a\\, b\\; c\\n d\\\\"):                                                                                     "03-02T09:00/03-09T09:00 a, b; c\n d\\",
		event(start, "DURATION:+P1DT1H2M3S"):                                                                                                             "03-02T09:00/03-03T10:02 ",
		event(start, "RRULE:FREQ=HOURLY;COUNT=2", "DURATION:P1D"):                                                                                        "03-02T09:00/03-03T09:00 |03-02T10:00/03-03T10:00 ",
		event(start, "STATUS:cancelled", "END:VEVENT", "BEGIN:VEVENT", "UID:2", start):                                                                   "03-02T09:00/03-02T09:00 ",
		event(start, "SEQUENCE:1", "SUMMARY:new", "END:VEVENT", "BEGIN:VEVENT", "UID:1", start, "SUMMARY:old"):                                           "03-02T09:00/03-02T09:00 new",
		event(start, "DTSTAMP:20260101T000000Z", "SUMMARY:old", "END:VEVENT", "BEGIN:VEVENT", "UID:1", start, "DTSTAMP:20260102T000000Z", "SUMMARY:new"): "03-02T09:00/03-02T09:00 new",
		event(start, "LAST-MODIFIED:20260103T000000Z", "DTSTAMP:20260101T000000Z", "SUMMARY:new", "END:VEVENT", "BEGIN:VEVENT", "UID:1", start, "DTSTAMP:20260102T000000Z", "SUMMARY:old"): "03-02T09:00/03-02T09:00 new",
		event(start, "END:VEVENT", "BEGIN:VEVENT", start, "END:VEVENT", "BEGIN:VEVENT", start):                                                                                             "03-02T09:00/03-02T09:00 |03-02T09:00/03-02T09:00 |03-02T09:00/03-02T09:00 ",
	} {
		events, err := Within([]byte(text), time.UTC, day(1, 1), day(12, 31))
		if got := strings.Join(shown(events), "|"); err != nil || got != want {
			t.Errorf("%q: %q, %v\nwant %q", text, got, err, want)
		}
	}
}

// Who is asked to attend.
func TestAttendees(t *testing.T) {
	for line, want := range map[string]string{
		"ATTENDEE;CN=Ada:mailto:Ada@Acme.example":             "true [{Ada ada@acme.example}]",
		"ATTENDEE:MAILTO: ada@acme.example ":                  "true [{ ada@acme.example}]",
		"ATTENDEE:https://acme.example/ada":                   "true [{https://acme.example/ada }]",
		"ATTENDEE:ada":                                        "true [{ada }]",
		"ATTENDEE;CUTYPE=room:mailto:r@acme.example":          "false []",
		"ATTENDEE;CUTYPE=RESOURCE:mailto:r@acme.example":      "false []",
		"ATTENDEE;ROLE=non-participant:mailto:r@acme.example": "false []",
		"ATTENDEE;PARTSTAT=declined;CN=Ada:mailto:a@b":        "true []",
		"ATTENDEE;PARTSTAT=DELEGATED;CN=Ada:mailto:a@b":       "true []",
		"ATTENDEE;PARTSTAT=TENTATIVE;CN=Ada:mailto:a@b":       "true [{Ada a@b}]",
		`ATTENDEE;CN="Lovelace; ^'Ada^'":mailto:a@b`:          `true [{Lovelace; "Ada" a@b}]`,
		"ATTENDEE;CN=:mailto:a@b":                             "true [{ a@b}]",
		`ATTENDEE;CN="":mailto:a@b`:                           "true [{ a@b}]",
	} {
		events, err := Within([]byte(event("DTSTART:20260302T090000Z", line)), time.UTC, day(1, 1), day(12, 31))
		if err != nil || len(events) != 1 {
			t.Errorf("%s: %v", line, err)
		} else if got := fmt.Sprintf("%t %v", events[0].Asked, events[0].People); got != want {
			t.Errorf("%s: %s, want %s", line, got, want)
		}
	}
}

// Content lines: what is a name, and where parameters end.
func TestProperties(t *testing.T) {
	for text, want := range map[string]property{
		"A:b": {name: "A", value: "b"}, "a-Z09:b:c;d": {name: "A-Z09", value: "b:c;d"}, "A;b=c:d": {name: "A", value: "d", params: map[string][]string{"B": {"c"}}},
		`A;B="c;:,",d;E=:f`: {name: "A", value: "f", params: map[string][]string{"B": {"c;:,", "d"}, "E": {""}}}, "A:": {name: "A"}, `A;B="":c`: {name: "A", value: "c", params: map[string][]string{"B": {""}}},
	} {
		got, err := line{text: text, number: 3}.property()
		if err != nil || got.name != want.name || got.value != want.value || fmt.Sprint(got.params) != fmt.Sprint(want.params) || got.line != 3 {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", ":b", "A", "A;", "A;B:c", "A;B=", "A;B=c", `A;B="c:d`, `A;B="c"d:e`, "A;=b:c", "A_B:c", "A/:b", "A@:b", "A[:b", "A`:b", "A{:b"} {
		if got, err := (line{text: text, number: 3}).property(); err == nil || !strings.Contains(err.Error(), "line 3") {
			t.Errorf("%s is a line: %+v, %v", text, got, err)
		}
	}
	if clip(strings.Repeat("é", 60)) != strings.Repeat("é", 60) || clip(strings.Repeat("é", 61)) != strings.Repeat("é", 59)+"…" {
		t.Error("clip")
	}
}
