package image

import (
	"archive/tar"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"golang.org/x/tools/txtar"

	"github.com/slipway-actions/slipway/internal/manifest"
)

// tarEntry is a file of a layer.
type tarEntry struct {
	name, text, link string
	kind             byte
	mode             int64
}

func layerTar(t testing.TB, entries ...tarEntry) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, e := range entries {
		h := &tar.Header{Name: e.name, Linkname: e.link, Typeflag: e.kind, Mode: e.mode, Size: int64(len(e.text))}
		if h.Typeflag == 0 {
			h.Typeflag = tar.TypeReg
		}
		if h.Mode == 0 {
			h.Mode = 0o644
		}
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, e.text); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// entries are the files of a txtar. A text of "-> x" makes a symbolic link, "=> x" a hard link, and
// a name that ends in / a folder.
func entries(archive string) []tarEntry {
	var all []tarEntry
	for _, f := range txtar.Parse([]byte(archive)).Files {
		e := tarEntry{name: f.Name, text: string(f.Data)}
		if target, ok := strings.CutPrefix(e.text, "-> "); ok {
			e.text, e.link, e.kind = "", strings.TrimSpace(target), tar.TypeSymlink
		} else if target, ok := strings.CutPrefix(e.text, "=> "); ok {
			e.text, e.link, e.kind = "", strings.TrimSpace(target), tar.TypeLink
		} else if strings.HasSuffix(f.Name, "/") {
			e.text, e.kind = "", tar.TypeDir
		}
		all = append(all, e)
	}
	return all
}

func layerOf(t testing.TB, text []byte) v1.Layer {
	t.Helper()
	l, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(text)), nil })
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// imageOf makes an image of layers, each of which a command has made.
func imageOf(t testing.TB, layers ...[]byte) v1.Image {
	t.Helper()
	image := v1.Image(empty.Image)
	for i, text := range layers {
		var err error
		image, err = mutate.Append(image, mutate.Addendum{Layer: layerOf(t, text), History: v1.History{CreatedBy: fmt.Sprintf("RUN step %d", i)}},
			mutate.Addendum{History: v1.History{CreatedBy: "ENV A=b", EmptyLayer: true}})
		if err != nil {
			t.Fatal(err)
		}
	}
	return platformed(t, image, "linux", "amd64")
}

func platformed(t testing.TB, image v1.Image, system, architecture string) v1.Image {
	t.Helper()
	config, err := image.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	config = config.DeepCopy()
	config.OS, config.Architecture = system, architecture
	image, err = mutate.ConfigFile(image, config)
	if err != nil {
		t.Fatal(err)
	}
	return image
}

// layoutOf writes images as a layout into the folder image of a new workspace.
func layoutOf(t testing.TB, images ...v1.Image) (root string) {
	t.Helper()
	root = t.TempDir()
	p, err := layout.Write(filepath.Join(root, "image"), empty.Index)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range images {
		if err := p.AppendImage(i); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// pack puts a folder into a tar.
func pack(t testing.TB, dir, file string) {
	t.Helper()
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := tar.NewWriter(f)
	if err := w.AddFS(os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

func readLayers(t testing.TB, layers ...[]byte) (manifest.Tree, error) {
	t.Helper()
	return Read(t.Context(), layoutOf(t, imageOf(t, layers...)), "image")
}

// describe is a tree in one line a file, without the path of the image.
func describe(tree manifest.Tree) string {
	var b strings.Builder
	for _, m := range tree.Manifests {
		fmt.Fprintf(&b, "%s %s", strings.TrimPrefix(m.Path, "image!"), m.State)
		if m.Reason != "" {
			fmt.Fprintf(&b, " (%s)", m.Reason)
		}
		for i, e := range m.Packages {
			separator := ","
			if i == 0 {
				separator = ":"
			}
			fmt.Fprintf(&b, "%s %s %s @%d", separator, e.Ecosystem, e.Package, e.Layer.Index)
		}
		b.WriteString("\n")
	}
	for _, p := range tree.Passed {
		fmt.Fprintf(&b, "passed: %s\n", p.Reason)
	}
	return b.String()
}
