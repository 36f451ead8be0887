package securitygate

import (
	"github.com/slipway-actions/slipway/internal/manifest"
	"github.com/slipway-actions/slipway/internal/osv"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/sarif"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// reporting is evidence with a report of one tool.
func reporting(change func(*evidence), results ...sarif.Result) evidence {
	return with(func(e *evidence) {
		e.reports = []reportFile{{path: "lint.sarif", runs: []sarif.Run{{Tool: "linter", Results: results}}}}
		if change != nil {
			change(e)
		}
	})
}

// at is a result in a file.
func at(rule, level, file string, change func(*sarif.Result)) sarif.Result {
	r := sarif.Result{Rule: rule, Level: level, Kind: "fail", File: file, Line: 7, Message: "says " + rule, Fingerprint: "sarif:linter:" + rule + ":1"}
	if change != nil {
		change(&r)
	}
	return r
}

func suppressed(kind, status string) func(*sarif.Result) {
	return func(r *sarif.Result) {
		r.Suppressions = []sarif.Suppression{{Kind: kind, Status: status, Justification: "a test"}}
	}
}

func aboutReports() []decided {
	const long = "2026-01-01T00:00:00Z"
	a := advice("GO-1", pkgA, "HIGH", "1.2.0", long, "CVE-2026-1")
	low := advice("GO-1", pkgA, "LOW", "1.2.0", long, "CVE-2026-1")
	accept := func(id string) func(*evidence) {
		return func(e *evidence) {
			e.accepted = []policy.Acceptance{{ID: id, Owner: "appsec", Reason: "r", Expires: policy.Date{Time: now.Truncate(day).Add(day)}}}
		}
	}
	return []decided{
		{"an error", reporting(nil, at("sql", "error", "a.go", nil)), verdict.Fail, "sarif:linter:sql:1=fail"},
		{"a warning", reporting(nil, at("sql", "warning", "a.go", nil)), verdict.Pass, "vulnerabilities=pass sarif:linter:sql:1=warn"},
		{"none of its results is one", reporting(nil, at("sql", "none", "a.go", nil)), verdict.Pass, "vulnerabilities=pass"},
		{"one that is none, before one that is", reporting(nil, at("x", "none", "a.go", nil), at("sql", "error", "a.go", nil)), verdict.Fail, "sarif:linter:sql:1=fail"},
		{"a report is evidence without manifests", reporting(func(e *evidence) { e.tree = manifest.Tree{} }), verdict.Pass, "vulnerabilities=pass"},
		{"of unknown severity", reporting(nil, at("sql", "", "a.go", func(r *sarif.Result) { r.Kind = "open" })), verdict.Fail, "sarif:linter:sql:1=fail"},
		{"twice, the second worse", reporting(nil, at("sql", "note", "a.go", nil), at("sql", "error", "b.go", nil)), verdict.Fail, "sarif:linter:sql:1=fail"},
		{"twice, the second better", reporting(nil, at("sql", "error", "a.go", nil), at("sql", "note", "b.go", nil)), verdict.Fail, "sarif:linter:sql:1=fail"},
		{"twice, the second unrated", reporting(nil, at("sql", "note", "a.go", nil), at("sql", "", "b.go", func(r *sarif.Result) { r.Kind = "open" })), verdict.Fail, "sarif:linter:sql:1=fail"},
		{"in no file", reporting(nil, at("sql", "error", "", nil)), verdict.Fail, "sarif:linter:sql:1=fail"},
		{"without a message", reporting(nil, at("sql", "error", "a.go", func(r *sarif.Result) { r.Message, r.Title = "", "Its title" })), verdict.Fail, "sarif:linter:sql:1=fail"},

		{"suppressed elsewhere", reporting(nil, at("sql", "error", "a.go", suppressed("external", "accepted"))), verdict.Pass, "vulnerabilities=pass sarif:linter:sql:1=skip"},
		{"suppressed elsewhere, without a word", reporting(nil, at("sql", "error", "a.go", func(r *sarif.Result) {
			r.Suppressions = []sarif.Suppression{{Kind: "external", Status: "accepted"}}
		})), verdict.Pass, "vulnerabilities=pass sarif:linter:sql:1=skip"},
		{"suppressed elsewhere, not agreed to yet", reporting(nil, at("sql", "error", "a.go", suppressed("external", "underReview"))), verdict.Fail, "sarif:linter:sql:1=fail"},
		{"suppressed in the sources", reporting(nil, at("sql", "error", "a.go", suppressed("inSource", "accepted"))), verdict.Fail, "sarif:linter:sql:1=fail"},
		{"suppressed in the sources, where that counts", reporting(func(e *evidence) { e.inSource = true }, at("sql", "error", "a.go", suppressed("inSource", "accepted"))), verdict.Pass, "vulnerabilities=pass sarif:linter:sql:1=skip"},
		{"suppressed elsewhere and in the sources", reporting(nil, at("sql", "error", "a.go", func(r *sarif.Result) {
			r.Suppressions = []sarif.Suppression{{Kind: "external", Status: "accepted"}, {Kind: "inSource", Status: "accepted"}}
		})), verdict.Fail, "sarif:linter:sql:1=fail"},
		{"one that is suppressed does not hide the next", reporting(nil, at("sql", "error", "a.go", suppressed("external", "accepted")), at("sql", "error", "b.go", nil)), verdict.Fail, "sarif:linter:sql:1=fail sarif:linter:sql:1=skip"},

		{"accepted by its fingerprint", reporting(accept("sarif:linter:sql:1"), at("sql", "error", "a.go", nil)), verdict.Pass, "vulnerabilities=pass sarif:linter:sql:1=skip"},
		{"accepted by an advisory among its tags", reporting(accept("CVE-2026-9"), at("sql", "error", "a.go", func(r *sarif.Result) { r.Tags = []string{"security", "cve-2026-9"} })), verdict.Pass, "vulnerabilities=pass sarif:linter:sql:1=skip"},
		{"accepted by a GHSA among its tags", reporting(accept("GHSA-aaaa"), at("sql", "error", "a.go", func(r *sarif.Result) { r.Tags = []string{"GHSA-aaaa"} })), verdict.Pass, "vulnerabilities=pass sarif:linter:sql:1=skip"},
		{"another tag is nothing to accept it by", reporting(accept("security"), at("sql", "error", "a.go", func(r *sarif.Result) { r.Tags = []string{"security"} })), verdict.Fail, "sarif:linter:sql:1=fail acceptance:security=warn"},

		{"of the base, as the tool says", reporting(func(e *evidence) { e.base = &baseline{ref: "main", tree: e.tree} }, at("sql", "error", "a.go", func(r *sarif.Result) { r.Baseline = "unchanged" })), verdict.Pass, "vulnerabilities=pass sarif:linter:sql:1=warn"},
		{"of the base and changed, as the tool says", reporting(func(e *evidence) { e.base = &baseline{ref: "main", tree: e.tree} }, at("sql", "error", "a.go", func(r *sarif.Result) { r.Baseline = "updated" })), verdict.Pass, "vulnerabilities=pass sarif:linter:sql:1=warn"},
		{"new, where the tool does not say", reporting(func(e *evidence) { e.base = &baseline{ref: "main", tree: e.tree} }, at("sql", "error", "a.go", nil)), verdict.Fail, "sarif:linter:sql:1=fail"},
		{"of the base, and once more", reporting(func(e *evidence) { e.base = &baseline{ref: "main", tree: e.tree} },
			at("sql", "error", "a.go", func(r *sarif.Result) { r.Baseline = "unchanged" }), at("sql", "error", "b.go", nil)), verdict.Fail, "sarif:linter:sql:1=fail"},
		{"new, and once more of the base", reporting(func(e *evidence) { e.base = &baseline{ref: "main", tree: e.tree} },
			at("sql", "error", "a.go", nil), at("sql", "error", "b.go", func(r *sarif.Result) { r.Baseline = "unchanged" })), verdict.Fail, "sarif:linter:sql:1=fail"},

		{"what the database knows too", joinedWith(nil, a, at("cve-2026-1", "warning", "go.mod", nil)), verdict.Fail, "GO-1=fail"},
		{"what the database knows too, and rates lower", joinedWith(nil, low, at("GO-1", "error", "go.mod", nil)), verdict.Fail, "GO-1=fail"},
		{"what the database knows of another file", joinedWith(nil, low, at("GO-1", "error", "web/go.mod", nil)), verdict.Fail, "sarif:linter:GO-1:1=fail GO-1=warn"},
	}
}

// joinedWith is evidence of an advisory and of a report.
func joinedWith(change func(*evidence), record *osv.Record, results ...sarif.Result) evidence {
	e := with(change, record)
	e.reports = []reportFile{{path: "lint.sarif", runs: []sarif.Run{{Tool: "linter", Results: results}}}}
	return e
}
