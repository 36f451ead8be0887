package releasing_test

import (
	"archive/tar"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"

	"github.com/slipway-actions/slipway/internal/fakeimage"
	"github.com/slipway-actions/slipway/internal/releasing"
)

// source is what the images of these tests are made from.
var source = releasing.Source{
	Created: time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC), Version: "1.4.0", Revision: strings.Repeat("a1", 20),
}

func image(t *testing.T, b *fakeimage.Built) v1.Image {
	t.Helper()
	image, err := b.Image()
	if err != nil {
		t.Fatal(err)
	}
	return image
}

// canonical is the image as it is released.
func canonical(t *testing.T, b *fakeimage.Built) v1.Image {
	t.Helper()
	image, err := releasing.Canonical(image(t, b), source)
	if err != nil {
		t.Fatal(err)
	}
	return image
}

// Two builds of one source, at another time, on another machine, with other layers, make one image.
func TestTwoBuildsOneDigest(t *testing.T) {
	one, two := fakeimage.Good("amd64", source.Version), fakeimage.Good("amd64", source.Version)
	two.At, two.Host = two.At.Add(48*time.Hour), "builder-2"
	two.Layers = append([]map[string]fakeimage.Entry{{"etc/passwd": {Text: "of another layer", Mode: 0o600}}}, two.Layers...)
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
	other := fakeimage.Good("amd64", source.Version)
	other.Layers[0]["usr/bin/git"] = fakeimage.Entry{Text: "another git", Mode: 0o755}
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
	b := fakeimage.Good("arm64", source.Version)
	b.Layers = append(b.Layers, map[string]fakeimage.Entry{"usr/bin/link": {Text: "git", Kind: tar.TypeSymlink, Mode: 0o777}, "etc/.wh.gone": {}})
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
		spoil func(*fakeimage.Built)
		want  string
	}{
		"a shell": {func(b *fakeimage.Built) { b.Layers[0]["bin/sh"] = fakeimage.Entry{Text: "x", Mode: 0o755} }, "holds the shell /bin/sh"},
		"a shell by link": {func(b *fakeimage.Built) {
			b.Layers[0]["bin/bash"] = fakeimage.Entry{Text: "git", Kind: tar.TypeSymlink}
		}, "holds the shell /bin/bash"},
		"busybox":         {func(b *fakeimage.Built) { b.Layers[0]["usr/bin/busybox"] = fakeimage.Entry{Text: "x", Mode: 0o755} }, "busybox"},
		"setuid":          {func(b *fakeimage.Built) { b.Layers[0]["usr/bin/git"] = fakeimage.Entry{Text: "x", Mode: 0o4755} }, "/usr/bin/git is setuid"},
		"writable by all": {func(b *fakeimage.Built) { b.Layers[0]["etc/passwd"] = fakeimage.Entry{Text: "x", Mode: 0o666} }, "everybody may write /etc/passwd"},
		"a device":        {func(b *fakeimage.Built) { b.Layers[0]["dev/x"] = fakeimage.Entry{Kind: tar.TypeChar} }, "/dev/x is neither"},
		"no git":          {func(b *fakeimage.Built) { delete(b.Layers[0], "usr/bin/git") }, "lacks /usr/bin/git"},
		"no certificates": {func(b *fakeimage.Built) {
			b.Layers[0]["etc/ssl/certs/ca-certificates.crt"] = fakeimage.Entry{Mode: 0o644}
		}, "lacks /etc/ssl"},
		"no list of packages": {func(b *fakeimage.Built) { delete(b.Layers[0], "var/lib/dpkg/status.d/git") }, "lacks /var/lib/dpkg/status.d/git"},
		"not static": {func(b *fakeimage.Built) {
			b.Layers[0]["usr/bin/slipway"] = fakeimage.Entry{Text: fakeimage.Program("amd64", true), Mode: 0o755}
		}, "CGO_ENABLED=0"},
		"another platform": {func(b *fakeimage.Built) {
			b.Layers[0]["usr/bin/slipway"] = fakeimage.Entry{Text: fakeimage.Program("arm64", false), Mode: 0o755}
		}, "it is built for EM_AARCH64, the image is for amd64"},
		"no binary": {func(b *fakeimage.Built) {
			b.Layers[0]["usr/bin/slipway"] = fakeimage.Entry{Text: strings.Repeat("text", 20), Mode: 0o755}
		}, "/usr/bin/slipway: bad magic"},
		"no root":         {func(b *fakeimage.Built) { b.User = "nobody" }, `runs as "nobody"`},
		"another program": {func(b *fakeimage.Built) { b.Start = []string{"/usr/bin/git"} }, "the image starts"},
		"another version": {func(b *fakeimage.Built) { b.Version = "dev" }, `says version "dev"; wanted: "1.4.0"`},
	} {
		t.Run(name, func(t *testing.T) {
			b := fakeimage.Good("amd64", source.Version)
			test.spoil(b)
			_, err := releasing.Canonical(image(t, b), source)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("the error is %v, want one with %q", err, test.want)
			}
		})
	}
	bad := source
	bad.Revision, bad.Created = "main", time.Time{}
	if _, err := releasing.Canonical(image(t, fakeimage.Good("amd64", source.Version)), bad); err == nil || !strings.Contains(err.Error(), "no commit id") || !strings.Contains(err.Error(), "time of the commit") {
		t.Errorf("of no commit: %v", err)
	}
}
