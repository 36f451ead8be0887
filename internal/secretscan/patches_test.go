package secretscan_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/slipway-actions/slipway/internal/secret"
	"github.com/slipway-actions/slipway/internal/secretscan"
)

var (
	commitA = strings.Repeat("a", 40)
	commitB = strings.Repeat("b", 64)
)

// change is what git prints of a file, ahead of its hunks.
func change(path string) string {
	return fmt.Sprintf("diff --git a/%s b/%s\nindex 0..1 100644\n--- a/%s\n+++ b/%s\n", path, path, path, path)
}

func TestPatches(t *testing.T) {
	pem := "+" + strings.ReplaceAll(strings.TrimSuffix(key(1), "\n"), "\n", "\n+") + "\n"
	lines := strings.Count(pem, "\n")
	for name, tt := range map[string]struct {
		patch string
		want  []string // as "commit's first letter, rule, file, line"
	}{
		"nothing":                 {"", nil},
		"an added line":           {commitA + "\n" + change("x") + "@@ -3,0 +4,2 @@ func\n+x\n+" + token(1) + "\n", []string{"a github-pat x:5"}},
		"a removed line":          {commitA + "\n" + change("x") + "@@ -3 +2,0 @@\n-" + token(1) + "\n", nil},
		"another for a removed":   {commitA + "\n" + change("x") + "@@ -3 +3 @@\n-" + token(1) + "\n\\ No newline at end of file\n+" + token(2) + "\n\\ No newline at end of file\n", []string{"a github-pat x:3"}},
		"context":                 {commitA + "\n" + change("x") + "@@ -1,2 +1,3 @@\n " + token(1) + "\n+" + token(2) + "\n \n", []string{"a github-pat x:2"}},
		"two commits, two hunks":  {commitA + "\n" + change("x") + "@@ -0,0 +1 @@\n+" + token(1) + "\n@@ -8,0 +9 @@\n+" + token(1) + "\n" + commitB + "\n" + change("y") + "@@ -0,0 +1 @@\n+" + token(1) + "\n", []string{"a github-pat x:1", "a github-pat x:9", "b github-pat y:1"}},
		"over many lines":         {commitA + "\n" + change("x") + fmt.Sprintf("@@ -0,0 +7,%d @@\n", lines) + pem, []string{"a private-key x:7"}},
		"a name in quotes":        {commitA + "\n" + `diff --git "a/\303\274\n\"" "b/\303\274\n\""` + "\n@@ -0,0 +1 @@\n+" + token(1) + "\n", []string{"a github-pat ü\n\":1"}},
		"a name with b/ in it":    {commitA + "\n" + change("x b/x") + "@@ -0,0 +1 @@\n+" + token(1) + "\n", []string{"a github-pat x b/x:1"}},
		"headers as text":         {commitA + "\n" + change("x") + "@@ -1,4 +1,4 @@\n--- a/y\n-" + commitB + "\n-diff --git a/y b/y\n-\n+++ b/y\n+" + commitB + "\n+@@ -0,0 +1 @@\n+" + token(1) + "\n", []string{"a github-pat x:4"}},
		"allowed by a comment":    {commitA + "\n" + change("x") + "@@ -0,0 +1 @@\n+" + token(1) + " gitleaks:allow\n", []string{"a github-pat x:1"}},
		"a lockfile":              {commitA + "\n" + change("go.sum") + "@@ -0,0 +1 @@\n+" + token(1) + "\n", nil},
		"committed results":       {commitA + "\n" + change(".slipway/x") + "@@ -0,0 +1 @@\n+" + token(1) + "\n", []string{"a github-pat .slipway/x:1"}},
		"a program":               {commitA + "\n" + change("x") + "@@ -0,0 +1,2 @@\n+\x7fELF\x00\n+" + token(1) + "\n", nil},
		"a file that is a secret": {commitA + "\n" + change("a.p12") + "@@ -0,0 +1 @@\n+\x30\x82\x00\n", []string{"a pkcs12-file a.p12:0"}},
		"what a merge slips in":   {commitA + "\ndiff --combined x\nindex 0,1..2\n--- a/x\n+++ b/x\n@@@ -1,2 -1,2 +1,3 @@@\n- " + token(1) + "\n -" + token(2) + "\n+ " + token(3) + "\n +" + token(4) + "\n++" + token(5) + "\n", []string{"a github-pat x:3"}},
		"a long line":             {commitA + "\n" + change("x") + "@@ -0,0 +1,2 @@\n+" + strings.Repeat("x ", 200_000) + token(1) + "\n+" + token(2) + "\n", []string{"a github-pat x:1", "a github-pat x:2"}},
		"a long removed line":     {commitA + "\n" + change("x") + "@@ -1 +1 @@\n-" + strings.Repeat("+x ", 200_000) + token(1) + "\n+" + token(2) + "\n", []string{"a github-pat x:1"}},
		"only a mode":             {commitA + "\ndiff --git a/x b/x\nold mode 100644\nnew mode 100755\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := secretscan.New().Patches(t.Context(), strings.NewReader(tt.patch))
			var got []string
			for _, l := range r.Leaks {
				got = append(got, fmt.Sprintf("%.1s %s %s:%d", l.Commit, l.Rule, l.File, l.Line))
			}
			if diff := cmp.Diff(tt.want, got); err != nil || diff != "" {
				t.Errorf("%v; -want +got\n%s", err, diff)
			}
		})
	}
}

func TestPatchesCount(t *testing.T) {
	patch := commitA + "\n" + change("x") + "@@ -0,0 +1 @@\n+x\n" + change("go.sum") + "@@ -0,0 +1 @@\n+x\n" +
		"diff --combined z\nindex 0,1..2\nBinary files differ\n" + change("prog") + "@@ -0,0 +1 @@\n+MZ\x00\n"
	got, err := secretscan.New().Patches(t.Context(), strings.NewReader(patch))
	want := secretscan.Result{Files: 1, Bytes: 2, Allowed: 1, Binary: 1, Skipped: []secret.Skipped{{Path: "z", Reason: "in commit " + commitA + ": git shows it as binary"}}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v; -want +got\n%s", err, diff)
	}
}

// A file as a whole has the same name in a commit as in the tree.
func TestPatchesNameWholeFiles(t *testing.T) {
	for name, tt := range map[string]struct{ text, patch string }{
		"a break at the end": {"\x30\n\x00\n", "@@ -0,0 +1,2 @@\n+\x30\n+\x00\n"},
		"none":               {"\x30\n\x00", "@@ -0,0 +1,2 @@\n+\x30\n+\x00\n\\ No newline at end of file\n"},
	} {
		in, err := secretscan.New().Patches(t.Context(), strings.NewReader(commitA+"\n"+change("a.pfx")+tt.patch))
		at := scan(t, tree(t, map[string]string{"a.pfx": tt.text}), ".")
		if err != nil || len(in.Leaks) != 1 || len(at.Leaks) != 1 || in.Leaks[0].Fingerprint != at.Leaks[0].Fingerprint {
			t.Errorf("%s: %v; commit %+v, tree %+v", name, err, in.Leaks, at.Leaks)
		}
	}
}

func TestPatchesFail(t *testing.T) {
	for name, patch := range map[string]string{
		"no commit":             change("x") + "@@ -0,0 +1 @@\n+x\n",
		"no file":               commitA + "\n@@ -0,0 +1 @@\n+x\n",
		"git log's own form":    "commit " + commitA + "\nAuthor: x\n",
		"an error page":         "<html>\n",
		"no end of line":        commitA,
		"ends in a file's head": commitA + "\ndiff --git a/x b/x",
		"ends in a hunk":        commitA + "\n" + change("x") + "@@ -0,0 +1,2 @@\n+x\n",
		"ends in a line":        commitA + "\n" + change("x") + "@@ -0,0 +1 @@\n+x",
		"ends in a long line":   commitA + "\n" + change("x") + "@@ -0,0 +1 @@\n+" + strings.Repeat("x", 200_000),
		"more than it says":     commitA + "\n" + change("x") + "@@ -0,0 +1 @@\n+x\n+y\n",
		"no sign":               commitA + "\n" + change("x") + "@@ -0,0 +1 @@\nx\n",
		"the wrong sign":        commitA + "\n" + change("x") + "@@ -0,0 +1 @@\n-x\n",
		"two names":             commitA + "\ndiff --git a/x b/y\n",
		"a broken quote":        commitA + "\ndiff --git \"a/x \"b/x\n",
		"no number":             commitA + "\n" + change("x") + "@@ -0,0 +x @@\n",
		"a vast number":         commitA + "\n" + change("x") + "@@ -0,0 +1,99999999999999999999 @@\n",
		"too many parents":      commitA + "\ndiff --cc x\n" + strings.Repeat("@", 99) + "\n",
		"a vast header":         commitA + "\ndiff --git " + strings.Repeat("x", 200_000) + "\n",
	} {
		if r, err := secretscan.New().Patches(t.Context(), strings.NewReader(patch)); err == nil {
			t.Errorf("%s: no error, but %+v", name, r)
		}
	}
	for _, tail := range []string{"@@ -0,0 +1 @@\n?%s\n", "@@ -0,0 +1 @@\n%s\n", "@@ -0,0 +0,0 @@\n+%s\n", "%s", "%s\n"} {
		_, err := secretscan.New().Patches(t.Context(), strings.NewReader(commitA+"\n"+change("x")+fmt.Sprintf(tail, token(1))))
		if err == nil || strings.Contains(err.Error(), token(1)[:6]) {
			t.Errorf("%q: the error shows the line: %v", tail, err)
		}
	}
}

// hunk begins one that adds lines at the top of a file.
func hunk(lines int) string { return fmt.Sprintf("@@ -0,0 +1,%d @@\n", lines) }
