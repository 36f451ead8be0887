package advisory

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/slipway-actions/slipway/internal/osv"
)

// Folder is a database on disk. The records of an ecosystem lie in <Dir>/osv-scalibr/<ecosystem>,
// as osv-scanner lays them out, or in <Dir>/<ecosystem>: as all.zip, as *.json, or both. Where they
// are many, an index of them is put there, in the file slipway.index.
type Folder struct {
	Dir   string // absolute
	Name  string // as it was given, for people
	Cache string // a folder for the indexes of data that lies where nothing can be written; "" is none
	// Foreign says that a stranger may have put files into the folder, as into a workspace: an index that
	// lies there is not believed, for it could hide what the data says.
	Foreign bool
	Digests map[string]string // that the data must have, by ecosystem (sha256:…); other data is not used
}

// plainName is an ecosystem that is fit for a folder's name.
var plainName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9 ._-]*$`)

// Ask reads the records that concern the packages.
func (f Folder) Ask(ctx context.Context, packages []osv.Package) Answer {
	a := asking{ctx: ctx, answer: Answer{Source: f.Name, Candidates: map[osv.Package][]Candidate{}}}
	defer a.close()
	for ecosystem, packages := range byEcosystem(packages) {
		names, err := f.files(ecosystem)
		if err != nil {
			a.problem(ecosystem, fmt.Sprintf("Put the advisories of %s there as all.zip, or set the input database to osv.dev.", ecosystem), "%s", err)
			continue
		}
		a.ask(ecosystem, data{files: names, wanted: f.Digests[ecosystem]}, f.shelf(filepath.Dir(names[0]), ecosystem), packages)
	}
	a.aliases()
	return a.answer.sorted()
}

func (f Folder) shelf(dir, ecosystem string) shelf {
	places := newShelf(dir, f.Cache, ecosystem)
	if f.Foreign {
		places = places[1:]
	}
	return places
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

// few is how many of many are named.
const few = 3

// summary names the first few of many.
func summary(texts []string, all int) string {
	texts = texts[:min(few, len(texts))]
	if all == len(texts) {
		return strings.Join(texts, "; ")
	}
	return fmt.Sprintf("%s; and %d more", strings.Join(texts, "; "), all-len(texts))
}
