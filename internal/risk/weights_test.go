package risk

import (
	"strings"
	"testing"
	"time"
)

// Each step of the table in docs/gate.md, spelt out: one less than a step has the points of the one before it.
func TestSteps(t *testing.T) {
	for name, steps := range map[string][][2]int{
		size:         {{1, 2}, {25, 4}, {50, 6}, {100, 8}, {250, 10}, {500, 12}, {1000, 14}, {2500, 16}, {5000, 18}, {10_000, 20}},
		history:      {{1, 3}, {2, 6}, {3, 8}, {5, 11}, {8, 13}, {13, 15}},
		migrations:   {{1, 8}, {2, 12}, {3, 15}},
		dependencies: {{1, 4}, {2, 6}, {4, 8}, {8, 10}},
		newcomers:    {{1, 5}, {2, 7}, {3, 10}},
		gap:          {{7, 1}, {14, 2}, {30, 4}, {60, 5}, {90, 6}},
		batch:        {{25, 1}, {50, 2}, {100, 3}, {200, 4}},
		moment:       {{1, 2}, {2, 4}, {3, 8}, {4, 10}},
		incidents:    {{1, 6}, {2, 8}, {3, 10}},
	} {
		before := 0
		for _, s := range steps {
			if got := points(name, s[0]-1); got != before {
				t.Errorf("%s: %d counts %d, want %d", name, s[0]-1, got, before)
			}
			if got := points(name, s[0]); got != s[1] {
				t.Errorf("%s: %d counts %d, want %d", name, s[0], got, s[1])
			}
			before = s[1]
		}
	}
}

// The hours, each at its border.
func TestHours(t *testing.T) {
	for _, tt := range []struct {
		day, hour, minute, want int
		why                     string
	}{
		{0, 6, 59, 8, "Monday 06:59 UTC, at night"}, {0, 7, 0, 0, "Monday 07:00 UTC"},
		{0, 15, 59, 0, "Monday 15:59 UTC"}, {0, 16, 0, 4, "Monday 16:00 UTC, late in the day"},
		{0, 19, 59, 4, "Monday 19:59 UTC, late in the day"}, {0, 20, 0, 8, "Monday 20:00 UTC, at night"},
		{4, 11, 59, 2, "Friday 11:59 UTC, the weekend is near"}, {4, 12, 0, 8, "Friday 12:00 UTC, with the weekend ahead"},
		{5, 12, 0, 10, "Saturday 12:00 UTC, a weekend"}, {6, 12, 0, 10, "Sunday 12:00 UTC, a weekend"},
	} {
		n, why := Moment{At: time.Date(2026, 3, 2+tt.day, tt.hour, tt.minute, 0, 0, time.UTC)}.weigh()
		if got := points(moment, n); got != tt.want || why != tt.why {
			t.Errorf("%d points for %q, want %d for %q", got, why, tt.want, tt.why)
		}
	}
}

// What migrations there are is told where there are some.
func TestWhichMigrations(t *testing.T) {
	for _, tt := range []struct {
		m    Migrations
		n    int
		want string
	}{
		{Migrations{N: 1, What: "1.sql"}, 1, "1 migration, additive and with a way back: 1.sql"},
		{Migrations{N: 1, Irreversible: true, What: "1.sql"}, 3, "1 migration, not all with a way back: 1.sql"},
		{Migrations{N: 2, Breaking: true}, 2, "2 migrations, not all additive"},
		{Migrations{What: "1.sql"}, 0, "0 migrations"},
	} {
		if n, why := tt.m.weigh(); n != tt.n || why != tt.want {
			t.Errorf("%+v: %d, %q; want %d, %q", tt.m, n, why, tt.n, tt.want)
		}
	}
}

// A part that is not known says so and counts nothing; the first of them is the score's reason.
func TestWhyUnknown(t *testing.T) {
	f := calm()
	f.History = Count{Unknown: "the clone is shallow", N: 99}
	f.Dependencies = Count{Unknown: "another reason"}
	s := Of(f)
	if s.Known || s.Value != 0 || s.Why != "places that have failed before: the clone is shallow" {
		t.Errorf("%t, %d, %q", s.Known, s.Value, s.Why)
	}
	for _, p := range s.Parts {
		if p.Name == history && (p.Known || p.Points != 0 || p.Why != "not known: the clone is shallow") {
			t.Errorf("%+v", p)
		}
	}
}

// Folders that hold migrations only below another, and files that are none by their kind.
func TestMigrationFolders(t *testing.T) {
	for file, want := range map[string]bool{
		"db/changelog/1.xml": true, "src/db/changelog/1.xml": true, "changelog/1.xml": false, "src/changelog/1.xml": false, "changelog/db/1.xml": false,
		"alembic/versions/a.py": true, "src/alembic/versions/a.py": true, "versions/a.py": false, "versions/alembic/a.py": false, "alembic/other/a.py": false, "db/other/1.sql": false,
		"x/1.down.sql": true, "x/1.sql": false, "flyway/V1.java": true, "flyway/README": false,
	} {
		if got := IsMigration(file); got != want {
			t.Errorf("%s: %t, want %t", strings.TrimSpace(file), got, want)
		}
	}
}
