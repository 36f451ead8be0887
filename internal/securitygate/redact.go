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
	gaps := [][]missing{c.missing}
	if c.base != nil {
		gaps = append(gaps, c.base.missing)
	}
	for _, some := range gaps {
		for i := range some {
			short, err := scanner.Quoted(ctx, some[i].observed)
			if err != nil {
				return err
			}
			some[i].observed = short
		}
	}
	for _, candidates := range c.answer.Candidates {
		for _, one := range candidates {
			texts = append(texts, one.Record.Summary)
		}
	}
	shown := []any{&c.reports, &gaps, &c.remarks, &c.secrets}
	if c.base != nil {
		shown = append(shown, &c.base.ref)
	}
	gather := redactor(func(text string) string { texts = append(texts, text); return text })
	for _, pointer := range shown {
		gather.all(pointer)
	}
	replace, err := scanner.Redactor(ctx, texts)
	if err != nil {
		return err
	}
	c.hide = replace
	for _, pointer := range shown {
		c.hide.all(pointer)
	}
	for _, candidates := range c.answer.Candidates {
		for _, one := range candidates {
			one.Record.Summary = replace(one.Record.Summary)
		}
	}
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
func (r redactor) outcome(o action.Outcome) action.Outcome {
	if r == nil {
		return o
	}
	r.all(&o.Findings)
	r.all(o.Data)
	o.Sentence, o.Page = r(o.Sentence), o.Page.Map(r)
	return o
}
