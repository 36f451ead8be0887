package logcommand_test

import (
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/logcommand"
)

// Between stop-commands and its token nothing is obeyed, whatever stands there.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{"::error::x", "##[set-output name=a]b", "x\r::add-mask::y", "::stop-commands::z", "::group::a\n::endgroup::"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		log := logcommand.Read(text)
		for _, command := range log.Commands {
			if command.Name == "" || strings.ContainsAny(command.Name, " \n") {
				t.Fatalf("a command is called %q", command.Name)
			}
		}
		const token = "A-token-that-no-text-holds"
		if strings.Contains(strings.ToLower(text), strings.ToLower(token)) {
			return
		}
		stopped := logcommand.Read("::stop-commands::" + token + "\n" + text + "\n::" + token + "::\n::notice::after\n")
		if n := len(stopped.Commands); n != 2 || stopped.Commands[1].Data != "after" {
			t.Fatalf("obeyed: %v", stopped.Commands)
		}
	})
}
