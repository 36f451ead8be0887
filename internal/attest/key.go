package attest

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
)

// Key is what signatures are held against.
type Key struct {
	ID     string // SHA-256 of the key in its PKIX form, in hexadecimal
	public ed25519.PublicKey
}

// Signer is what signs.
type Signer struct {
	Key
	private ed25519.PrivateKey
}

// ReadKey reads a public key: one PEM block of PKIX, as `openssl pkey -pubout` writes it. Only
// Ed25519 is taken: the key settles the algorithm, and an envelope has no say in it.
func ReadKey(text []byte) (Key, error) {
	block, err := onlyBlock(text, "PUBLIC KEY")
	if err != nil {
		return Key{}, fmt.Errorf("read public key: %w", err)
	}
	parsed, err := x509.ParsePKIXPublicKey(block)
	if err != nil {
		return Key{}, errors.New("read public key: what is in the PEM block is no public key")
	}
	public, ok := parsed.(ed25519.PublicKey)
	if !ok {
		return Key{}, errors.New("read public key: it is a key of another algorithm than Ed25519")
	}
	return keyOf(public)
}

// ReadSigner reads a private key: one PEM block of PKCS 8, as `openssl genpkey -algorithm ed25519`
// writes it. No error holds a part of the text.
func ReadSigner(text []byte) (Signer, error) {
	block, err := onlyBlock(text, "PRIVATE KEY")
	if err != nil {
		return Signer{}, fmt.Errorf("read private key: %w", err)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block)
	if err != nil {
		return Signer{}, errors.New("read private key: what is in the PEM block is no private key")
	}
	private, ok := parsed.(ed25519.PrivateKey)
	if !ok {
		return Signer{}, errors.New("read private key: it is a key of another algorithm than Ed25519")
	}
	key, err := keyOf(private.Public().(ed25519.PublicKey))
	return Signer{key, private}, err
}

func keyOf(public ed25519.PublicKey) (Key, error) {
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return Key{}, fmt.Errorf("name key: %w", err)
	}
	sum := sha256.Sum256(der)
	return Key{hex.EncodeToString(sum[:]), public}, nil
}

// onlyBlock is what the one PEM block of a text holds.
func onlyBlock(text []byte, kind string) ([]byte, error) {
	block, rest := pem.Decode(text)
	switch {
	case block == nil:
		return nil, errors.New("there is no PEM block in it")
	case block.Type == "PRIVATE KEY" && kind == "PUBLIC KEY":
		return nil, errors.New("it is a private key, which others can now sign with: make a new pair, and commit the public key only")
	case block.Type == "PUBLIC KEY" && kind == "PRIVATE KEY":
		return nil, errors.New("it is the public key")
	case block.Type != kind:
		return nil, fmt.Errorf("its PEM block is of another type, want %s", kind)
	case len(bytes.TrimSpace(rest)) > 0 || len(block.Headers) > 0:
		return nil, errors.New("there is more in it than one PEM block without headers")
	case !bytes.HasPrefix(bytes.TrimSpace(text), []byte("-----BEGIN ")):
		return nil, errors.New("text stands before the PEM block")
	}
	return block.Bytes, nil
}
