package runner

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// ErrNotRegular says that a path is no regular file, such as a folder or a symbolic link.
var ErrNotRegular = errors.New("it is no regular file")

// Workspace reads and writes files below one folder. No path leaves it, symbolic links included:
// what is in the folder may be hostile. Writes are atomic, and files belong to the folder's owner,
// for a container runs as root and later steps on the same machine do not.
type Workspace struct {
	Dir  string // absolute
	root *os.Root
	uid  int
	gid  int
}

// OpenWorkspace opens a folder.
func OpenWorkspace(dir string) (*Workspace, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the workspace: %w", err)
	}
	w := &Workspace{Dir: dir, root: root, uid: -1, gid: -1}
	if info, err := root.Stat("."); err == nil {
		if stat, ok := info.Sys().(*syscall.Stat_t); ok && os.Geteuid() == 0 {
			w.uid, w.gid = int(stat.Uid), int(stat.Gid)
		}
	}
	return w, nil
}

// Close releases the folder.
func (w *Workspace) Close() error { return w.root.Close() }

// Read returns a file of at most limit bytes; fs.ErrNotExist where there is none.
func (w *Workspace) Read(name string, limit int64) ([]byte, error) {
	f, err := w.root.OpenFile(w.local(name), os.O_RDONLY|syscall.O_NONBLOCK, 0) // a named pipe would wait for a writer
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil {
		return nil, err
	} else if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("read %s: %w", name, ErrNotRegular)
	}
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("read %s: it is larger than %d bytes", name, limit)
	}
	return data, nil
}

// Glob lists the files below the folder that match a pattern of path/filepath, slash-separated.
func (w *Workspace) Glob(pattern string) ([]string, error) {
	return fs.Glob(w.root.FS(), filepath.ToSlash(w.local(pattern)))
}

// Writable tells why Write would refuse a path: it is no regular file (ErrNotRegular), leads out, or
// belongs to git. A path where nothing is can be written.
func (w *Workspace) Writable(name string) error {
	_, err := w.place(w.local(name))
	return err
}

// place is what lies at a path that may be written, nil where nothing does.
func (w *Workspace) place(name string) (fs.FileInfo, error) {
	if slices.ContainsFunc(strings.Split(filepath.ToSlash(name), "/"), func(part string) bool { return strings.EqualFold(part, ".git") }) {
		return nil, fmt.Errorf("write %s: what belongs to git is not written", name)
	}
	switch info, err := w.root.Lstat(name); {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("write %s: %w", name, ErrNotRegular)
	default:
		return info, nil
	}
}

// Write replaces a file and tells whether that changed it. Folders on the way are made. The file
// has its old mode, or 0644, and is never seen half-written.
func (w *Workspace) Write(name string, data []byte) (changed bool, err error) {
	name = w.local(name)
	info, err := w.place(name)
	if err != nil {
		return false, err
	}
	mode := fs.FileMode(0o644)
	if info != nil {
		mode = info.Mode().Perm()
		if old, err := w.Read(name, int64(len(data))); err == nil && bytes.Equal(old, data) {
			return false, nil
		}
	}
	if err := w.mkdir(path.Dir(filepath.ToSlash(name))); err != nil {
		return false, err
	}
	temporary := name + ".slipway-" + rand.Text()[:8]
	if err := w.create(temporary, data, mode); err != nil {
		w.root.Remove(temporary)
		return false, err
	}
	if err := w.root.Rename(temporary, name); err != nil {
		w.root.Remove(temporary)
		return false, err
	}
	return true, nil
}

// Remove takes a file away. One that is not there is gone already.
func (w *Workspace) Remove(name string) error {
	name = w.local(name)
	if info, err := w.place(name); err != nil || info == nil {
		return err
	}
	return w.root.Remove(name)
}

func (w *Workspace) create(name string, data []byte, mode fs.FileMode) error {
	f, err := w.root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Chmod(mode)) // whatever the umask
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	return w.handBack(name)
}

// mkdir makes a folder and those above it, each handed back as well.
func (w *Workspace) mkdir(dir string) error {
	if dir == "." || dir == "/" {
		return nil
	}
	if _, err := w.root.Stat(dir); err == nil {
		return nil
	}
	if err := w.mkdir(path.Dir(dir)); err != nil {
		return err
	}
	if err := w.root.Mkdir(dir, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return w.handBack(dir)
}

func (w *Workspace) handBack(name string) error {
	if w.uid < 0 {
		return nil
	}
	return w.root.Lchown(name, w.uid, w.gid)
}

// local makes an absolute path inside the folder relative to it. Any other path stays as it is,
// and the root refuses those that lead out.
func (w *Workspace) local(name string) string {
	if rest, ok := strings.CutPrefix(name, w.Dir+string(filepath.Separator)); ok {
		return rest
	}
	return filepath.Clean(name)
}
