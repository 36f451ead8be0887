package securitygate

import (
	"strings"

	"github.com/slipway-actions/slipway/internal/advisory"
	"github.com/slipway-actions/slipway/internal/manifest"
	"github.com/slipway-actions/slipway/internal/osv"
	"github.com/slipway-actions/slipway/internal/secret"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// aboutBases is what the base, or an earlier run, tells of what is new and what is gone.
func aboutBases() []decided {
	const long, older = "2026-01-01T00:00:00Z", "2025-01-01T00:00:00Z"
	high := advice("GO-1", pkgA, "HIGH", "1.2.0", long, "CVE-1")
	early := osv.Package{Ecosystem: "Go", Name: "example.com/a", Version: "0.1.0"}
	base := func(files ...manifest.File) *baseline {
		return &baseline{ref: "main", tree: manifest.Tree{Manifests: files}}
	}
	// known makes the database know some records of a package.
	known := func(e *evidence, p osv.Package, records ...*osv.Record) {
		for _, r := range records {
			e.answer.Candidates[p] = append(e.answer.Candidates[p], advisory.Candidate{Record: r})
		}
	}
	mended := func(changes ...func(*evidence)) evidence {
		return with(func(e *evidence) {
			e.base = base(file("go.mod", early))
			known(e, early, advice("GO-7", pkgA, "LOW", "0.5.0", long), advice("GO-8", pkgA, "HIGH", "0.5.0", older), advice("GO-9", pkgA, "HIGH", "0.5.0", ""))
			for _, change := range changes {
				change(e)
			}
		})
	}
	return []decided{
		{"gone since the base", mended(), verdict.Pass, "vulnerabilities=pass"},
		{"gone, where the scan is not whole", mended(func(e *evidence) { e.missing = []missing{missingf("x", "x", "n", "broken")} }), verdict.Unknown, "x=unknown"},
		{"gone since an earlier run", with(func(e *evidence) {
			e.state = state{Open: []stateRisk{
				{Kind: "vulnerability", ID: "GO-5", Ecosystem: "Go", Package: "example.com/a", Version: "0.1.0", Severity: osv.Low, Published: "2026-05-01"},
				{Kind: "vulnerability", ID: "GO-6", Ecosystem: "Go", Package: "example.com/a", Version: "0.1.0", Severity: osv.High},
				{Kind: "vulnerability", ID: "CVE-1", Ecosystem: "Go", Package: "example.com/a", Version: "0.1.0", Severity: osv.High},
				{Kind: "vulnerability", ID: "GO-1", Ecosystem: "npm", Package: "b", Version: "0.1.0", Severity: osv.High},
			}}
		}, high), verdict.Fail, "GO-1=fail"},
		{"gone since the base and an earlier run, told once", mended(func(e *evidence) {
			e.state = state{Open: []stateRisk{{Kind: "vulnerability", ID: "GO-8", Ecosystem: "Go", Package: "example.com/a", Version: "0.1.0", Severity: osv.High}}}
		}), verdict.Pass, "vulnerabilities=pass"},
		{"the same weakness by an alias", with(func(e *evidence) {
			e.base = base(file("go.mod", early))
			known(e, early, advice("GHSA-1", pkgA, "HIGH", "1.2.0", long, "CVE-1"))
		}, high), verdict.Pass, "vulnerabilities=pass GO-1=warn"},
		{"another weakness of the same package", with(func(e *evidence) {
			e.base = base(file("go.mod", early))
			known(e, early, advice("GO-2", pkgA, "HIGH", "1.2.0", long, "CVE-2"))
		}, high), verdict.Fail, "GO-1=fail"},
		{"two weaknesses, of which the base has one", with(func(e *evidence) {
			e.base = base(file("old/go.mod", early))
			known(e, early, high)
		}, high, advice("GO-4", pkgA, "HIGH", "1.2.0", long, "CVE-4")), verdict.Fail, "GO-4=fail GO-1=warn"},
		{"moved twice where the base has one", with(func(e *evidence) {
			e.base = base(file("old/go.mod", pkgA))
			e.tree.Manifests[0] = file("x/go.mod", pkgA)
			e.tree.Manifests = append(e.tree.Manifests, file("y/go.mod", pkgA))
		}, high), verdict.Fail, "GO-1=fail"},
		{"the base has a version that cannot be judged", with(func(e *evidence) {
			e.base = base(file("go.mod"), file("req.txt", osv.Package{Ecosystem: "PyPI", Name: "c"}))
		}, advice("PYSEC-1", loose, "LOW", "1", long)), verdict.Unknown, "unjudged:c=unknown base:unjudged:c=unknown"},
		{"the base has a version of the package that cannot be judged", with(func(e *evidence) {
			odd := osv.Package{Ecosystem: "Go", Name: "example.com/a"}
			e.base = base(file("go.mod", odd))
			known(e, odd, high)
		}, high), verdict.Unknown, "GO-1=warn base:unjudged:example.com/a=unknown"},
		{"the base has a version of another package that cannot be judged", with(func(e *evidence) {
			odd := osv.Package{Ecosystem: "Go", Name: "example.com/odd"}
			e.base = base(file("go.mod", odd))
			known(e, odd, advice("GO-3", odd, "HIGH", "1.2.0", long))
		}, high), verdict.Fail, "GO-1=fail base:unjudged:example.com/odd=unknown"},
		{"a base that is broken, and why at length", with(func(e *evidence) {
			e.base = base(manifest.File{Path: "go.mod", State: manifest.Broken, Reason: strings.Repeat("x", 500) + "y"})
		}), verdict.Unknown, "base:manifest:go.mod=unknown"},
		{"a broken base, and a secret that it does not have", with(func(e *evidence) {
			e.base = base(manifest.File{Path: "go.mod", State: manifest.Broken})
			e.secrets.leaks = []secret.Leak{{Rule: "r", File: "go.mod", Line: 1, Fingerprint: "secret:r:1"}}
		}), verdict.Fail, "secret:r:1=fail base:manifest:go.mod=unknown"},
		{"a broken base, and something low beside it", with(func(e *evidence) {
			e.base = base(manifest.File{Path: "go.mod", State: manifest.Missing})
		}, advice("GO-1", pkgA, "LOW", "1.2.0", long)), verdict.Pass, "vulnerabilities=pass GO-1=warn"},
	}
}
