package sarif

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/report"
)

// result reads one result.
func (r *reader) result(at string, s resultShape) (Result, error) {
	rule, err := r.ruleOf(at, &s)
	if err != nil {
		return Result{}, err
	}
	for _, err := range []error{
		oneOf(at+".level", s.Level, levels...),
		oneOf(at+".kind", s.Kind, "fail", "open", "review", "pass", "notApplicable", "informational"),
		oneOf(at+".baselineState", s.Baseline, "new", "unchanged", "updated", "absent"),
	} {
		if err != nil {
			return Result{}, err
		}
	}
	result := Result{Rule: report.OneLine(s.RuleID), Kind: s.Kind, Baseline: s.Baseline}
	if result.Kind == "" {
		result.Kind = "fail"
	}
	if result.Level, result.Assumed, err = r.level(at, s, rule); err != nil {
		return Result{}, err
	}
	var known about
	if rule != nil {
		known = r.aboutRule(rule)
	}
	r.severity(s, known, &result)
	result.Title, result.Help, result.Tags = known.title, known.help, r.tags(s, known)
	result.Message = cmp.Or(r.text(s.Message, rule), result.Title)
	if result.Suppressions, err = suppressions(at, s.Quiet); err != nil {
		return Result{}, err
	}
	return result, r.locate(at, s.Locations, &result)
}

// ruleOf puts together the ways in which a result names its rule, and leaves the id in RuleID.
func (r *reader) ruleOf(at string, s *resultShape) (*descriptor, error) {
	ref := s.Rule
	ref.ID = cmp.Or(s.RuleID, ref.ID)
	s.RuleID = ref.ID
	switch {
	case len(ref.ID) > idLimit:
		return nil, fmt.Errorf("%s.ruleId: it has more than %d bytes", at, idLimit)
	case ref.Index == nil || *ref.Index == -1:
		ref.Index = s.RuleIndex
	case s.RuleIndex != nil && *s.RuleIndex != -1 && *s.RuleIndex != *ref.Index:
		return nil, fmt.Errorf("%s: ruleIndex is %d and rule.index %d", at, *s.RuleIndex, *ref.Index)
	}
	rule, err := r.rule(at, ref)
	if rule != nil {
		s.RuleID = cmp.Or(s.RuleID, rule.ID)
	}
	return rule, err
}

// level is the effective level by 3.27.10 of the specification, and whether it is only assumed.
func (r *reader) level(at string, s resultShape, rule *descriptor) (string, bool, error) {
	if s.Kind != "" && s.Kind != "fail" {
		if (s.Level == "error" || s.Level == "warning") && s.Kind != "open" && s.Kind != "review" {
			r.problem("a result of the rule %s is of the kind %s and yet of the level %s", quote(s.RuleID), s.Kind, s.Level)
		}
		return "none", false, nil
	}
	if s.Level != "" {
		return s.Level, false, nil
	}
	i, ok, err := index(at+".provenance.invocationIndex", s.Provenance.Invocation, len(r.overrides))
	if err != nil {
		return "", false, err
	}
	if !ok && len(r.overrides) == 1 { // few tools write the index where there is but one
		i, ok = 0, true
	}
	if ok && rule != nil && r.overrides[i][rule] != "" {
		return r.overrides[i][rule], false, nil
	}
	if rule == nil {
		return "warning", true, nil
	}
	if rule.Default.Level == "" {
		return "warning", false, nil
	}
	return rule.Default.Level, false, oneOf(at+": level of its rule", rule.Default.Level, levels...)
}

// severity takes the security-severity of result and rule, the higher where both have one: GitHub
// goes by the rule's, and less than GitHub shows must not come out.
func (r *reader) severity(s resultShape, known about, result *Result) {
	score, rated, err := bagOf(s.Properties).score()
	for _, err := range []error{err, known.wrong} {
		if err != nil {
			r.problem("the rule %s: %v", quote(s.RuleID), err)
		}
	}
	result.SecuritySeverity, result.Rated = max(score, known.score), rated || known.rated
}

// webAddress lets through what may stand in a link, also in one between < and >.
func webAddress(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || len(s) > 2000 {
		return ""
	}
	if s = u.String(); strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune("<>\"`\\^{|}", r) }) {
		return ""
	}
	return s
}

func suppressions(at string, shapes []*suppressionShape) ([]Suppression, error) {
	var all []Suppression
	for i, s := range shapes {
		at := fmt.Sprintf("%s.suppressions[%d]", at, i)
		if s == nil {
			return nil, fmt.Errorf("%s: it is null", at)
		}
		if err := oneOf(at+".kind", s.Kind, "inSource", "external"); err != nil {
			return nil, err
		}
		if err := oneOf(at+".status", s.Status, "accepted", "underReview", "rejected"); err != nil {
			return nil, err
		}
		one := Suppression{Kind: s.Kind, Status: s.Status, Justification: report.Printable(cut(s.Justification, textLimit))}
		if one.Status == "" { // as all tools mean it
			one.Status = "accepted"
		}
		all = append(all, one)
	}
	return all, nil
}

// locate takes the first location. A result without one is a result all the same.
func (r *reader) locate(at string, locations []*location, result *Result) error {
	if len(locations) == 0 {
		return nil
	}
	at += ".locations[0]"
	if locations[0] == nil {
		return fmt.Errorf("%s: it is null", at)
	}
	physical := locations[0].Physical
	place := physical.Artifact
	if place == nil {
		return nil
	}
	if i, ok, err := index(at+".physicalLocation.artifactLocation.index", place.Index, len(r.shape.Artifacts)); err != nil && place.URI == "" {
		return err
	} else if ok && place.URI == "" {
		if a := r.shape.Artifacts[i]; a != nil && a.Location != nil {
			place = a.Location
		}
	}
	if result.File = r.file(place); result.File == "" {
		return nil // lines of a file that is not ours say nothing
	}
	result.Line = max(physical.Region.StartLine, 0)
	result.Column = max(physical.Region.StartColumn, 0)
	result.EndLine = max(physical.Region.EndLine, result.Line)
	return nil
}

// tags are those of rule and result, and the weaknesses they are related to, in GitHub's form.
func (r *reader) tags(s resultShape, known about) []string {
	tags := append(bagOf(s.Properties).tags(), known.tags...)
	for _, ref := range s.Taxa {
		tags = append(tags, r.weakness(ref)...)
	}
	slices.Sort(tags)
	return slices.Compact(tags)
}

// weakness is the tag of a CWE.
func (r *reader) weakness(ref *reference) []string {
	if ref == nil || ref.Component == nil {
		return nil
	}
	name := ref.Component.Name
	if i, ok, err := index("", ref.Component.Index, len(r.shape.Taxonomies)); name == "" && ok && err == nil && r.shape.Taxonomies[i] != nil {
		name = r.shape.Taxonomies[i].Name
	}
	number := strings.TrimPrefix(strings.ToUpper(ref.ID), "CWE-")
	if !strings.EqualFold(name, "CWE") || number == "" || len(number) > 6 || strings.Trim(number, "0123456789") != "" {
		return nil
	}
	return []string{"external/cwe/cwe-" + number}
}
