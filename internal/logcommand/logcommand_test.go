package logcommand_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/slipway-actions/slipway/internal/logcommand"
)

func TestRead(t *testing.T) {
	type command = logcommand.Command
	for name, test := range map[string]struct {
		text     string
		commands []command
		shown    []string
	}{
		"text":                          {"hello\n\nworld\n", nil, []string{"hello", "", "world"}},
		"command":                       {"  ::Error title=a%2Cb,file=x.go::100%25%0Abad\n", []command{{Name: "error", Properties: map[string]string{"title": "a,b", "file": "x.go"}, Data: "100%\nbad"}}, nil},
		"legacy":                        {"fix: ##[set-output name=decision]go\n", []command{{Name: "set-output", Properties: map[string]string{"name": "decision"}, Data: "go"}}, nil},
		"not first":                     {"fix: ::set-output name=decision::go\n", nil, []string{"fix: ::set-output name=decision::go"}},
		"unknown":                       {"::nonsense::x\n::error\n##[error\n", nil, []string{"::nonsense::x", "::error", "##[error"}},
		"a carriage return ends a line": {"fix\r::add-mask::e\r\nx\n", []command{{Name: "add-mask", Data: "e"}}, []string{"fix", "x"}},
		"stopped": {
			"::stop-commands::T0ken\n::error::a\n##[error]b\n::t0KEN::\n::notice::c\n",
			[]command{{Name: "stop-commands", Data: "T0ken"}, {Name: "notice", Data: "c"}}, []string{"::error::a", "##[error]b"},
		},
		"stopped by a word that is a command": {
			"::stop-commands::error\n::notice::c\n",
			[]command{{Name: "stop-commands", Data: "error"}, {Name: "notice", Data: "c"}}, nil,
		},
		"never resumed": {"::stop-commands::t\n::error::a\n", []command{{Name: "stop-commands", Data: "t"}}, []string{"::error::a"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := logcommand.Read(test.text)
			if diff := cmp.Diff(logcommand.Log{Commands: test.commands, Shown: test.shown}, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("Read(%q) (-want +got):\n%s", test.text, diff)
			}
		})
	}
}
