package sarif_test

import (
	"regexp"
	"testing"

	"github.com/slipway-actions/slipway/internal/sarif"
)

func prints(t *testing.T, results string) []string {
	t.Helper()
	runs, err := sarif.Parse([]byte(run("["+results+"]", "")))
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, r := range runs[0].Results {
		all = append(all, r.Fingerprint)
	}
	return all
}

// at is a result in a file and line with whatever else.
func at(file, line, more string) string {
	return `{"ruleId":"R/x y","message":{"text":"m"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"` + file + `"},"region":{"startLine":` + line + `}}}]` + more + `}`
}

func TestFingerprints(t *testing.T) {
	const hash = `,"partialFingerprints":{"primaryLocationLineHash":"aa:1","primaryLocationStartColumnFingerprint":"4"}`
	base := at("a.go", "3", hash)
	tests := []struct {
		name, other string
		same        bool
	}{
		{"the same", base, true},
		{"moved within the file", at("a.go", "30", hash), true},
		{"moved within the line", at("a.go", "3", `,"partialFingerprints":{"primaryLocationLineHash":"aa:1","primaryLocationStartColumnFingerprint":"9"}`), true},
		{"other words", at("a.go", "3", hash+`,"level":"note"`), true},
		{"another line's text", at("a.go", "3", `,"partialFingerprints":{"primaryLocationLineHash":"bb:1"}`), false},
		{"another file", at("b.go", "3", hash), false},
		{"without any", at("a.go", "3", ``), false},
		{"with whole ones", at("a.go", "3", hash+`,"fingerprints":{"v1":"x"}`), false},
	}
	want := prints(t, base)[0]
	if !regexp.MustCompile(`^sarif:t:R/x-y:[0-9a-f]{12}$`).MatchString(want) {
		t.Errorf("fingerprint %q", want)
	}
	for _, test := range tests {
		if got := prints(t, test.other)[0]; (got == want) != test.same {
			t.Errorf("%s: %s and %s", test.name, want, got)
		}
	}
	// Names do not change from release to release: policies hold them.
	if want != "sarif:t:R/x-y:c383dd9e2654" {
		t.Errorf("the fingerprint is now %s", want)
	}
}

// Results that only their place tells apart are told apart, wherever they stand in the report.
func TestFingerprintsOfTwins(t *testing.T) {
	first, second := at("a.go", "3", ""), at("a.go", "9", "")
	forth, back := prints(t, first+","+second), prints(t, second+","+first)
	if forth[0] == forth[1] || forth[0] != back[1] || forth[1] != back[0] {
		t.Errorf("%v and %v", forth, back)
	}
	const login = `,"fingerprints":{"matchBasedId/v1":"requires login"}`
	other := `{"ruleId":"R/x y","message":{"text":"another"}` + login + `}`
	if got := prints(t, at("a.go", "3", login)+","+other); got[0] != forth[0] || got[1] == got[0] {
		t.Errorf("words that are no fingerprint: %v, want %s", got, forth[0])
	}
}

// Sorted, so that the order of keys does not matter; and no pair runs into the next.
func TestFingerprintsOfSeveral(t *testing.T) {
	one := prints(t, at("a.go", "3", `,"partialFingerprints":{"a":"1","b":"2"}`))[0]
	two := prints(t, at("a.go", "3", `,"partialFingerprints":{"b":"2","a":"1"}`))[0]
	three := prints(t, at("a.go", "3", `,"partialFingerprints":{"a":"1b2"}`))[0]
	if one != two || one == three {
		t.Errorf("%s, %s, %s", one, two, three)
	}
}
