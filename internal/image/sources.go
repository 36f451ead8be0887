package image

import (
	"context"
	"debug/buildinfo"
	"debug/elf"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"strings"

	"github.com/google/osv-scalibr/extractor/filesystem/language/dotnet/depsjson"
	"github.com/google/osv-scalibr/extractor/filesystem/language/dotnet/packageslockjson"
	javaarchive "github.com/google/osv-scalibr/extractor/filesystem/language/java/archive"
	"github.com/google/osv-scalibr/extractor/filesystem/language/javascript/bunlock"
	"github.com/google/osv-scalibr/extractor/filesystem/language/javascript/packagelockjson"
	"github.com/google/osv-scalibr/extractor/filesystem/language/javascript/pnpmlock"
	"github.com/google/osv-scalibr/extractor/filesystem/language/javascript/yarnlock"
	"github.com/google/osv-scalibr/extractor/filesystem/language/php/composerlock"
	"github.com/google/osv-scalibr/extractor/filesystem/language/python/pdmlock"
	"github.com/google/osv-scalibr/extractor/filesystem/language/python/pipfilelock"
	"github.com/google/osv-scalibr/extractor/filesystem/language/python/poetrylock"
	"github.com/google/osv-scalibr/extractor/filesystem/language/python/uvlock"
	"github.com/google/osv-scalibr/extractor/filesystem/language/python/wheelegg"
	"github.com/google/osv-scalibr/extractor/filesystem/language/ruby/gemfilelock"
	"github.com/google/osv-scalibr/extractor/filesystem/language/rust/cargoauditable"
	"github.com/google/osv-scalibr/extractor/filesystem/language/rust/cargolock"

	"github.com/slipway-actions/slipway/internal/osv"
)

// subject is a file that is read for packages.
type subject struct {
	path    string
	content *io.SectionReader
}

// source is a kind of file that says which packages there are.
type source struct {
	// group is the path that the packages of a file are listed under; "" where it is no such file.
	group  func(path string) string
	read   func(ctx context.Context, p parsing, s subject) ([]osv.Package, error)
	system bool // the packages are of the distribution
	// listing says that a file without any packages is none that was understood.
	listing bool
}

// itself groups files that stand alone.
func itself(pattern string) func(string) string {
	re := regexp.MustCompile(pattern)
	return func(path string) string {
		if re.MatchString(path) {
			return path
		}
		return ""
	}
}

// within groups files by a folder: the pattern's first group.
func within(pattern string) func(string) string {
	re := regexp.MustCompile(pattern)
	return func(path string) string {
		if at := re.FindStringSubmatch(path); at != nil {
			return at[1]
		}
		return ""
	}
}

// named groups lockfiles: those of an application, not those that came within a package.
func named(bases string) func(string) string {
	match := itself(`(?:^|/)(?:` + bases + `)$`)
	return func(path string) string {
		if strings.Contains("/"+path, "/node_modules/") || strings.Contains("/"+path, "/gems/") || strings.Contains("/"+path, "/site-packages/") || strings.Contains("/"+path, "/.cargo/registry/") {
			return ""
		}
		return match(path)
	}
}

// The places of the databases of package managers.
var (
	dpkgStatus = itself(`^var/lib/dpkg/status$`)
	dpkgParts  = within(`^(var/lib/dpkg/status\.d)/[^/]+$`)
	apkStatus  = itself(`^(?:usr/)?(?:var/)?lib/apk/db/installed$`)
	rpmStatus  = itself(`^(?:usr/lib/sysimage/rpm|var/lib/rpm|usr/share/rpm)/(?:Packages|Packages\.db|rpmdb\.sqlite)$`)
	rpmJournal = itself(`^(?:usr/lib/sysimage/rpm|var/lib/rpm|usr/share/rpm)/rpmdb\.sqlite-wal$`)
)

// sources are known by their names. Programs are not: their content tells.
var sources = []source{
	{group: dpkgStatus, system: true, listing: true, read: system(func(t []byte) ([]installed, error) { return readDpkg(t, false) })},
	{group: func(path string) string {
		if strings.HasSuffix(path, ".md5sums") {
			return ""
		}
		return dpkgParts(path)
	}, system: true, listing: true, read: system(func(t []byte) ([]installed, error) { return readDpkg(t, true) })},
	{group: apkStatus, system: true, listing: true, read: system(readApk)},
	{group: rpmStatus, system: true, listing: true, read: readRpm},

	// Installed packages: the folder that a package manager puts each in tells them from copies elsewhere.
	{group: within(`^((?:.*?/)?node_modules)/(?:.*/node_modules/)?(?:@[^/]+/)?[^/@.][^/]*/package\.json$`), read: text(readPackageJSON)},
	{group: within(`^((?:.*/)?(?:site|dist)-packages)/[^/]+(?:\.dist-info/METADATA|\.egg-info/PKG-INFO|\.egg-info|\.egg/EGG-INFO/PKG-INFO)$`), read: text(readMetadata)},
	{group: itself(`\.(?:egg|whl)$`), read: extract(wheelegg.New), listing: true},
	{group: within(`^((?:.*/)?specifications)/(?:default/)?[^/]+\.gemspec$`), read: readGemspec},
	{group: itself(`(?i)\.(?:jar|war|ear|jmod|par|sar|jpi|hpi|lpkg|nar)$`), read: extract(javaarchive.New), listing: true},
	{group: itself(`\.deps\.json$`), read: extract(depsjson.New), listing: true},
	// Lockfiles of applications.
	{group: named(`package-lock\.json|npm-shrinkwrap\.json`), read: extract(packagelockjson.New), listing: true},
	{group: named(`yarn\.lock`), read: extract(yarnlock.New), listing: true},
	{group: named(`pnpm-lock\.yaml`), read: extract(pnpmlock.New), listing: true},
	{group: named(`bun\.lock`), read: extract(bunlock.New), listing: true},
	{group: named(`composer\.lock`), read: extract(composerlock.New), listing: true},
	{group: named(`Gemfile\.lock|gems\.locked`), read: extract(gemfilelock.New), listing: true},
	{group: named(`poetry\.lock`), read: extract(poetrylock.New), listing: true},
	{group: named(`uv\.lock`), read: extract(uvlock.New), listing: true},
	{group: named(`pdm\.lock`), read: extract(pdmlock.New), listing: true},
	{group: named(`Pipfile\.lock`), read: extract(pipfilelock.New), listing: true},
	{group: named(`packages\.lock\.json`), read: extract(packageslockjson.New), listing: true},
	{group: named(`Cargo\.lock`), read: extract(cargolock.New), listing: true},
}

// unreadable are databases that nothing here can read, or that no advisories are for.
var unreadable = []struct {
	group func(string) string
	of    string
}{
	{within(`^(var/lib/pacman/local)/[^/]+/desc$`), "pacman"},
	{within(`^(var/db/pkg)/[^/]+/[^/]+/CONTENTS$`), "Portage"},
	{itself(`^(?:usr|var)/lib/opkg/status$`), "opkg"},
	{itself(`^nix/var/nix/db/db\.sqlite$`), "Nix"},
	{itself(`^var/lib/chisel/manifest\.wall$`), "Chisel"},
	{within(`^(var/db/xbps)/pkgdb-[^/]+\.plist$`), "XBPS"},
	{within(`^((?:.*/)?conda-meta)/[^/]+\.json$`), "Conda"},
}

// The ends of the names, and the names without one, of all that is read or told of. An image has
// hundreds of thousands of files, so that each cannot be held against every pattern.
var (
	endings = set(".json", ".lock", ".locked", ".yaml", ".egg-info", ".egg", ".whl", ".gemspec", ".list", ".plist", ".sqlite", ".sqlite-wal", ".db", ".wall",
		".jar", ".war", ".ear", ".jmod", ".par", ".sar", ".jpi", ".hpi", ".lpkg", ".nar")
	plainNames = set("status", "installed", "Packages", "os-release", "METADATA", "PKG-INFO", "desc", "CONTENTS")
)

func set(names ...string) map[string]bool {
	s := map[string]bool{}
	for _, name := range names {
		s[name] = true
	}
	return s
}

// notable tells whether a file's name may be one that a pattern is for.
func notable(file string) bool {
	base := path.Base(file)
	return plainNames[base] || endings[strings.ToLower(path.Ext(base))] || strings.HasPrefix(file, "var/lib/dpkg/status.d/")
}

// wanted tells whether a file's content is read again, by its name.
func wanted(path string) bool {
	if !notable(path) {
		return false
	}
	if path == "etc/os-release" || path == "usr/lib/os-release" || strings.HasSuffix(path, "/os-release") || rpmJournal(path) != "" || dpkgList(path) != "" {
		return true
	}
	for _, s := range sources {
		if s.group(path) != "" {
			return true
		}
	}
	return false
}

// text makes a reader of one that takes the whole text.
func text(read func([]byte) ([]osv.Package, error)) func(context.Context, parsing, subject) ([]osv.Package, error) {
	return func(_ context.Context, p parsing, s subject) ([]osv.Package, error) {
		t, err := p.whole(s)
		if err != nil {
			return nil, err
		}
		return read(t)
	}
}

func system(read func([]byte) ([]installed, error)) func(context.Context, parsing, subject) ([]osv.Package, error) {
	return func(_ context.Context, p parsing, s subject) ([]osv.Package, error) {
		t, err := p.whole(s)
		if err != nil {
			return nil, err
		}
		all, err := read(t)
		return p.distribution.packages(all), err
	}
}

// readPackageJSON reads what npm has installed. Folders without a name or version are parts of packages.
func readPackageJSON(text []byte) ([]osv.Package, error) {
	var file struct{ Name, Version string }
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, err
	}
	if file.Name == "" || file.Version == "" {
		return nil, nil
	}
	return []osv.Package{{Ecosystem: "npm", Name: file.Name, Version: file.Version}}, nil
}

// gemName is how RubyGems names the description of an installed gem: rack-3.0.0.gemspec, and
// nokogiri-1.15.4-x86_64-linux.gemspec.
var gemName = regexp.MustCompile(`^(.+?)-(\d[0-9A-Za-z.]*)(?:-.*)?\.gemspec$`)

func readGemspec(_ context.Context, _ parsing, s subject) ([]osv.Package, error) {
	at := gemName.FindStringSubmatch(path.Base(s.path))
	if at == nil {
		return nil, errors.New("its name tells no version")
	}
	return []osv.Package{{Ecosystem: "RubyGems", Name: at[1], Version: at[2]}}, nil
}

// readProgram reads what the linkers of Go and Rust have written into a program.
func readProgram(ctx context.Context, p parsing, s subject) ([]osv.Package, error) {
	file, err := elf.NewFile(s.content)
	if err != nil {
		return nil, nil // nothing that could run
	}
	goes := file.Section(".go.buildinfo") != nil
	rusts := file.Section(".dep-v0") != nil
	file.Close()
	var found []osv.Package
	info, err := buildinfo.Read(s.content)
	switch {
	case err == nil:
		found = goPackages(info)
	case goes:
		return nil, fmt.Errorf("it is a program made with Go, and what it is made of cannot be read: %w", err)
	}
	if rusts {
		crates, err := extract(cargoauditable.New)(ctx, p, s)
		if err != nil {
			return nil, err
		}
		found = append(found, crates...)
	}
	return found, nil
}

// goVersion is the toolchain that linked a program: go1.22.3, go1.23rc1, behind which others add words.
var goVersion = regexp.MustCompile(`^go(\d+)\.(\d+)(?:\.(\d+))?(?:(rc|beta)(\d+))?`)

// goPackages are the modules of a program. Its standard library is one of them, for it is linked in.
func goPackages(info *buildinfo.BuildInfo) []osv.Package {
	stdlib := osv.Package{Ecosystem: "Go", Name: "stdlib"}
	if at := goVersion.FindStringSubmatch(info.GoVersion); at != nil {
		patch := at[3]
		if patch == "" {
			patch = "0"
		}
		stdlib.Version = at[1] + "." + at[2] + "." + patch
		if at[4] != "" {
			stdlib.Version += "-" + at[4] + "." + at[5]
		}
	}
	found := []osv.Package{stdlib}
	add := func(name, version string) {
		if name == "" || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "/") || name == "command-line-arguments" {
			return // a folder of the place it was built in
		}
		if !strings.HasPrefix(version, "v") { // (devel)
			version = ""
		}
		found = append(found, osv.Package{Ecosystem: "Go", Name: name, Version: strings.TrimPrefix(version, "v")})
	}
	add(info.Main.Path, info.Main.Version)
	for _, d := range info.Deps {
		for d.Replace != nil {
			d = d.Replace
		}
		add(d.Path, d.Version)
	}
	return found
}
