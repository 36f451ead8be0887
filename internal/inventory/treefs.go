package inventory

import (
	"bytes"
	"io/fs"
	"path"
	"time"
)

// treeFS is the tree as a parser may see it: the lockfile itself and the files that it refers to,
// such as go.sum or the parents of a pom.xml. All are read within the tree, links not followed.
type treeFS struct{ lockfile Lockfile }

// Open reads a file.
func (t *treeFS) Open(name string) (fs.File, error) {
	text, err := t.read(name)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return &textFile{Reader: bytes.NewReader(text), info: t.info(name, len(text))}, nil
}

// Stat tells the size of a file.
func (t *treeFS) Stat(name string) (fs.FileInfo, error) {
	text, err := t.read(name)
	if err != nil {
		return nil, &fs.PathError{Op: "stat", Path: name, Err: err}
	}
	return t.info(name, len(text)), nil
}

// ReadDir lists nothing: no parser of a lockfile has a reason to look around.
func (t *treeFS) ReadDir(name string) ([]fs.DirEntry, error) {
	return nil, &fs.PathError{Op: "readdir", Path: name, Err: fs.ErrPermission}
}

func (t *treeFS) read(name string) ([]byte, error) {
	switch {
	case !fs.ValidPath(name):
		return nil, fs.ErrInvalid
	case name == t.lockfile.Path:
		return t.lockfile.Text, nil
	case t.lockfile.Beside == nil:
		return nil, fs.ErrNotExist
	}
	text, err := t.lockfile.Beside(name)
	if err == nil && t.lockfile.Plugin == pomxml {
		err = checkParents(name, text)
	}
	return text, err
}

func (t *treeFS) info(name string, size int) fs.FileInfo {
	return textInfo{path.Base(name), int64(size)}
}

// textFile is a file in memory.
type textFile struct {
	*bytes.Reader
	info fs.FileInfo
}

func (f *textFile) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *textFile) Close() error               { return nil }

type textInfo struct {
	name string
	size int64
}

func (i textInfo) Name() string     { return i.name }
func (i textInfo) Size() int64      { return i.size }
func (textInfo) Mode() fs.FileMode  { return 0o400 }
func (textInfo) ModTime() time.Time { return time.Time{} }
func (textInfo) IsDir() bool        { return false }
func (textInfo) Sys() any           { return nil }
