package attest_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"

	"github.com/slipway-actions/slipway/internal/attest"
)

const statement = `{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"shop","digest":{"gitCommit":"0123"}}],"predicateType":"x","predicate":{"a":1}}`

// pair makes a new pair of keys, as PEM.
func pair(t *testing.T) (private, public []byte) {
	t.Helper()
	pub, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return privatePEM(t, key), publicPEM(t, pub)
}

func privatePEM(t *testing.T, key any) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}

func publicPEM(t *testing.T, key any) []byte {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

func signer(t *testing.T, private []byte) attest.Signer {
	t.Helper()
	s, err := attest.ReadSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSignature(t *testing.T) {
	private, public := pair(t)
	_, stranger := pair(t)
	s := signer(t, private)
	sealed, err := s.Sign([]byte(statement))
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := s.Sign([]byte(statement)); !bytes.Equal(sealed, again) {
		t.Error("signed twice it is not the same")
	}
	envelope, err := attest.ReadEnvelope(sealed)
	if err != nil || string(envelope.Payload) != statement {
		t.Fatalf("%s, %v", envelope.Payload, err)
	}
	key, err := attest.ReadKey(public)
	if err != nil || key.ID != s.ID {
		t.Fatalf("the key is %s, the signer's %s, %v", key.ID, s.ID, err)
	}
	block, _ := pem.Decode(public)
	if want := sha256.Sum256(block.Bytes); key.ID != hex.EncodeToString(want[:]) || len(envelope.KeyIDs()) != 0 {
		t.Errorf("the key's name is %s", key.ID)
	}
	other, err := attest.ReadKey(stranger)
	if err != nil {
		t.Fatal(err)
	}
	if !envelope.SignedBy(key) || envelope.SignedBy(other) || envelope.SignedBy(attest.Key{}) {
		t.Error("it is signed by the wrong key")
	}
	if _, err := (attest.Signer{}).Sign([]byte(statement)); err == nil {
		t.Error("nobody signed it")
	}
}

// What anybody changes in an envelope makes the signature wrong, or the envelope unreadable.
func TestTampering(t *testing.T) {
	private, public := pair(t)
	key, err := attest.ReadKey(public)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := signer(t, private).Sign([]byte(statement))
	if err != nil {
		t.Fatal(err)
	}
	var good dsse.Envelope
	if err := json.Unmarshal(sealed, &good); err != nil {
		t.Fatal(err)
	}
	b64 := base64.StdEncoding.EncodeToString
	sig, _ := base64.StdEncoding.DecodeString(good.Signatures[0].Sig)
	other := func(private []byte) dsse.Signature {
		var e dsse.Envelope
		again, _ := signer(t, private).Sign([]byte(statement))
		json.Unmarshal(again, &e)
		return e.Signatures[0]
	}
	stranger, _ := pair(t)
	for name, tt := range map[string]struct {
		change func(*dsse.Envelope)
		signed bool
		fault  string
	}{
		"as it was":             {func(e *dsse.Envelope) {}, true, ""},
		"another payload":       {func(e *dsse.Envelope) { e.Payload = b64([]byte(strings.Replace(statement, "0123", "4567", 1))) }, false, ""},
		"another type":          {func(e *dsse.Envelope) { e.PayloadType = "application/json" }, false, "of the type"},
		"no type":               {func(e *dsse.Envelope) { e.PayloadType = "" }, false, "of the type"},
		"another bit":           {func(e *dsse.Envelope) { s := bytes.Clone(sig); s[3] ^= 1; e.Signatures[0].Sig = b64(s) }, false, ""},
		"a short signature":     {func(e *dsse.Envelope) { e.Signatures[0].Sig = b64(sig[:63]) }, false, ""},
		"a long signature":      {func(e *dsse.Envelope) { e.Signatures[0].Sig = b64(append(bytes.Clone(sig), 0)) }, false, ""},
		"no signature":          {func(e *dsse.Envelope) { e.Signatures = nil }, false, "no signatures"},
		"an empty signature":    {func(e *dsse.Envelope) { e.Signatures[0].Sig = "" }, false, "signature 1 is not in base64"},
		"an empty payload":      {func(e *dsse.Envelope) { e.Payload = "" }, false, "payload is not in base64"},
		"no base64":             {func(e *dsse.Envelope) { e.Payload = "%%%" }, false, "payload is not in base64"},
		"base64 over lines":     {func(e *dsse.Envelope) { e.Payload = e.Payload[:8] + "\n" + e.Payload[8:] }, false, "payload is not in base64"},
		"base64 cut":            {func(e *dsse.Envelope) { e.Signatures[0].Sig = strings.TrimRight(e.Signatures[0].Sig, "=") }, false, "signature 1 is not in base64"},
		"base64 for addresses":  {func(e *dsse.Envelope) { e.Signatures[0].Sig = base64.URLEncoding.EncodeToString(sig) }, true, ""},
		"another key's name":    {func(e *dsse.Envelope) { e.Signatures[0].KeyID = "somebody" }, true, ""},
		"no key's name":         {func(e *dsse.Envelope) { e.Signatures[0].KeyID = "" }, true, ""},
		"a stranger's, too":     {func(e *dsse.Envelope) { e.Signatures = append([]dsse.Signature{other(stranger)}, e.Signatures...) }, true, ""},
		"a stranger's, instead": {func(e *dsse.Envelope) { e.Signatures[0].Sig = other(stranger).Sig }, false, ""},
		"an RSA signature, too": {func(e *dsse.Envelope) {
			e.Signatures = append(e.Signatures, dsse.Signature{Sig: b64(make([]byte, 256))})
		}, true, ""},
		"very many": {func(e *dsse.Envelope) {
			for range 20 {
				e.Signatures = append(e.Signatures, e.Signatures[0])
			}
		}, false, "21 signatures"},
	} {
		t.Run(name, func(t *testing.T) {
			changed := good
			changed.Signatures = append([]dsse.Signature{}, good.Signatures...)
			tt.change(&changed)
			text, err := json.Marshal(changed)
			if err != nil {
				t.Fatal(err)
			}
			envelope, err := attest.ReadEnvelope(text)
			if (err == nil) != (tt.fault == "") || err != nil && !strings.Contains(err.Error(), tt.fault) {
				t.Fatalf("the error is %v, want %q", err, tt.fault)
			}
			if envelope.SignedBy(key) != tt.signed {
				t.Errorf("signed: %t", !tt.signed)
			}
			if meant, _ := attest.Recognise(text); !meant {
				t.Error("it is taken for no envelope")
			}
		})
	}
}

// An envelope or a statement that a reader could take for two is refused.
func TestUnreadable(t *testing.T) {
	payload := base64.StdEncoding.EncodeToString([]byte(statement))
	for name, text := range map[string]string{
		"no JSON":         `x`,
		"cut":             `{"payloadType":"application/vnd.in-toto+json","payload":"`,
		"a list":          `[]`,
		"two":             `{} {}`,
		"a payload twice": fmt.Sprintf(`{"payloadType":"application/vnd.in-toto+json","payload":%q,"payload":%q,"signatures":[{"sig":"YQ=="}]}`, payload, payload),
		"in another case": fmt.Sprintf(`{"payloadType":"application/vnd.in-toto+json","payload":%q,"Payload":%q,"signatures":[{"sig":"YQ=="}]}`, payload, payload),
		"a number":        `{"payloadType":"application/vnd.in-toto+json","payload":1,"signatures":[{"sig":"YQ=="}]}`,
		"nested deeply":   `{"payloadType":` + strings.Repeat("[", 20_000),
		"very large":      `{"payloadType":"application/vnd.in-toto+json","payload":"` + strings.Repeat("a", 1<<20) + `"}`,
	} {
		if _, err := attest.ReadEnvelope([]byte(text)); err == nil {
			t.Errorf("envelope, %s: it was read", name)
		}
	}
	if _, err := attest.ReadStatement([]byte(statement)); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string][2]string{
		"another version":     {"Statement/v1", "Statement/v0.1"},
		"no type":             {`"_type"`, `"type"`},
		"no subject":          {`[{"name":"shop","digest":{"gitCommit":"0123"}}]`, `[]`},
		"subject null":        {`[{"name":"shop","digest":{"gitCommit":"0123"}}]`, `null`},
		"no digest":           {`{"gitCommit":"0123"}`, `{}`},
		"a digest twice":      {`{"gitCommit":"0123"}`, `{"gitCommit":"0123","gitCommit":"4567"}`},
		"no predicate's type": {`"predicateType":"x",`, ``},
		"no predicate":        {`,"predicate":{"a":1}`, ``},
		"a list for one":      {`{"a":1}`, `[1]`},
		"null for one":        {`{"a":1}`, `null`},
		"two predicates":      {`"predicate":{"a":1}`, `"predicate":{"a":1},"Predicate":{"a":2}`},
		"two fields":          {`{"a":1}`, `{"a":1,"a":2}`},
		"text behind":         {`}}`, `}} true`},
		"many subjects":       {`[{"name"`, `[` + strings.Repeat(`{"digest":{"sha1":"0"}},`, 1000) + `{"name"`},
	} {
		text := strings.Replace(statement, change[0], change[1], 1)
		if text == statement {
			t.Fatalf("%s changes nothing", name)
		}
		if s, err := attest.ReadStatement([]byte(text)); err == nil {
			t.Errorf("statement, %s: it was read as %+v", name, s)
		}
	}
}

// A key is one PEM block of Ed25519, and what is said of another tells nothing of it.
func TestKeys(t *testing.T) {
	private, public := pair(t)
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	ecKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(private)
	publicBlock, _ := pem.Decode(public)
	framed := func(kind string, der []byte) []byte { return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}) }
	crlf := bytes.ReplaceAll(private, []byte("\n"), []byte("\r\n"))
	for name, tt := range map[string]struct {
		private, public []byte
		fault           string // of either; "" where both are read
	}{
		"a pair":             {private, public, ""},
		"no line break":      {bytes.TrimSpace(private), bytes.TrimSpace(public), ""},
		"other line breaks":  {crlf, bytes.ReplaceAll(public, []byte("\n"), []byte("\r\n")), ""},
		"nothing":            {nil, nil, "no PEM block"},
		"no PEM":             {block.Bytes, publicBlock.Bytes, "no PEM block"},
		"on one line":        {bytes.ReplaceAll(private, []byte("\n"), []byte(" ")), bytes.ReplaceAll(public, []byte("\n"), []byte(`\n`)), "no PEM block"},
		"RSA":                {privatePEM(t, rsaKey), publicPEM(t, &rsaKey.PublicKey), "another algorithm"},
		"ECDSA":              {privatePEM(t, ecKey), publicPEM(t, &ecKey.PublicKey), "another algorithm"},
		"each for the other": {public, private, "it is"},
		"two":                {append(bytes.Clone(private), private...), append(bytes.Clone(public), public...), "more in it"},
		"a text before":      {append([]byte("my key\n"), private...), append([]byte("my key\n"), public...), "text stands before"},
		"another frame":      {framed("RSA PRIVATE KEY", block.Bytes), framed("CERTIFICATE", publicBlock.Bytes), "another type"},
		"cut":                {framed("PRIVATE KEY", block.Bytes[:20]), framed("PUBLIC KEY", publicBlock.Bytes[:20]), "is no p"},
	} {
		_, privateErr := attest.ReadSigner(tt.private)
		_, publicErr := attest.ReadKey(tt.public)
		for _, err := range []error{privateErr, publicErr} {
			if (err == nil) != (tt.fault == "") || err != nil && !strings.Contains(err.Error(), tt.fault) {
				t.Errorf("%s: %v, want %q", name, err, tt.fault)
			}
		}
		if secret := base64.StdEncoding.EncodeToString(block.Bytes)[20:40]; privateErr != nil && strings.Contains(privateErr.Error(), secret) {
			t.Errorf("%s: the error shows the key", name)
		}
	}
}

func TestSubjects(t *testing.T) {
	const sha1, sha256 = "0123456789abcdef0123456789abcdef01234567", "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	of := func(algorithm, value string) attest.Resource {
		return attest.Resource{Digest: map[string]string{algorithm: value}}
	}
	for name, tt := range map[string]struct {
		attest.Resource
		commit, image bool
	}{
		"a commit":             {attest.Commit("shop", sha1), true, false},
		"a commit, by hash":    {of("sha1", strings.ToUpper(sha1)), true, false},
		"a commit, shortened":  {of("gitCommit", sha1[:12]), false, false},
		"a tree":               {of("gitTree", sha1), false, false},
		"an image":             {attest.Image("image", "sha256:"+sha256), false, true},
		"an image, other hash": {of("sha512", sha256), false, false},
		"nothing":              {attest.Resource{}, false, false},
	} {
		if tt.IsCommit(sha1) != tt.commit || tt.IsImage("sha256:"+sha256) != tt.image || tt.IsCommit("") || tt.IsImage("") || tt.IsImage("sha256:") {
			t.Errorf("%s is wrongly told", name)
		}
	}
	if !of("sha256", sha256).IsCommit(sha256) || !of("gitCommit", sha256).IsCommit(sha256) || of("sha1", sha1).IsCommit(sha256) {
		t.Error("a commit of a SHA-256 repository is not told")
	}
}

// verifier is a key in the form of the library.
type verifier struct{ ed25519.PublicKey }

func (v verifier) Verify(_ context.Context, data, sig []byte) error {
	if !ed25519.Verify(v.PublicKey, data, sig) {
		return errors.New("wrong")
	}
	return nil
}
func (v verifier) KeyID() (string, error)   { return "", nil }
func (v verifier) Public() crypto.PublicKey { return v.PublicKey }

// TestAgreesWithTheLibrary holds our signing and verifying to the library's.
func TestAgreesWithTheLibrary(t *testing.T) {
	private, public := pair(t)
	sealed, err := signer(t, private).Sign([]byte(statement))
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(public)
	parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	v, err := dsse.NewEnvelopeVerifier(verifier{parsed.(ed25519.PublicKey)})
	if err != nil {
		t.Fatal(err)
	}
	var e dsse.Envelope
	if err := json.Unmarshal(sealed, &e); err != nil {
		t.Fatal(err)
	}
	if _, err := v.Verify(t.Context(), &e); err != nil {
		t.Errorf("the library refuses what we sign: %v", err)
	}
	e.Payload = base64.StdEncoding.EncodeToString([]byte(`{}`))
	if _, err := v.Verify(t.Context(), &e); err == nil {
		t.Error("the library takes what nobody signed")
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(statement))
	f.Add([]byte(`{"payloadType":"application/vnd.in-toto+json","payload":"e30=","signatures":[{"keyid":"x","sig":"YQ=="}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		if e, err := attest.ReadEnvelope(text); err == nil && (len(e.Payload) == 0 || e.SignedBy(attest.Key{})) {
			t.Error("an envelope of nothing, or signed by nobody")
		}
		if s, err := attest.ReadStatement(text); err == nil {
			again, err := s.Encode()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := attest.ReadStatement(again); err != nil {
				t.Errorf("what was read cannot be read again: %v", err)
			}
		}
		attest.ReadKey(text)
		attest.ReadSigner(text)
		attest.Recognise(text)
	})
}
