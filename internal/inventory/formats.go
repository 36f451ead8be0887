package inventory

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/manifest"
	"github.com/slipway-actions/slipway/internal/sbom"
)

// Format is a kind of lockfile: its file names and the plugin of osv-scanner that reads it.
type Format struct {
	Plugin string   // or a name of our own, where own reads it
	names  []string // patterns of path.Match for the base name
	parent string   // name of the folder it lies in; "" is any
	// recognise is text of which a file without packages holds some. A format read line by line
	// takes anything for an empty file, so only this tells one from a broken one. Empty asks nothing.
	recognise []string
	lines     bool // its parser reads line by line
	// sound says what its parser would read otherwise than the package manager does; nil where nothing is known of the kind.
	sound    func(text []byte) error
	packages *regexp.Regexp // matches where a text names packages, though perhaps not as the parser wants; nil where it cannot miss them
	// own reads the format in place of a plugin, and says what it leaves open; nil where there is a plugin.
	own func(name string, text []byte) ([]manifest.Entry, []string, error)
}

// formats are all that are scanned.
var formats = []Format{
	{Plugin: gomod, names: []string{"go.mod"}},
	{Plugin: "javascript/packagelockjson", names: []string{"package-lock.json", "npm-shrinkwrap.json"}, sound: jsonSpelledOnce},
	{Plugin: "javascript/yarnlock", names: []string{"yarn.lock"}, recognise: []string{"# yarn lockfile v1", "__metadata:"}, lines: true},
	{Plugin: "javascript/pnpmlock", names: []string{"pnpm-lock.yaml"}, recognise: []string{"lockfileVersion:"}, sound: oneDocument},
	{Plugin: "javascript/bunlock", names: []string{"bun.lock"}},
	{Plugin: "rust/cargolock", names: []string{"Cargo.lock"}, recognise: []string{"version =", "[[package]]"}, sound: tomlSpelledOnce},
	{Plugin: "python/poetrylock", names: []string{"poetry.lock"}, recognise: []string{"[metadata]"}, sound: tomlSpelledOnce},
	{Plugin: "python/pdmlock", names: []string{"pdm.lock"}, recognise: []string{"[metadata]"}, sound: tomlSpelledOnce},
	{Plugin: "python/uvlock", names: []string{"uv.lock"}, recognise: []string{"version ="}, sound: tomlSpelledOnce},
	{Plugin: "python/pylock", names: []string{"pylock.toml", "pylock.*.toml"}, recognise: []string{"lock-version"}, sound: tomlSpelledOnce},
	{Plugin: "python/pipfilelock", names: []string{"Pipfile.lock"}, recognise: []string{`"_meta"`}, sound: jsonSpelledOnce},
	{Plugin: requirements, names: []string{"requirements*.txt", "*[\\-_.]requirements.txt"}},
	{Plugin: requirements, names: []string{"*.txt"}, parent: "requirements"},
	{Plugin: "ruby/gemfilelock", names: []string{"Gemfile.lock", "gems.locked"}, recognise: []string{"GEM\n", "PATH\n", "GIT\n", "PLATFORMS\n"}, lines: true, packages: regexp.MustCompile(`(?m)^\s+\S+ \(\d`)},
	{Plugin: "php/composerlock", names: []string{"composer.lock"}, recognise: []string{`"packages"`}, sound: jsonSpelledOnce},
	{Plugin: pomxml, names: []string{"pom.xml"}, recognise: []string{"<project"}},
	{Plugin: "java/gradlelockfile", names: []string{"gradle.lockfile", "buildscript-gradle.lockfile"}, recognise: []string{"empty="}, lines: true},
	{Plugin: "java/gradleverificationmetadataxml", names: []string{"verification-metadata.xml"}, parent: "gradle", recognise: []string{"<verification-metadata"}},
	{Plugin: "dotnet/packageslockjson", names: []string{"packages.lock.json"}, recognise: []string{`"dependencies"`}, sound: jsonSpelledOnce},
	{Plugin: "dotnet/packagesconfig", names: []string{"packages.config"}, recognise: []string{"<packages"}},
	{Plugin: "dotnet/depsjson", names: []string{"*.deps.json"}, recognise: []string{`"libraries"`}, sound: jsonSpelledOnce},
	{Plugin: "dart/pubspec", names: []string{"pubspec.lock"}, recognise: []string{"packages:"}},
	{Plugin: "erlang/mixlock", names: []string{"mix.lock"}, recognise: []string{"%{"}, lines: true, packages: regexp.MustCompile(`\{\s*:hex\s*,`)},
	{Plugin: "cpp/conanlock", names: []string{"conan.lock"}, sound: jsonSpelledOnce},
	{Plugin: "r/renvlock", names: []string{"renv.lock"}, recognise: []string{`"Packages"`}, sound: jsonSpelledOnce},
	{Plugin: "haskell/stacklock", names: []string{"stack.yaml.lock"}, recognise: []string{"packages:"}, lines: true},
	{Plugin: "haskell/cabal", names: []string{"cabal.project.freeze"}, recognise: []string{"constraints:", "active-repositories:", "index-state:"}, lines: true},
	{Plugin: "swift/packageresolved", names: []string{"Package.resolved"}, recognise: []string{`"pins"`}, sound: jsonSpelledOnce},
	{Plugin: "sbom", names: []string{"bom.json", "bom.xml", "*.cdx.json", "*.cdx.xml", "*.spdx.json", "*.spdx"}, own: readSBOM},
}

// readSBOM reads a bill of materials.
func readSBOM(name string, text []byte) ([]manifest.Entry, []string, error) {
	r, err := sbom.Read(name, text)
	return r.Entries, r.Notes, err
}

// Formats that need more than to be handed over.
const (
	requirements = "python/requirements"
	pomxml       = "java/pomxml"
	gomod        = "go/gomod"
)

// formatOf finds the format by a file's path; nil where it is no lockfile.
func formatOf(file string) *Format {
	base, parent := path.Base(file), path.Base(path.Dir(file))
	for i, f := range formats {
		if matchAny(f.names, base) && (f.parent == "" || f.parent == parent) {
			return &formats[i]
		}
	}
	return nil
}

// unsupported are lockfiles that nothing here can read. They count as manifests that are not scanned.
var unsupported = []string{"bun.lockb", "deno.lock", "Podfile.lock", "Cartfile.resolved", "paket.lock", "vcpkg.json", "conda-lock.yml", "environment.yml", "Manifest.toml"}

func matchAny(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		ok, err := path.Match(p, name)
		return ok && err == nil
	})
}

// Known names all that is looked for, for a tree that holds none of it.
func Known() string {
	var names []string
	for _, f := range formats {
		names = append(names, f.names...)
	}
	for _, d := range declarations {
		names = append(names, d.names...)
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), ", ")
}
