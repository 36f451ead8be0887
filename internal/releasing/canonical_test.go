package releasing_test

import (
	"archive/tar"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/v1/mutate"

	"github.com/slipway-actions/slipway/internal/releasing"
)

// Two builds of one source, at another time, on another machine, with other layers, make one image.
func TestTwoBuildsOneDigest(t *testing.T) {
	one, two := good("amd64"), good("amd64")
	two.at, two.host = two.at.Add(48*time.Hour), "builder-2"
	two.layers = append([]map[string]entry{{"etc/passwd": {text: "of another layer", mode: 0o600}}}, two.layers...)
	first, err := canonical(t, one).Digest()
	if err != nil {
		t.Fatal(err)
	}
	second, err := canonical(t, two).Digest()
	if err != nil {
		t.Fatal(err)
	}
	if first != second {
		t.Errorf("the digests are %s and %s", first, second)
	}
	other := good("amd64")
	other.layers[0]["usr/bin/git"] = entry{text: "another git", mode: 0o755}
	third, err := canonical(t, other).Digest()
	if err != nil {
		t.Fatal(err)
	}
	if third == first {
		t.Error("other content has the same digest")
	}
}

// What is released tells of its source alone, and holds all that was built.
func TestCanonicalContent(t *testing.T) {
	b := good("arm64")
	b.layers = append(b.layers, map[string]entry{"usr/bin/link": {text: "git", kind: tar.TypeSymlink, mode: 0o777}, "etc/.wh.gone": {}})
	image := canonical(t, b)
	config, err := image.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	if config.Architecture != "arm64" || config.Config.Hostname+config.Config.Image+config.Container != "" || !config.Created.Time.Equal(source.Created) {
		t.Errorf("the configuration is %+v", config)
	}
	for name, want := range map[string]string{"revision": source.Revision, "version": "1.4.0", "title": "Slipway"} {
		if got := config.Config.Labels["org.opencontainers.image."+name]; got != want {
			t.Errorf("label %s is %q, want %q", name, got, want)
		}
	}
	content := mutate.Extract(image)
	defer content.Close()
	names := map[string]bool{}
	for archive := tar.NewReader(content); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		names[header.Name] = true
		if !header.ModTime.Equal(source.Created) || header.Uid != 0 || header.Uname != "" {
			t.Errorf("%s is of %v, user %d %q", header.Name, header.ModTime, header.Uid, header.Uname)
		}
	}
	for _, name := range []string{"usr/bin/slipway", "usr/bin/git", "usr/bin/link", "tmp/"} {
		if !names[name] && !names[strings.TrimSuffix(name, "/")] {
			t.Errorf("%s is missing from %v", name, names)
		}
	}
}

func TestImagesThatAreRefused(t *testing.T) {
	for name, test := range map[string]struct {
		spoil func(*built)
		want  string
	}{
		"a shell":             {func(b *built) { b.layers[0]["bin/sh"] = entry{text: "x", mode: 0o755} }, "holds the shell /bin/sh"},
		"a shell by link":     {func(b *built) { b.layers[0]["bin/bash"] = entry{text: "git", kind: tar.TypeSymlink} }, "holds the shell /bin/bash"},
		"busybox":             {func(b *built) { b.layers[0]["usr/bin/busybox"] = entry{text: "x", mode: 0o755} }, "busybox"},
		"setuid":              {func(b *built) { b.layers[0]["usr/bin/git"] = entry{text: "x", mode: 0o4755} }, "/usr/bin/git is setuid"},
		"writable by all":     {func(b *built) { b.layers[0]["etc/passwd"] = entry{text: "x", mode: 0o666} }, "everybody may write /etc/passwd"},
		"a device":            {func(b *built) { b.layers[0]["dev/x"] = entry{kind: tar.TypeChar} }, "/dev/x is neither"},
		"no git":              {func(b *built) { delete(b.layers[0], "usr/bin/git") }, "lacks /usr/bin/git"},
		"no certificates":     {func(b *built) { b.layers[0]["etc/ssl/certs/ca-certificates.crt"] = entry{mode: 0o644} }, "lacks /etc/ssl"},
		"no list of packages": {func(b *built) { delete(b.layers[0], "var/lib/dpkg/status.d/git") }, "which packages its files are of"},
		"not static": {func(b *built) {
			b.layers[0]["usr/bin/slipway"] = entry{text: program(machines["amd64"], true), mode: 0o755}
		}, "CGO_ENABLED=0"},
		"another platform": {func(b *built) {
			b.layers[0]["usr/bin/slipway"] = entry{text: program(machines["arm64"], false), mode: 0o755}
		}, "it is built for EM_AARCH64, the image is for amd64"},
		"no binary":       {func(b *built) { b.layers[0]["usr/bin/slipway"] = entry{text: strings.Repeat("text", 20), mode: 0o755} }, "/usr/bin/slipway: bad magic"},
		"no root":         {func(b *built) { b.user = "nobody" }, `runs as "nobody"`},
		"another program": {func(b *built) { b.start = []string{"/usr/bin/git"} }, "the image starts"},
		"another version": {func(b *built) { b.version = "dev" }, `says version "dev"; wanted: "1.4.0"`},
	} {
		t.Run(name, func(t *testing.T) {
			b := good("amd64")
			test.spoil(b)
			_, err := releasing.Canonical(b.image(t), source)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("the error is %v, want one with %q", err, test.want)
			}
		})
	}
	bad := source
	bad.Revision, bad.Created = "main", time.Time{}
	if _, err := releasing.Canonical(good("amd64").image(t), bad); err == nil || !strings.Contains(err.Error(), "no commit id") || !strings.Contains(err.Error(), "time of the commit") {
		t.Errorf("of no commit: %v", err)
	}
}
