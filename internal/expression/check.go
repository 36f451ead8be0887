package expression

import (
	"slices"
	"strconv"
	"strings"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/overloads"
	"cel.dev/cel-go/common/types"
)

// reading is a condition whose names and types are right.
type reading struct {
	source string
	tree   *ast.AST
}

// check refuses what CEL allows and a gate must not rest on.
func (r reading) check(v *Vocabulary) *Error {
	var found *Error
	ast.PreOrderVisit(r.tree.Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		switch {
		case found != nil:
		case e.Kind() == ast.CallKind:
			found = r.checkCall(v, e)
		case e.Kind() == ast.StructKind:
			found = errorf(r.column(e), "messages are not made here; compare facts")
		}
	}))
	return found
}

func (r reading) checkCall(v *Vocabulary, e ast.Expr) *Error {
	call := e.AsCall()
	args := call.Args()
	if call.IsMemberFunction() {
		args = append([]ast.Expr{call.Target()}, args...)
	}
	switch call.FunctionName() {
	case operators.Equals, operators.NotEquals:
		if err := r.checkWords(v, args[0], args[1]); err != nil {
			return err
		}
		return r.checkWords(v, args[1], args[0])
	case operators.In:
		if args[1].Kind() == ast.ListKind {
			return r.checkWords(v, args[0], args[1].AsList().Elements()...)
		}
	case operators.Add:
		// Doubled often enough, a short list grows beyond all bounds. The loops themselves gather
		// with it, into a name that nobody can write.
		own := args[0].Kind() == ast.IdentKind && strings.HasPrefix(args[0].AsIdent(), "@")
		if slices.Contains(r.tree.GetOverloadIDs(e.ID()), overloads.AddList) && !own {
			return errorf(r.column(e), "lists are not joined here; ask each of them")
		}
	case overloads.Matches:
		if len(args) == 2 && args[1].Kind() != ast.LiteralKind {
			return errorf(r.column(args[1]), "matches needs a pattern that is written out")
		}
	case touchesName:
		path, ok := literal(args[1])
		if !ok {
			return errorf(r.column(args[1]), `change.touches needs a path that is written out, such as "migrations/**"`)
		}
		if err := checkPath(path); err != nil {
			return errorf(r.column(args[1]), "change.touches(%s): %v", strconv.Quote(path), err)
		}
	}
	return nil
}

// checkWords refuses a comparison with a word that a fact never is: it would never hold, or always.
func (r reading) checkWords(v *Vocabulary, named ast.Expr, values ...ast.Expr) *Error {
	reference, ok := r.tree.ReferenceMap()[named.ID()]
	if !ok {
		return nil
	}
	f, ok := v.fact(reference.Name)
	if !ok || f.words == nil {
		return nil
	}
	for _, value := range values {
		if word, ok := literal(value); ok && !slices.Contains(f.words, word) {
			return errorf(r.column(value), "%s is never %s; it is one of %s", f.name, strconv.Quote(word), strings.Join(f.words, ", "))
		}
	}
	return nil
}

func literal(e ast.Expr) (string, bool) {
	if e.Kind() != ast.LiteralKind {
		return "", false
	}
	s, ok := e.AsLiteral().(types.String)
	return string(s), ok
}

func (r reading) column(e ast.Expr) int {
	at := r.tree.SourceInfo().GetStartLocation(e.ID())
	return columnOf(r.source, at.Line(), at.Column())
}
