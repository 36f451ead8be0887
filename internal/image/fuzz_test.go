package image

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func FuzzReadDpkg(f *testing.F) {
	f.Add([]byte(bash+"\n"+curl), false)
	f.Add([]byte("Package: a\nVersion: 1"), true)
	f.Add([]byte(" x\n:\n"), false)
	f.Fuzz(func(t *testing.T, text []byte, always bool) {
		all, err := readDpkg(text, always)
		for _, i := range all {
			if err == nil && (i.name == "" || i.version == "") {
				t.Errorf("a package without name or version: %+v", i)
			}
		}
	})
}

func FuzzReadApk(f *testing.F) {
	f.Add([]byte(musl))
	f.Add([]byte("P:\n\nV:"))
	f.Fuzz(func(t *testing.T, text []byte) {
		all, err := readApk(text)
		for _, i := range all {
			if err == nil && (i.name == "" || i.version == "") {
				t.Errorf("a package without name or version: %+v", i)
			}
		}
	})
}

func FuzzReadMetadata(f *testing.F) {
	f.Add([]byte("Name: a\nVersion: 1\n\n"))
	f.Fuzz(func(t *testing.T, text []byte) { readMetadata(text) })
}

// FuzzRead reads anything as an archive: whatever it is, it comes back with an error or as a report.
func FuzzRead(f *testing.F) {
	dir := f.TempDir()
	pack(f, filepath.Join(layoutOf(f, debianImage(f)), "image"), filepath.Join(dir, "a"))
	text, err := os.ReadFile(filepath.Join(dir, "a"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add(text[:1000])
	f.Fuzz(func(t *testing.T, text []byte) {
		root := t.TempDir()
		if err := os.WriteFile(filepath.Join(root, "image"), text, 0o644); err != nil {
			t.Fatal(err)
		}
		tree, err := Read(t.Context(), root, "image")
		if err == nil && len(tree.Manifests) == 0 {
			t.Error("an image without anything to say")
		}
	})
}

// BenchmarkRead reads an image of 20,000 files, of which few count.
func BenchmarkRead(b *testing.B) {
	all := entries(bookworm + status + bash)
	for i := range 20_000 {
		all = append(all, tarEntry{name: "usr/share/doc/" + strings.Repeat("d", i%30) + "/" + string(rune('a'+i%26)) + strings.Repeat("x", i/700) + "/file.txt", text: "text"})
	}
	layer := layerTar(b, all...)
	root := layoutOf(b, imageOf(b, layer, layer))
	b.SetBytes(int64(2 * len(bytes.TrimSpace(layer))))
	for b.Loop() {
		if _, err := Read(b.Context(), root, "image"); err != nil {
			b.Fatal(err)
		}
	}
}
