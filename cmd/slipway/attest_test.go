package main

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/secure-systems-lab/go-securesystemslib/dsse"

	"github.com/slipway-actions/slipway/internal/attest"
)

// makeKeys makes a pair of Ed25519 keys: `keys <private.pem> <public.pem>`.
func makeKeys(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: keys <private.pem> <public.pem>")
	}
	public, private, err := ed25519.GenerateKey(rand.Reader)
	ts.Check(err)
	privateDER, err := x509.MarshalPKCS8PrivateKey(private)
	ts.Check(err)
	publicDER, err := x509.MarshalPKIXPublicKey(public)
	ts.Check(err)
	for name, block := range map[string]pem.Block{args[0]: {Type: "PRIVATE KEY", Bytes: privateDER}, args[1]: {Type: "PUBLIC KEY", Bytes: publicDER}} {
		ts.Check(os.MkdirAll(filepath.Dir(ts.MkAbs(name)), 0o755))
		ts.Check(os.WriteFile(ts.MkAbs(name), pem.EncodeToMemory(&block), 0o600))
	}
}

// keyLine sets a variable to the line of a PEM file that is the key: `keyline <variable> <file>`.
func keyLine(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: keyline <variable> <file>")
	}
	ts.Setenv(args[0], strings.Split(ts.ReadFile(args[1]), "\n")[1])
}

// seal signs a statement: `seal <private.pem> <statement.json> <envelope.json>`.
func seal(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: seal <private.pem> <statement.json> <envelope.json>")
	}
	signer, err := attest.ReadSigner([]byte(ts.ReadFile(args[0])))
	ts.Check(err)
	text, err := signer.Sign([]byte(ts.ReadFile(args[1])))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), text, 0o644))
}

// verified holds an envelope against a public key, with the library's verifier and not ours, and
// writes what was signed: `[!] verified <public.pem> <envelope.json> [statement.json]`.
func verified(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 || len(args) > 3 {
		ts.Fatalf("usage: [!] verified <public.pem> <envelope.json> [statement.json]")
	}
	block, _ := pem.Decode([]byte(ts.ReadFile(args[0])))
	parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
	ts.Check(err)
	var envelope dsse.Envelope
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[1])), &envelope))
	verifier, err := dsse.NewEnvelopeVerifier(publicKey{parsed.(ed25519.PublicKey)})
	ts.Check(err)
	_, payload, err := verifier.VerifyAndDecode(context.Background(), &envelope)
	if (err == nil) == neg {
		ts.Fatalf("verified: %v", err)
	}
	if len(args) == 3 {
		ts.Check(os.WriteFile(ts.MkAbs(args[2]), payload, 0o644))
	}
}

// publicKey is a key in the form of the library.
type publicKey struct{ ed25519.PublicKey }

func (k publicKey) Verify(_ context.Context, data, sig []byte) error {
	if !ed25519.Verify(k.PublicKey, data, sig) {
		return errors.New("the signature is wrong")
	}
	return nil
}
func (k publicKey) KeyID() (string, error)   { return "", nil }
func (k publicKey) Public() crypto.PublicKey { return k.PublicKey }
