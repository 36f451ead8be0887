package policy

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/holiday"
)

// Windows are when a deployment may happen.
type Windows struct {
	Deploy *DeployWindow `yaml:"deploy"`
	Freeze []Freeze      `yaml:"freeze"`
}

// DeployWindow is days of the week and hours in the policy's time zone.
type DeployWindow struct {
	Days []string `yaml:"days"` // mon to sun; empty is all
	From string   `yaml:"from"` // such as 09:00; empty is midnight
	To   string   `yaml:"to"`   // not with it; before from it is on the next day; empty is midnight
	When string   `yaml:"when"` // an expression; empty is always
}

// Freeze is a time without deployments: days, events of a calendar, or holidays.
type Freeze struct {
	From     Date     `yaml:"from"`
	To       Date     `yaml:"to"` // the last day of it
	Reason   string   `yaml:"reason"`
	Calendar string   `yaml:"calendar"` // iCalendar: a path beside the policy, an https address, or env:NAME, a variable that holds one
	Holidays []string `yaml:"holidays"` // countries and regions, such as de or de-by
	When     string   `yaml:"when"`     // an expression; empty is always
}

// Weekdays are the names of days, by time.Weekday.
var Weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

var clock = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$`)

// ParseClock reads what a clock shows, such as 09:30, as the time since midnight.
func ParseClock(s string) (time.Duration, error) {
	if !clock.MatchString(s) {
		return 0, fmt.Errorf("%q is no time of day such as \"09:00\"; allowed: \"00:00\" to \"24:00\"", s)
	}
	digits := func(i int) time.Duration { return time.Duration(s[i]-'0')*10 + time.Duration(s[i+1]-'0') }
	return digits(0)*time.Hour + digits(3)*time.Minute, nil
}

func (w *Windows) validate(*Gate) *misfit {
	if w == nil {
		return nil
	}
	if w.Deploy == nil && len(w.Freeze) == 0 {
		return misfitf("gate.windows", "set deploy, freeze or both")
	}
	if w.Deploy != nil {
		if m := w.Deploy.validate("gate.windows.deploy"); m != nil {
			return m
		}
	}
	for i, f := range w.Freeze {
		if m := f.validate(fmt.Sprintf("gate.windows.freeze[%d]", i)); m != nil {
			return m
		}
	}
	return nil
}

func (d *DeployWindow) validate(at string) *misfit {
	if len(d.Days) == 0 && d.From == "" && d.To == "" {
		return misfitf(at, "set days, or from and to, or all of them")
	}
	for i, name := range d.Days {
		if !slices.Contains(Weekdays, name) {
			return misfitf(fmt.Sprintf("%s.days[%d]", at, i), "%q is no day; allowed: mon, tue, wed, thu, fri, sat, sun", name)
		}
	}
	for _, end := range []struct{ key, value string }{{"from", d.From}, {"to", d.To}} {
		if _, err := ParseClock(end.value); end.value != "" && err != nil {
			return misfitf(at+"."+end.key, "%v", err)
		}
	}
	if d.From == "24:00" {
		return misfitf(at+".from", "a day begins at \"00:00\"")
	}
	if d.From != "" && d.From == d.To {
		return misfitf(at+".to", "it is the same as from; leave both out for the whole day")
	}
	return nil
}

func (f *Freeze) validate(at string) *misfit {
	dated := !f.From.IsZero() || !f.To.IsZero()
	kinds := 0
	for _, set := range []bool{dated, f.Calendar != "", f.Holidays != nil} {
		if set {
			kinds++
		}
	}
	switch {
	case kinds != 1:
		return misfitf(at, "set exactly one of from and to, calendar, holidays")
	case f.Calendar != "":
		return validateCalendar(at+".calendar", f.Calendar)
	case dated && f.From.IsZero():
		return misfitf(at, "from is missing; it is the first day")
	case dated && f.To.IsZero():
		return misfitf(at, "to is missing; it is the last day")
	case dated && f.To.Before(f.From.Time):
		return misfitf(at+".to", "%s is before %s, the first day", f.To.Format(time.DateOnly), f.From.Format(time.DateOnly))
	case !dated && len(f.Holidays) == 0:
		return misfitf(at+".holidays", "name at least one country, such as de")
	}
	for i, set := range f.Holidays {
		if !holiday.Known(set) {
			return misfitf(fmt.Sprintf("%s.holidays[%d]", at, i), "there are no holidays of %q; allowed: %s", set, strings.Join(holiday.Sets(), ", "))
		}
	}
	return nil
}

var variable = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// validateCalendar checks where a calendar is. Its messages repeat no address, which may hold a secret.
func validateCalendar(at, place string) *misfit {
	name, inVariable := strings.CutPrefix(place, "env:")
	switch {
	case inVariable && !variable.MatchString(name):
		return misfitf(at, "env: is followed by no name of a variable such as ONCALL_FEED")
	case inVariable:
	case strings.Contains(place, "://"):
		u, err := ParseAddress(place)
		if err != nil {
			return misfitf(at, "%v", err)
		}
		if u.Scheme != "https" {
			return misfitf(at, "the address begins with http://; a calendar that anybody on the way could change decides nothing, so use https://")
		}
	case place != path.Clean(place) || path.IsAbs(place) || place == "." || place == ".." || strings.HasPrefix(place, "../") || strings.Contains(place, `\`):
		return misfitf(at, "%q is no path inside the repository, from its top, such as .github/on-call.ics; allowed as well: an https address, or env: and the name of a variable that holds one", place)
	}
	return nil
}

// Coverage is people on call, at every moment from now on for so long.
type Coverage struct {
	Calendar string   `yaml:"calendar"` // as that of a freeze
	Primary  int      `yaml:"primary"`  // how many there must be at least; from 1
	Backup   int      `yaml:"backup"`   // how many others; may be 0
	For      Duration `yaml:"for"`      // 1h to 31d; default 24h
}

const mostPeople = 100

func (c *Coverage) validate(at string) *misfit {
	switch {
	case c.Calendar == "":
		return misfitf(at, "calendar is missing; it says who is on call")
	case c.Primary < 1 || c.Primary > mostPeople:
		return misfitf(at+".primary", "%d people are no coverage; allowed: 1 to %d", c.Primary, mostPeople)
	case c.Backup < 0 || c.Backup > mostPeople:
		return misfitf(at+".backup", "%d is no number of people; allowed: 0 to %d", c.Backup, mostPeople)
	case c.For != 0 && (time.Duration(c.For) < time.Hour || time.Duration(c.For) > 31*24*time.Hour):
		return misfitf(at+".for", "coverage can be asked for from 1h to 31d")
	}
	return validateCalendar(at+".calendar", c.Calendar)
}
