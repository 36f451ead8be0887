package image

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"github.com/klauspost/compress/zstd"
)

const debianWant = "/var/lib/dpkg/status scanned: Debian:12 bash 5.2.15-2 @0\n"

func debianImage(t testing.TB) v1.Image {
	return imageOf(t, layerTar(t, entries(bookworm+status+bash)...))
}

// npmImage holds one package of a name.
func npmImage(t testing.TB, name string) v1.Image {
	return imageOf(t, layerTar(t, entries("-- app/node_modules/"+name+"/package.json --\n{\"name\":\""+name+"\",\"version\":\"1.0.0\"}\n")...))
}

func docker(t testing.TB, file string, images map[string]v1.Image) {
	t.Helper()
	tags := map[name.Tag]v1.Image{}
	for tag, image := range images {
		parsed, err := name.NewTag(tag)
		if err != nil {
			t.Fatal(err)
		}
		tags[parsed] = image
	}
	if err := tarball.MultiWriteToFile(file, tags); err != nil {
		t.Fatal(err)
	}
}

func gzipFile(t testing.TB, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(text)
	w.Close()
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestForms reads the same image in all forms that it may lie in.
func TestForms(t *testing.T) {
	tests := []struct {
		name string
		make func(t *testing.T, root string)
	}{
		{"a layout", func(t *testing.T, root string) {
			os.Rename(filepath.Join(layoutOf(t, debianImage(t)), "image"), filepath.Join(root, "image"))
		}},
		{"a layout in a tar", func(t *testing.T, root string) {
			pack(t, filepath.Join(layoutOf(t, debianImage(t)), "image"), filepath.Join(root, "image"))
		}},
		{"a layout in a tar, compressed", func(t *testing.T, root string) {
			pack(t, filepath.Join(layoutOf(t, debianImage(t)), "image"), filepath.Join(root, "image"))
			gzipFile(t, filepath.Join(root, "image"))
		}},
		{"docker save", func(t *testing.T, root string) {
			docker(t, filepath.Join(root, "image"), map[string]v1.Image{"app:1": debianImage(t)})
		}},
		{"docker save, compressed", func(t *testing.T, root string) {
			docker(t, filepath.Join(root, "image"), map[string]v1.Image{"app:1": debianImage(t)})
			gzipFile(t, filepath.Join(root, "image"))
		}},
		{"docker save under two tags", func(t *testing.T, root string) {
			image := debianImage(t)
			docker(t, filepath.Join(root, "image"), map[string]v1.Image{"app:1": image, "app:2": image})
		}},
		{"layers in zstd", func(t *testing.T, root string) {
			plain := layerTar(t, entries(bookworm+status+bash)...)
			encoder, _ := zstd.NewWriter(nil)
			image, err := mutate.AppendLayers(platformed(t, empty.Image, "linux", "amd64"), zstdLayer{static.NewLayer(encoder.EncodeAll(plain, nil), types.OCILayerZStd), layerOf(t, plain)})
			if err != nil {
				t.Fatal(err)
			}
			os.Rename(filepath.Join(layoutOf(t, image), "image"), filepath.Join(root, "image"))
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			root := t.TempDir()
			test.make(t, root)
			if is, err := Is(root, "image"); !is || err != nil {
				t.Errorf("it is an image: %v, %v", is, err)
			}
			tree, err := Read(t.Context(), root, "image")
			if err != nil {
				t.Fatal(err)
			}
			if got := describe(tree); got != debianWant {
				t.Errorf("got %s", got)
			}
		})
	}
}

// zstdLayer is one that its own library cannot unpack to find the digest.
type zstdLayer struct{ packed, plain v1.Layer }

func (l zstdLayer) Digest() (v1.Hash, error)             { return l.packed.Digest() }
func (l zstdLayer) DiffID() (v1.Hash, error)             { return l.plain.DiffID() }
func (l zstdLayer) Compressed() (io.ReadCloser, error)   { return l.packed.Compressed() }
func (l zstdLayer) Uncompressed() (io.ReadCloser, error) { return l.plain.Uncompressed() }
func (l zstdLayer) Size() (int64, error)                 { return l.packed.Size() }
func (l zstdLayer) MediaType() (types.MediaType, error)  { return types.OCILayerZStd, nil }

func TestIs(t *testing.T) {
	root := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(filepath.Join(root, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	whole := layerTar(t, entries("-- a --\n"+strings.Repeat("x", 2000)+"\n-- oci-layout --\n{}\n-- index.json --\n{}\n")...)
	write("go.mod", "module m\n")
	write("empty", "")
	write("folder/go.mod", "module m\n")
	write("half/oci-layout", "{}")
	write("other.tar", string(layerTar(t, entries("-- manifest.json --\n{\"name\":\"web app\"}\n")...)))
	write("cut.tar", string(whole[:1000]))
	write("cut.tar.gz", "\x1f\x8b\x08")
	if err := os.Symlink("/", filepath.Join(root, "link")); err != nil {
		t.Fatal(err)
	}
	for name, fails := range map[string]bool{"go.mod": false, "empty": false, "folder": false, "half": false, "other.tar": false, "link": false, "cut.tar.gz": false, "cut.tar": true, "missing": true, "../x": true} {
		if is, err := Is(root, name); is || (err != nil) != fails {
			t.Errorf("%s: %v, %v", name, is, err)
		}
	}
	for _, name := range []string{"go.mod", "empty", "folder", "half", "other.tar", "link", "cut.tar", "cut.tar.gz", "missing", "../x"} {
		if tree, err := Read(t.Context(), root, name); err == nil {
			t.Errorf("%s was read: %s", name, describe(tree))
		}
	}
	if _, err := Read(t.Context(), root, "missing"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("nothing there: %v", err)
	}
}

// TestChoice reads archives of several images.
func TestChoice(t *testing.T) {
	amd, arm, windows := npmImage(t, "amd"), platformed(t, npmImage(t, "arm"), "linux", "arm64"), platformed(t, npmImage(t, "win"), "windows", "amd64")
	member := func(image v1.Image, platform *v1.Platform) mutate.IndexAddendum {
		return mutate.IndexAddendum{Add: image, Descriptor: v1.Descriptor{Platform: platform}}
	}
	amd64, arm64 := &v1.Platform{OS: "linux", Architecture: "amd64"}, &v1.Platform{OS: "linux", Architecture: "arm64"}
	attestation := member(npmImage(t, "attestation"), &v1.Platform{OS: "unknown", Architecture: "unknown"})
	tests := []struct {
		name  string
		index v1.ImageIndex
		want  string
	}{
		{"the usual platform", nested(t, member(arm, arm64), attestation, member(amd, amd64)), "/app/node_modules scanned: npm amd 1.0.0 @0\npassed: made for linux/arm64 too; only what is in the image for linux/amd64 is judged\n"},
		{"the only one", nested(t, attestation, member(arm, arm64)), "/app/node_modules scanned: npm arm 1.0.0 @0\n"},
		{"no platform named", nested(t, member(arm, nil)), "/app/node_modules scanned: npm arm 1.0.0 @0\n"},
		{"Windows", nested(t, member(windows, &v1.Platform{OS: "windows", Architecture: "amd64"})), "image not scanned (it is an image for windows)\n"},
		{"not one image for several platforms", mutate.AppendManifests(empty.Index, mutate.IndexAddendum{Add: amd, Descriptor: refName("a:1")}, mutate.IndexAddendum{Add: npmImage(t, "other"), Descriptor: refName("b:1")}),
			"/app/node_modules scanned: npm amd 1.0.0 @0\nb:1 (linux/amd64) not scanned (the archive holds more than one image, and this one is not read)\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			root := t.TempDir()
			if _, err := layout.Write(filepath.Join(root, "image"), test.index); err != nil {
				t.Fatal(err)
			}
			tree, err := Read(t.Context(), root, "image")
			if err != nil {
				t.Fatal(err)
			}
			if got := describe(tree); got != test.want {
				t.Errorf("got\n%swant\n%s", got, test.want)
			}
		})
	}
	t.Run("docker save of two", func(t *testing.T) {
		root := t.TempDir()
		docker(t, filepath.Join(root, "image"), map[string]v1.Image{"one:1": amd, "two:1": npmImage(t, "other")})
		tree, err := Read(t.Context(), root, "image")
		if got := describe(tree); err != nil || strings.Count(got, " not scanned (the archive holds more than one image") != 1 || strings.Count(got, "npm ") != 1 {
			t.Errorf("got %s, %v", got, err)
		}
	})
	t.Run("nothing but attestations", func(t *testing.T) {
		root := t.TempDir()
		if _, err := layout.Write(filepath.Join(root, "image"), nested(t, attestation)); err != nil {
			t.Fatal(err)
		}
		if tree, err := Read(t.Context(), root, "image"); err == nil {
			t.Errorf("read %s", describe(tree))
		}
	})
}

func refName(ref string) v1.Descriptor {
	return v1.Descriptor{Annotations: map[string]string{"org.opencontainers.image.ref.name": ref}}
}

// nested is an index that holds one image for several platforms.
func nested(t testing.TB, members ...mutate.IndexAddendum) v1.ImageIndex {
	t.Helper()
	return mutate.AppendManifests(empty.Index, mutate.IndexAddendum{Add: mutate.AppendManifests(empty.Index, members...), Descriptor: refName("app:1")})
}

// TestHostile reads images that are not what they say.
func TestHostile(t *testing.T) {
	good := layerTar(t, entries(bookworm+status+bash)...)
	blobs := func(root string) []string {
		files, _ := filepath.Glob(filepath.Join(root, "image", "blobs", "sha256", "*"))
		return files
	}
	// layerBlob is the largest one.
	layerBlob := func(t *testing.T, root string) string {
		t.Helper()
		var largest string
		var size int64
		for _, f := range blobs(root) {
			text, _ := os.ReadFile(f)
			if info, _ := os.Stat(f); bytes.HasPrefix(text, []byte{0x1f, 0x8b}) && info.Size() > size {
				largest, size = f, info.Size()
			}
		}
		return largest
	}
	change := func(file string, by func([]byte) []byte) {
		text, _ := os.ReadFile(file)
		os.Chmod(file, 0o644)
		os.WriteFile(file, by(text), 0o644)
	}
	damaged := []struct {
		name   string
		damage func(t *testing.T, root string)
		want   string
	}{
		{"a blob is missing", func(t *testing.T, root string) { os.Remove(layerBlob(t, root)) }, "is not there"},
		{"a blob is cut off", func(t *testing.T, root string) {
			change(layerBlob(t, root), func(b []byte) []byte { return b[:len(b)-1] })
		}, "bytes, not"},
		{"a blob is of another content", func(t *testing.T, root string) {
			change(layerBlob(t, root), func(b []byte) []byte { b[5] ^= 1; return b }) // the time in the header of gzip
		}, "is not what its digest says"},
		{"a manifest is of another content", func(t *testing.T, root string) {
			for _, f := range blobs(root) {
				change(f, func(b []byte) []byte { return bytes.Replace(b, []byte("schemaVersion"), []byte("SchemaVersion"), 1) })
			}
		}, "is not what its digest says"},
		{"a blob is a link to outside", func(t *testing.T, root string) {
			blob := layerBlob(t, root)
			os.Rename(blob, filepath.Join(root, "outside"))
			os.Symlink(filepath.Join(root, "outside"), blob)
		}, "is a link"},
		{"a blob is a link inside", func(t *testing.T, root string) {
			blob := layerBlob(t, root)
			os.Rename(blob, filepath.Join(root, "image", "inside"))
			os.Symlink("../../inside", blob)
		}, "is a link"},
		{"the blobs are a link", func(t *testing.T, root string) {
			os.Rename(filepath.Join(root, "image", "blobs"), filepath.Join(root, "blobs"))
			os.Symlink("../blobs", filepath.Join(root, "image", "blobs"))
		}, "is a link"},
		{"a digest with a path", func(t *testing.T, root string) {
			os.WriteFile(filepath.Join(root, "image", "index.json"), []byte(`{"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","size":2,"digest":"sha256:../../../../etc/passwd"}]}`), 0o644)
		}, "hash"},
		{"a digest that nobody can check", func(t *testing.T, root string) {
			os.WriteFile(filepath.Join(root, "image", "index.json"), []byte(`{"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","size":2}]}`), 0o644)
		}, "no kind that can be checked"},
		{"an index without images", func(t *testing.T, root string) {
			os.WriteFile(filepath.Join(root, "image", "index.json"), []byte(`{}`), 0o644)
		}, "lists no image"},
		{"an index that is none", func(t *testing.T, root string) {
			os.WriteFile(filepath.Join(root, "image", "index.json"), []byte(`[`), 0o644)
		}, "read the index"},
	}
	for _, test := range damaged {
		t.Run(test.name, func(t *testing.T) {
			root := layoutOf(t, imageOf(t, good))
			test.damage(t, root)
			if tree, err := Read(t.Context(), root, "image"); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q; read %s", err, test.want, describe(tree))
			}
		})
	}
	layers := []struct {
		name  string
		layer []byte
		want  string
	}{
		{"a path that leads out", layerTar(t, tarEntry{name: "../../etc/os-release", text: "ID=debian\n"}), "leads out of the image"},
		{"a path that leads out by a detour", layerTar(t, tarEntry{name: "a/../../b", text: "x"}), "leads out of the image"},
		{"links in circles", layerTar(t, entries("-- a --\n-> b\n-- b --\n-> a\n-- a/c --\nx\n")...), "round in circles"},
		{"a hard link to nowhere", layerTar(t, entries("-- a --\n=> ../../../etc/passwd\n")...), "hard link"},
		{"a file in a file", layerTar(t, entries("-- a --\nx\n-- a/b --\nx\n")...), "no folder"},
		{"folders in each other", layerTar(t, tarEntry{name: strings.Repeat("a/", 600) + "b", text: "x"}), "too long"},
		{"a link to a folder, again and again", layerTar(t, deep()...), "folders in each other"},
		{"a tar that is cut off", good[:520], "unexpected EOF"},
		{"no tar", []byte(strings.Repeat("nonsense ", 200)), "invalid tar header"},
	}
	for _, test := range layers {
		t.Run(test.name, func(t *testing.T) {
			if tree, err := readLayers(t, good, test.layer); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q; read %s", err, test.want, describe(tree))
			}
		})
	}
	t.Run("an opaque layer that says it is another", func(t *testing.T) {
		image, err := mutate.AppendLayers(debianImage(t), zstdLayer{layerOf(t, layerTar(t, entries("-- a --\nx\n")...)), layerOf(t, layerTar(t, entries("-- b --\nx\n")...))})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Read(t.Context(), layoutOf(t, image), "image"); err == nil || !strings.Contains(err.Error(), "does not unpack to") {
			t.Errorf("error %v", err)
		}
	})
}

// deep makes folders in each other by way of links that lead to the innermost so far.
func deep() []tarEntry {
	var all []tarEntry
	inner := strings.Repeat("a/", 400)
	at := ""
	for _, link := range []string{"b", "c", "d"} {
		all = append(all, tarEntry{name: at + inner, kind: tar.TypeDir}, tarEntry{name: link, link: "/" + at + inner, kind: tar.TypeSymlink})
		at = link + "/"
	}
	return all
}

// TestBounds passes each bound once.
func TestBounds(t *testing.T) {
	root := layoutOf(t, imageOf(t, layerTar(t, entries(bookworm+status+bash)...), layerTar(t, tarEntry{name: "zeros", text: strings.Repeat("\x00", 1<<20)})))
	if tree, err := read(t.Context(), root, "image", usual); err != nil || describe(tree) != debianWant {
		t.Fatalf("within bounds: %s, %v", describe(tree), err)
	}
	for name, lower := range map[string]func(*bounds){
		"unpack to more":    func(b *bounds) { b.unpacked = 1 << 19 },
		"more than 10 byte": func(b *bounds) { b.kept = 10 },
		"2 files":           func(b *bounds) { b.entries = 2 },
		"1 layers":          func(b *bounds) { b.layers = 1 },
		"larger than 100":   func(b *bounds) { b.document = 100 },
		"0 images":          func(b *bounds) { b.images = 0 },
		"takes more than":   func(b *bounds) { b.time = time.Nanosecond },
	} {
		most := usual
		lower(&most)
		if tree, err := read(t.Context(), root, "image", most); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v, read %s", name, err, describe(tree))
		}
	}
	most := usual
	most.file = 10
	if tree, err := read(t.Context(), root, "image", most); err != nil || !strings.Contains(describe(tree), "broken (it is larger than") {
		t.Errorf("a large file: %v, %s", err, describe(tree))
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Read(ended, root, "image"); !errors.Is(err, context.Canceled) {
		t.Errorf("an ended context: %v", err)
	}
	// An archive that is compressed as a whole is bounded too.
	file := t.TempDir()
	docker(t, filepath.Join(file, "image"), map[string]v1.Image{"app:1": debianImage(t)})
	gzipFile(t, filepath.Join(file, "image"))
	most = usual
	most.unpacked = 1000
	if _, err := read(t.Context(), file, "image", most); err == nil || !strings.Contains(err.Error(), "bytes") {
		t.Errorf("a large archive: %v", err)
	}
}

// A lockfile that is a link to a file of another name would be read under no name at all.
func TestLinkedLockfile(t *testing.T) {
	lock := `{"lockfileVersion": 3, "packages": {"node_modules/evil": {"version": "1.0.0"}}}`
	for target, want := range map[string]string{
		"/data/x":                      "/app/package-lock.json not scanned (it is a link or no regular file, and what it leads to is read under no other name)\n",
		"/data/real/package-lock.json": "/data/real/package-lock.json scanned: npm evil 1.0.0 @0\n",
	} {
		tree, err := readLayers(t, layerTar(t, entries("-- "+target[1:]+" --\n"+lock+"\n-- app/package-lock.json --\n-> "+target+"\n")...))
		if err != nil {
			t.Fatal(err)
		}
		if got := describe(tree); !strings.Contains(got, want) {
			t.Errorf("%s: got\n%swant\n%s", target, got, want)
		}
	}
}
