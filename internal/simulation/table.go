package simulation

import (
	"errors"
	"fmt"
	"math"
	"strings"
)

// Row is a case and what came of it.
type Row struct {
	Case
	Outcomes []Outcome // by Columns
}

// Missed is what a row does not reach of what it is held to; nil where it does.
func (r Row) Missed() error {
	o := r.Outcomes[0]
	var missed []error
	if r.Most > 0 && o.Rate() > r.Most {
		missed = append(missed, fmt.Errorf("%s: %s false alarms, wanted at most %s", r.Name, percent(o.Rate()), percent(r.Most)))
	}
	if r.Least > 0 && o.Rate() < r.Least {
		missed = append(missed, fmt.Errorf("%s: %s found, wanted at least %s", r.Name, percent(o.Rate()), percent(r.Least)))
	}
	if r.Median > 0 && (len(o.Alarms) == 0 || o.After(0.5) > r.Median) {
		missed = append(missed, fmt.Errorf("%s: half of them found after %d minutes, wanted %d at most", r.Name, o.After(0.5), r.Median))
	}
	return errors.Join(missed...)
}

// Table is the rows as Markdown: healthy releases first, then harmful ones.
func Table(rows []Row) string {
	var b strings.Builder
	for _, part := range []struct {
		title   string
		harmful bool
	}{{"Healthy releases: how many were called harmful", false}, {"Harmful releases: how many were found within two hours, and the minutes until half and until 95 % of those were", true}} {
		fmt.Fprintf(&b, "### %s\n\n| case | to reach | runs | %s |\n|---|---|--:%s|\n", part.title, strings.Join(Columns, " | "), strings.Repeat("|--:", len(Columns)))
		for _, r := range rows {
			if r.Harmful == part.harmful {
				b.WriteString(r.line())
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

func (r Row) line() string {
	cells := []string{r.Name, r.aim(), fmt.Sprint(r.Outcomes[0].Runs)}
	for _, o := range r.Outcomes {
		cell := percent(o.Rate())
		if r.Harmful && len(o.Alarms) > 0 {
			cell += fmt.Sprintf(", %d / %d min", o.After(0.5), o.After(0.95))
		}
		if o.Early > 0 {
			cell += fmt.Sprintf(" (%s falsely before)", percent(float64(o.Early)/float64(o.Runs)))
		}
		cells = append(cells, cell)
	}
	return "| " + strings.Join(cells, " | ") + " |\n"
}

func (r Row) aim() string {
	var aims []string
	if r.Most > 0 {
		aims = append(aims, "≤ "+percent(r.Most))
	}
	if r.Least == 1 {
		aims = append(aims, "all")
	} else if r.Least > 0 {
		aims = append(aims, "≥ "+percent(r.Least))
	}
	if r.Median > 0 {
		aims = append(aims, fmt.Sprintf("half in ≤ %d min", r.Median))
	}
	return strings.Join(aims, ", ")
}

// percent never rounds something to nothing, or nearly all to all.
func percent(share float64) string {
	hundredths := math.Round(share * 1e4)
	switch {
	case share > 0 && hundredths == 0:
		return "< 0.01 %"
	case share < 1 && hundredths == 1e4:
		return "> 99.99 %"
	}
	return fmt.Sprintf("%g %%", hundredths/100)
}
