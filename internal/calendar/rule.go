package calendar

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

type frequency int

const (
	hourly frequency = iota
	daily
	weekly
	monthly
	yearly
)

var frequencies = map[string]frequency{"HOURLY": hourly, "DAILY": daily, "WEEKLY": weekly, "MONTHLY": monthly, "YEARLY": yearly}

// rule is a recurrence rule, https://www.rfc-editor.org/rfc/rfc5545#section-3.3.10.
type rule struct {
	freq     frequency
	interval int
	count    int     // 0 is without end
	until    *moment // the last moment that counts; nil is without end
	wkst     time.Weekday

	byMonth, byMonthDay, byYearDay []int
	byDay                          []weekday
	byHour, byMinute, bySecond     []int
	bySetPos                       []int
}

// weekday is such as the second Monday, or the last one; nth 0 is each.
type weekday struct {
	nth int
	day time.Weekday
}

var weekdays = map[string]time.Weekday{
	"SU": time.Sunday, "MO": time.Monday, "TU": time.Tuesday, "WE": time.Wednesday, "TH": time.Thursday, "FR": time.Friday, "SA": time.Saturday,
}

// ruleOf reads the rule of something that happens first at a moment. What it does not know, or what
// the standard forbids, is an error.
func ruleOf(value string, first moment) (rule, error) {
	r := rule{freq: -1, interval: 1, wkst: time.Monday}
	seen := map[string]bool{}
	for part := range strings.SplitSeq(strings.TrimSuffix(value, ";"), ";") {
		name, value, ok := strings.Cut(strings.ToUpper(part), "=")
		if !ok || seen[name] {
			return r, fmt.Errorf("%q is no rule", clip(part))
		}
		seen[name] = true
		if err := r.set(name, value, first); err != nil {
			return r, err
		}
	}
	return r, r.check()
}

func (r *rule) set(name, value string, first moment) (err error) {
	switch name {
	case "FREQ":
		freq, ok := frequencies[value]
		if r.freq = freq; !ok {
			return fmt.Errorf("FREQ=%s is not read; allowed: HOURLY, DAILY, WEEKLY, MONTHLY, YEARLY", clip(value))
		}
	case "INTERVAL":
		r.interval, err = number(value, 1, 10_000)
	case "COUNT":
		r.count, err = number(value, 1, 1_000_000)
	case "UNTIL":
		until, err := momentOf(value, first.zone)
		r.until = &until
		return err
	case "WKST":
		day, ok := weekdays[value]
		if r.wkst = day; !ok {
			return fmt.Errorf("WKST=%s is no day of the week", clip(value))
		}
	case "BYMONTH":
		r.byMonth, err = numbers(value, 1, 12)
	case "BYMONTHDAY":
		r.byMonthDay, err = eitherWay(value, 31)
	case "BYYEARDAY":
		r.byYearDay, err = eitherWay(value, 366)
	case "BYSETPOS":
		r.bySetPos, err = eitherWay(value, 366)
	case "BYHOUR":
		r.byHour, err = numbers(value, 0, 23)
	case "BYMINUTE":
		r.byMinute, err = numbers(value, 0, 59)
	case "BYSECOND":
		r.bySecond, err = numbers(value, 0, 59)
	case "BYDAY":
		for value := range strings.SplitSeq(value, ",") {
			day, err := weekdayOf(value)
			if err != nil {
				return err
			}
			if r.byDay = append(r.byDay, day); len(r.byDay) > 100 {
				return errors.New("BYDAY has more than 100 days")
			}
		}
	default:
		return fmt.Errorf("%s in a rule is not read", clip(name))
	}
	if err != nil {
		return fmt.Errorf("%s=%s: %w", name, clip(value), err)
	}
	return nil
}

// check refuses what the standard forbids, or leaves open.
func (r rule) check() error {
	nth := 0
	for _, d := range r.byDay {
		nth = max(nth, d.nth, -d.nth)
	}
	switch {
	case r.freq < 0:
		return errors.New("the rule has no FREQ")
	case r.count > 0 && r.until != nil:
		return errors.New("the rule has both COUNT and UNTIL")
	case r.freq < monthly && nth > 0, (r.freq == monthly || len(r.byMonth) > 0) && nth > 5:
		return errors.New("BYDAY counts days that the rule's FREQ does not have")
	case r.freq != yearly && len(r.byYearDay) > 0:
		return errors.New("BYYEARDAY goes with FREQ=YEARLY alone")
	case r.freq == weekly && len(r.byMonthDay) > 0:
		return errors.New("BYMONTHDAY does not go with FREQ=WEEKLY")
	case r.freq == hourly && len(r.byMinute)+len(r.bySecond)+len(r.bySetPos) > 0:
		return errors.New("BYMINUTE, BYSECOND and BYSETPOS are not read with FREQ=HOURLY")
	case len(r.bySetPos) > 0 && len(r.byMonth)+len(r.byMonthDay)+len(r.byYearDay)+len(r.byDay)+len(r.byHour)+len(r.byMinute)+len(r.bySecond) == 0:
		return errors.New("BYSETPOS stands alone")
	}
	return nil
}

func number(value string, least, most int) (int, error) {
	n, err := strconv.Atoi(value)
	if err != nil || n < least || n > most {
		return 0, fmt.Errorf("a number from %d to %d is wanted", least, most)
	}
	return n, nil
}

// numbers are in order, each once.
func numbers(value string, least, most int) ([]int, error) {
	var all []int
	for value := range strings.SplitSeq(value, ",") {
		n, err := number(value, least, most)
		if err != nil {
			return nil, err
		}
		all = append(all, n)
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

// eitherWay are numbers that count from the beginning or, below 0, from the end.
func eitherWay(value string, most int) ([]int, error) {
	all, err := numbers(value, -most, most)
	if slices.Contains(all, 0) {
		err = errors.New("0 counts nothing")
	}
	return all, err
}

func weekdayOf(value string) (weekday, error) {
	if len(value) >= 2 {
		if day, ok := weekdays[value[len(value)-2:]]; ok {
			switch nth := value[:len(value)-2]; {
			case nth == "":
				return weekday{0, day}, nil
			default:
				if n, err := number(nth, -53, 53); err == nil && n != 0 {
					return weekday{n, day}, nil
				}
			}
		}
	}
	return weekday{}, fmt.Errorf("BYDAY: %q is no day such as MO or -1FR", clip(value))
}
