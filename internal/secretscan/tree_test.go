package secretscan_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/slipway-actions/slipway/internal/secret"
	"github.com/slipway-actions/slipway/internal/secretscan"
)

func scan(t testing.TB, root, dir string) secretscan.Result {
	t.Helper()
	r, err := secretscan.New().Tree(t.Context(), root, dir)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// where lists leaks as rule, file, line and column.
func where(r secretscan.Result) (list []string) {
	for _, l := range r.Leaks {
		list = append(list, fmt.Sprintf("%s %s:%d:%d", l.Rule, l.File, l.Line, l.Column))
	}
	return list
}

func TestTree(t *testing.T) {
	wide := func(text string) string {
		var b bytes.Buffer
		b.WriteString("\xff\xfe")
		for _, u := range utf16.Encode([]rune(text)) {
			b.Write([]byte{byte(u), byte(u >> 8)})
		}
		return b.String()
	}
	long := strings.Repeat("a line of text that says nothing\n", 5000)
	for name, tt := range map[string]struct {
		file, text string
		want       []string
	}{
		"nothing":                  {"a.txt", "hello\n", nil},
		"empty":                    {"a.txt", "", nil},
		"a token":                  {"a.txt", token(1), []string{"github-pat a.txt:1:1"}},
		"further on":               {"a.txt", "x\nü = " + token(1) + "\n", []string{"github-pat a.txt:2:5"}},
		"carriage returns":         {"a.txt", "x\r\nt = " + token(1) + "\r\n", []string{"github-pat a.txt:2:5"}},
		"two on a line":            {"a.txt", token(1) + " " + token(2), []string{"github-pat a.txt:1:1", "github-pat a.txt:1:42"}},
		"the same twice":           {"a.txt", token(1) + "\n" + token(1), []string{"github-pat a.txt:1:1", "github-pat a.txt:2:1"}},
		"a generic one":            {"a.py", "password = \"" + letters(5, 20, alphanum) + "\"\n", []string{"generic-api-key a.py:1:1"}},
		"known and generic":        {"a.py", "token = \"" + token(1) + "\"\n", []string{"github-pat a.py:1:10"}},
		"a key of many lines":      {"a.pem", "\n" + key(1), []string{"private-key a.pem:2:1"}},
		"base64":                   {"a.txt", "x: " + base64.StdEncoding.EncodeToString([]byte("see "+token(1)+" there")), []string{"github-pat a.txt:1:4"}},
		"base64 in base64":         {"a.txt", base64.StdEncoding.EncodeToString([]byte("x " + base64.StdEncoding.EncodeToString([]byte("see "+token(1))))), []string{"github-pat a.txt:1:1"}},
		"hex":                      {"a.txt", fmt.Sprintf("%x", token(1)), []string{"github-pat a.txt:1:1"}},
		"percent signs":            {"a.txt", "see=%20" + token(1) + "%20", []string{"github-pat a.txt:1:5"}},
		"behind 100 kB":            {"a.txt", long + token(1), []string{"github-pat a.txt:5001:1"}},
		"across pieces":            {"a.txt", strings.Repeat("x ", 62_490) + token(1) + strings.Repeat(" x", 9), []string{"github-pat a.txt:1:124981"}},
		"in an endless line":       {"a.txt", strings.Repeat("x ", 200_000) + token(1), []string{"github-pat a.txt:1:400001"}},
		"a broken character":       {"a.txt", "\xff\xfe\xfd " + token(1), []string{"github-pat a.txt:1:5"}},
		"a letter like k":          {"a.txt", "\u212a \u017f " + token(1), []string{"github-pat a.txt:1:5"}},
		"UTF-16":                   {"a.ps1", wide("x\n" + token(1) + "\n"), []string{"github-pat a.ps1:2:1"}},
		"a NUL in source":          {"a.js", "// \x00\n" + token(1), []string{"github-pat a.js:2:1"}},
		"source that begins MZ":    {"a.js", "MZ = 1\n" + token(1), []string{"github-pat a.js:2:1"}},
		"text called archive":      {"a.zip", "x\n" + token(1), []string{"github-pat a.zip:2:1"}},
		"a file that is a secret":  {"a.p12", "\x30\x82\x00", []string{"pkcs12-file a.p12:0:0"}},
		"allowed by a comment":     {"a.go", "x := \"" + token(1) + "\" // gitleaks:allow\n", []string{"github-pat a.go:1:7"}},
		"a lockfile":               {"go.sum", token(1), nil},
		"in installed packages":    {"x/node_modules/a.js", token(1), nil},
		"in a folder of our name":  {"x/.slipway/a", token(1), []string{"github-pat x/.slipway/a:1:1"}},
		"in our results":           {".slipway/a", token(1), nil},
		"a name that breaks lines": {"a\n::error::b", token(1), []string{"github-pat a\n::error::b:1:1"}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, where(scan(t, tree(t, map[string]string{tt.file: tt.text}), "."))); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// A change must not switch off its own gate.
func TestNothingSwitchesRulesOff(t *testing.T) {
	off := "[[rules]]\nid = \"other\"\nregex = '''never'''\n[allowlist]\npaths = ['''.*''']\n"
	want := []string{"github-pat a.txt:1:1"}
	for name, files := range map[string]map[string]string{
		"configuration":    {".gitleaks.toml": off, "gitleaks.toml": off, ".gitleaks/config.toml": off},
		"a list to ignore": {".gitleaksignore": "a.txt:github-pat:1\n"},
		"a baseline":       {"gitleaks-report.json": `[{"RuleID":"github-pat","File":"a.txt","StartLine":1}]`, ".gitleaks.baseline.json": `[]`},
		"git's list":       {".gitignore": "*\n"},
	} {
		t.Run(name, func(t *testing.T) {
			files["a.txt"] = token(1) + " # gitleaks:allow"
			root := tree(t, files)
			t.Chdir(root) // where the command looks as well
			if diff := cmp.Diff(want, where(scan(t, root, "."))); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func TestTreePassesOver(t *testing.T) {
	root := tree(t, map[string]string{
		"a.txt": "hello", "b/c.txt": token(1), "package-lock.json": token(2), "x.png": token(3),
		"prog": "\x7fELF\x00" + token(4), "a.zip": "PK\x03\x04\x00" + token(5), "b/node_modules/m/a.js": token(6), "b/.git": token(7),
		".git/config": token(8), ".slipway/x.json": token(9),
	})
	outside := tree(t, map[string]string{"s": token(10), "d/s": token(10)})
	for from, to := range map[string]string{"link": "s", "links": "d"} {
		if err := os.Symlink(filepath.Join(outside, to), filepath.Join(root, from)); err != nil {
			t.Fatal(err)
		}
	}
	got := scan(t, root, ".")
	got.Leaks = nil
	want := secretscan.Result{
		Files: 2, Bytes: 45, Allowed: 3, Binary: 2,
		Passed: []secret.Skipped{{Path: ".git", Reason: "git's own"}, {Path: ".slipway", Reason: "results of these actions"}, {Path: "b/node_modules", Reason: "the rules for secrets leave it out"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	for dir, want := range map[string][]string{"b": {"github-pat b/c.txt:1:1"}, "b/c.txt": {"github-pat b/c.txt:1:1"}, "./b/": {"github-pat b/c.txt:1:1"}, "a.txt": nil} {
		if diff := cmp.Diff(want, where(scan(t, root, dir))); diff != "" {
			t.Errorf("%s: -want +got\n%s", dir, diff)
		}
	}
}

func TestTreeFails(t *testing.T) {
	root := tree(t, map[string]string{"a.txt": "x"})
	if err := os.Symlink("a.txt", filepath.Join(root, "link")); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"nope", "a.txt/x", "link", "..", "../x", "/"} {
		r, err := secretscan.New().Tree(t.Context(), root, dir)
		if err == nil {
			t.Errorf("%s: no error, but %+v", dir, r)
		}
		if dir == "nope" && !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v", dir, err)
		}
	}
	if _, err := secretscan.New().Tree(t.Context(), filepath.Join(root, "nope"), "."); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no workspace: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := secretscan.New().Tree(ctx, root, "."); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestTreeNamesWhatItDoesNotSearch(t *testing.T) {
	many := ""
	for i := range uint64(1001) {
		many += token(i) + "\n"
	}
	root := tree(t, map[string]string{"a.txt": "x", "locked.txt": token(1), "closed/a": token(2), "many.txt": many})
	huge, err := os.Create(filepath.Join(root, "huge.txt"))
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(huge, strings.Repeat("text\n", 2000))
	if err := errors.Join(huge.Truncate(100<<20+1), huge.Close()); err != nil {
		t.Fatal(err)
	}
	want := []secret.Skipped{
		{Path: "huge.txt", Reason: "it is larger than 100 MB"},
		{Path: "many.txt", Reason: "it holds more than 1000 secrets, and the others are not listed"},
	}
	if os.Getuid() != 0 { // who may read everything
		for _, name := range []string{"locked.txt", "closed"} {
			if err := os.Chmod(filepath.Join(root, name), 0); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { os.Chmod(filepath.Join(root, name), 0o700) })
		}
		want = append([]secret.Skipped{{Path: "closed", Reason: "it cannot be read: permission denied"}}, want[0],
			secret.Skipped{Path: "locked.txt", Reason: "it cannot be read: permission denied"}, want[1])
	}
	got := scan(t, root, ".")
	if diff := cmp.Diff(want, got.Skipped); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// The same tree gives the same answer, whatever the order in which files are done.
func TestTreeIsTheSameEachTime(t *testing.T) {
	files := map[string]string{}
	for i := range uint64(60) {
		files[fmt.Sprintf("d%d/f%d", i%7, i)] = token(i%9) + "\npassword = \"" + letters(i, 20, alphanum) + "\"\n"
	}
	root := tree(t, files)
	first := scan(t, root, ".")
	if len(first.Leaks) < 100 {
		t.Fatalf("found %d", len(first.Leaks))
	}
	for range 5 {
		if diff := cmp.Diff(first, scan(t, root, ".")); diff != "" {
			t.Fatalf("-first +next\n%s", diff)
		}
	}
}

// What is found must not show the secret, nor must anything be printed.
func TestSecretsStayInside(t *testing.T) {
	text := token(1)
	root := tree(t, map[string]string{"a.txt": text, "b.txt": base64.StdEncoding.EncodeToString([]byte(text))})
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, stderr := os.Stdout, os.Stderr
	os.Stdout, os.Stderr = w, w
	got := scan(t, root, ".")
	os.Stdout, os.Stderr = stdout, stderr
	w.Close()
	printed, err := io.ReadAll(r)
	if err != nil || len(printed) > 0 {
		t.Errorf("printed %q, %v", printed, err)
	}
	all, err := json.Marshal(got)
	if err != nil || len(got.Leaks) != 2 || bytes.Contains(all, []byte(text[4:12])) {
		t.Errorf("%v: %s", err, all)
	}
	if got.Leaks[0].Fingerprint != got.Leaks[1].Fingerprint {
		t.Errorf("the same secret in two files has two names: %+v", got.Leaks)
	}
}
