package inventory

import (
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/slipway-actions/slipway/internal/manifest"
)

// readYAML is the mapping a YAML text holds; nil where it holds none. What refers to another place of
// the text is not followed, so a small text stays small.
func readYAML(text []byte) *yaml.Node {
	var document yaml.Node
	if yaml.Unmarshal(text, &document) != nil || len(document.Content) == 0 {
		return nil
	}
	return document.Content[0]
}

// eachMember hands over the members of a mapping; a node of another kind has none.
func eachMember(n *yaml.Node, each func(key, value *yaml.Node)) {
	if n == nil || n.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		each(n.Content[i], n.Content[i+1])
	}
}

// surveyPnpm reads pnpm-lock.yaml (https://github.com/pnpm/spec/tree/master/lockfile). Up to version
// 8 a package lists what it needs itself, from version 9 on that is among the snapshots.
func surveyPnpm(l Lockfile) survey {
	var sites []site
	byKey := map[string]int{}
	var snapshots, importers []*yaml.Node
	top := readYAML(l.Text)
	eachMember(top, func(key, value *yaml.Node) {
		switch key.Value {
		case "packages":
			eachMember(value, func(key, value *yaml.Node) {
				id := pnpmKey(key.Value)
				s := site{line: key.Line, keys: []string{id}, needs: pnpmNeeds(value)}
				s.name, s.version = splitLast(id)
				eachMember(value, func(key, value *yaml.Node) {
					switch key.Value {
					case "name":
						s.name = value.Value
					case "version":
						s.version = value.Value
					}
				})
				byKey[id] = len(sites)
				sites = append(sites, s)
			})
		case "snapshots":
			eachMember(value, func(key, value *yaml.Node) { snapshots = append(snapshots, key, value) })
		case "importers":
			eachMember(value, func(_, value *yaml.Node) { importers = append(importers, value) })
		}
	})
	for i := 0; i < len(snapshots); i += 2 {
		if at, ok := byKey[pnpmKey(snapshots[i].Value)]; ok {
			sites[at].needs = append(sites[at].needs, pnpmNeeds(snapshots[i+1])...)
		}
	}
	if len(importers) == 0 {
		importers = append(importers, top) // a project that is no workspace, of older versions
	}
	for _, importer := range importers {
		sites = append(sites, project(pnpmNeeds(importer)))
	}
	return survey{sites: sites}
}

// pnpmNeeds lists what a project or a package needs, by key.
func pnpmNeeds(n *yaml.Node) (needs []string) {
	eachMember(n, func(group, members *yaml.Node) {
		switch group.Value {
		case "dependencies", "devDependencies", "optionalDependencies":
			eachMember(members, func(name, value *yaml.Node) {
				version := value.Value
				eachMember(value, func(key, value *yaml.Node) {
					if key.Value == "version" {
						version = value.Value
					}
				})
				if needed := pnpmRef(name.Value, version); needed != "" {
					needs = append(needs, needed)
				}
			})
		}
	})
	return needs
}

// pnpmRef is the key of a package by the name it is given and its version, which may name another
// package: /real/1.0.0 in older lockfiles, real@1.0.0 in newer ones.
func pnpmRef(name, version string) string {
	switch {
	case version == "" || strings.HasPrefix(version, "link:"):
		return ""
	case '0' <= version[0] && version[0] <= '9' || strings.Contains(version, ":"):
		return pnpmKey("/" + name + "@" + version)
	}
	return pnpmKey(version)
}

// pnpmKey is name@version of /name/version_peers, /name@version(peers) and name@version(peers).
func pnpmKey(key string) string {
	key, _, _ = strings.Cut(key, "(")
	key, old := strings.CutPrefix(key, "/")
	name := 0 // its end
	if strings.HasPrefix(key, "@") {
		name = strings.IndexByte(key, '/') + 1
	}
	end := strings.IndexAny(key[name:], "/@")
	if end < 0 {
		return key
	}
	end += name
	version := key[end+1:]
	if old {
		version, _, _ = strings.Cut(version, "_")
	}
	return key[:end] + "@" + version
}

// splitLast splits name@version.
func splitLast(id string) (name, version string) {
	if i := strings.IndexByte(strings.TrimPrefix(id, "@"), '@'); i > 0 {
		i += len(id) - len(strings.TrimPrefix(id, "@"))
		return id[:i], id[i+1:]
	}
	return id, ""
}

// surveyPubspec reads pubspec.lock.
func surveyPubspec(l Lockfile) survey {
	var sites []site
	eachMember(readYAML(l.Text), func(key, value *yaml.Node) {
		if key.Value != "packages" {
			return
		}
		eachMember(value, func(key, value *yaml.Node) {
			s := site{name: key.Value, line: key.Line}
			eachMember(value, func(key, value *yaml.Node) {
				switch key.Value {
				case "version":
					s.version = value.Value
				case "dependency":
					switch {
					case strings.HasPrefix(value.Value, "direct"):
						s.relation = manifest.Direct
					case value.Value == "transitive":
						s.relation = manifest.Transitive
					}
				}
			})
			sites = append(sites, s)
		})
	})
	return survey{sites: sites}
}
