package pipelinereport

import (
	"fmt"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
)

// told is a value that documents tell of, and which of them do.
type told struct {
	value string
	by    []Source
}

// property is something that documents which belong together agree in.
type property struct {
	name string
	of   func(result.Subject) string // "" is not told
	same func(a, b string) bool
	// must tells that a document which does not tell it cannot be said to belong to those that do; binds, that
	// documents of which none tells it cannot be said to belong together at all.
	must, binds bool
}

var properties = []property{
	{"repository", func(s result.Subject) string { return s.Repository }, strings.EqualFold, true, false},
	{"commit", func(s result.Subject) string { return s.SHA }, strings.EqualFold, true, true},
	{"version", func(s result.Subject) string { return s.Version }, sameVersion, false, false},
	{"image digest", func(s result.Subject) string { return s.Digest }, strings.EqualFold, false, false},
}

// sameVersion takes a version and its usual tag for the same.
func sameVersion(a, b string) bool { return strings.TrimPrefix(a, "v") == strings.TrimPrefix(b, "v") }

// values are what the documents tell of a property, each once, in their order.
func (p property) values(sources []Source) []told {
	var all []told
	for _, s := range sources {
		value := p.of(s.Document.Subject)
		at := slices.IndexFunc(all, func(t told) bool { return (t.value == "") == (value == "") && p.same(t.value, value) })
		if at < 0 {
			at, all = len(all), append(all, told{value: value})
		}
		all[at].by = append(all[at].by, s)
	}
	return all
}

// mixture says in which way documents differ in a property; "" where they belong together by it.
func (p property) mixture(sources []Source) string {
	var tell, silent []string
	for _, t := range p.values(sources) {
		if t.value == "" {
			silent = append(silent, names(t.by))
			continue
		}
		tell = append(tell, fmt.Sprintf("%s in %s", report.Clip(t.value, 80), names(t.by)))
	}
	if len(tell) > few {
		tell = append(tell[:few:few], fmt.Sprintf("and %d more", len(tell)-few))
	}
	switch {
	case len(sources) < 2:
		return ""
	case len(tell) == 0 && p.binds:
		return fmt.Sprintf("no result tells its %s", p.name)
	case len(tell) > 0 && len(silent) > 0 && p.must:
		return fmt.Sprintf("the %s is not the same: %s; not told by %s", p.name, strings.Join(tell, "; "), strings.Join(silent, ", "))
	case len(tell) > 1:
		return fmt.Sprintf("the %s is not the same: %s", p.name, strings.Join(tell, "; "))
	}
	return ""
}

// names are the actions of some documents, each once.
func names(sources []Source) string {
	var all []string
	for _, s := range sources {
		if name := report.Clip(s.Document.Action, 40); !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	if len(all) > few {
		all = append(all[:few:few], fmt.Sprintf("%d more", len(all)-few))
	}
	return strings.Join(all, ", ")
}

// subject is what all documents are about.
type subject struct{ told map[string]string }

func subjectOf(sources []Source) subject {
	s := subject{map[string]string{}}
	for _, p := range properties {
		for _, t := range p.values(sources) {
			if t.value != "" && s.told[p.name] == "" {
				s.told[p.name] = t.value
			}
		}
	}
	return s
}

func (s subject) repository() string { return report.Clip(s.told["repository"], 100) }
func (s subject) version() string    { return report.Clip(s.told["version"], 60) }
