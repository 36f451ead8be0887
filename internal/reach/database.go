package reach

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/osv"
)

// entry is an advisory in the form that govulncheck reads. It says nothing of versions, for which all are
// affected: whether the module's is has been judged before, and by other rules than govulncheck's.
type entry struct {
	ID       string     `json:"id"`
	Affected []affected `json:"affected"`
}

type affected struct {
	Package struct {
		Name      string `json:"name"`
		Ecosystem string `json:"ecosystem"`
	} `json:"package"`
	Code struct {
		Imports []osv.Import `json:"imports,omitempty"`
	} `json:"ecosystem_specific"`
}

// module is an entry of the database's index.
type module struct {
	Path  string       `json:"path"`
	Vulns []identified `json:"vulns"`
}

type identified struct {
	ID string `json:"id"`
}

// modules are those that a record is about, sorted.
func modules(r *osv.Record) []string {
	var names []string
	for _, a := range r.Affected {
		if a.Package.Ecosystem == "Go" && a.Package.Name != "" {
			names = append(names, a.Package.Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// writeDatabase writes the records to a folder, each under a name of our own, as theirs may lead
// anywhere (https://go.dev/doc/security/vuln/database#api).
func writeDatabase(dir string, records []*osv.Record) (address string, err error) {
	index := map[string]*module{}
	for _, sub := range []string{"ID", "index"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o700); err != nil {
			return "", err
		}
	}
	write := func(name string, value any) error {
		text, err := json.Marshal(value)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, name+".json"), text, 0o600)
	}
	for n, r := range records {
		e := entry{ID: name(n)}
		for _, a := range r.Affected {
			if a.Package.Ecosystem != "Go" {
				continue
			}
			var one affected
			one.Package.Name, one.Package.Ecosystem = a.Package.Name, "Go"
			one.Code.Imports = a.Code.Imports
			e.Affected = append(e.Affected, one)
		}
		if err := write("ID/"+e.ID, e); err != nil {
			return "", err
		}
		for _, path := range modules(r) {
			if index[path] == nil {
				index[path] = &module{Path: path}
			}
			index[path].Vulns = append(index[path].Vulns, identified{e.ID})
		}
	}
	list := make([]*module, 0, len(index))
	for _, m := range index {
		list = append(list, m)
	}
	slices.SortFunc(list, func(a, b *module) int { return strings.Compare(a.Path, b.Path) })
	if err := write("index/modules", list); err != nil {
		return "", err
	}
	if err := write("index/vulns", []struct{}{}); err != nil {
		return "", err
	}
	if err := write("index/db", map[string]string{"modified": "2000-01-01T00:00:00Z"}); err != nil {
		return "", err
	}
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(dir)}).String(), nil
}

// name is what the database calls the record of that number.
func name(n int) string { return fmt.Sprintf("V%d", n) }
