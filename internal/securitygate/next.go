package securitygate

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/osv"
	"github.com/slipway-actions/slipway/internal/report"
)

// next is what to do about a risk.
func next(r risk) string {
	switch {
	case r.advice != "":
		return r.advice
	case r.layer != nil:
		return layerNext(r)
	case r.fixed == "":
		return fmt.Sprintf("Replace %s, or have somebody carry the risk: {id: %s, package: %s, owner: …, reason: …, expires: …} in the policy's security.accepted.", r.pkg.Name, r.id, r.pkg.Name)
	}
	return command(r.places[0].File, r.pkg, r.fixed)
}

// layerNext says what to do about a package of an image, which no command in the image mends for good.
func layerNext(r risk) string {
	made := fmt.Sprintf("layer %d", r.layer.Index)
	if r.layer.Command != "" {
		made += " (" + report.Clip(r.layer.Command, 120) + ")"
	}
	if r.fixed == "" {
		return fmt.Sprintf("Build the image without %s, which %s brought, or have somebody carry the risk in the policy's security.accepted.", r.pkg.Name, made)
	}
	return fmt.Sprintf("Raise %s to %s in %s, or take a newer base image, and build again.", r.pkg.Name, r.fixed, made)
}

// commands mend everything that can be mended: one for each package and folder, with the highest
// version that any of its vulnerabilities asks for.
func commands(found []risk) []string {
	type target struct {
		file string
		pkg  osv.Package
	}
	highest := map[target]string{}
	for _, r := range found {
		if r.fixed == "" || r.layer != nil {
			continue
		}
		for _, place := range r.places {
			t := target{place.File, r.pkg}
			if old, ok := highest[t]; !ok || osv.Order(r.pkg.Ecosystem, r.fixed, old) > 0 {
				highest[t] = r.fixed
			}
		}
	}
	var lines []string
	for t, fixed := range highest {
		line := command(t.file, t.pkg, fixed)
		if dir := path.Dir(t.file); dir != "." && !strings.HasPrefix(line, "#") {
			line = "(cd " + word(dir) + " && " + line + ")"
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	return slices.Compact(lines)
}

// command raises a package to a version with the package manager that a manifest belongs to. Where
// there is no such command it is a comment that says what to edit.
func command(file string, p osv.Package, fixed string) string {
	name, version, both := word(p.Name), word(fixed), word(p.Name+"@"+fixed)
	least := word(p.Name + ">=" + fixed)
	base := path.Base(file)
	if strings.HasPrefix(p.Name, "-") {
		base = "" // no quoting keeps such a name from being taken for an option
	}
	switch base {
	case "go.mod":
		return "go get " + word(p.Name+"@v"+strings.TrimPrefix(fixed, "v"))
	case "package-lock.json", "npm-shrinkwrap.json":
		return "npm install " + both
	case "yarn.lock":
		return "yarn upgrade " + both
	case "pnpm-lock.yaml":
		return "pnpm update " + both
	case "bun.lock":
		return "bun update " + both
	case "Cargo.lock":
		return "cargo update -p " + word(p.Name+"@"+p.Version) + " --precise " + version
	case "poetry.lock":
		return "poetry add " + least
	case "pdm.lock":
		return "pdm add " + least
	case "uv.lock":
		return "uv lock --upgrade-package " + word(p.Name+"=="+fixed)
	case "Pipfile.lock":
		return "pipenv upgrade " + least
	case "Gemfile.lock", "gems.locked":
		return "bundle update --conservative " + name
	case "composer.lock":
		return "composer update --with-dependencies " + word(p.Name+":"+fixed)
	case "packages.lock.json":
		return "dotnet add package " + name + " --version " + version
	case "pubspec.lock":
		return "dart pub upgrade " + name
	case "mix.lock":
		return "mix deps.update " + name
	default:
		if strings.HasSuffix(base, ".txt") {
			return "pip install " + least
		}
	}
	return "# raise " + name + " to " + version + " in " + word(file)
}

// harmless is text that a shell takes as it is.
var harmless = regexp.MustCompile(`^[A-Za-z0-9@/._+:][A-Za-z0-9@/._+:=-]*$`)

// word quotes text for a shell. Names come out of files that anybody may have written, and
// commands are copied without a second look.
func word(s string) string {
	if harmless.MatchString(s) {
		return s
	}
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return '?'
		}
		return r
	}, s)
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
