package policy

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Source is a server of metrics. What begins with env: is the value of a variable of the step's
// environment, so that no secret stands in a file.
type Source struct {
	Type       string            `yaml:"type"`        // prometheus or graphite
	URL        string            `yaml:"url"`         // http or https, with the path before the API's own; or env:NAME
	Headers    map[string]string `yaml:"headers"`     // values may be env:NAME
	Bearer     string            `yaml:"bearer"`      // a token, env:NAME
	Basic      *Basic            `yaml:"basic"`       // user and password
	CAFile     string            `yaml:"ca-file"`     // PEM file in the repository with the authorities that are trusted, instead of the machine's
	ClientCert string            `yaml:"client-cert"` // PEM text, env:NAME
	ClientKey  string            `yaml:"client-key"`  // PEM text, env:NAME
	Timeout    Duration          `yaml:"timeout"`     // of one question; 0 is 30s
	Delay      Duration          `yaml:"delay"`       // how long its data is under way; a slot is read that long after its end. 0 is 10s
}

// Basic is a user and a password.
type Basic struct {
	User     string `yaml:"user"`
	Password string `yaml:"password"` // env:NAME
}

// SourceTypes are the servers that can be asked.
var SourceTypes = []string{"prometheus", "graphite"}

func (v *Verify) validateSources() *misfit {
	for _, name := range slices.Sorted(maps.Keys(v.Sources)) {
		s, at := v.Sources[name], "verify.sources."+name
		if !slices.Contains(SourceTypes, s.Type) {
			return misfitf(at+".type", "%q is not allowed here; allowed: %s", s.Type, strings.Join(SourceTypes, ", "))
		}
		if m := address(at+".url", s.URL); m != nil {
			return m
		}
		secrets := []struct{ key, value string }{{"bearer", s.Bearer}, {"client-key", s.ClientKey}}
		if s.Basic != nil {
			secrets = append(secrets, struct{ key, value string }{"basic.password", s.Basic.Password})
		}
		for _, secret := range secrets {
			if secret.value != "" && !isVariable(secret.value) {
				return misfitf(at+"."+secret.key, "a secret does not belong into a file; put it into the step's env, and name the variable here, such as env:PROM_TOKEN")
			}
		}
		for _, header := range slices.Sorted(maps.Keys(s.Headers)) {
			if m := headerValue(fmt.Sprintf("%s.headers.%s", at, header), header, s.Headers[header]); m != nil {
				return m
			}
		}
		for _, d := range []struct {
			key   string
			value Duration
			most  Duration
		}{{"timeout", s.Timeout, Duration(5 * time.Minute)}, {"delay", s.Delay, Duration(30 * time.Minute)}} {
			if d.value < 0 || d.value > d.most {
				return misfitf(at+"."+d.key, "allowed: from 0s to %s", time.Duration(d.most))
			}
		}
	}
	return nil
}
