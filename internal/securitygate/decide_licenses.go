package securitygate

import (
	"fmt"
	"maps"
	"slices"

	"github.com/slipway-actions/slipway/internal/license"
	"github.com/slipway-actions/slipway/internal/manifest"
	"github.com/slipway-actions/slipway/internal/osv"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// licenses are the packages with a license that the policy does not let in. Those that state none it can
// read are unknown, told once for each manifest. Where the policy says nothing of licenses, neither does this.
func (e evidence) licenses() (denied []risk, unstated []result.Finding) {
	denied, open := e.licensesOf(e.tree)
	for _, file := range slices.Sorted(maps.Keys(open)) {
		first := open[file][0]
		unstated = append(unstated, result.Finding{
			ID: "license:" + file, Outcome: verdict.Undecided, Title: "Licenses in " + file, Where: &result.Where{File: file, Line: first.line},
			Observed:  fmt.Sprintf("%s without a license that is known, such as %s: %s", report.Count(len(open[file]), "package"), first.pkg, first.why),
			Threshold: "a license for every package", Next: "State it in the policy: security.licenses.stated: {" + first.pkg.Name + ": …}. Or commit an SBOM that states it.",
		})
	}
	return denied, unstated
}

// silent is a package whose license is not known, and why.
type silent struct {
	pkg  osv.Package
	line int
	why  string
}

func (e evidence) licensesOf(tree manifest.Tree) (denied []risk, open map[string][]silent) {
	if e.allowed == nil {
		return nil, nil
	}
	stated := map[osv.Package][]string{} // one manifest may know what another does not, and none overrules another
	for _, m := range tree.Manifests {
		for _, entry := range m.Packages {
			for _, one := range entry.Licenses {
				if !slices.Contains(stated[entry.Package], one) {
					stated[entry.Package] = append(stated[entry.Package], one)
				}
			}
		}
	}
	open = map[string][]silent{}
	named := entriesOf(tree)
	for _, p := range distinct(tree) {
		outcome, why := license.Judge(stated[p], *e.allowed)
		if said, ok := e.stating[p.Name]; ok && outcome == license.Unknown {
			outcome, why = license.Judge([]string{said}, *e.allowed)
		}
		switch outcome {
		case license.Allowed:
		case license.Denied:
			r := risk{
				kind: unlicensed, id: "license:" + p.Name, subject: p.String(), pkg: p, summary: why, isNew: true,
				advice: "Replace " + p.Name + ", or have somebody carry the risk: {id: \"license:" + p.Name + "\", owner: …, reason: …, expires: …} in the policy's security.accepted.",
			}
			named[p].tell(&r)
			denied = append(denied, r)
		default:
			place := named[p].places[0]
			open[place.File] = append(open[place.File], silent{p, place.Line, why})
		}
	}
	return denied, open
}
