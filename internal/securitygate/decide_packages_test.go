package securitygate

import (
	"strings"

	"github.com/slipway-actions/slipway/internal/manifest"
	"github.com/slipway-actions/slipway/internal/osv"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/secret"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// entriesAre is evidence of one package that several manifests name, each in its way.
func entriesAre(entries ...manifest.Entry) evidence {
	return with(func(e *evidence) {
		e.tree.Manifests = nil
		for i, entry := range entries {
			entry.Package, entry.Line = pkgA, i+1
			e.tree.Manifests = append(e.tree.Manifests, manifest.File{Path: string(rune('a'+i)) + "/go.mod", State: manifest.Scanned, Packages: []manifest.Entry{entry}})
		}
	}, advice("GO-1", pkgA, "HIGH", "1.2.0", "2026-01-01T00:00:00Z"))
}

// aboutPackages is what manifests say of a package, and what advisories say of a weakness.
func aboutPackages() []decided {
	const long = "2026-01-01T00:00:00Z"
	direct := manifest.Entry{Relation: manifest.Direct}
	through := func(names ...string) manifest.Entry {
		return manifest.Entry{Relation: manifest.Transitive, Through: names}
	}
	summed := func(id, text string, r *osv.Record) *osv.Record { r.ID, r.Summary = id, text; return r }
	one := advice("GO-1", pkgA, "HIGH", "1.2.0", long, "CVE-1")
	today := now.Truncate(day)
	accept := func(id string, change func(*policy.Acceptance)) func(*evidence) {
		return func(e *evidence) {
			a := policy.Acceptance{ID: id, Owner: "appsec", Reason: "r", Expires: policy.Date{Time: today.Add(30 * day)}}
			if change != nil {
				change(&a)
			}
			e.accepted, e.maxAcceptance = append(e.accepted, a), 90*day
		}
	}
	leaks := func(all ...secret.Leak) func(*evidence) { return func(e *evidence) { e.secrets.leaks = all } }
	leak := func(file, commit string) secret.Leak {
		return secret.Leak{Rule: "r", File: file, Line: 1, Commit: commit, Fingerprint: "secret:r:1"}
	}
	failing := func(name string, e evidence) decided { return decided{name, e, verdict.Fail, "GO-1=fail"} }
	return []decided{
		failing("direct", entriesAre(direct)),
		failing("through one", entriesAre(through("x"))),
		failing("through two", entriesAre(through("x", "y"))),
		failing("the shorter way, second", entriesAre(through("x", "y"), through("z"))),
		failing("the shorter way, first", entriesAre(through("z"), through("x", "y"))),
		failing("two ways of one length", entriesAre(through("x"), through("y"))),
		failing("a way behind none", entriesAre(through(), through("x"))),
		failing("no way behind one", entriesAre(through("x"), through())),
		failing("direct behind a way", entriesAre(through("x"), direct)),
		failing("a way behind direct", entriesAre(direct, through("x"))),
		failing("unknown behind a way", entriesAre(through("x"), manifest.Entry{})),
		failing("a way behind unknown", entriesAre(manifest.Entry{}, through("x"))),
		failing("a layer of an image", entriesAre(manifest.Entry{Layer: &manifest.Layer{Index: 2}}, manifest.Entry{Layer: &manifest.Layer{Index: 3}})),
		failing("a layer that the second names", entriesAre(direct, manifest.Entry{Layer: &manifest.Layer{Index: 3}})),
		failing("a summary", with(nil, summed("GO-1", "It hurts", advice("GO-1", pkgA, "HIGH", "1.2.0", long)))),
		failing("a long summary", with(nil, summed("GO-1", strings.Repeat("x", 200)+"y", advice("GO-1", pkgA, "HIGH", "1.2.0", long)))),
		{"summaries of two records of one weakness", with(nil, summed("GHSA-1", "The first", advice("GHSA-1", pkgA, "HIGH", "1.2.0", long, "CVE-1")), summed("GO-1", "The second", advice("GO-1", pkgA, "HIGH", "1.2.0", long, "CVE-1"))), verdict.Fail, "GHSA-1=fail"},
		{"a rating that the database has under an alias", with(func(e *evidence) {
			e.answer.Aliases = map[string]*osv.Record{"CVE-1": advice("CVE-1", pkgA, "LOW", "1.2.0", long)}
		}, advice("GO-1", pkgA, "", "1.2.0", long, "cve-1")), verdict.Pass, "vulnerabilities=pass GO-1=warn"},
		{"a rating of another weakness of the package", with(nil, advice("GO-1", pkgA, "", "1.2.0", long, "CVE-1"), advice("GO-5", pkgA, "LOW", "0.1.0", long, "CVE-5")), verdict.Fail, "GO-1=fail"},

		{"accepted twice, the first is over", with(func(e *evidence) {
			accept("GO-1", func(a *policy.Acceptance) { a.Expires.Time = today.Add(-day) })(e)
			accept("CVE-1", nil)(e)
		}, one), verdict.Pass, "vulnerabilities=pass GO-1=skip"},
		{"accepted twice, the first counts", with(func(e *evidence) {
			accept("GO-1", func(a *policy.Acceptance) { a.Owner = "first" })(e)
			accept("CVE-1", func(a *policy.Acceptance) { a.Owner = "second" })(e)
		}, one), verdict.Pass, "vulnerabilities=pass GO-1=skip acceptance:CVE-1=warn"},
		{"accepted for exactly as long as may be", with(func(e *evidence) {
			accept("GO-1", func(a *policy.Acceptance) { a.Since.Time, a.Expires.Time = today.Add(-60*day), today.Add(30*day) })(e)
		}, one), verdict.Pass, "vulnerabilities=pass GO-1=skip"},
		failing("accepted for a day longer", with(accept("GO-1", func(a *policy.Acceptance) { a.Since.Time, a.Expires.Time = today.Add(-61*day), today.Add(30*day) }), one)),
		failing("accepted for versions that are none", with(accept("GO-1", func(a *policy.Acceptance) { a.Versions = "<<" }), one)),
		{"accepted for some time", with(accept("GO-1", func(a *policy.Acceptance) { a.Since.Time = today.Add(-10 * day) }), one), verdict.Pass, "vulnerabilities=pass GO-1=skip"},
		{"an acceptance of part of a rule", with(func(e *evidence) {
			accept("secret:r:1", func(a *policy.Acceptance) { a.Path = "other" })(e)
			leaks(leak("a", ""))(e)
		}), verdict.Fail, "secret:r:1=fail acceptance:secret:r:1=warn"},
		{"an acceptance of all secrets", with(func(e *evidence) {
			accept("secret", func(a *policy.Acceptance) { a.Path = "testdata" })(e)
			leaks(leak("testdata/a", ""))(e)
		}), verdict.Fail, "secret:r:1=fail acceptance:secret=warn"},
		{"an acceptance of another rule", with(func(e *evidence) {
			accept("secret:q", func(a *policy.Acceptance) { a.Path = "testdata" })(e)
			leaks(leak("testdata/a", ""))(e)
		}), verdict.Fail, "secret:r:1=fail acceptance:secret:q=warn"},
		{"an acceptance of part of an id, with a path", with(accept("GO", func(a *policy.Acceptance) { a.Path = "*.mod" }), one), verdict.Fail, "GO-1=fail acceptance:GO=warn"},
		{"a secret in a file and in a commit", with(leaks(leak("a", ""), leak("a", "0123456789abcdef"))), verdict.Fail, "secret:r:1=fail"},
		{"a secret in two commits of a file", with(leaks(leak("a", "0123456789abcdef"), leak("a", "1123456789abcdef"))), verdict.Fail, "secret:r:1=fail"},
		{"a secret in commits of two files", with(leaks(leak("a", "0123456789abcdef"), leak("b", "012"))), verdict.Fail, "secret:r:1=fail"},
	}
}
