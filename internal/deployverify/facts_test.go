package deployverify

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/runner"
)

const judgedSHA = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

// gateResult is a result of go-no-go, of which data is the migrations.
func gateResult(migrations string) string {
	return `{"schema":"slipway.result/v1","action":"go-no-go","tool":"1","subject":{"repository":"acme/shop","sha":"` + judgedSHA + `"},"run":{},` +
		`"startedAt":"2026-03-01T12:00:00Z","finishedAt":"2026-03-01T12:00:00Z","verdict":"pass","sentence":"go","findings":[],"data":{"migrations":` + migrations + `}}`
}

// Only what go-no-go knew of this very commit is known here.
func TestReadFacts(t *testing.T) {
	taken, one := `{"known":true,"present":true,"irreversible":false}`, `{"known":true,"present":true,"irreversible":true}`
	preflight := strings.Replace(`{"schema":"slipway.result/v1","action":"preflight","tool":"1","subject":{"repository":"acme/shop","sha":"`+judgedSHA+`"},"run":{},`+
		`"startedAt":"2026-03-01T12:00:00Z","finishedAt":"2026-03-01T12:00:00Z","verdict":"pass","sentence":"go","findings":[],"data":{"steps":[{"action":"changelog"},GATE]}}`, "GATE", gateResult(one), 1)
	for name, test := range map[string]struct {
		given string // in the input
		file  string // at .slipway/go-no-go.json
		known bool
		not   bool   // it can be taken back
		says  string // why it is not known
	}{
		"nothing":                {says: "no result of go-no-go at .slipway/go-no-go.json"},
		"the usual place":        {file: gateResult(taken), known: true, not: true},
		"irreversible":           {file: gateResult(one), known: true},
		"no migrations":          {file: gateResult(`{"known":true,"present":false}`), known: true, not: true},
		"not known":              {file: gateResult(`{"known":false,"present":true}`), says: "does not tell"},
		"irreversible, unknown":  {file: gateResult(`{"known":false,"irreversible":false}`), says: "does not tell"},
		"not said":               {file: gateResult(`{"known":true,"present":true}`), says: "does not tell"},
		"text for a truth":       {file: gateResult(`{"known":"true","irreversible":"false"}`), says: "does not tell"},
		"as text":                {given: gateResult(one), known: true},
		"the input leads":        {given: gateResult(one), file: gateResult(taken), known: true},
		"several":                {given: "missing.json\n" + gateResult(taken), known: true, not: true},
		"of preflight":           {given: preflight, known: true},
		"of another commit":      {given: strings.Replace(gateResult(taken), judgedSHA, strings.Repeat("b", 40), 1), says: "is about the commit bbbbbbbbbbbb"},
		"of another action":      {given: strings.Replace(gateResult(taken), "go-no-go", "changelog", 1), says: "is a result of changelog"},
		"broken":                 {given: `{"schema":`, says: "is no result"},
		"out of the workspace":   {given: "../go-no-go.json", says: "cannot be read"},
		"a file that is no JSON": {file: "go!", says: "is no result"},
	} {
		dir := t.TempDir()
		files, err := runner.OpenWorkspace(dir)
		if err != nil {
			t.Fatal(err)
		}
		_, w := surroundings(t, dir, nil)
		w.Files, w.Facts.SHA = files, judgedSHA
		if test.file != "" {
			if err := os.MkdirAll(filepath.Join(dir, ".slipway"), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, ".slipway/go-no-go.json"), []byte(test.file), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		f := readFacts(w, test.given)
		files.Close()
		if f.Known != test.known || f.Known && f.Irreversible == test.not || !f.Known && !strings.Contains(f.Problem, test.says) {
			t.Errorf("%s: %+v", name, f)
		}
	}
}
