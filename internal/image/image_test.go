package image

import (
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/manifest"
)

const (
	bookworm = "-- etc/os-release --\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\nVERSION_ID=\"12\"\n"
	curl     = "Package: libcurl4\nStatus: install ok installed\nSource: curl\nVersion: 7.88.1-10+deb12u4\nDescription: library\n of curl\n"
	bash     = "Package: bash\nStatus: install ok installed\nVersion: 5.2.15-2+b2\nSource: bash (5.2.15-2)\n"
	zlib     = "Package: zlib1g\nStatus: install ok installed\nVersion: 1:1.2.13.dfsg-1\nSource: zlib\n"
	status   = "-- var/lib/dpkg/status --\n"
	alpine   = "-- etc/os-release --\nID=alpine\nVERSION_ID=3.19.1\nPRETTY_NAME=\"Alpine Linux v3.19\"\n"
	apk      = "-- lib/apk/db/installed --\n"
	musl     = "C:Q1abc=\nP:musl-utils\nV:1.2.4_git20230717-r4\no:musl\nL:MIT\nF:lib\nR:a\n"
	npmLock  = `{"name":"app","version":"1.0.0","lockfileVersion":3,"packages":{"node_modules/lodash":{"version":"4.17.20"}}}` + "\n"
)

// TestRead reads images of one or more layers: what counts, of which layer it is, and what is said
// of the rest.
func TestRead(t *testing.T) {
	tests := []struct {
		name   string
		layers []string
		want   string
	}{
		{"Debian", []string{bookworm + status + curl + "\n" + bash}, "/var/lib/dpkg/status scanned: Debian:12 bash 5.2.15-2 @0, Debian:12 curl 7.88.1-10+deb12u4 @0\n"},
		{"installed in a later layer", []string{bookworm + status + bash, status + bash + "\n" + zlib}, "/var/lib/dpkg/status scanned: Debian:12 bash 5.2.15-2 @0, Debian:12 zlib 1:1.2.13.dfsg-1 @1\n"},
		{"upgraded in a later layer", []string{bookworm + status + curl, "-- a --\n", status + strings.Replace(curl, "u4", "u5", 1)}, "/var/lib/dpkg/status scanned: Debian:12 curl 7.88.1-10+deb12u5 @2\n"},
		{"removed in between", []string{bookworm + status + bash + "\n" + zlib, status + bash, status + bash + "\n" + zlib}, "/var/lib/dpkg/status scanned: Debian:12 bash 5.2.15-2 @0, Debian:12 zlib 1:1.2.13.dfsg-1 @2\n"},
		{"removed and configured still", []string{bookworm + status + bash + "\n" + strings.Replace(curl, "install ok installed", "deinstall ok config-files", 1)}, "/var/lib/dpkg/status scanned: Debian:12 bash 5.2.15-2 @0\n"},
		{"half installed is there", []string{bookworm + status + strings.Replace(bash, "ok installed", "reinstreq half-installed", 1)}, "/var/lib/dpkg/status scanned: Debian:12 bash 5.2.15-2 @0\n"},
		{"distroless", []string{bookworm + "-- var/lib/dpkg/status.d/bash --\nPackage: bash\nVersion: 5.2-1\n-- var/lib/dpkg/status.d/bash.md5sums --\nabc  bin/bash\n", "-- var/lib/dpkg/status.d/tzdata --\nPackage: tzdata\nVersion: 2024a-0+deb12u1\n"},
			"/var/lib/dpkg/status.d scanned: Debian:12 bash 5.2-1 @0, Debian:12 tzdata 2024a-0+deb12u1 @1\n"},
		{"Alpine", []string{alpine + apk + musl}, "/lib/apk/db/installed scanned: Alpine:v3.19 musl 1.2.4_git20230717-r4 @0\n"},
		{"a release in the making", []string{strings.Replace(alpine, "3.19.1", "3.20_alpha20240329", 1) + apk + musl}, "/lib/apk/db/installed scanned (it is Alpine Linux v3.19, and /etc/os-release names no release that advisories are known for): Alpine musl 1.2.4_git20230717-r4 @0\n"},
		{"os-release behind a link", []string{"-- etc/os-release --\n-> ../usr/lib/os-release\n-- usr/lib/os-release --\nID=ubuntu\nVERSION_ID=\"22.04\"\n" + status + bash}, "/var/lib/dpkg/status scanned: Ubuntu:22.04 bash 5.2.15-2 @0\n"},
		{"os-release behind a link that leaves the image", []string{"-- etc/os-release --\n-> ../../../../../opt/os-release\n-- opt/os-release --\nID=wolfi\n-- usr/lib/os-release --\nID=debian\nVERSION_ID=12\n" + apk + musl}, "/lib/apk/db/installed scanned: Wolfi musl 1.2.4_git20230717-r4 @0\n"},
		{"os-release behind a link to what is not read", []string{"-- etc/os-release --\n-> /opt/other\n-- opt/other --\nID=wolfi\n-- usr/lib/os-release --\nID=debian\nVERSION_ID=12\n" + apk + musl}, "/lib/apk/db/installed not scanned (nothing says of which distribution its packages are: the image has no /etc/os-release that can be read)\n"},

		{"a whiteout", []string{bookworm + status + bash + "-- app/package-lock.json --\n" + npmLock, "-- app/.wh.package-lock.json --\n"}, "/var/lib/dpkg/status scanned: Debian:12 bash 5.2.15-2 @0\n"},
		{"a whiteout of a folder", []string{bookworm + status + bash + "-- app/a/package-lock.json --\n" + npmLock, "-- .wh.app --\n"}, "/var/lib/dpkg/status scanned: Debian:12 bash 5.2.15-2 @0\n"},
		{"an opaque folder", []string{"-- app/old/package-lock.json --\n" + npmLock, "-- app/new/package-lock.json --\n" + npmLock + "-- app/.wh..wh..opq --\n"}, "/app/new/package-lock.json scanned: npm lodash 4.17.20 @1\n"},
		{"a folder replaced by a file", []string{"-- app/package-lock.json --\n" + npmLock + "-- b/package-lock.json --\n" + npmLock, "-- app --\nx\n"}, "/b/package-lock.json scanned: npm lodash 4.17.20 @0\n"},
		{"removed and put back", []string{"-- a/package-lock.json --\n" + npmLock, "-- .wh.a --\n", "-- a/package-lock.json --\n" + npmLock}, "/a/package-lock.json scanned: npm lodash 4.17.20 @2\n"},
		{"below a linked folder of a lower layer", []string{alpine + "-- usr/lib/ --\n-- lib --\n-> usr/lib\n", apk + musl}, "/usr/lib/apk/db/installed scanned: Alpine:v3.19 musl 1.2.4_git20230717-r4 @1\n"},
		{"a hard link", []string{"-- app/package-lock.json --\n" + npmLock + "-- b/package-lock.json --\n=> app/package-lock.json\n-- .wh.app --\n"}, "/b/package-lock.json scanned: npm lodash 4.17.20 @0\n"},
		{"names with ./ and /", []string{"-- ./app/package-lock.json --\n" + npmLock + "-- /b/package-lock.json --\n" + npmLock}, "/app/package-lock.json scanned: npm lodash 4.17.20 @0\n/b/package-lock.json scanned: npm lodash 4.17.20 @0\n"},

		{"installed by npm", []string{"-- app/node_modules/a/package.json --\n{\"name\":\"a\",\"version\":\"1.0.0\"}\n-- app/node_modules/a/lib/package.json --\n{\"name\":\"inner\",\"version\":\"1.0.0\"}\n-- app/node_modules/a/node_modules/@s/b/package.json --\n{\"name\":\"@s/b\",\"version\":\"2.0.0\"}\n-- app/node_modules/.pnpm/c@3.0.0/node_modules/c/package.json --\n{\"name\":\"c\",\"version\":\"3.0.0\"}\n-- app/node_modules/a/package-lock.json --\n" + npmLock + "-- app/package.json --\n{\"name\":\"own\",\"version\":\"0.0.1\"}\n"},
			"/app/node_modules scanned: npm @s/b 2.0.0 @0, npm a 1.0.0 @0, npm c 3.0.0 @0\n"},
		{"installed by pip", []string{"-- usr/lib/python3/site-packages/Jinja2-2.10.dist-info/METADATA --\nMetadata-Version: 2.1\nName: Jinja2\nVersion: 2.10\n\nName: other\n-- usr/lib/python3/site-packages/old.egg-info/PKG-INFO --\nName: old\nVersion: 1\n", "-- usr/lib/python3/site-packages/Jinja2-2.10.dist-info/.wh..wh..opq --\n-- usr/lib/python3/site-packages/Jinja2-3.0.dist-info/METADATA --\nName: Jinja2\nVersion: 3.0\n"},
			"/usr/lib/python3/site-packages scanned: PyPI Jinja2 3.0 @1, PyPI old 1 @0\n"},
		{"installed by gem", []string{"-- usr/lib/ruby/gems/3.2.0/specifications/rack-2.2.3.gemspec --\nx\n-- usr/lib/ruby/gems/3.2.0/specifications/default/net-http-0.3.2.gemspec --\n-- usr/lib/ruby/gems/3.2.0/specifications/nokogiri-1.15.4-x86_64-linux.gemspec --\n"},
			"/usr/lib/ruby/gems/3.2.0/specifications scanned: RubyGems net-http 0.3.2 @0, RubyGems nokogiri 1.15.4 @0, RubyGems rack 2.2.3 @0\n"},
		{"brought by the distribution", []string{bookworm + status + "Package: python3-jinja2\nStatus: install ok installed\nVersion: 3.1.2-1+deb12u1\nSource: jinja2\nArchitecture: all\nMaintainer: Team <team+python@tracker.debian.org>\n\nPackage: vendor-tool\nStatus: install ok installed\nVersion: 1.0\nMaintainer: Vendor <it@vendor.example>\n" +
			"-- var/lib/dpkg/info/python3-jinja2.list --\n/usr/lib/python3/dist-packages/Jinja2-3.1.2.egg-info/PKG-INFO\n-- var/lib/dpkg/info/vendor-tool.list --\n/usr/lib/python3/dist-packages/vendored-1.0.egg-info\n" +
			"-- usr/lib/python3/dist-packages/Jinja2-3.1.2.egg-info/PKG-INFO --\nName: Jinja2\nVersion: 3.1.2\n-- usr/lib/python3/dist-packages/vendored-1.0.egg-info --\nName: vendored\nVersion: 1.0\n"},
			"/usr/lib/python3/dist-packages scanned: PyPI vendored 1.0 @0\n/var/lib/dpkg/status scanned: Debian:12 jinja2 3.1.2-1+deb12u1 @0, Debian:12 vendor-tool 1.0 @0\n"},
		{"brought by Alpine", []string{alpine + apk + "P:py3-jinja2\nV:3.1.2-r0\no:py3-jinja2\nF:usr/lib/python3.11/site-packages/jinja2-3.1.2.dist-info\nR:METADATA\n-- usr/lib/python3.11/site-packages/jinja2-3.1.2.dist-info/METADATA --\nName: jinja2\nVersion: 3.1.2\n-- usr/lib/python3.11/site-packages/flask-1.0.dist-info/METADATA --\nName: flask\nVersion: 1.0\n"},
			"/lib/apk/db/installed scanned: Alpine:v3.19 py3-jinja2 3.1.2-r0 @0\n/usr/lib/python3.11/site-packages scanned: PyPI flask 1.0 @0\n"},

		{"nothing", []string{"-- a --\nx\n"}, "image not scanned (no package database and no application found)\n"},
		{"no layers", nil, "image not scanned (no package database and no application found)\n"},
		{"a distribution without its database", []string{bookworm}, "image not scanned (it is Debian GNU/Linux 12 (bookworm), and its package database is gone, so nobody can tell what is installed)\n"},
		{"a database without its distribution", []string{status + bash}, "/var/lib/dpkg/status not scanned (nothing says of which distribution its packages are: the image has no /etc/os-release that can be read)\n"},
		{"a distribution without advisories", []string{"-- etc/os-release --\nID=kali\nPRETTY_NAME=Kali\n" + status + bash}, "/var/lib/dpkg/status not scanned (its packages are of Kali, and OSV has no advisories for that distribution)\n"},
		{"an empty database", []string{bookworm + status}, "/var/lib/dpkg/status broken (it lists no package)\n"},
		{"a broken database", []string{bookworm + status + bash + "\nnonsense\n"}, "/var/lib/dpkg/status broken (line 6 is no field)\n"},
		{"a package without a name", []string{bookworm + status + "Status: install ok installed\nVersion: 1\n"}, "/var/lib/dpkg/status broken (a package in it has no name)\n"},
		{"a package without a version", []string{bookworm + status + "Package: a\nStatus: install ok installed\n"}, "/var/lib/dpkg/status broken (the package \"a\" in it has no version)\n"},
		{"a package without a status", []string{bookworm + status + "Package: a\nVersion: 1\n"}, "/var/lib/dpkg/status broken (it does not say whether \"a\" is installed)\n"},
		{"a broken part of distroless", []string{bookworm + "-- var/lib/dpkg/status.d/a --\nPackage: a\n-- var/lib/dpkg/status.d/b --\nPackage: b\nVersion: 1\n"}, "/var/lib/dpkg/status.d scanned: Debian:12 b 1 @0\n/var/lib/dpkg/status.d/a broken (the package \"a\" in it has no version)\n"},
		{"a broken database of apk", []string{alpine + apk + musl + "nonsense\n"}, "/lib/apk/db/installed broken (line 8 is no field)\n"},
		{"a package of apk without a version", []string{alpine + apk + "P:a\n"}, "/lib/apk/db/installed broken (a package in it has no name or no version: \"a\")\n"},
		{"a database that is a link to nowhere", []string{bookworm + "-- var/lib/dpkg/status --\n-> /nowhere\n"}, "/var/lib/dpkg/status broken (it is a link or no regular file)\n"},
		{"a broken database of RPM", []string{"-- etc/os-release --\nID=rocky\nVERSION_ID=9.3\n-- var/lib/rpm/rpmdb.sqlite --\nnonsense\n"}, "/var/lib/rpm/rpmdb.sqlite broken (os/rpm: ParseRPMDB(rpmdb.sqlite): binary read error: unexpected EOF)\n"},
		{"a package manager that nothing reads", []string{"-- etc/os-release --\nID=arch\n-- var/lib/pacman/local/bash-5.2-1/desc --\n%NAME%\n"}, "/var/lib/pacman/local not scanned (the packages of pacman cannot be judged: no advisories are known for them)\n"},
		{"a broken file of a package", []string{"-- app/node_modules/a/package.json --\n{\n-- app/node_modules/b/package.json --\n{\"name\":\"b\",\"version\":\"1.0.0\"}\n"}, "/app/node_modules scanned: npm b 1.0.0 @0\n/app/node_modules/a/package.json broken (unexpected end of JSON input)\n"},
		{"a broken lockfile", []string{"-- app/package-lock.json --\n{\n"}, "/app/package-lock.json broken (javascript/packagelockjson: could not extract: unexpected end of JSON input)\n"},
		{"a lockfile of nothing", []string{"-- app/yarn.lock --\nnonsense\n"}, "/app/yarn.lock broken (Failed to determine version of nonsense while parsing a yarn.lock)\n"},
		{"lockfiles of nothing", []string{"-- app/pnpm-lock.yaml --\nlockfileVersion: 9.0\n-- b/pnpm-lock.yaml --\nlockfileVersion: 9.0\n"}, "/app/pnpm-lock.yaml not scanned (no package is named in it, nor in 1 more such files: b/pnpm-lock.yaml)\n"},
		{"a broken archive", []string{"-- app/a.jar --\nnonsense that is long enough to be an archive\n"}, "/app/a.jar broken (java/archive: java/archive invalid archive: zip: not a valid zip file)\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			before, _ := os.ReadDir(os.TempDir())
			var layers [][]byte
			for _, l := range test.layers {
				layers = append(layers, layerTar(t, entries(l)...))
			}
			tree, err := readLayers(t, layers...)
			if err != nil {
				t.Fatal(err)
			}
			if got := describe(tree); got != test.want {
				t.Errorf("got\n%swant\n%s", got, test.want)
			}
			for _, m := range tree.Manifests {
				if m.State != manifest.Scanned && m.Next == "" {
					t.Errorf("%s: nothing says what to do", m.Path)
				}
			}
			if after, _ := os.ReadDir(os.TempDir()); len(after) > len(before)+1 { // the workspace itself
				t.Errorf("temporary files are left behind: %v", after)
			}
		})
	}
}

// TestLayer holds what is told of a layer.
func TestLayer(t *testing.T) {
	first, second := layerTar(t, entries(bookworm+status+bash)...), layerTar(t, entries(status+bash+"\n"+zlib)...)
	tree, err := readLayers(t, first, second)
	if err != nil {
		t.Fatal(err)
	}
	diffID, _ := layerOf(t, second).DiffID()
	got := tree.Manifests[0].Packages[1]
	if want := (manifest.Layer{Index: 1, Digest: diffID.String(), Command: "RUN step 1"}); got.Name != "zlib" || *got.Layer != want {
		t.Errorf("%s is of %+v, want %+v", got, *got.Layer, want)
	}
	if m := tree.Manifests[0]; m.Path != "image!/var/lib/dpkg/status" {
		t.Errorf("the path is %q", m.Path)
	}
}

// TestProgram reads this test, which is a program made with Go.
func TestProgram(t *testing.T) {
	name, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	layer := layerTar(t, tarEntry{name: "app/server", text: string(text), mode: 0o755}, tarEntry{name: "app/also", link: "app/server", kind: '1'}, tarEntry{name: "app/broken", text: string(text[:4096]), mode: 0o755})
	tree, err := readLayers(t, layer)
	if err != nil {
		t.Fatal(err)
	}
	if len(tree.Manifests) != 1 || tree.Manifests[0].Path != "image!/app/also" {
		t.Fatalf("read %s", describe(tree))
	}
	found := map[string]string{}
	for _, e := range tree.Manifests[0].Packages {
		if e.Ecosystem != "Go" {
			t.Errorf("%s is of %s", e, e.Ecosystem)
		}
		found[e.Name] = e.Version
	}
	if v := found["stdlib"]; !strings.HasPrefix("go"+v, runtime.Version()) {
		t.Errorf("the standard library is %q, the toolchain %s", v, runtime.Version())
	}
}

func TestGoPackages(t *testing.T) {
	module := func(path, version string) debug.Module { return debug.Module{Path: path, Version: version} }
	replaced, local, dep := module("a.example/old", "v1.0.0"), module("a.example/local", "v1.0.0"), module("a.example/dep", "v2.0.0+incompatible")
	other, folder := module("b.example/new", "v1.5.0"), module("../local", "")
	replaced.Replace, local.Replace = &other, &folder
	tests := []struct {
		version string
		main    debug.Module
		deps    []*debug.Module
		want    string
	}{
		{"go1.22.3", module("a.example/app", "(devel)"), []*debug.Module{&dep, &replaced, &local}, "stdlib 1.22.3, a.example/app, a.example/dep 2.0.0+incompatible, b.example/new 1.5.0"},
		{"go1.23rc1 X:boringcrypto", module("a.example/app", "v1.0.1-0.20240101000000-abcdefabcdef"), nil, "stdlib 1.23.0-rc.1, a.example/app 1.0.1-0.20240101000000-abcdefabcdef"},
		{"go1.17", module("command-line-arguments", ""), nil, "stdlib 1.17.0"},
		{"devel go1.27-0123456 Thu Jan 1", module("", ""), nil, "stdlib"},
	}
	for _, test := range tests {
		var names []string
		for _, p := range goPackages(&debug.BuildInfo{GoVersion: test.version, Main: test.main, Deps: test.deps}) {
			names = append(names, p.String())
		}
		if got := strings.Join(names, ", "); got != test.want {
			t.Errorf("%s: got %s, want %s", test.version, got, test.want)
		}
	}
}

// TestNames holds a path of every kind of file, so that none is passed over by its name.
func TestNames(t *testing.T) {
	paths := []string{
		"var/lib/dpkg/status", "var/lib/dpkg/status.d/base", "lib/apk/db/installed", "usr/lib/apk/db/installed", "var/lib/rpm/Packages", "usr/lib/sysimage/rpm/Packages.db", "usr/lib/sysimage/rpm/rpmdb.sqlite",
		"a/node_modules/b/package.json", "a/site-packages/b.dist-info/METADATA", "a/dist-packages/b.egg-info", "a/site-packages/b.egg-info/PKG-INFO", "a/b.egg", "a/b.whl", "a/specifications/b-1.gemspec",
		"a/b.jar", "a/b.WAR", "a/b.ear", "a/b.jmod", "a/b.par", "a/b.sar", "a/b.jpi", "a/b.hpi", "a/b.lpkg", "a/b.nar", "a/b.deps.json",
		"a/package-lock.json", "a/npm-shrinkwrap.json", "a/yarn.lock", "a/pnpm-lock.yaml", "a/bun.lock", "a/composer.lock", "a/Gemfile.lock", "a/gems.locked", "a/poetry.lock", "a/uv.lock", "a/pdm.lock", "a/Pipfile.lock", "a/packages.lock.json", "a/Cargo.lock",
	}
	used := make([]bool, len(sources))
	for _, p := range paths {
		if !wanted(p) {
			t.Errorf("%s is passed over", p)
		}
		for i, s := range sources {
			used[i] = used[i] || s.group(p) != ""
		}
	}
	for i, ok := range used {
		if !ok {
			t.Errorf("no path is of source %d", i)
		}
	}
	for _, p := range []string{"etc/os-release", "usr/lib/os-release", "var/lib/rpm/rpmdb.sqlite-wal", "var/lib/dpkg/info/a.list"} {
		if !wanted(p) {
			t.Errorf("%s is passed over", p)
		}
	}
	for _, p := range []string{"var/lib/pacman/local/a-1/desc", "var/db/pkg/a/b-1/CONTENTS", "usr/lib/opkg/status", "nix/var/nix/db/db.sqlite", "var/lib/chisel/manifest.wall", "var/db/xbps/pkgdb-0.38.plist", "opt/conda-meta/a.json"} {
		if !notable(p) {
			t.Errorf("%s is passed over", p)
		}
	}
	if wanted("usr/share/doc/a/copyright") || wanted("app/node_modules/a/lib/package.json") {
		t.Error("files are kept that nobody reads")
	}
}
