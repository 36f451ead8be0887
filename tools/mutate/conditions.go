package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"strings"
)

// others are what a comparison, or a joining of conditions, is changed to: the border moved, and the opposite.
var others = map[token.Token][]token.Token{
	token.EQL:  {token.NEQ},
	token.NEQ:  {token.EQL},
	token.LSS:  {token.LEQ, token.GEQ},
	token.LEQ:  {token.LSS, token.GTR},
	token.GTR:  {token.GEQ, token.LEQ},
	token.GEQ:  {token.GTR, token.LSS},
	token.LAND: {token.LOR},
	token.LOR:  {token.LAND},
}

// condition finds the mutants of something that is true or false and no constant.
func (f *finder) condition(e ast.Expr) {
	var mutants []*mutant
	switch e := e.(type) {
	case *ast.ParenExpr:
		return
	case *ast.UnaryExpr:
		if e.Op == token.NOT {
			return // what it turns round is mutated
		}
	case *ast.BinaryExpr:
		for _, op := range others[e.Op] {
			// Written in full, so that a comment between the operands is not in the way.
			left, right := f.original(e.X), f.original(e.Y)
			m := f.change("operator", e, e, left+" "+op.String()+" "+right)
			mutants = append(mutants, m)
		}
	default:
		if !f.decides(e) {
			return
		}
		mutants = append(mutants, f.change("negated", e, e, "!"+f.original(e)))
	}
	f.choose(e, mutants)
}

// decides tells whether a value is used as a condition, or handed back: where it only travels, the place
// where it is used has the mutant.
func (f *finder) decides(e ast.Expr) bool {
	switch above := f.parent().(type) {
	case *ast.IfStmt, *ast.ForStmt, *ast.ReturnStmt, *ast.ParenExpr:
		return true
	case *ast.BinaryExpr:
		return above.Op == token.LAND || above.Op == token.LOR
	case *ast.UnaryExpr:
		return above.Op == token.NOT
	case *ast.CaseClause:
		sw, ok := f.above[len(f.above)-3].(*ast.SwitchStmt)
		return ok && sw.Tag == nil
	}
	return false
}

// choose writes a condition with its mutants: only the chosen one of all its forms is evaluated.
func (f *finder) choose(e ast.Expr, mutants []*mutant) {
	if len(mutants) == 0 {
		return
	}
	f.places = append(f.places, &place{node: e, mutants: mutants, write: func(inner func(ast.Node) string) string {
		var out strings.Builder
		out.WriteString("(")
		for _, m := range mutants {
			fmt.Fprintf(&out, "mutantIs(%d) && (%s) || ", m.id, m.replaced)
		}
		fmt.Fprintf(&out, "mutantIsNone(%d, %d) && (%s))", mutants[0].id, mutants[len(mutants)-1].id, inner(e))
		return out.String()
	}})
}
