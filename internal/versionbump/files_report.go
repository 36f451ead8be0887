package versionbump

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// fileData is a file that carries the version, for what lands it.
type fileData struct {
	Path    string `json:"path"`    // below the workspace
	SHA256  string `json:"sha256"`  // hex, of the content with the version
	Changed bool   `json:"changed"` // false where it carried the version already
}

// tell adds the files to an outcome: to its findings, its data and its page.
func (p *preparation) tell(o action.Outcome, dryRun bool) action.Outcome {
	doc, _ := o.Data.(data)
	table := report.Table{Header: []string{"File", "Line", "What", "Was", "Is"}}
	changed := 0
	for _, f := range p.inOrder() {
		sum := sha256.Sum256(f.next)
		doc.Files = append(doc.Files, fileData{f.path, hex.EncodeToString(sum[:]), f.changed()})
		if f.changed() {
			changed++
		}
		var steps []string
		for _, place := range f.places {
			step := place.Old + " → " + place.New
			if place.Old == place.New {
				step = "has " + place.New + " already"
			}
			if !slices.Contains(steps, step) {
				steps = append(steps, step)
			}
			table.Rows = append(table.Rows, []report.Text{
				report.Code(f.path), report.T(strconv.Itoa(place.Line)), report.T(place.Key), report.Code(place.Old), report.Code(place.New),
			})
		}
		o.Findings = append(o.Findings, result.Finding{
			ID: "version-file", Outcome: verdict.Passed, Title: f.path, Observed: strings.Join(steps, ", "), Where: &result.Where{File: f.path, Line: f.places[0].Line},
		})
	}
	for _, s := range p.skipped {
		o.Findings = append(o.Findings, result.Finding{ID: "version-file", Outcome: verdict.Skipped, Title: s.path, Observed: "left as it is: " + s.why})
	}
	o.Data = doc
	o.Page = append(o.Page, report.Paragraph{Text: report.Bold(sentence(changed, len(p.order), p.version, dryRun))}, table.First(shown))
	for _, s := range p.skipped {
		o.Page = append(o.Page, report.Alert{Kind: report.Note, Text: report.T(s.path + " was left as it is: " + s.why + ".")})
	}
	return o
}

func sentence(changed, all int, version string, dryRun bool) string {
	switch {
	case changed == 0:
		return report.Count(all, "version file") + " carried " + version + " already; nothing was written."
	case dryRun:
		return fmt.Sprintf("%s would be written, so that all %d carry %s.", report.Count(changed, "version file"), all, version)
	}
	return fmt.Sprintf("%s of %d written; all carry %s.", report.Count(changed, "version file"), all, version)
}
