package securitygate

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/slipway-actions/slipway/internal/advisory"
	"github.com/slipway-actions/slipway/internal/exploited"
	"github.com/slipway-actions/slipway/internal/manifest"
	"github.com/slipway-actions/slipway/internal/osv"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/secret"
	"github.com/slipway-actions/slipway/internal/verdict"
)

var (
	pkgA  = osv.Package{Ecosystem: "Go", Name: "example.com/a", Version: "1.0.0"}
	pkgB  = osv.Package{Ecosystem: "npm", Name: "b", Version: "1.0.0"}
	loose = osv.Package{Ecosystem: "PyPI", Name: "c"}
)

// advice is a record about a package; severity is a database's word, fixed may be "".
func advice(id string, p osv.Package, severity, fixed, published string, aliases ...string) *osv.Record {
	events := `{"introduced":"0"}`
	if fixed != "" {
		events += `,{"fixed":"` + fixed + `"}`
	}
	text := fmt.Sprintf(`{"id":%q,"aliases":["%s"],"published":%q,"database_specific":{"severity":%q},"affected":[{"package":{"ecosystem":%q,"name":%q},"ranges":[{"type":"ECOSYSTEM","events":[%s]}]}]}`,
		id, strings.Join(aliases, `","`), published, severity, p.Ecosystem, p.Name, events)
	r, err := osv.Parse([]byte(text))
	if err != nil {
		panic(err)
	}
	return r
}

func file(path string, packages ...osv.Package) manifest.File {
	m := manifest.File{Path: path, State: manifest.Scanned}
	for i, p := range packages {
		m.Packages = append(m.Packages, manifest.Entry{Package: p, Line: i + 1})
	}
	return m
}

// with is evidence of a go.mod and a package-lock.json, and the given records.
func with(change func(*evidence), records ...*osv.Record) evidence {
	e := evidence{rules: rules{failOn: osv.High, failUnrated: true}, path: ".", now: now}
	e.tree.Manifests = []manifest.File{file("go.mod", pkgA), file("package-lock.json", pkgB), file("requirements.txt", loose)}
	e.answer = advisory.Answer{Source: "test", Candidates: map[osv.Package][]advisory.Candidate{}}
	for _, r := range records {
		for _, p := range []osv.Package{pkgA, pkgB, loose} {
			if r.Concerns(p) {
				e.answer.Candidates[p] = append(e.answer.Candidates[p], advisory.Candidate{Record: r})
			}
		}
	}
	if change != nil {
		change(&e)
	}
	return e
}

// catalogue is one of known exploited vulnerabilities.
func catalogue(id string) exploited.KEV {
	k, err := exploited.ParseKEV([]byte(`{"catalogVersion":"1","dateReleased":"2026-03-01T00:00:00Z","count":1,"vulnerabilities":[{"cveID":"` + id + `","dateAdded":"2026-03-01"}]}`))
	if err != nil {
		panic(err)
	}
	return k
}

// scores are those of EPSS for one vulnerability.
func scores(id, score string) exploited.EPSS {
	e, err := exploited.ParseEPSS([]byte("#model_version:v1,score_date:2026-03-01T00:00:00+0000\ncve,epss,percentile\n" + id + "," + score + ",0.9\n"))
	if err != nil {
		panic(err)
	}
	return e
}

// decided is evidence and what is made of it.
type decided struct {
	name     string
	e        evidence
	verdict  verdict.Verdict
	findings string // id=outcome, in order
}

func decisions() []decided {
	const recent, long = "2026-08-01T00:00:00Z", "2026-01-01T00:00:00Z"
	accepted := func(id, pkg string, expires time.Time) func(*evidence) {
		return func(e *evidence) {
			e.accepted = []policy.Acceptance{{ID: id, Package: pkg, Owner: "appsec", Reason: "r", Expires: policy.Date{Time: expires}}}
			e.maxAcceptance = 90 * day
		}
	}
	today := now.Truncate(day)
	high, unrated, unfixed := advice("GO-1", pkgA, "HIGH", "1.2.0", long, "CVE-1"), advice("GO-2", pkgA, "", "1.2.0", long), advice("GO-3", pkgA, "HIGH", "", recent)
	unfixedLong, unfixedUndated := advice("GO-3", pkgA, "HIGH", "", long), advice("GO-3", pkgA, "HIGH", "", "0001-01-01T00:00:00Z")
	return []decided{
		{"nothing known", with(nil), verdict.Pass, "vulnerabilities=pass"},
		{"of another version", with(nil, advice("GO-1", pkgA, "HIGH", "0.9.0", long)), verdict.Pass, "vulnerabilities=pass"},
		{"high", with(nil, high), verdict.Fail, "GO-1=fail"},
		{"below", with(nil, advice("GO-1", pkgA, "MODERATE", "1.2.0", long)), verdict.Pass, "vulnerabilities=pass GO-1=warn"},
		{"at the threshold", with(func(e *evidence) { e.failOn = osv.Medium }, advice("GO-1", pkgA, "MODERATE", "1.2.0", long)), verdict.Fail, "GO-1=fail"},
		{"unrated fails", with(nil, unrated), verdict.Fail, "GO-2=fail"},
		{"unrated warns", with(func(e *evidence) { e.failUnrated = false }, unrated), verdict.Pass, "vulnerabilities=pass GO-2=warn"},
		{"unfixable", with(nil, unfixed), verdict.Fail, "GO-3=fail"},
		{"unfixable, fixable-only", with(func(e *evidence) { e.fixableOnly = true }, unfixed, high), verdict.Fail, "GO-1=fail GO-3=warn"},
		{"unfixable, within grace", with(func(e *evidence) { e.grace = 30 * day }, unfixed), verdict.Pass, "vulnerabilities=pass GO-3=warn"},
		{"unfixable, past grace", with(func(e *evidence) { e.grace = 30 * day }, unfixedLong), verdict.Fail, "GO-3=fail"},
		{"unfixable, of unknown date", with(func(e *evidence) { e.grace = 30 * day }, unfixedUndated), verdict.Fail, "GO-3=fail"},
		{"fixable, within grace all the same", with(func(e *evidence) { e.grace = 3000 * day }, high), verdict.Fail, "GO-1=fail"},
		{"the most severe first", with(func(e *evidence) { e.failOn = osv.Low }, high, advice("X-1", pkgB, "CRITICAL", "2.0.0", long), advice("X-2", pkgB, "LOW", "2.0.0", long)), verdict.Fail, "X-1=fail GO-1=fail X-2=fail"},
		{"the severity of an alias", with(nil, unrated, advice("GHSA-9", pkgA, "LOW", "1.2.0", long, "GO-2")), verdict.Pass, "vulnerabilities=pass GHSA-9=warn"},
		{"the severity of an alias that affects another version", with(nil, advice("GO-9", pkgA, "", "1.2.0", long, "GHSA-9"), advice("GHSA-9", pkgA, "LOW", "0.1.0", long)), verdict.Pass, "vulnerabilities=pass GO-9=warn"},

		{"accepted", with(accepted("cve-1", "", today.Add(10*day)), high), verdict.Pass, "vulnerabilities=pass GO-1=skip"},
		{"accepted for the last day", with(accepted("GO-1", "example.com/a", today), high), verdict.Pass, "vulnerabilities=pass GO-1=skip"},
		{"accepted until yesterday", with(accepted("GO-1", "", today.Add(-day)), high), verdict.Fail, "GO-1=fail"},
		{"accepted for too long", with(accepted("GO-1", "", today.Add(91*day)), high), verdict.Fail, "GO-1=fail"},
		{"accepted for another package", with(accepted("GO-1", "b", today.Add(day)), high), verdict.Fail, "GO-1=fail acceptance:GO-1 b=warn"},
		{"accepted, but not there", with(accepted("GO-7", "", today.Add(day))), verdict.Pass, "vulnerabilities=pass acceptance:GO-7=warn"},

		{"no version to judge", with(nil, advice("PYSEC-1", loose, "LOW", "1", long)), verdict.Unknown, "unjudged:c=unknown"},
		{"the database failed", with(func(e *evidence) {
			e.answer.Problems = []advisory.Problem{{Ecosystem: "npm", Text: "gone"}}
		}), verdict.Unknown, "database:npm=unknown"},
		{"the database failed, and something fails", with(func(e *evidence) { e.answer.Problems = []advisory.Problem{{Text: "gone"}} }, high), verdict.Fail, "GO-1=fail database=unknown"},
		{"an acceptance may be for what nobody saw", with(func(e *evidence) {
			accepted("GO-7", "", today)(e)
			e.answer.Problems = []advisory.Problem{{Text: "gone"}}
		}), verdict.Unknown, "database=unknown"},
		{"no manifests", with(func(e *evidence) { e.tree = manifest.Tree{} }), verdict.Unknown, "inventory=unknown"},
		{"a broken manifest", with(func(e *evidence) { e.tree.Manifests[0].State = manifest.Broken }), verdict.Unknown, "manifest:go.mod=unknown"},
		{"one not scanned", with(func(e *evidence) { e.tree.Manifests[1].State = manifest.Missing }), verdict.Pass, "vulnerabilities=pass manifest:package-lock.json=warn"},
		{"one not scanned, coverage wanted", with(func(e *evidence) { e.tree.Manifests[1].State = manifest.Missing; e.minCoverage = 67 }), verdict.Unknown, "coverage=unknown manifest:package-lock.json=warn"},
		{"coverage is rounded down", with(func(e *evidence) { e.tree.Manifests[1].State = manifest.Missing; e.minCoverage = 66 }), verdict.Pass, "vulnerabilities=pass manifest:package-lock.json=warn"},
		{"none scanned", with(func(e *evidence) {
			e.tree.Manifests = []manifest.File{{Path: "package.json", State: manifest.Missing}}
		}), verdict.Unknown, "coverage=unknown manifest:package.json=warn"},
		{"a manifest that tells not all", with(func(e *evidence) { e.tree.Manifests[0].Reason = "direct only" }), verdict.Pass, "vulnerabilities=pass manifest:go.mod=warn"},
		{"old data", with(func(e *evidence) {
			e.answer.Sets = []advisory.Set{{Ecosystem: "Go", Newest: now.Add(-31 * day)}, {Ecosystem: "npm", Newest: now.Add(-29 * day)}, {Ecosystem: "PyPI"}}
		}), verdict.Pass, "vulnerabilities=pass age:Go=warn"},
		{"data past its age", with(func(e *evidence) {
			e.maxDataAge = 365 * day
			e.answer.Sets = []advisory.Set{{Ecosystem: "Go", Records: 1, Newest: now.Add(-366 * day)}, {Ecosystem: "npm", Records: 1, Newest: now.Add(-364 * day)}, {Ecosystem: "PyPI", Records: 1}}
		}), verdict.Unknown, "age:Go=unknown age:npm=warn"},
		{"data past its age, and something fails", with(func(e *evidence) {
			e.maxDataAge = 365 * day
			e.answer.Sets = []advisory.Set{{Ecosystem: "Go", Records: 1, Newest: now.Add(-366 * day)}}
		}, high), verdict.Fail, "GO-1=fail age:Go=unknown"},
		{"data that a mirror made lately", with(func(e *evidence) {
			e.maxDataAge = 365 * day
			e.answer.Sets = []advisory.Set{{Ecosystem: "Go", Records: 1, Newest: now.Add(-366 * day), AsOf: now}}
		}), verdict.Pass, "vulnerabilities=pass"},
		{"of a server that was asked just now", with(func(e *evidence) {
			e.maxDataAge = 365 * day
			e.answer.Sets = []advisory.Set{{Ecosystem: "Go", Records: 1, Newest: now.Add(-3660 * day), Named: true}}
		}), verdict.Pass, "vulnerabilities=pass"},
		{"no age, where the policy limits it", with(func(e *evidence) {
			e.maxDataAge, e.ageLimited = 7*day, true
			e.answer.Sets = []advisory.Set{{Ecosystem: "Go", Records: 1}}
		}), verdict.Unknown, "age:Go=unknown"},
		{"accepted for its versions", with(func(e *evidence) {
			accepted("GO-1", "example.com/a", today)(e)
			e.accepted[0].Versions = "<1.1.0"
		}, high), verdict.Pass, "vulnerabilities=pass GO-1=skip"},
		{"accepted for other versions", with(func(e *evidence) {
			accepted("GO-1", "example.com/a", today)(e)
			e.accepted[0].Versions = ">=1.1.0"
		}, high), verdict.Fail, "GO-1=fail"},
		{"accepted for its file", with(func(e *evidence) {
			accepted("GO-1", "", today)(e)
			e.accepted[0].Path = "*.mod"
		}, high), verdict.Pass, "vulnerabilities=pass GO-1=skip"},
		{"accepted for another file", with(func(e *evidence) {
			accepted("GO-1", "", today)(e)
			e.accepted[0].Path = "web"
		}, high), verdict.Fail, "GO-1=fail acceptance:GO-1=warn"},
		{"accepted for longer than may be, though little of it is left", with(func(e *evidence) {
			accepted("GO-1", "", today.Add(10*day))(e)
			e.accepted[0].Since = policy.Date{Time: today.Add(-81 * day)}
		}, high), verdict.Fail, "GO-1=fail"},
		{"not new", with(func(e *evidence) { e.base = &baseline{ref: "main", tree: e.tree} }, high), verdict.Pass, "vulnerabilities=pass GO-1=warn"},
		{"new", with(func(e *evidence) { e.base = &baseline{ref: "main"} }, high), verdict.Fail, "GO-1=fail"},
		{"not new, for it moved", with(func(e *evidence) {
			e.base = &baseline{ref: "main", tree: manifest.Tree{Manifests: []manifest.File{file("old/go.mod", pkgA)}}}
		}, high), verdict.Pass, "vulnerabilities=pass GO-1=warn"},
		{"not new, for it moved with two versions of the package", with(func(e *evidence) {
			later := pkgA
			later.Version = "1.1.0"
			e.answer.Candidates[later] = e.answer.Candidates[pkgA]
			e.tree.Manifests[0] = file("svc/go.mod", pkgA, later)
			e.base = &baseline{ref: "main", tree: manifest.Tree{Manifests: []manifest.File{file("old/go.mod", pkgA, later)}}}
		}, high), verdict.Pass, "vulnerabilities=pass GO-1=warn GO-1=warn"},
		{"new beside one that stays", with(func(e *evidence) {
			e.base = &baseline{ref: "main", tree: manifest.Tree{Manifests: []manifest.File{file("go.mod", pkgA)}}}
			e.tree.Manifests = append(e.tree.Manifests, file("svc/go.mod", pkgA))
		}, high), verdict.Fail, "GO-1=fail"},
		{"new where another file was mended", with(func(e *evidence) {
			e.base = &baseline{ref: "main", tree: manifest.Tree{Manifests: []manifest.File{file("svc/go.mod", pkgA)}}}
			e.tree.Manifests = append(e.tree.Manifests, file("svc/go.mod"))
		}, high), verdict.Fail, "GO-1=fail"},
		{"not new at another version", with(func(e *evidence) {
			e.base = &baseline{ref: "main", tree: manifest.Tree{Manifests: []manifest.File{file("go.mod", osv.Package{Ecosystem: "Go", Name: "example.com/a", Version: "0.9.0"})}}}
			e.answer.Candidates[e.base.tree.Manifests[0].Packages[0].Package] = e.answer.Candidates[pkgA]
		}, high), verdict.Pass, "vulnerabilities=pass GO-1=warn"},
		{"a base that is broken", with(func(e *evidence) {
			e.base = &baseline{ref: "main", tree: manifest.Tree{Manifests: []manifest.File{{Path: "go.mod", State: manifest.Broken}}}}
		}), verdict.Unknown, "base:manifest:go.mod=unknown"},
		{"a base that is broken, and something may be new", with(func(e *evidence) {
			e.base = &baseline{ref: "main", tree: manifest.Tree{Manifests: []manifest.File{{Path: "svc/go.mod", State: manifest.Broken}}}}
		}, high), verdict.Unknown, "GO-1=warn base:manifest:svc/go.mod=unknown"},
		{"a base that is broken elsewhere, and something is new", with(func(e *evidence) {
			e.base = &baseline{ref: "main", tree: manifest.Tree{Manifests: []manifest.File{{Path: "web/yarn.lock", State: manifest.Broken}}}}
		}, high), verdict.Fail, "GO-1=fail base:manifest:web/yarn.lock=unknown"},
		{"a base that is not there, and something may be new", with(func(e *evidence) {
			e.base = &baseline{ref: "main", missing: []missing{missingf("base", "b", "n", "gone")}}
		}, high), verdict.Unknown, "GO-1=warn base=unknown"},
		{"a base that is not there", with(func(e *evidence) {
			e.base = &baseline{ref: "main", missing: []missing{missingf("base", "b", "n", "gone")}}
		}), verdict.Unknown, "base=unknown"},
		{"a secret", with(func(e *evidence) {
			e.secrets.leaks = []secret.Leak{{Rule: "r", File: "a", Line: 1, Fingerprint: "secret:r:1"}, {Rule: "r", File: "b", Line: 1, Fingerprint: "secret:r:1"}, {Rule: "r", File: "a", Line: 2, Fingerprint: "secret:r:2"}}
		}), verdict.Fail, "secret:r:1=fail secret:r:2=fail"},
		{"a secret of the base", with(func(e *evidence) {
			e.base = &baseline{ref: "main", secrets: map[string]map[string]bool{"secret:r:1": {"a": true}}}
			e.secrets.leaks = []secret.Leak{{Rule: "r", File: "a", Line: 1, Fingerprint: "secret:r:1"}}
		}), verdict.Pass, "vulnerabilities=pass secret:r:1=warn"},
		{"secrets of a rule, accepted in a folder", with(func(e *evidence) {
			accepted("secret:r", "", today)(e)
			e.accepted[0].Path = "testdata"
			e.secrets.leaks = []secret.Leak{{Rule: "r", File: "testdata/a", Line: 1, Fingerprint: "secret:r:1"}}
		}), verdict.Pass, "vulnerabilities=pass secret:r:1=skip"},
		{"and nowhere else", with(func(e *evidence) {
			accepted("secret:r", "", today)(e)
			e.accepted[0].Path = "testdata"
			e.secrets.leaks = []secret.Leak{{Rule: "r", File: "testdata/a", Line: 1, Fingerprint: "secret:r:1"}, {Rule: "r", File: "a", Line: 1, Fingerprint: "secret:r:1"}}
		}), verdict.Fail, "secret:r:1=fail acceptance:secret:r=warn"},
		{"secrets of a rule, accepted everywhere", with(func(e *evidence) {
			accepted("secret:r", "", today)(e)
			e.secrets.leaks = []secret.Leak{{Rule: "r", File: "a", Line: 1, Fingerprint: "secret:r:1"}}
		}), verdict.Fail, "secret:r:1=fail acceptance:secret:r=warn"},
		{"files without secrets are no evidence alone", with(func(e *evidence) { e.tree, e.sought, e.secrets.files = manifest.Tree{}, true, 9 }), verdict.Unknown, "inventory=unknown"},
		{"not called, where only what is called counts", with(func(e *evidence) {
			e.reachability = "called"
			e.reach = map[string]map[string]string{"go.mod": {"GO-1": "imported"}}
		}, high), verdict.Pass, "vulnerabilities=pass GO-1=warn"},
		{"called", with(func(e *evidence) {
			e.reachability = "called"
			e.reach = map[string]map[string]string{"go.mod": {"GO-1": "called"}}
		}, high), verdict.Fail, "GO-1=fail"},
		{"nobody can tell whether it is called", with(func(e *evidence) {
			e.reachability = "called"
			e.reach = map[string]map[string]string{"go.mod": {}}
		}, high), verdict.Fail, "GO-1=fail"},
		{"not called in one module, unknown in another", with(func(e *evidence) {
			e.reachability = "called"
			e.reach = map[string]map[string]string{"go.mod": {"GO-1": "required"}}
			e.tree.Manifests = append(e.tree.Manifests, file("svc/go.mod", pkgA))
		}, high), verdict.Fail, "GO-1=fail"},
		{"not called, and shown alone", with(func(e *evidence) {
			e.reachability = "show"
			e.reach = map[string]map[string]string{"go.mod": {"GO-1": "required"}}
		}, high), verdict.Fail, "GO-1=fail"},
		{"a report that could not be read", with(func(e *evidence) { e.missing = []missing{missingf("sarif:x", "x", "n", "broken")} }), verdict.Unknown, "sarif:x=unknown"},
		{"a report, and something fails", with(func(e *evidence) { e.missing = []missing{missingf("sarif:x", "x", "n", "broken")} }, high), verdict.Fail, "GO-1=fail sarif:x=unknown"},
		{"a secret in a tree without manifests", with(func(e *evidence) {
			e.tree = manifest.Tree{}
			e.secrets.leaks = []secret.Leak{{Rule: "r", File: "a", Line: 1, Fingerprint: "secret:r:1"}}
		}), verdict.Fail, "secret:r:1=fail inventory=unknown"},
		{"accepted in one folder, and in a commit of another", with(func(e *evidence) {
			accepted("secret:r", "", today)(e)
			e.accepted[0].Path = "testdata"
			e.secrets.leaks = []secret.Leak{{Rule: "r", File: "testdata/a", Line: 1, Fingerprint: "secret:r:1"}, {Rule: "r", File: "prod/key", Line: 1, Commit: "abc", Fingerprint: "secret:r:1"}}
		}), verdict.Fail, "secret:r:1=fail acceptance:secret:r=warn"},
		{"a secret of the base, copied", with(func(e *evidence) {
			e.base = &baseline{ref: "main", secrets: map[string]map[string]bool{"secret:r:1": {"testdata/a": true}}}
			e.secrets.leaks = []secret.Leak{{Rule: "r", File: "testdata/a", Line: 1, Fingerprint: "secret:r:1"}, {Rule: "r", File: "prod/key", Line: 1, Fingerprint: "secret:r:1"}}
		}), verdict.Fail, "secret:r:1=fail"},
		{"a secret of the base, moved", with(func(e *evidence) {
			e.base = &baseline{ref: "main", secrets: map[string]map[string]bool{"secret:r:1": {"old": true}}}
			e.secrets.leaks = []secret.Leak{{Rule: "r", File: "new", Line: 1, Fingerprint: "secret:r:1"}}
		}), verdict.Pass, "vulnerabilities=pass secret:r:1=warn"},
		{"not scanned in the base, beside what is there now", with(func(e *evidence) {
			e.base = &baseline{ref: "main", tree: manifest.Tree{Manifests: []manifest.File{{Path: "go.mod", State: manifest.Missing}}}}
		}, high), verdict.Unknown, "GO-1=warn base:manifest:go.mod=unknown"},
		{"not scanned in the base, and nothing is bad", with(func(e *evidence) {
			e.base = &baseline{ref: "main", tree: manifest.Tree{Manifests: []manifest.File{{Path: "go.mod", State: manifest.Missing}}}}
		}), verdict.Pass, "vulnerabilities=pass"},
		{"unrated, and raised by what only raises", with(func(e *evidence) { e.failOn, e.epss, e.epssFrom = osv.Critical, scores("CVE-2026-0001", "0.9"), 0.1 },
			advice("GO-9", pkgA, "", "1.2.0", long, "CVE-2026-0001")), verdict.Fail, "GO-9=fail"},
		{"exploited, and fixable-only", with(func(e *evidence) { e.fixableOnly, e.kev = true, catalogue("CVE-2026-0001") },
			advice("GO-9", pkgA, "LOW", "", long, "CVE-2026-0001")), verdict.Fail, "GO-9=fail"},
		{"exploited, within grace", with(func(e *evidence) { e.grace, e.kev = 3000*day, catalogue("CVE-2026-0001") },
			advice("GO-9", pkgA, "LOW", "", recent, "CVE-2026-0001")), verdict.Fail, "GO-9=fail"},
		{"a digest for data in another spelling", with(func(e *evidence) {
			e.digests = map[string]string{"NPM": "sha256:x"}
			e.answer.Sets = []advisory.Set{{Ecosystem: "npm", Records: 1, Newest: now}}
		}), verdict.Unknown, "digest:NPM=unknown"},
		{"a digest for data of nothing here", with(func(e *evidence) {
			e.digests = map[string]string{"Hex": "sha256:x", "npm": "sha256:y"}
			e.answer.Sets = []advisory.Set{{Ecosystem: "npm", Records: 1, Newest: now}}
		}), verdict.Pass, "vulnerabilities=pass digest:Hex=warn"},
		{"over http", with(func(e *evidence) { e.exposed = true }), verdict.Pass, "vulnerabilities=pass transport=warn"},
	}
}

// everyDecision are the rows of all tables.
func everyDecision() []decided {
	return slices.Concat(decisions(), aboutLicenses(), aboutReports(), aboutStatements(), aboutPackages(), aboutThreats(), aboutBases())
}

func TestDecide(t *testing.T) {
	for _, test := range everyDecision() {
		t.Run(test.name, func(t *testing.T) {
			d := decide(test.e)
			var got []string
			for _, f := range d.findings {
				got = append(got, f.ID+"="+string(f.Outcome))
				if f.Outcome == verdict.Undecided && (f.Threshold == "" || f.Next == "" && f.ID != "database" && f.ID != "database:npm" && !strings.Contains(f.ID, "manifest:")) {
					t.Errorf("%s does not say what is wanted", f.ID)
				}
			}
			if v := result.VerdictOf(d.findings); v != test.verdict || strings.Join(got, " ") != test.findings {
				t.Errorf("%s: %s\nwant %s: %s", v, strings.Join(got, " "), test.verdict, test.findings)
			}
		})
	}
}

// TestStable shuffles all that may come in any order: the decision and its words stay the same.
func TestStable(t *testing.T) {
	records := []*osv.Record{
		advice("GO-1", pkgA, "HIGH", "1.2.0", "2026-01-01T00:00:00Z", "CVE-1"), advice("GHSA-1", pkgA, "LOW", "1.3.0", "2025-01-01T00:00:00Z", "CVE-1"),
		advice("GO-2", pkgA, "HIGH", "", ""), advice("X-1", pkgB, "HIGH", "2.0.0", ""), advice("PYSEC-1", loose, "", "", ""),
	}
	var first *outcomeShape
	for range 100 {
		rand.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
		e := with(nil, records...)
		d := decide(e)
		shape := &outcomeShape{d.findings, *documentData(e, d), page(e, d, documentData(e, d)).Markdown(1 << 20)}
		if first == nil {
			first = shape
		}
		if diff := cmp.Diff(first, shape); diff != "" {
			t.Fatal(diff)
		}
	}
	if v := first.Data.Risks[0]; v.ID != "GHSA-1" || v.Fixed != "1.3.0" || v.Severity != "high" || v.Published != "2025-01-01" {
		t.Errorf("a group of two records became %+v", v)
	}
}

type outcomeShape struct {
	Findings []result.Finding
	Data     data
	Page     string
}

func TestManyAreCut(t *testing.T) {
	var records []*osv.Record
	for i := range 150 {
		records = append(records, advice(fmt.Sprintf("GO-%03d", i), pkgA, "HIGH", "1.2.0", ""))
	}
	e := with(nil, records...)
	d := decide(e)
	text := page(e, d, documentData(e, d)).Markdown(1 << 20)
	if !strings.Contains(text, "and 50 more") || strings.Contains(text, "GO-100") || len(d.findings) != 150 {
		t.Errorf("%d findings\n%s", len(d.findings), text)
	}
	if strings.Count(text, "go get example.com/a@v1.2.0\n") != 1 {
		t.Error("the command that mends them all is not there once")
	}
}
