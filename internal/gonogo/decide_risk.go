package gonogo

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/risk"
)

// score is the risk of a change.
type score struct {
	known bool
	value int    // 0 to 100; where it is not known, what the known parts come to
	level string // low, medium or high; "" where it is not known
	why   string // it is not known
	parts []risk.Part
}

func riskOf(e evidence) score {
	s := risk.Of(riskFacts(e))
	level := ""
	if s.Known {
		level = s.Level(e.Gate.Risk.Bounds())
	}
	return score{known: s.Known, value: s.Value, level: level, why: s.Why, parts: s.Parts}
}

// unread is why the change is not known; "" where it is.
func (e evidence) unread() string {
	switch {
	case e.Change.Problem.What != "":
		return e.Change.Problem.What
	case e.Change.Head == "" || e.Change.Head != e.SHA:
		return "the change of this commit was not read"
	}
	return ""
}

func riskFacts(e evidence) risk.Facts {
	why := e.unread()
	f := risk.Facts{
		Size:         risk.Size{Unknown: why, Files: len(e.Change.Files) + e.Change.MoreFiles, Lines: e.Change.Lines},
		History:      failuresOf(e, why),
		Migrations:   migratingOf(e, why),
		Dependencies: risk.Count{Unknown: why},
		Newcomers:    risk.Count{Unknown: why, N: e.Change.Newcomers},
		Gap:          risk.Gap{Unknown: why, First: e.Change.Released.IsZero(), Commits: len(e.Change.Commits) + e.Change.MoreCommits},
		Incidents:    incidentsOf(e),
	}
	if why == "" && e.Change.MoreFiles > 0 {
		f.Dependencies.Unknown = tooMany(e)
	}
	for _, file := range e.Change.Files {
		if risk.IsManifest(file.Path) {
			f.Dependencies.N++
		}
	}
	if !f.Gap.First {
		f.Gap.Since = max(0, e.Now.Sub(e.Change.Released))
		if why == "" && e.Now.Sub(e.Change.Released) < -skew {
			f.Gap.Unknown = "the last release is from the future, " + e.Change.Released.UTC().Format(time.RFC3339)
		}
	}
	zone, err := time.LoadLocation(e.Timezone)
	if err != nil {
		f.Moment.Unknown = "there is no time zone " + e.Timezone
	} else {
		f.Moment.At = e.Now.In(zone)
	}
	return f
}

func tooMany(e evidence) string {
	return fmt.Sprintf("%d of its files are too many to be looked at one by one", e.Change.MoreFiles)
}

// failuresOf counts the past failures in the places that this change touches.
func failuresOf(e evidence, why string) risk.Count {
	switch {
	case why != "":
		return risk.Count{Unknown: why}
	case e.Change.MoreFiles > 0:
		return risk.Count{Unknown: tooMany(e)}
	case e.Change.Unlooked:
		return risk.Count{Unknown: "the change has too many commits to look at those before it"}
	}
	touched := map[string]bool{}
	for _, f := range e.Change.Files {
		touched[risk.Place(f.Path)] = true
	}
	var c risk.Count
	var places []string
	for _, f := range e.Change.Failures {
		if touched[f.Place] {
			c.N += f.Times
			places = append(places, shorten(f.Place))
		}
	}
	if rest := len(places) - 3; rest > 0 {
		places = append(places[:3], fmt.Sprintf("%d more", rest))
	}
	c.What = strings.Join(places, ", ")
	return c
}

// migratingOf is what the migrations weigh. What nobody asked to be read may be of the worst kind.
func migratingOf(e evidence, why string) risk.Migrations {
	switch {
	case why != "":
		return risk.Migrations{Unknown: why}
	case e.Change.MoreFiles > 0:
		return risk.Migrations{Unknown: tooMany(e)}
	}
	rules := migrationRules(e)
	if len(rules) == 0 {
		m := risk.Migrations{Irreversible: true, What: "they are not read, for the policy has no criterion migrations"}
		for _, f := range e.Change.Files {
			if f.Status != "D" && risk.IsMigration(f.Path) {
				m.N++
			}
		}
		return m
	}
	var m risk.Migrations
	for _, f := range migrationsIn(e, rules) {
		m.N++
		switch {
		case f.problem.What != "":
			m.Unknown = "the migration " + shorten(f.file.Path) + " was not read: " + f.problem.What
		default:
			m.Irreversible = m.Irreversible || f.oneWay() || f.unclear()
			m.Breaking = m.Breaking || len(f.read.Breaking) > 0 || len(f.read.Doubts) > 0
		}
	}
	return m
}

func incidentsOf(e evidence) risk.Count {
	switch {
	case e.Gate.Risk == nil || len(e.Gate.Risk.Incidents) == 0:
		return risk.Count{Skipped: "the policy names no labels of incidents (gate.risk.incidents)"}
	case e.Incidents.Problem.What != "":
		return risk.Count{Unknown: e.Incidents.Problem.What}
	case !e.Incidents.Asked:
		return risk.Count{Unknown: "open incidents were not asked for"}
	}
	c := risk.Count{N: len(e.Incidents.Numbers)}
	for _, n := range slices.Sorted(slices.Values(e.Incidents.Numbers))[:min(3, c.N)] {
		c.What += fmt.Sprintf(" #%d", n)
	}
	c.What = strings.TrimSpace(c.What)
	return c
}
