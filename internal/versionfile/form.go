package versionfile

import (
	"errors"
	"fmt"
	"path"
	"strings"
)

// form is how files of one kind are read.
type form struct {
	limit int
	// find locates values. Where there is none it says so with an *Absent error.
	find func(body []byte, t Target) ([]site, error)
	// parse reads the whole document as a row of events; nil where no parser of the form is at hand.
	parse func(body []byte) ([]event, error)
	// marks tells that lines may carry the mark in a comment.
	marks bool
}

// formOf chooses by the file's name, for a key by its ending.
func formOf(t Target) (form, error) {
	base := path.Base(t.Path)
	if t.Key != nil {
		return keyedForm(t, base)
	}
	switch base {
	case "package.json":
		return form{SizeLimit, findOwnJSON(names("version")), parseJSON, false}, nil
	case "package-lock.json", "npm-shrinkwrap.json":
		return form{SizeLimit, findNPMLock, parseJSON, false}, nil
	case "pyproject.toml":
		return form{treeLimit, findPyproject, parseTOML, true}, nil
	case "Cargo.toml":
		return form{treeLimit, findCargo, parseTOML, true}, nil
	case "Cargo.lock":
		return form{treeLimit, findCargoLock, parseTOML, false}, nil
	case "Chart.yaml", "Chart.yml":
		return form{treeLimit, findChart, parseYAML, true}, nil
	case "pom.xml":
		return form{treeLimit, findPOM, parseXML, true}, nil
	case "build.gradle", "build.gradle.kts":
		return form{treeLimit, findGradle, nil, true}, nil
	case "gradle.properties":
		return form{treeLimit, findOwnINI(names("version")), nil, true}, nil
	case "setup.cfg":
		return form{treeLimit, findOwnINI(names("metadata", "version")), nil, true}, nil
	}
	if stem := strings.ToLower(strings.TrimSuffix(base, path.Ext(base))); strings.EqualFold(base, ".version") || stem == "version" && (path.Ext(base) == "" || strings.EqualFold(path.Ext(base), ".txt")) {
		return form{SizeLimit, findVersion, nil, false}, nil
	}
	f := form{limit: SizeLimit, find: findNothing, marks: true}
	switch strings.ToLower(path.Ext(base)) {
	case ".json":
		f.find, f.marks = needsKey, false
	case ".yaml", ".yml":
		f.limit, f.parse = treeLimit, parseYAML
	case ".toml":
		f.limit, f.parse = treeLimit, parseTOML
	case ".xml":
		f.limit, f.parse = treeLimit, parseXML
	}
	return f, nil
}

func keyedForm(t Target, base string) (form, error) {
	switch ext := strings.ToLower(path.Ext(base)); ext {
	case ".json":
		return form{SizeLimit, findJSON, parseJSON, false}, nil
	case ".yaml", ".yml":
		return form{treeLimit, findYAML, parseYAML, false}, nil
	case ".toml", ".lock":
		return form{treeLimit, findTOML, parseTOML, false}, nil
	case ".xml", ".csproj", ".fsproj", ".vbproj", ".props", ".nuspec":
		return form{treeLimit, findXML, parseXML, false}, nil
	case ".properties", ".cfg", ".ini":
		return form{treeLimit, findINI, nil, false}, nil
	}
	return form{}, fmt.Errorf("a key (%s) can be looked up in .json, .yaml, .toml, .xml, .properties, .cfg and .ini files; for this one leave the key out and mark the line with %s in a comment", t.Key, Mark)
}

func findNothing(_ []byte, _ Target) ([]site, error) {
	return nil, absentf("no line is marked with %s; put that into a comment on the line of the version, or name the key, as in config.yaml#image.tag", Mark)
}

func needsKey(_ []byte, t Target) ([]site, error) {
	return nil, absentf("it is not known where such a file keeps its version; name the key, as in %s#version", t.Path)
}

// sites are the places of a file: those of its form, and the marked lines. Marked lines are enough
// where the form has no place, for who marks a line knows why.
func (f form) sites(body []byte, t Target) ([]site, error) {
	var (
		absent *Absent
		other  *Inherited
	)
	sites, err := f.find(body, t)
	if err != nil && !errors.As(err, &absent) && !errors.As(err, &other) {
		return nil, err
	}
	if !f.marks {
		return sites, err
	}
	marked, markErr := findMarks(body, sites)
	if markErr != nil {
		return nil, markErr
	}
	if len(marked) > 0 {
		err = nil
	}
	return append(sites, marked...), err
}
