package inventory

import (
	"bytes"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// tomlField is one field of a package in a TOML lockfile.
type tomlField struct {
	table string // below the package: "" for the package itself, or dependencies …
	key   string
	value *unstable.Node // holds until the next field is read
	line  int
}

// eachPackage goes through the tables of packages, [[name]] each, and hands over their fields.
// A text that is no TOML ends where it stops being that.
func eachPackage(text []byte, name string, begin func(), field func(tomlField)) {
	var p unstable.Parser
	p.Reset(text)
	inside, table := false, ""
	counted, line := 0, 1
	for p.NextExpression() {
		n := p.Expression()
		switch n.Kind {
		case unstable.ArrayTable, unstable.Table:
			keys := tomlKey(n)
			first, rest, _ := strings.Cut(keys, ".")
			switch {
			case n.Kind == unstable.ArrayTable && keys == name, keys == "root": // the latter of the oldest Cargo.lock
				begin()
				inside, table = true, ""
			case first == name && rest != "" && inside:
				table = rest
			default:
				inside = false
			}
		case unstable.KeyValue:
			if !inside {
				continue
			}
			keys := n.Key()
			if !keys.Next() {
				continue
			}
			at := int(keys.Node().Raw.Offset)
			if at >= counted && at <= len(text) {
				line += bytes.Count(text[counted:at], newline)
				counted = at
			}
			field(tomlField{table, tomlKey(n), n.Value(), line})
		}
	}
}

// tomlKey is the key of a table or a value, its parts joined by dots.
func tomlKey(n *unstable.Node) string {
	keys := n.Key()
	var parts []string
	for keys.Next() {
		parts = append(parts, string(keys.Node().Data))
	}
	return strings.Join(parts, ".")
}

// tomlString is a string, or "" for what is none.
func tomlString(n *unstable.Node) string {
	if n.Kind != unstable.String {
		return ""
	}
	return string(n.Data)
}

// eachElement hands over the elements of an array; what is none has none.
func eachElement(n *unstable.Node, each func(*unstable.Node)) {
	if n.Kind != unstable.Array {
		return
	}
	for children := n.Children(); children.Next(); {
		each(children.Node())
	}
}

// tomlMember is a string among the members of an inline table; "" where there is none.
func tomlMember(n *unstable.Node, key string) string {
	if n.Kind != unstable.InlineTable {
		return ""
	}
	for children := n.Children(); children.Next(); {
		if member := children.Node(); member.Kind == unstable.KeyValue && tomlKey(member) == key {
			return tomlString(member.Value())
		}
	}
	return ""
}

// surveyCargo reads Cargo.lock. A package is needed by its name, and by its version and source as
// well where the name alone is not enough. Packages without a source are the project's own.
func surveyCargo(l Lockfile) survey {
	var sites []site
	var sources []string
	eachPackage(l.Text, "package", func() {
		sites = append(sites, site{})
		sources = append(sources, "")
	}, func(f tomlField) {
		s := &sites[len(sites)-1]
		if f.table != "" {
			return
		}
		switch f.key {
		case "name":
			s.name, s.line = tomlString(f.value), f.line
		case "version":
			s.version = tomlString(f.value)
		case "source":
			sources[len(sources)-1] = tomlString(f.value)
		case "dependencies":
			eachElement(f.value, func(n *unstable.Node) { s.needs = append(s.needs, tomlString(n)) })
		}
	})
	for i := range sites {
		s := &sites[i]
		s.root = sources[i] == ""
		s.keys = []string{s.name, s.name + " " + s.version, s.name + " " + s.version + " (" + sources[i] + ")"}
	}
	return survey{sites: sites}
}

// surveyPython reads poetry.lock, pdm.lock, uv.lock and pylock.toml: tables of packages, which differ in
// how a package says what it needs. uv.lock lists the project itself, and for the others
// pyproject.toml beside them does.
func surveyPython(l Lockfile) survey {
	name := "package"
	if l.Plugin == "python/pylock" {
		name = "packages"
	}
	var sites []site
	own := false
	eachPackage(l.Text, name, func() { sites = append(sites, site{}) }, func(f tomlField) {
		s := &sites[len(sites)-1]
		need := func(n *unstable.Node) {
			if named := tomlMember(n, "name"); named != "" {
				named = pypiName(named)
				if version := tomlMember(n, "version"); version != "" {
					named += " " + version
				}
				s.needs = append(s.needs, named)
			} else if named := pipName.FindString(tomlString(n)); named != "" {
				s.needs = append(s.needs, pypiName(named))
			}
		}
		switch {
		case f.table == "" && f.key == "name":
			s.name, s.line = tomlString(f.value), f.line
		case f.table == "" && f.key == "version":
			s.version = tomlString(f.value)
		case f.table == "" && f.key == "dependencies", f.table == "optional-dependencies", f.table == "dev-dependencies":
			eachElement(f.value, need)
		case f.table == "dependencies": // of Poetry
			s.needs = append(s.needs, pypiName(f.key))
		case f.table == "" && f.key == "source" && l.Plugin == "python/uvlock":
			s.root = tomlMember(f.value, "editable") != "" || tomlMember(f.value, "virtual") != ""
			own = own || s.root
		}
	})
	for i := range sites {
		s := &sites[i]
		s.keys = []string{pypiName(s.name), pypiName(s.name) + " " + s.version}
	}
	if !own {
		if wanted, ok := l.declared("pyproject.toml", wantedByPyproject); ok {
			for i := range wanted {
				wanted[i] = pypiName(wanted[i])
			}
			sites = append(sites, project(wanted))
		}
	}
	return survey{sites: sites}
}
