package reach

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/mod/modfile"
)

// tree is what the workspace says about a module before any of it is loaded.
type tree struct {
	root     *os.Root
	dir      string          // of the module, slash-separated
	work     string          // go.work that holds for it, slash-separated; "" where none does
	replaced map[string]bool // modules whose code comes of another place
	folders  []string        // of the module that hold Go files, sorted
}

// survey looks through the workspace. What leads out of it is an error: go would follow.
func survey(ctx context.Context, root *os.Root, dir string) (tree, error) {
	t := tree{root: root, dir: path.Clean(dir), replaced: map[string]bool{}}
	if err := t.module(t.dir); err != nil {
		return t, err
	}
	if err := t.workspace(); err != nil {
		return t, err
	}
	return t, t.walk(ctx)
}

// module reads a go.mod.
func (t *tree) module(dir string) error {
	name := path.Join(dir, "go.mod")
	text, err := t.read(name)
	if err != nil {
		return &NotLoaded{fmt.Sprintf("%s: %v", name, reason(err))}
	}
	f, err := modfile.Parse(name, text, nil)
	if err != nil {
		return &NotLoaded{clean(err.Error(), reasonLimit)}
	}
	return t.replace(dir, f.Replace)
}

// workspace finds the go.work that go would take, the nearest one, and reads it. One that does not use the
// module does not hold for it.
func (t *tree) workspace() error {
	for dir := t.dir; ; dir = path.Dir(dir) {
		name := path.Join(dir, "go.work")
		text, err := t.read(name)
		if errors.Is(err, fs.ErrNotExist) {
			if dir == "." {
				return nil
			}
			continue
		}
		if err != nil {
			return &NotLoaded{fmt.Sprintf("%s: %v", name, reason(err))}
		}
		f, err := modfile.ParseWork(name, text, nil)
		if err != nil {
			return &NotLoaded{clean(err.Error(), reasonLimit)}
		}
		for _, use := range f.Use {
			if use := path.Join(dir, use.Path); use == t.dir {
				t.work = name
			}
		}
		if t.work == "" {
			return nil
		}
		for _, use := range f.Use {
			if err := t.inside(dir, use.Path); err != nil {
				return err
			}
			if err := t.module(path.Join(dir, use.Path)); err != nil {
				return err
			}
		}
		return t.replace(dir, f.Replace)
	}
}

func (t *tree) replace(dir string, replaces []*modfile.Replace) error {
	for _, r := range replaces {
		t.replaced[r.Old.Path] = true
		if r.New.Version == "" {
			if err := t.inside(dir, r.New.Path); err != nil {
				return err
			}
		}
	}
	return nil
}

// inside holds a folder that a file names to the workspace.
func (t *tree) inside(dir, name string) error {
	if path.IsAbs(name) || filepath.IsAbs(name) || strings.Contains(name, "\\") || !filepath.IsLocal(path.Join(dir, name)) {
		return &NotLoaded{clean(fmt.Sprintf("it uses %q, which is out of the workspace", name), reasonLimit)}
	}
	return nil
}

// read reads a regular file.
func (t *tree) read(name string) ([]byte, error) {
	info, err := t.root.Lstat(name)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errors.New("it is no regular file")
	case info.Size() > modLimit:
		return nil, fmt.Errorf("it is larger than %d MB", modLimit>>20)
	}
	f, err := t.root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, modLimit+1))
	if len(text) > modLimit {
		return nil, errors.New("it grows")
	}
	return text, err
}

// walk goes through the whole workspace, as other modules of it may be used: for links that lead out of it,
// and for the module's Go files.
func (t *tree) walk(ctx context.Context) error {
	seen := 0
	alien := "" // folder that is no part of the module
	err := fs.WalkDir(t.root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return &NotLoaded{clean(fmt.Sprintf("%s: %v", name, reason(err)), reasonLimit)}
		}
		if seen++; seen > fileLimit {
			return &NotLoaded{fmt.Sprintf("the workspace has more than %d files", fileLimit)}
		}
		base := path.Base(name)
		switch {
		case d.IsDir() && base == ".git":
			return fs.SkipDir
		case d.Type()&fs.ModeSymlink != 0:
			if _, err := t.root.Stat(name); err == nil {
				break
			}
			if _, err := os.Stat(filepath.Join(t.root.Name(), name)); err == nil {
				return &NotLoaded{clean(fmt.Sprintf("the symbolic link %s leads out of the workspace", name), reasonLimit)}
			}
		case d.IsDir() && t.holds(name) && (alien == "" || !below(alien, name)):
			if name != t.dir && (base == "vendor" || base == "testdata" || base[0] == '.' || base[0] == '_' || t.has(path.Join(name, "go.mod"))) {
				alien = name
			}
		}
		if !d.IsDir() && strings.HasSuffix(base, ".go") && t.holds(name) && (alien == "" || !below(alien, name)) {
			t.folders = append(t.folders, path.Dir(name))
		}
		return ctx.Err()
	})
	slices.Sort(t.folders)
	t.folders = slices.Compact(t.folders)
	return err
}

func (t *tree) holds(name string) bool { return t.dir == "." || below(t.dir, name) }

func (t *tree) has(name string) bool {
	_, err := t.root.Lstat(name)
	return err == nil
}

func below(folder, name string) bool { return name == folder || strings.HasPrefix(name, folder+"/") }

// reason is an error without the path that it begins with.
func reason(err error) error {
	var failed *fs.PathError
	if errors.As(err, &failed) {
		return failed.Err
	}
	return err
}

// clean makes a line of a text: what is not for print is replaced, what is too long cut off.
func clean(text string, limit int) string {
	text = strings.Map(func(r rune) rune {
		if r != ' ' && !unicode.IsPrint(r) {
			return '\uFFFD'
		}
		return r
	}, strings.Join(strings.Fields(strings.ToValidUTF8(text, "\uFFFD")), " "))
	if len(text) > limit {
		text = strings.ToValidUTF8(text[:limit], "") + "…"
	}
	return text
}
