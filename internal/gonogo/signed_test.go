package gonogo

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/slipway-actions/slipway/internal/attest"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/verdict"
)

const (
	scanner  = ".github/keys/scanner.pem"
	second   = ".github/keys/second.pem"
	scanning = "security-gate"
)

// pair makes a new pair of keys, as PEM.
func pair(t *testing.T) (private, public []byte) {
	t.Helper()
	pub, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	privateDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	publicDER, err := x509.MarshalPKIXPublicKey(pub)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: privateDER}), pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: publicDER})
}

func seal(t *testing.T, private []byte, statement string) []byte {
	t.Helper()
	signer, err := attest.ReadSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	text, err := signer.Sign([]byte(statement))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// stating is a statement of the given type about a subject.
func stating(kind, algorithm, value, predicate string) string {
	return fmt.Sprintf(`{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"a","digest":{"sha512":"0"}},{"name":"b","digest":{%q:%q}}],"predicateType":%q,"predicate":%s}`, algorithm, value, kind, predicate)
}

// resultText is a result an hour old.
func resultText(action, repository, sha, digest string, v verdict.Verdict) string {
	return fmt.Sprintf(`{"schema":"slipway.result/v1","action":%q,"subject":{"repository":%q,"sha":%q,"digest":%q},"finishedAt":"2026-03-02T11:00:00Z","verdict":%q,"sentence":"fine.","data":{"environment":"staging","critical":0}}`, action, repository, sha, digest, v)
}

func passText(action string) string { return resultText(action, "acme/shop", commit, "", verdict.Pass) }

// sameOnReplay decides once more from the evidence as a record holds it.
func sameOnReplay(t *testing.T, e evidence) {
	t.Helper()
	text, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	again := evidence{inputs: inputs{Gate: e.Gate}}
	if err := json.Unmarshal(text, &again); err != nil {
		t.Fatal(err)
	}
	again.Gate = e.Gate
	if diff := cmp.Diff(decide(e).findings(), decide(again).findings()); diff != "" {
		t.Errorf("decided again from the record (-first +again):\n%s", diff)
	}
}

func TestSignedResults(t *testing.T) {
	private, public := pair(t)
	stranger, strangers := pair(t)
	good := stating(attest.ResultType, "gitCommit", commit, passText(scanning))
	sealed := string(seal(t, private, good))
	by := func(statement string) string { return string(seal(t, private, statement)) }
	_, otherKey := pair(t)
	for name, tt := range map[string]struct {
		text    string
		keys    []string
		files   map[string]file // beside the scanner's key
		verdict verdict.Verdict
		says    string
	}{
		"signed":                          {sealed, []string{scanner}, nil, verdict.Pass, "pass: fine. It is signed with the key of " + scanner},
		"signed by one of two":            {sealed, []string{second, scanner}, map[string]file{second: {Text: otherKey}}, verdict.Pass, scanner},
		"the other key is missing":        {sealed, []string{second, scanner}, map[string]file{second: {Missing: true}}, verdict.Pass, scanner},
		"signed by sha1":                  {by(stating(attest.ResultType, "sha1", strings.ToUpper(commit), passText(scanning))), []string{scanner}, nil, verdict.Pass, "fine"},
		"signed, fails":                   {by(stating(attest.ResultType, "gitCommit", commit, resultText(scanning, "acme/shop", commit, "", verdict.Fail))), []string{scanner}, nil, verdict.Fail, "fail: fine."},
		"no keys, plain":                  {passText(scanning), nil, nil, verdict.Pass, "fine"},
		"no keys, a statement":            {good, nil, nil, verdict.Pass, "fine"},
		"no keys, signed":                 {sealed, nil, nil, verdict.Unknown, "it is signed, and the policy names no key"},
		"no keys, signed by somebody":     {strings.Replace(sealed, `"keyid":""`, `"keyid":"so<me>\nbody"`, 1), nil, nil, verdict.Unknown, "it is signed, by its own word with the key so<me> body, and"},
		"another key's name":              {strings.Replace(sealed, `"keyid":""`, `"keyid":"somebody"`, 1), []string{scanner}, nil, verdict.Pass, scanner},
		"plain":                           {passText(scanning), []string{scanner}, nil, verdict.Unknown, "it is not signed"},
		"a statement, unsigned":           {good, []string{scanner}, nil, verdict.Unknown, "it is not signed"},
		"fails, unsigned":                 {resultText(scanning, "acme/shop", commit, "", verdict.Fail), []string{scanner}, nil, verdict.Unknown, "it is not signed"},
		"by a stranger":                   {string(seal(t, stranger, good)), []string{scanner}, nil, verdict.Unknown, "the signature is not by a key that the policy names"},
		"the key is missing":              {sealed, []string{second}, map[string]file{second: {Missing: true}}, verdict.Unknown, "there is no such file"},
		"the key cannot be read":          {sealed, []string{second}, map[string]file{second: {Problem: problem{What: "429 from GitHub", Passing: true}}}, verdict.Unknown, "429 from GitHub"},
		"the key was never read":          {sealed, []string{second}, nil, verdict.Unknown, "this was not looked at for the decision"},
		"the key is private":              {sealed, []string{second}, map[string]file{second: {Text: private}}, verdict.Unknown, "it is a private key"},
		"the key is a web page":           {sealed, []string{second}, map[string]file{second: {Text: []byte("<html>")}}, verdict.Unknown, "no PEM block"},
		"another's key":                   {sealed, []string{second}, map[string]file{second: {Text: strangers}}, verdict.Unknown, "not by a key"},
		"replayed for another commit":     {by(stating(attest.ResultType, "gitCommit", another, resultText(scanning, "acme/shop", another, "", verdict.Pass))), []string{scanner}, nil, verdict.Unknown, "something else, gitCommit " + another},
		"the statement's subject swapped": {by(stating(attest.ResultType, "gitCommit", another, passText(scanning))), []string{scanner}, nil, verdict.Unknown, "something else"},
		"the result's subject swapped":    {by(stating(attest.ResultType, "gitCommit", commit, resultText(scanning, "acme/shop", another, "", verdict.Pass))), []string{scanner}, nil, verdict.Unknown, "about another commit"},
		"another repository":              {by(stating(attest.ResultType, "gitCommit", commit, resultText(scanning, "acme/other", commit, "", verdict.Pass))), []string{scanner}, nil, verdict.Unknown, "the repository acme/other"},
		"a tree of that name":             {by(stating(attest.ResultType, "gitTree", commit, passText(scanning))), []string{scanner}, nil, verdict.Unknown, "something else"},
		"a statement about another, bare": {stating(attest.ResultType, "gitCommit", another, passText(scanning)), nil, nil, verdict.Unknown, "something else"},
	} {
		t.Run(name, func(t *testing.T) {
			e := with(policy.Criterion{ID: "security", Evidence: &policy.Evidence{Action: scanning, Keys: tt.keys}})
			e.Files[governed+scanner] = file{Text: public}
			for path, f := range tt.files {
				e.Files[governed+path] = f
			}
			e.Documents = []document{decodeDocument("scan.json", "scan.json", []byte(tt.text))}
			d := decide(e)
			holdWords(t, e, d)
			if got := d.criteria[0].findings[0]; d.verdict != tt.verdict || !strings.Contains(got.Observed, tt.says) || got.Next == "" != (got.Outcome == verdict.Passed) {
				t.Errorf("%s: %s; next: %s\nwant %s: %s", d.verdict, got.Observed, got.Next, tt.verdict, tt.says)
			}
			sameOnReplay(t, e)
		})
	}
}

// Envelopes that are none, or hold something else, are problems and no evidence.
func TestBrokenEnvelopes(t *testing.T) {
	private, public := pair(t)
	good := string(seal(t, private, stating(attest.ResultType, "gitCommit", commit, passText(scanning))))
	for name, tt := range map[string]struct{ text, says string }{
		"no signatures":          {good[:strings.Index(good, `,"signatures"`)] + `,"signatures":[]}`, "it has no signatures"},
		"no list of them":        {good[:strings.Index(good, `,"signatures"`)] + `}`, "it has no signatures"},
		"a plain result inside":  {string(seal(t, private, passText(scanning))), "read statement"},
		"another predicate":      {string(seal(t, private, stating(attest.SVRType, "gitCommit", commit, passText(scanning)))), "is of the type"},
		"another payload's type": {strings.Replace(good, "vnd.in-toto+json", "json", 1), "of the type"},
		"a decision as evidence": {string(seal(t, private, stating(attest.DecisionType, "gitCommit", commit, `{"decision":"go","verdict":"pass"}`))), "is of the type"},
		"a result beside it":     {strings.Replace(passText(scanning), `{`, `{"payloadType":"x",`, 1), "of the type"},
		"a broken result":        {string(seal(t, private, stating(attest.ResultType, "gitCommit", commit, `{"verdict":"pass"}`))), "read result"},
		"two verdicts": {string(seal(t, private, stating(attest.ResultType, "gitCommit", commit,
			strings.Replace(passText(scanning), `"verdict":"pass"`, `"verdict":"fail","Verdict":"pass"`, 1)))), "there twice"},
	} {
		t.Run(name, func(t *testing.T) {
			e := with(policy.Criterion{ID: "security", Evidence: &policy.Evidence{Action: scanning, Keys: []string{scanner}}})
			e.Files[governed+scanner] = file{Text: public}
			e.Documents = []document{decodeDocument("scan.json", "scan.json", []byte(tt.text))}
			if d := decide(e); d.verdict != verdict.Unknown || !strings.Contains(e.Documents[0].Problem, tt.says) {
				t.Errorf("%s: %s", d.verdict, e.Documents[0].Problem)
			}
		})
	}
}

// What a record says beside an envelope is not believed.
func TestRecordedBesideAnEnvelope(t *testing.T) {
	private, public := pair(t)
	e := with(policy.Criterion{ID: "security", Evidence: &policy.Evidence{Action: scanning, Keys: []string{scanner}}})
	e.Files[governed+scanner] = file{Text: public}
	d := decodeDocument("scan.json", "", seal(t, private, stating(attest.ResultType, "gitCommit", another, resultText("changelog", "acme/shop", another, "", verdict.Fail))))
	d.Action, d.Verdict, d.SHA, d.Subjects = scanning, verdict.Pass, commit, nil
	e.Documents = []document{d}
	if got := decide(e); got.verdict == verdict.Pass {
		t.Errorf("it is a go: %v", got.findings())
	}
}

// What the policy wants signed is believed nowhere without: not where it fills in the release, not
// where it shows a promotion.
func TestSignedEverywhere(t *testing.T) {
	private, public := pair(t)
	bump := `{"schema":"slipway.result/v1","action":"version-bump","subject":{"repository":"acme/shop","sha":"` + commit + `"},"finishedAt":"2026-03-02T11:00:00Z","verdict":"pass","data":{"version":"1.5.0","changed":true}}`
	signed := func(text string) document {
		return decodeDocument("x", "", seal(t, private, stating(attest.ResultType, "gitCommit", commit, text)))
	}
	plain := func(text string) document { return decodeDocument("x", "", []byte(text)) }
	e := with(policy.Criterion{ID: "bump", Evidence: &policy.Evidence{Action: "version-bump", Keys: []string{scanner}}},
		policy.Criterion{ID: "verified", Evidence: &policy.Evidence{Action: "deploy-verify", Keys: []string{scanner}}})
	e.Gate.Environments = map[string]policy.Environment{"staging": {}, "production": {After: []string{"staging"}}}
	e.Files[governed+scanner] = file{Text: public}
	e.Documents = []document{signed(bump), signed(passText("deploy-verify"))}
	if d := decide(e); d.verdict != verdict.Pass || d.release.version != "1.5.0" {
		t.Errorf("signed: %s, release %q: %s", d.verdict, d.release.version, reasons(d))
	}
	e.Documents = []document{plain(bump), plain(passText("deploy-verify"))}
	d := decide(e)
	if d.verdict != verdict.Unknown || d.release.known {
		t.Errorf("plain: %s, release %q", d.verdict, d.release.version)
	}
	for _, c := range d.criteria {
		if c.verdict() == verdict.Pass {
			t.Errorf("plain: %s passes", c.id)
		}
	}
}

func TestSignedFiles(t *testing.T) {
	private, public := pair(t)
	stranger, _ := pair(t)
	const kind, backup = "https://backup.example/v2", `{"restore_tested_days":12,"createdAt":"2026-03-02T11:00:00Z"}`
	good := stating(kind, "gitCommit", commit, backup)
	fields := map[string]string{"restore_tested_days": "<= 90"}
	for name, tt := range map[string]struct {
		text    string
		keys    []string
		verdict verdict.Verdict
		says    string
	}{
		"signed":                    {string(seal(t, private, good)), []string{scanner}, verdict.Pass, "restore_tested_days is 12"},
		"signed, does not hold":     {string(seal(t, private, strings.Replace(good, "days\":12", "days\":120", 1))), []string{scanner}, verdict.Fail, "is 120"},
		"signed, old":               {string(seal(t, private, strings.Replace(good, "2026-03", "2026-02", 1))), []string{scanner}, verdict.Unknown, "old"},
		"a field beside the signed": {strings.Replace(string(seal(t, private, stating(kind, "gitCommit", commit, `{"createdAt":"2026-03-02T11:00:00Z"}`))), "{", `{"restore_tested_days":1,`, 1), []string{scanner}, verdict.Unknown, "no field"},
		"by a stranger":             {string(seal(t, stranger, good)), []string{scanner}, verdict.Unknown, "not by a key"},
		"plain":                     {backup, []string{scanner}, verdict.Unknown, "it is not signed"},
		"bare":                      {good, []string{scanner}, verdict.Unknown, "it is not signed"},
		"plain, no keys":            {backup, nil, verdict.Pass, "is 12"},
		"bare, no keys":             {good, nil, verdict.Pass, "is 12"},
		"signed, no keys":           {string(seal(t, private, good)), nil, verdict.Unknown, "names no key"},
		"about another commit":      {string(seal(t, private, stating(kind, "gitCommit", another, backup))), []string{scanner}, verdict.Unknown, "something else, gitCommit " + another},
		"bare, another commit":      {stating(kind, "gitCommit", another, backup), nil, verdict.Unknown, "something else"},
		"about the image":           {string(seal(t, private, stating(kind, "sha256", digestA[7:], backup))), []string{scanner}, verdict.Pass, "is 12"},
		"about another image":       {string(seal(t, private, stating(kind, "sha256", digestB[7:], backup))), []string{scanner}, verdict.Unknown, "something else, sha256 bbbb"},
		"broken":                    {`{"payloadType":"application/vnd.in-toto+json","payload":"e30="}`, []string{scanner}, verdict.Unknown, "no signatures"},
		"an error in its place":     {`{"errors":[{"message":"no"}]}`, []string{scanner}, verdict.Unknown, "it is not signed"},
		"a result of another":       {string(seal(t, private, stating(attest.ResultType, "gitCommit", commit, resultText(scanning, "acme/shop", another, "", verdict.Pass)))), []string{scanner}, verdict.Unknown, "about another commit"},
	} {
		t.Run(name, func(t *testing.T) {
			rule := &policy.Evidence{File: "backup.json", Keys: tt.keys, Require: fields, MaxAge: policy.Duration(24 * time.Hour)}
			e := with(policy.Criterion{ID: "backup", Evidence: rule}, policy.Criterion{ID: "security", Evidence: &policy.Evidence{Action: scanning, Keys: []string{scanner}}})
			e.Gate.Criteria = e.Gate.Criteria[:1]
			e.Digest = digestA
			e.Files[governed+scanner] = file{Text: public}
			e.Files[inWorkspace+"backup.json"] = file{Text: []byte(tt.text)}
			d := decide(e)
			holdWords(t, e, d)
			if got := d.criteria[0].findings[0]; d.verdict != tt.verdict || !strings.Contains(got.Observed, tt.says) {
				t.Errorf("%s: %s; want %s: %s", d.verdict, got.Observed, tt.verdict, tt.says)
			}
			sameOnReplay(t, e)
		})
	}
}

// Whatever bit of an envelope is changed, it passes only if what was signed is still the same.
func TestNoBitOfAnEnvelopeIsOfNoMatter(t *testing.T) {
	private, public := pair(t)
	statement := stating(attest.ResultType, "gitCommit", commit, passText(scanning))
	good := seal(t, private, statement)
	e := with(policy.Criterion{ID: "security", Evidence: &policy.Evidence{Action: scanning, Keys: []string{scanner}}})
	e.Files[governed+scanner] = file{Text: public}
	passed := 0
	for i := range good {
		for _, bit := range []byte{1, 2, 32} { // 32 changes a letter's case
			changed := bytes.Clone(good)
			changed[i] ^= bit
			e.Documents = []document{decodeDocument("scan.json", "", changed)}
			if decide(e).verdict != verdict.Pass {
				continue
			}
			passed++
			if w, err := unwrap(changed); err != nil || !w.signed || string(w.text) != passText(scanning) {
				t.Fatalf("byte %d changed by %d: %s passes", i, bit, changed)
			}
		}
	}
	if passed == 0 || passed > len(good) {
		t.Errorf("%d changes pass; only those of the key's name and of the case of fields should", passed)
	}
}

func TestSignedEvidenceIsBounded(t *testing.T) {
	of := func(n int) document { return document{Source: "x", Sum: "y", Envelope: make([]byte, n)} }
	got := bounded([]document{of(signedLimit - 1), of(1), {Source: "plain"}, of(1)})
	if got[0].Problem != "" || got[1].Problem != "" || got[2].Problem != "" || got[3].Problem == "" || got[3].Envelope != nil {
		t.Errorf("%v, %v, %v, %v", got[0].Problem, got[1].Problem, got[2].Problem, got[3].Problem)
	}
}
