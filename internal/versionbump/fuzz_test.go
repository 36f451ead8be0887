package versionbump

import (
	"testing"
	"unicode/utf8"
)

// A document that others wrote makes a page, none, or an error.
func FuzzShownAgain(f *testing.F) {
	f.Add([]byte(`{"data":{"tag":"v1.2.0","commits":[{"sha":"a","level":"minor"}],"passedOver":[{}]},"findings":[{"id":"x"}]}`))
	f.Add([]byte(`{"data":{"tag":"<b>","rules":[{}],"files":[{}],"components":[{}]}}`))
	f.Fuzz(func(t *testing.T, document []byte) {
		shown, err := shownAgain(document)
		if err != nil || shown.Page == nil {
			return
		}
		if text := shown.Page.Terminal(80); text == "" || !utf8.ValidString(text) {
			t.Fatalf("the page is %q", text)
		}
	})
}
