package gonogo

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/expression"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/semver"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// factsFor are the facts that a condition looks at, of those that the evidence tells.
func factsFor(x *expression.Expression, e evidence, k known) expression.Facts {
	facts := expression.Facts{}
	for _, name := range x.Names() {
		group, part, _ := strings.Cut(name, ".")
		switch group {
		case "release":
			facts[name] = k.release.fact(part)
		case "change":
			facts[name] = e.changeFact(part, k.changeType)
		case "risk":
			facts[name] = k.risk.fact(part)
		case "security":
			facts[name] = scanFact(part, e)
		case "migration":
			facts[name] = migrationFact(part, e)
		default:
			facts[name] = e.fact(name)
		}
	}
	return facts
}

func missing(why string) expression.Missing { return expression.Missing{Why: why} }

// fact is one that belongs to no group.
func (e evidence) fact(name string) any {
	switch name {
	case "environment":
		return e.Environment
	case "image.digest":
		if e.Digest != "" {
			return e.Digest
		}
		return missing("no image was named")
	}
	zone, err := time.LoadLocation(cmp.Or(e.Timezone, "UTC"))
	if err != nil || e.Now.IsZero() {
		return missing("the moment or the policy's time zone cannot be told")
	}
	switch here := e.Now.In(zone); name {
	case "now":
		return e.Now
	case "weekday":
		return strings.ToLower(here.Weekday().String()[:3])
	case "hour":
		return here.Hour()
	}
	return missing("")
}

func (r release) fact(part string) any {
	if !r.known {
		return missing("")
	}
	named := func(s string) any {
		if s == "" {
			return missing("the result of version-bump does not tell it")
		}
		return s
	}
	switch part {
	case "version":
		return named(r.version)
	case "tag":
		return named(r.tag)
	case "bump":
		return named(r.bump)
	case "type":
		if r.vague {
			return missing("the result of version-bump does not tell whether anything is released")
		}
		if !r.changed {
			return "" // nothing is released, so it is a release of no type
		}
		return named(r.kind)
	case "previous":
		prefix, ok := strings.CutSuffix(r.tag, r.version)
		previous, same := strings.CutPrefix(r.previousTag, prefix)
		switch {
		case r.rootless:
			return missing("the result of version-bump does not tell it")
		case r.previousTag == "":
			return "" // it is the first one
		}
		if !ok || !same || r.version == "" {
			return missing("the tags " + shorten(r.previousTag) + " and " + shorten(r.tag) + " are not formed alike")
		}
		return previous
	case "prerelease":
		if v, err := semver.Parse(r.version); err == nil {
			return v.Prerelease() != ""
		}
		return missing("the result of version-bump names no version")
	}
	return missing("")
}

// changeFact is a figure of the change. One that its truncated lists do not tell is not known.
func (e evidence) changeFact(part, changeType string) any {
	c := e.Change
	switch why := e.unread(); {
	case part == "type":
		return changeType
	case why != "":
		return expression.Missing{Why: shorten(why), Next: asOrder(c.Problem.Next)}
	case part == "commits":
		return len(c.Commits) + c.MoreCommits
	case part == "lines":
		return c.Lines
	case part == "files" && c.MoreFiles == 0:
		paths := []string{}
		for _, f := range c.Files {
			paths = append(paths, f.Path)
		}
		return paths
	case part == "authors" && c.MoreCommits == 0:
		authors := []string{}
		for _, commit := range c.Commits {
			authors = append(authors, commit.Author)
		}
		slices.Sort(authors)
		return slices.Compact(authors)
	}
	return missing("the change is too large to be read whole")
}

func (s score) fact(part string) any {
	switch {
	case !s.known:
		return missing(s.why)
	case part == "score":
		return s.value
	case part == "level":
		return s.level
	}
	return missing("")
}

// migrationFact is what the change's migrations are.
func migrationFact(part string, e evidence) any {
	present, irreversible, known := migrationsOf(e)
	switch {
	case part == "present" && (present || known):
		return present
	case part == "irreversible" && known:
		return irreversible
	case e.unread() != "":
		return expression.Missing{Why: shorten(e.unread()), Next: asOrder(e.Change.Problem.Next)}
	}
	return missing("the migrations of the change are not all understood")
}

// scan is what security-gate counted; -1 is not known.
type scan struct{ critical, high, medium, low, total, fresh, accepted int }

// scanFact is a figure of security-gate's result for this commit, be it a pass or a fail. Where
// several were handed in that do not say the same, none counts.
func scanFact(part string, e evidence) any {
	var found *scan
	for _, d := range e.Documents {
		if d.Problem != "" || d.Action != "security-gate" {
			continue
		}
		if o := judgeDocument(d, policy.Evidence{}, e).outcome; o != verdict.Passed && o != verdict.Failed || d.stale(e) {
			continue
		}
		s := scanOf(d)
		if found != nil && *found != s {
			return missing("results of security-gate do not say the same")
		}
		found = &s
	}
	if found == nil {
		return missing("")
	}
	n, ok := map[string]int{
		"critical": found.critical, "high": found.high, "medium": found.medium, "low": found.low, "total": found.total, "new": found.fresh, "accepted": found.accepted,
	}[part]
	if !ok || n < 0 {
		return missing("the result of security-gate does not tell it")
	}
	return n
}

func scanOf(d document) scan {
	counts, _ := d.Data["counts"].(map[string]any)
	measures, _ := d.Data["measures"].(map[string]any)
	s := scan{count(counts["critical"]), count(counts["high"]), count(counts["medium"]), count(counts["low"]), -1, count(measures["new"]), count(measures["accepted"])}
	if s.critical < 0 || s.high < 0 || s.medium < 0 || s.low < 0 || count(counts["unknown"]) < 0 {
		return s // without all of them it has no sum
	}
	total := 0
	for _, n := range counts { // also what has no severity
		if count(n) < 0 {
			return s
		}
		total += count(n)
	}
	s.total = total
	return s
}

// count is a figure of a result, -1 where it is none.
func count(value any) int {
	const most = 1e9
	switch v := value.(type) {
	case float64:
		if v >= 0 && v <= most && v == float64(int(v)) {
			return int(v)
		}
	case json.Number:
		if n, err := v.Int64(); err == nil && n >= 0 && n <= most {
			return int(n)
		}
	}
	return -1
}

// asOrder makes a sentence fit behind a colon.
func asOrder(sentence string) string {
	sentence = strings.TrimSuffix(sentence, ".")
	if sentence == "" {
		return ""
	}
	return strings.ToLower(sentence[:1]) + sentence[1:]
}
