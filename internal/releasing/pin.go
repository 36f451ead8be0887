package releasing

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// Pin names an image by tag, for people, and by digest, for machines.
type Pin struct {
	Repository, Tag, Digest string
}

func (p Pin) String() string { return p.Repository + ":" + p.Tag + "@" + p.Digest }

var (
	pinForm   = regexp.MustCompile(`^([a-z0-9][a-z0-9.:_/-]*/[a-z0-9._/-]+):([A-Za-z0-9_][A-Za-z0-9_.-]{0,127})@(sha256:[0-9a-f]{64})$`)
	imageLine = regexp.MustCompile(`(?m)^( +image: *)([^ \n]+)[ ]*$`)
)

// ParsePin reads repository:tag@sha256:….
func ParsePin(text string) (Pin, error) {
	parts := pinForm.FindStringSubmatch(text)
	if parts == nil {
		return Pin{}, fmt.Errorf("%q names no image; wanted: registry/repository:tag@sha256: and 64 hexadecimal digits", text)
	}
	return Pin{parts[1], parts[2], parts[3]}, nil
}

// Write puts the image into an action.yml, on the one line that names it after runs, and leaves every other byte of
// it as it was.
func (p Pin) Write(manifest string) (string, error) {
	runs := strings.Index(manifest, "\nruns:\n")
	if runs < 0 {
		return "", errors.New("there is no line that says runs")
	}
	found := imageLine.FindAllStringSubmatchIndex(manifest[runs:], -1)
	if len(found) != 1 {
		return "", fmt.Errorf("%d lines below runs name an image; wanted: one", len(found))
	}
	from, to := runs+found[0][4], runs+found[0][5]
	return manifest[:from] + "docker://" + p.String() + manifest[to:], nil
}
