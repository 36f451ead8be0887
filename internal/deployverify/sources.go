package deployverify

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/source"
)

// sourcesOf prepares the sources of the policy, with what they take from the environment and from files.
func sourcesOf(ctx context.Context, w *action.World, v policy.Verify) (map[string]source.Source, error) {
	sources := map[string]source.Source{}
	for _, name := range slices.Sorted(maps.Keys(v.Sources)) {
		if !slices.ContainsFunc(v.Metrics, func(m policy.Metric) bool { return m.Source == name || m.Source == "" && m.Use == "" }) {
			continue // nobody asks it
		}
		made, err := sourceOf(ctx, w, name, v.Sources[name])
		if err != nil {
			return nil, err
		}
		sources[name] = made
	}
	return sources, nil
}

func sourceOf(ctx context.Context, w *action.World, name string, s policy.Source) (source.Source, error) {
	place := "verify.sources." + name
	o := source.Options{Headers: map[string]string{}, Timeout: time.Duration(s.Timeout), Now: w.Now, Agent: "slipway-deploy-verify"}
	var err error
	take := func(to *string, value, key string) {
		if err == nil && value != "" {
			*to, err = fromEnvironment(w, value, place+"."+key)
		}
	}
	take(&o.URL, s.URL, "url")
	take(&o.Bearer, s.Bearer, "bearer")
	if s.Basic != nil {
		take(&o.User, s.Basic.User, "basic.user")
		take(&o.Password, s.Basic.Password, "basic.password")
	}
	for _, header := range slices.Sorted(maps.Keys(s.Headers)) {
		var value string
		take(&value, s.Headers[header], "headers."+header)
		o.Headers[header] = value
	}
	if err != nil {
		return nil, err
	}
	if o.ClientCert, err = textFromEnvironment(w, s.ClientCert, place+".client-cert"); err != nil {
		return nil, err
	}
	if o.ClientKey, err = textFromEnvironment(w, s.ClientKey, place+".client-key"); err != nil {
		return nil, err
	}
	if s.CAFile != "" {
		text, from, err := w.Governed(ctx, s.CAFile)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil, action.Wrong("%s.ca-file of the policy is %q; there is no such file %s. It is read where the policy is, for it may loosen what the policy holds to", place, s.CAFile, from)
		case err != nil:
			return nil, err
		}
		o.CA = text
	}
	var made source.Source
	switch s.Type {
	case "prometheus":
		made, err = source.NewPrometheus(o)
	case "graphite":
		made, err = source.NewGraphite(o)
	default:
		return nil, action.Wrong("%s.type of the policy is %q; allowed: %s", place, s.Type, strings.Join(policy.SourceTypes, ", "))
	}
	if err != nil {
		return nil, action.Wrong("%s of the policy: %w", place, err)
	}
	return made, nil
}

// textFromEnvironment is a text of several lines, such as a certificate.
func textFromEnvironment(w *action.World, value, place string) ([]byte, error) {
	if value == "" {
		return nil, nil
	}
	name, ok := policy.Variable(value)
	if !ok {
		return nil, action.Wrong("%s of the policy is taken from the environment; write env: and the name of the variable", place)
	}
	text := w.Getenv(name)
	if text == "" {
		return nil, action.Wrong("%s of the policy is taken from the environment variable %s, which is not set. Add it to the step:\n  env:\n    %s: ${{ secrets.%s }}", place, name, name, name)
	}
	return []byte(text), nil
}
