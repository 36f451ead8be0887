package securitygate

import (
	"fmt"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/osv"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// weigh decides about one risk that nobody has accepted.
func (e evidence) weigh(r risk) result.Finding {
	f := result.Finding{
		ID: r.id, Title: r.title(), Outcome: verdict.Warned, Threshold: e.rules.wanted(), Where: &r.places[0], Evidence: r.link, Next: next(r),
	}
	if r.kind == unlicensed {
		f.Threshold = "a license that the policy allows"
	}
	observed := e.describe(r)
	if e.bad(r) {
		if why := e.lets(r); why != "" {
			observed = append(observed, why)
		} else {
			f.Outcome = verdict.Failed
		}
	}
	observed = append(observed, r.notes...)
	if len(r.places) > 1 {
		observed = append(observed, fmt.Sprintf("named by %d manifests", len(r.places)))
	}
	f.Observed = strings.Join(observed, "; ")
	return f
}

// describe says what is known of a risk.
func (e evidence) describe(r risk) []string {
	var observed []string
	if r.kind == unlicensed {
		return append(observed, r.summary)
	}
	text := "severity " + severity(r.rating)
	if r.summary != "" {
		text += ": " + report.Clip(r.summary, 200)
	}
	observed = append(observed, text)
	switch {
	case r.kind != vulnerable:
	case r.fixed == "":
		observed = append(observed, "no fixed version is known")
	default:
		observed = append(observed, "fixed in "+r.fixed)
	}
	if len(r.through) > 0 {
		observed = append(observed, "comes through "+r.way())
	}
	if r.layer != nil {
		observed = append(observed, fmt.Sprintf("from layer %d of the image", r.layer.Index))
	}
	if r.reach != "" {
		observed = append(observed, "its code is "+r.reach)
	}
	if e.base != nil && r.isNew && !r.unsure {
		observed = append(observed, "new since "+e.base.ref)
	}
	return observed
}

// bad tells whether a risk lies over the threshold.
func (e evidence) bad(r risk) bool {
	switch {
	case r.kind == unlicensed:
		return true
	case (r.unrated || r.rating.Level == osv.Unrated) && e.failUnrated:
		return true
	}
	return r.rating.Level >= e.failOn && r.rating.Level != osv.Unrated
}

// lets says why a risk over the threshold is let through all the same; "" where it is not.
func (e evidence) lets(r risk) string {
	until := r.published.Add(e.grace)
	switch {
	case e.base != nil && !r.isNew:
		return "it is in " + e.base.ref + " already"
	case r.unsure:
		return "whether it is new cannot be told, for " + e.base.ref + " could not be scanned whole"
	case r.kind != vulnerable:
		return ""
	case e.unreached(r):
		return "the policy lets through what is not " + string(e.reachability)
	case r.fixed != "":
		return ""
	case e.fixableOnly && !r.exploited:
		return "fixable-only is set"
	case e.grace > 0 && !r.published.IsZero() && e.now.Before(until) && !r.published.After(e.now) && !r.exploited:
		return "published " + r.published.Format(time.DateOnly) + ", so within the policy's unfixable-grace until " + until.Format(time.DateOnly)
	}
	return ""
}

// unreached tells whether the policy weighs reachability, and a risk is known not to be reached so far.
func (e evidence) unreached(r risk) bool {
	switch e.reachability {
	case "called":
		return r.reach == "imported" || r.reach == "required"
	case "imported":
		return r.reach == "required"
	}
	return false
}

// wanted says what the rules let through.
func (r rules) wanted() string {
	switch {
	case r.failOn == osv.Low && r.failUnrated:
		return "no known risk"
	case r.failUnrated:
		return "nothing " + r.failOn.String() + " or above, nothing of unknown severity"
	}
	return "nothing " + r.failOn.String() + " or above"
}
