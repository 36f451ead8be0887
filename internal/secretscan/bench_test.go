package secretscan_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/secretscan"
)

// BenchmarkTree100MB searches 100 MB of source in some thousand files, and has the gitleaks command
// search the same in the same run. The ratio of their times must stay below 1.2, and both must find the
// same. Most of the time is the machine's noise where other things run: compare within a run.
func BenchmarkTree100MB(b *testing.B) {
	root := b.TempDir()
	size := source(b, root, 100<<20)
	command := gitleaks(b)
	var ours, theirs []string
	b.Run("ours", func(b *testing.B) {
		b.SetBytes(size)
		for b.Loop() {
			ours = found(scan(b, root, "."))
		}
	})
	b.Run("gitleaks", func(b *testing.B) {
		b.SetBytes(size)
		for b.Loop() {
			theirs = command(root)
		}
	})
	if len(theirs) < 100 || !slices.Equal(ours, theirs) {
		b.Errorf("%d findings, and %d of the command: %q, %q", len(ours), len(theirs), without(ours, theirs), without(theirs, ours))
	}
}

// BenchmarkLoad compiles the rules, which the first search of a process waits for.
func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if err := secretscan.Compile(); err != nil {
			b.Fatal(err)
		}
	}
}

func found(r secretscan.Result) (list []string) {
	for _, l := range r.Leaks {
		list = append(list, fmt.Sprintf("%s %s:%d", l.Rule, l.File, l.Line))
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func without(list, other []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(other, s) })
}

// gitleaks builds the command and returns how to run it: with its own rules, from the folder's top.
func gitleaks(t testing.TB) func(root string) []string {
	t.Helper()
	dir := t.TempDir()
	binary, report, rules := filepath.Join(dir, "gitleaks"), filepath.Join(dir, "report.json"), filepath.Join(dir, "rules.toml")
	build := exec.Command("go", "build", "-modfile=../../tools/peers/go.mod", "-o", binary, "github.com/zricethezav/gitleaks/v8")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build gitleaks: %v\n%s", err, out)
	}
	if err := os.WriteFile(rules, []byte("[extend]\nuseDefault = true\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	return func(root string) (list []string) {
		run := exec.Command(binary, "dir", ".", "--config", rules, "--ignore-gitleaks-allow", "--no-banner", "--exit-code", "0", "--report-path", report)
		run.Dir = root
		if out, err := run.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		text, err := os.ReadFile(report)
		var findings []struct {
			RuleID, File string
			StartLine    int
		}
		if err == nil {
			err = json.Unmarshal(text, &findings)
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range findings {
			list = append(list, fmt.Sprintf("%s %s:%d", f.RuleID, f.File, f.StartLine))
		}
		slices.Sort(list)
		return slices.Compact(list)
	}
}

// source writes files like those of a real repository, with a secret here and there, the same each
// time, until they have so many bytes.
func source(t testing.TB, root string, least int64) (size int64) {
	t.Helper()
	r := rand.New(rand.NewPCG(11, 13))
	for n := 0; size < least; n++ {
		name := filepath.Join(root, fmt.Sprintf("pkg%d/mod%d/file%d%s", n%17, n%131, n, []string{".go", ".py", ".js", ".yaml", ".java", ".md"}[n%6]))
		text := sourceFile(r, n)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		size += int64(len(text))
	}
	return size
}

var words = strings.Fields("account address batch buffer block bytes call cell channel child class client close code column config context count create cursor default delete depth entry error event field file filter format frame group handler header height host index item kind label length limit line list load lock map match merge message method model name next node number object offset option order output page parent parse path pattern phase policy port process proxy query queue range read record region request resource response result root route rule schema scope server service shape size slice source stage start state status step store stream string style table task template test text thread time tree tuple type union unit update user value vector version view visit weight width window worker write key token github")

func sourceFile(r *rand.Rand, n int) string {
	var b strings.Builder
	word := func() string { return words[r.IntN(len(words))] }
	name := func() string { return word() + strings.ToUpper(word()[:1]) + word() }
	size := 2_000 + r.IntN(20_000)
	if n%50 == 0 {
		size = 60_000 // some are large, but of one piece
	}
	for b.Len() < size {
		indent := strings.Repeat("\t", r.IntN(4))
		switch r.IntN(14) {
		case 0:
			b.WriteString("\n")
		case 1:
			fmt.Fprintf(&b, "%s// %s the %s of a %s when the %s is %s\n", indent, word(), word(), word(), word(), word())
		case 2:
			fmt.Fprintf(&b, "%s%s := %s.%s(ctx, %q)\n", indent, name(), name(), name(), word()+" "+word())
		case 3:
			fmt.Fprintf(&b, "%s%s: %s,\n", indent, name(), name())
		case 4:
			fmt.Fprintf(&b, "%simport { %s, %s } from '../%s/%s'\n", indent, name(), name(), word(), word())
		case 5:
			space := []string{"+", "%20"}[r.IntN(60)/59]
			fmt.Fprintf(&b, "%shttps://%s.example.com/%s?%s=%d%s%s\n", indent, word(), word(), word(), r.IntN(1e6), space, word())
		case 6:
			fmt.Fprintf(&b, "%sdigest: %x%x\n", indent, r.Uint64(), r.Uint64())
		default:
			fmt.Fprintf(&b, "%sif %s.%s != %s { return %s(%s, %d) }\n", indent, word(), name(), name(), name(), name(), r.IntN(1000))
		}
		if r.IntN(8000) == 0 {
			seed := r.Uint64()
			b.WriteString([]string{
				"\ttoken := \"" + token(seed) + "\"\n", "password = \"" + letters(seed, 24, alphanum) + "\"\n", key(seed),
				"AWS_KEY=AK" + "IA" + letters(seed, 16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") + "\n", "allowed = '" + token(seed) + "' # gitleaks:allow\n",
				"slack: xox" + "b-" + letters(seed, 12, digits) + "-" + letters(seed, 12, digits) + "-" + letters(seed, 24, alphanum) + "\n",
				"facebook_secret = \"" + letters(seed, 32, "0123456789abcdef") + "\"\n",
			}[r.IntN(7)])
		}
	}
	return b.String()
}
