package secretscan

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRedactor(t *testing.T) {
	one, other := "gh"+"p_"+strings.Repeat("a1B2c3D4e5F6", 3), "gh"+"p_"+strings.Repeat("z9Y8x7W6v5U4", 3)
	redact, err := new(Scanner).Redactor(t.Context(), []string{"yarn.lock is broken: token = \"" + one + "\"", strings.Repeat("x\n", 200_000) + `{"path":"` + other + `"}`})
	if err != nil {
		t.Fatal(err)
	}
	if got := redact("a " + one + " b " + other + " c"); got != "a [a secret] b [a secret] c" {
		t.Errorf("got %q", got)
	}
	print := "secret:" + "confluent-access-token:830064b3dbd5" + "c679"
	version := "1.2.3-0.20260101abcdef9876"
	plain, err := new(Scanner).Redactor(t.Context(), []string{print, "\"api_key\": \"" + version + "\"", "sourcegraph " + strings.Repeat("0123456789abcdef", 4)[:40]})
	if text := print + " " + version + " " + strings.Repeat("0123456789abcdef", 4)[:40]; err != nil || plain(text) != text {
		t.Errorf("%v, %q", err, plain(text))
	}
}

func TestQuoted(t *testing.T) {
	for text, want := range map[string]string{
		`unknown directive: api_key = "` + "a8Kd93jfLs02mXcv" + `"`: `unknown directive: api_key = "[a secret]"`,
		"line 3 is no requirement":                                  "line 3 is no requirement",
	} {
		if got, err := new(Scanner).Quoted(t.Context(), text); err != nil || got != want {
			t.Errorf("%q, %v", got, err)
		}
	}
}

// What accepts a secret names it by its fingerprint, and that is none.
func TestFingerprintsAreNoSecrets(t *testing.T) {
	root := t.TempDir()
	for _, rule := range []string{"generic-api-key", "confluent-access-token"} {
		text := "accepted: [{id: \"secret:" + rule + ":830064b3dbd5" + "c679\"}]\n"
		if err := os.WriteFile(filepath.Join(root, rule+".yml"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	found, err := new(Scanner).Tree(t.Context(), root, ".")
	if err != nil || len(found.Leaks) != 0 || found.Files != 2 {
		t.Errorf("%v, %+v", err, found)
	}
}
