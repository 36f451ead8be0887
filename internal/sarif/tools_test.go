package sarif_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/slipway-actions/slipway/internal/sarif"
)

// roots are where these workspaces were when the tools ran.
var roots = []string{"/github/workspace", "/home/runner/work/shop/shop"}

func TestReportsOfTools(t *testing.T) {
	tests := map[string]string{
		"codeql.sarif": `
CodeQL 2.20.1 complete
high (security-severity 8.8 of CodeQL) js/sql-injection src/db.js:41-41:14 [external/cwe/cwe-089 security]
  This query string depends on a user-provided value.
high (security-severity 7.8 of CodeQL) js/incomplete-sanitization src/with space/esc#.js:7-9:3 [correctness external/cwe/cwe-020 security] suppressed inSource
  This replaces only the first occurrence of '*'.
medium (level warning of CodeQL) js/useless-assignment-to-local src/db.js:3-3:7 [maintainability]
  The value assigned to n here is unused.
`,
		"trivy.sarif": `
Trivy 0.58.0 complete
critical (security-severity 9.8 of Trivy) CVE-2020-0001 services/api/go.mod:9-9:1 [CRITICAL security vulnerability]
  Package: example.org/framework
unknown () CVE-2020-0002 library/debian:1-1:1 [UNKNOWN security vulnerability]
  Package: libmade
medium (security-severity 5.5 of Trivy) DS-0002 Dockerfile:1-1:1 [MEDIUM misconfiguration security]
  Artifact: Dockerfile
`,
		"semgrep.sarif": `
Semgrep OSS 1.99.0 complete
high (level error of Semgrep OSS) python.lang.security.audit.subprocess-shell-true app/run.py:12-12:5 [CWE-78: Improper Neutralization of Special Elements used in an OS Command ('OS Command Injection') OWASP-A03:2021 - Injection security]
  Found 'subprocess' function 'run' with 'shell=True'.
high (level error of Semgrep OSS) python.lang.security.audit.subprocess-shell-true app/run.py:40-40:5 [CWE-78: Improper Neutralization of Special Elements used in an OS Command ('OS Command Injection') OWASP-A03:2021 - Injection security] suppressed inSource
  Found 'subprocess' function 'run' with 'shell=True'.
high (security-severity 7.2 of Semgrep OSS) python.lang.security.deserialization.avoid-pickle app/pickle.py:3-3:1 [security]
  Avoid using ` + "`pickle`" + `, which is known to lead to code execution vulnerabilities.
`,
		"gosec.sarif": `
gosec 2.15.0 complete
high (level error of gosec) G401 internal/store/hash.go:12-12:7 [MEDIUM external/cwe/cwe-328 security]
  Use of weak cryptographic primitive
medium (level warning of gosec) G104 cmd/serve/main.go:30-30:2 [LOW external/cwe/cwe-703 security] suppressed inSource
  Errors unhandled
`,
	}
	schema := compile(t)
	for name, want := range tests {
		text, err := os.ReadFile(filepath.Join("testdata/tools", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := validate(schema, text); err != nil {
			t.Errorf("%s does not fit the schema: %v", name, err)
		}
		runs, err := sarif.Parse(text, roots...)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(strings.TrimSpace(want), strings.TrimSpace(told(runs))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// told writes down what was read.
func told(runs []sarif.Run) string {
	var b strings.Builder
	for _, run := range runs {
		fmt.Fprintf(&b, "%s %s", run.Tool, run.Version)
		if run.Complete {
			b.WriteString(" complete")
		}
		b.WriteString("\n")
		for _, p := range run.Problems {
			fmt.Fprintf(&b, "! %s\n", p)
		}
		for _, r := range run.Results {
			if rating, ok := run.Rate(r); ok {
				fmt.Fprintf(&b, "%s (%s)", rating.Level, rating.Source)
			} else {
				b.WriteString("none")
			}
			fmt.Fprintf(&b, " %s %s:%d-%d:%d %v", r.Rule, r.File, r.Line, r.EndLine, r.Column, r.Tags)
			if r.Suppressed() {
				fmt.Fprintf(&b, " suppressed %s", r.Suppressions[0].Kind)
			}
			first, _, _ := strings.Cut(r.Message, "\n")
			fmt.Fprintf(&b, "\n  %s\n", first)
		}
	}
	return b.String()
}

func compile(t testing.TB) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	schema, err := c.Compile("testdata/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func validate(schema *jsonschema.Schema, text []byte) error {
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	if err != nil {
		return err
	}
	return schema.Validate(value)
}
