package main

import (
	"go/ast"
	"go/token"
	"go/types"
)

// finder walks a file and finds the places that mutants can change.
type finder struct {
	*loaded
	rewriter
	imports map[string]string // the names that the file knows other packages by
	above   []ast.Node        // the nodes above the one that is looked at, outermost first
	next    *int              // the number of the package's next mutant
	all     *[]*mutant
}

// find gives the files of a package with all mutants in them, and the mutants by number.
func find(p *loaded) (files []*rewriter, all []*mutant) {
	next := 1
	for _, src := range p.files {
		f := &finder{loaded: p, imports: map[string]string{}, next: &next, all: &all}
		f.rewriter = rewriter{source: src, base: int(src.tree.FileStart)}
		f.name()
		for _, decl := range src.tree.Decls {
			f.walk(decl)
		}
		f.sort()
		files = append(files, &f.rewriter)
	}
	return files, all
}

// name notes by what name the file knows each package that it imports.
func (f *finder) name() {
	for _, spec := range f.tree.Imports {
		if pkg := f.info.PkgNameOf(spec); pkg != nil && pkg.Name() != "_" && pkg.Name() != "." {
			f.imports[pkg.Imported().Path()] = pkg.Name()
		}
	}
}

func (f *finder) walk(n ast.Node) {
	ast.Inspect(n, func(n ast.Node) bool {
		if n == nil {
			f.above = f.above[:len(f.above)-1]
			return true
		}
		if f.fixed(n) {
			return false
		}
		f.look(n)
		f.above = append(f.above, n)
		return true
	})
}

// parent is the node right above the one that is looked at.
func (f *finder) parent() ast.Node {
	if len(f.above) == 0 {
		return nil
	}
	return f.above[len(f.above)-1]
}

// fixed tells whether a node, and all below it, has to stay: the language wants a constant or a type
// there, or a change would change nothing that a test can see.
func (f *finder) fixed(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.ImportSpec, *ast.FieldList, *ast.TypeSpec:
		return true
	case *ast.GenDecl:
		return n.Tok == token.CONST || n.Tok == token.IMPORT || n.Tok == token.TYPE
	case ast.Expr:
		if f.info.Types[n].IsType() {
			return true
		}
	}
	switch above := f.parent().(type) {
	case *ast.KeyValueExpr:
		// The keys of arrays and slices are constants; those of structs are names.
		if lit, ok := f.above[len(f.above)-2].(*ast.CompositeLit); ok && n == above.Key {
			_, isMap := f.info.Types[lit].Type.Underlying().(*types.Map)
			return !isMap
		}
	case *ast.CallExpr:
		// How much room is made beforehand.
		if name, ok := above.Fun.(*ast.Ident); ok && name.Name == "make" && len(above.Args) > 1 {
			if n == above.Args[len(above.Args)-1] {
				_, isSlice := f.info.Types[above].Type.Underlying().(*types.Slice)
				return !isSlice || len(above.Args) == 3
			}
		}
	}
	return false
}

// look finds the mutants of one node.
func (f *finder) look(n ast.Node) {
	if s, ok := n.(ast.Stmt); ok {
		f.statement(s)
	}
	e, ok := n.(ast.Expr)
	if !ok {
		return
	}
	tv, known := f.info.Types[e]
	switch {
	case !known || tv.IsType() || tv.IsBuiltin() || tv.IsVoid():
	case tv.Value != nil:
		if above, ok := f.parent().(ast.Expr); !ok || f.info.Types[above].Value == nil {
			f.constant(e, tv)
		}
	case isBool(tv.Type):
		f.condition(e)
	default:
		if binary, ok := e.(*ast.BinaryExpr); ok {
			f.arithmetic(binary, tv.Type)
		} else if _, ok := f.parent().(*ast.ReturnStmt); ok {
			f.returned(e, tv)
		}
	}
}

// change makes a mutant of the node that is looked at: below, a part of the node or the node itself, reads instead.
func (f *finder) change(operator string, n, below ast.Node, instead string) *mutant {
	m := &mutant{id: *f.next, file: f.path, line: f.fset.Position(below.Pos()).Line, function: f.function(), operator: operator}
	m.before, m.after = f.lines(below, instead)
	m.replaced = f.without(n, below, instead)
	*f.next++
	*f.all = append(*f.all, m)
	return m
}

// function is the name of the function that the walk is in.
func (f *finder) function() string {
	for _, n := range f.above {
		if fn, ok := n.(*ast.FuncDecl); ok {
			return fn.Name.Name
		}
	}
	return ""
}

// typeName writes a type as the file can, or "" where it cannot.
func (f *finder) typeName(t types.Type) string {
	known := true
	name := types.TypeString(t, func(pkg *types.Package) string {
		if pkg == f.pkg {
			return ""
		}
		if f.imports[pkg.Path()] == "" {
			known = false
		}
		return f.imports[pkg.Path()]
	})
	if basic, ok := t.(*types.Basic); ok && basic.Info()&types.IsUntyped != 0 || !known {
		return ""
	}
	return name
}

// isBool tells whether a type is bool itself: what the written conditions give.
func isBool(t types.Type) bool {
	basic, ok := t.(*types.Basic)
	return ok && basic.Info()&types.IsBoolean != 0
}
