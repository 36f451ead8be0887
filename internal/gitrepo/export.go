package gitrepo

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// ErrIncomplete says that the clone lacks history or files, as a shallow or a partial one does.
var ErrIncomplete = errors.New("the clone does not hold all that was asked for")

// entryLimit is the most entries of a tree that are looked at.
const entryLimit = 2_000_000

// ExportLimits bound what an export writes. More files or bytes than these are an error.
type ExportLimits struct {
	Files     int
	FileBytes int64 // a larger file is left out, and named
	Bytes     int64 // of all files together
}

// Exported tells what an export wrote, and what it did not.
type Exported struct {
	Files int
	Bytes int64
	// Left are, by path, all symbolic links and submodules of the tree, and those wanted files that are
	// none of a checkout or too large.
	Left []LeftOut
}

// LeftOut is an entry of a tree that was not written.
type LeftOut struct {
	Path string // as git has it: whatever bytes
	Kind Kind
}

// Kind is what an entry is, or why it is not written.
type Kind string

// The kinds.
const (
	Symlink   Kind = "symbolic link"
	Submodule Kind = "submodule"
	TooLarge  Kind = "too large"
	Unusable  Kind = "a name that no folder can hold" // leads out of the tree or into .git, is there twice, too long
)

// Export writes those files of a commit's tree that are wanted below dir, an empty folder given by its
// absolute path. Rev is the full id of a commit, or anything that Resolve takes. Where it fails dir
// may hold a part of the files. The error is an ErrNoSuchRevision, or an ErrIncomplete where the commit or a file of
// it is not in the clone.
func (r *Repo) Export(ctx context.Context, rev, dir string, want func(path string) bool, limits ExportLimits) (Exported, error) {
	var e Exported
	root, err := emptyRoot(dir)
	if err != nil {
		return e, fmt.Errorf("export %s: %w", rev, err)
	}
	defer root.Close()
	if !IsCommitID(rev) {
		if rev, err = r.Resolve(ctx, rev); err != nil {
			return e, err
		}
	}
	wanted, err := r.list(ctx, rev, want, limits, &e)
	if err == nil && len(wanted) > 0 {
		err = r.copyOut(ctx, root, wanted, limits, &e)
	}
	slices.SortStableFunc(e.Left, func(a, b LeftOut) int { return strings.Compare(a.Path, b.Path) })
	if err != nil {
		return e, fmt.Errorf("export %s: %w", rev, lacking(ctx, err))
	}
	return e, nil
}

// lacking marks an error as an ErrIncomplete where git itself says what is wrong, rather than a caller's
// limit or the end of its time.
func lacking(ctx context.Context, err error) error {
	var failed *Error
	if errors.As(err, &failed) && failed.Stderr != "" && ctx.Err() == nil && !errors.Is(err, ErrIncomplete) {
		return fmt.Errorf("%w: %w", ErrIncomplete, err)
	}
	return err
}

func emptyRoot(dir string) (*os.Root, error) {
	if !filepath.IsAbs(dir) {
		return nil, fmt.Errorf("%s is no absolute path", dir)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	if len(entries) > 0 {
		return nil, fmt.Errorf("%s is not empty", dir)
	}
	return os.OpenRoot(dir)
}

// listed is a file of a tree.
type listed struct{ path, id string }

// list finds the wanted files of a tree, and notes what else is there.
func (r *Repo) list(ctx context.Context, id string, want func(string) bool, limits ExportLimits, e *Exported) (wanted []listed, err error) {
	asked := r.call("ls-tree", "-r", "-z", "--full-tree", "--end-of-options", id)
	asked.stderr = &lossy{limit: stderrLimit}
	err = asked.stream(ctx, func(out io.Reader) error {
		seen := 0
		for in := newRecords(out); ; {
			entry, err := in.next()
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return err
			}
			if seen++; seen > entryLimit {
				return fmt.Errorf("the tree has more than %d files", entryLimit)
			}
			about, name, ok := bytes.Cut(entry, []byte{'\t'})
			f := strings.Fields(string(about)) // mode, kind, id
			if !ok || len(f) != 3 || !IsCommitID(f[2]) {
				return fmt.Errorf("git ls-tree answered %q, which is no entry", tail(string(entry), 200))
			}
			switch path := string(name); {
			case f[0] == "120000":
				e.Left = append(e.Left, LeftOut{path, Symlink})
			case f[1] == "commit":
				e.Left = append(e.Left, LeftOut{path, Submodule})
			case !want(path):
			case f[1] != "blob" || !checkable(path):
				e.Left = append(e.Left, LeftOut{path, Unusable})
			default:
				if wanted = append(wanted, listed{path, f[2]}); len(wanted) > limits.Files {
					return fmt.Errorf("more than %d files of it are wanted", limits.Files)
				}
			}
		}
	})
	if err == nil && asked.stderr.Len() > 0 { // a folder that cannot be read may be no more than a complaint
		return nil, fmt.Errorf("%w: %s", ErrIncomplete, tail(strings.TrimSpace(asked.stderr.String()), 200))
	}
	return wanted, err
}

// checkable tells whether a checkout may have a file of that path.
func checkable(name string) bool {
	return filepath.IsLocal(name) && path.Clean(name) == name && name != "." &&
		!slices.ContainsFunc(strings.Split(name, "/"), func(part string) bool { return strings.EqualFold(part, ".git") })
}

// copyOut writes files whose content git gives by their ids, in the order they are asked for.
func (r *Repo) copyOut(ctx context.Context, root *os.Root, wanted []listed, limits ExportLimits, e *Exported) error {
	var questions strings.Builder
	for _, f := range wanted {
		questions.WriteString(f.id + "\n")
	}
	asked := r.call("cat-file", "--batch")
	asked.stdin = strings.NewReader(questions.String())
	return asked.stream(ctx, func(out io.Reader) error {
		in := bufio.NewReaderSize(out, 64<<10)
		for _, f := range wanted {
			size, err := blob(in, f.id)
			if err != nil {
				return fmt.Errorf("%q %w", f.path, err)
			}
			to := io.Discard
			var file *os.File
			switch {
			case size > limits.FileBytes:
				e.Left = append(e.Left, LeftOut{f.path, TooLarge})
			case e.Bytes+size > limits.Bytes:
				return fmt.Errorf("the wanted files have more than %d bytes", limits.Bytes)
			default:
				file, err = create(root, f.path)
				switch {
				case unusable(err):
					e.Left = append(e.Left, LeftOut{f.path, Unusable})
				case err != nil:
					return err
				default:
					to = file
				}
			}
			_, err = io.CopyN(to, in, size)
			if file != nil {
				err = errors.Join(err, file.Close())
				e.Files++
				e.Bytes += size
			}
			if err == nil {
				_, err = in.Discard(1) // a line break follows
			}
			if err != nil {
				return fmt.Errorf("write %q: %w", f.path, err)
			}
		}
		return errEnough
	})
}

// blob reads the head of the next answer of cat-file --batch, and returns how many bytes follow.
func blob(in *bufio.Reader, id string) (size int64, err error) {
	header, err := in.ReadString('\n')
	if err != nil {
		return 0, fmt.Errorf("cannot be read: %w", err)
	}
	f := strings.Fields(header)
	if len(f) == 2 && f[0] == id && f[1] == "missing" {
		return 0, fmt.Errorf("is missing: %w", ErrIncomplete)
	}
	if len(f) != 3 || f[0] != id || f[1] != "blob" {
		return 0, fmt.Errorf("cannot be read: git cat-file answered %q", tail(strings.TrimSpace(header), 200))
	}
	if _, err := fmt.Sscan(f[2], &size); err != nil || size < 0 {
		return 0, fmt.Errorf("has %q bytes", f[2])
	}
	return size, nil
}

// create makes a new file, and the folders it lies in.
func create(root *os.Root, name string) (*os.File, error) {
	name = filepath.FromSlash(name)
	if err := root.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return nil, err
	}
	return root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
}

// unusable tells that a file cannot be made because of its name.
func unusable(err error) bool {
	for _, why := range []error{syscall.EEXIST, syscall.ENOTDIR, syscall.EISDIR, syscall.ENAMETOOLONG, syscall.EINVAL, syscall.EILSEQ} {
		if errors.Is(err, why) {
			return true
		}
	}
	return false
}
