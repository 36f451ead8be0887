package securitygate

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/advisory"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// TestOwnTree puts this repository through its own gate, with its own policy: modules and secrets. The
// records are those of the Go vulnerability database about any of our modules, as of August 2026; the
// nightly workflow asks osv.dev. The day is fixed, for acceptances end.
func TestOwnTree(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(root, ".github/slipway.yml"))
	if err != nil {
		t.Fatal(err)
	}
	p, err := policy.Parse("slipway.yml", text)
	if err != nil {
		t.Fatal(err)
	}
	i := inputs{path: ".", database: advisory.Folder{Dir: filepath.Join(root, "internal/securitygate/testdata/own"), Foreign: true}, secrets: true}
	if i.rules, err = rulesOf(p.Security); err != nil {
		t.Fatal(err)
	}
	i.rules.reachability = "off" // it takes minutes, and lets nothing through
	e := gather(t, root, time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC), i)
	d := decide(e)
	if v := result.VerdictOf(d.findings); v != verdict.Pass {
		t.Errorf("the verdict is %s\n%s", v, report.Page{report.Findings(d.findings)}.Terminal(200))
	}
	for _, a := range p.Security.Accepted {
		if !slices.ContainsFunc(d.accepted, func(r risk) bool { yes, _ := covers(a, r); return yes }) {
			t.Errorf("nothing needs the acceptance of %s", a.ID)
		}
	}
	if len(distinct(e.tree)) < 150 || e.secrets.files < 500 || e.tree.Coverage() != 100 {
		t.Errorf("only %s", e.judged())
	}
}
