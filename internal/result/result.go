// Package result is the document every action ends in: what was decided about which commit,
// from which evidence, and what to do next. Later steps read it as evidence, so reading is as
// strict as writing is stable. It does no I/O.
package result

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/slipway-actions/slipway/internal/jsonpath"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// Schema names the form of the document; another name is another form and is not read.
const Schema = "slipway.result/v1"

// OutputLimit is the most bytes of a document that go into a workflow output. A job's outputs may
// hold 1 MiB together, so a larger document leaves its findings' details to the result file.
const OutputLimit = 900_000

// Path is where an action leaves its document, below the workspace.
func Path(action string) string { return ".slipway/" + action + ".json" }

// Document is one action's decision.
type Document struct {
	Schema     string          `json:"schema"`
	Action     string          `json:"action"`
	Tool       string          `json:"tool"` // version of the binary that decided
	Subject    Subject         `json:"subject"`
	Run        Run             `json:"run"`
	StartedAt  time.Time       `json:"startedAt"`
	FinishedAt time.Time       `json:"finishedAt"`
	Verdict    verdict.Verdict `json:"verdict"`
	Sentence   string          `json:"sentence"`
	Findings   []Finding       `json:"findings"`
	Data       any             `json:"data"`                 // the action's own figures; an object
	ReportOnly bool            `json:"reportOnly,omitempty"` // the step let its job go on whatever the verdict
	Trimmed    bool            `json:"trimmed,omitempty"`
}

// Subject is what was judged.
type Subject struct {
	Repository string `json:"repository,omitempty"` // owner/name
	SHA        string `json:"sha,omitempty"`        // full commit id
	Ref        string `json:"ref,omitempty"`        // refs/heads/main
	Version    string `json:"version,omitempty"`
	Digest     string `json:"digest,omitempty"` // of the container image, sha256:…
}

// Run is the workflow run that judged; zero on a laptop.
type Run struct {
	ID      int64  `json:"id,omitempty"`
	Attempt int64  `json:"attempt,omitempty"`
	URL     string `json:"url,omitempty"`
	Actor   string `json:"actor,omitempty"`
}

// Finding is one thing observed, what was wanted of it, and what to do about it.
type Finding struct {
	ID        string          `json:"id"`
	Outcome   verdict.Outcome `json:"outcome"`
	Title     string          `json:"title"`
	Observed  string          `json:"observed,omitempty"`
	Threshold string          `json:"threshold,omitempty"` // what was wanted
	Where     *Where          `json:"where,omitempty"`
	Evidence  string          `json:"evidence,omitempty"` // a link to the source of the observation
	Owner     string          `json:"owner,omitempty"`
	Next      string          `json:"next,omitempty"` // the next action, for a person
}

// Where is a place in a file of the repository.
type Where struct {
	File string `json:"file"`           // slash-separated, relative to the workspace
	Line int    `json:"line,omitempty"` // from 1; 0 is the whole file
}

// VerdictOf combines the outcomes of findings.
func VerdictOf(findings []Finding) verdict.Verdict {
	outcomes := make([]verdict.Outcome, len(findings))
	for i, f := range findings {
		outcomes[i] = f.Outcome
	}
	return verdict.Of(outcomes...)
}

// Encode writes the document as one line of JSON with a stable order of keys.
func (d Document) Encode() ([]byte, error) {
	d.Schema = Schema
	if d.Findings == nil {
		d.Findings = []Finding{}
	}
	if d.Data == nil {
		d.Data = struct{}{}
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(d); err != nil {
		return nil, fmt.Errorf("encode result of %s: %w", d.Action, err)
	}
	return bytes.TrimRight(buf.Bytes(), "\n"), nil
}

// Recorded is data that holds the evidence it was decided from, which the result file keeps and an
// output can do without.
type Recorded interface{ WithoutRecord() any }

// EncodeForOutput is Encode within OutputLimit: a document over it does without the record of its
// evidence; if that is not enough it keeps verdict, sentence, counts and each finding's id and
// outcome. It says that it was trimmed.
func (d Document) EncodeForOutput() ([]byte, error) {
	whole, err := d.Encode()
	if err != nil || len(whole) <= OutputLimit {
		return whole, err
	}
	d.Trimmed = true
	if r, ok := d.Data.(Recorded); ok {
		d.Data = r.WithoutRecord()
		if b, err := d.Encode(); err != nil || len(b) <= OutputLimit {
			return b, err
		}
	}
	short := make([]Finding, len(d.Findings))
	for i, f := range d.Findings {
		short[i] = Finding{ID: f.ID, Outcome: f.Outcome, Title: f.Title}
	}
	d.Findings = short
	if b, err := d.Encode(); err != nil || len(b) <= OutputLimit {
		return b, err
	}
	d.Findings, d.Data = nil, nil
	return d.Encode()
}

// Decode reads a document that another step wrote. Everything a decision would rest on must be
// there and well-formed; unknown keys are left alone, for a newer writer may have added some.
func Decode(text []byte) (Document, error) {
	var d Document
	dec := json.NewDecoder(bytes.NewReader(text))
	if err := dec.Decode(&d); err != nil {
		return Document{}, fmt.Errorf("read result: %w", err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return Document{}, errors.New("read result: text follows the JSON document")
	}
	if err := jsonpath.SingleKeys(text, "data"); err != nil {
		return Document{}, fmt.Errorf("read result: %w", err)
	}
	switch {
	case d.Schema != Schema:
		return Document{}, fmt.Errorf("read result: schema is %q, want %q", d.Schema, Schema)
	case d.Action == "":
		return Document{}, errors.New("read result: no action is named")
	case !d.Verdict.Valid():
		return Document{}, fmt.Errorf("read result: verdict is %q, want pass, fail or unknown", d.Verdict)
	case d.FinishedAt.IsZero():
		return Document{}, errors.New("read result: finishedAt is missing")
	}
	for i, f := range d.Findings {
		if !f.Outcome.Valid() {
			return Document{}, fmt.Errorf("read result: finding %d (%q) has the outcome %q, want pass, fail, unknown, warn or skip", i+1, f.ID, f.Outcome)
		}
	}
	if d.Verdict == verdict.Pass && len(d.Findings) > 0 && VerdictOf(d.Findings) != verdict.Pass {
		return Document{}, errors.New("read result: the verdict is pass but a finding says otherwise")
	}
	return d, nil
}
