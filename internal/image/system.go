package image

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/slipway-actions/slipway/internal/osv"
)

// installed is a package of a distribution.
type installed struct {
	name, version             string // of the package
	sourceName, sourceVersion string // of what it is built from; "" where it is the same
	architecture              string
	official                  bool // the distribution itself maintains it
}

// packages are an installed package as the distribution's advisories name it.
func (d distribution) packages(all []installed) []osv.Package {
	var found []osv.Package
	for _, i := range all {
		source := osv.Package{Ecosystem: d.ecosystem, Name: i.sourceName, Version: i.sourceVersion}
		if source.Name == "" {
			source.Name = i.name
		}
		if source.Version == "" {
			source.Version = i.version
		}
		if d.sources {
			found = append(found, source)
		}
		if d.binaries {
			found = append(found, osv.Package{Ecosystem: d.ecosystem, Name: i.name, Version: i.version})
		}
	}
	return found
}

// readDpkg reads the database of dpkg: paragraphs of fields, as in deb-control(5). Packages whose
// files are there count, even where their installation was not finished. A file of status.d
// holds a package without saying that it is installed.
func readDpkg(text []byte, always bool) ([]installed, error) {
	var all []installed
	paragraph := map[string]string{}
	finish := func() error {
		if len(paragraph) == 0 {
			return nil
		}
		p := paragraph
		paragraph = map[string]string{}
		i := installed{name: p["package"], version: p["version"]}
		status := strings.Fields(p["status"])
		switch {
		case i.name == "":
			return errors.New("a package in it has no name")
		case len(status) == 0 && !always:
			return fmt.Errorf("it does not say whether %q is installed", i.name)
		case len(status) > 0 && (status[len(status)-1] == "not-installed" || status[len(status)-1] == "config-files"):
			return nil
		case i.version == "":
			return fmt.Errorf("the package %q in it has no version", i.name)
		}
		source, version, _ := strings.Cut(p["source"], " (")
		i.sourceName, i.sourceVersion = strings.TrimSpace(source), strings.TrimSuffix(strings.TrimSpace(version), ")")
		i.architecture = p["architecture"]
		i.official = strings.HasSuffix(p["maintainer"], "debian.org>") || strings.HasSuffix(p["maintainer"], "ubuntu.com>")
		all = append(all, i)
		return nil
	}
	number := 0
	for line := range bytes.Lines(text) {
		number++
		line = bytes.TrimRight(line, "\r\n")
		switch {
		case len(bytes.TrimSpace(line)) == 0:
			if err := finish(); err != nil {
				return nil, err
			}
		case line[0] == ' ' || line[0] == '\t': // goes on with the field before
			if len(paragraph) == 0 {
				return nil, fmt.Errorf("line %d belongs to no field", number)
			}
		default:
			name, value, ok := bytes.Cut(line, []byte(":"))
			if !ok || bytes.IndexByte(line, 0) >= 0 {
				return nil, fmt.Errorf("line %d is no field", number)
			}
			switch field := strings.ToLower(string(name)); field {
			case "package", "version", "status", "source", "architecture", "maintainer":
				if _, twice := paragraph[field]; twice {
					return nil, fmt.Errorf("line %d gives the field %s once more", number, field)
				}
				paragraph[field] = strings.TrimSpace(string(value))
			default:
				paragraph[""] = "" // so that a paragraph of none of them is one without a name
			}
		}
	}
	err := finish() // may add to all
	return all, err
}

// readApk reads the database of apk: paragraphs of fields of one letter.
func readApk(text []byte) ([]installed, error) {
	var all []installed
	var i installed
	begun := false
	finish := func() error {
		if begun && (i.name == "" || i.version == "") {
			return fmt.Errorf("a package in it has no name or no version: %q", i.name+i.version)
		}
		if begun {
			all = append(all, i)
		}
		i, begun = installed{}, false
		return nil
	}
	number := 0
	for line := range bytes.Lines(text) {
		number++
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			if err := finish(); err != nil {
				return nil, err
			}
			continue
		}
		if len(line) < 2 || line[1] != ':' || bytes.IndexByte(line, 0) >= 0 {
			return nil, fmt.Errorf("line %d is no field", number)
		}
		begun = true
		switch value := string(line[2:]); line[0] {
		case 'P':
			i.name = value
		case 'V':
			i.version = value
		case 'o':
			i.sourceName = value
		}
	}
	err := finish() // may add to all
	return all, err
}

// readMetadata reads the name and version of a Python package (https://packaging.python.org/en/latest/specifications/core-metadata/).
func readMetadata(text []byte) ([]osv.Package, error) {
	p := osv.Package{Ecosystem: "PyPI"}
	scanner := bufio.NewScanner(bytes.NewReader(text))
	scanner.Buffer(nil, len(text)+1)
	for scanner.Scan() {
		line := scanner.Text()
		if strings.TrimSpace(line) == "" {
			break
		}
		name, value, _ := strings.Cut(line, ":")
		switch value = strings.TrimSpace(value); strings.ToLower(name) {
		case "name":
			p.Name = value
		case "version":
			p.Version = value
		}
	}
	if p.Name == "" || p.Version == "" {
		return nil, errors.New("it names no package or no version")
	}
	return []osv.Package{p}, nil
}
