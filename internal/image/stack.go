package image

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// files are what a container of the image would see, and what became of them layer by layer.
type files struct {
	top     *node
	bytes   *os.File             // what is kept of all files, one after the other
	history map[string][]version // of kept files, by path
	size    int64
	entries int
	most    bounds
}

// version is a file as a layer left it.
type version struct {
	layer   int
	content *content // nil where the layer removes the file
}

func (f *files) Close() error { return f.bytes.Close() }

// content opens a kept file.
func (f *files) content(c *content) *io.SectionReader {
	return io.NewSectionReader(f.bytes, c.at, c.size)
}

// stack puts the layers on each other (https://github.com/opencontainers/image-spec/blob/main/layer.md).
func stack(ctx context.Context, s store, p pick, temporary string, most bounds) (_ *files, err error) {
	kept, err := os.Create(filepath.Join(temporary, "files"))
	if err != nil {
		return nil, err
	}
	f := &files{top: newFolder("", nil, 0), bytes: kept, history: map[string][]version{}, most: most}
	defer func() {
		if err != nil {
			kept.Close()
		}
	}()
	left := most.unpacked
	for i, l := range p.layers {
		if err := f.add(ctx, s, i, l, &left); err != nil {
			return nil, fmt.Errorf("unpack layer %d: %w", i, err)
		}
	}
	return f, nil
}

func (f *files) add(ctx context.Context, s store, index int, l layer, left *int64) error {
	u, err := unpack(ctx, s, l, left)
	if err != nil {
		return err
	}
	defer u.Close()
	r := tar.NewReader(u)
	for {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return u.finish()
		}
		if err != nil {
			return err
		}
		if f.entries++; f.entries > f.most.entries {
			return errBound("files", f.most.entries)
		}
		if err := f.entry(index, h, r); err != nil {
			return fmt.Errorf("%q: %w", shorten(h.Name), err)
		}
	}
}

// The names that stand for what a layer removes.
const (
	whiteout = ".wh."
	opaque   = ".wh..wh..opq" // all of the folder that lower layers brought
	aufs     = ".wh..wh."     // what a file system of old notes for itself
)

func (f *files) entry(layer int, h *tar.Header, r io.Reader) error {
	name := path.Clean(strings.TrimLeft(h.Name, "/"))
	if name == "." {
		return nil
	}
	if name == ".." || strings.HasPrefix(name, "../") || len(h.Name) > 4096 || strings.Count(name, "/") >= pathLimit {
		return errors.New("its path leads out of the image, or is too long")
	}
	dir, base := path.Split(name)
	in, err := f.top.find(dir, true, func(in *node, name string) *node {
		n := newFolder(name, in, layer)
		in.children[name] = n
		return n
	})
	if err != nil {
		return err
	}
	if !in.isDir() {
		return errors.New("it lies in what is no folder")
	}
	switch removed, out := strings.CutPrefix(base, whiteout); {
	case base == opaque:
		f.clear(in, layer)
		return nil
	case strings.HasPrefix(base, aufs):
		return nil
	case out:
		if n, ok := in.children[removed]; ok {
			f.remove(n, layer)
		}
		return nil
	}
	return f.put(in, base, layer, h, r)
}

// put places an entry of a tar in its folder.
func (f *files) put(in *node, base string, layer int, h *tar.Header, r io.Reader) error {
	before := in.children[base]
	mode := h.FileInfo().Mode()
	if h.Typeflag == tar.TypeDir {
		if before != nil && before.isDir() {
			before.mode = mode
			return nil
		}
		if before != nil {
			f.remove(before, layer)
		}
		in.children[base] = newFolder(base, in, layer)
		in.children[base].mode = mode
		return nil
	}
	n := &node{name: base, parent: in, mode: mode, layer: layer}
	switch h.Typeflag {
	case tar.TypeReg:
		n.size = h.Size
		var err error
		if n.content, err = f.keep(n, r); err != nil {
			return err
		}
	case tar.TypeSymlink:
		n.target = h.Linkname
	case tar.TypeLink:
		other, err := f.top.find(h.Linkname, false, nil)
		if err != nil {
			return fmt.Errorf("its hard link: %w", err)
		}
		if other.isDir() {
			return errors.New("it is a hard link to a folder")
		}
		n.mode, n.target, n.size, n.content = other.mode, other.target, other.size, other.content
	default:
		n.mode |= fs.ModeIrregular // a device, a pipe: nothing to be read, but it hides what was there
	}
	if before != nil && (before.isDir() || n.content == nil) { // else a new version takes its place
		f.remove(before, layer)
	}
	in.children[base] = n
	if n.content != nil {
		p := n.path()
		f.history[p] = append(f.history[p], version{layer, n.content})
	}
	return nil
}

// keep stores a file's content where somebody will read it.
func (f *files) keep(n *node, r io.Reader) (*content, error) {
	head := make([]byte, min(4, n.size))
	if _, err := io.ReadFull(r, head); err != nil {
		return nil, err
	}
	if !wanted(n.path()) && string(head) != elfMagic {
		return nil, nil
	}
	if n.size > f.most.kept-f.size {
		return nil, fmt.Errorf("what has to be read of the image is more than %d bytes", f.most.kept)
	}
	if _, err := f.bytes.WriteAt(head, f.size); err != nil {
		return nil, err
	}
	copied, err := io.Copy(io.NewOffsetWriter(f.bytes, f.size+int64(len(head))), r)
	if err != nil {
		return nil, err
	}
	if copied += int64(len(head)); copied != n.size {
		return nil, fmt.Errorf("it has %d bytes, not %d", copied, n.size)
	}
	c := &content{f.size, n.size}
	f.size += n.size
	return c, nil
}

// elfMagic begins every program and library of Linux.
const elfMagic = "\x7fELF"

// remove takes a node away, and what is in it.
func (f *files) remove(n *node, layer int) {
	_ = n.each(func(file *node) error {
		if file.content != nil {
			p := file.path()
			f.history[p] = append(f.history[p], version{layer, nil})
		}
		return nil
	})
	delete(n.parent.children, n.name)
}

// clear takes all from a folder that lower layers brought.
func (f *files) clear(in *node, layer int) {
	for _, n := range in.children {
		if n.isDir() {
			f.clear(n, layer)
			if len(n.children) == 0 && n.layer < layer {
				f.remove(n, layer)
			}
		} else if n.layer < layer {
			f.remove(n, layer)
		}
	}
}

func shorten(s string) string {
	if len(s) > 200 {
		return s[:200] + "…"
	}
	return s
}
