// Package expression judges the conditions of a policy, its when and assert: typed CEL
// (https://cel.dev), checked when the policy is read, so that a misspelt name is an error and never
// a condition that silently does not hold. A fact that is needed and not known makes a condition
// neither true nor false. It does no I/O.
package expression

import (
	"strings"
	"sync"
	"unicode/utf8"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
)

const (
	sourceLimit = 2_000   // bytes of a condition
	depthLimit  = 50      // of what stands within what
	stepLimit   = 500_000 // of one judgement, as CEL counts them; some tenths of a second
	loopLimit   = 3       // of all, exists and so on within or behind each other
	regexLimit  = 200     // instructions of a pattern's program
	cacheLimit  = 1_000   // of compiled conditions
)

// Expression is a condition that is well formed. It may be used by several goroutines.
type Expression struct {
	program cel.Program
	facts   []fact // that it names, as the vocabulary orders them
}

// Error says what is wrong with a condition, and where.
type Error struct {
	Column  int // from 1, in letters; line ends count as one
	Message string
}

func (e *Error) Error() string { return e.Message }

// compiled holds conditions that were compiled before: a decision is made again and again while a
// step waits, and its policy has a few conditions.
var compiled struct {
	sync.Mutex
	expressions map[key]*Expression
}

type key struct {
	*Vocabulary
	source string
}

// Compile checks a condition: its syntax, its names, its types, and what it may cost.
func (v *Vocabulary) Compile(source string) (*Expression, *Error) {
	compiled.Lock()
	x := compiled.expressions[key{v, source}]
	compiled.Unlock()
	if x != nil {
		return x, nil
	}
	x, err := v.compile(source)
	if err != nil {
		return nil, err
	}
	compiled.Lock()
	defer compiled.Unlock()
	if compiled.expressions == nil || len(compiled.expressions) >= cacheLimit {
		compiled.expressions = map[key]*Expression{}
	}
	compiled.expressions[key{v, source}] = x
	return x, nil
}

func (v *Vocabulary) compile(source string) (*Expression, *Error) {
	switch {
	case strings.TrimSpace(source) == "":
		return nil, &Error{1, "the condition is empty; write one such as " + v.example}
	case len(source) > sourceLimit:
		return nil, errorf(1, "the condition has %d bytes; at most %d are read", len(source), sourceLimit)
	case !utf8.ValidString(source):
		return nil, &Error{1, "the condition is not UTF-8"}
	}
	env, err := v.language()
	if err != nil {
		return nil, errorf(1, "the language of conditions cannot be set up: %v", err)
	}
	tree, issues := env.Compile(source)
	if issues.Err() != nil {
		return nil, v.translate(source, issues.Errors())
	}
	t := reading{source, tree.NativeRep()}
	if tree.OutputType() != cel.BoolType {
		return nil, errorf(1, "it comes to %s, not to true or false; compare it with something", kindOf(tree.OutputType().String()))
	}
	if err := t.check(v); err != nil {
		return nil, err
	}
	cost, err := env.EstimateCost(tree, typical{})
	if err != nil {
		return nil, errorf(1, "what it costs cannot be told: %v", err)
	}
	if cost.Max > stepLimit {
		return nil, errorf(1, "it may take %d steps for a change of %d files; at most %d are taken. Do without a loop in a loop", cost.Max, typicalFiles, stepLimit)
	}
	x, err := v.plan(env, tree)
	if err != nil {
		return nil, errorf(1, "it cannot be used: %v", err)
	}
	return x, nil
}

func (v *Vocabulary) plan(env *cel.Env, tree *cel.Ast) (*Expression, error) {
	program, err := env.Program(tree, cel.EvalOptions(cel.OptOptimize, cel.OptPartialEval), cel.CostTracking(priced{}), cel.CostLimit(stepLimit))
	if err != nil {
		return nil, err
	}
	return &Expression{program: program, facts: v.named(tree.NativeRep())}, nil
}

// named are the facts that a condition looks at.
func (v *Vocabulary) named(tree *ast.AST) []fact {
	names := map[string]bool{}
	for _, reference := range tree.ReferenceMap() {
		names[reference.Name] = true
	}
	var facts []fact
	for _, f := range v.facts {
		if names[f.name] {
			facts = append(facts, f)
		}
	}
	return facts
}

// Names are the facts that the condition looks at.
func (x *Expression) Names() []string {
	var names []string
	for _, f := range x.facts {
		names = append(names, f.name)
	}
	return names
}
