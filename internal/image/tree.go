package image

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// node is a file, a folder or a link of an image.
type node struct {
	name     string
	parent   *node // nil at the top
	children map[string]*node
	mode     fs.FileMode
	target   string   // of a link
	size     int64    // of a file
	content  *content // of a file that is read again; nil elsewhere
	layer    int      // that brought it
	depth    int      // below the top
}

// content is where a file's bytes are kept. Hard links share one.
type content struct{ at, size int64 }

// The most links that lead from one to the next, and the most folders in each other.
const (
	linkLimit = 40
	pathLimit = 512
)

func newFolder(name string, parent *node, layer int) *node {
	n := &node{name: name, parent: parent, children: map[string]*node{}, mode: fs.ModeDir | 0o755, layer: layer}
	if parent != nil {
		n.depth = parent.depth + 1
	}
	return n
}

func (n *node) isDir() bool { return n.mode.IsDir() }

// path is slash-separated and starts at the top, without a slash.
func (n *node) path() string {
	var names []string
	for ; n.parent != nil; n = n.parent {
		names = append(names, n.name)
	}
	slices.Reverse(names)
	return strings.Join(names, "/")
}

var errLoop = errors.New("its links go round in circles")

// find follows a path within the image; a link that would lead out leads to the top, as it does in
// a container. The last name is followed where it is a link, if so asked. add makes folders that
// are missing.
func (n *node) find(name string, follow bool, add func(in *node, name string) *node) (*node, error) {
	return n.resolve(n, name, follow, add, new(int))
}

func (n *node) resolve(top *node, name string, follow bool, add func(*node, string) *node, links *int) (*node, error) {
	at := n
	if strings.HasPrefix(name, "/") {
		at = top
	}
	names := strings.FieldsFunc(name, func(r rune) bool { return r == '/' })
	for i, part := range names {
		if at.depth > pathLimit { // links make a path longer than it is written
			return nil, errBound("folders in each other", pathLimit)
		}
		if !at.isDir() {
			return nil, &fs.PathError{Op: "open", Path: name, Err: errors.New("a part of the path is no folder")}
		}
		switch part {
		case ".":
			continue
		case "..":
			if at.parent != nil {
				at = at.parent
			}
			continue
		}
		next, ok := at.children[part]
		if !ok && add != nil {
			next, ok = add(at, part), true
		}
		if !ok {
			return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
		}
		if next.mode&fs.ModeSymlink != 0 && (follow || i < len(names)-1) {
			if *links++; *links > linkLimit {
				return nil, errLoop
			}
			var err error
			if next, err = at.resolve(top, next.target, true, add, links); err != nil {
				return nil, fmt.Errorf("follow %s: %w", part, err)
			}
		}
		at = next
	}
	return at, nil
}

// each visits all files, in the order of their names. What is behind links is visited where it lies.
func (n *node) each(visit func(*node) error) error {
	if !n.isDir() {
		return visit(n)
	}
	names := make([]string, 0, len(n.children))
	for name := range n.children {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if err := n.children[name].each(visit); err != nil {
			return err
		}
	}
	return nil
}
