package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/slipway-actions/slipway/internal/secret"
)

// madeUp is a secret that was never one. It is put together here, so that this repository holds none.
func madeUp(seed string) string {
	sum := sha256.Sum256([]byte("made up " + seed))
	return "gh" + "p_" + hex.EncodeToString(sum[:])[:36]
}

// leak writes a made-up secret into a file: `leak <file> [seed]`.
func leak(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: leak <file> [seed]")
	}
	name := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(filepath.Dir(name), 0o755))
	ts.Check(os.WriteFile(name, []byte("TOKEN="+madeUp(strings.Join(args[1:], " "))+"\n"), 0o644))
}

// acceptLeak writes a policy that accepts the secret that leak wrote: `accepted <policy> [seed]`.
func acceptLeak(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: accepted <policy> [seed]")
	}
	name := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(filepath.Dir(name), 0o755))
	id := secret.Fingerprint("github-pat", madeUp(strings.Join(args[1:], " ")))
	ts.Check(os.WriteFile(name, []byte(fmt.Sprintf("version: 1\nsecurity:\n  accepted: [{id: %q, owner: ada, reason: it was never valid, expires: 2999-01-01}]\n", id)), 0o644))
}

// unseen wants the made-up secret in nothing that was printed or handed on.
func unseen(ts *testscript.TestScript, neg bool, args []string) {
	texts := ts.ReadFile("stdout") + ts.ReadFile("stderr")
	for _, variable := range []string{"GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"} {
		texts += ts.ReadFile(ts.Getenv(variable))
	}
	result, err := filepath.Glob(filepath.Join(ts.Getenv("GITHUB_WORKSPACE"), ".slipway", "*"))
	ts.Check(err)
	for _, file := range result {
		texts += ts.ReadFile(file)
	}
	if part := madeUp(strings.Join(args, " "))[8:20]; strings.Contains(texts, part) {
		ts.Fatalf("the secret can be read in what was printed or written")
	}
}
