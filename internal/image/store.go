package image

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
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

// The files by which an image is known.
const (
	layoutFile = "oci-layout"
	indexFile  = "index.json"
	dockerFile = "manifest.json"
)

// store is where the parts of an image lie, by slash-separated names.
type store interface {
	// open gives a regular file and its size. What is not there is fs.ErrNotExist.
	open(name string) (io.ReadCloser, int64, error)
	Close() error
}

// folder is a layout that is a folder. Nothing outside of it is read, and no link is followed.
type folder struct{ root *os.Root }

func (f folder) Close() error { return f.root.Close() }

func (f folder) open(name string) (io.ReadCloser, int64, error) {
	for at := range len(name) + 1 {
		if at < len(name) && name[at] != '/' {
			continue
		}
		info, err := f.root.Lstat(filepath.FromSlash(name[:at]))
		if err != nil {
			return nil, 0, err
		}
		if end := at == len(name); end && !info.Mode().IsRegular() || !end && !info.IsDir() {
			return nil, 0, fmt.Errorf("%s is a link or no regular file", name[:at])
		}
	}
	file, err := f.root.Open(filepath.FromSlash(name))
	if err != nil {
		return nil, 0, err
	}
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		file.Close()
		return nil, 0, errors.Join(err, fmt.Errorf("%s is no regular file", name))
	}
	return file, info.Size(), nil
}

// archive is an image in a tar.
type archive struct {
	file  *os.File
	parts map[string]part
}

// part is a file of the tar.
type part struct {
	at, size int64
	link     string // the part that it is a link to; docker save writes one for a layer that it holds twice
}

func (a archive) Close() error { return a.file.Close() }

func (a archive) open(name string) (io.ReadCloser, int64, error) {
	p, ok := a.parts[name]
	if ok && p.link != "" {
		p, ok = a.parts[p.link]
	}
	if !ok || p.link != "" {
		return nil, 0, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return io.NopCloser(io.NewSectionReader(a.file, p.at, p.size)), p.size, nil
}

// open finds out in which form an image lies in the workspace.
func open(ctx context.Context, tree *os.Root, name, temporary string, most bounds) (store, error) {
	info, err := tree.Lstat(name)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		root, err := tree.OpenRoot(name)
		if err != nil {
			return nil, err
		}
		return folder{root}, nil
	case !info.Mode().IsRegular():
		return nil, errors.New("it is a link or no regular file")
	}
	file, err := tree.Open(name)
	if err != nil {
		return nil, err
	}
	if zipped, err := isGzip(file); err != nil {
		file.Close()
		return nil, err
	} else if zipped {
		plain, err := unzip(ctx, file, temporary, most)
		file.Close()
		if err != nil {
			return nil, err
		}
		file = plain
	}
	parts, err := list(ctx, file, most)
	if err != nil {
		file.Close()
		return nil, err
	}
	return archive{file, parts}, nil
}

func isGzip(file io.ReadSeeker) (bool, error) {
	var magic [2]byte
	n, err := io.ReadFull(file, magic[:])
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return false, err
	}
	_, err = file.Seek(0, io.SeekStart)
	return n == 2 && bytes.Equal(magic[:], []byte{0x1f, 0x8b}), err
}

// unzip writes an archive that is compressed as a whole to a temporary file, for its parts are
// needed in another order than they come.
func unzip(ctx context.Context, file io.Reader, temporary string, most bounds) (*os.File, error) {
	r, err := gzip.NewReader(file)
	if err != nil {
		return nil, fmt.Errorf("unpack the archive: %w", err)
	}
	plain, err := os.Create(filepath.Join(temporary, "archive.tar"))
	if err != nil {
		return nil, err
	}
	n, err := io.Copy(plain, io.LimitReader(patient{ctx, r}, most.unpacked+1))
	if err == nil && n > most.unpacked {
		err = errBound("bytes", most.unpacked)
	}
	if err == nil {
		_, err = plain.Seek(0, io.SeekStart)
	}
	if err != nil {
		plain.Close()
		return nil, fmt.Errorf("unpack the archive: %w", err)
	}
	return plain, nil
}

// list finds the parts of a tar. The reader of package tar has read no further than to the start of
// an entry's content, so the file stands there.
func list(ctx context.Context, file io.ReadSeeker, most bounds) (map[string]part, error) {
	size, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	parts := map[string]part{}
	r := tar.NewReader(file)
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return parts, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read the archive: %w", err)
		}
		at, err := file.Seek(0, io.SeekCurrent)
		if err != nil {
			return nil, err
		}
		name := path.Clean(h.Name)
		switch h.Typeflag {
		case tar.TypeReg:
			if h.Size > size-at {
				return nil, fmt.Errorf("read the archive: it ends within %q", name)
			}
			parts[name] = part{at: at, size: h.Size}
		case tar.TypeSymlink:
			parts[name] = part{link: path.Join(path.Dir(name), h.Linkname)}
		case tar.TypeLink:
			parts[name] = part{link: path.Clean(h.Linkname)}
		}
		if len(parts) > most.entries {
			return nil, errBound("files", most.entries)
		}
	}
}

// recognise tells whether an image lies at a name.
func recognise(tree *os.Root, name string, most bounds) (bool, error) {
	info, err := tree.Lstat(name)
	if err != nil {
		return false, err
	}
	if info.IsDir() {
		for _, file := range []string{layoutFile, indexFile} {
			if info, err := tree.Lstat(filepath.Join(name, file)); err != nil || info.IsDir() {
				return false, nil
			}
		}
		return true, nil
	}
	if !info.Mode().IsRegular() {
		return false, nil
	}
	file, err := tree.Open(name)
	if err != nil {
		return false, err
	}
	defer file.Close()
	var content io.Reader = file // a file can be sought in, so what is no compressed tar is passed over without reading
	if zipped, err := isGzip(file); err != nil {
		return false, err
	} else if zipped {
		r, err := gzip.NewReader(file)
		if err != nil {
			return false, nil
		}
		content = io.LimitReader(r, most.unpacked)
	}
	return recogniseTar(tar.NewReader(content), most)
}

func recogniseTar(r *tar.Reader, most bounds) (bool, error) {
	var layout, index bool
	for n := 0; ; n++ {
		h, err := r.Next()
		switch {
		case errors.Is(err, io.EOF):
			return false, nil
		case err != nil && n == 0: // no tar at all
			return false, nil
		case err != nil:
			return false, fmt.Errorf("read the archive: %w", err)
		case n > most.entries:
			return false, errBound("files", most.entries)
		}
		switch path.Clean(h.Name) {
		case layoutFile:
			layout = true
		case indexFile:
			index = true
		case dockerFile:
			text, err := io.ReadAll(io.LimitReader(r, most.document))
			if err != nil {
				return false, fmt.Errorf("read the archive: %w", err)
			}
			if images, err := parseDocker(text); err == nil && len(images) > 0 {
				return true, nil
			}
		}
		if layout && index {
			return true, nil
		}
	}
}

// patient reads until the context ends.
type patient struct {
	ctx context.Context
	r   io.Reader
}

func (p patient) Read(b []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	return p.r.Read(b)
}

// clean tells whether a name of a part stays within the image.
func clean(name string) bool {
	return name != "" && name == path.Clean(name) && !path.IsAbs(name) && name != ".." && !strings.HasPrefix(name, "../") && !strings.Contains(name, "\\")
}
