package inventory

import (
	"regexp"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/slipway-actions/slipway/internal/manifest"
)

// surveyGoMod tells what go.mod says of its modules: // indirect marks those that others need. The
// parser tells the lines. What comes of go.sum alone is needed by others too.
func surveyGoMod(l Lockfile) survey {
	file, err := modfile.Parse(l.Path, l.Text, nil)
	if err != nil {
		return survey{}
	}
	type module struct{ path, version string }
	replaced := map[module]module{}
	for _, r := range file.Replace {
		replaced[module{r.Old.Path, r.Old.Version}] = module{r.New.Path, r.New.Version}
	}
	var sites []site
	for _, r := range file.Require {
		m := module{r.Mod.Path, r.Mod.Version}
		if other, ok := replaced[m]; ok {
			m = other
		} else if other, ok := replaced[module{path: m.path}]; ok {
			m = other
		}
		s := site{name: m.path, version: strings.TrimPrefix(m.version, "v"), relation: manifest.Direct}
		if r.Indirect {
			s.relation = manifest.Transitive
		}
		sites = append(sites, s)
	}
	return survey{sites: sites, others: manifest.Transitive}
}

// gemSpec is a gem in a section of sources, as the parser reads it.
var gemSpec = regexp.MustCompile(`^(.*?)(?: \(([^-]*)(?:-(.*))?\))?(!)?$`)

// surveyGemfile reads Gemfile.lock: sections that start at the margin, gems four columns in, and what
// they need six columns in.
func surveyGemfile(l Lockfile) survey {
	var sites []site
	root := project(nil)
	section := ""
	for number, line := range lines(l.Text) {
		text := strings.TrimLeft(line, " ")
		indent := len(line) - len(text)
		name, _, _ := strings.Cut(strings.TrimSuffix(text, "!"), " ")
		switch {
		case text == "":
		case indent == 0:
			section = text
		case section == "DEPENDENCIES" && indent == 2:
			root.needs = append(root.needs, name)
		case section != "GEM" && section != "GIT" && section != "PATH" && section != "PLUGIN SOURCE":
		case indent == 4:
			if m := gemSpec.FindStringSubmatch(text); m != nil && m[2] != "" {
				sites = append(sites, site{name: m[1], version: m[2], line: number, keys: []string{m[1]}})
			}
		case indent == 6 && len(sites) > 0:
			s := &sites[len(sites)-1]
			s.needs = append(s.needs, name)
		}
	}
	return survey{sites: append(sites, root)}
}

var mixEntry = regexp.MustCompile(`^ +"([^"]+)": \{(:git,|[^,]+, +[^,]+, +"([^,"]+)")`)

// surveyMix reads mix.lock, a line for each package.
func surveyMix(l Lockfile) survey {
	var sites []site
	for number, line := range lines(l.Text) {
		if m := mixEntry.FindStringSubmatch(line); m != nil {
			sites = append(sites, site{name: m[1], version: m[3], line: number})
		}
	}
	return survey{sites: sites}
}

var stackEntry = regexp.MustCompile(`hackage:\s*['"]?([a-zA-Z0-9\-]+)-([0-9.]+)@`)

// surveyStack reads stack.yaml.lock. The parser takes one package of a line, and
// none in quotes, so others are added.
func surveyStack(l Lockfile) survey { return surveyLines(l, "Hackage", stackEntry) }

var cabalEntry = regexp.MustCompile(`any\.([^\s,]+) *==([^\s,]+)`)

// surveyCabal reads cabal.project.freeze. The parser takes one package of a line, so others are added.
func surveyCabal(l Lockfile) survey { return surveyLines(l, "Hackage", cabalEntry) }

func surveyLines(l Lockfile, ecosystem string, entry *regexp.Regexp) survey {
	s := survey{adds: ecosystem}
	for number, line := range lines(l.Text) {
		if strings.HasPrefix(line, "--") {
			continue
		}
		for _, m := range entry.FindAllStringSubmatch(line, -1) {
			s.sites = append(s.sites, site{name: m[1], version: m[2], line: number})
		}
	}
	return s
}
