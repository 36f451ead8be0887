package main

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// build is the program as a release builds it.
func build(b *testing.B) string {
	b.Helper()
	binary := filepath.Join(b.TempDir(), "slipway")
	if out, err := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", binary, ".").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	return binary
}

func must(b *testing.B, cmd *exec.Cmd) {
	b.Helper()
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%s: %v\n%s", cmd, err, out)
	}
}

// history makes a repository of many commits with a commit graph, and a release each hundred up to the
// last ones, which are released next.
func history(b *testing.B, commits, last int) string {
	b.Helper()
	dir := b.TempDir()
	must(b, exec.Command("git", "-C", dir, "init", "--quiet", "--initial-branch=main"))
	var stream bytes.Buffer
	for n := range commits {
		subject := fmt.Sprintf("%s(part-%d): change number %d\n\nWhat it does and why it does so.\n\nRefs: #%d\n", []string{"fix", "feat", "docs", "chore"}[n%4], n%7, n, n)
		fmt.Fprintf(&stream, "commit refs/heads/main\nmark :%d\ncommitter A <a@example.com> %d +0000\ndata %d\n%s\n", n+1, 1700000000+n*60, len(subject), subject)
		if n%100 == 0 && n < commits-last {
			fmt.Fprintf(&stream, "reset refs/tags/v1.%d.0\nfrom :%d\n\n", n/100, n+1)
		}
	}
	load := exec.Command("git", "-C", dir, "fast-import", "--quiet")
	load.Stdin = &stream
	must(b, load)
	must(b, exec.Command("git", "-C", dir, "reset", "--hard", "--quiet"))
	must(b, exec.Command("git", "-C", dir, "commit-graph", "write", "--reachable"))
	must(b, exec.Command("git", "-C", dir, "pack-refs", "--all"))
	return dir
}

// step is a command in a runner's environment; its output files lie in dir.
func step(dir, workspace, binary string, args ...string) *exec.Cmd {
	cmd := exec.Command(binary, args...)
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "GITHUB_ACTIONS=true", "GITHUB_WORKSPACE=" + workspace, "GITHUB_REPOSITORY=acme/shop", "GITHUB_REF_NAME=main",
		"GITHUB_OUTPUT=" + filepath.Join(dir, "output"), "GITHUB_STEP_SUMMARY=" + filepath.Join(dir, "summary"),
	}
	return cmd
}

// gitCalls are the calls that a command makes of git, as a stand-in for git saw them.
func gitCalls(b *testing.B, cmd *exec.Cmd) [][]string {
	b.Helper()
	dir := b.TempDir()
	git, err := exec.LookPath("git")
	if err != nil {
		b.Fatal(err)
	}
	script := fmt.Sprintf("#!/bin/sh\nprintf '%%s\\036' \"$@\" >>%[1]s/calls\nprintf '\\035' >>%[1]s/calls\nexec %[2]s \"$@\"\n", dir, git)
	if err := os.WriteFile(filepath.Join(dir, "git"), []byte(script), 0o755); err != nil {
		b.Fatal(err)
	}
	cmd.Env = append(cmd.Env, "PATH="+dir+":"+os.Getenv("PATH"))
	must(b, cmd)
	log, err := os.ReadFile(filepath.Join(dir, "calls"))
	if err != nil {
		b.Fatal(err)
	}
	var calls [][]string
	for call := range strings.SplitSeq(strings.TrimSuffix(string(log), "\x1d"), "\x1d") {
		calls = append(calls, strings.Split(strings.TrimSuffix(call, "\x1e"), "\x1e"))
	}
	return calls
}

// BenchmarkVersionBump runs version-bump on histories of 10,000 commits, and beside it the git calls
// that it makes, with nothing around them. Their ratio must stay below 3. Of each the quickest of
// all runs counts: it says least about what else the machine was doing.
func BenchmarkVersionBump(b *testing.B) {
	binary := build(b)
	for _, last := range []int{100, 1_000, 10_000} {
		b.Run(fmt.Sprintf("%d-since-the-release", last), func(b *testing.B) {
			workspace, dir := history(b, 10_000, last), b.TempDir()
			calls := gitCalls(b, step(dir, workspace, binary, "version-bump"))
			ours, gits := time.Duration(math.MaxInt64), time.Duration(math.MaxInt64)
			for b.Loop() {
				start := time.Now()
				must(b, step(dir, workspace, binary, "version-bump"))
				ours = min(ours, time.Since(start))
				start = time.Now()
				for _, args := range calls {
					exec.Command("git", args...).Output() // some ask for what is not there
				}
				gits = min(gits, time.Since(start))
			}
			b.ReportMetric(float64(ours.Microseconds())/1000, "ms/run")
			b.ReportMetric(float64(gits.Microseconds())/1000, "ms/git-calls")
			b.ReportMetric(float64(ours)/float64(gits), "ratio")
			b.ReportMetric(float64(len(calls)), "git-calls")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkStartup is what it costs to start the program at all, beside one that does nothing.
func BenchmarkStartup(b *testing.B) {
	binary := build(b)
	for _, args := range [][]string{{binary, "version"}, {"true"}} {
		b.Run(filepath.Base(args[0]), func(b *testing.B) {
			for b.Loop() {
				must(b, exec.Command(args[0], args[1:]...))
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N), "ms/start")
			b.ReportMetric(0, "ns/op")
		})
	}
}
