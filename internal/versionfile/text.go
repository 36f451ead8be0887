package versionfile

import (
	"bytes"
	"errors"
)

// findVersion is the one line of a file that holds nothing but the version.
func findVersion(body []byte, _ Target) ([]site, error) {
	text := bytes.TrimSpace(body)
	if bytes.IndexByte(text, '\n') >= 0 {
		return nil, errors.New("it has more than one line; a file of this name holds the version alone")
	}
	start := bytes.Index(body, text) // 0 for an empty text
	return []site{{start: start, end: start + len(text), value: string(text), key: "the file", own: true, text: true}}, nil
}
