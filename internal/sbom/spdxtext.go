package sbom

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// tagValue is a document in the making: the package whose lines are read, and what it lacks.
type tagValue struct {
	spdx
	version             string
	open                bool // a package is being read
	c                   component
	concluded, declared string
	located             bool // the package has said where it comes from, as each must
	ids                 map[string]bool
}

// readTagValue reads SPDX's form of one "Tag: value" a line. A text between <text> and </text> may
// go over several.
func readTagValue(text []byte) (document, error) {
	x := &tagValue{ids: map[string]bool{}}
	line, first := 0, true
	for len(text) > 0 {
		var row []byte
		row, text, _ = bytes.Cut(text, []byte("\n"))
		line++
		start := line
		row = bytes.TrimSpace(row)
		if len(row) == 0 || row[0] == '#' {
			continue
		}
		tag, value, ok := strings.Cut(string(row), ":")
		tag, value = strings.TrimSpace(tag), strings.TrimSpace(value)
		if first && tag != "SPDXVersion" {
			return x.document, errForeign
		}
		if !ok {
			return x.document, fmt.Errorf("line %d: it has no tag and value", line)
		}
		first = false
		if opened, found := strings.CutPrefix(value, "<text>"); found {
			if within, _, closed := strings.Cut(opened, "</text>"); closed {
				value = within
			} else {
				rest, after, closed := bytes.Cut(text, []byte("</text>"))
				if !closed {
					return x.document, errTruncated
				}
				line += bytes.Count(rest, []byte("\n"))
				value, text = opened+"\n"+string(rest), after
				_, text, ok = bytes.Cut(text, []byte("\n")) // what follows on that line
				if line++; !ok {
					text = nil
				}
			}
		}
		if err := x.tag(tag, value, start); err != nil {
			return x.document, fmt.Errorf("line %d: %w", start, err)
		}
	}
	if first {
		return x.document, errForeign
	}
	if err := x.closePackage(); err != nil {
		return x.document, err
	}
	if err := x.complete(); err != nil {
		return x.document, err
	}
	x.format = "SPDX " + trimSPDX(x.version)
	return x.finish()
}

func (x *tagValue) tag(tag, value string, line int) error {
	switch tag {
	case "SPDXVersion":
		x.version = value
		return checkSPDX(value)
	case "PackageName":
		if err := x.closePackage(); err != nil {
			return err
		}
		x.open, x.c = true, component{name: value, line: line}
		x.concluded, x.declared, x.located = "", "", false
		return nil
	case "FileName", "SnippetSPDXID", "LicenseID":
		return x.closePackage()
	case "Relationship":
		parts := strings.Fields(value)
		if len(parts) != 3 {
			return errors.New("a relationship has three parts")
		}
		return x.relationship(parts[0], parts[1], parts[2])
	}
	if tag == "SPDXID" {
		x.ids[value] = true
	}
	if !x.open {
		return nil
	}
	switch tag {
	case "SPDXID":
		x.c.ref = value
	case "PackageVersion":
		x.c.version = value
	case "PackageDownloadLocation":
		x.located = true
	case "PackageLicenseConcluded":
		x.concluded = value
	case "PackageLicenseDeclared":
		x.declared = value
	case "PrimaryPackagePurpose":
		x.c.kind = purpose(value)
	case "ExternalRef":
		if parts := strings.Fields(value); len(parts) == 3 && parts[1] == "purl" {
			x.c.purls = append(x.c.purls, located{parts[2], line})
		}
	}
	return nil
}

// closePackage ends the package that is being read. One without what each must have was cut off.
func (x *tagValue) closePackage() error {
	if !x.open {
		return nil
	}
	if x.open = false; x.c.ref == "" || !x.located {
		return fmt.Errorf("the package at line %d has no SPDXID or PackageDownloadLocation; perhaps the document is cut off", x.c.line)
	}
	x.c.stated(x.concluded, x.declared)
	return x.add(x.c)
}

// complete looks for what relationships name and the document lacks: a text has no closing bracket
// to tell that it was cut off.
func (x *tagValue) complete() error {
	names := slices.Clone(x.describes)
	for from, to := range x.edges {
		names = append(append(names, from), to...)
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		if !x.ids[name] && !unstated(name) && !strings.HasPrefix(name, "DocumentRef-") {
			return fmt.Errorf("a relationship names %q, which is not there; perhaps the document is cut off", shorten(name))
		}
	}
	return nil
}

func trimSPDX(version string) string { return strings.TrimPrefix(version, "SPDX-") }
