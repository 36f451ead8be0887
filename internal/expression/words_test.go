package expression

import (
	"errors"
	"strings"
	"testing"

	"cel.dev/cel-go/common"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// A name is made of ASCII letters, digits and the underscore: each end of each range, and what is beside it.
func TestIsNamePart(t *testing.T) {
	for _, c := range "_09AZaz" {
		if !isNamePart(c) {
			t.Errorf("%q is no part of a name", c)
		}
	}
	for _, c := range "`/:@[{^ .-é" {
		if isNamePart(c) {
			t.Errorf("%q is part of a name", c)
		}
	}
}

// What is a few letters off is meant: two, or a third of a long name. Of names that are as near, the first.
func TestNearest(t *testing.T) {
	for _, tt := range []struct{ name, want string }{
		{"abc", "abcde"}, {"ab", ""}, {"release.versionnnn", "release.version"}, {"release.versionnnnnnn", "release.version"}, {"release.versionnnnnnnnn", ""},
	} {
		if got := nearest(tt.name, []string{"abcde", "vwx", "release.version"}); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	if got := nearest("abcdef", []string{"abcdex", "abcdey"}); got != "abcdex" {
		t.Errorf("got %q, want the first of two", got)
	}
}

func TestMismatch(t *testing.T) {
	for _, tt := range []struct{ function, signature, want string }{
		{"_+_", "(list(int), map(string, int))", "+ does not go with a list and a map"},
		{"_+_", "(map(string, list(int)), int)", "+ does not go with a map and a whole number"},
		{"f", "(int,string)", "f() does not take a whole number, a text"},
		{"size", "(bool)", "size() does not take true or false"},
		{"now", "()", "now() does not take nothing"},
		{"getHours", "timestamp.()", "getHours of a time does not take nothing"},
		{"-_", "(string)", "- does not go with a text"},
		{"f", "(int, int, other)", "f() does not take a whole number, a whole number, a value of the kind other"},
	} {
		if got := mismatch(tt.function, tt.signature); got != tt.want {
			t.Errorf("%s%s: %q, want %q", tt.function, tt.signature, got, tt.want)
		}
	}
}

func TestClip(t *testing.T) {
	whole := strings.Repeat("é", 100)
	if got := clip(whole); got != whole {
		t.Errorf("100 letters became %q", got)
	}
	if got, want := clip(whole+"x"), strings.Repeat("é", 99)+"…"; got != want {
		t.Errorf("101 letters became %q", got)
	}
	if got := clip(" a \n b "); got != "a b" {
		t.Errorf("got %q", got)
	}
}

// Of several mistakes the first in the text is told.
func TestFirstMistake(t *testing.T) {
	at := func(line, column int) *common.Error { return &common.Error{Location: common.NewLocation(line, column)} }
	for _, tt := range []struct {
		a, b *common.Error
		want bool
	}{{at(1, 5), at(2, 1), true}, {at(2, 1), at(1, 5), false}, {at(1, 1), at(1, 2), true}, {at(1, 2), at(1, 1), false}, {at(1, 1), at(1, 1), false}} {
		if got := earlier(tt.a, tt.b); got != tt.want {
			t.Errorf("%v before %v: %t", tt.a.Location, tt.b.Location, got)
		}
	}
	_, err := Gate.Compile("1 == 1 && frist.x == 1\n&& secnd.y == 2")
	var wrong *Error
	if !errors.As(err, &wrong) || !strings.HasPrefix(wrong.Error(), "frist.x: ") || wrong.Column != 11 {
		t.Errorf("got %v", err)
	}
}

// The bounds of change.touches: a path of 200 bytes is taken, and as many letters as the limit says.
func TestTouchesBounds(t *testing.T) {
	if err := checkPath(strings.Repeat("a", pathLimit)); err != nil {
		t.Errorf("a path of %d bytes: %v", pathLimit, err)
	}
	for _, bad := range []string{"", strings.Repeat("a", pathLimit+1)} {
		if checkPath(bad) == nil {
			t.Errorf("a path of %d bytes is taken", len(bad))
		}
	}
	// A hundred letters of a path, and names with two million between them.
	names := []string{strings.Repeat("a", matchLimit/200), strings.Repeat("a", matchLimit/200)}
	path := types.String(strings.Repeat("b", 100))
	list := func(names []string) types.Bool {
		got, ok := touches(types.DefaultTypeAdapter.NativeToValue(names), path).(types.Bool)
		return types.Bool(ok) && !got
	}
	if !list(names) {
		t.Error("as many letters as the limit are refused")
	}
	if list(append(names, "a")) {
		t.Error("one letter more is taken")
	}
}

// A list costs as much as it is long, and what has no length costs one.
func TestSize(t *testing.T) {
	if got := size(types.DefaultTypeAdapter.NativeToValue([]string{"a", "b", "c"})); got != 3 {
		t.Errorf("three names cost %d", got)
	}
	if got := size(types.True); got != 1 {
		t.Errorf("a truth costs %d", got)
	}
	if got := (priced{}).CallCost(touchesName, "", []ref.Val{types.DefaultTypeAdapter.NativeToValue([]string{"a", "b"})}, nil); got == nil || *got != 1+2*pathCost {
		t.Errorf("touches of two files costs %v", got)
	}
	if got := (priced{}).CallCost("getHours", "timestamp_to_hours_with_tz", nil, nil); got == nil || *got != zoneCost {
		t.Errorf("a zone costs %v", got)
	}
	if got := (priced{}).CallCost("size", "size_list", nil, nil); got != nil {
		t.Errorf("what CEL has a price for costs %d", *got)
	}
}
