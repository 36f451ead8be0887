package gonogo

import (
	"encoding/json"
	"io/fs"
	"testing"

	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// oneText is a workspace that holds one text under every name.
type oneText []byte

func (o oneText) Read(name string, limit int64) ([]byte, error) {
	if name == "gone.json" {
		return nil, fs.ErrNotExist
	}
	return o, nil
}

func (o oneText) Glob(string) ([]string, error) { return []string{"a.json", "gone.json"}, nil }

const handedIn = `{"schema":"slipway.result/v1","action":"security-gate","verdict":"pass","finishedAt":"2026-03-02T11:00:00Z","subject":{"repository":"acme/shop","sha":"` + commit + `"},"data":{"a":{"b":{"c":[1]}}}}`

// What is handed in is a result that can be judged, or a document with a problem; either way all of it is
// accounted for, and evidence that is asked for and has a problem never lets a commit through.
func FuzzDocuments(f *testing.F) {
	for _, s := range []string{handedIn, "a.json\n*.json\n" + handedIn + "\n{", handedIn + " x", "../a", `{"payloadType":"application/vnd.in-toto+json","payload":"e30=","signatures":[{"sig":""}]}`, `{"_type":"https://in-toto.io/Statement/v1","predicateType":"x"}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		documents := readDocuments(text, oneText(text), func(s string) (string, error) { return s, nil })
		sound := false
		for _, d := range documents {
			if d.Problem == "" && (!d.Verdict.Valid() || d.Action == "" || d.Finished.IsZero() || d.Sum == "") {
				t.Fatalf("%q is taken as %+v", text, d)
			}
			sound = sound || d.Problem == "" && d.Verdict == verdict.Pass && d.Action == "security-gate"
		}
		if _, err := json.Marshal(documents); err != nil {
			t.Fatalf("%q cannot be recorded: %v", text, err)
		}
		e := with(policy.Criterion{ID: "security", Evidence: &policy.Evidence{Action: "security-gate"}})
		e.Documents = bounded(documents)
		if d := decide(e); d.verdict == verdict.Pass && !sound {
			t.Fatalf("%q lets a commit through: %+v", text, documents)
		}
		pastOf(documents, e.inputs)
	})
}

// A result document is decided again as often as one likes, to the same end, or refused.
func FuzzAgain(f *testing.F) {
	e := with(policy.Criterion{ID: "security", Evidence: &policy.Evidence{Action: "security-gate"}})
	record, err := json.Marshal(e)
	if err != nil {
		f.Fatal(err)
	}
	for _, record := range []string{string(record), `{}`, `null`, `{"sha":"` + commit + `","policy":"version: 1\ngate: {criteria: [{id: a, checks: {}}]}"}`} {
		f.Add([]byte(`{"schema":"slipway.result/v1","action":"go-no-go","verdict":"pass","finishedAt":"2026-03-02T12:00:00Z","data":{"record":` + record + `}}`))
	}
	f.Fuzz(func(t *testing.T, document []byte) {
		one, err := again(document, nil)
		if err != nil {
			return
		}
		two, err := again(document, nil)
		if err != nil || one.Outcome.Verdict != two.Outcome.Verdict || one.Outcome.Sentence != two.Outcome.Sentence {
			t.Fatalf("%q is %s, and then %s (%v)", document, one.Outcome.Sentence, two.Outcome.Sentence, err)
		}
		if !one.Outcome.Verdict.Valid() || one.Outcome.Sentence == "" {
			t.Fatalf("%q is %q: %q", document, one.Outcome.Verdict, one.Outcome.Sentence)
		}
		if _, err := one.Explain("nothing of that name"); err == nil {
			t.Fatal("what is not there is explained")
		}
	})
}
