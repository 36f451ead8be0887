package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"
)

// opposites are what arithmetic is changed to.
var opposites = map[token.Token]token.Token{
	token.ADD: token.SUB, token.SUB: token.ADD, token.MUL: token.QUO, token.QUO: token.MUL, token.REM: token.MUL,
	token.AND: token.OR, token.OR: token.AND, token.SHL: token.SHR, token.SHR: token.SHL,
}

// arithmetic finds the mutant of a calculation.
func (f *finder) arithmetic(e *ast.BinaryExpr, t types.Type) {
	basic, ok := t.Underlying().(*types.Basic)
	if !ok || basic.Info()&(types.IsInteger|types.IsFloat) == 0 || f.info.Types[e.X].Value != nil && isShift(e.Op) {
		return
	}
	op, ok := opposites[e.Op]
	if !ok {
		return
	}
	m := f.change("arithmetic", e, e, f.original(e.X)+" "+op.String()+" "+f.original(e.Y))
	f.places = append(f.places, &place{node: e, mutants: []*mutant{m}, write: func(inner func(ast.Node) string) string {
		return fmt.Sprintf("%s(%d, %s, %s)", arithmeticNames[e.Op], m.id, inner(e.X), inner(e.Y))
	}})
}

func isShift(op token.Token) bool { return op == token.SHL || op == token.SHR }

// constant finds the mutants of a constant expression: each number in it one higher, another value of an
// enumeration, and what is handed back turned round.
func (f *finder) constant(e ast.Expr, tv types.TypeAndValue) {
	ret, handed := f.parent().(*ast.ReturnStmt)
	if handed && f.besideError(ret, e) {
		return
	}
	if isBool(tv.Type) && handed {
		f.choose(e, []*mutant{f.change("returned", e, e, strconv.FormatBool(!constant.BoolVal(tv.Value)))})
		return
	}
	t := f.typeName(tv.Type)
	if t == "" {
		return
	}
	var mutants []*mutant
	ast.Inspect(e, func(n ast.Node) bool {
		lit, ok := n.(*ast.BasicLit)
		if !ok || lit.Kind != token.INT && lit.Kind != token.FLOAT && lit.Kind != token.CHAR {
			return true
		}
		if higher := "(" + lit.Value + " + 1)"; f.fits(t, f.without(e, lit, higher)) {
			m := f.change("number", e, lit, higher)
			mutants = append(mutants, m)
		}
		return true
	})
	if other := f.another(e, tv.Type); other != "" {
		mutants = append(mutants, f.change("enumeration", e, e, other))
	} else if handed && tv.Value.Kind() == constant.String && constant.StringVal(tv.Value) != "" {
		mutants = append(mutants, f.change("returned", e, e, `""`))
	}
	f.pick(e, t, mutants)
}

// fits tells whether a constant of a type can have the value of an expression.
func (f *finder) fits(t, expression string) bool {
	_, err := types.Eval(f.fset, f.pkg, token.NoPos, t+"("+expression+")")
	return err == nil || strings.Contains(err.Error(), "undefined") // of a name that only the file knows
}

// pick writes a value with its mutants. They are all evaluated, which costs nothing with constants.
func (f *finder) pick(e ast.Expr, t string, mutants []*mutant) {
	if len(mutants) == 0 {
		return
	}
	f.places = append(f.places, &place{node: e, mutants: mutants, write: func(func(ast.Node) string) string {
		out := f.original(e)
		for _, m := range mutants {
			out = fmt.Sprintf("mutantPick[%s](%d, %s, %s)", t, m.id, out, m.replaced)
		}
		return out
	}})
}

// another is what a value of one of our enumerations is changed to: the first of them, and the first to
// the second. Enumerations begin with what is good, so that every answer is once changed for the best one.
func (f *finder) another(e ast.Expr, t types.Type) string {
	named, ok := t.(*types.Named)
	if !ok || !f.ours(named.Obj().Pkg()) {
		return ""
	}
	var name *ast.Ident
	switch e := e.(type) {
	case *ast.Ident:
		name = e
	case *ast.SelectorExpr:
		name = e.Sel
	default:
		return ""
	}
	pkg := named.Obj().Pkg()
	var values []*types.Const
	for _, n := range pkg.Scope().Names() {
		if c, ok := pkg.Scope().Lookup(n).(*types.Const); ok && types.Identical(c.Type(), t) && (c.Exported() || pkg == f.pkg) {
			values = append(values, c)
		}
	}
	if len(values) < 2 || f.info.Uses[name] == nil {
		return ""
	}
	slices.SortFunc(values, func(a, b *types.Const) int {
		x, y := f.fset.Position(a.Pos()), f.fset.Position(b.Pos())
		return cmp.Or(cmp.Compare(x.Filename, y.Filename), cmp.Compare(x.Line, y.Line), cmp.Compare(a.Name(), b.Name()))
	})
	other := values[0]
	if name.Name == other.Name() {
		other = values[1]
	}
	if pkg == f.pkg {
		return other.Name()
	}
	if f.imports[pkg.Path()] == "" {
		return ""
	}
	return f.imports[pkg.Path()] + "." + other.Name()
}

// returned finds the mutant of a value that a function hands back: nothing, instead.
func (f *finder) returned(e ast.Expr, tv types.TypeAndValue) {
	if tv.IsNil() || f.besideError(f.parent().(*ast.ReturnStmt), e) {
		return
	}
	result := f.result(e)
	if result == nil || !types.Identical(result, tv.Type) && !isError(result) {
		return
	}
	t, zero := f.typeName(result), "mutantZero["+f.typeName(result)+"]()"
	switch result.Underlying().(type) {
	case *types.Interface, *types.Slice, *types.Map, *types.Pointer:
		zero = "nil"
	}
	if _, ok := result.(*types.TypeParam); ok || t == "" {
		return
	}
	if lit, ok := e.(*ast.CompositeLit); ok && len(lit.Elts) == 0 {
		return // it is nothing already
	}
	m := f.change("returned", e, e, zero)
	f.places = append(f.places, &place{node: e, mutants: []*mutant{m}, write: func(inner func(ast.Node) string) string {
		return fmt.Sprintf("mutantPick[%s](%d, %s, %s)", t, m.id, inner(e), zero)
	}})
}

// besideError tells whether a value is handed back together with an error: nobody may look at it then. With a
// variable, which may hold none, that is only known of constants.
func (f *finder) besideError(ret *ast.ReturnStmt, e ast.Expr) bool {
	last := ret.Results[len(ret.Results)-1]
	tv := f.info.Types[last]
	if _, variable := last.(*ast.Ident); variable && f.info.Types[e].Value == nil {
		return false
	}
	return e != last && !tv.IsNil() && tv.Type != nil && types.AssignableTo(tv.Type, types.Universe.Lookup("error").Type())
}

func isError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }

// result is the type that the function around has for a value that is handed back, or nil.
func (f *finder) result(e ast.Expr) types.Type {
	ret := f.parent().(*ast.ReturnStmt)
	for i := len(f.above) - 1; i >= 0; i-- {
		var sig *types.Signature
		switch fn := f.above[i].(type) {
		case *ast.FuncLit:
			sig = f.info.Types[fn].Type.(*types.Signature)
		case *ast.FuncDecl:
			sig = f.info.Defs[fn.Name].Type().(*types.Signature)
		default:
			continue
		}
		if sig.Results().Len() != len(ret.Results) {
			return nil
		}
		return sig.Results().At(slices.Index(ret.Results, e)).Type()
	}
	return nil
}
