package inventory

import (
	"encoding/json"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/tidwall/jsonc"
)

// npmSite is a package of an npm lockfile while it is read: what it wants is known by name, and
// where that lies only once all is read.
type npmSite struct {
	site
	wants []string
}

// surveyNpm reads package-lock.json and npm-shrinkwrap.json
// (https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json). The line is that of the key.
func surveyNpm(l Lockfile) survey {
	var v2, v1 []npmSite
	has := false
	j := newJSONText(l.Text)
	j.object(func(key string, _ int) {
		switch {
		case strings.EqualFold(key, "packages"):
			has = has || j.peek() == '{'
			j.object(func(where string, start int) { v2 = append(v2, npmPackage(j, where, j.line(start))) })
		case strings.EqualFold(key, "dependencies"):
			v1 = npmDependencies(j, "", v1)
		}
	})
	if has {
		return survey{sites: npmSites(v2)}
	}
	wanted, ok := l.declared("package.json", wantedByNode)
	if ok {
		v1 = append(v1, npmSite{site: site{root: true, keys: []string{""}}, wants: wanted})
	}
	return survey{sites: npmSites(v1)}
}

// npmPackage reads one member of packages, which is named by the folder it is installed in.
func npmPackage(j *jsonText, where string, line int) npmSite {
	p := npmSite{site: site{line: line, keys: []string{where}}}
	p.root = !strings.Contains("/"+where, "/node_modules/") // the project, and the members of its workspace
	link := ""
	j.object(func(key string, _ int) {
		switch key {
		case "name":
			p.name = j.string()
		case "version":
			p.version = j.string()
		case "resolved":
			link = j.string()
		case "link":
			p.needs = []string{link} // becomes nothing below where it is no link
			if j.peek() != 't' {
				p.needs = nil
			}
		case "license":
			p.licenses = stated(j.string())
		case "dependencies", "optionalDependencies", "peerDependencies":
			p.wants = append(p.wants, j.keys()...)
		case "devDependencies":
			if p.root {
				p.wants = append(p.wants, j.keys()...)
			}
		}
	})
	if p.name == "" && where != "" {
		p.name = nameInPath(where)
	}
	if where == "" {
		p.name = ""
	}
	return p
}

// nameInPath is the name of a package by the folder it is installed in.
func nameInPath(where string) string {
	name := path.Base(where)
	if scope := path.Base(path.Dir(where)); strings.HasPrefix(scope, "@") {
		return scope + "/" + name
	}
	return name
}

// npmDependencies reads the dependencies of lockfileVersion 1, which nest as the folders do.
func npmDependencies(j *jsonText, in string, into []npmSite) []npmSite {
	j.object(func(name string, start int) {
		where := path.Join(in, "node_modules", name)
		p := npmSite{site: site{name: name, line: j.line(start), keys: []string{where}}}
		at := len(into)
		into = append(into, p)
		j.object(func(key string, _ int) {
			switch key {
			case "version":
				p.version = j.string()
			case "requires":
				p.wants = j.keys()
			case "dependencies":
				into = npmDependencies(j, where, into)
			}
		})
		if alias, ok := strings.CutPrefix(p.version, "npm:"); ok {
			if i := strings.LastIndexByte(alias, '@'); i > 0 {
				p.name, p.version = alias[:i], alias[i+1:]
			}
		} else if strings.HasPrefix(p.version, "file:") {
			p.version = ""
		}
		into[at] = p
	})
	return into
}

// npmSites finds what each package wants as Node does: in its own node_modules, and then in those of
// the folders above.
func npmSites(packages []npmSite) []site { return resolved(packages, npmResolve) }

// resolved finds what each package wants among those held, the way its package manager does.
func resolved(packages []npmSite, resolve func(held map[string]bool, from, name string) string) []site {
	held := make(map[string]bool, len(packages))
	for _, p := range packages {
		held[p.keys[0]] = true
	}
	sites := make([]site, len(packages))
	for i, p := range packages {
		for _, name := range p.wants {
			if key := resolve(held, p.keys[0], name); key != "" {
				p.needs = append(p.needs, key)
			}
		}
		sites[i] = p.site
	}
	return sites
}

func npmResolve(held map[string]bool, dir, name string) string {
	for tries := 0; tries < 100; tries++ { // no real tree is as deep
		if path.Base(dir) != "node_modules" {
			if key := path.Join(dir, "node_modules", name); held[key] {
				return key
			}
		}
		if dir == "" || dir == "." {
			break
		}
		if dir = path.Dir(dir); dir == "." || dir == "/" {
			dir = ""
		}
	}
	return ""
}

// surveyBun reads bun.lock (https://bun.com/docs/install/lockfile): a tuple for each package, and
// keys that nest as folders do.
func surveyBun(l Lockfile) survey {
	var packages []npmSite
	j := newJSONText(jsonc.ToJSON(l.Text))
	j.object(func(key string, _ int) {
		switch key {
		case "workspaces":
			j.object(func(string, int) {
				root := npmSite{site: site{root: true, keys: []string{""}}}
				j.object(func(key string, _ int) {
					switch key {
					case "name":
						root.keys[0] = j.string()
					case "dependencies", "devDependencies", "optionalDependencies", "peerDependencies":
						root.wants = append(root.wants, j.keys()...)
					}
				})
				packages = append(packages, root)
			})
		case "packages":
			j.object(func(where string, start int) {
				p := npmSite{site: site{line: j.line(start), keys: []string{where}}}
				first := true
				j.array(func(int) {
					if first {
						p.name, p.version = bunName(j.string())
					} else if j.peek() == '{' {
						j.object(func(key string, _ int) {
							switch key {
							case "dependencies", "optionalDependencies", "peerDependencies":
								p.wants = append(p.wants, j.keys()...)
							}
						})
					}
					first = false
				})
				packages = append(packages, p)
			})
		}
	})
	return survey{sites: resolved(packages, bunResolve)}
}

func bunResolve(held map[string]bool, in, name string) string {
	for tries := 0; tries < 100 && in != ""; tries++ {
		if key := in + "/" + name; held[key] {
			return key
		}
		i := strings.LastIndexByte(in, '/')
		in = in[:max(i, 0)]
	}
	if held[name] {
		return name
	}
	return ""
}

// bunName splits name@version as the parser does.
func bunName(text string) (name, version string) {
	at := strings.IndexByte(strings.TrimPrefix(text, "@"), '@')
	if at < 0 {
		return text, ""
	}
	at += len(text) - len(strings.TrimPrefix(text, "@"))
	name, version = text[:at], text[at+1:]
	if strings.HasPrefix(version, "file:") || strings.Contains(version, "#") {
		version = ""
	}
	return name, version
}

// wantedByNode lists all that a package.json wants, under the names it gives it.
func wantedByNode(text []byte) ([]string, error) {
	ranges, err := rangesOfNode(text)
	return slices.Sorted(maps.Keys(ranges)), err
}

// rangesOfNode tells for each package that a package.json wants which versions will do.
func rangesOfNode(text []byte) (map[string]string, error) {
	var file struct {
		Dependencies         map[string]string `json:"dependencies"`
		DevDependencies      map[string]string `json:"devDependencies"`
		OptionalDependencies map[string]string `json:"optionalDependencies"`
	}
	err := json.Unmarshal(text, &file)
	ranges := map[string]string{}
	for _, group := range []map[string]string{file.DevDependencies, file.OptionalDependencies, file.Dependencies} {
		for name, version := range group {
			ranges[name] = version
		}
	}
	return ranges, err
}

// declared reads what a manifest beside the lockfile wants; false where that cannot be known.
func (l Lockfile) declared(name string, wants func([]byte) ([]string, error)) ([]string, bool) {
	if l.Beside == nil {
		return nil, false
	}
	text, err := l.Beside(path.Join(path.Dir(l.Path), name))
	if err != nil {
		return nil, false
	}
	names, err := wants(text)
	slices.Sort(names)
	return names, err == nil
}

// stated are licences, all of which hold.
func stated(expression string) []string {
	if expression == "" {
		return nil
	}
	return []string{expression}
}
