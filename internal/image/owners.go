package image

import (
	"bytes"
	"io"
	"path"
	"strings"
)

// owned are the files that packages of the distribution have brought. A Python or Ruby package
// among them has the distribution's fixes, which its own version does not show, so it is judged as
// a package of the distribution. Packages that others built for it are not in its advisories.
type owned map[string]bool

// note keeps a path that would be read otherwise.
func (o owned) note(name string) {
	name = strings.TrimPrefix(name, "/")
	if module(name) {
		o[name] = true
	}
}

// module tells whether a file says what a language's package manager has installed.
func module(name string) bool {
	base := path.Base(name)
	return base == "METADATA" || base == "PKG-INFO" || base == "package.json" || strings.HasSuffix(base, ".egg-info") || strings.HasSuffix(base, ".gemspec")
}

// dpkgList is the list of a package's files.
var dpkgList = itself(`^var/lib/dpkg/info/[^/]+\.list$`)

// owners reads the lists of the package managers. One that cannot be read owns nothing.
func (f *files) owners(most bounds) owned {
	o := owned{}
	text := func(name string) []byte {
		n, err := f.top.find(name, true, nil)
		if err != nil || n.content == nil || n.content.size > most.file {
			return nil
		}
		t, _ := io.ReadAll(f.content(n.content))
		return t
	}
	if all, err := readDpkg(text("var/lib/dpkg/status"), false); err == nil {
		for _, i := range all {
			if !i.official {
				continue
			}
			for _, name := range []string{i.name, i.name + ":" + i.architecture} {
				for line := range bytes.Lines(text("var/lib/dpkg/info/" + name + ".list")) {
					o.note(strings.TrimRight(string(line), "\n"))
				}
			}
		}
	}
	for _, db := range []string{"lib/apk/db/installed", "usr/lib/apk/db/installed"} {
		folder := ""
		for line := range bytes.Lines(text(db)) {
			switch name := strings.TrimRight(string(line), "\n"); {
			case strings.HasPrefix(name, "F:"):
				folder = name[2:]
			case strings.HasPrefix(name, "R:"):
				o.note(folder + "/" + name[2:])
			}
		}
	}
	return o
}
