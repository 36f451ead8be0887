package securitygate

import (
	"cmp"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/advisory"
	"github.com/slipway-actions/slipway/internal/inventory"
	"github.com/slipway-actions/slipway/internal/license"
	"github.com/slipway-actions/slipway/internal/osv"
	"github.com/slipway-actions/slipway/internal/policy"
)

// inputs are the wishes of the caller, with what the policy adds to them.
type inputs struct {
	path      string // of what is scanned, slash-separated, relative to the workspace
	database  advisory.Database
	exposed   bool   // the database's answers can be changed on their way
	base      string // ref of the tree that a change started from; "" judges all
	reports   []string
	secrets   bool
	sarifFile string // to be written, like the two that follow; "" is not
	sbomFile  string
	stateFile string
	comment   bool
	vex       []string
	kev, epss string // files in the workspace
	rules     rules
}

// rules are what a risk is held against.
type rules struct {
	failOn        osv.Level     // from this severity on
	failUnrated   bool          // also where nobody has given a severity
	fixableOnly   bool          // what has no fixed version only warns
	grace         time.Duration // what has no fixed version only warns for so long after it was published; 0 is no grace
	minCoverage   int           // percent of the manifests
	accepted      []policy.Acceptance
	maxAcceptance time.Duration     // longest time to an acceptance's expiry; 0 is no limit
	maxDataAge    time.Duration     // of an ecosystem's newest advisory; 0 is no limit
	ageLimited    bool              // the policy has set it
	digests       map[string]string // of the advisories that must be used, by ecosystem
	inSource      bool              // suppressions in the sources count
	reachability  policy.Reachability
	epssFrom      float64           // score of EPSS from which a vulnerability is at least high
	allowed       *license.Rules    // nil where any license will do
	stating       map[string]string // licenses by package, where manifests state none
}

var levels = map[string]osv.Level{"any": osv.Low, "low": osv.Low, "medium": osv.Medium, "high": osv.High, "critical": osv.Critical}

func readInputs(w *action.World, in *action.Inputs) (inputs, error) {
	p := w.Policy.Security
	p.FailOn = policy.Threshold(cmp.Or(in.OneOf("fail-on", policy.Thresholds...), string(p.FailOn)))
	p.UnknownSeverity = policy.Treatment(cmp.Or(in.OneOf("unknown-severity", policy.Treatments...), string(p.UnknownSeverity)))
	i := inputs{base: in.Text("base"), secrets: in.Bool("secrets"), comment: in.Bool("comment"), vex: p.VEX, kev: p.KEV}
	var err error
	if i.rules, err = rulesOf(p); err != nil {
		return i, err
	}
	i.rules.fixableOnly, i.rules.minCoverage = in.Bool("fixable-only"), in.Int("min-coverage", 0, 100, i.rules.minCoverage)
	if p.EPSS != nil {
		i.epss = p.EPSS.File
	}
	given := in.Text("path")
	if given == "" {
		given = "."
	}
	path, err := w.InDir(given)
	if err != nil {
		in.Refuse("path", given, "allowed: a folder or a file inside the workspace")
	}
	i.path = path
	i.reports = in.Lines("sarif")
	for _, pattern := range i.reports {
		if _, err := filepath.Match(pattern, ""); err != nil {
			in.Refuse("sarif", pattern, "allowed: a path or a pattern inside the workspace, such as reports/*.sarif")
		}
	}
	for _, file := range []struct {
		given, input string
		path         *string
	}{{in.Text("sarif-file"), "sarif-file", &i.sarifFile}, {in.Text("sbom-file"), "sbom-file", &i.sbomFile}, {in.Text("state-file"), "state-file", &i.stateFile}} {
		if file.given == "" {
			continue
		}
		if *file.path, err = w.InDir(file.given); err == nil {
			err = w.Files.Writable(*file.path)
		}
		if err == nil {
			err = i.spares(*file.path)
		}
		if err != nil {
			in.Refuse(file.input, file.given, "allowed: the path of a file inside the workspace; "+err.Error())
		}
	}
	i.readDatabase(w, in)
	return i, in.Err()
}

// spares says why a file must not be written: it would take away what is judged, or by what.
func (i inputs) spares(file string) error {
	same := 0
	for _, other := range []string{i.sarifFile, i.sbomFile, i.stateFile} {
		if other == file {
			same++
		}
	}
	sbom := file == i.sbomFile && inventory.ReadsSBOM(file)
	switch {
	case same > 1:
		return errors.New("another file is to be written there")
	case inventory.Wants(file) && !sbom:
		return errors.New("a manifest that is judged lies there, or would")
	case strings.HasPrefix(file, ".github/"), file == ".slipway/security-gate.json", strings.HasSuffix(file, "/"):
		return errors.New("that place has another purpose")
	}
	return nil
}

// oldest is the age of advisories up to which they can tell that something is safe, where the team has
// set none. It is long, for small ecosystems have few.
const oldest = 365 * day

// rulesOf are the rules that a policy sets.
func rulesOf(p policy.Security) (rules, error) {
	r := rules{
		failOn: levels[string(p.FailOn)], failUnrated: p.UnknownSeverity == "fail" || p.FailOn == "any", grace: time.Duration(p.UnfixableGrace), minCoverage: int(*p.MinCoverage),
		accepted: p.Accepted, maxAcceptance: time.Duration(p.MaxAcceptance), maxDataAge: oldest, digests: p.Digests, inSource: p.InSource, reachability: p.Reachability,
	}
	if p.MaxDataAge != nil {
		r.maxDataAge, r.ageLimited = time.Duration(*p.MaxDataAge), true
	}
	if p.EPSS != nil {
		r.epssFrom = *p.EPSS.From
	}
	if l := p.Licenses; l != nil {
		r.allowed, r.stating = &license.Rules{Allow: l.Allow, Deny: l.Deny}, l.Stated
		if err := r.allowed.Check(); err != nil {
			return r, action.Wrong("the policy's security.licenses: %w", err)
		}
	}
	return r, nil
}

// readDatabase takes osv.dev, a server, a mirror or a folder.
func (i *inputs) readDatabase(w *action.World, in *action.Inputs) {
	const allowed = "allowed: osv.dev, the address of a server with the same API such as https://osv.example, the address of a mirror of its data such as mirror+https://osv.example/data, or a folder of OSV data"
	cache := readCache(w, in)
	given := in.Text("database")
	if given == "" || given == "osv.dev" {
		i.pinned(w, in, "osv.dev")
		i.database = advisory.Server{Name: "osv.dev", Base: &url.URL{Scheme: "https", Host: "api.osv.dev"}, Sleep: w.Sleep, Cache: cache}
		return
	}
	address, mirror := strings.CutPrefix(given, "mirror+")
	if u, err := url.Parse(address); mirror || err == nil && (u.Scheme == "http" || u.Scheme == "https") {
		switch {
		case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
			in.Refuse("database", "mirror+…", allowed)
			return
		case u.User != nil || u.RawQuery != "" || u.Fragment != "": // one of them may be a secret
			in.Refuse("database", u.Scheme+"://"+u.Host+"…", allowed)
			return
		}
		i.exposed = u.Scheme == "http" && u.Hostname() != "localhost" && u.Hostname() != "127.0.0.1" && u.Hostname() != "::1"
		i.database = advisory.Server{Name: u.String(), Base: u, Sleep: w.Sleep, Cache: cache}
		if !mirror {
			i.pinned(w, in, given)
		} else {
			i.database = advisory.Mirror{Name: u.String(), Base: u, Sleep: w.Sleep, Cache: cache, Digests: w.Policy.Security.Digests}
		}
		return
	}
	dir := given
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(w.Dir, dir)
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		if strings.ContainsAny(given, "@?#") { // an address that is misspelt, which may hold a secret
			given = "…"
		}
		in.Refuse("database", given, allowed+"; there is no such folder")
		return
	}
	i.database = advisory.Folder{Dir: dir, Name: given, Cache: cache, Foreign: inside(w, dir), Digests: w.Policy.Security.Digests}
}

// pinned refuses a server where the policy wants certain data: what a server answers has no digest to
// hold it to.
func (i *inputs) pinned(w *action.World, in *action.Inputs, given string) {
	if len(w.Policy.Security.Digests) > 0 {
		in.Refuse("database", given, "the policy's security.digests say which data must be used, and a server cannot be held to them; allowed: a folder or a mirror")
	}
}

// inside tells whether a path, or what it leads to, lies in the workspace.
func inside(w *action.World, path string) bool {
	workspace, err := filepath.EvalSymlinks(w.Files.Dir)
	if err != nil {
		return true
	}
	for at := filepath.Clean(path); ; at = filepath.Dir(at) {
		real, err := filepath.EvalSymlinks(at)
		if err != nil && at != filepath.Dir(at) {
			continue // it is not there yet; what it will lie in is
		}
		rest, _ := filepath.Rel(at, filepath.Clean(path))
		below, err := filepath.Rel(workspace, filepath.Join(real, rest))
		return err != nil || filepath.IsLocal(below)
	}
}

// readCache is a folder for what outlives the run; "" for none. One inside the workspace could have come
// with the change under test, which would then say itself what is known against it.
func readCache(w *action.World, in *action.Inputs) string {
	given := in.Text("cache")
	if given == "" {
		if w.Facts.ToolCache == "" {
			return ""
		}
		return filepath.Join(w.Facts.ToolCache, "slipway")
	}
	if !filepath.IsAbs(given) {
		in.Refuse("cache", given, "allowed: an absolute path outside the workspace, such as ${{ runner.temp }}/slipway")
		return ""
	}
	if inside(w, given) {
		in.Refuse("cache", given, "allowed: a folder outside the workspace, for a change could bring one of its own along")
		return ""
	}
	return filepath.Clean(given)
}
