// Package fakeimage makes images such as a builder leaves them, for tests of what becomes of them. It does no I/O.
package fakeimage

import (
	"archive/tar"
	"bytes"
	"debug/elf"
	"encoding/binary"
	"io"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

// Built is an image; what two builds of one source may differ in is in the fields.
type Built struct {
	Architecture string
	At           time.Time          // of the build
	Layers       []map[string]Entry // by path
	User         string
	Start        []string
	Version      string
	Host         string // of the builder
}

// Entry is a file, or where Kind says so, something else of an archive. A symbolic link's text is where it leads.
type Entry struct {
	Text string
	Mode int64
	Kind byte
}

// Program is the head of a binary for an architecture, which needs a loader or none.
func Program(architecture string, loader bool) string {
	var b bytes.Buffer
	head := elf.Header64{Type: uint16(elf.ET_EXEC), Machine: uint16(machines[architecture]), Version: 1, Phoff: 64, Ehsize: 64, Phentsize: 56, Phnum: 1, Shentsize: 64}
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

// Good is an image that may be released.
func Good(architecture, version string) *Built {
	return &Built{
		Architecture: architecture, At: time.Date(2026, 11, 3, 1, 2, 3, 4, time.UTC), Version: version,
		Start: []string{"/usr/bin/slipway"}, Host: "builder-1",
		Layers: []map[string]Entry{{
			"usr/bin/slipway":                   {Text: Program(architecture, false), Mode: 0o755},
			"usr/bin/git":                       {Text: "git", Mode: 0o755},
			"usr/lib/git-core/git-remote-https": {Text: "git", Mode: 0o755},
			"etc/ssl/certs/ca-certificates.crt": {Text: "certificates", Mode: 0o644},
			"etc/passwd":                        {Text: "root", Mode: 0o644},
			"var/lib/dpkg/status.d/git":         {Text: "Package: git\n", Mode: 0o644},
			"var/lib/dpkg/status.d/libc6":       {Text: "Package: libc6\n", Mode: 0o644},
			"tmp":                               {Mode: 0o1777, Kind: tar.TypeDir},
		}},
	}
}

// Image is the image that was built.
func (b *Built) Image() (v1.Image, error) {
	var image v1.Image = empty.Image
	for i, files := range b.Layers {
		var content bytes.Buffer
		archive := tar.NewWriter(&content)
		for name, one := range files { // in no order
			kind := one.Kind
			if kind == 0 {
				kind = tar.TypeReg
			}
			header := &tar.Header{Typeflag: kind, Name: name, Size: int64(len(one.Text)), Mode: one.Mode, ModTime: b.At, Uname: b.Host, Uid: i}
			if kind == tar.TypeSymlink {
				header.Linkname, header.Size = one.Text, 0
				one.Text = ""
			}
			if err := archive.WriteHeader(header); err != nil {
				return nil, err
			}
			if _, err := io.WriteString(archive, one.Text); err != nil {
				return nil, err
			}
		}
		if err := archive.Close(); err != nil {
			return nil, err
		}
		layer, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content.Bytes())), nil })
		if err != nil {
			return nil, err
		}
		image, err = mutate.Append(image, mutate.Addendum{Layer: layer, History: v1.History{Created: v1.Time{Time: b.At}, CreatedBy: b.Host}})
		if err != nil {
			return nil, err
		}
	}
	config, err := image.ConfigFile()
	if err != nil {
		return nil, err
	}
	config = config.DeepCopy()
	config.OS, config.Architecture, config.Created = "linux", b.Architecture, v1.Time{Time: b.At}
	config.Container = b.Host
	config.Config = v1.Config{
		User: b.User, Entrypoint: b.Start, Hostname: b.Host, Image: b.Host, Env: []string{"PATH=/usr/bin"},
		Labels: map[string]string{"org.opencontainers.image.version": b.Version, "org.opencontainers.image.title": "Slipway"},
	}
	image, err = mutate.ConfigFile(image, config)
	if err != nil {
		return nil, err
	}
	return image, nil
}
