package advisory

import (
	"archive/zip"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/osv"
)

// publish writes an archive of so many records, of the size and the shape of real ones.
func publish(b *testing.B, records int) Folder {
	b.Helper()
	dir := b.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "npm"), 0o755); err != nil {
		b.Fatal(err)
	}
	f, err := os.Create(filepath.Join(dir, "npm", "all.zip"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	w := zip.NewWriter(f)
	random := rand.New(rand.NewPCG(1, 2))
	words := strings.Fields("a the of in when an attacker request crafted remote overflow header parser memory denial service could lead to arbitrary code")
	for n := range records {
		entry, err := w.Create(fmt.Sprintf("GHSA-%d.json", n))
		if err != nil {
			b.Fatal(err)
		}
		var details strings.Builder
		for range 90 {
			details.WriteString(words[random.IntN(len(words))] + " ")
		}
		fmt.Fprintf(entry, `{"schema_version":"1.7.3","id":"GHSA-%[1]d","aliases":["CVE-2026-%[1]d"],"modified":"2026-11-01T10:00:00Z","published":"2026-01-01T00:00:00Z","summary":"of part %[1]d","details":%[2]q,`+
			`"severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"}],`+
			`"affected":[{"package":{"ecosystem":"npm","name":"part-%[3]d","purl":"pkg:npm/part-%[3]d"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"1.9.0"}]}]}],`+
			`"references":[{"type":"WEB","url":"https://example.com/advisories/%[1]d"},{"type":"PACKAGE","url":"https://example.com/part-%[3]d"}],"database_specific":{"severity":"HIGH","cwe_ids":["CWE-79"]}}`,
			n, details.String(), n/2)
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	return Folder{Dir: dir, Name: "data"}
}

// BenchmarkFolder asks about 2,000 packages, of which a tenth have advisories: cold makes the index,
// warm finds it.
func BenchmarkFolder(b *testing.B) {
	var packages []osv.Package
	for n := range 2000 {
		name := fmt.Sprintf("other-%d", n)
		if n%10 == 0 {
			name = fmt.Sprintf("part-%d", n)
		}
		packages = append(packages, osv.Package{Ecosystem: "npm", Name: name, Version: "1.5.0"})
	}
	for _, records := range []int{4_000, 20_000} {
		f := publish(b, records)
		ask := func(b *testing.B) {
			if a := f.Ask(b.Context(), packages); len(a.Problems) > 0 || len(a.Candidates) != 200 || a.Sets[0].Records != records {
				b.Fatalf("%d candidates, %+v, %+v", len(a.Candidates), a.Sets, a.Problems)
			}
		}
		index := filepath.Join(f.Dir, "npm", indexName)
		b.Run(fmt.Sprintf("%d-records/cold", records), func(b *testing.B) {
			for b.Loop() {
				if err := os.Remove(index); err != nil && !os.IsNotExist(err) {
					b.Fatal(err)
				}
				ask(b)
			}
		})
		b.Run(fmt.Sprintf("%d-records/warm", records), func(b *testing.B) {
			ask(b)
			for b.Loop() {
				ask(b)
			}
		})
	}
}
