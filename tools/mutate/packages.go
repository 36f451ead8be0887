package main

import (
	"bufio"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// subject is a package that is put to the test.
type subject struct {
	dir     string // from the repository's top, with forward slashes
	pattern string // a pattern for the names of the files that count
}

// counts tells whether a file of the package, by its base name, is among those that decide.
func (s subject) counts(name string) bool {
	ok, _ := path.Match(s.pattern, name)
	return ok && !strings.HasSuffix(name, "_test.go")
}

// readSubjects reads packages.txt. Names, where given, choose among its lines; one that is not there is an error.
func readSubjects(file string, names []string) ([]subject, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("read the list of packages: %w", err)
	}
	defer f.Close()
	var all []subject
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		fields := strings.Fields(lines.Text())
		if len(fields) == 0 || strings.HasPrefix(fields[0], "#") {
			continue
		}
		s := subject{dir: path.Clean(fields[0]), pattern: "*.go"}
		if len(fields) == 2 {
			s.pattern = fields[1]
		}
		if _, err := path.Match(s.pattern, ""); err != nil || len(fields) > 2 {
			return nil, fmt.Errorf("%s:%d: want a package and at most one pattern of files, got %q", filepath.Base(file), n, lines.Text())
		}
		all = append(all, s)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read the list of packages: %w", err)
	}
	if len(names) == 0 {
		return all, nil
	}
	var chosen []subject
	for _, name := range names {
		i := indexOf(all, name)
		if i < 0 {
			return nil, fmt.Errorf("%s is not in %s", name, filepath.Base(file))
		}
		chosen = append(chosen, all[i])
	}
	return chosen, nil
}

// indexOf finds a package by its folder, or by the folder's last name.
func indexOf(all []subject, name string) int {
	name = path.Clean(strings.TrimPrefix(name, "./"))
	for i, s := range all {
		if s.dir == name || path.Base(s.dir) == name {
			return i
		}
	}
	return -1
}
