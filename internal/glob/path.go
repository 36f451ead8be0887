package glob

import (
	"errors"
	"slices"
	"strings"
)

// CheckPath says why a text can be no path for Within. It must not match nothing without a word: what
// somebody meant to leave out would count.
func CheckPath(path string) error {
	switch {
	case strings.HasPrefix(path, "!"):
		return errors.New("paths take files in and leave none out; name the folders that count")
	case slices.Contains(strings.Split(path, "/"), ".."):
		return errors.New("allowed: a path inside the repository, from its top, such as services/api")
	}
	return nil
}

// Touches tells whether any of the files, named from the top, lies within any of the paths.
func Touches(paths, files []string) bool {
	for _, p := range paths {
		for _, f := range files {
			if Within(p, f) {
				return true
			}
		}
	}
	return false
}

// Within tells whether a file, named from the top, is what path names or lies below it. A path is a
// file or a folder, and "." is all there is. With * or ? in it, it is a pattern: those stand for text
// within one name, and ** for any number of folders. A bracket is itself: folders are called [id].
func Within(path, file string) bool {
	path = strings.Trim(strings.TrimPrefix(path, "./"), "/")
	if path == "" || path == "." {
		return true
	}
	if !strings.ContainsAny(path, "*?") {
		return file == path || strings.HasPrefix(file, path) && file[len(path)] == '/'
	}
	return below(strings.Split(path, "/"), strings.Split(file, "/"))
}

// below matches names one by one, and is done when the pattern is: what follows lies below it. Of
// several ** only the last need be tried again, so it takes no longer than the product of both lengths.
func below(pattern, names []string) bool {
	star, mark := -1, 0 // where to go on when what follows the last ** did not fit
	i, j := 0, 0
	for i < len(pattern) {
		switch {
		case pattern[i] == "**":
			star, mark = i, j
			i++
		case j < len(names) && Match(pattern[i], names[j]):
			i++
			j++
		case star >= 0 && mark < len(names):
			mark++
			i, j = star+1, mark
		default:
			return false
		}
	}
	return pattern[len(pattern)-1] != "**" || j < len(names)
}
