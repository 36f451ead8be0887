package risk

import (
	"path"
	"slices"
	"strings"
)

// manifests are base names of files that say which packages are used, as patterns of path.Match: what is
// wanted, and what is resolved.
var manifests = []string{
	"go.mod", "go.sum", "go.work", "go.work.sum", "package.json", "package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb", "deno.lock",
	"Cargo.toml", "Cargo.lock", "pyproject.toml", "setup.py", "setup.cfg", "poetry.lock", "pdm.lock", "uv.lock", "pylock.toml", "pylock.*.toml", "Pipfile", "Pipfile.lock",
	"requirements*.txt", "*requirements.txt", "constraints*.txt", "environment.yml", "conda-lock.yml", "Gemfile", "gems.rb", "Gemfile.lock", "gems.locked", "*.gemspec",
	"composer.json", "composer.lock", "pom.xml", "build.gradle", "build.gradle.kts", "libs.versions.toml", "gradle.lockfile", "buildscript-gradle.lockfile", "verification-metadata.xml",
	"*.csproj", "*.fsproj", "*.vbproj", "Directory.Packages.props", "packages.lock.json", "packages.config", "paket.lock", "pubspec.yaml", "pubspec.lock", "mix.exs", "mix.lock",
	"conanfile.txt", "conanfile.py", "conan.lock", "vcpkg.json", "renv.lock", "stack.yaml.lock", "cabal.project.freeze", "Package.swift", "Package.resolved", "Podfile", "Podfile.lock",
	"Cartfile.resolved", "Manifest.toml", "Dockerfile", "Dockerfile.*", "*.Dockerfile", "Chart.lock", ".terraform.lock.hcl", "flake.lock", "MODULE.bazel", "MODULE.bazel.lock",
}

// IsManifest tells by its name whether a file says which packages are used.
func IsManifest(file string) bool {
	base := path.Base(file)
	return slices.ContainsFunc(manifests, func(pattern string) bool {
		ok, err := path.Match(pattern, base)
		return ok && err == nil
	})
}

// migrating are names of folders that migrations lie in by habit.
var migrating = []string{"migrations", "migration", "migrate", "flyway"}

// IsMigration tells by its path whether a file is a migration by habit, for those who do not say where
// theirs are.
func IsMigration(file string) bool {
	switch ext := path.Ext(file); ext {
	case ".sql", ".py", ".rb", ".php", ".js", ".ts", ".go", ".exs", ".xml", ".cs", ".kt", ".java":
	default:
		return false
	}
	folders := strings.Split(path.Dir(strings.ToLower(file)), "/")
	for i, folder := range folders {
		if slices.Contains(migrating, folder) || folder == "changelog" && i > 0 && folders[i-1] == "db" || folder == "versions" && i > 0 && folders[i-1] == "alembic" {
			return path.Base(file) != "__init__.py"
		}
	}
	return strings.HasSuffix(file, ".up.sql") || strings.HasSuffix(file, ".down.sql")
}

// Place is where a file counts as having failed before: its folder, of two levels at most, or the file
// itself at the top.
func Place(file string) string {
	parts := strings.Split(file, "/")
	return strings.Join(parts[:max(1, min(2, len(parts)-1))], "/")
}
