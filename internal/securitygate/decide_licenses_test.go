package securitygate

import (
	"github.com/slipway-actions/slipway/internal/license"
	"github.com/slipway-actions/slipway/internal/manifest"
	"github.com/slipway-actions/slipway/internal/osv"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// licensed is evidence of a go.mod and a package-lock.json under a policy that allows MIT and Apache-2.0,
// whose packages state these licenses.
func licensed(change func(*evidence), a, b []string) evidence {
	return with(func(e *evidence) {
		e.allowed = &license.Rules{Allow: []string{"MIT", "Apache-2.0"}, Deny: []string{"AGPL-3.0-only"}}
		e.tree.Manifests = []manifest.File{file("go.mod", pkgA), file("package-lock.json", pkgB)}
		e.tree.Manifests[0].Packages[0].Licenses, e.tree.Manifests[1].Packages[0].Licenses = a, b
		if change != nil {
			change(e)
		}
	})
}

func aboutLicenses() []decided {
	mit, agpl := []string{"MIT"}, []string{"AGPL-3.0-only"}
	return []decided{
		{"licenses that are allowed", licensed(nil, mit, mit), verdict.Pass, "vulnerabilities=pass"},
		{"licenses that nobody asks for", licensed(func(e *evidence) { e.allowed = nil }, agpl, nil), verdict.Pass, "vulnerabilities=pass"},
		{"a license that is denied", licensed(nil, mit, agpl), verdict.Fail, "license:b=fail"},
		{"a license that is not among the allowed", licensed(nil, []string{"BSD-3-Clause"}, mit), verdict.Fail, "license:example.com/a=fail"},
		{"no license", licensed(nil, nil, mit), verdict.Unknown, "license:go.mod=unknown"},
		{"no license, and a denied one", licensed(nil, nil, agpl), verdict.Fail, "license:b=fail license:go.mod=unknown"},
		{"no license in two files", licensed(nil, nil, nil), verdict.Unknown, "license:go.mod=unknown license:package-lock.json=unknown"},
		{"two packages of a file without a license", licensed(func(e *evidence) {
			e.tree.Manifests[0].Packages = append(e.tree.Manifests[0].Packages, manifest.Entry{Package: osv.Package{Ecosystem: "Go", Name: "example.com/z", Version: "1.0.0"}, Line: 9})
		}, nil, mit), verdict.Unknown, "license:go.mod=unknown"},
		{"words that are no license", licensed(nil, []string{"see the file LICENSE"}, mit), verdict.Unknown, "license:go.mod=unknown"},
		{"a license that another manifest states", licensed(func(e *evidence) {
			e.tree.Manifests = append(e.tree.Manifests, file("bom.json", pkgA))
			e.tree.Manifests[2].Packages[0].Licenses = mit
		}, nil, mit), verdict.Pass, "vulnerabilities=pass"},
		{"a license that another manifest states otherwise", licensed(func(e *evidence) {
			e.tree.Manifests = append(e.tree.Manifests, file("bom.json", pkgA))
			e.tree.Manifests[2].Packages[0].Licenses = mit
		}, agpl, mit), verdict.Fail, "license:example.com/a=fail"},
		{"a license that the policy states", licensed(func(e *evidence) { e.stating = map[string]string{"example.com/a": "MIT"} }, nil, mit), verdict.Pass, "vulnerabilities=pass"},
		{"a denied license that the policy states", licensed(func(e *evidence) { e.stating = map[string]string{"example.com/a": "AGPL-3.0-only"} }, nil, mit), verdict.Fail, "license:example.com/a=fail"},
		{"the policy states nothing over what is known", licensed(func(e *evidence) { e.stating = map[string]string{"example.com/a": "MIT"} }, agpl, mit), verdict.Fail, "license:example.com/a=fail"},
		{"a denied license that somebody carries", licensed(func(e *evidence) {
			e.accepted = []policy.Acceptance{{ID: "license:b", Owner: "legal", Reason: "r", Expires: policy.Date{Time: now.Truncate(day).Add(day)}}}
		}, mit, agpl), verdict.Pass, "vulnerabilities=pass license:b=skip"},
		{"a denied license of the base", licensed(func(e *evidence) { e.base = &baseline{ref: "main", tree: e.tree} }, mit, agpl), verdict.Pass, "vulnerabilities=pass license:b=warn"},
		{"a denied license that the base does not have", licensed(func(e *evidence) {
			e.base = &baseline{ref: "main", tree: manifest.Tree{Manifests: []manifest.File{file("go.mod", pkgA)}}}
		}, mit, agpl), verdict.Fail, "license:b=fail"},
	}
}
