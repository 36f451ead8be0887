package action_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/slipway-actions/slipway/internal/action"
)

// A secret of several lines is masked as a whole and line by line, for a log breaks it.
func TestSecrets(t *testing.T) {
	const key = "-----BEGIN PRIVATE KEY-----\r\nAAAABBBB\n  CCCC\n\n-----END PRIVATE KEY-----"
	for _, tt := range []struct {
		given map[string]string
		want  []string
	}{
		{nil, nil},
		{map[string]string{"github-token": "", "signing-key": " \n"}, nil},
		{map[string]string{"github-token": " ghs_a ", "text": "seen"}, []string{"ghs_a"}},
		{map[string]string{"github-token": "ghs_a", "signing-key": key + "\n"}, []string{"ghs_a", key, "AAAABBBB", "CCCC"}},
	} {
		if got := action.NewInputs(spec(t), tt.given).Secrets(); !cmp.Equal(got, tt.want) {
			t.Errorf("%q: %q, want %q", tt.given, got, tt.want)
		}
	}
}
