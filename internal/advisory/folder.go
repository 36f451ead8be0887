package advisory

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/osv"
)

// Folder is a database on disk. The records of an ecosystem lie in <Dir>/osv-scalibr/<ecosystem>,
// as osv-scanner lays them out, or in <Dir>/<ecosystem>: as all.zip, as *.json, or both.
type Folder struct {
	Dir  string // absolute
	Name string // as it was given, for people
}

// plainName is an ecosystem that is fit for a folder's name.
var plainName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9 ._-]*$`)

// Ask reads the data of every ecosystem that the packages are of.
func (f Folder) Ask(ctx context.Context, packages []osv.Package) Answer {
	a := Answer{Source: f.Name, Candidates: map[osv.Package][]Candidate{}}
	byEcosystem := map[string][]osv.Package{}
	for _, p := range packages {
		ecosystem := osv.BaseEcosystem(p.Ecosystem)
		byEcosystem[ecosystem] = append(byEcosystem[ecosystem], p)
	}
	for ecosystem, packages := range byEcosystem {
		f.ask(ctx, &a, ecosystem, packages)
	}
	return a.sorted()
}

func (f Folder) ask(ctx context.Context, a *Answer, ecosystem string, packages []osv.Package) {
	problem := func(next, format string, args ...any) {
		a.Problems = append(a.Problems, Problem{Ecosystem: ecosystem, Text: fmt.Sprintf(format, args...), Next: next})
	}
	files, err := f.files(ecosystem)
	if err != nil {
		problem(fmt.Sprintf("Put the advisories of %s there as all.zip, or set the input database to osv.dev.", ecosystem), "%s", err)
		return
	}
	set := Set{Ecosystem: ecosystem}
	index := newIndex(packages)
	read, err := readFiles(ctx, files, func(r *osv.Record) {
		set.Records++
		if r.Modified.After(set.Newest) {
			set.Newest = r.Modified.Time
		}
		for _, p := range index.concerned(r) {
			a.Candidates[p] = append(a.Candidates[p], Candidate{Record: r})
		}
	})
	set.Digest = read.digest
	const again = "Get the data again, whole."
	switch {
	case err != nil:
		problem(again, "%v", err)
	case set.Records == 0 && len(read.malformed) == 0:
		problem(again, "%s holds no advisory", filepath.Dir(files[0]))
	}
	if n := len(read.malformed); n > 0 {
		slices.Sort(read.malformed)
		problem(again, "%d of its records cannot be read: %s", n, summary(read.malformed))
	}
	a.Sets = append(a.Sets, set)
}

// files lists what holds an ecosystem's records.
func (f Folder) files(ecosystem string) ([]string, error) {
	if !plainName.MatchString(ecosystem) {
		return nil, fmt.Errorf("there are no advisories for packages of the ecosystem %q", ecosystem)
	}
	for _, dir := range []string{filepath.Join(f.Dir, "osv-scalibr", ecosystem), filepath.Join(f.Dir, ecosystem)} {
		entries, err := os.ReadDir(dir)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		var files []string
		for _, e := range entries {
			if e.Name() == "all.zip" || strings.HasSuffix(e.Name(), ".json") {
				files = append(files, filepath.Join(dir, e.Name()))
			}
		}
		if len(files) > 0 {
			return files, nil
		}
	}
	return nil, fmt.Errorf("the database has no advisories for %s: neither osv-scalibr/%[1]s nor %[1]s in it holds all.zip or *.json", ecosystem)
}

// index finds the packages that a record is about by their names.
type index map[string][]osv.Package

func newIndex(packages []osv.Package) index {
	i := index{}
	for _, p := range packages {
		name := osv.CanonicalName(p.Ecosystem, p.Name)
		i[name] = append(i[name], p)
	}
	return i
}

func (i index) concerned(r *osv.Record) []osv.Package {
	var found []osv.Package
	for _, affected := range r.Affected {
		for _, p := range i[osv.CanonicalName(affected.Package.Ecosystem, affected.Package.Name)] {
			if r.Concerns(p) && !slices.Contains(found, p) {
				found = append(found, p)
			}
		}
	}
	return found
}

// summary names the first few of many.
func summary(texts []string) string {
	const few = 3
	if len(texts) <= few {
		return strings.Join(texts, "; ")
	}
	return fmt.Sprintf("%s; and %d more", strings.Join(texts[:few], "; "), len(texts)-few)
}
