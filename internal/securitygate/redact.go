package securitygate

import (
	"context"
	"reflect"
	"time"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/manifest"
	"github.com/slipway-actions/slipway/internal/secretscan"
)

// redactor takes secrets out of a text that is shown or written. Nil leaves all as it is.
type redactor func(string) string

// redact takes secrets out of the evidence, before any of it is put into words and cut to length: a parser
// quotes the lockfile that it cannot read, another tool the line that it found. Names and versions of packages stay
// until all is judged, for advisories are matched by them; the redactor that is left behind is for those.
func (c *collector) redact(ctx context.Context) error {
	scanner := secretscan.New()
	var texts []string
	trees := []manifest.Tree{c.tree}
	if c.base != nil {
		trees = append(trees, c.base.tree)
	}
	for _, tree := range trees {
		for i := range tree.Manifests {
			m := &tree.Manifests[i]
			short, err := scanner.Quoted(ctx, m.Reason)
			if err != nil {
				return err
			}
			m.Reason = short
			texts = append(texts, m.Path)
			for _, e := range m.Packages {
				texts = append(append(texts, e.Name, e.Version), e.Licenses...)
			}
		}
		for _, p := range tree.Passed {
			texts = append(texts, p.Path)
		}
	}
	for i := range c.missing {
		short, err := scanner.Quoted(ctx, c.missing[i].observed)
		if err != nil {
			return err
		}
		c.missing[i].observed = short
	}
	for _, candidates := range c.answer.Candidates {
		for _, one := range candidates {
			texts = append(texts, one.Record.Summary)
		}
	}
	collect := redactor(func(text string) string { texts = append(texts, text); return text })
	collect.all(&c.reports)
	collect.all(&c.missing)
	collect.all(&c.remarks)
	collect.all(&c.secrets)
	if c.base != nil {
		collect.all(&c.base.missing)
		texts = append(texts, c.base.ref)
	}
	replace, err := scanner.Redactor(ctx, texts)
	if err != nil {
		return err
	}
	c.hide = replace
	for _, candidates := range c.answer.Candidates {
		for _, one := range candidates {
			one.Record.Summary = replace(one.Record.Summary)
		}
	}
	c.hide.all(&c.reports)
	c.hide.all(&c.missing)
	c.hide.all(&c.remarks)
	c.hide.all(&c.secrets)
	return nil
}

// all takes secrets out of every text that a pointer leads to.
func (r redactor) all(pointer any) {
	if r != nil {
		r.walk(reflect.ValueOf(pointer))
	}
}

func (r redactor) walk(v reflect.Value) {
	if v.Type() == reflect.TypeFor[time.Time]() {
		return
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			r.walk(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			r.walk(unlocked(v.Field(i)))
		}
	case reflect.Slice:
		for i := range v.Len() {
			r.walk(v.Index(i))
		}
	case reflect.String:
		if v.CanSet() {
			v.SetString(r(v.String()))
		}
	}
}

// unlocked is a field that can be set though it is not exported: these are the types of this package.
func unlocked(v reflect.Value) reflect.Value {
	if v.CanSet() || !v.CanAddr() {
		return v
	}
	return reflect.NewAt(v.Type(), v.Addr().UnsafePointer()).Elem()
}

// outcome is an outcome without secrets.
func (r redactor) outcome(o action.Outcome, d data) action.Outcome {
	if r == nil {
		return o
	}
	r.all(&d)
	r.all(&o.Findings)
	o.Sentence, o.Data, o.Page = r(o.Sentence), d, o.Page.Map(r)
	return o
}
