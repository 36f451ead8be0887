package securitygate

import (
	"fmt"
	"time"

	"github.com/slipway-actions/slipway/internal/sarif"
	"github.com/slipway-actions/slipway/internal/verdict"
	"github.com/slipway-actions/slipway/internal/vex"
)

// said is a VEX file with one statement about CVE-1 in the first package, of some days ago.
func said(path, status, justification string, daysAgo int) statements {
	text := fmt.Sprintf(`{"@context":"https://openvex.dev/ns/v0.2.0","@id":"https://example.com/vex","author":"maker","timestamp":%q,"version":1,
		"statements":[{"vulnerability":{"name":"CVE-1"},"products":[{"@id":"pkg:golang/example.com/a@1.0.0"}],"status":%q%s}]}`,
		now.AddDate(0, 0, -daysAgo).Format(time.RFC3339), status, justification)
	parsed, err := vex.Parse(path, []byte(text))
	if err != nil {
		panic(err)
	}
	return statements{path: path, said: parsed}
}

func aboutStatements() []decided {
	const reason, long = `,"justification":"vulnerable_code_not_present"`, "2026-01-01T00:00:00Z"
	high := advice("GO-1", pkgA, "HIGH", "1.2.0", long, "CVE-1")
	other := advice("GO-1", pkgA, "HIGH", "1.2.0", long, "CVE-2")
	stating := func(files ...statements) func(*evidence) { return func(e *evidence) { e.vex = files } }
	return []decided{
		{"not affected, as its maker says", with(stating(said("a.vex", "not_affected", reason, 1)), high), verdict.Pass, "vulnerabilities=pass GO-1=skip"},
		{"fixed, as its maker says", with(stating(said("a.vex", "fixed", "", 1)), high), verdict.Pass, "vulnerabilities=pass GO-1=skip"},
		{"affected, as its maker says", with(stating(said("a.vex", "affected", `,"action_statement":"update"`, 1)), high), verdict.Fail, "GO-1=fail"},
		{"looked into by its maker", with(stating(said("a.vex", "under_investigation", "", 1)), high), verdict.Fail, "GO-1=fail"},
		{"not affected, without a reason", with(stating(said("a.vex", "not_affected", "", 1)), high), verdict.Fail, "GO-1=fail"},
		{"a statement of another vulnerability", with(stating(said("a.vex", "not_affected", reason, 1)), other), verdict.Fail, "GO-1=fail"},
		{"a statement of tomorrow", with(stating(said("a.vex", "not_affected", reason, -1)), high), verdict.Fail, "GO-1=fail"},
		{"a statement of this moment", with(stating(said("a.vex", "not_affected", reason, 0)), high), verdict.Pass, "vulnerabilities=pass GO-1=skip"},
		{"the last word, in the second file", with(stating(said("a.vex", "not_affected", reason, 2), said("b.vex", "affected", `,"action_statement":"update"`, 1)), high), verdict.Fail, "GO-1=fail"},
		{"the last word, in the first file", with(stating(said("a.vex", "not_affected", reason, 1), said("b.vex", "affected", `,"action_statement":"update"`, 2)), high), verdict.Pass, "vulnerabilities=pass GO-1=skip"},
		{"two words at once, the worse counts", with(stating(said("a.vex", "not_affected", reason, 1), said("b.vex", "affected", `,"action_statement":"update"`, 1)), high), verdict.Fail, "GO-1=fail"},
		{"a later file about something else", with(func(e *evidence) {
			later := said("b.vex", "affected", `,"action_statement":"update"`, 1)
			later.said[0].IDs = []string{"CVE-9"}
			e.vex = []statements{said("a.vex", "not_affected", reason, 2), later}
		}, high), verdict.Pass, "vulnerabilities=pass GO-1=skip"},
		{"no statement takes out what another tool reports", with(func(e *evidence) {
			e.vex = []statements{said("a.vex", "not_affected", reason, 1)}
			e.reports = []reportFile{{path: "lint.sarif", runs: []sarif.Run{{Tool: "linter", Results: []sarif.Result{at("CVE-1", "error", "a.go", nil)}}}}}
		}), verdict.Fail, "sarif:linter:CVE-1:1=fail"},
	}
}
