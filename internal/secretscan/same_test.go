package secretscan

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/zricethezav/gitleaks/v8/detect/codec"
)

// same holds the short cuts against what they stand for: expressions are tried everywhere, and the
// decoders look at every text.
func same(t *testing.T, r *rules, text string) {
	t.Helper()
	m := newMarks(len(r.all))
	r.words.mark(text, m)
	lower := strings.ToLower(text)
	for i := range r.all {
		one := &r.all[i]
		if one.Regex == nil || folded(text) {
			continue
		}
		if want, got := one.Regex.FindAllStringIndex(text, -1), one.matches(text, m.at[i]); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("%s in %q: got %v, want %v", one.RuleID, text, got, want)
		}
		open := slices.ContainsFunc(one.Keywords, func(k string) bool { return strings.Contains(lower, k) })
		if m.open[i] != open {
			t.Fatalf("%s in %q: open is %t", one.RuleID, text, m.open[i])
		}
	}
	if _, parts := codec.NewDecoder().Decode(text, nil); len(parts) > 0 && !encoded(text) {
		t.Fatalf("%q can be decoded", text)
	}
}

// Texts are made of what expressions look for, in any order.
func TestShortCutsChangeNothing(t *testing.T) {
	r, err := load()
	if err != nil {
		t.Fatal(err)
	}
	parts := []string{" ", "\n", "=", ": ", "\"", "'", "-", "_", ".", "%41", "%2", "\\u0041", "U+0041 ", "ey", ".ey", "Key", "API", "token", "-----begin rsa private key-----", "KEY-----", "é", "\xff", "K", "s"}
	for _, one := range r.all {
		for _, head := range one.heads {
			parts = append(parts, head, strings.ToUpper(head))
		}
		parts = append(parts, one.Keywords...)
	}
	chance := rand.New(rand.NewPCG(3, 5))
	texts := 250
	if testing.Short() {
		texts = 25
	}
	for range texts {
		var text strings.Builder
		for range chance.IntN(40) {
			switch chance.IntN(4) {
			case 0:
				for range chance.IntN(50) {
					text.WriteByte("abcdef0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZghijklmnopqrstuvwxyz-_+/"[chance.IntN(1+chance.IntN(66))])
				}
			default:
				text.WriteString(parts[chance.IntN(len(parts))])
			}
		}
		same(t, r, text.String())
	}
}

func FuzzShortCuts(f *testing.F) {
	f.Add("token = \"abcdef0123456789\"")
	f.Add("eyeyeyeyeyeyeyeyeyeyey.eyeyeyeyeyeyeyeyeyey.")
	f.Add("%41%42 \\u0041 U+0041 68656c6c6f20776f726c6468656c6c6f20776f726c64 aGVsbG8gd29ybGQhISE=")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := load()
		if err != nil {
			t.Fatal(err)
		}
		same(t, r, text)
	})
}

// Most rules are tried where a text stands that they begin with. A new version of the rules that
// changes this would be slow.
func TestFewRulesAreTriedEverywhere(t *testing.T) {
	r, err := load()
	if err != nil {
		t.Fatal(err)
	}
	var everywhere []string
	for _, one := range r.all {
		if one.heads == nil && one.Regex != nil {
			everywhere = append(everywhere, one.RuleID)
		}
	}
	if len(r.all) < 200 || len(everywhere) > 10 {
		t.Errorf("of %d rules: %v", len(r.all), everywhere)
	}
}
