package sarif

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// indexRules makes rules findable by id, and refuses gaps among them.
//
// Rules of one component may share an id. The report then does not tell them apart, and none may
// hide another: the severest is the one to go by.
func (r *reader) indexRules() error {
	r.rules, r.kinds, r.extended = map[*component]map[string]*descriptor{}, map[*component]map[string]*descriptor{}, map[string]*descriptor{}
	r.about = map[*descriptor]about{}
	if len(r.shape.Tool.Extensions) > partLimit {
		return fmt.Errorf("%s.tool.extensions: there are more than %d", r.at, partLimit)
	}
	for i, c := range r.components() {
		at := r.at + ".tool.driver"
		if i > 0 {
			at = fmt.Sprintf("%s.tool.extensions[%d]", r.at, i-1)
		}
		if c == nil {
			return fmt.Errorf("%s: it is null", at)
		}
		r.rules[c], r.kinds[c] = map[string]*descriptor{}, map[string]*descriptor{}
		for j, d := range c.Rules {
			switch at := fmt.Sprintf("%s.rules[%d]", at, j); {
			case d == nil:
				return fmt.Errorf("%s: it is null", at)
			case len(d.ID) > idLimit:
				return fmt.Errorf("%s.id: it has more than %d bytes", at, idLimit)
			}
			d.owner = c
			r.rules[c][d.ID] = r.severer(r.rules[c][d.ID], d)
			if i > 0 {
				r.extended[d.ID] = r.severer(r.extended[d.ID], d)
			}
		}
		for _, d := range c.Notifications {
			if d != nil {
				r.kinds[c][d.ID] = d
			}
		}
	}
	return nil
}

// severer of two rules; the first may be nil.
func (r *reader) severer(a, b *descriptor) *descriptor {
	if a == nil {
		return b
	}
	x, y := r.aboutRule(a), r.aboutRule(b)
	if cmp.Or(cmp.Compare(x.score, y.score), cmp.Compare(rank(a.Default.Level), rank(b.Default.Level))) < 0 {
		return b
	}
	return a
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

// rule finds the rule of a result, nil where the report does not describe it.
//
// Where id and index name different rules the id counts: gosec up to 2.15 sorted its rules after
// it had numbered them, and others write 0 into every result.
func (r *reader) rule(at string, ref reference) (*descriptor, error) {
	c, err := r.component(at+".rule.toolComponent", ref.Component)
	if err != nil {
		return nil, err
	}
	i, ok, err := index(at+".ruleIndex", ref.Index, len(c.Rules))
	if err != nil {
		return nil, err
	}
	if ok && (ref.ID == "" || names(ref.ID, c.Rules[i].ID)) {
		return c.Rules[i], nil
	}
	id := ref.ID
	for range 10 { // parts of the id; one with more is of a rule that is not known
		if d := r.rules[c][id]; d != nil && id != "" {
			return d, nil
		}
		if d := r.extended[id]; d != nil && id != "" && ref.Component == nil { // it need not be the driver's
			return d, nil
		}
		id = parent(id)
	}
	if ok {
		r.problem("a result names the rule %s, and by its index the rule %s, so how severe it is cannot be told", quote(ref.ID), quote(c.Rules[i].ID))
	}
	return nil, nil
}

// names tells whether an id is a rule's or, as in "CA1000/1", one below it (specification, 3.5.4).
func names(id, rule string) bool { return id == rule || rule != "" && strings.HasPrefix(id, rule+"/") }

// parent takes the last part off a hierarchical id; "" where there is but one.
func parent(id string) string { return id[:max(strings.LastIndexByte(id, '/'), 0)] }

// levels of SARIF, lowest first.
var levels = []string{"none", "note", "warning", "error"}

// rank orders levels; absent is SARIF's default.
func rank(level string) int {
	if i := slices.Index(levels, level); i >= 0 {
		return i
	}
	return slices.Index(levels, "warning")
}

// about is what is told of a rule, worked out once for all of its results.
type about struct {
	title, help string
	tags        []string
	score       float64
	rated       bool
	wrong       error // of the score
}

func (r *reader) aboutRule(d *descriptor) about {
	a, ok := r.about[d]
	if ok {
		return a
	}
	a = about{title: line(d.Name, 300), help: webAddress(d.HelpURI)}
	if d.Short != nil && d.Short.Text != "" {
		a.title = line(d.Short.Text, 300)
	}
	b := bagOf(d.Properties)
	a.score, a.rated, a.wrong = b.score()
	a.tags = b.tags()
	for _, relation := range d.Relationships[:min(len(d.Relationships), tagsRead)] {
		if relation != nil {
			a.tags = append(a.tags, r.weakness(&relation.Target)...)
		}
	}
	r.about[d] = a
	return a
}
