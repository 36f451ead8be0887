package inventory

import (
	"bytes"
	"encoding/xml"
	"io"
	"strings"

	"github.com/slipway-actions/slipway/internal/manifest"
)

// eachElementOf goes through the elements of an XML text: their names from the outermost on, the
// line each starts on, and its attributes; and, when it ends, the text in it with attributes nil.
func eachElementOf(text []byte, start func(names []string, line int, attributes []xml.Attr), end func(names []string, content string)) {
	decoder := xml.NewDecoder(bytes.NewReader(text))
	decoder.Strict = false
	decoder.CharsetReader = func(_ string, input io.Reader) (io.Reader, error) { return input, nil }
	var names []string
	var content strings.Builder
	counted, line := 0, 1
	for {
		at := min(int(decoder.InputOffset()), len(text))
		token, err := decoder.RawToken()
		if err != nil || len(names) > nesting {
			return
		}
		switch t := token.(type) {
		case xml.StartElement:
			line += bytes.Count(text[counted:at], newline)
			counted = at
			names = append(names, t.Name.Local)
			content.Reset()
			start(names, line, t.Attr)
		case xml.CharData:
			content.Write(t)
		case xml.EndElement:
			if len(names) == 0 {
				return
			}
			end(names, content.String())
			names = names[:len(names)-1]
			content.Reset()
		}
	}
}

func attribute(attributes []xml.Attr, name string) string {
	for _, a := range attributes {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// surveyPackagesConfig reads packages.config of NuGet.
func surveyPackagesConfig(l Lockfile) survey {
	var sites []site
	eachElementOf(l.Text, func(names []string, line int, a []xml.Attr) {
		if names[len(names)-1] == "package" {
			sites = append(sites, site{name: attribute(a, "id"), version: attribute(a, "version"), line: line})
		}
	}, func([]string, string) {})
	return survey{sites: sites}
}

// surveyComponents reads gradle/verification-metadata.xml.
func surveyComponents(l Lockfile) survey {
	var sites []site
	eachElementOf(l.Text, func(names []string, line int, a []xml.Attr) {
		if names[len(names)-1] == "component" {
			sites = append(sites, site{name: attribute(a, "group") + ":" + attribute(a, "name"), version: attribute(a, "version"), line: line})
		}
	}, func([]string, string) {})
	return survey{sites: sites}
}

// pomDependency is a dependency as a pom.xml writes it.
type pomDependency struct {
	group, artifact string
	line            int // of the version, or of the artifact where there is none
	versioned       bool
	managed         bool // in dependencyManagement, which says which version the others have
}

// surveyPom finds where a pom.xml says the version of a dependency: with it, else where it manages
// versions, else where it names it. The parser reads names with properties filled in, and versions
// of parents, so a package is known by its name alone. All that it lists are direct.
func surveyPom(l Lockfile) survey {
	return survey{sites: pomSites(l.Text), byName: true, others: manifest.Direct}
}

func pomSites(text []byte) []site {
	var found []pomDependency
	var d *pomDependency
	line := 0
	eachElementOf(text, func(names []string, at int, _ []xml.Attr) {
		line = at
		if n := len(names); n >= 2 && names[n-1] == "dependency" && names[n-2] == "dependencies" {
			found = append(found, pomDependency{line: at, managed: n >= 3 && names[n-3] == "dependencyManagement"})
			d = &found[len(found)-1]
		}
	}, func(names []string, content string) {
		n := len(names)
		if d == nil || n < 2 || names[n-1] == "dependency" {
			d = nil
			return
		}
		if names[n-2] != "dependency" {
			return
		}
		switch content = strings.TrimSpace(content); names[n-1] {
		case "groupId":
			d.group = content
		case "artifactId":
			d.artifact = content
			if !d.versioned {
				d.line = line
			}
		case "version":
			d.line, d.versioned = line, true
		}
	})
	managed := map[string]int{}
	for _, d := range found {
		if name := d.group + ":" + d.artifact; d.managed && d.versioned && managed[name] == 0 {
			managed[name] = d.line
		}
	}
	var sites []site
	for _, d := range found {
		if d.managed {
			continue
		}
		s := site{name: d.group + ":" + d.artifact, line: d.line, relation: manifest.Direct}
		if at := managed[s.name]; at > 0 && !d.versioned {
			s.line = at
		}
		sites = append(sites, s)
	}
	return sites
}
