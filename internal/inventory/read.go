package inventory

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/manifest"
	"github.com/slipway-actions/slipway/internal/osv"
)

// Lockfile is one file to be read, and how.
type Lockfile struct {
	Path   string // slash-separated, relative to the tree
	Plugin string // of osv-scanner
	Text   []byte // what it holds; nothing may change it
	// Beside reads another file of the tree that this one refers to, by its path. It may be nil.
	Beside func(path string) ([]byte, error)
}

// Parser reads the packages of one lockfile. What it cannot read it must not pass over.
type Parser interface {
	Parse(ctx context.Context, l Lockfile) ([]manifest.Entry, error)
}

// Read takes the inventory of a folder of the workspace, or of a single manifest. Both are given
// slash-separated; root is the workspace. An error means that the tree as a whole could not be
// looked through; fs.ErrNotExist that there is nothing at dir.
func Read(ctx context.Context, p Parser, root, dir string) (manifest.Tree, error) {
	tree, err := os.OpenRoot(root)
	if err != nil {
		return manifest.Tree{}, err
	}
	defer tree.Close()
	files, passed, err := walk(ctx, tree, dir)
	if err != nil {
		return manifest.Tree{}, err
	}
	r := reader{parser: p, tree: tree, read: map[string]bool{}, own: map[string]bool{}}
	bounded, cancel := context.WithTimeout(ctx, parseTime)
	defer cancel()
	for _, f := range files {
		if err := ctx.Err(); err != nil {
			return manifest.Tree{}, err
		}
		r.take(bounded, f)
	}
	r.pair()
	inv := manifest.Tree{Manifests: r.manifests, Passed: passed}
	slices.SortFunc(inv.Manifests, func(a, b manifest.File) int { return strings.Compare(a.Path, b.Path) })
	return inv, nil
}

// reader goes through the files of one tree.
type reader struct {
	parser    Parser
	tree      *os.Root
	manifests []manifest.File
	wishes    []wish
	own       map[string]bool // names of the npm packages of the tree itself
	read      map[string]bool // lockfiles by path, so that an included one counts once
}

// take reads one file.
func (r *reader) take(ctx context.Context, f found) {
	switch d := declarationOf(path.Base(f.path)); {
	case r.read[f.path]:
	case f.reason != "":
		r.manifests = append(r.manifests, manifest.File{Path: f.path, State: manifest.Missing, Reason: f.reason, Next: f.next})
	case d != nil:
		r.wish(f.path, d)
	default:
		r.lockfile(ctx, f.path, *formatOf(f.path))
	}
}

// lockfile reads one lockfile and those that it includes.
func (r *reader) lockfile(ctx context.Context, file string, format Format) {
	r.read[file] = true
	m := manifest.File{Path: file, State: manifest.Scanned}
	at := len(r.manifests)
	r.manifests = append(r.manifests, m)
	defer func() { r.manifests[at] = m }()

	text, err := r.content(file)
	var includes []string
	if err == nil {
		text, includes, m.Reason, err = prepare(format, file, text, r.content)
	}
	switch {
	case err != nil:
	case format.own != nil:
		var notes []string
		m.Packages, notes, err = format.own(file, text)
		m.Reason = strings.Join(notes, "; ")
	default:
		m.Packages, err = r.parser.Parse(ctx, Lockfile{Path: file, Plugin: format.Plugin, Text: text, Beside: r.content})
	}
	if err == nil && format.Plugin == pomxml {
		m.Packages = append(m.Packages, unresolved(text, m.Packages)...)
	}
	if err == nil && len(m.Packages) == 0 {
		err = format.empty(text)
	}
	if n := len(m.Packages); err == nil && format.Plugin == "erlang/mixlock" && len(format.packages.FindAll(text, n+1)) > n {
		err = fmt.Errorf("it names more packages than the %d that can be read", n)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("reading all lockfiles took more than %v, and this one was not done", parseTime)
	}
	if err != nil {
		m.State, m.Reason, m.Packages = manifest.Broken, oneLine(err.Error()), nil
		m.Next = "Mend the file, or make it anew with its package manager, and commit it."
		return
	}
	m.Packages = slices.DeleteFunc(m.Packages, func(e manifest.Entry) bool {
		if local(e.Package) && (path.IsAbs(e.Name) || !r.holds(path.Join(path.Dir(file), e.Name, "go.mod"))) {
			m.Reason = strings.TrimPrefix(m.Reason+"; "+fmt.Sprintf("a module is replaced by the folder %s, which is none of the tree", e.Name), "; ")
		}
		return local(e.Package)
	})
	if len(m.Packages) == 0 && m.Reason != "" && format.Plugin != pomxml { // what a pom.xml leaves open is the same for all
		m.State, m.Next = manifest.Missing, "Commit a lockfile with all packages in exact versions."
	}
	slices.SortFunc(m.Packages, func(a, b manifest.Entry) int {
		return cmp.Or(a.Package.Compare(b.Package), cmp.Compare(uint(a.Line-1), uint(b.Line-1))) // 0 last
	})
	m.Packages = slices.CompactFunc(m.Packages, func(a, b manifest.Entry) bool { return a.Package == b.Package })
	for _, name := range includes {
		r.include(ctx, file, name)
	}
}

// include reads a file that a requirements file names.
func (r *reader) include(ctx context.Context, by, name string) {
	target, inside := included(by, name)
	if !inside {
		r.manifests = append(r.manifests, manifest.File{Path: by, State: manifest.Broken, Reason: fmt.Sprintf("it includes %q, which leads out of the tree", name), Next: "Include files of the repository alone."})
		return
	}
	if r.read[target] {
		return
	}
	r.lockfile(ctx, target, Format{Plugin: requirements})
}

// holds tells whether the tree has a regular file of that path.
func (r *reader) holds(file string) bool {
	info, err := r.tree.Lstat(file)
	return err == nil && info.Mode().IsRegular()
}

// content reads a regular file of the tree, links to others not followed.
func (r *reader) content(file string) ([]byte, error) {
	info, err := r.tree.Lstat(file)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("it is no regular file")
	}
	f, err := r.tree.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, sizeLimit+1))
	if err == nil && len(text) > sizeLimit {
		err = fmt.Errorf("it is larger than %d MB", sizeLimit>>20)
	}
	return text, err
}

// conflicted tells whether git has left its marks in a file that could not be merged.
func conflicted(text []byte) bool {
	for _, mark := range []string{"<<<<<<< ", ">>>>>>> "} {
		if bytes.HasPrefix(text, []byte(mark)) || bytes.Contains(text, []byte("\n"+mark)) {
			return true
		}
	}
	return false
}

// prepare checks what the scanner's parsers let through, and returns the text they are given.
func prepare(format Format, file string, text []byte, other func(string) ([]byte, error)) (out []byte, includes []string, note string, err error) {
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")) // some editors write it, and package managers pass over it
	if i := bytes.IndexByte(text, 0); i >= 0 && !bytes.HasPrefix(text, []byte("\xff\xfe")) {
		return nil, nil, "", fmt.Errorf("it is no text: byte %d is zero", i)
	}
	if conflicted(text) {
		return nil, nil, "", errors.New("it holds the conflict markers of a merge")
	}
	if format.sound != nil {
		if err := format.sound(text); err != nil {
			return nil, nil, "", err
		}
	}
	if format.lines {
		if number := tooLong(text); number > 0 {
			return nil, nil, "", fmt.Errorf("line %d is longer than %d KB", number, lineLimit>>10)
		}
	}
	switch format.Plugin {
	case requirements:
		f, err := readPip(text)
		return f.text, f.includes, f.note(), err
	case gomod:
		text, note, err := readGoMod(file, text, other)
		return text, nil, note, err
	case pomxml:
		return text, nil, "only direct dependencies are judged: a pom.xml does not list the others", checkParents(file, text)
	}
	return text, nil, "", nil
}

// empty tells whether a file without packages is one of its format at all.
func (f Format) empty(text []byte) error {
	if f.packages != nil && f.packages.Match(text) {
		return errors.New("it names packages in a form that cannot be read")
	}
	if len(f.recognise) == 0 {
		return nil
	}
	for _, mark := range f.recognise {
		if bytes.Contains(text, []byte(mark)) {
			return nil
		}
	}
	return errors.New("nothing in it is recognised")
}

// local tells whether a package is a folder of the tree, such as the target of a replace directive
// in go.mod: it has no releases, and its manifests count where they lie.
func local(p osv.Package) bool {
	return osv.BaseEcosystem(p.Ecosystem) == "Go" && (strings.HasPrefix(p.Name, ".") || strings.HasPrefix(p.Name, "/"))
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
