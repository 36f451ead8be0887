package releasing_test

import (
	"archive/tar"
	"bytes"
	"debug/elf"
	"encoding/binary"
	"io"
	"strings"
	"testing"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"

	"github.com/slipway-actions/slipway/internal/releasing"
)

// source is what the images of these tests are made from.
var source = releasing.Source{
	Created: time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC), Version: "1.4.0", Revision: strings.Repeat("a1", 20),
}

// built is an image as a builder leaves it; what two builds of one source may differ in is in the fields.
type built struct {
	architecture string
	at           time.Time
	layers       []map[string]entry // by path
	user         string
	start        []string
	version      string
	host         string
}

type entry struct {
	text string
	mode int64
	kind byte
}

// program is the head of a binary for an architecture, which needs a loader or none.
func program(machine elf.Machine, loader bool) string {
	var b bytes.Buffer
	head := elf.Header64{Type: uint16(elf.ET_EXEC), Machine: uint16(machine), Version: 1, Phoff: 64, Ehsize: 64, Phentsize: 56, Phnum: 1, Shentsize: 64}
	copy(head.Ident[:], "\x7fELF\x02\x01\x01")
	part := elf.Prog64{Type: uint32(elf.PT_LOAD)}
	if loader {
		part.Type = uint32(elf.PT_INTERP)
	}
	for _, one := range []any{head, part} {
		if err := binary.Write(&b, binary.LittleEndian, one); err != nil {
			panic(err)
		}
	}
	return b.String()
}

var machines = map[string]elf.Machine{"amd64": elf.EM_X86_64, "arm64": elf.EM_AARCH64}

// good is an image that may be released.
func good(architecture string) *built {
	return &built{
		architecture: architecture, at: time.Date(2026, 11, 3, 1, 2, 3, 4, time.UTC), version: source.Version,
		start: []string{"/usr/bin/slipway"}, host: "builder-1",
		layers: []map[string]entry{{
			"usr/bin/slipway":                   {text: program(machines[architecture], false), mode: 0o755},
			"usr/bin/git":                       {text: "git", mode: 0o755},
			"usr/lib/git-core/git-remote-https": {text: "git", mode: 0o755},
			"etc/ssl/certs/ca-certificates.crt": {text: "certificates", mode: 0o644},
			"etc/passwd":                        {text: "root", mode: 0o644},
			"var/lib/dpkg/status.d/git":         {text: "Package: git\n", mode: 0o644},
			"tmp":                               {mode: 0o1777, kind: tar.TypeDir},
		}},
	}
}

func (b *built) image(t *testing.T) v1.Image {
	t.Helper()
	var image v1.Image = empty.Image
	for i, files := range b.layers {
		var content bytes.Buffer
		archive := tar.NewWriter(&content)
		for name, one := range files { // in no order
			kind := one.kind
			if kind == 0 {
				kind = tar.TypeReg
			}
			header := &tar.Header{Typeflag: kind, Name: name, Size: int64(len(one.text)), Mode: one.mode, ModTime: b.at, Uname: b.host, Uid: i}
			if kind == tar.TypeSymlink {
				header.Linkname, header.Size = one.text, 0
				one.text = ""
			}
			if err := archive.WriteHeader(header); err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(archive, one.text); err != nil {
				t.Fatal(err)
			}
		}
		if err := archive.Close(); err != nil {
			t.Fatal(err)
		}
		layer, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content.Bytes())), nil })
		if err != nil {
			t.Fatal(err)
		}
		image, err = mutate.Append(image, mutate.Addendum{Layer: layer, History: v1.History{Created: v1.Time{Time: b.at}, CreatedBy: b.host}})
		if err != nil {
			t.Fatal(err)
		}
	}
	config, err := image.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	config = config.DeepCopy()
	config.OS, config.Architecture, config.Created = "linux", b.architecture, v1.Time{Time: b.at}
	config.Container = b.host
	config.Config = v1.Config{
		User: b.user, Entrypoint: b.start, Hostname: b.host, Image: b.host, Env: []string{"PATH=/usr/bin"},
		Labels: map[string]string{"org.opencontainers.image.version": b.version, "org.opencontainers.image.title": "Slipway"},
	}
	image, err = mutate.ConfigFile(image, config)
	if err != nil {
		t.Fatal(err)
	}
	return image
}

// canonical is the image as it is released.
func canonical(t *testing.T, b *built) v1.Image {
	t.Helper()
	image, err := releasing.Canonical(b.image(t), source)
	if err != nil {
		t.Fatal(err)
	}
	return image
}
