package securitygate

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/osv"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/sarif"
)

// reportFile is a report of another tool.
type reportFile struct {
	path string
	runs []sarif.Run
}

// joined adds what other tools report. A result about a vulnerability that is in hand already, in a file
// that names its package, is told beside it: one row for each vulnerability.
func (e evidence) joined(found []risk) []risk {
	byID := map[string][]int{}
	for i, r := range found {
		for _, id := range append([]string{r.id}, r.aliases...) {
			byID[strings.ToUpper(id)] = append(byID[strings.ToUpper(id)], i)
		}
	}
	known := len(found)
	at := map[string]int{}
	for _, file := range e.reports {
		for _, run := range file.runs {
			for _, one := range run.Results {
				rating, finding := run.Rate(one)
				if !finding {
					continue
				}
				if e.silenced(one) {
					r := reportedRisk(file.path, run, one, rating)
					r.accepted = &carried{owner: run.Tool, reason: cmp.Or(one.Suppressions[0].Justification, "suppressed"), source: file.path}
					found = append(found, r)
					continue
				}
				if i := e.twin(found[:known], byID[strings.ToUpper(one.Rule)], one); i >= 0 {
					found[i].notes = append(found[i].notes, run.Tool+" reports it too")
					if rating.Level > found[i].rating.Level {
						found[i].rating = rating
					}
					continue
				}
				if i, ok := at[one.Fingerprint]; ok {
					again := reportedRisk(file.path, run, one, rating)
					found[i].places, found[i].isNew = append(found[i].places, again.places...), found[i].isNew || again.isNew
					if rating.Level > found[i].rating.Level {
						found[i].rating = rating
					}
					found[i].unrated = found[i].unrated || rating.Level == osv.Unrated
					continue
				}
				at[one.Fingerprint] = len(found)
				found = append(found, reportedRisk(file.path, run, one, rating))
			}
		}
	}
	return found
}

// twin is the vulnerability that a result is about too, -1 where there is none.
func (e evidence) twin(found []risk, candidates []int, one sarif.Result) int {
	for _, i := range candidates {
		if slices.ContainsFunc(found[i].places, func(p result.Where) bool { return p.File == one.File }) {
			return i
		}
	}
	return -1
}

// silenced tells whether somebody has suppressed a result with effect. What stands in the sources is part
// of the change under test, so it counts only where the policy says so.
func (e evidence) silenced(one sarif.Result) bool {
	return one.Suppressed() && (e.inSource || !slices.ContainsFunc(one.Suppressions, func(s sarif.Suppression) bool { return s.Kind != "external" }))
}

func reportedRisk(file string, run sarif.Run, one sarif.Result, rating osv.Rating) risk {
	r := risk{
		kind: reported, id: one.Fingerprint, aliases: append([]string{one.Rule}, advisoriesOf(one)...), subject: fmt.Sprintf("%s (%s)", one.Rule, run.Tool),
		summary: one.Message, rating: rating, unrated: rating.Level == osv.Unrated, places: placesOf(file, one), link: one.Help, isNew: one.Baseline != "unchanged" && one.Baseline != "updated",
		advice: fmt.Sprintf("Mend it, or accept %s in the policy. %s tells more.", one.Fingerprint, file),
	}
	if r.summary == "" {
		r.summary = one.Title
	}
	if len(one.Suppressions) > 0 {
		s := one.Suppressions[0]
		r.notes = append(r.notes, fmt.Sprintf("suppressed (%s), which does not count here: %s", strings.TrimSpace(s.Kind+" "+s.Status), report.Clip(s.Justification, 200)))
	}
	return r
}

// placesOf is where a result is; one that names no file of the workspace stands for itself in its report.
func placesOf(file string, one sarif.Result) []result.Where {
	if one.File == "" {
		return []result.Where{{File: file}}
	}
	return []result.Where{{File: one.File, Line: one.Line}}
}

// advisoriesOf are ids of advisories among a result's tags.
func advisoriesOf(one sarif.Result) []string {
	var ids []string
	for _, tag := range one.Tags {
		if up := strings.ToUpper(tag); strings.HasPrefix(up, "CVE-") || strings.HasPrefix(up, "GHSA-") {
			ids = append(ids, tag)
		}
	}
	return ids
}
