package secretscan_test

import (
	"encoding/base64"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// letters makes a text that looks like chance, the same each time. Secrets are put together from such
// when a test runs, so that no scanner takes this file for a leak.
func letters(seed uint64, n int, alphabet string) string {
	r := rand.New(rand.NewPCG(seed, 7))
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[r.IntN(len(alphabet))]
	}
	return string(b)
}

const (
	lower    = "abcdefghijklmnopqrstuvwxyz"
	digits   = "0123456789"
	alphanum = lower + "ABCDEFGHIJKLMNOPQRSTUVWXYZ" + digits
)

// token is what the rule github-pat finds.
func token(seed uint64) string { return "gh" + "p_" + letters(seed, 36, alphanum) }

// key is what the rule private-key finds, over several lines.
func key(seed uint64) string {
	body := base64.StdEncoding.EncodeToString([]byte(letters(seed, 600, "\x00\x01\x02\xf3\xe4\xd5aZ")))
	var lines strings.Builder
	for len(body) > 64 {
		lines.WriteString(body[:64] + "\n")
		body = body[64:]
	}
	frame := "RSA " + "PRIVATE" + " KEY-----\n"
	return "-----BEGIN " + frame + lines.String() + body + "\n-----END " + frame
}

// tree writes files, by path.
func tree(t testing.TB, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		name = filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}
