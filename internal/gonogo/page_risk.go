package gonogo

import (
	"fmt"

	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/risk"
)

// riskPart shows the score and what it is made of.
func riskPart(d decision) report.Page {
	head := fmt.Sprintf("Risk: %s, %d of 100.", d.risk.level, d.risk.value)
	if !d.risk.known {
		head = fmt.Sprintf("Risk: not known (%s). What is known comes to %d of 100.", d.risk.why, d.risk.value)
	}
	t := report.Table{Header: []string{"Part of the risk", "Points", "Why"}}
	for _, p := range d.risk.parts {
		points := fmt.Sprintf("%d of %d", p.Points, p.Most)
		if !p.Known {
			points = "not known"
		}
		t.Rows = append(t.Rows, []report.Text{report.T(p.Name), report.T(points), report.T(p.Why)})
	}
	return report.Page{report.Paragraph{Text: report.Bold(head)}, report.Details{Summary: "How the risk is reckoned", Body: report.Page{t}}}
}

// riskRow is the score in the result's data.
type riskRow struct {
	Known bool        `json:"known"`
	Score *int        `json:"score,omitempty"` // none where it is not known
	Level string      `json:"level,omitempty"`
	Why   string      `json:"why,omitempty"` // it is not known
	Parts []risk.Part `json:"parts"`
}

func riskData(s score) riskRow {
	row := riskRow{Known: s.known, Level: s.level, Why: s.why, Parts: s.parts}
	if s.known {
		row.Score = &s.value
	}
	return row
}
