package main

import (
	"bytes"
	"cmp"
	"go/ast"
	"slices"
	"strings"
)

// mutant is one small change of the code that some test should notice.
type mutant struct {
	id       int    // within its package, from 1
	file     string // from the top
	line     int    // of the changed place
	function string // "" outside of one
	operator string // what kind of change
	before   string // the line, or lines, as they are
	after    string // and as the mutant has them

	replaced string // the text of the node in the mutant
}

// place is a piece of syntax that mutants can change. Mutants of one place share its syntax: the code is
// compiled once with all of them in it, and a number chooses one when the tests run.
type place struct {
	node    ast.Node
	mutants []*mutant
	// write gives the place's text with all its mutants. inner writes a node below, with the mutants there.
	write func(inner func(ast.Node) string) string
}

// rewriter writes one file with all of its mutants.
type rewriter struct {
	*source
	base   int // the position of the file's first byte
	places []*place
}

// original is the text of a node as it stands in the file.
func (r *rewriter) original(n ast.Node) string {
	return string(r.text[int(n.Pos())-r.base : int(n.End())-r.base])
}

// without is the text of a node in which a node below reads otherwise.
func (r *rewriter) without(n, below ast.Node, instead string) string {
	return string(r.text[int(n.Pos())-r.base:int(below.Pos())-r.base]) + instead +
		string(r.text[int(below.End())-r.base:int(n.End())-r.base])
}

// sort puts the places into the order of the text, outer ones before those within.
func (r *rewriter) sort() {
	slices.SortStableFunc(r.places, func(a, b *place) int {
		return cmp.Or(cmp.Compare(a.node.Pos(), b.node.Pos()), cmp.Compare(b.node.End(), a.node.End()))
	})
}

// whole is the file with all mutants.
func (r *rewriter) whole() string { return r.between(0, len(r.text), 0) }

// between writes the text from one offset to another, with the places in it from the given one on.
func (r *rewriter) between(from, to, next int) string {
	var out strings.Builder
	for i := next; i < len(r.places); i++ {
		p := r.places[i]
		start, end := int(p.node.Pos())-r.base, int(p.node.End())-r.base
		if start < from || end > to {
			continue
		}
		out.Write(r.text[from:start])
		out.WriteString(p.write(func(n ast.Node) string {
			return r.between(int(n.Pos())-r.base, int(n.End())-r.base, i+1)
		}))
		from = end
	}
	out.Write(r.text[from:to])
	return out.String()
}

// lines are the lines that a node stands on, before and after its replacement.
func (r *rewriter) lines(n ast.Node, instead string) (before, after string) {
	start, end := int(n.Pos())-r.base, int(n.End())-r.base
	first := bytes.LastIndexByte(r.text[:start], '\n') + 1
	last := len(r.text)
	if i := bytes.IndexByte(r.text[end:], '\n'); i >= 0 {
		last = end + i
	}
	before = string(r.text[first:last])
	after = string(r.text[first:start]) + instead + string(r.text[end:last])
	return oneLine(before), oneLine(after)
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
