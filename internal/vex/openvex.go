package vex

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// openVEX is a document by https://github.com/openvex/spec (v0.2.0); of the first form, v0.0.1, it
// takes vulnerabilities and products that are plain names.
type openVEX struct {
	Context   string `json:"@context"`
	Author    string `json:"author"`
	Timestamp string `json:"timestamp"`
	Updated   string `json:"last_updated"`
}

type openStatement struct {
	Vulnerability openVulnerability `json:"vulnerability"`
	Timestamp     string            `json:"timestamp"`
	Updated       string            `json:"last_updated"`
	Products      []openProduct     `json:"products"`
	Subcomponents []openProduct     `json:"subcomponents"` // v0.0.1: of each product
	Status        Status            `json:"status"`
	Justification string            `json:"justification"`
	Impact        string            `json:"impact_statement"`
}

type openVulnerability struct {
	ID      string   `json:"@id"`
	Name    string   `json:"name"`
	Aliases []string `json:"aliases"`
}

func (v *openVulnerability) UnmarshalJSON(text []byte) error {
	if len(text) > 0 && text[0] == '"' {
		return json.Unmarshal(text, &v.Name)
	}
	type fields openVulnerability
	return json.Unmarshal(text, (*fields)(v))
}

type openProduct struct {
	ID          string `json:"@id"`
	Identifiers struct {
		PURL string `json:"purl"`
	} `json:"identifiers"`
	Subcomponents []openProduct `json:"subcomponents"`
}

func (p *openProduct) UnmarshalJSON(text []byte) error {
	if len(text) > 0 && text[0] == '"' {
		return json.Unmarshal(text, &p.ID)
	}
	type fields openProduct
	return json.Unmarshal(text, (*fields)(p))
}

// purl is a product's package URL. Its id may be one; if both are, the identifier says more.
func (p openProduct) purl() string {
	if p.Identifiers.PURL != "" {
		return p.Identifiers.PURL
	}
	if strings.HasPrefix(p.ID, "pkg:") {
		return p.ID
	}
	return ""
}

// openJustifications are all labels that the specification knows.
var openJustifications = []string{
	"component_not_present", "vulnerable_code_not_present", "vulnerable_code_not_in_execute_path",
	"vulnerable_code_cannot_be_controlled_by_adversary", "inline_mitigations_already_exist",
}

const openVEXContext = "https://openvex.dev/ns"

func parseOpenVEX(text []byte) ([]Statement, error) {
	var d openVEX
	if err := json.Unmarshal(text, &d); err != nil {
		return nil, explain(text, err)
	}
	if version, ok := strings.CutPrefix(d.Context, openVEXContext); !ok || version != "" && !strings.HasPrefix(version, "/v0.") {
		return nil, fmt.Errorf("its @context is %q, not %s of a version 0", shorten(d.Context), openVEXContext)
	}
	var all []Statement
	err := each(text, "statements", func(o openStatement, line int) error {
		s, err := o.statement(d)
		s.Line = line
		all = append(all, s)
		return err
	})
	return all, err
}

func (o openStatement) statement(d openVEX) (Statement, error) {
	s := Statement{
		IDs:    names(append([]string{o.Vulnerability.Name}, o.Vulnerability.Aliases...)...),
		Status: o.Status, Justification: o.Justification, Impact: strings.TrimSpace(o.Impact), Author: d.Author,
	}
	if strings.TrimSpace(o.Vulnerability.Name) == "" {
		return s, errors.New("the statement names no vulnerability")
	}
	if !slices.Contains([]Status{NotAffected, Fixed, Affected, UnderInvestigation}, s.Status) {
		return s, fmt.Errorf("the status %q is none of not_affected, fixed, affected, under_investigation", shorten(string(s.Status)))
	}
	// What a statement does not tell, its document does.
	issued := ""
	for _, t := range []string{o.Updated, o.Timestamp, d.Updated, d.Timestamp} {
		if issued == "" {
			issued = t
		}
	}
	var err error
	if s.Issued, err = moment(issued); err != nil {
		return s, err
	}
	if s.Issued.IsZero() {
		return s, errors.New("neither the statement nor its document has a time")
	}
	for _, p := range o.Products {
		product := Product{ID: p.ID, PURL: p.purl()}
		for _, c := range append(slices.Clip(p.Subcomponents), o.Subcomponents...) {
			product.Subcomponents = append(product.Subcomponents, c.purl())
		}
		s.Products = append(s.Products, product)
	}
	s.flaw = openFlaw(s)
	return s, nil
}

// openFlaw is why a statement excuses nothing although its status would.
func openFlaw(s Statement) string {
	switch {
	case s.Status != NotAffected:
		return ""
	case s.Justification == "" && s.Impact == "":
		return "it says not_affected without a justification or an impact statement"
	case s.Justification != "" && !slices.Contains(openJustifications, s.Justification):
		return fmt.Sprintf("its justification %q is none that OpenVEX knows", shorten(s.Justification))
	}
	return ""
}
