package gitrepo

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
)

// ReadFile reads a file as it is at rev; fs.ErrNotExist where it is not there, and where its
// place holds a folder or a symbolic link. Name is relative to the top of the work tree. Each folder on
// the way must be readable, for one that is missing in a broken or partial clone says nothing.
func (r *Repo) ReadFile(ctx context.Context, rev, name string, limit int64) (text []byte, err error) {
	name = path.Clean(name)
	absent := fmt.Errorf("%s at %s: %w", name, rev, fs.ErrNotExist)
	switch {
	case name == r.absent && rev == r.Head:
		return nil, absent
	case !filepath.IsLocal(name) || name == ".":
		return nil, fmt.Errorf("%s is no path inside the repository", name)
	}
	asked, end := r.call("cat-file", "--batch"), "\n"
	if strings.Contains(name, "\n") {
		asked.args, end = append(asked.args, "-z"), "\x00"
	}
	parts, questions := strings.Split(name, "/"), rev+":"+end
	for n := range parts {
		questions += rev + ":" + strings.Join(parts[:n+1], "/") + end
	}
	asked.stdin = strings.NewReader(questions)
	err = asked.stream(ctx, func(out io.Reader) error {
		in := bufio.NewReader(out)
		for n, part := range parts {
			folder, err := object(in, "tree", treeLimit)
			if err != nil {
				return fmt.Errorf("the folder of %s at %s %w", strings.Join(parts[:n+1], "/"), rev, err)
			}
			mode := folder.mode(part)
			switch file := n == len(parts)-1; {
			case !file && mode == "40000":
			case !file || !strings.HasPrefix(mode, "100"):
				return errEnough
			}
		}
		file, err := object(in, "blob", limit)
		if err != nil {
			return fmt.Errorf("%s at %s %w", name, rev, err)
		}
		text = file.text
		return errEnough
	})
	switch {
	case err != nil:
		return nil, err
	case text == nil:
		return nil, absent
	}
	return text, nil
}

// treeLimit is the most bytes of one folder's entries.
const treeLimit = 64 << 20

// content is what git holds under an id.
type content struct {
	id   string
	text []byte // never nil
}

// object reads the next answer of cat-file --batch, which must be of that kind.
func object(in *bufio.Reader, kind string, limit int64) (content, error) {
	header, err := in.ReadString('\n')
	if err != nil {
		return content{}, fmt.Errorf("cannot be read: %w", err)
	}
	var size int64
	f := strings.Fields(header)
	if len(f) != 3 || !IsCommitID(f[0]) || f[1] != kind {
		return content{}, fmt.Errorf("cannot be read: git cat-file answered %q where a %s was asked for", tail(strings.TrimSpace(header), 200), kind)
	}
	if _, err := fmt.Sscan(f[2], &size); err != nil || size < 0 || size > limit {
		return content{}, fmt.Errorf("has %s bytes; the limit is %d", f[2], limit)
	}
	text := make([]byte, size+1) // a line break follows
	if _, err = io.ReadFull(in, text); err != nil {
		return content{}, fmt.Errorf("cannot be read: %w", err)
	}
	return content{f[0], text[:size]}, nil
}

// mode is what a folder's entry of that name is, in octal: 100644 and 100755 are regular files, 40000
// is a folder; "" where there is none. An entry is a mode, a blank, a name, NUL and an id in bytes.
func (c content) mode(name string) string {
	width, entries := len(c.id)/2, c.text
	for {
		head, rest, ok := bytes.Cut(entries, []byte{0})
		mode, entry, blank := bytes.Cut(head, []byte{' '})
		switch {
		case !ok || !blank || len(rest) < width:
			return ""
		case string(entry) == name:
			return string(mode)
		}
		entries = rest[width:]
	}
}
