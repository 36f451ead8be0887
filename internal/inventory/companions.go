package inventory

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/slipway-actions/slipway/internal/manifest"
	"github.com/slipway-actions/slipway/internal/osv"
)

var (
	goDirective  = regexp.MustCompile(`(?m)^go\s+1\.(\d+)|^go\s+[2-9]`)
	goRequire    = regexp.MustCompile(`(?m)^\s*require\b`)
	relativePath = regexp.MustCompile(`(?s)<relativePath>(.*?)</relativePath>`)
)

// readGoMod looks at the go directive. Before Go 1.17 a go.mod leaves indirect modules to go.sum,
// and without a directive it means Go 1.16 (https://go.dev/ref/mod#go-mod-file-go), which the
// scanner's parser takes for the newest.
func readGoMod(file string, text []byte, other func(string) ([]byte, error)) ([]byte, string, error) {
	at := goDirective.FindSubmatch(text)
	if at != nil {
		minor, err := strconv.Atoi(string(at[1]))
		if len(at[1]) == 0 || err == nil && minor >= 17 {
			return text, "", nil
		}
	}
	if !goRequire.Match(text) {
		return text, "", nil
	}
	if at == nil {
		text = append(bytes.TrimRight(text, "\n"), "\n\ngo 1.16\n"...)
	}
	switch sum, err := other(sumOf(file)); {
	case errors.Is(err, fs.ErrNotExist):
		return text, "it is for a Go before 1.17, which leaves indirect modules to go.sum, and there is none; only the modules it names itself are judged", nil
	case err != nil:
		return nil, "", fmt.Errorf("read go.sum: %w", err)
	default:
		return text, "", checkSum(sum)
	}
}

func sumOf(file string) string { return path.Join(path.Dir(file), "go.sum") }

// checkSum holds every line to its form: the scanner's parser leaves the whole file out where one is wrong.
func checkSum(text []byte) error {
	number := 0
	for line := range strings.Lines(string(text)) {
		number++
		if n := len(strings.Fields(line)); n != 0 && n != 3 || len(line) >= lineLimit {
			return fmt.Errorf("line %d of go.sum is broken", number)
		}
	}
	return nil
}

// checkParents keeps a pom.xml from having files outside of the tree read.
func checkParents(file string, text []byte) error {
	for _, m := range relativePath.FindAllSubmatch(text, -1) {
		target := strings.TrimSpace(string(m[1]))
		if full := path.Join(path.Dir(file), target); path.IsAbs(target) || full == ".." || strings.HasPrefix(full, "../") || strings.ContainsAny(target, "&<\\") {
			return fmt.Errorf("its parent's relativePath %q leads out of the tree", target)
		}
	}
	return nil
}

// unresolved are the dependencies of a pom.xml that the scanner's parser dropped, which it does
// where a property of a parent is in their version. They count without a version.
func unresolved(text []byte, read []manifest.Entry) []manifest.Entry {
	var project struct {
		Dependencies []struct {
			Group    string `xml:"groupId"`
			Artifact string `xml:"artifactId"`
		} `xml:"dependencies>dependency"`
	}
	decoder := xml.NewDecoder(bytes.NewReader(text))
	decoder.Strict = false
	decoder.CharsetReader = func(_ string, input io.Reader) (io.Reader, error) { return input, nil }
	if decoder.Decode(&project) != nil {
		return nil // the parser has read it, so there is no such thing
	}
	lines := map[string]int{}
	for _, s := range pomSites(text) {
		lines[s.name] = s.line
	}
	known := map[string]bool{}
	for _, e := range read {
		known[e.Name] = true
	}
	var missing []manifest.Entry
	for _, d := range project.Dependencies {
		name := strings.TrimSpace(d.Group) + ":" + strings.TrimSpace(d.Artifact)
		if known[name] || strings.Contains(name, "${project.") { // the latter are modules of the same build
			continue
		}
		known[name] = true
		missing = append(missing, manifest.Entry{Package: osv.Package{Ecosystem: "Maven", Name: name}, Line: lines[name], Relation: manifest.Direct})
	}
	return missing
}
