package releasing

import (
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

// Write puts the image into an action.yml, and leaves every other byte of it as it was.
func (p Pin) Write(manifest string) (string, error) {
	at, err := findImage(manifest)
	if err != nil {
		return "", err
	}
	return manifest[:at[4]] + "docker://" + p.String() + manifest[at[5]:], nil
}

// ReadPin is the image of an action.yml.
func ReadPin(manifest string) (Pin, error) {
	at, err := findImage(manifest)
	if err != nil {
		return Pin{}, err
	}
	text, is := strings.CutPrefix(manifest[at[4]:at[5]], "docker://")
	if !is {
		return Pin{}, fmt.Errorf("the image is %s, which is built by whoever uses it; wanted: docker://", manifest[at[4]:at[5]])
	}
	return ParsePin(text)
}

// findImage finds the one line that names the image, after runs.
func findImage(manifest string) ([]int, error) {
	runs := strings.Index(manifest, "\nruns:\n")
	if runs < 0 {
		return nil, fmt.Errorf("there is no line that says runs")
	}
	found := imageLine.FindAllStringSubmatchIndex(manifest[runs:], -1)
	if len(found) != 1 {
		return nil, fmt.Errorf("%d lines below runs name an image; wanted: one", len(found))
	}
	at := found[0]
	for i := range at {
		at[i] += runs
	}
	return at, nil
}
