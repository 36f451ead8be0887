package inventory

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/goccy/go-yaml"
)

// declaration is a manifest that says what is wanted, not what is installed: it needs a lockfile.
type declaration struct {
	names []string // patterns of path.Match for the base name
	locks []string // base names of its lockfiles, as patterns too
	// ecosystem is what its packages' names are spelled for.
	ecosystem string
	// wants lists the packages it declares, as far as the format can be read.
	wants func(text []byte) ([]string, error)
	next  string // how to get a lockfile
}

var declarations = []declaration{
	{[]string{"package.json"}, []string{"package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock"}, "npm", wantedByNpm, "Run npm install --package-lock-only and commit package-lock.json."},
	{[]string{"Cargo.toml"}, []string{"Cargo.lock"}, "crates.io", wantedByCargo, "Run cargo generate-lockfile and commit Cargo.lock."},
	{[]string{"pyproject.toml"}, []string{"poetry.lock", "pdm.lock", "uv.lock", "pylock.toml", "requirements*.txt"}, "PyPI", wantedByPyproject, "Commit the lockfile of uv, poetry or pdm, or a requirements.txt with pinned versions."},
	{[]string{"setup.py", "setup.cfg"}, []string{"poetry.lock", "pdm.lock", "uv.lock", "pylock.toml", "requirements*.txt"}, "PyPI", pattern(`(install_requires)`), "Commit a requirements.txt with pinned versions."},
	{[]string{"Pipfile"}, []string{"Pipfile.lock"}, "PyPI", wantedByPipfile, "Run pipenv lock and commit Pipfile.lock."},
	{[]string{"Gemfile", "gems.rb"}, []string{"Gemfile.lock", "gems.locked"}, "RubyGems", pattern(`(?m)^\s*gem[\s(]+['"]([^'"]+)['"]`), "Run bundle lock and commit Gemfile.lock."},
	{[]string{"composer.json"}, []string{"composer.lock"}, "Packagist", wantedByComposer, "Run composer update --lock and commit composer.lock."},
	{[]string{"build.gradle", "build.gradle.kts"}, []string{"gradle.lockfile", "verification-metadata.xml"}, "Maven", pattern(`['"]([\w.-]+:[\w.-]+):[^'"]+['"]|(libs\.[\w.]+)`), "Run gradle dependencies --write-locks and commit gradle.lockfile."},
	{[]string{"*.csproj", "*.fsproj", "*.vbproj"}, []string{"packages.lock.json", "packages.config", "*.deps.json"}, "NuGet", pattern(`<PackageReference\s+(?:Include|Update)\s*=\s*"([^"]+)"`), "Set RestorePackagesWithLockFile, run dotnet restore and commit packages.lock.json."},
	{[]string{"mix.exs"}, []string{"mix.lock"}, "Hex", pattern(`\{\s*:(\w+)\s*,\s*["'~>]`), "Run mix deps.get and commit mix.lock."},
	{[]string{"pubspec.yaml"}, []string{"pubspec.lock"}, "Pub", wantedByPub, "Run dart pub get and commit pubspec.lock."},
	{[]string{"Package.swift"}, []string{"Package.resolved"}, "SwiftURL", pattern(`\.package\([^)]*url:\s*"([^"]+)"`), "Run swift package resolve and commit Package.resolved."},
}

func declarationOf(base string) *declaration {
	for i, d := range declarations {
		if matchAny(d.names, base) {
			return &declarations[i]
		}
	}
	return nil
}

// pattern finds names in a manifest that is a program, so it can only be searched. Comments count:
// that errs on the side of wanting a lockfile.
func pattern(expression string) func([]byte) ([]string, error) {
	re := regexp.MustCompile(expression)
	return func(text []byte) ([]string, error) {
		var names []string
		for _, m := range re.FindAllSubmatch(text, -1) {
			for _, name := range m[1:] {
				if len(name) > 0 {
					names = append(names, string(name))
				}
			}
		}
		return names, nil
	}
}

func wantedByNpm(text []byte) ([]string, error) {
	var file struct {
		Dependencies         map[string]string `json:"dependencies"`
		DevDependencies      map[string]string `json:"devDependencies"`
		OptionalDependencies map[string]string `json:"optionalDependencies"`
	}
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, err
	}
	var names []string
	for _, group := range []map[string]string{file.Dependencies, file.DevDependencies, file.OptionalDependencies} {
		for name, version := range group {
			kind, rest, prefixed := strings.Cut(version, ":")
			if !prefixed && strings.Contains(version, "/") {
				continue // a repository of GitHub
			}
			switch kind {
			case "workspace", "file", "link", "portal":
				continue // of the tree itself
			case "git", "git+ssh", "git+https", "git+http", "git+file", "http", "https", "github", "gitlab", "bitbucket", "gist":
				continue // no release of a package
			case "npm": // under another name: npm:real@1.2.3
				if at := strings.LastIndex(rest, "@"); at > 0 {
					rest = rest[:at]
				}
				name = rest
			}
			names = append(names, name)
		}
	}
	return names, nil
}

func wantedByComposer(text []byte) ([]string, error) {
	var file struct {
		Require    map[string]any `json:"require"`
		RequireDev map[string]any `json:"require-dev"`
	}
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, err
	}
	var names []string
	for _, group := range []map[string]any{file.Require, file.RequireDev} {
		for name := range group {
			if strings.Contains(name, "/") { // the others are PHP itself and its extensions
				names = append(names, name)
			}
		}
	}
	return names, nil
}

func wantedByPub(text []byte) ([]string, error) {
	var file struct {
		Dependencies    map[string]any `yaml:"dependencies"`
		DevDependencies map[string]any `yaml:"dev_dependencies"`
	}
	if err := yaml.Unmarshal(text, &file); err != nil {
		return nil, err
	}
	var names []string
	for _, group := range []map[string]any{file.Dependencies, file.DevDependencies} {
		for name, value := range group {
			if source, ok := value.(map[string]any); ok && (source["sdk"] != nil || source["path"] != nil) {
				continue
			}
			names = append(names, name)
		}
	}
	return names, nil
}

// table is a part of a TOML file whose form varies.
type table = map[string]any

func wantedByCargo(text []byte) ([]string, error) {
	var file struct {
		Workspace struct {
			Dependencies table `toml:"dependencies"`
		} `toml:"workspace"`
		Dependencies      table            `toml:"dependencies"`
		DevDependencies   table            `toml:"dev-dependencies"`
		BuildDependencies table            `toml:"build-dependencies"`
		Target            map[string]table `toml:"target"`
	}
	if _, err := toml.Decode(string(text), &file); err != nil {
		return nil, err
	}
	groups := []table{file.Dependencies, file.DevDependencies, file.BuildDependencies, file.Workspace.Dependencies}
	for _, target := range file.Target {
		for _, name := range []string{"dependencies", "dev-dependencies", "build-dependencies"} {
			group, _ := target[name].(table)
			groups = append(groups, group)
		}
	}
	var names []string
	for _, group := range groups {
		for name, value := range group {
			if source, ok := value.(table); ok {
				if source["path"] != nil || source["workspace"] == true { // of the tree, or named by the workspace's own file
					continue
				}
				if real, ok := source["package"].(string); ok {
					name = real
				}
			}
			names = append(names, name)
		}
	}
	return names, nil
}

func wantedByPipfile(text []byte) ([]string, error) {
	var file map[string]any
	if _, err := toml.Decode(string(text), &file); err != nil {
		return nil, err
	}
	var names []string
	for _, group := range []string{"packages", "dev-packages"} {
		packages, _ := file[group].(table)
		for name := range packages {
			names = append(names, name)
		}
	}
	return names, nil
}

func wantedByPyproject(text []byte) ([]string, error) {
	var file struct {
		Project struct {
			Dependencies []string            `toml:"dependencies"`
			Optional     map[string][]string `toml:"optional-dependencies"`
		} `toml:"project"`
		Groups map[string][]any `toml:"dependency-groups"`
		Tool   struct {
			Poetry struct {
				Dependencies table            `toml:"dependencies"`
				Group        map[string]table `toml:"group"`
			} `toml:"poetry"`
		} `toml:"tool"`
	}
	if _, err := toml.Decode(string(text), &file); err != nil {
		return nil, err
	}
	wanted := slices.Clone(file.Project.Dependencies)
	for _, extra := range file.Project.Optional {
		wanted = append(wanted, extra...)
	}
	for _, group := range file.Groups {
		for _, item := range group {
			if s, ok := item.(string); ok {
				wanted = append(wanted, s)
			}
		}
	}
	var names []string
	for _, w := range wanted {
		if name := pipName.FindString(w); name != "" {
			names = append(names, name)
		}
	}
	poetry := []table{file.Tool.Poetry.Dependencies}
	for _, group := range file.Tool.Poetry.Group {
		dependencies, _ := group["dependencies"].(table)
		poetry = append(poetry, dependencies)
	}
	for _, group := range poetry {
		for name, value := range group {
			if source, ok := value.(table); name == "python" || ok && source["path"] != nil {
				continue
			}
			names = append(names, name)
		}
	}
	return names, nil
}

var pipName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*`)
