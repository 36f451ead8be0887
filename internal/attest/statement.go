package attest

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// StatementType is the one form of a statement that is read and written.
// https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md
const StatementType = "https://in-toto.io/Statement/v1"

// The types of predicates. The first two are Slipway's own.
const (
	ResultType   = "https://slipway-actions.github.io/result/v1"           // a result document
	DecisionType = "https://slipway-actions.github.io/release-decision/v1" // Decision
	SVRType      = "https://in-toto.io/attestation/svr/v0.1"               // SVR
)

// Statement says something of subjects.
type Statement struct {
	Type          string          `json:"_type"`
	Subject       []Resource      `json:"subject"`
	PredicateType string          `json:"predicateType"`
	Predicate     json.RawMessage `json:"predicate"`
}

// Resource is a thing that is known by its digest, such as a commit, an image or a file.
// https://github.com/in-toto/attestation/blob/main/spec/v1/resource_descriptor.md
type Resource struct {
	Name   string            `json:"name,omitempty"`
	URI    string            `json:"uri,omitempty"`
	Digest map[string]string `json:"digest,omitempty"` // by algorithm, in hexadecimal
}

// ReadStatement reads a statement with subjects and an object for a predicate.
func ReadStatement(text []byte) (Statement, error) {
	var s Statement
	if err := decode(text, &s, "predicate"); err != nil {
		return Statement{}, fmt.Errorf("read statement: %w", err)
	}
	switch {
	case s.Type != StatementType:
		return Statement{}, fmt.Errorf("read statement: its type is %q, want %s", s.Type, StatementType)
	case s.PredicateType == "":
		return Statement{}, errors.New("read statement: its predicate has no type")
	case len(s.Predicate) == 0 || s.Predicate[0] != '{':
		return Statement{}, errors.New("read statement: its predicate is no object")
	case len(s.Subject) == 0:
		return Statement{}, errors.New("read statement: it is about nothing, for it has no subject")
	case len(s.Subject) > subjectLimit:
		return Statement{}, fmt.Errorf("read statement: it has %d subjects; at most %d are read", len(s.Subject), subjectLimit)
	}
	for i, subject := range s.Subject {
		if len(subject.Digest) == 0 {
			return Statement{}, fmt.Errorf("read statement: subject %d has no digest", i+1)
		}
	}
	return s, nil
}

// Encode writes the statement as one line of JSON with a stable order of keys.
func (s Statement) Encode() ([]byte, error) {
	s.Type = StatementType
	return encode(s)
}

// With is the statement with a predicate.
func (s Statement) With(predicate any) (Statement, error) {
	text, err := encode(predicate)
	s.Predicate = text
	return s, err
}

// Commit is the subject that a commit is.
func Commit(repository, sha string) Resource {
	return Resource{Name: repository, Digest: map[string]string{"gitCommit": sha}}
}

// Image is the subject that a container image is, by a digest such as sha256:….
func Image(name, digest string) Resource {
	algorithm, value, _ := strings.Cut(digest, ":")
	return Resource{Name: name, Digest: map[string]string{algorithm: value}}
}

// IsCommit tells whether this is the commit of that id. Writers name the algorithm gitCommit, or by
// the hash that the repository uses.
func (r Resource) IsCommit(sha string) bool {
	hash := map[int]string{40: "sha1", 64: "sha256"}[len(sha)]
	return hash != "" && (strings.EqualFold(r.Digest["gitCommit"], sha) || strings.EqualFold(r.Digest[hash], sha))
}

// IsImage tells whether this is the image of that digest, such as sha256:….
func (r Resource) IsImage(digest string) bool {
	algorithm, value, ok := strings.Cut(digest, ":")
	return ok && value != "" && strings.EqualFold(r.Digest[algorithm], value)
}
