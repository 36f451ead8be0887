package gonogo

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/attest"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// wrapped is a document in the statement and the envelope that it came in, if any.
type wrapped struct {
	text      []byte            // the document itself
	statement *attest.Statement // nil around a plain document
	signed    bool              // in an envelope; by whom is not known yet
}

// unwrap takes a document out of what is around it. A broken envelope is an error and no plain
// document.
func unwrap(text []byte) (wrapped, error) {
	w := wrapped{text: text}
	isEnvelope, isStatement := attest.Recognise(text)
	if isEnvelope {
		envelope, err := attest.ReadEnvelope(text)
		if err != nil {
			return wrapped{}, err
		}
		w.text, w.signed = envelope.Payload, true
	}
	if !isEnvelope && !isStatement {
		return w, nil
	}
	statement, err := attest.ReadStatement(w.text)
	if err != nil {
		return wrapped{}, err
	}
	w.text, w.statement = statement.Predicate, &statement
	return w, nil
}

// reread takes what signed documents say from their envelopes once more. What is beside an envelope
// in a record is for people, and nobody has signed it.
func reread(documents []document) []document {
	documents = slices.Clone(documents)
	for i, d := range documents {
		if d.Envelope != nil {
			documents[i] = decodeDocument(d.Source, d.File, d.Envelope)
		}
	}
	return documents
}

// judgeSignature wants the signature of one of the keys that the policy names. Without keys a plain
// document counts as it is; one that is signed does not, for nothing tells whether rightly so.
func judgeSignature(envelope []byte, keys []string, e evidence) judged {
	unknown := func(observed, next string) judged { return judged{verdict.Undecided, observed, next} }
	switch {
	case envelope == nil && len(keys) == 0:
		return judged{outcome: verdict.Passed}
	case envelope == nil:
		return unknown("it is not signed, and the policy names keys for it", "Sign it as an in-toto statement in a DSSE envelope, with a key that belongs to one of "+strings.Join(keys, ", ")+".")
	}
	read, err := attest.ReadEnvelope(envelope)
	if err != nil {
		return unknown(err.Error(), "See why the step that signs it did not write it so.")
	}
	if len(keys) == 0 {
		return unknown("it is signed"+by(read.KeyIDs())+", and the policy names no key to hold that against",
			"Commit the signer's public key (PEM, Ed25519) and name it in the criterion, such as evidence: {…, keys: [.github/keys/scanner.pem]}.")
	}
	var troubles []string
	for _, path := range keys {
		key, err := keyAt(path, e)
		if err != nil {
			troubles = append(troubles, path+": "+err.Error())
			continue
		}
		if read.SignedBy(key) {
			return judged{outcome: verdict.Passed, observed: "signed with the key of " + path + ", " + key.ID[:16]}
		}
	}
	observed := "the signature is not by a key that the policy names"
	if len(troubles) > 0 {
		return unknown(observed+" and that can be read; "+strings.Join(troubles, "; "), "Commit the key to where the policy is read, as the PEM block of an Ed25519 public key.")
	}
	return unknown(observed+by(read.KeyIDs()), "Sign it with a key that belongs to one of "+strings.Join(keys, ", ")+", or add the signer's public key to the policy.")
}

func keyAt(path string, e evidence) (attest.Key, error) {
	f := e.file(governed + path)
	switch {
	case f.Missing:
		return attest.Key{}, errors.New("there is no such file where the policy is read")
	case f.Problem.What != "":
		return attest.Key{}, errors.New(f.Problem.What)
	}
	return attest.ReadKey(f.Text)
}

// by names the keys that a signature names, which is no more than what its writer says.
func by(ids []string) string {
	if len(ids) == 0 {
		return ""
	}
	return ", by its own word with the key " + shorten(strings.Join(ids, ", "))
}

// ruleFor completes the rule for results of an action. What it leaves open is as the policy has it for that
// action anywhere: all keys, and the smallest age. So a result that is wanted signed or fresh is nowhere
// believed without.
func ruleFor(rule policy.Evidence, action string, e evidence) policy.Evidence {
	if rule.File != "" {
		return rule
	}
	all := policy.Evidence{}
	for _, c := range e.Gate.Criteria {
		if c.Evidence == nil || c.Evidence.Action != action {
			continue
		}
		all.Keys = append(all.Keys, c.Evidence.Keys...)
		if age := c.Evidence.MaxAge; age > 0 && (all.MaxAge == 0 || age < all.MaxAge) {
			all.MaxAge = age
		}
	}
	if len(rule.Keys) == 0 {
		rule.Keys = all.Keys
	}
	rule.MaxAge = cmp.Or(rule.MaxAge, all.MaxAge)
	return rule
}

// concerns tells whether a statement is about what is judged: the commit, the merge commit that
// stands for it, or the image that is to be deployed.
func (e evidence) concerns(subjects []attest.Resource) bool {
	return slices.ContainsFunc(subjects, func(r attest.Resource) bool {
		return r.IsCommit(e.SHA) || r.IsCommit(e.Merge) || r.IsImage(e.Digest)
	})
}

// elsewhere says what a statement is about instead.
func elsewhere(subjects []attest.Resource) string {
	const text = "the statement is about something else"
	for _, r := range subjects {
		for _, algorithm := range []string{"gitCommit", "sha1", "sha256"} {
			if value := r.Digest[algorithm]; value != "" {
				return text + ", " + algorithm + " " + shorten(value)
			}
		}
	}
	return text
}
