package sbom

import (
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/osv"
)

// Both ways lead to the other.
func TestPURL(t *testing.T) {
	tests := []struct {
		p    osv.Package
		want string
	}{
		{osv.Package{Ecosystem: "Go", Name: "golang.org/x/net", Version: "0.7.0"}, "pkg:golang/golang.org/x/net@v0.7.0"},
		{osv.Package{Ecosystem: "Go", Name: "github.com/BurntSushi/toml", Version: "1.2.0"}, "pkg:golang/github.com/BurntSushi/toml@v1.2.0"},
		{osv.Package{Ecosystem: "Go", Name: "github.com/docker/docker", Version: "20.10.7+incompatible"}, "pkg:golang/github.com/docker/docker@v20.10.7%2Bincompatible"},
		{osv.Package{Ecosystem: "Go", Name: "stdlib", Version: "1.21.0"}, "pkg:golang/stdlib@1.21.0"},
		{osv.Package{Ecosystem: "npm", Name: "express", Version: "4.18.1"}, "pkg:npm/express@4.18.1"},
		{osv.Package{Ecosystem: "npm", Name: "@babel/core", Version: "7.1.0"}, "pkg:npm/%40babel/core@7.1.0"},
		{osv.Package{Ecosystem: "PyPI", Name: "jinja2", Version: "2.11.2"}, "pkg:pypi/jinja2@2.11.2"},
		{osv.Package{Ecosystem: "crates.io", Name: "tokio", Version: "1.8.0"}, "pkg:cargo/tokio@1.8.0"},
		{osv.Package{Ecosystem: "Maven", Name: "org.apache.logging.log4j:log4j-core", Version: "2.14.1"}, "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1"},
		{osv.Package{Ecosystem: "RubyGems", Name: "rails", Version: "6.0.0"}, "pkg:gem/rails@6.0.0"},
		{osv.Package{Ecosystem: "Packagist", Name: "symfony/http-kernel", Version: "5.4.0"}, "pkg:composer/symfony/http-kernel@5.4.0"},
		{osv.Package{Ecosystem: "NuGet", Name: "Newtonsoft.Json", Version: "12.0.1"}, "pkg:nuget/Newtonsoft.Json@12.0.1"},
		{osv.Package{Ecosystem: "Hex", Name: "plug", Version: "1.3.1"}, "pkg:hex/plug@1.3.1"},
		{osv.Package{Ecosystem: "Pub", Name: "http", Version: "0.13.0"}, "pkg:pub/http@0.13.0"},
		{osv.Package{Ecosystem: "ConanCenter", Name: "zlib", Version: "1.2.11"}, "pkg:conan/zlib@1.2.11"},
		{osv.Package{Ecosystem: "CRAN", Name: "commonmark", Version: "1.7"}, "pkg:cran/commonmark@1.7"},
		{osv.Package{Ecosystem: "Hackage", Name: "aeson", Version: "1.4.6.0"}, "pkg:hackage/aeson@1.4.6.0"},
		{osv.Package{Ecosystem: "SwiftURL", Name: "github.com/apple/swift-nio", Version: "2.41.0"}, "pkg:swift/github.com/apple/swift-nio@2.41.0"},
		{osv.Package{Ecosystem: "GitHub Actions", Name: "tj-actions/changed-files", Version: "44"}, "pkg:github/tj-actions/changed-files@44"},
		{osv.Package{Ecosystem: "Bitnami", Name: "wordpress", Version: "6.2.0"}, "pkg:bitnami/wordpress@6.2.0"},
		{osv.Package{Ecosystem: "Debian:12", Name: "openssl", Version: "1:3.0.11-1"}, "pkg:deb/debian/openssl@1:3.0.11-1?distro=debian-12"},
		{osv.Package{Ecosystem: "Ubuntu:22.04:LTS", Name: "openssl", Version: "3.0.2-0ubuntu1"}, "pkg:deb/ubuntu/openssl@3.0.2-0ubuntu1?distro=ubuntu-22.04"},
		{osv.Package{Ecosystem: "Ubuntu:23.10", Name: "openssl", Version: "3"}, "pkg:deb/ubuntu/openssl@3?distro=ubuntu-23.10"},
		{osv.Package{Ecosystem: "Alpine:v3.18", Name: "openssl", Version: "3.1.1-r1"}, "pkg:apk/alpine/openssl@3.1.1-r1?distro=alpine-3.18"},
		{osv.Package{Ecosystem: "AlmaLinux:9", Name: "curl", Version: "1:7.76.1-26.el9"}, "pkg:rpm/almalinux/curl@7.76.1-26.el9?distro=almalinux-9&epoch=1"},
		{osv.Package{Ecosystem: "npm", Name: "express"}, "pkg:npm/express"},
	}
	for _, test := range tests {
		if got := PURL(test.p); got != test.want {
			t.Errorf("%v: %q, want %q", test.p, got, test.want)
		}
		if got, ok := FromPURL(test.want); !ok || got != test.p {
			t.Errorf("%s: %+v, %v; want %+v", test.want, got, ok, test.p)
		}
	}
	for _, p := range []osv.Package{{}, {Ecosystem: "Nowhere", Name: "a"}, {Ecosystem: "npm"}, {Ecosystem: "PyPI", Name: "\x00"}} {
		if got := PURL(p); got != "" {
			t.Errorf("%+v: %q", p, got)
		}
	}
}

func TestFromPURL(t *testing.T) {
	tests := []struct {
		text string
		want osv.Package
	}{
		{"pkg:pypi/Flask_Login@0.5", osv.Package{Ecosystem: "PyPI", Name: "flask-login", Version: "0.5"}},
		{"pkg:npm/babel/core@7", osv.Package{Ecosystem: "npm", Name: "@babel/core", Version: "7"}},
		{"pkg:npm/@babel/core@7", osv.Package{Ecosystem: "npm", Name: "@babel/core", Version: "7"}},
		{"pkg:golang/google.golang.org/genproto@v0.1.0#googleapis/api", osv.Package{Ecosystem: "Go", Name: "google.golang.org/genproto", Version: "0.1.0"}},
		{"pkg:golang/github.com/labstack/echo@v4.9.0#v4", osv.Package{Ecosystem: "Go", Name: "github.com/labstack/echo/v4", Version: "4.9.0"}},
		{"pkg:golang/std@go1.21.1", osv.Package{Ecosystem: "Go", Name: "stdlib", Version: "1.21.1"}},
		{"pkg://npm/a@1", osv.Package{Ecosystem: "npm", Name: "a", Version: "1"}},
		{"pkg:conan/bincrafters/zlib@1.2.11?channel=stable", osv.Package{Ecosystem: "ConanCenter", Name: "zlib", Version: "1.2.11"}},
		{"pkg:githubactions/Azure/login@v1", osv.Package{Ecosystem: "GitHub Actions", Name: "Azure/login", Version: "v1"}},
		{"pkg:deb/debian/curl@7.88.1", osv.Package{Ecosystem: "Debian", Name: "curl", Version: "7.88.1"}},
		{"pkg:deb/debian/libssl3@3.0.11?distro=bookworm&upstream=openssl%403.0.10", osv.Package{Ecosystem: "Debian:12", Name: "openssl", Version: "3.0.10"}},
		{"pkg:deb/ubuntu/curl@7?distro=jammy", osv.Package{Ecosystem: "Ubuntu:22.04:LTS", Name: "curl", Version: "7"}},
		{"pkg:apk/alpine/curl@8.1.2-r0?distro=edge", osv.Package{Ecosystem: "Alpine", Name: "curl", Version: "8.1.2-r0"}},
		{"pkg:rpm/almalinux/curl@7.76.1?epoch=0&distro=almalinux-9.2", osv.Package{Ecosystem: "AlmaLinux:9", Name: "curl", Version: "7.76.1"}},
		{"pkg:rpm/rocky/curl@7.76.1?distro=rocky-9.2", osv.Package{Ecosystem: "Rocky Linux:9", Name: "curl", Version: "7.76.1"}},
	}
	for _, test := range tests {
		if got, ok := FromPURL(test.text); !ok || got != test.want {
			t.Errorf("%s: %+v, %v; want %+v", test.text, got, ok, test.want)
		}
	}
	for _, text := range []string{"", "pkg:", "pkg:npm", "pkg:npm/", "npm/a@1", "pkg:oci/a@1", "pkg:generic/a@1", "pkg:rpm/fedora/a@1", "pkg:deb/mint/a@1",
		"pkg:npm/a%00@1", "pkg:npm/a@1%0A", "pkg:npm/%FF@1", "pkg:gem/a/b@1", "pkg:npm/" + strings.Repeat("a", 5000)} {
		if got, ok := FromPURL(text); ok {
			t.Errorf("%.40q: %+v", text, got)
		}
	}
}

func FuzzFromPURL(f *testing.F) {
	for _, text := range []string{"pkg:golang/github.com/A/b@v1#v2", "pkg:npm/%40a/b@1", "pkg:deb/debian/a@1:2?distro=debian-12&upstream=b@3", "pkg:rpm/rocky/a@1?epoch=2"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, ok := FromPURL(text)
		if !ok {
			return
		}
		back := PURL(p)
		if back == "" {
			return
		}
		if q, ok := FromPURL(back); !ok || osv.CanonicalName(q.Ecosystem, q.Name) != osv.CanonicalName(p.Ecosystem, p.Name) || q.Version != p.Version {
			t.Errorf("%q is %+v, whose URL %q is %+v", text, p, back, q)
		}
	})
}
