package securitygate

import (
	"github.com/slipway-actions/slipway/internal/exploited"
	"github.com/slipway-actions/slipway/internal/osv"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/sarif"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// manyScores are those of EPSS for two vulnerabilities.
func manyScores(first, second string) exploited.EPSS {
	e, err := exploited.ParseEPSS([]byte("#model_version:v1,score_date:2026-03-01T00:00:00+0000\ncve,epss,percentile\nCVE-2026-0001," + first + ",0.9\nCVE-2026-0002," + second + ",0.9\n"))
	if err != nil {
		panic(err)
	}
	return e
}

// aboutThreats is what is known of attacks, and of how far the project's own code reaches a weakness.
func aboutThreats() []decided {
	const long = "2026-01-01T00:00:00Z"
	low := advice("GO-1", pkgA, "LOW", "1.2.0", long, "CVE-2026-0001", "CVE-2026-0002")
	medium := advice("GO-1", pkgA, "MODERATE", "1.2.0", long, "CVE-2026-0001")
	high := advice("GO-1", pkgA, "HIGH", "1.2.0", long, "CVE-2026-0001")
	critical := advice("GO-1", pkgA, "CRITICAL", "1.2.0", long, "CVE-2026-0001")
	ofB := advice("X-1", pkgB, "HIGH", "2.0.0", long)
	epss := func(first, second string, from float64) func(*evidence) {
		return func(e *evidence) { e.epss, e.epssFrom = manyScores(first, second), from }
	}
	reaching := func(wanted, level string) func(*evidence) {
		return func(e *evidence) {
			e.reachability = policy.Reachability(wanted)
			e.reach = map[string]map[string]string{"go.mod": {"GO-1": level}}
			e.untold = map[string]map[string]string{"go.mod": {"GO-1": "it is built with cgo"}}
		}
	}
	fail := func(name string, e evidence) decided { return decided{name, e, verdict.Fail, "GO-1=fail"} }
	pass := func(name string, e evidence) decided {
		return decided{name, e, verdict.Pass, "vulnerabilities=pass GO-1=warn"}
	}
	return []decided{
		fail("likely, at the score", with(epss("0.5", "0.1", 0.5), low)),
		pass("likely, below the score", with(epss("0.49", "0.1", 0.5), low)),
		fail("likely by the second of its ids", with(epss("0.1", "0.5", 0.5), low)),
		fail("likely, and high already", with(epss("0.5", "0.1", 0.5), high)),
		fail("likely, and critical already", with(epss("0.5", "0.1", 0.5), critical)),
		fail("unlikely, and high", with(epss("0.1", "0.1", 0.5), high)),
		pass("not likely at all", with(epss("0", "0", 0.5), low)),
		fail("exploited by two of its ids", with(func(e *evidence) { e.kev = catalogue("CVE-2026-0002") }, low)),
		fail("exploited, and critical already", with(func(e *evidence) { e.kev = catalogue("CVE-2026-0001") }, critical)),
		{"exploited comes before what is critical", with(func(e *evidence) { e.kev = catalogue("CVE-2026-0001") }, medium, advice("A-1", pkgB, "CRITICAL", "2.0.0", long)), verdict.Fail, "GO-1=fail A-1=fail"},
		{"exploited, as another tool reports", with(func(e *evidence) {
			e.kev = catalogue("CVE-2026-0001")
			e.reports = []reportFile{{path: "lint.sarif", runs: []sarif.Run{{Tool: "linter", Results: []sarif.Result{at("CVE-2026-0001", "note", "a.go", nil)}}}}}
		}), verdict.Fail, "sarif:linter:CVE-2026-0001:1=fail"},

		pass("required, where what is imported counts", with(reaching("imported", "required"), high)),
		fail("imported, where what is imported counts", with(reaching("imported", "imported"), high)),
		fail("called, where what is imported counts", with(reaching("imported", "called"), high)),
		pass("required, where what is called counts", with(reaching("called", "required"), high)),
		fail("not told, where what is called counts", with(reaching("called", ""), high)),
		fail("not told, where what is imported counts", with(reaching("imported", ""), high)),
		fail("not told, where nothing of it counts", with(reaching("", ""), high)),
		fail("not told, where it is shown alone", with(reaching("show", ""), high)),
		fail("called in one module and not in another", with(func(e *evidence) {
			e.tree.Manifests = append(e.tree.Manifests, file("svc/go.mod", pkgA))
			e.reachability = "called"
			e.reach = map[string]map[string]string{"go.mod": {"GO-1": "required"}, "svc/go.mod": {"CVE-2026-0001": "called"}}
		}, high)),
		pass("imported in one module and required in another", with(func(e *evidence) {
			e.tree.Manifests = append(e.tree.Manifests, file("svc/go.mod", pkgA))
			e.reachability = "called"
			e.reach = map[string]map[string]string{"go.mod": {"GO-1": "imported"}, "svc/go.mod": {"GO-1": "required"}}
		}, high)),
		{"reach of another language says nothing", with(func(e *evidence) {
			e.reachability = "called"
			e.reach = map[string]map[string]string{"package-lock.json": {"X-1": "required"}}
		}, ofB), verdict.Fail, "X-1=fail"},
		pass("below critical", with(func(e *evidence) { e.failOn = osv.Critical }, high)),
	}
}
