package secret_test

import (
	"math/rand/v2"
	"reflect"
	"regexp"
	"slices"
	"testing"

	"github.com/slipway-actions/slipway/internal/secret"
)

func TestFingerprint(t *testing.T) {
	one := secret.Fingerprint("rule", "text")
	// Pinned: acceptances in policies name it.
	if want := "secret:rule:d92372d4a251f284"; one != want {
		t.Errorf("got %s, want %s", one, want)
	}
	if !regexp.MustCompile(`^secret:rule:[0-9a-f]{16}$`).MatchString(one) {
		t.Errorf("got %s", one)
	}
	for name, other := range map[string]string{
		"another secret":  secret.Fingerprint("rule", "text2"),
		"another rule":    secret.Fingerprint("rule2", "text"),
		"parted elsewise": secret.Fingerprint("rulet", "ext"),
		"none":            secret.Fingerprint("rule", ""),
	} {
		if other == one || other[len(other)-16:] == one[len(one)-16:] {
			t.Errorf("%s has the same: %s", name, other)
		}
	}
}

// A field that could hold the secret would be printed sooner or later.
func TestLeakHoldsNoText(t *testing.T) {
	var fields []string
	for f := range reflect.TypeFor[secret.Leak]().Fields() {
		fields = append(fields, f.Name)
	}
	if want := []string{"Rule", "Description", "File", "Line", "EndLine", "Column", "Commit", "Fingerprint"}; !slices.Equal(fields, want) {
		t.Errorf("got %v, want %v", fields, want)
	}
}

func TestOrder(t *testing.T) {
	want := []secret.Leak{
		{File: "a", Line: 2}, {File: "a", Line: 10}, {File: "a", Line: 10, Column: 4}, {File: "a", Line: 10, Column: 4, EndLine: 12},
		{File: "b", Rule: "p"}, {File: "b", Rule: "q"}, {File: "b", Rule: "q", Fingerprint: "f"}, {File: "b", Rule: "q", Fingerprint: "f", Commit: "c"},
	}
	got := slices.Clone(want)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(got), func(i, j int) { got[i], got[j] = got[j], got[i] })
	slices.SortFunc(got, secret.Leak.Compare)
	if !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
}
