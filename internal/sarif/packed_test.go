package sarif

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/osv"
)

// A report over the size limit keeps what is most severe.
func TestEncodePackedLimit(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var r Report
	for i := range 200 {
		r.Alerts = append(r.Alerts, Alert{
			Rule: "R", Fingerprint: fmt.Sprint(i), Message: fmt.Sprintf("number %d: %x%x%x", i, random.Uint64(), random.Uint64(), random.Uint64()),
			Places: []Place{{File: "go.mod", Line: 200 - i}}, Level: osv.Low + osv.Level(i/50),
		})
	}
	text, err := encode(r, 6_000)
	if err != nil {
		t.Fatal(err)
	}
	if size, err := packed(text); err != nil || size > 6_000 {
		t.Errorf("%d bytes, %v", size, err)
	}
	kept := strings.Count(string(text), "number ")
	if kept < 50 || kept >= 200 || !strings.Contains(string(text), fmt.Sprintf("%d results left out", 200-kept)) {
		t.Errorf("%d kept, or not said", kept)
	}
	for i := 150; i < 200; i++ {
		if !strings.Contains(string(text), fmt.Sprintf("number %d:", i)) {
			t.Errorf("the critical number %d was left out", i)
		}
	}
	if _, err := encode(r, 100); err == nil {
		t.Error("100 bytes were enough")
	}
}
