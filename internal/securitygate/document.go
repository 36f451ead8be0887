package securitygate

import (
	"math"
	"time"

	"github.com/slipway-actions/slipway/internal/osv"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// data is the result document's own part.
type data struct {
	Database   databaseData   `json:"database"`
	Base       *baseData      `json:"base,omitempty"` // where only what is new was judged
	Counts     map[string]int `json:"counts"`         // by severity, without what is accepted
	Packages   int            `json:"packages"`
	Coverage   int            `json:"coverage"` // percent
	Measures   measuresData   `json:"measures"`
	Manifests  []manifestData `json:"manifests"`
	PassedOver []passedData   `json:"passedOver"` // folders that were not entered
	Secrets    *secretsData   `json:"secrets,omitempty"`
	Reports    []reportData   `json:"reports"`
	Risks      []riskData     `json:"vulnerabilities"` // of all kinds; the name is older than the others
	Accepted   []riskData     `json:"accepted"`
	Fixed      []riskData     `json:"fixed"`
}

type databaseData struct {
	Source string    `json:"source"`
	Sets   []setData `json:"sets"`
}

type setData struct {
	Ecosystem string `json:"ecosystem"`
	Records   int    `json:"records"`
	Newest    string `json:"newest,omitempty"`
	AsOf      string `json:"asOf,omitempty"`
	Digest    string `json:"digest"`
}

type baseData struct {
	Ref       string `json:"ref"`
	SHA       string `json:"sha"`
	Manifests int    `json:"manifests"`
	New       int    `json:"new"`
}

// measuresData are figures for decisions and trends.
type measuresData struct {
	Open                map[string]int `json:"open"` // by severity
	New                 *int           `json:"new,omitempty"`
	Fixed               int            `json:"fixed"`                   // gone since the base or the state file
	PatchDaysMean       *float64       `json:"patchDaysMean,omitempty"` // from publication until it was gone here
	PatchDaysLongest    *int           `json:"patchDaysLongest,omitempty"`
	Coverage            int            `json:"coverage"` // percent
	Accepted            int            `json:"accepted"`
	AcceptedDaysMean    *float64       `json:"acceptedDaysMean,omitempty"` // of those that say since when
	AcceptedDaysLongest *int           `json:"acceptedDaysLongest,omitempty"`
	DataAgeDays         *int           `json:"dataAgeDays,omitempty"` // of the ecosystem with the oldest
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

type secretsData struct {
	Files   int          `json:"files"`
	Allowed int          `json:"allowed"` // left out by the rules for their path
	Binary  int          `json:"binary"`  // hold no text
	Commits bool         `json:"commits"` // those of the change were looked through as well
	Skipped []passedData `json:"skipped"`
}

type reportData struct {
	Path    string `json:"path"`
	Tool    string `json:"tool"`
	Results int    `json:"results"`
}

type riskData struct {
	Kind      string          `json:"kind"`
	ID        string          `json:"id"`
	Aliases   []string        `json:"aliases"`
	Outcome   verdict.Outcome `json:"outcome,omitempty"`
	Ecosystem string          `json:"ecosystem,omitempty"`
	Package   string          `json:"package,omitempty"`
	Version   string          `json:"version,omitempty"`
	Relation  string          `json:"relation,omitempty"`
	Through   []string        `json:"through,omitempty"`
	Layer     string          `json:"layer,omitempty"` // digest
	Fixed     string          `json:"fixed,omitempty"`
	Severity  string          `json:"severity"`
	Score     float64         `json:"score,omitempty"`
	RatedBy   string          `json:"ratedBy,omitempty"`
	Exploited bool            `json:"exploited,omitempty"`
	Reach     string          `json:"reach,omitempty"`
	New       *bool           `json:"new,omitempty"`
	Published string          `json:"published,omitempty"`
	Places    []result.Where  `json:"places"`
	Owner     string          `json:"owner,omitempty"`
	Reason    string          `json:"reason,omitempty"`
	Since     string          `json:"since,omitempty"`
	Expires   string          `json:"expires,omitempty"`
	By        string          `json:"by,omitempty"` // policy, or the VEX file
}

func documentData(e evidence, d decision) *data {
	c := d.counts
	doc := &data{
		Database: databaseData{Source: e.answer.Source, Sets: []setData{}}, Counts: map[string]int{},
		Packages: len(distinct(e.tree)), Coverage: e.tree.Coverage(), Measures: measuresOf(e, d),
		Manifests: []manifestData{}, PassedOver: []passedData{}, Reports: []reportData{},
		Risks: risksData(e, d.found, d.outcomes), Accepted: risksData(e, d.accepted, nil), Fixed: risksData(evidence{}, d.fixed, nil),
	}
	for level := osv.Unrated; level <= osv.Critical; level++ {
		doc.Counts[level.String()] = c.by[level]
	}
	for _, s := range e.answer.Sets {
		doc.Database.Sets = append(doc.Database.Sets, setData{s.Ecosystem, s.Records, date(s.Newest), date(s.AsOf), s.Digest})
	}
	for _, m := range e.tree.Manifests {
		doc.Manifests = append(doc.Manifests, manifestData{m.Path, string(m.State), len(m.Packages), m.Reason})
	}
	for _, p := range e.tree.Passed {
		doc.PassedOver = append(doc.PassedOver, passedData(p))
	}
	if b := e.base; b != nil {
		doc.Base = &baseData{b.ref, b.sha, len(b.tree.Manifests), c.fresh}
	}
	if e.sought {
		doc.Secrets = &secretsData{e.secrets.files, e.secrets.allowed, e.secrets.binary, e.secrets.commits, []passedData{}}
		for _, s := range e.secrets.skipped {
			doc.Secrets.Skipped = append(doc.Secrets.Skipped, passedData(s))
		}
	}
	for _, file := range e.reports {
		for _, run := range file.runs {
			doc.Reports = append(doc.Reports, reportData{file.path, run.Tool, len(run.Results)})
		}
	}
	return doc
}

func measuresOf(e evidence, d decision) measuresData {
	m := d.measures
	out := measuresData{Open: m.open, Fixed: m.fixed, Coverage: e.tree.Coverage(), Accepted: m.accepted}
	if e.base != nil {
		fresh := d.counts.fresh
		out.New = &fresh
	}
	round := func(f float64) *float64 { f = math.Round(f*10) / 10; return &f }
	if m.patched.known > 0 {
		out.PatchDaysMean, out.PatchDaysLongest = round(m.patched.mean), &m.patched.longest
	}
	if m.carried.known > 0 {
		out.AcceptedDaysMean, out.AcceptedDaysLongest = round(m.carried.mean), &m.carried.longest
	}
	if m.dataAge >= 0 {
		out.DataAgeDays = &m.dataAge
	}
	return out
}

func risksData(e evidence, found []risk, outcomes []verdict.Outcome) []riskData {
	all := []riskData{}
	for i, r := range found {
		one := riskData{
			Kind: string(r.kind), ID: r.id, Aliases: append([]string{}, r.aliases...), Ecosystem: r.pkg.Ecosystem, Package: r.pkg.Name, Version: r.pkg.Version, Fixed: r.fixed,
			Relation: string(r.relation), Through: r.through, Severity: r.rating.Level.String(), Score: r.rating.Score, RatedBy: r.rating.Source,
			Exploited: r.exploited, Reach: r.reach, Published: date(r.published), Places: append([]result.Where{}, r.places...),
		}
		if i < len(outcomes) {
			one.Outcome = outcomes[i]
		}
		if e.base != nil && !r.unsure {
			one.New = &found[i].isNew
		}
		if r.layer != nil {
			one.Layer = r.layer.Digest
		}
		if a := r.accepted; a != nil {
			one.Owner, one.Reason, one.Since, one.Expires, one.By = a.owner, a.reason, date(a.since), date(a.expires), a.source
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
