package action_test

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/slipway-actions/slipway/internal/action"
)

// A contract that is read is read the same again, and finds each of its inputs.
func FuzzParseSpec(f *testing.F) {
	files, err := filepath.Glob("../../actions/*/action.yml")
	if err != nil || len(files) == 0 {
		f.Fatalf("%d seeds (%v)", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte("inputs: [a]\noutputs: {a: {description: [b]}}\nname: {}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		spec, err := action.ParseSpec(text)
		if err != nil {
			return
		}
		if again, err := action.ParseSpec(text); err != nil || !reflect.DeepEqual(spec, again) {
			t.Fatalf("%q is %+v, and then %+v (%v)", text, spec, again, err)
		}
		for _, in := range spec.Inputs {
			if _, ok := spec.Input(in.Name); !ok {
				t.Fatalf("%q has no input %q", text, in.Name)
			}
		}
	})
}
