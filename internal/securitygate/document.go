package securitygate

import (
	"time"

	"github.com/slipway-actions/slipway/internal/osv"
	"github.com/slipway-actions/slipway/internal/result"
)

// data is the result document's own part.
type data struct {
	Database        databaseData        `json:"database"`
	Counts          map[string]int      `json:"counts"` // by severity, without what is accepted
	Packages        int                 `json:"packages"`
	Coverage        int                 `json:"coverage"` // percent
	Manifests       []manifestData      `json:"manifests"`
	PassedOver      []passedData        `json:"passedOver"` // folders that were not entered
	Vulnerabilities []vulnerabilityData `json:"vulnerabilities"`
	Accepted        []vulnerabilityData `json:"accepted"`
}

type databaseData struct {
	Source string    `json:"source"`
	Sets   []setData `json:"sets"`
}

type setData struct {
	Ecosystem string `json:"ecosystem"`
	Records   int    `json:"records"`
	Newest    string `json:"newest,omitempty"`
	Digest    string `json:"digest"`
}

type manifestData struct {
	Path     string `json:"path"`
	State    string `json:"state"`
	Packages int    `json:"packages"`
	Reason   string `json:"reason,omitempty"`
}

type passedData struct {
	Path   string `json:"path"`
	Reason string `json:"reason"`
}

type vulnerabilityData struct {
	ID        string         `json:"id"`
	Aliases   []string       `json:"aliases"`
	Ecosystem string         `json:"ecosystem"`
	Package   string         `json:"package"`
	Version   string         `json:"version"`
	Fixed     string         `json:"fixed,omitempty"`
	Severity  string         `json:"severity"`
	Score     float64        `json:"score,omitempty"`
	RatedBy   string         `json:"ratedBy,omitempty"`
	Published string         `json:"published,omitempty"`
	Places    []result.Where `json:"places"`
	Owner     string         `json:"owner,omitempty"`
	Reason    string         `json:"reason,omitempty"`
	Expires   string         `json:"expires,omitempty"`
}

func documentData(e evidence, d decision) data {
	c := count(d.found)
	doc := data{
		Database: databaseData{Source: e.answer.Source, Sets: []setData{}}, Counts: map[string]int{},
		Packages: len(distinct(e.tree)), Coverage: e.tree.Coverage(),
		Manifests: []manifestData{}, PassedOver: []passedData{}, Vulnerabilities: vulnerabilities(d.found), Accepted: vulnerabilities(d.accepted),
	}
	for level := osv.Unrated; level <= osv.Critical; level++ {
		doc.Counts[level.String()] = c.by[level]
	}
	for _, s := range e.answer.Sets {
		doc.Database.Sets = append(doc.Database.Sets, setData{s.Ecosystem, s.Records, date(s.Newest), s.Digest})
	}
	for _, m := range e.tree.Manifests {
		doc.Manifests = append(doc.Manifests, manifestData{m.Path, string(m.State), len(m.Packages), m.Reason})
	}
	for _, p := range e.tree.Passed {
		doc.PassedOver = append(doc.PassedOver, passedData(p))
	}
	return doc
}

func vulnerabilities(found []vulnerability) []vulnerabilityData {
	all := []vulnerabilityData{}
	for _, v := range found {
		one := vulnerabilityData{
			ID: v.id, Aliases: append([]string{}, v.aliases...), Ecosystem: v.pkg.Ecosystem, Package: v.pkg.Name, Version: v.pkg.Version, Fixed: v.fixed,
			Severity: v.rating.Level.String(), Score: v.rating.Score, RatedBy: v.rating.Source, Published: date(v.published), Places: v.places,
		}
		if a := v.accepted; a != nil {
			one.Owner, one.Reason, one.Expires = a.Owner, a.Reason, date(a.Expires.Time)
		}
		all = append(all, one)
	}
	return all
}

// date is a day, "" where none is known.
func date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}
