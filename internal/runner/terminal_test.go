package runner_test

import (
	"errors"
	"io"
	"testing"

	"github.com/slipway-actions/slipway/internal/runner"
)

// full is a disk without room.
type full struct{}

var errFull = errors.New("no space left on device")

func (full) Write([]byte) (int, error) { return 0, errFull }

// With --json the document is all there is: one that cannot be printed must not end in exit 0.
func TestJSONThatCannotBePrintedIsAnError(t *testing.T) {
	terminal := runner.NewTerminal(full{}, io.Discard, true)
	if err := terminal.Output("result", "{}"); !errors.Is(err, errFull) {
		t.Errorf("error is %v", err)
	}
}
