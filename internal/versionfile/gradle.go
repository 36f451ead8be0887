package versionfile

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
)

var (
	gradleVersion = regexp.MustCompile(`^(?:project\.)?version\b[ \t]*(=[ \t]*|\([ \t]*|)`)
	gradleBlock   = regexp.MustCompile(`^allprojects[ \t]*$`)
)

// findGradle finds `version = "1.2.3"` and its like in a build script, at its top or in
// allprojects. It knows no more of the language than comments, strings and braces.
func findGradle(body []byte, _ Target) ([]site, error) {
	var (
		sites  []site
		blocks []bool // open braces; whether each is allprojects
	)
	statement, fresh := 0, true // where the current statement begins; whether it is still to begin
	for at := 0; at < len(body); {
		rest := body[at:]
		switch {
		case bytes.HasPrefix(rest, []byte("//")):
			at += endOf(rest, "\n", 0)
			fresh = true
			continue
		case bytes.HasPrefix(rest, []byte("/*")):
			at += endOf(rest, "*/", 2)
			continue
		case bytes.IndexByte([]byte(" \t\r\n;"), rest[0]) >= 0:
			fresh = fresh || rest[0] == '\n' || rest[0] == ';'
			at++
			continue
		}
		if fresh {
			statement, fresh = at, false
			if m := gradleVersion.FindSubmatch(rest); m != nil && !slices.Contains(blocks, false) {
				s, ok, err := gradleValue(body, at+len(m[0]), len(m[1]) > 0)
				if err != nil {
					return nil, err
				}
				if ok {
					sites = append(sites, s)
					at = s.end + 1
					continue
				}
			}
		}
		switch rest[0] {
		case '"', '\'':
			at += stringLength(rest)
		case '{':
			blocks = append(blocks, gradleBlock.Match(body[statement:at]))
			at, fresh = at+1, true
		case '}':
			blocks = blocks[:max(0, len(blocks)-1)]
			at, fresh = at+1, true
		default:
			at++
		}
	}
	if len(sites) == 0 {
		return nil, absentf(`there is no version = "…" at the top of the script; if the version stands elsewhere, mark its line with %s, or name gradle.properties`, Mark)
	}
	if len(sites) > 1 {
		return nil, fmt.Errorf("line %d: version is there twice", lineOf(body, sites[1].start))
	}
	return sites, nil
}

// gradleValue is the quoted text at a place; ok is false where that is no statement about version.
func gradleValue(body []byte, at int, assigned bool) (s site, ok bool, err error) {
	if at >= len(body) || body[at] != '"' && body[at] != '\'' {
		if !assigned {
			return site{}, false, nil
		}
		end := at + endOf(body[at:], "\n", 0)
		return site{}, false, absentf("line %d: version is %q, which is no text in quotes; mark the line that holds the number with %s, or name gradle.properties",
			lineOf(body, at), clip(string(bytes.TrimSpace(body[at:end]))), Mark)
	}
	length := stringLength(body[at:])
	text := string(body[at+1 : max(at+1, at+length-1)])
	return site{start: at + 1, end: at + 1 + len(text), value: text, key: "version", own: true, text: true}, true, nil
}

// stringLength counts the bytes of a string with its quotes. One in single quotes ends with its line.
func stringLength(s []byte) int {
	quote := string(s[:1])
	if triple := quote + quote + quote; bytes.HasPrefix(s, []byte(triple)) {
		return endOf(s, triple, 3)
	}
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '\n':
			return i
		case s[0]:
			return i + 1
		}
	}
	return len(s)
}

// endOf is behind the next mark, or all of s.
func endOf(s []byte, mark string, from int) int {
	i := bytes.Index(s[min(from, len(s)):], []byte(mark))
	if i < 0 {
		return len(s)
	}
	return min(from, len(s)) + i + len(mark)
}
