package gonogo

import (
	"context"
	"fmt"

	"github.com/slipway-actions/slipway/internal/attest"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// Where the record of a decision and the verification result of a go lie, plain and signed.
const (
	recordFile       = ".slipway/release-decision.intoto.json"
	signedRecordFile = ".slipway/release-decision.dsse.json"
	svrFile          = ".slipway/release-decision.svr.json"
	signedSVRFile    = ".slipway/release-decision.svr.dsse.json"
)

// recordFiles are what earlier decisions may have left.
var recordFiles = []string{recordFile, signedRecordFile, svrFile, signedSVRFile}

// writeRecord leaves the record of the decision in the workspace.
func (c collector) writeRecord(_ context.Context, e *evidence, d decision) {
	var problems []problem
	e.Published.RecordFile, e.Published.SVRFile, problems = c.record(*e, d)
	for _, p := range problems {
		e.Published.fail(p)
	}
}

// record writes the decision as an in-toto statement, and a go as a simple verification result too,
// and returns their paths, "" for what was not written. What an earlier run left is taken away
// first: a verification result must not outlive its go.
func (c collector) record(e evidence, d decision) (record, svr string, problems []problem) {
	recordPath, svrPath := recordFile, svrFile
	if e.SigningKey != "" {
		recordPath, svrPath = signedRecordFile, signedSVRFile
	}
	passes := d.verdict == verdict.Pass
	for _, stale := range recordFiles {
		if stale == recordPath || stale == svrPath && passes {
			continue
		}
		if err := c.Remove(stale); err != nil {
			problems = append(problems, unrecorded("the record "+stale+" of an earlier run cannot be taken away", err))
		}
	}
	if err := c.attest(recordPath, attest.DecisionType, recordOf(e, d), e); err != nil {
		return "", "", append(problems, unrecorded("the decision record cannot be written", err))
	}
	if passes && len(problems) == 0 {
		if err := c.attest(svrPath, attest.SVRType, svrOf(e, d), e); err != nil {
			return recordPath, "", append(problems, unrecorded("the verification result cannot be written", err))
		}
		svr = svrPath
	}
	if c.DryRun {
		return "", "", problems
	}
	return recordPath, svr, problems
}

// attest writes a statement about the subjects of the decision, signed where there is a key. Secrets
// are taken out before it is signed.
func (c collector) attest(path, kind string, predicate any, e evidence) error {
	statement, err := attest.Statement{Subject: subjectsOf(e), PredicateType: kind}.With(predicate)
	if err != nil {
		return err
	}
	text, err := statement.Encode()
	if err != nil {
		return err
	}
	text = []byte(c.Redact(string(text)))
	if e.SigningKey != "" {
		signer, err := attest.ReadSigner([]byte(e.SigningKey))
		if err != nil {
			return err
		}
		if text, err = signer.Sign(text); err != nil {
			return err
		}
	}
	_, err = c.Write(path, append(text, '\n'))
	return err
}

func unrecorded(what string, err error) problem {
	return problem{What: fmt.Sprintf("%s: %v", what, err), Next: "Make sure that the folder .slipway of the workspace can be written, and that no step puts anything else there, then run this step again."}
}
