package securitygate

import (
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/advisory"
	"github.com/slipway-actions/slipway/internal/osv"
	"github.com/slipway-actions/slipway/internal/policy"
)

// inputs are the wishes of the caller, with what the policy adds to them.
type inputs struct {
	path     string // of what is scanned, slash-separated, relative to the workspace
	database advisory.Database
	exposed  bool // the database's answers can be changed on their way
	rules    rules
}

// rules are what a vulnerability is held against.
type rules struct {
	failOn        osv.Level     // from this severity on
	failUnrated   bool          // also where nobody has given a severity
	fixableOnly   bool          // what has no fixed version only warns
	grace         time.Duration // what has no fixed version only warns for so long after it was published; 0 is no grace
	minCoverage   int           // percent of the manifests
	accepted      []policy.Acceptance
	maxAcceptance time.Duration // longest time to an acceptance's expiry; 0 is no limit
}

var levels = map[string]osv.Level{"any": osv.Low, "low": osv.Low, "medium": osv.Medium, "high": osv.High, "critical": osv.Critical}

func readInputs(w *action.World, in *action.Inputs) (inputs, error) {
	p := w.Policy.Security
	failOn := in.OneOf("fail-on", policy.Thresholds...)
	if failOn == "" {
		failOn = string(p.FailOn)
	}
	unrated := in.OneOf("unknown-severity", policy.Treatments...)
	if unrated == "" {
		unrated = string(p.UnknownSeverity)
	}
	i := inputs{rules: rules{
		failOn: levels[failOn], failUnrated: unrated == "fail" || failOn == "any", fixableOnly: in.Bool("fixable-only"),
		grace: time.Duration(p.UnfixableGrace), minCoverage: in.Int("min-coverage", 0, 100, int(*p.MinCoverage)),
		accepted: p.Accepted, maxAcceptance: time.Duration(p.MaxAcceptance),
	}}
	given := in.Text("path")
	if given == "" {
		given = "."
	}
	path, err := w.InDir(given)
	if err != nil {
		in.Refuse("path", given, "allowed: a folder inside the workspace")
	}
	i.path = path
	i.readDatabase(w, in)
	return i, in.Err()
}

// readDatabase takes osv.dev, a server or a folder.
func (i *inputs) readDatabase(w *action.World, in *action.Inputs) {
	const allowed = "allowed: osv.dev, the address of a server with the same API such as https://osv.example, or a folder of OSV data"
	given := in.Text("database")
	if given == "" || given == "osv.dev" {
		i.database = advisory.Server{Name: "osv.dev", Base: &url.URL{Scheme: "https", Host: "api.osv.dev"}, Sleep: w.Sleep}
		return
	}
	if u, err := url.Parse(given); err == nil && (u.Scheme == "http" || u.Scheme == "https") {
		if u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
			in.Refuse("database", u.Redacted(), allowed)
			return
		}
		i.database = advisory.Server{Name: u.String(), Base: u, Sleep: w.Sleep}
		i.exposed = u.Scheme == "http" && u.Hostname() != "localhost" && u.Hostname() != "127.0.0.1" && u.Hostname() != "::1"
		return
	}
	dir := given
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(w.Dir, dir)
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		in.Refuse("database", given, allowed+"; there is no such folder")
		return
	}
	i.database = advisory.Folder{Dir: dir, Name: given}
}
