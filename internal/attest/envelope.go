// Package attest reads and writes what is attested: in-toto Statements v1, in DSSE envelopes that
// are signed with Ed25519, and the predicates of Slipway's own. It does no I/O.
//
// The envelope and what is signed of it come from go-securesystemslib. Its verifier is not used: it
// takes a context, which what judges has none of, it prints to the standard output, and one broken
// signature makes it overlook the good ones beside it. Tests hold both to the same answers.
package attest

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"

	"github.com/slipway-actions/slipway/internal/jsonpath"
)

// PayloadType is what an envelope of a statement says it holds.
const PayloadType = "application/vnd.in-toto+json"

const (
	sizeLimit      = 1 << 20 // bytes of an envelope or a statement
	signatureLimit = 20      // of one envelope
	subjectLimit   = 1000    // of one statement
)

// Envelope is a payload and who says to have signed it; none of it is to be believed before
// SignedBy.
type Envelope struct {
	Payload    []byte
	signatures []signature
}

type signature struct {
	keyID string // a hint that anybody can write
	bytes []byte
}

// Recognise tells whether a JSON object is meant to be an envelope or a statement, so that a broken
// one is not taken for a document without a signature. Fields are read in any case, and told so too.
func Recognise(text []byte) (envelope, statement bool) {
	var object map[string]json.RawMessage
	if json.Unmarshal(text, &object) != nil {
		return false, false
	}
	keys := map[string]bool{}
	for key := range object {
		keys[strings.ToLower(key)] = true
	}
	return keys["payloadtype"] || keys["payload"] && keys["signatures"], keys["_type"] || keys["predicatetype"]
}

// ReadEnvelope reads an envelope of a statement.
// https://github.com/secure-systems-lab/dsse/blob/v1.0.0/envelope.md
func ReadEnvelope(text []byte) (Envelope, error) {
	var raw dsse.Envelope
	if err := decode(text, &raw, ""); err != nil {
		return Envelope{}, fmt.Errorf("read envelope: %w", err)
	}
	switch n := len(raw.Signatures); {
	case raw.PayloadType != PayloadType:
		return Envelope{}, fmt.Errorf("read envelope: its payload is of the type %q, want %s", raw.PayloadType, PayloadType)
	case n == 0:
		return Envelope{}, errors.New("read envelope: it has no signatures")
	case n > signatureLimit:
		return Envelope{}, fmt.Errorf("read envelope: it has %d signatures; at most %d are read", n, signatureLimit)
	}
	payload, err := decodeBase64(raw.Payload)
	if err != nil {
		return Envelope{}, fmt.Errorf("read envelope: its payload %w", err)
	}
	e := Envelope{Payload: payload}
	for i, s := range raw.Signatures {
		sig, err := decodeBase64(s.Sig)
		if err != nil {
			return Envelope{}, fmt.Errorf("read envelope: signature %d %w", i+1, err)
		}
		e.signatures = append(e.signatures, signature{s.KeyID, sig})
	}
	return e, nil
}

// SignedBy tells whether one of the signatures is by this key. Signatures by other keys, and of
// other algorithms, say nothing for or against it. Which key a signature names does not matter:
// that name is not signed, and every tool makes it differently.
func (e Envelope) SignedBy(k Key) bool {
	signed := dsse.PAE(PayloadType, e.Payload)
	for _, s := range e.signatures {
		if len(s.bytes) == ed25519.SignatureSize && len(k.public) == ed25519.PublicKeySize && ed25519.Verify(k.public, signed, s.bytes) {
			return true
		}
	}
	return false
}

// KeyIDs are the keys that the signatures name, for people.
func (e Envelope) KeyIDs() []string {
	var ids []string
	for _, s := range e.signatures {
		if s.keyID != "" {
			ids = append(ids, s.keyID)
		}
	}
	return ids
}

// Sign puts a statement into an envelope. The same key and statement give the same bytes. The key is
// not named: verifiers leave out signatures that name it otherwise than they do, cosign among them.
func (s Signer) Sign(statement []byte) ([]byte, error) {
	if len(s.private) != ed25519.PrivateKeySize {
		return nil, errors.New("sign statement: there is no key")
	}
	return encode(dsse.Envelope{
		PayloadType: PayloadType,
		Payload:     base64.StdEncoding.EncodeToString(statement),
		Signatures:  []dsse.Signature{{Sig: base64.StdEncoding.EncodeToString(ed25519.Sign(s.private, dsse.PAE(PayloadType, statement)))}},
	})
}

// decodeBase64 takes the standard alphabet and the one for URLs, as the specification wants, but
// only the one spelling of the bytes that an encoder makes.
func decodeBase64(text string) ([]byte, error) {
	for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
		decoded, err := encoding.DecodeString(text)
		if err == nil && len(decoded) > 0 && encoding.EncodeToString(decoded) == text {
			return decoded, nil
		}
	}
	return nil, errors.New("is not in base64, or empty")
}

// decode reads one JSON document and nothing behind it, with each key once.
func decode(text []byte, into any, foreign string) error {
	if len(text) > sizeLimit {
		return fmt.Errorf("it is larger than %d bytes", sizeLimit)
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	if err := dec.Decode(into); err != nil {
		return err
	}
	if _, err := dec.Token(); err != io.EOF {
		return errors.New("text follows the JSON document")
	}
	return jsonpath.SingleKeys(text, foreign)
}

// encode writes one line of JSON with a stable order of keys.
func encode(v any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("encode attestation: %w", err)
	}
	return bytes.TrimRight(buf.Bytes(), "\n"), nil
}
