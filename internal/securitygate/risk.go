package securitygate

import (
	"fmt"
	"net/url"
	"time"

	"github.com/slipway-actions/slipway/internal/manifest"
	"github.com/slipway-actions/slipway/internal/osv"
	"github.com/slipway-actions/slipway/internal/result"
)

// kind is what sort of thing a risk is.
type kind string

// The kinds.
const (
	vulnerable kind = "vulnerability" // of a package, known to the database
	leaked     kind = "secret"        // in a file or a commit
	reported   kind = "report"        // by another tool, in SARIF
	unlicensed kind = "license"       // one that the policy denies
)

// risk is one thing that may hurt, whatever number of sources speak of it. All kinds are held
// against the same rules and acceptances.
type risk struct {
	kind      kind
	id        string   // of the best known advisory in hand; else a fingerprint
	aliases   []string // other ids that an acceptance may name
	summary   string
	subject   string      // what has it, for people: a package and its version, a tool
	pkg       osv.Package // zero where it is in no package
	relation  manifest.Relation
	through   []string // names of the packages on the way to pkg
	layer     *manifest.Layer
	fixed     string // the lowest version above the installed one without it; "" where none is known
	rating    osv.Rating
	unrated   bool           // none of its advisories rates it, whatever raised it since
	published time.Time      // the earliest; zero where unknown
	places    []result.Where // by path; never empty
	link      string
	advice    string // what to do where no command mends it
	reach     string // how far the project's own code reaches it: called, imported, required; "" where nobody asked or can tell
	exploited bool   // known to be
	isNew     bool   // the base does not have it; true as well where there is no base
	unsure    bool   // the base may have it after all, for it could not be scanned whole
	accepted  *carried
	notes     []string // what a reader should know of its rating and acceptance
}

// carried says who carries a risk, and for how long.
type carried struct {
	owner, reason string
	source        string    // policy, or the name of a VEX file
	since         time.Time // zero where nobody says
	expires       time.Time // the last day; zero where it is a statement and not a wager
}

// title names a risk and what has it.
func (r risk) title() string {
	switch {
	case r.subject == "":
		return r.id
	case r.kind == leaked || r.kind == reported:
		return r.subject
	}
	return r.id + " in " + r.subject
}

// way is how the project comes to a package, for people.
func (r risk) way() string {
	switch {
	case len(r.through) > 0:
		text := r.through[0]
		for _, name := range r.through[1:] {
			text += " → " + name
		}
		return text
	case r.relation != manifest.UnknownRelation:
		return string(r.relation)
	}
	return ""
}

// advisoryPage is where people read about an advisory.
func advisoryPage(id string) string { return "https://osv.dev/vulnerability/" + url.PathEscape(id) }

// severity is a rating for people.
func severity(r osv.Rating) string {
	switch {
	case r.Level == osv.Unrated:
		return "unknown"
	case r.Score > 0:
		return fmt.Sprintf("%s (%.1f, %s)", r.Level, r.Score, r.Source)
	}
	return fmt.Sprintf("%s (%s)", r.Level, r.Source)
}

// counts are the risks that are not accepted, by level. Licences have none and are not counted.
type counts struct {
	by      map[osv.Level]int
	total   int
	fixable int
	fresh   int // that the base does not have
}

func count(found []risk) counts {
	c := counts{by: map[osv.Level]int{}}
	for _, r := range found {
		if r.kind == unlicensed {
			continue
		}
		c.by[r.rating.Level]++
		c.total++
		if r.fixed != "" {
			c.fixable++
		}
		if r.isNew && !r.unsure {
			c.fresh++
		}
	}
	return c
}
