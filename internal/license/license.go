// Package license judges SPDX licence expressions by what is allowed and what is denied. It does
// no I/O and gives no legal advice: it compares names.
package license

import (
	"fmt"
	"slices"
	"strings"
)

// Rules are the licences that are allowed and denied: SPDX ids, an id WITH an exception, or a
// LicenseRef. An empty Allow allows all that is not denied. Of a licence that is both, Deny counts.
type Rules struct{ Allow, Deny []string }

// Outcome is what comes of a judgement.
type Outcome string

// The outcomes. Unknown is no pass: nothing is stated, or it is no name that can be judged.
const (
	Allowed Outcome = "allowed"
	Denied  Outcome = "denied"
	Unknown Outcome = "unknown"
)

// Judge judges a package by all expressions that it states, each of which holds, and says why. Of
// an OR one side is enough, for whoever uses the package may choose; of an AND all sides count.
func Judge(expressions []string, r Rules) (Outcome, string) {
	judge, err := r.judge()
	if err != nil {
		return Unknown, err.Error() // rules that Check refuses allow nothing
	}
	var all []verdict
	for _, text := range expressions {
		if strings.TrimSpace(text) == "" {
			continue
		}
		e, err := parse(text)
		if err != nil {
			all = append(all, verdict{Unknown, err.Error()})
			continue
		}
		all = append(all, judge.expression(e))
	}
	if len(all) == 0 {
		return Unknown, "no licence is stated"
	}
	v := both(all)
	return v.outcome, v.why
}

// Valid tells whether a text is an expression of licences that SPDX knows, or of references.
func Valid(text string) bool {
	e, err := parse(text)
	return err == nil && e.known() && !e.guessed
}

// Check names the first rule that is no SPDX licence, with the one that was perhaps meant.
func (r Rules) Check() error {
	_, err := r.judge()
	return err
}

// verdict is an outcome and its reason, a sentence without a full stop.
type verdict struct {
	outcome Outcome
	why     string
}

// both joins what holds together: one denial denies, one doubt leaves doubt.
func both(all []verdict) verdict {
	for _, outcome := range []Outcome{Denied, Unknown} {
		if i := slices.IndexFunc(all, func(v verdict) bool { return v.outcome == outcome }); i >= 0 {
			return all[i]
		}
	}
	return join(all, " and ")
}

// either joins what may be chosen from: one that is allowed will do.
func either(all []verdict) verdict {
	for _, outcome := range []Outcome{Allowed, Unknown} {
		if i := slices.IndexFunc(all, func(v verdict) bool { return v.outcome == outcome }); i >= 0 {
			return all[i]
		}
	}
	return join(all, " and ")
}

// whyLimit is the most reasons that are told.
const whyLimit = 4

func join(all []verdict, with string) verdict {
	var whys []string
	for _, v := range all {
		if !slices.Contains(whys, v.why) {
			whys = append(whys, v.why)
		}
	}
	if more := len(whys) - whyLimit; more > 0 {
		whys = append(whys[:whyLimit], fmt.Sprintf("%d more", more))
	}
	return verdict{all[0].outcome, strings.Join(whys, with)}
}
