package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
)

// statement finds the mutants of a statement: left out, and counting the other way.
func (f *finder) statement(s ast.Stmt) {
	switch f.parent().(type) {
	case *ast.BlockStmt, *ast.CaseClause, *ast.CommClause:
	default:
		return // what belongs to an if, a for or a switch
	}
	switch s := s.(type) {
	case *ast.ExprStmt:
		if call, ok := s.X.(*ast.CallExpr); !ok || isPanic(call) {
			return
		}
	case *ast.AssignStmt:
		if s.Tok == token.DEFINE || onlyBlank(s.Lhs) {
			return
		}
		if op, ok := map[token.Token]string{token.ADD_ASSIGN: "-=", token.SUB_ASSIGN: "+="}[s.Tok]; ok && f.isNumber(s.Lhs[0]) {
			f.instead(s, op)
		}
	case *ast.IncDecStmt:
	case *ast.BranchStmt:
		if s.Tok != token.CONTINUE && s.Tok != token.BREAK {
			return
		}
	case *ast.ReturnStmt:
		if len(s.Results) > 0 {
			return
		}
	default:
		return
	}
	m := f.change("removed", s, s, "{}")
	f.places = append(f.places, &place{node: s, mutants: []*mutant{m}, write: func(inner func(ast.Node) string) string {
		return fmt.Sprintf("if !mutantIs(%d) { %s }", m.id, inner(s))
	}})
}

// instead finds the mutant of a sum that is taken the other way.
func (f *finder) instead(s *ast.AssignStmt, op string) {
	m := f.change("arithmetic", s, s, f.original(s.Lhs[0])+" "+op+" "+f.original(s.Rhs[0]))
	f.places = append(f.places, &place{node: s, mutants: []*mutant{m}, write: func(inner func(ast.Node) string) string {
		return fmt.Sprintf("if mutantIs(%d) { %s } else { %s }", m.id, m.replaced, inner(s))
	}})
}

// isPanic: without it the compiler may miss the function's end.
func isPanic(call *ast.CallExpr) bool {
	name, ok := call.Fun.(*ast.Ident)
	return ok && name.Name == "panic"
}

func onlyBlank(left []ast.Expr) bool {
	for _, e := range left {
		if name, ok := e.(*ast.Ident); !ok || name.Name != "_" {
			return false
		}
	}
	return true
}

func (f *finder) isNumber(e ast.Expr) bool {
	t := f.info.TypeOf(e)
	if t == nil {
		return false
	}
	basic, ok := t.Underlying().(*types.Basic)
	return ok && basic.Info()&(types.IsInteger|types.IsFloat) != 0
}
