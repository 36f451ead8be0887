package gonogo

import (
	"encoding/json"
	"testing"
)

func encode(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// replayed is the evidence as a record of it is read again, under the same rules. The decision must be the
// same, byte for byte.
func replayed(t *testing.T, e evidence) evidence {
	t.Helper()
	var read evidence
	if err := json.Unmarshal([]byte(encode(t, e)), &read); err != nil {
		t.Fatal(err)
	}
	read.Gate, read.Timezone, read.Service = e.Gate, e.Timezone, e.Service // of the policy
	if before, after := encode(t, decide(e).findings()), encode(t, decide(read).findings()); before != after {
		t.Errorf("decided again it is\n%s\nand was\n%s", after, before)
	}
	return read
}
