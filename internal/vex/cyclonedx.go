package vex

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/sbom"
)

// cycloneDX is a document as far as analyses need it
// (https://cyclonedx.org/docs/1.6/json/#vulnerabilities).
type cycloneDX struct {
	Spec     string `json:"specVersion"`
	Serial   string `json:"serialNumber"`
	Metadata struct {
		Timestamp string                  `json:"timestamp"`
		Authors   []struct{ Name string } `json:"authors"`
		Supplier  struct{ Name string }   `json:"supplier"`
		Component *cdxComponent           `json:"component"`
	} `json:"metadata"`
	Components []cdxComponent `json:"components"`
}

type cdxComponent struct {
	Ref        string         `json:"bom-ref"`
	PURL       string         `json:"purl"`
	Components []cdxComponent `json:"components"`
}

type cdxVulnerability struct {
	ID         string `json:"id"`
	References []struct {
		ID string `json:"id"`
	} `json:"references"`
	Published string `json:"published"`
	Updated   string `json:"updated"`
	Analysis  *struct {
		State         string `json:"state"`
		Justification string `json:"justification"`
		Detail        string `json:"detail"`
		FirstIssued   string `json:"firstIssued"`
		LastUpdated   string `json:"lastUpdated"`
	} `json:"analysis"`
	Affects []struct {
		Ref      string `json:"ref"`
		Versions []struct {
			Version string `json:"version"`
			Range   string `json:"range"`
			Status  string `json:"status"`
		} `json:"versions"`
	} `json:"affects"`
}

// states are the analyses of CycloneDX in the words of OpenVEX.
var states = map[string]Status{
	"not_affected": NotAffected, "false_positive": NotAffected, "resolved": Fixed, "resolved_with_pedigree": Fixed,
	"exploitable": Affected, "in_triage": UnderInvestigation,
}

// cdxJustifications are all labels that CycloneDX knows.
var cdxJustifications = []string{
	"code_not_present", "code_not_reachable", "requires_configuration", "requires_dependency", "requires_environment",
	"protected_by_compiler", "protected_at_runtime", "protected_at_perimeter", "protected_by_mitigating_control",
}

// cdxVersion are the versions that have analyses.
var cdxVersion = regexp.MustCompile(`^1\.[4-9]$`)

func parseCycloneDX(text []byte) ([]Statement, error) {
	var d cycloneDX
	if err := json.Unmarshal(text, &d); err != nil {
		return nil, explain(text, err)
	}
	if !cdxVersion.MatchString(d.Spec) {
		return nil, fmt.Errorf("its version of CycloneDX is %q, not one from 1.4 on", shorten(d.Spec))
	}
	var authors []string
	for _, a := range d.Metadata.Authors {
		authors = append(authors, a.Name)
	}
	author := strings.Join(names(append(authors, d.Metadata.Supplier.Name)...), ", ")
	purls := d.purls()
	var all []Statement
	err := each(text, "vulnerabilities", func(v cdxVulnerability, line int) error {
		if v.Analysis == nil || v.Analysis.State == "" { // a vulnerability without a word on it
			return nil
		}
		s, err := v.statement(d, purls)
		s.Line, s.Author = line, author
		all = append(all, s)
		return err
	})
	return all, err
}

// purls are the package URLs by reference. A reference of several components is none.
func (d cycloneDX) purls() map[string]string {
	byRef, seen := map[string]string{}, map[string]bool{}
	var walk func([]cdxComponent)
	walk = func(components []cdxComponent) {
		for _, c := range components {
			if byRef[c.Ref] = c.PURL; seen[c.Ref] {
				byRef[c.Ref] = ""
			}
			seen[c.Ref] = true
			walk(c.Components)
		}
	}
	if d.Metadata.Component != nil {
		walk([]cdxComponent{*d.Metadata.Component})
	}
	walk(d.Components)
	return byRef
}

func (v cdxVulnerability) statement(d cycloneDX, purls map[string]string) (Statement, error) {
	a := v.Analysis
	s := Statement{Justification: a.Justification, Impact: strings.TrimSpace(a.Detail)}
	ids := []string{v.ID}
	for _, r := range v.References {
		ids = append(ids, r.ID)
	}
	if s.IDs = names(ids...); strings.TrimSpace(v.ID) == "" {
		return s, errors.New("the vulnerability has no id")
	}
	status, ok := states[a.State]
	if !ok {
		return s, fmt.Errorf("the state %q is none that CycloneDX knows", shorten(a.State))
	}
	s.Status = status
	issued := ""
	for _, t := range []string{a.LastUpdated, a.FirstIssued, v.Updated, v.Published, d.Metadata.Timestamp} {
		if issued == "" {
			issued = t
		}
	}
	var err error
	if s.Issued, err = moment(issued); err != nil {
		return s, err
	}
	for _, to := range v.Affects {
		purl := resolve(to.Ref, d.Serial, purls)
		named, ok := sbom.FromPURL(purl)
		if len(to.Versions) == 0 || !ok || named.Version != "" {
			s.Products = append(s.Products, Product{ID: to.Ref, PURL: purl})
			continue
		}
		for _, at := range to.Versions {
			p := Product{ID: to.Ref} // a range, or a version it does not have, covers nothing
			if at.Version != "" && (at.Status == "" || at.Status == "affected") && !strings.ContainsAny(purl, "?#") {
				named.Version = at.Version
				p.PURL = sbom.PURL(named)
			}
			s.Products = append(s.Products, p)
		}
	}
	s.flaw = cdxFlaw(a.State, s)
	return s, nil
}

// resolve finds what a reference means: a component of the document, a package URL, or a link to a
// component of another document whose reference is one (https://cyclonedx.org/capabilities/bomlink/).
func resolve(ref, serial string, purls map[string]string) string {
	if purl, ok := purls[ref]; ok {
		return purl
	}
	if link, ok := strings.CutPrefix(ref, "urn:cdx:"); ok {
		document, fragment, found := strings.Cut(link, "#")
		fragment, err := url.PathUnescape(fragment)
		if !found || err != nil {
			return ""
		}
		document, _, _ = strings.Cut(document, "/")
		if own, ok := purls[fragment]; ok && strings.EqualFold("urn:uuid:"+document, serial) {
			return own
		}
		ref = fragment
	}
	if strings.HasPrefix(ref, "pkg:") {
		return ref
	}
	return ""
}

// cdxFlaw is why a statement excuses nothing although its status would. That a finding is false
// needs no label of what keeps the vulnerability away, but it needs words.
func cdxFlaw(state string, s Statement) string {
	switch {
	case s.Justification != "" && !slices.Contains(cdxJustifications, s.Justification):
		return fmt.Sprintf("its justification %q is none that CycloneDX knows", shorten(s.Justification))
	case state == "not_affected" && s.Justification == "":
		return "it says not_affected without a justification"
	case state == "false_positive" && s.Justification == "" && s.Impact == "":
		return "it says false_positive without a justification or a detail"
	}
	return ""
}
