package result_test

import (
	"bytes"
	"testing"

	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// A document that is taken says what it rests on, is written and taken again as the same, and never passes
// beside a finding that does not.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"schema":"slipway.result/v1","action":"security-gate","verdict":"pass","finishedAt":"2026-03-02T12:00:00Z","findings":[{"id":"a","outcome":"pass"}]}`))
	f.Add([]byte(`{"schema":"slipway.result/v1","action":"x","verdict":"pass","finishedAt":"2026-03-02T12:00:00Z","findings":[{"id":"a","outcome":"unknown"}]}`))
	f.Add([]byte(`{"schema":"slipway.result/v1","action":"x","verdict":"fail","Verdict":"pass","finishedAt":"2026-03-02T12:00:00Z"}`))
	f.Add([]byte(`{"schema":"slipway.result/v1","action":"x","verdict":"unknown","finishedAt":"2026-03-02T12:00:00Z","data":{"a":1,"A":[null]}} {}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := result.Decode(text)
		if err != nil {
			return
		}
		if d.Schema != result.Schema || d.Action == "" || !d.Verdict.Valid() || d.FinishedAt.IsZero() {
			t.Fatalf("%q was taken as %+v", text, d)
		}
		if d.Verdict == verdict.Pass && len(d.Findings) > 0 && result.VerdictOf(d.Findings) != verdict.Pass {
			t.Fatalf("%q passes beside %+v", text, d.Findings)
		}
		written, err := d.Encode()
		if err != nil {
			t.Fatalf("%q was taken, and is not written: %v", text, err)
		}
		again, err := result.Decode(written)
		if err != nil {
			t.Fatalf("%q was taken and written %q, which is not taken: %v", text, written, err)
		}
		if twice, err := again.Encode(); err != nil || !bytes.Equal(twice, written) {
			t.Fatalf("%q was written %q, and then %q (%v)", text, written, twice, err)
		}
		short, err := d.EncodeForOutput()
		if err != nil || len(short) > result.OutputLimit && len(text) < result.OutputLimit/8 {
			t.Fatalf("%d bytes as an output (%v) of %d", len(short), err, len(text))
		}
	})
}
