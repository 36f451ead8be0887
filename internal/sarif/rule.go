package sarif

import (
	"cmp"
	"fmt"
	"strings"
)

// indexRules makes rules findable by id, and refuses gaps among them.
func (r *reader) indexRules() error {
	r.rules = map[*component]map[string][]*descriptor{}
	for i, c := range r.components() {
		at := r.at + ".tool.driver"
		if i > 0 {
			at = fmt.Sprintf("%s.tool.extensions[%d]", r.at, i-1)
		}
		if c == nil {
			return fmt.Errorf("%s: it is null", at)
		}
		byID := map[string][]*descriptor{}
		for j, d := range c.Rules {
			if d == nil {
				return fmt.Errorf("%s.rules[%d]: it is null", at, j)
			}
			byID[d.ID] = append(byID[d.ID], d)
		}
		r.rules[c] = byID
	}
	return nil
}

// components are the driver and what extends it.
func (r *reader) components() []*component {
	return append([]*component{r.shape.Tool.Driver}, r.shape.Tool.Extensions...)
}

// component finds the part of the tool that a reference names; the driver where it names none.
func (r *reader) component(at string, ref *componentReference) (*component, error) {
	if ref == nil {
		return r.shape.Tool.Driver, nil
	}
	i, ok, err := index(at+".index", ref.Index, len(r.shape.Tool.Extensions))
	if err != nil {
		return nil, err
	}
	if ok {
		return r.shape.Tool.Extensions[i], nil
	}
	if ref.Name == "" && ref.GUID == "" {
		return r.shape.Tool.Driver, nil
	}
	for _, c := range r.components() {
		if (ref.GUID == "" || strings.EqualFold(c.GUID, ref.GUID)) && (ref.Name == "" || c.Name == ref.Name) {
			return c, nil
		}
	}
	return nil, fmt.Errorf("%s: the tool has no part %s", at, quote(ref.Name+ref.GUID))
}

// index is a position in a list; false where none is given, which SARIF also writes as -1.
func index(at string, i *int, length int) (int, bool, error) {
	switch {
	case i == nil || *i == -1:
		return 0, false, nil
	case *i < 0 || *i >= length:
		return 0, false, fmt.Errorf("%s: %d, and the list has %d", at, *i, length)
	}
	return *i, true, nil
}

// rule finds the rule of a result, nil where the report does not describe it, and the part of the
// tool it is of.
//
// Where id and index name different rules the id counts: gosec up to 2.15 sorted its rules after
// it had numbered them, and others write 0 into every result.
func (r *reader) rule(at string, ref reference) (*descriptor, *component, error) {
	c, err := r.component(at+".rule.toolComponent", ref.Component)
	if err != nil {
		return nil, nil, err
	}
	i, ok, err := index(at+".ruleIndex", ref.Index, len(c.Rules))
	if err != nil {
		return nil, nil, err
	}
	if ok && (ref.ID == "" || names(ref.ID, c.Rules[i].ID)) {
		return c.Rules[i], c, nil
	}
	for id := ref.ID; id != ""; id = parent(id) {
		if d := severest(r.rules[c][id]); d != nil {
			return d, c, nil
		}
		if ref.Component == nil { // and it need not be the driver's
			var all []*descriptor
			owner := map[*descriptor]*component{}
			for _, other := range r.shape.Tool.Extensions {
				for _, d := range r.rules[other][id] {
					all, owner[d] = append(all, d), other
				}
			}
			if d := severest(all); d != nil {
				return d, owner[d], nil
			}
		}
	}
	if ok {
		r.problem("a result names the rule %s, and by its index the rule %s, so how severe it is cannot be told", quote(ref.ID), quote(c.Rules[i].ID))
	}
	return nil, c, nil
}

// names tells whether an id is a rule's or, as in "CA1000/1", one below it (specification, 3.5.4).
func names(id, rule string) bool { return id == rule || rule != "" && strings.HasPrefix(id, rule+"/") }

// parent takes the last part off a hierarchical id; "" where there is but one.
func parent(id string) string { return id[:max(strings.LastIndexByte(id, '/'), 0)] }

// severest is the rule to go by where several have one id: the report does not tell them apart,
// and none may hide another.
func severest(rules []*descriptor) *descriptor {
	var best *descriptor
	for _, d := range rules {
		if best == nil || cmp.Or(cmp.Compare(scoreOf(d), scoreOf(best)), cmp.Compare(rank(d.Default.Level), rank(best.Default.Level))) > 0 {
			best = d
		}
	}
	return best
}

// scoreOf is a rule's security-severity, -1 where it has none that can be read.
func scoreOf(d *descriptor) float64 {
	if score, ok, err := bagOf(d.Properties).score(); ok && err == nil {
		return score
	}
	return -1
}

// levels of SARIF, lowest first.
var levels = []string{"none", "note", "warning", "error"}

// rank orders levels; absent is SARIF's default.
func rank(level string) int {
	for i, l := range levels {
		if l == level {
			return i
		}
	}
	return 2
}
