// Package risk reckons how risky a change is: a score from 0 to 100 that is the sum of parts, each with
// its points and why. It knows no clock and does no I/O.
package risk

import (
	"fmt"
	"time"
)

// Facts are what the score is reckoned from. Each part stands for itself, so that one which is not known
// can be told from one that is nothing.
type Facts struct {
	Size         Size
	History      Count // failures of the past in places that this change touches
	Migrations   Migrations
	Dependencies Count // manifests and lockfiles that change
	Newcomers    Count // authors without a commit before
	Gap          Gap
	Moment       Moment
	Incidents    Count // open ones; Asked is false where nobody said what an incident is
}

// Unknown is why a part cannot be known; "" where it is known.
type Unknown = string

// Size is how much changes.
type Size struct {
	Unknown      Unknown
	Files, Lines int // lines added and removed
}

// Count is a number of something.
type Count struct {
	Unknown Unknown
	N       int
	What    string // for people, such as "2 of them in internal/pay"; may be empty
	Skipped string // why it counts nothing, where nobody asked for it
}

// Migrations are files that change a database.
type Migrations struct {
	Unknown      Unknown
	N            int
	Breaking     bool // one is not additive, or it is not known to be
	Irreversible bool // one has no way back, or it is not known to have one
	What         string
}

// Gap is the time since the last release, and what has gathered in it.
type Gap struct {
	Unknown Unknown
	First   bool // nothing was released before
	Since   time.Duration
	Commits int
}

// Moment is when it is to happen, in the time zone of those who would have to mend it.
type Moment struct {
	Unknown Unknown
	At      time.Time
}

// Part is one of those that make up the score.
type Part struct {
	Name   string `json:"name"`
	Points int    `json:"points"` // 0 where it is not known
	Most   int    `json:"most"`
	Why    string `json:"why"`
	Known  bool   `json:"known"`
}

// Score is the risk of a change.
type Score struct {
	Known bool   // every part is
	Value int    // 0 to 100; where it is not known, what the known parts come to
	Why   string // it is not known
	Parts []Part // in the order of the table
}

// step gives points from a number on.
type step struct{ from, points int }

// weights are all that a number can count for: from which one on there are how many points. The last step
// is the most of a part, and all of these come to 100. docs/gate.md shows this table.
var weights = map[string][]step{
	size:         {{1, 2}, {25, 4}, {50, 6}, {100, 8}, {250, 10}, {500, 12}, {1000, 14}, {2500, 16}, {5000, 18}, {10_000, 20}},
	history:      {{1, 3}, {2, 6}, {3, 8}, {5, 11}, {8, 13}, {13, 15}},
	migrations:   {{1, 8}, {2, 12}, {3, 15}}, // there are some; not additive; no way back
	dependencies: {{1, 4}, {2, 6}, {4, 8}, {8, 10}},
	newcomers:    {{1, 5}, {2, 7}, {3, 10}},
	gap:          {{7, 1}, {14, 2}, {30, 4}, {60, 5}, {90, 6}},
	batch:        {{25, 1}, {50, 2}, {100, 3}, {200, 4}},
	moment:       {{1, 2}, {2, 4}, {3, 8}, {4, 10}}, // Friday morning; evening; Friday afternoon or night; weekend
	incidents:    {{1, 6}, {2, 8}, {3, 10}},
}

// The parts, as people read them.
const (
	size         = "size of the change"
	history      = "places that have failed before"
	migrations   = "migrations"
	dependencies = "dependency changes"
	newcomers    = "new authors"
	gap          = "time since the last release"
	batch        = "commits since the last release"
	moment       = "hour and day"
	incidents    = "open incidents"
)

// perFile is how many lines a file counts as, beside its own.
const perFile = 5

func points(name string, n int) (points int) {
	for _, s := range weights[name] {
		if n >= s.from {
			points = s.points
		}
	}
	return points
}

func most(name string) int { return weights[name][len(weights[name])-1].points }

// Of reckons the score.
func Of(f Facts) Score {
	s := Score{Known: true}
	add := func(name string, unknown Unknown, n int, why string) {
		p := Part{Name: name, Most: most(name), Why: why, Known: unknown == ""}
		if p.Known {
			p.Points = points(name, n)
		} else {
			p.Why = "not known: " + unknown
			if s.Known {
				s.Known, s.Why = false, name+": "+unknown
			}
		}
		s.Value += p.Points
		s.Parts = append(s.Parts, p)
	}
	count := func(name string, c Count, one string) {
		why := quantity(c.N, one)
		if c.Skipped != "" && c.Unknown == "" {
			c.N, why = 0, c.Skipped
		} else if c.What != "" {
			why += ": " + c.What
		}
		add(name, c.Unknown, c.N, why)
	}
	add(size, f.Size.Unknown, f.Size.Lines+perFile*f.Size.Files, quantity(f.Size.Files, "file")+", "+quantity(f.Size.Lines, "line"))
	count(history, f.History, "earlier failure")
	n, why := f.Migrations.weigh()
	add(migrations, f.Migrations.Unknown, n, why)
	count(dependencies, f.Dependencies, "manifest or lockfile")
	count(newcomers, f.Newcomers, "author without an earlier commit")
	days := int(f.Gap.Since / (24 * time.Hour))
	switch {
	case f.Gap.First:
		add(gap, f.Gap.Unknown, 1<<30, "nothing was released before")
	default:
		add(gap, f.Gap.Unknown, days, quantity(days, "day"))
	}
	add(batch, f.Gap.Unknown, f.Gap.Commits, quantity(f.Gap.Commits, "commit"))
	n, why = f.Moment.weigh()
	add(moment, f.Moment.Unknown, n, why)
	count(incidents, f.Incidents, "open issue")
	return s
}

func (m Migrations) weigh() (n int, why string) {
	why = quantity(m.N, "migration")
	switch {
	case m.N == 0:
	case m.Irreversible:
		n, why = 3, why+", not all with a way back"
	case m.Breaking:
		n, why = 2, why+", not all additive"
	default:
		n, why = 1, why+", additive and with a way back"
	}
	if m.What != "" && m.N > 0 {
		why += ": " + m.What
	}
	return n, why
}

// The hours that count, in the time zone of Moment.At.
const (
	morning, noon, evening, night = 7, 12, 16, 20
)

func (m Moment) weigh() (n int, why string) {
	at := m.At.Format("Monday 15:04 MST")
	hour, day := m.At.Hour(), m.At.Weekday()
	switch {
	case day == time.Saturday || day == time.Sunday:
		return 4, at + ", a weekend"
	case day == time.Friday && hour >= noon:
		return 3, at + ", with the weekend ahead"
	case hour < morning || hour >= night:
		return 3, at + ", at night"
	case hour >= evening:
		return 2, at + ", late in the day"
	case day == time.Friday:
		return 1, at + ", the weekend is near"
	}
	return 0, at
}

// Level names a score by the bounds from which it is medium and high.
func (s Score) Level(medium, high int) string {
	switch {
	case s.Value >= high:
		return "high"
	case s.Value >= medium:
		return "medium"
	}
	return "low"
}

func quantity(n int, one string) string {
	switch {
	case n == 1:
		return "1 " + one
	case one == "author without an earlier commit":
		return fmt.Sprintf("%d authors without an earlier commit", n)
	case one == "manifest or lockfile":
		return fmt.Sprintf("%d manifests or lockfiles", n)
	}
	return fmt.Sprintf("%d %ss", n, one)
}
