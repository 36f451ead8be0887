package sarif

import (
	"net/url"
	"path"
	"regexp"
	"strings"
	"unicode/utf8"
)

// sourceRoot is the base that, by its name, is the root of the sources: the workspace, whatever
// path that had where the tool ran.
const sourceRoot = "%SRCROOT%"

// baseLimit is how many bases may lead from one to the next.
const baseLimit = 10

// file is where an artifact is below the workspace, "" where it is not, or nobody can tell.
func (r *reader) file(l *artifactLocation) string {
	if len(l.URI) > uriLimit {
		return ""
	}
	name := plain(l.URI)
	for range baseLimit {
		switch {
		case absolute(name):
			return below(name, r.roots)
		case l.Base == "":
			return inside(name)
		}
		base := r.shape.Bases[l.Base]
		if base == nil || base.URI == "" {
			if base == nil || base.Base == "" { // a name for the workspace, as good as any
				return inside(name)
			}
			l = base
			continue
		}
		if len(base.URI) > uriLimit {
			return ""
		}
		of := plain(base.URI)
		if l.Base == sourceRoot && absolute(of) && below(of, r.roots) == "" {
			return inside(name)
		}
		name = strings.TrimSuffix(of, "/") + "/" + name
		l = base
	}
	return ""
}

var (
	scheme = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]+:`) // at least two letters: C: is a drive
	drive  = regexp.MustCompile(`^/?[A-Za-z]:(/|$)`)
)

// plain turns an artifact's URI into a path with slashes. Many tools write a bare path where a URI
// belongs, so what is wrong as one is taken as it stands, and # and ?, which a URI of a file has no
// use for, belong to the name: "C#/Program.cs".
func plain(uri string) string {
	name := strings.ReplaceAll(uri, `\`, "/")
	if len(name) > 5 && strings.EqualFold(name[:5], "file:") {
		name = name[5:]
		if rest, ok := strings.CutPrefix(name, "//"); ok {
			host, rest, _ := strings.Cut(rest, "/")
			if host != "" && !strings.EqualFold(host, "localhost") {
				return "//" + host + "/" + rest // on another machine: below no root
			}
			name = "/" + rest
		}
	} else if scheme.MatchString(name) {
		return "//" + name // no file: below no root
	}
	if decoded, err := url.PathUnescape(name); err == nil {
		name = strings.ReplaceAll(decoded, `\`, "/")
	}
	return name
}

// absolute tells whether a path starts at a root.
func absolute(name string) bool { return strings.HasPrefix(name, "/") || drive.MatchString(name) }

// below is an absolute path as seen from whichever root it lies below, the deepest; "" where from none.
func below(name string, roots []string) string {
	if strings.HasPrefix(name, "//") {
		return ""
	}
	name = clean(name)
	best, found := "", false
	for _, root := range roots {
		root = clean(plain(root))
		rest, ok := strings.CutPrefix(name, root+"/")
		if !ok && drive.MatchString(name) && len(name) > len(root) && strings.EqualFold(name[:len(root)+1], root+"/") { // drives know no case
			rest, ok = name[len(root)+1:], true
		}
		if ok && root != "" && (!found || len(rest) < len(best)) {
			best, found = rest, true
		}
	}
	return inside(best)
}

// clean is an absolute path without turns; that of a drive starts with its letter.
func clean(name string) string {
	name = path.Clean(name)
	if drive.MatchString(name) {
		name = strings.TrimPrefix(name, "/")
	}
	return name
}

// inside cleans a relative path; "" where it leads out of where it starts, or is that itself.
func inside(name string) string {
	name = path.Clean(name)
	if name == "." || name == ".." || strings.HasPrefix(name, "../") || absolute(name) || strings.ContainsRune(name, 0) || !utf8.ValidString(name) {
		return ""
	}
	return name
}
