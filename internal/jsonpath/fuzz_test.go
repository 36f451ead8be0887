package jsonpath_test

import (
	"encoding/json"
	"testing"

	"github.com/slipway-actions/slipway/internal/jsonpath"
)

// A document is what encoding/json takes it for, and the value at a path stands in it. What has no key
// twice when case is folded has none either when it is not.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"version":"1.2.3","a":[{"b":1e999}]}`), "$.version")
	f.Add([]byte(`{"a":1,"A":2}`), "$.a")
	f.Add([]byte(`{"a":1,"a":2} x`), "$.a[0]")
	f.Add([]byte(`{"data":{"x":1,"X":1}}`), "$['data']")
	f.Add([]byte(`[[[[`), "$..*")
	f.Fuzz(func(t *testing.T, text []byte, path string) {
		document, err := jsonpath.Decode(text)
		if (err == nil) != json.Valid(text) {
			t.Fatalf("%q is valid: %t, and read: %v", text, json.Valid(text), err)
		}
		if jsonpath.SingleKeys(text, "") == nil && json.Valid(text) {
			if err := jsonpath.KeysOnce(text); err != nil {
				t.Fatalf("%q has no key twice when case is folded, and when it is not: %v", text, err)
			}
			if err := jsonpath.SingleKeys(text, "data"); err != nil {
				t.Fatalf("%q has no key twice, and with an object of somebody else's: %v", text, err)
			}
		}
		p, parsed := jsonpath.Parse(path)
		if parsed != nil || err != nil {
			return
		}
		if p.String() != path {
			t.Fatalf("%q is written %q", path, p)
		}
		if value, err := p.Value(document); err == nil && len(value) > 3*len(text)+4 { // what is no UTF-8 becomes U+FFFD
			t.Fatalf("%q of %q is %q", path, text, value)
		}
	})
}
