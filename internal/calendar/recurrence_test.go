package calendar

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/teambition/rrule-go"
)

// TestRulesAsAnotherReadsThem makes rules at random and holds what they yield against a library that
// many use, which reckons in UTC here as clocks do that never change.
func TestRulesAsAnotherReadsThem(t *testing.T) {
	const seed1, seed2 = 20260302, 5
	r := rand.New(rand.NewPCG(seed1, seed2))
	from, to := day(1, 1), day(1, 1).AddDate(2, 0, 0)
	compared, yielded := 0, 0
	for n := range 1500 {
		start := time.Date(2015+r.IntN(11), time.Month(1+r.IntN(12)), 1+r.IntN(31), r.IntN(24), r.IntN(60), 0, 0, time.UTC)
		text := randomRule(r)
		first := moment{wall: start, utc: true, zone: time.UTC}
		ours, err := ruleOf(text, first)
		if err != nil {
			continue
		}
		option, err := rrule.StrToROption(text)
		if err != nil {
			t.Fatalf("case %d (seeds %d, %d): we read %s and they say %v", n, seed1, seed2, text, err)
		}
		// They leave the first occurrence out where the rule does not yield it, so begin with one that
		// it yields. They search until the year 9999, so begin 19 times 400 years later, when every
		// day is the same again.
		const later = 19 * 400
		option.Dtstart = start.AddDate(later, 0, 0)
		if option.Until.Year() > 1 {
			option.Until = option.Until.AddDate(later, 0, 0)
		}
		theirs, err := rrule.NewRRule(*option)
		if err != nil {
			t.Fatal(err)
		}
		if option.Dtstart = theirs.After(option.Dtstart, true); option.Dtstart.IsZero() {
			continue
		}
		if theirs, err = rrule.NewRRule(*option); err != nil {
			t.Fatal(err)
		}
		first.wall = option.Dtstart.AddDate(-later, 0, 0)
		reader := &reader{effort: effortLimit}
		var got []string
		for at := range reader.starts(ours, first, from, to) {
			if !at.Before(from) {
				got = append(got, at.Format(time.DateTime))
			}
		}
		var want []string
		for _, at := range theirs.Between(from.AddDate(later, 0, 0), to.AddDate(later, 0, 0), true) {
			want = append(want, at.AddDate(-later, 0, 0).Format(time.DateTime))
		}
		if !slices.Equal(got, want) {
			t.Fatalf("case %d (seeds %d, %d): %s from %s:\nours   %v\ntheirs %v", n, seed1, seed2, text, first.wall, got, want)
		}
		compared++
		yielded += len(got)
	}
	if compared < 500 || yielded < 5000 {
		t.Errorf("only %d rules were compared, with %d times; the generator no longer tests what it should", compared, yielded)
	}
}

func randomRule(r *rand.Rand) string {
	text := "FREQ=" + []string{"YEARLY", "MONTHLY", "WEEKLY", "DAILY"}[r.IntN(4)]
	maybe := func(part string, values ...string) {
		if r.IntN(4) == 0 {
			r.Shuffle(len(values), func(i, j int) { values[i], values[j] = values[j], values[i] })
			text += ";" + part + "=" + strings.Join(values[:1+r.IntN(min(3, len(values)))], ",")
		}
	}
	if r.IntN(2) == 0 {
		text += fmt.Sprintf(";INTERVAL=%d", 1+r.IntN(4))
	}
	switch r.IntN(3) {
	case 0:
		text += fmt.Sprintf(";COUNT=%d", 1+r.IntN(400))
	case 1:
		text += fmt.Sprintf(";UNTIL=2026%02d15T120000Z", 1+r.IntN(12))
	}
	maybe("WKST", []string{"SU", "MO", "WE"}[r.IntN(3)])
	maybe("BYMONTH", "1", "2", "3", "6", "10", "12")
	maybe("BYMONTHDAY", "1", "2", "15", "29", "31", "-1", "-2", "-31")
	maybe("BYYEARDAY", "1", "60", "366", "-1", "-366")
	if r.IntN(2) == 0 { // they take both kinds together for days that are of both
		maybe("BYDAY", "MO", "TU", "FR", "SU")
	} else {
		maybe("BYDAY", "1MO", "2TU", "-1FR", "5SA", "-5WE")
	}
	maybe("BYHOUR", "0", "9", "17", "23")
	maybe("BYMINUTE", "0", "30")
	maybe("BYSETPOS", "1", "2", "-1", "-3", "10")
	return text
}
