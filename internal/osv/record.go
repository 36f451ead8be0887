// Package osv reads advisories in the OSV format (https://ossf.github.io/osv-schema/) and judges
// packages by them: whether a version is affected, which one is fixed, how severe it is, and which
// records speak of the same vulnerability. It does no I/O.
package osv

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Record is one advisory, as far as a judgement needs it.
type Record struct {
	ID        string     `json:"id"`
	Aliases   []string   `json:"aliases"`
	Summary   string     `json:"summary"`
	Published Date       `json:"published"`
	Modified  Date       `json:"modified"`
	Withdrawn string     `json:"withdrawn"` // when; "" while it stands
	Severity  []Severity `json:"severity"`
	Affected  []Affected `json:"affected"`
	Specific  specific   `json:"database_specific"`
}

// Affected says which versions of one package have the vulnerability.
type Affected struct {
	Package struct {
		Ecosystem string `json:"ecosystem"`
		Name      string `json:"name"`
	} `json:"package"`
	Versions []string   `json:"versions"`
	Ranges   []Range    `json:"ranges"`
	Severity []Severity `json:"severity"`
	Code     Code       `json:"ecosystem_specific"`
}

// Code says where in a package the vulnerability lies, as Go's database tells it
// (https://go.dev/doc/security/vuln/database#schema). None given is all of the package.
type Code struct{ Imports []Import }

// Import is a Go package of a module, and what in it is vulnerable.
type Import struct {
	Path    string   `json:"path"`
	Symbols []string `json:"symbols"` // functions, and methods as Type.Method; none is all
}

// UnmarshalJSON takes imports where all of them have the expected form. Where one has not, none is
// taken: to know of some alone would make the rest look safe.
func (c *Code) UnmarshalJSON(text []byte) error {
	var fields struct {
		Imports []Import `json:"imports"`
	}
	if json.Unmarshal(text, &fields) != nil || slices.ContainsFunc(fields.Imports, func(i Import) bool {
		return i.Path == "" || slices.Contains(i.Symbols, "")
	}) {
		return nil
	}
	c.Imports = fields.Imports
	return nil
}

// Range is a part of a package's versions.
type Range struct {
	Type   string  `json:"type"` // SEMVER, ECOSYSTEM or GIT
	Events []Event `json:"events"`
}

// Event is a version at which something changes. Exactly one field is set.
type Event struct {
	Introduced   string `json:"introduced"` // 0 stands before all versions
	Fixed        string `json:"fixed"`
	LastAffected string `json:"last_affected"`
	Limit        string `json:"limit"` // * is no limit
}

// Severity is a score in the words of one scale.
type Severity struct {
	Type  string `json:"type"`  // CVSS_V2, CVSS_V3, CVSS_V4, or a scale of a distribution
	Score string `json:"score"` // the vector
}

// specific is what a database adds in a form of its own. GitHub's names a severity.
type specific struct{ Severity string }

// UnmarshalJSON takes what has the expected form and leaves the rest alone, for the schema says
// nothing about it.
func (s *specific) UnmarshalJSON(text []byte) error {
	var fields struct {
		Severity json.RawMessage `json:"severity"`
	}
	if json.Unmarshal(text, &fields) == nil {
		_ = json.Unmarshal(fields.Severity, &s.Severity)
	}
	return nil
}

// Date is a moment, the zero time where none is known. Some databases write 0001-01-01 for that.
type Date struct{ time.Time }

// UnmarshalJSON reads RFC 3339. What is no date is unknown, not an error: no verdict is loosened by it.
func (d *Date) UnmarshalJSON(text []byte) error {
	var s string
	if json.Unmarshal(text, &s) != nil {
		return nil
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil && t.Year() > 1 {
		d.Time = t.UTC()
	}
	return nil
}

// Parse reads one record. Without an id it is none.
func Parse(text []byte) (*Record, error) {
	var r Record
	if err := json.Unmarshal(text, &r); err != nil {
		return nil, fmt.Errorf("read advisory: %w", err)
	}
	if r.ID == "" {
		return nil, errors.New("read advisory: it has no id")
	}
	return &r, nil
}
