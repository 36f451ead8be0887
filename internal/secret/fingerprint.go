package secret

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/hex"
)

const (
	// context parts these fingerprints from whatever else hashes secrets. A change to it or to rounds
	// makes every acceptance void.
	context = "slipway/secret-fingerprint/v1:"
	// rounds is how often the hash is taken. Fingerprints are published in reports and policies, and a
	// secret may be as short as a password: whoever guesses pays this for each guess. A scan pays it once
	// a secret, about a millisecond.
	rounds = 10_000
	// kept is how many bytes of the hash are shown: enough that no two secrets of a history meet.
	kept = 8
)

// Fingerprint names a secret without giving it away: "secret:", the rule, ":" and 16 hex digits.
//
// It is made of the rule and the secret's text alone. So a secret that moves to another line or file
// keeps its name, and an acceptance of it holds; and one that is put in its place has another name,
// for which no acceptance was given. A path or a line in it would do the opposite of both. The rule
// salts the hash, so that a table of guesses serves for one rule only.
func Fingerprint(rule, secret string) string {
	// More bytes are derived than are shown: some modes of the standard library refuse a short key.
	sum, err := pbkdf2.Key(sha256.New, secret, []byte(context+rule), rounds, sha256.Size)
	if err != nil {
		panic("derive a fingerprint: " + err.Error()) // unreachable with these sizes; any name instead would stand for all secrets
	}
	return "secret:" + rule + ":" + hex.EncodeToString(sum[:kept])
}
