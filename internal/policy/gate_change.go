package policy

import (
	"fmt"
	"path"
	"strings"

	"github.com/slipway-actions/slipway/internal/glob"
)

// Risk says what the score of a change is reckoned from, beyond the history.
type Risk struct {
	Incidents []string `yaml:"incidents"` // labels of issues that are incidents while they are open; none are asked for without
	Medium    int      `yaml:"medium"`    // from which score on; default 30
	High      int      `yaml:"high"`      // from which score on; default 60
}

// incidentLabels is the most labels of incidents: each is asked for by itself.
const incidentLabels = 5

// Bounds are the scores from which a risk is medium and high, with the defaults.
func (r *Risk) Bounds() (medium, high int) {
	medium, high = 30, 60
	if r != nil && r.Medium != 0 {
		medium = r.Medium
	}
	if r != nil && r.High != 0 {
		high = r.High
	}
	return medium, high
}

func (r *Risk) validate(*Gate) *misfit {
	if r == nil {
		return nil
	}
	for i, label := range r.Incidents {
		if strings.TrimSpace(label) == "" || strings.Contains(label, ",") || len(label) > 100 {
			return misfitf(fmt.Sprintf("gate.risk.incidents[%d]", i), "%q is no label; write the name of one, such as incident", label)
		}
	}
	if len(r.Incidents) > incidentLabels {
		return misfitf("gate.risk.incidents", "there are %d labels; at most %d are asked for", len(r.Incidents), incidentLabels)
	}
	medium, high := r.Bounds()
	at := "gate.risk.medium"
	if r.Medium == 0 {
		at = "gate.risk.high"
	}
	if medium <= 0 || medium >= high || high > 100 {
		return misfitf(at, "medium is %d and high is %d; allowed: 0 < medium < high <= 100 (without them 30 and 60)", medium, high)
	}
	return nil
}

// Migrations are files that change a database.
type Migrations struct {
	Paths        []string  `yaml:"paths"`        // globs from the top of the repository
	Down         []string  `yaml:"down"`         // where a way back lies that follows no known convention: {dir} is the folder of the migration, {name} its name without extension
	Irreversible Treatment `yaml:"irreversible"` // what a migration is that is declared to have no way back; default warn
	Breaking     Treatment `yaml:"breaking"`     // what a migration is that takes away or changes what is in use, and is not declared the contract phase; default fail
}

func (m *Migrations) validate(at string) *misfit {
	if len(m.Paths) == 0 {
		return misfitf(at, "paths is missing: folders or globs of the migrations, such as migrations/**")
	}
	for i, p := range m.Paths {
		place := fmt.Sprintf("%s.paths[%d]", at, i)
		if strings.Trim(p, "./ ") == "" {
			return misfitf(place, "%q names no files; name the folder of the migrations, such as migrations/**", p)
		}
		if err := glob.CheckPath(p); err != nil {
			return misfitf(place, "%q: %v", p, err)
		}
	}
	for i, p := range m.Down {
		plain := strings.NewReplacer("{dir}", "", "{name}", "").Replace(p)
		if !strings.Contains(p, "{name}") || strings.ContainsAny(plain, "{}*?") || strings.HasPrefix(path.Clean(p), "..") || p == "{dir}/{name}" {
			return misfitf(fmt.Sprintf("%s.down[%d]", at, i), "%q names no way back; write a path with {name}, and {dir} where it lies beside, such as {dir}/undo/{name}.sql", p)
		}
	}
	return nil
}
