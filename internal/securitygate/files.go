package securitygate

import (
	"crypto/sha256"
	"fmt"
	"path"
	"strings"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/osv"
	"github.com/slipway-actions/slipway/internal/sarif"
	"github.com/slipway-actions/slipway/internal/sbom"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// written are the files that a decision leaves besides the result, and the outputs that name them.
func written(w *action.World, i inputs, e evidence, d decision) ([]action.Output, error) {
	incomplete := of(d.findings, verdict.Undecided)
	outputs := []action.Output{{Name: "sarif-file", Value: i.sarifFile}, {Name: "sbom-file", Value: i.sbomFile}}
	if i.sarifFile != "" {
		report := sarifReport(w.Tool, e, d)
		e.hide.all(&report)
		text, err := sarif.Encode(report)
		if err != nil {
			return nil, fmt.Errorf("make the SARIF report: %w", err)
		}
		if _, err := w.Write(i.sarifFile, text); err != nil {
			return nil, fmt.Errorf("write the SARIF report: %w", err)
		}
	}
	if i.stateFile != "" && !e.state.unfit {
		after := e.state.next(e, d, len(incomplete) == 0)
		e.hide.all(&after)
		text, err := after.encode()
		if err != nil {
			return nil, fmt.Errorf("make the state file: %w", err)
		}
		if _, err := w.Write(i.stateFile, text); err != nil {
			return nil, fmt.Errorf("write the state file: %w", err)
		}
	}
	if i.sbomFile != "" {
		name := w.Facts.Repository
		if name == "" {
			name = path.Base(w.Files.Dir)
		}
		e.hide.all(&e.tree.Manifests) // the last that reads them
		text, err := sbom.Encode(sbom.Document{Name: name, Version: w.SHA(), Tool: w.Tool, Files: e.tree.Manifests})
		if err != nil {
			return nil, fmt.Errorf("make the SBOM: %w", err)
		}
		if _, err := w.Write(i.sbomFile, text); err != nil {
			return nil, fmt.Errorf("write the SBOM: %w", err)
		}
	}
	return outputs, nil
}

// sarifReport is the decision for tools that show alerts.
func sarifReport(tool string, e evidence, d decision) sarif.Report {
	r := sarif.Report{ToolVersion: tool}
	for _, f := range of(d.findings, verdict.Undecided) {
		r.Incomplete = append(r.Incomplete, f.Title+": "+f.Observed)
	}
	for i, one := range d.found {
		a := alert(e, one)
		if d.outcomes[i] == verdict.Failed {
			a.Outcome = sarif.Failing
		}
		r.Alerts = append(r.Alerts, a)
	}
	for _, one := range d.accepted {
		a := alert(e, one)
		a.Outcome = sarif.Accepted
		a.Justification, a.Owner, a.Expires = one.accepted.reason, one.accepted.owner, date(one.accepted.expires)
		r.Alerts = append(r.Alerts, a)
	}
	return r
}

func alert(e evidence, r risk) sarif.Alert {
	a := sarif.Alert{
		Rule: r.id, Name: string(r.kind), Summary: r.title(), Description: r.summary, HelpURI: r.link, Next: next(r),
		Score: r.rating.Score, Level: r.rating.Level, Fingerprint: fingerprint(r), Tags: []string{"security", string(r.kind)},
		Message: r.title() + ": " + strings.Join(append(e.describe(r), r.notes...), "; "),
	}
	switch r.kind {
	case leaked: // the fingerprint tells one secret from another; the rule is what is wrong
		a.Rule = strings.Join(strings.Split(r.id, ":")[:2], ":")
	case unlicensed:
		a.Level = osv.High
	}
	if e.base != nil {
		a.Baseline = "unchanged"
		if r.isNew {
			a.Baseline = "new"
		}
		if r.unsure {
			a.Baseline = ""
		}
	}
	for _, p := range r.places {
		a.Places = append(a.Places, sarif.Place{File: p.File, Line: p.Line})
	}
	return a
}

// fingerprint stays the same while a file changes around a risk, and when a package is raised to a
// version that has it too.
func fingerprint(r risk) string {
	parts := []string{string(r.kind), r.id, r.pkg.Ecosystem, osv.CanonicalName(r.pkg.Ecosystem, r.pkg.Name)}
	if len(r.places) > 0 {
		parts = append(parts, r.places[0].File)
	}
	return fmt.Sprintf("%x", sha256.Sum256([]byte(strings.Join(parts, "\x00"))))[:32]
}
