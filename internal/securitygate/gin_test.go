package securitygate

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/slipway-actions/slipway/internal/advisory"
)

// govulncheck is what `govulncheck -scan module` v1.6.0 finds in testdata/gin on the same records, but for
// those of the standard library.
const govulncheck = `GO-2021-0052 GO-2023-1737 GO-2023-1988 GO-2023-2102 GO-2024-2687 GO-2024-3333 GO-2025-3503 GO-2025-3595 GO-2026-4440 GO-2026-4441
GO-2026-4918 GO-2026-5024 GO-2026-5025 GO-2026-5026 GO-2026-5027 GO-2026-5028 GO-2026-5029 GO-2026-5030 GO-2026-5942`

// TestAgainstGovulncheck judges a module with gin v1.6.0 and x/net v0.7.0. The data holds all records
// about its modules, those that do not affect these versions as well.
func TestAgainstGovulncheck(t *testing.T) {
	text, err := os.ReadFile("testdata/gin/gin.mod")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), text, 0o644); err != nil {
		t.Fatal(err)
	}
	e := gather(t, dir, now, inputs{path: ".", database: advisory.Folder{Dir: "testdata/osv"}, rules: rules{reachability: "off"}})
	found, open := e.vulnerabilities(e.tree)
	var ids []string
	for _, r := range found {
		ids = append(ids, r.id)
	}
	slices.Sort(ids)
	if diff := cmp.Diff(strings.Fields(govulncheck), ids); diff != "" || len(open) > 0 || len(e.answer.Problems) > 0 {
		t.Errorf("-govulncheck +slipway:\n%s%v %v", diff, open, e.answer.Problems)
	}
}
