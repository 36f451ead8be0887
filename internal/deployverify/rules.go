package deployverify

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"github.com/slipway-actions/slipway/internal/policy"
)

// rules is a digest of what the numbers are read and judged by. Where it changes, slots of before and after
// cannot be judged together.
func (e evidence) rules() string {
	text, err := json.Marshal(struct {
		Metrics  []policy.Metric
		Plan     plan
		Previous string
	}{e.verify.Metrics, plan{Soak: e.Plan.Soak, Max: e.Plan.Max, Every: e.Plan.Every}, e.Previous})
	if err != nil { // there is nothing in it that JSON cannot hold
		return ""
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}
