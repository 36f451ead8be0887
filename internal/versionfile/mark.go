package versionfile

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Mark in a comment says that the line's version is the project's.
const Mark = "x-slipway-version"

var (
	markWord = regexp.MustCompile(`(?:^|[^0-9A-Za-z_-])` + Mark + `(?:$|[^0-9A-Za-z_-])`)
	// inLine is a semantic version with what stands around it: a v, and no further number.
	inLine = regexp.MustCompile(`(^|[^0-9A-Za-z_.+]|[^0-9A-Za-z_.+-]v|^v)((?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?)`)
)

// findMarks finds the version of each marked line that has no place of the file's form.
func findMarks(body []byte, known []site) ([]site, error) {
	var (
		sites []site
		wrong []string
	)
	start := 0
	for number := 1; start < len(body); number++ {
		end := len(body)
		if i := bytes.IndexByte(body[start:], '\n'); i >= 0 {
			end = start + i + 1
		}
		line := strings.TrimRight(string(body[start:end]), "\r\n")
		has := slices.ContainsFunc(known, func(s site) bool { return s.start >= start && s.start < end })
		if !has && strings.Contains(line, Mark) && markWord.MatchString(line) {
			found := versionsIn(line)
			if len(found) == 1 {
				from, to := start+found[0][0], start+found[0][1]
				sites = append(sites, site{start: from, end: to, value: string(body[from:to]), key: "marked line", text: true})
			} else {
				wrong = append(wrong, fmt.Sprintf("line %d is marked with %s and has %s; it must have exactly one version such as 1.4.0", number, Mark, countVersions(len(found))))
			}
		}
		start = end
	}
	if wrong != nil {
		return nil, fmt.Errorf("%s", strings.Join(wrong, "; "))
	}
	return sites, nil
}

func countVersions(n int) string {
	if n == 0 {
		return "no version"
	}
	return fmt.Sprintf("%d versions", n)
}

// versionsIn finds the versions of a line, from and to which byte. 10.0.0.1 is none.
func versionsIn(line string) (found [][2]int) {
	for at := 0; at < len(line); {
		m := inLine.FindStringSubmatchIndex(line[at:])
		if m == nil {
			break
		}
		from, to := at+m[4], at+m[5]
		if rest := line[to:]; rest == "" || !strings.ContainsAny(rest[:1], "0123456789_") && !(rest[0] == '.' && len(rest) > 1 && rest[1] >= '0' && rest[1] <= '9') && !letter(rest[0]) {
			found = append(found, [2]int{from, to})
		} else {
			for to < len(line) && (line[to] == '.' || line[to] >= '0' && line[to] <= '9') {
				to++
			}
		}
		at = to
	}
	return found
}

func letter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }
