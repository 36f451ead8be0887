package securitygate

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/secretscan"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// redactor takes secrets out of texts that are shown or written.
type redactor func(string) string

// redactorOf looks for secrets in all that an outcome says: a parser quotes the lockfile that it cannot read,
// and files, packages and versions may be called like one.
func redactorOf(ctx context.Context, e evidence, o action.Outcome) (redactor, error) {
	findings, err := plain(o.Findings)
	if err != nil {
		return nil, err
	}
	data, err := plain(o.Data)
	if err != nil {
		return nil, err
	}
	var quoting []string
	for _, m := range e.tree.Manifests {
		quoting = append(quoting, m.Reason)
	}
	for _, f := range of(o.Findings, verdict.Undecided) {
		quoting = append(quoting, f.Observed)
	}
	return secretscan.New().Redactor(ctx, strings.Join(quoting, "\n"), strings.Join([]string{o.Sentence, findings, data, o.Page.Markdown(16 << 20)}, "\n"))
}

// plain is a value as JSON, a line for each part of it, so that secrets stand as they are.
func plain(value any) (string, error) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "")
	err := enc.Encode(value)
	return b.String(), err
}

// outcome is the same outcome without secrets.
func (r redactor) outcome(o action.Outcome) (action.Outcome, error) {
	o.Sentence = r(o.Sentence)
	o.Findings = append([]result.Finding{}, o.Findings...)
	for i := range o.Findings {
		f := &o.Findings[i]
		for _, text := range []*string{&f.Title, &f.Observed, &f.Threshold, &f.Evidence, &f.Owner, &f.Next} {
			*text = r(*text)
		}
		f.ID = r(f.ID)
		if f.Where != nil {
			f.Where = &result.Where{File: r(f.Where.File), Line: f.Where.Line}
		}
	}
	o.Page = o.Page.Map(r)
	data, err := json.Marshal(o.Data)
	if err != nil {
		return o, err
	}
	text, err := r.json(data)
	o.Data = json.RawMessage(text)
	return o, err
}

// json is a JSON text without secrets. What would no longer be one is not shown at all.
func (r redactor) json(text []byte) ([]byte, error) {
	short := []byte(r(string(text)))
	if !json.Valid(short) {
		return nil, errors.New("a secret in it cannot be taken out")
	}
	return short, nil
}
