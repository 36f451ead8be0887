package inventory

import (
	"path"
	"slices"
	"strings"
)

// companions are files that manifests and lockfiles refer to: go.sum, what a requirements file
// includes, and the parents of a pom.xml.
var companions = []string{"go.sum", "*.txt", "*.in", "*pom*.xml", "*.pom"}

// Wants tells by its path alone whether Read would look at a file of a tree, so that no other needs
// to be written out for it.
func Wants(file string) bool {
	if strings.HasPrefix(file, ".slipway/") {
		return false
	}
	for folder := range strings.SplitSeq(path.Dir(file), "/") {
		if _, ok := passedOver[folder]; ok {
			return false
		}
	}
	base := path.Base(file)
	return formatOf(file) != nil || declarationOf(base) != nil || slices.Contains(unsupported, base) || matchAny(companions, base)
}

// ReadsSBOM tells whether a path is that of a bill of materials, by its name.
func ReadsSBOM(file string) bool {
	f := formatOf(file)
	return f != nil && f.own != nil
}
