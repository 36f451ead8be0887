package inventory

import (
	"strings"

	"github.com/slipway-actions/slipway/internal/manifest"
	"github.com/slipway-actions/slipway/internal/osv"
)

// surveyPipfile reads Pipfile.lock, which does not tell what needs what. Which packages are direct
// the Pipfile tells.
func surveyPipfile(l Lockfile) survey {
	wanted, known := l.declared("Pipfile", wantedByPipfile)
	direct := map[string]bool{}
	for _, name := range wanted {
		direct[osv.CanonicalName("PyPI", name)] = true
	}
	var sites []site
	j := newJSONText(l.Text)
	j.object(func(key string, _ int) {
		if !strings.EqualFold(key, "default") && !strings.EqualFold(key, "develop") {
			return
		}
		j.object(func(name string, start int) {
			s := site{name: name, line: j.line(start)}
			j.object(func(key string, _ int) {
				if key == "version" {
					s.version = strings.TrimPrefix(j.string(), "==")
				}
			})
			switch {
			case !known:
			case direct[osv.CanonicalName("PyPI", name)]:
				s.relation = manifest.Direct
			default:
				s.relation = manifest.Transitive
			}
			sites = append(sites, s)
		})
	})
	return survey{sites: sites}
}

// surveyComposer reads composer.lock. Several licences of a package are a choice
// (https://getcomposer.org/doc/04-schema.md#license).
func surveyComposer(l Lockfile) survey {
	var sites []site
	j := newJSONText(l.Text)
	j.object(func(key string, _ int) {
		if !strings.EqualFold(key, "packages") && !strings.EqualFold(key, "packages-dev") {
			return
		}
		j.array(func(int) {
			var s site
			j.object(func(key string, start int) {
				switch key {
				case "name":
					s.name, s.line = j.string(), j.line(start)
					s.keys = append(s.keys, strings.ToLower(s.name))
				case "version":
					s.version = j.string()
				case "license":
					s.licenses = stated(anyOf(j.strings()))
				case "require":
					for _, name := range j.keys() {
						s.needs = append(s.needs, strings.ToLower(name))
					}
				case "replace", "provide":
					for _, name := range j.keys() {
						s.keys = append(s.keys, strings.ToLower(name))
					}
				}
			})
			sites = append(sites, s)
		})
	})
	if wanted, ok := l.declared("composer.json", wantedByComposer); ok {
		for i := range wanted {
			wanted[i] = strings.ToLower(wanted[i])
		}
		sites = append(sites, project(wanted))
	}
	return survey{sites: sites}
}

// anyOf is the SPDX expression of a choice.
func anyOf(licenses []string) string {
	for i, license := range licenses {
		if len(licenses) > 1 && strings.ContainsAny(license, " ") && !strings.HasPrefix(license, "(") {
			licenses[i] = "(" + license + ")"
		}
	}
	return strings.Join(licenses, " OR ")
}

// surveyNuGet reads packages.lock.json, in which each target framework has its own packages. Projects
// of the same solution are nodes without a version.
func surveyNuGet(l Lockfile) survey {
	var sites []site
	j := newJSONText(l.Text)
	j.object(func(key string, _ int) {
		if !strings.EqualFold(key, "dependencies") {
			return
		}
		j.object(func(framework string, _ int) {
			in := framework + "\x00"
			root := project(nil)
			j.object(func(name string, start int) {
				id := in + strings.ToLower(name)
				s := site{name: name, line: j.line(start), keys: []string{id}}
				j.object(func(key string, _ int) {
					switch key {
					case "type":
						switch j.string() {
						case "Direct", "Project":
							root.needs = append(root.needs, id)
						}
					case "resolved":
						s.version = j.string()
					case "dependencies":
						for _, name := range j.keys() {
							s.needs = append(s.needs, in+strings.ToLower(name))
						}
					}
				})
				sites = append(sites, s)
			})
			sites = append(sites, root)
		})
	})
	return survey{sites: sites}
}

// surveyDepsJSON reads *.deps.json: "name/version" is the key of a library.
func surveyDepsJSON(l Lockfile) survey {
	var sites []site
	j := newJSONText(l.Text)
	j.object(func(key string, _ int) {
		if !strings.EqualFold(key, "libraries") {
			return
		}
		j.object(func(id string, start int) {
			s := site{line: j.line(start)}
			s.name, s.version, _ = strings.Cut(id, "/")
			sites = append(sites, s)
		})
	})
	return survey{sites: sites}
}

// surveyRenv reads renv.lock.
func surveyRenv(l Lockfile) survey {
	var sites []site
	j := newJSONText(l.Text)
	j.object(func(key string, _ int) {
		if !strings.EqualFold(key, "Packages") {
			return
		}
		j.object(func(_ string, start int) {
			s := site{line: j.line(start)}
			j.object(func(key string, _ int) {
				switch key {
				case "Package":
					s.name = j.string()
				case "Version":
					s.version = j.string()
				}
			})
			sites = append(sites, s)
		})
	})
	return survey{sites: sites}
}

// surveySwift reads Package.resolved. The parser knows no version 1 of it, so what that holds is added.
func surveySwift(l Lockfile) survey {
	s := survey{adds: "SwiftURL"}
	j := newJSONText(l.Text)
	pins := func() {
		j.array(func(int) {
			var pin site
			identity, location := "", ""
			j.object(func(key string, start int) {
				switch key {
				case "identity", "package":
					identity, pin.line = j.string(), j.line(start)
				case "location", "repositoryURL":
					location = j.string()
				case "state":
					j.object(func(key string, _ int) {
						if key == "version" {
							pin.version = j.string()
						}
					})
				}
			})
			pin.name = strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(location, "https://"), "http://"), ".git")
			if pin.name == "" {
				pin.name = identity
			}
			s.sites = append(s.sites, pin)
		})
	}
	j.object(func(key string, _ int) {
		switch key {
		case "pins":
			pins()
		case "object":
			j.object(func(key string, _ int) {
				if key == "pins" {
					pins()
				}
			})
		}
	})
	return s
}

// surveyConan reads conan.lock: references of the form name/version@user/channel#revision, in lists,
// or in the nodes of a graph before Conan 2.
func surveyConan(l Lockfile) survey {
	var sites []site
	j := newJSONText(l.Text)
	reference := func(start int) {
		line := j.line(start)
		text := j.string()
		for _, mark := range []string{"%", ":", "#", "@"} {
			text, _, _ = strings.Cut(text, mark)
		}
		name, version, ok := strings.Cut(text, "/")
		if ok {
			sites = append(sites, site{name: name, version: version, line: line})
		}
	}
	j.object(func(key string, _ int) {
		switch key {
		case "requires", "build_requires", "python_requires":
			j.array(reference)
		case "graph_lock":
			j.object(func(key string, _ int) {
				if key != "nodes" {
					return
				}
				j.object(func(string, int) {
					j.object(func(key string, _ int) {
						if key == "ref" || key == "pref" {
							reference(j.at)
						}
					})
				})
			})
		}
	})
	return survey{sites: sites}
}
