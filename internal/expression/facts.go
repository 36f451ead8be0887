package expression

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/interpreter"
)

// Facts are what is known, by name: a string, bool, int, float64, []string or time.Time as the name
// wants it. A name that is not there is not known; a Missing says why.
type Facts map[string]any

// Missing stands for a fact that is not known.
type Missing struct {
	Why  string // it is not known; may be empty
	Next string // what supplies it, as an order; "" is what the vocabulary says
}

// Unknown is the error of a condition that needs facts which are not known.
type Unknown struct {
	Names []string
	Why   string // may be empty
	Next  string // what supplies them, as an order; "hand in …"
}

func (u *Unknown) Error() string { return u.What() + ": " + u.Next }

// What is the error without what to do.
func (u *Unknown) What() string {
	be := " is"
	if len(u.Names) > 1 {
		be = " are"
	}
	what := strings.Join(u.Names, ", ") + be + " not known"
	if u.Why != "" {
		what += ", for " + u.Why
	}
	return what
}

var textsType = reflect.TypeFor[[]string]()

// Holds judges a condition. It is an *Unknown error where it depends on a fact that is not known:
// one that cannot change the result is not needed, as on the right of a false &&.
func (x *Expression) Holds(facts Facts) (bool, error) {
	values := map[string]any{}
	var unknown []*interpreter.AttributePattern
	for _, f := range x.facts {
		switch value, ok := facts[f.name]; {
		case ok && f.kind.fits(value):
			values[f.name] = value
		case !ok || isMissing(value):
			unknown = append(unknown, cel.AttributePattern(f.name))
		default:
			return false, fmt.Errorf("%s has a value of the wrong kind, %T", f.name, value)
		}
	}
	given, err := cel.PartialVars(values, unknown...)
	if err != nil {
		return false, fmt.Errorf("the facts cannot be used: %w", err)
	}
	value, _, err := x.program.Eval(given)
	switch {
	case err != nil && strings.Contains(err.Error(), "cost limit exceeded"):
		return false, fmt.Errorf("it takes more than %d steps", stepLimit)
	case err != nil:
		return false, fmt.Errorf("it cannot be reckoned: %s", clip(err.Error()))
	case types.IsUnknown(value):
		return false, x.unknown(value.(*types.Unknown), facts)
	}
	holds, ok := value.(types.Bool)
	if !ok {
		return false, fmt.Errorf("it comes to neither true nor false")
	}
	return bool(holds), nil
}

// fits tells whether a value is of the kind, so that no program of CEL meets another.
func (k kind) fits(value any) bool {
	ok := false
	switch k {
	case text:
		_, ok = value.(string)
	case truth:
		_, ok = value.(bool)
	case whole:
		_, ok = value.(int)
	case fraction:
		_, ok = value.(float64)
	case texts:
		_, ok = value.([]string)
	case moment:
		_, ok = value.(time.Time)
	}
	return ok
}

func isMissing(value any) bool { _, ok := value.(Missing); return ok }

// unknown names the facts that the result depends on: those that lack the same as the first one.
func (x *Expression) unknown(value *types.Unknown, facts Facts) error {
	needed := map[string]bool{}
	for _, id := range value.IDs() {
		trails, _ := value.GetAttributeTrails(id)
		for _, t := range trails {
			needed[t.Variable()] = true
		}
	}
	u := &Unknown{}
	for _, f := range x.facts {
		if !needed[f.name] {
			continue
		}
		m, _ := facts[f.name].(Missing)
		if m.Next == "" {
			m.Next = f.from
		}
		if u.Names == nil {
			u.Why, u.Next = m.Why, m.Next
		}
		if u.Why == m.Why && u.Next == m.Next {
			u.Names = append(u.Names, f.name)
		}
	}
	if u.Names == nil {
		return fmt.Errorf("it depends on what is not known")
	}
	return u
}
