package calendar

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

func zoneOf(t testing.TB, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func day(month time.Month, n int) time.Time { return time.Date(2026, month, n, 0, 0, 0, 0, time.UTC) }

// shown is a line for each event, in UTC.
func shown(events []Event) []string {
	var lines []string
	for _, e := range events {
		const form = "01-02T15:04"
		lines = append(lines, fmt.Sprintf("%s/%s %s", e.Start.UTC().Format(form), e.End.UTC().Format(form), e.Summary))
	}
	return lines
}

// event is a calendar with one event, made of the lines given.
func event(lines ...string) string {
	return "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
}

// What other programs write, read in Berlin.
func TestCalendarsOfOthers(t *testing.T) {
	for name, want := range map[string][]string{
		"outlook.ics": {
			"03-17T07:00/03-17T11:00 Monthly closing, no changes",
			"03-30T06:00/03-30T07:00 Named as it is shown",
			"03-31T06:00/03-31T07:00 In the calendar's own zone",
			"03-31T06:00/03-31T10:00 Monthly closing, no changes",
			"04-08T06:00/04-08T10:00 Monthly closing, moved",
			"04-14T06:00/04-14T10:00 Monthly closing, no changes",
			"04-21T06:00/04-21T10:00 Monthly closing, no changes",
			"04-28T06:00/04-28T10:00 Monthly closing, no changes",
		},
		"google.ics": {
			"03-07T03:00/03-07T07:00 Nightly batch with a long name that is folded over more than one lineof the file ü",
			"03-08T03:00/03-08T07:00 Nightly batch with a long name that is folded over more than one lineof the file ü",
			"03-09T02:00/03-09T06:00 Nightly batch with a long name that is folded over more than one lineof the file ü",
			"03-10T02:00/03-10T06:00 Nightly batch with a long name that is folded over more than one lineof the file ü",
			"03-15T23:00/03-17T23:00 Quarter end",
			"04-01T10:00/04-01T10:00 A moment",
		},
		"pagerduty.ics": {
			"03-02T08:00/03-09T08:00 On Call - Backup Schedule",
			"03-02T08:00/03-09T08:00 On Call - Primary Schedule",
		},
	} {
		text, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{string(text), strings.ReplaceAll(string(text), "\n", "\r\n"), "\ufeff" + string(text)} {
			events, err := Within([]byte(text), zoneOf(t, "Europe/Berlin"), day(1, 1), day(12, 31))
			if got := shown(events); err != nil || !slices.Equal(got, want) {
				t.Errorf("%s: %v\n%s\nwant\n%s", name, err, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		}
	}
}

func TestPeople(t *testing.T) {
	text, err := os.ReadFile("testdata/pagerduty.ics")
	if err != nil {
		t.Fatal(err)
	}
	events, err := Within(text, time.UTC, day(3, 3), day(3, 4))
	if err != nil || len(events) != 2 {
		t.Fatal(events, err)
	}
	backup, primary := events[0], events[1]
	if len(backup.People) != 0 || !backup.Asked || !backup.Tentative {
		t.Errorf("backup is %+v", backup)
	}
	if !slices.Equal(primary.People, []Person{{"Lovelace, Ada", "ada@acme.example"}}) || !slices.Equal(primary.Categories, []string{"on-call", "primary"}) {
		t.Errorf("primary is %+v", primary)
	}
}

// One event each, within the spring and summer of 2026 in Berlin.
func TestEvents(t *testing.T) {
	for name, tt := range map[string]struct {
		lines []string
		want  []string
	}{
		"floating":                     {[]string{"DTSTART:20260330T090000", "DTEND:20260330T100000"}, []string{"03-30T07:00/03-30T08:00 "}},
		"utc":                          {[]string{"DTSTART:20260330T090000Z", "DURATION:PT90M"}, []string{"03-30T09:00/03-30T10:30 "}},
		"folded within a letter":       {[]string{"DTSTART:20260330T090000Z", "SUMMARY:A\xc3\r\n \xb6B"}, []string{"03-30T09:00/03-30T09:00 AöB"}},
		"a day":                        {[]string{"DTSTART;VALUE=DATE:20260329"}, []string{"03-28T23:00/03-29T22:00 "}}, // of 23 hours
		"a day that ends on itself":    {[]string{"DTSTART;VALUE=DATE:20260330", "DTEND;VALUE=DATE:20260330"}, []string{"03-29T22:00/03-30T22:00 "}},
		"days by duration":             {[]string{"DTSTART;VALUE=DATE:20260328", "DURATION:P1W"}, []string{"03-27T23:00/04-03T22:00 "}},
		"a day by the clock":           {[]string{"DTSTART;TZID=Europe/Berlin:20260328T090000", "DURATION:P1D"}, []string{"03-28T08:00/03-29T07:00 "}},
		"a day by the stop-watch":      {[]string{"DTSTART;TZID=Europe/Berlin:20260328T090000", "DURATION:PT24H"}, []string{"03-28T08:00/03-29T08:00 "}},
		"a prefixed zone":              {[]string{"DTSTART;TZID=/freeassociation.sourceforge.net/Europe/Berlin:20260330T090000"}, []string{"03-30T07:00/03-30T07:00 "}},
		"half an hour":                 {[]string{"DTSTART;TZID=Lord Howe Standard Time:20260404T120000", "RRULE:FREQ=DAILY;COUNT=2"}, []string{"04-04T01:00/04-04T01:00 ", "04-05T01:30/04-05T01:30 "}},
		"kathmandu":                    {[]string{"DTSTART;TZID=\"(UTC+05:45) Kathmandu\":20260404T120000"}, []string{"04-04T06:15/04-04T06:15 "}},
		"exchange's utc":               {[]string{"DTSTART;TZID=\"tzone://Microsoft/Utc\":20260404T120000"}, []string{"04-04T12:00/04-04T12:00 "}},
		"weekly across the change":     {[]string{"DTSTART;TZID=Europe/Berlin:20260322T230000", "DTEND;TZID=Europe/Berlin:20260329T230000", "RRULE:FREQ=WEEKLY;COUNT=2"}, []string{"03-22T22:00/03-29T21:00 ", "03-29T21:00/04-05T21:00 "}},
		"begun before, long":           {[]string{"DTSTART:20200101T000000Z", "DTEND:99991231T000000Z"}, []string{"01-01T00:00/03-17T00:00 "}},
		"every other month, last fri":  {[]string{"DTSTART:20260130T090000Z", "RRULE:FREQ=MONTHLY;INTERVAL=2;BYDAY=-1FR;UNTIL=20260601T000000Z"}, []string{"03-27T09:00/03-27T09:00 ", "05-29T09:00/05-29T09:00 "}},
		"last working day":             {[]string{"DTSTART:20260331T090000Z", "RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=3"}, []string{"03-31T09:00/03-31T09:00 ", "04-30T09:00/04-30T09:00 ", "05-29T09:00/05-29T09:00 "}},
		"until a day, that counts":     {[]string{"DTSTART:20260331T090000Z", "RRULE:FREQ=DAILY;UNTIL=20260401"}, []string{"03-31T09:00/03-31T09:00 ", "04-01T09:00/04-01T09:00 "}},
		"the first that does not fit":  {[]string{"DTSTART:20260331T090000Z", "RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=2"}, []string{"03-31T09:00/03-31T09:00 ", "04-06T09:00/04-06T09:00 "}},
		"excepted in another zone":     {[]string{"DTSTART;TZID=Europe/Berlin:20260331T090000", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE;TZID=America/New_York:20260401T030000"}, []string{"03-31T07:00/03-31T07:00 ", "04-02T07:00/04-02T07:00 "}},
		"a day excepted by a time":     {[]string{"DTSTART;VALUE=DATE:20260331", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE;TZID=\"W. Europe Standard Time\":20260401T000000"}, []string{"03-30T22:00/03-31T22:00 ", "04-01T22:00/04-02T22:00 "}},
		"more dates, one twice":        {[]string{"DTSTART:20260331T090000Z", "RDATE:20260331T090000Z,20260403T090000Z"}, []string{"03-31T09:00/03-31T09:00 ", "04-03T09:00/04-03T09:00 "}},
		"periods":                      {[]string{"DTSTART:20260331T090000Z", "RDATE;VALUE=PERIOD:20260403T090000Z/PT2H,20260404T090000Z/20260404T100000Z"}, []string{"03-31T09:00/03-31T09:00 ", "04-03T09:00/04-03T11:00 ", "04-04T09:00/04-04T10:00 "}},
		"every twelve hours":           {[]string{"DTSTART;TZID=Europe/Berlin:20260328T080000", "DURATION:PT12H", "RRULE:FREQ=HOURLY;INTERVAL=12;COUNT=3"}, []string{"03-28T07:00/03-28T19:00 ", "03-28T19:00/03-29T07:00 ", "03-29T07:00/03-29T19:00 "}},
		"at a time that is leapt over": {[]string{"DTSTART;TZID=Europe/Berlin:20260328T023000", "RRULE:FREQ=DAILY;COUNT=3"}, []string{"03-28T01:30/03-28T01:30 ", "03-29T01:30/03-29T01:30 ", "03-30T00:30/03-30T00:30 "}},
		"old and without end":          {[]string{"DTSTART:19700106T090000Z", "RRULE:FREQ=YEARLY;INTERVAL=4;BYMONTH=4;BYDAY=MO"}, []string{"04-06T09:00/04-06T09:00 ", "04-13T09:00/04-13T09:00 ", "04-20T09:00/04-20T09:00 ", "04-27T09:00/04-27T09:00 "}},
		"never":                        {[]string{"DTSTART:20200106T090000Z", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, nil},
	} {
		events, err := Within([]byte(event(tt.lines...)), zoneOf(t, "Europe/Berlin"), day(3, 1), day(7, 1))
		if got := shown(events); err != nil || !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v\n%s\nwant\n%s", name, err, strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
		}
	}
}

// Changes of one of a series, and what is newest.
func TestChanges(t *testing.T) {
	const master = "BEGIN:VEVENT\nUID:a\nSEQUENCE:1\nDTSTART:20260302T090000Z\nRRULE:FREQ=DAILY;COUNT=3\nSUMMARY:m\nEND:VEVENT\n"
	for name, tt := range map[string]struct {
		text string
		want []string
	}{
		"one moved":               {master + "BEGIN:VEVENT\nUID:a\nRECURRENCE-ID:20260303T090000Z\nDTSTART:20260303T150000Z\nSUMMARY:c\nEND:VEVENT\n", []string{"03-02T09:00/03-02T09:00 m", "03-03T15:00/03-03T15:00 c", "03-04T09:00/03-04T09:00 m"}},
		"one moved into the span": {master + "BEGIN:VEVENT\nUID:a\nRECURRENCE-ID:20260304T090000Z\nDTSTART:20260301T150000Z\nSUMMARY:c\nEND:VEVENT\n", []string{"03-01T15:00/03-01T15:00 c", "03-02T09:00/03-02T09:00 m", "03-03T09:00/03-03T09:00 m"}},
		"one moved, by its day":   {master + "BEGIN:VEVENT\nUID:a\nRECURRENCE-ID;VALUE=DATE:20260303\nDTSTART:20260303T150000Z\nSUMMARY:c\nEND:VEVENT\n", []string{"03-02T09:00/03-02T09:00 m", "03-03T15:00/03-03T15:00 c", "03-04T09:00/03-04T09:00 m"}},
		"one called off":          {"BEGIN:VEVENT\nUID:a\nRECURRENCE-ID;TZID=Europe/Berlin:20260303T100000\nDTSTART:20260303T150000Z\nSTATUS:CANCELLED\nEND:VEVENT\n" + master, []string{"03-02T09:00/03-02T09:00 m", "03-04T09:00/03-04T09:00 m"}},
		"all called off":          {master + "BEGIN:VEVENT\nUID:a\nSEQUENCE:2\nDTSTART:20260302T090000Z\nSTATUS:CANCELLED\nEND:VEVENT\n", nil},
		"an older cancellation":   {"BEGIN:VEVENT\nUID:a\nSEQUENCE:0\nDTSTART:20260302T090000Z\nSTATUS:CANCELLED\nEND:VEVENT\n" + master, []string{"03-02T09:00/03-02T09:00 m", "03-03T09:00/03-03T09:00 m", "03-04T09:00/03-04T09:00 m"}},
		"called off with changes": {master + "BEGIN:VEVENT\nUID:a\nSEQUENCE:2\nDTSTART:20260302T090000Z\nSTATUS:CANCELLED\nEND:VEVENT\nBEGIN:VEVENT\nUID:a\nRECURRENCE-ID:20260303T090000Z\nDTSTART:20260303T150000Z\nEND:VEVENT\n", nil},
		"a change alone":          {"BEGIN:VEVENT\nUID:a\nRECURRENCE-ID:20260303T090000Z\nDTSTART:20260303T150000Z\nSUMMARY:c\nEND:VEVENT\n", []string{"03-03T15:00/03-03T15:00 c"}},
		"the same twice":          {master + master, []string{"03-02T09:00/03-02T09:00 m", "03-03T09:00/03-03T09:00 m", "03-04T09:00/03-04T09:00 m"}},
	} {
		events, err := Within([]byte("BEGIN:VCALENDAR\n"+tt.text+"END:VCALENDAR\n"), time.UTC, day(3, 1), day(7, 1))
		if got := shown(events); err != nil || !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v\n%s\nwant\n%s", name, err, strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
		}
	}
}

// What is not understood is an error, and never no event.
func TestRefusals(t *testing.T) {
	good := event("DTSTART:20260302T090000Z")
	for text, want := range map[string]string{
		"":                                   "it is empty",
		" \r\n":                              "it is empty",
		"<html>":                             "line 1: it is no calendar",
		`{"errors":[]}`:                      "line 1: it is no calendar",
		"\xff":                               "no UTF-8",
		strings.Split(good, "END:VEVENT")[0]: "it breaks off: VEVENT of line 2",
		strings.TrimSuffix(good, "END:VCALENDAR\r\n"):       "it breaks off: VCALENDAR of line 1",
		strings.Replace(good, "END:VEVENT", "END:VTODO", 1): "END:VTODO does not end VEVENT",
		good + "more":                                                                           "line 7: it is no calendar",
		"BEGIN:VCALENDAR\nEND:VCALENDAR":                                                        ErrEmpty.Error(),
		"BEGIN:VCALENDAR\nMETHOD:CANCEL\nEND:VCALENDAR":                                         "is a message (METHOD:CANCEL)",
		"BEGIN:VCALENDAR\nno property\nEND:VCALENDAR":                                           `line 2: "no property" is no line`,
		"BEGIN:VCALENDAR\nA;B=\"c\nEND:VCALENDAR":                                               "is no line",
		strings.Repeat("BEGIN:VCALENDAR\n", 10):                                                 "too deep",
		"BEGIN:VCALENDAR\n" + strings.Repeat("X:\n", SizeLimit/3) + "END:VCALENDAR":             "more than 1 MB",
		event("SUMMARY:x"):                                                                      "it has no DTSTART",
		event("DTSTART:yesterday"):                                                              "is no time",
		event("DTSTART:20260230T090000"):                                                        "is no time",
		event("DTSTART;TZID=Mars/Olympus:20260302T090000"):                                      `"Mars/Olympus" is a time zone that nobody knows`,
		event("DTSTART;TZID=Local:20260302T090000"):                                             "nobody knows",
		event("DTSTART;TZID=../../etc/passwd:20260302T090000"):                                  "nobody knows",
		event("DTSTART;VALUE=DATE:20260302T090000"):                                             "is no DATE",
		event("DTSTART:20260302T090000Z", "DTEND:20260301T090000Z"):                             "ends before it begins",
		event("DTSTART:20260302T090000Z", "DTEND;VALUE=DATE:20260303"):                          "is a day and DTSTART is not",
		event("DTSTART:20260302T090000Z", "DURATION:-PT1H"):                                     "is no duration",
		event("DTSTART:20260302T090000Z", "DURATION:P"):                                         "is no duration",
		event("DTSTART:20260302T090000Z", "DURATION:PT1H", "DTEND:20260302T100000Z"):            "both DTEND and DURATION",
		event("DTSTART:20260302T090000Z", "RRULE:FREQ=SECONDLY"):                                "FREQ=SECONDLY is not read",
		event("DTSTART:20260302T090000Z", "RRULE:FREQ=MINUTELY"):                                "FREQ=MINUTELY is not read",
		event("DTSTART:20260302T090000Z", "RRULE:FREQ=YEARLY;BYWEEKNO=20"):                      "BYWEEKNO in a rule is not read",
		event("DTSTART:20260302T090000Z", "RRULE:FREQ=MONTHLY;BYDAY=53MO"):                      "BYDAY counts days",
		event("DTSTART:20260302T090000Z", "RRULE:FREQ=DAILY;COUNT=1;UNTIL=20260302"):            "both COUNT and UNTIL",
		event("DTSTART:20260302T090000Z", "RRULE:FREQ=DAILY;FREQ=DAILY"):                        "is no rule",
		event("DTSTART:20260302T090000Z", "RRULE:INTERVAL=1"):                                   "no FREQ",
		event("DTSTART:20260302T090000Z", "RRULE:FREQ=DAILY;INTERVAL=0"):                        "INTERVAL=0",
		event("DTSTART:20260302T090000Z", "RRULE:FREQ=DAILY", "RRULE:FREQ=DAILY"):               "more than one RRULE",
		event("DTSTART:20260302T090000Z", "RRULE:FREQ=DAILY", "EXDATE;VALUE=DATE:20260303"):     "it is a day and DTSTART is not",
		event("DTSTART:20260302T090000Z", "RECURRENCE-ID;RANGE=THISANDFUTURE:20260302T090000Z"): "RANGE is not read",
		event("DTSTART;TZID=Odd:20260302T090000", "END:VEVENT", "BEGIN:VTIMEZONE", "TZID:Odd", "END:VTIMEZONE", "BEGIN:VEVENT", "DTSTART:20260302T090000"): "it says nothing about offsets",
		event("DTSTART:20260302T090000Z", "END:VEVENT", "BEGIN:VEVENT", "UID:1", "DTSTART:20260303T090000Z"):                                               "has the UID and the SEQUENCE",
	} {
		events, err := Within([]byte(text), time.UTC, day(1, 1), day(12, 31))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.300q: %d events, %v; want %s", text, len(events), err, want)
		}
	}
}

// However long a calendar would keep somebody busy, it does not.
func TestBusyCalendars(t *testing.T) {
	many := func(lines string) string {
		var b strings.Builder
		for n := range 4900 {
			fmt.Fprintf(&b, "BEGIN:VEVENT\nUID:%d\n%s\nEND:VEVENT\n", n, lines)
		}
		return "BEGIN:VCALENDAR\n" + b.String() + "END:VCALENDAR\n"
	}
	for name, text := range map[string]string{
		"never":        many("DTSTART:19700101T000000Z\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=2"),
		"hours":        many("DTSTART:19700101T000000Z\nRRULE:FREQ=HOURLY;COUNT=999999"),
		"all seconds":  event("DTSTART:19700101T000000Z", "RRULE:FREQ=DAILY;BYHOUR="+upTo(24)+";BYMINUTE="+upTo(60)+";BYSECOND="+upTo(60)),
		"too often":    many("DTSTART:19700101T000000Z\nRRULE:FREQ=DAILY"),
		"long lists":   many("DTSTART:19700101T000000Z\nRRULE:FREQ=YEARLY;COUNT=9999;BYYEARDAY=" + upTo(31)[2:]),
		"many events":  strings.Replace(many("DTSTART:20200101T000000Z"), "END:VCALENDAR", strings.Repeat("BEGIN:VEVENT\nDTSTART:20200101T000000Z\nEND:VEVENT\n", 101)+"END:VCALENDAR", 1),
		"custom zones": many("DTSTART;TZID=a/b:19700101T000000"),
	} {
		begin := time.Now()
		events, err := Within([]byte(text), time.UTC, day(1, 1), day(12, 31))
		if err == nil {
			t.Errorf("%s: %d events", name, len(events))
		}
		t.Log(name, time.Since(begin).Round(time.Millisecond), err)
	}
}

func upTo(n int) string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprint(i))
	}
	return strings.Join(all, ",")
}

// A prefix of a calendar is a cut one.
func TestCutCalendars(t *testing.T) {
	text, err := os.ReadFile("testdata/outlook.ics")
	if err != nil {
		t.Fatal(err)
	}
	whole := strings.TrimSpace(string(text))
	for n := range len(whole) {
		if events, err := Within([]byte(whole[:n]), time.UTC, day(1, 1), day(12, 31)); err == nil {
			t.Fatalf("%d of %d bytes were read as %d events", n, len(whole), len(events))
		}
	}
}

func FuzzCalendar(f *testing.F) {
	for _, name := range []string{"outlook", "google", "pagerduty"} {
		text, err := os.ReadFile("testdata/" + name + ".ics")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Add(event("DTSTART:20260302T090000Z", "RRULE:FREQ=MONTHLY;BYDAY=-5MO;BYSETPOS=-366"))
	zone := zoneOf(f, "Europe/Berlin")
	f.Fuzz(func(t *testing.T, text string) {
		events, err := Within([]byte(text), zone, day(3, 1), day(5, 1))
		if err != nil && events != nil {
			t.Error("events with an error")
		}
		for _, e := range events {
			if e.End.Before(e.Start) || !e.Start.Before(day(5, 1)) || e.End.Before(day(3, 1)) {
				t.Errorf("from %s to %s", e.Start, e.End)
			}
		}
	})
}
