package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// loaded is a package as the compiler sees it.
type loaded struct {
	subject
	root   string
	module string // the module's path: enumerations of others are not mutated
	fset   *token.FileSet
	files  []*source
	pkg    *types.Package
	info   *types.Info
}

// source is one file that counts, its text and its syntax.
type source struct {
	path string // from the top
	text []byte
	tree *ast.File
}

// listed is what `go list -json` says about a package.
type listed struct {
	ImportPath string
	Export     string
	DepOnly    bool
	GoFiles    []string
	Module     *struct{ Path string }
}

// load parses and type-checks a package; what it imports comes as export data from the go command.
func load(root string, s subject) (*loaded, error) {
	cmd := exec.Command("go", "list", "-deps", "-export", "-json=ImportPath,Export,DepOnly,GoFiles,Module", "./"+s.dir)
	cmd.Dir = root
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list %s: %w\n%s", s.dir, err, stderr.Bytes())
	}
	exports := map[string]string{}
	var self *listed
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var l listed
		if err := dec.Decode(&l); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("go list %s: %w", s.dir, err)
		}
		exports[l.ImportPath] = l.Export
		if !l.DepOnly {
			self = &l
		}
	}
	if self == nil || self.Module == nil {
		return nil, fmt.Errorf("go list %s: no such package", s.dir)
	}
	p := &loaded{subject: s, root: root, module: self.Module.Path, fset: token.NewFileSet()}
	if err := p.check(self, exports); err != nil {
		return nil, fmt.Errorf("%s: %w", s.dir, err)
	}
	return p, nil
}

func (p *loaded) check(self *listed, exports map[string]string) error {
	var trees []*ast.File
	for _, name := range self.GoFiles {
		file := filepath.Join(p.root, filepath.FromSlash(p.dir), name)
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		tree, err := parser.ParseFile(p.fset, file, text, parser.ParseComments)
		if err != nil {
			return err
		}
		trees = append(trees, tree)
		if p.counts(name) {
			p.files = append(p.files, &source{path: p.dir + "/" + name, text: text, tree: tree})
		}
	}
	if len(p.files) == 0 {
		return fmt.Errorf("no file matches %q", p.pattern)
	}
	exported := func(path string) (io.ReadCloser, error) {
		if exports[path] == "" {
			return nil, fmt.Errorf("no export data for %q", path)
		}
		return os.Open(exports[path])
	}
	p.info = &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{},
		Uses:  map[*ast.Ident]types.Object{},
		Defs:  map[*ast.Ident]types.Object{},
	}
	conf := types.Config{Importer: importer.ForCompiler(p.fset, "gc", exported)}
	var err error
	p.pkg, err = conf.Check(self.ImportPath, p.fset, trees, p.info)
	return err
}

// ours tells whether an object's package belongs to the module that is tested.
func (p *loaded) ours(pkg *types.Package) bool {
	return pkg != nil && (pkg.Path() == p.module || strings.HasPrefix(pkg.Path(), p.module+"/"))
}
