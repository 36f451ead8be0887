package main

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// tagged makes a repository of many commits with merges and as many releases as tags, and messages as
// people write them.
func tagged(b *testing.B, commits, tags int, graph bool) string {
	b.Helper()
	dir := b.TempDir()
	must(b, exec.Command("git", "-C", dir, "init", "--quiet", "--initial-branch=main"))
	load := exec.Command("git", "-C", dir, "fast-import", "--quiet")
	in, err := load.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	go func() {
		out := bufio.NewWriter(in)
		writeTagged(out, commits, tags)
		out.Flush()
		in.Close()
	}()
	must(b, load)
	must(b, exec.Command("git", "-C", dir, "reset", "--hard", "--quiet"))
	must(b, exec.Command("git", "-C", dir, "pack-refs", "--all"))
	if graph {
		must(b, exec.Command("git", "-C", dir, "commit-graph", "write", "--reachable"))
	}
	return dir
}

func writeTagged(out io.Writer, commits, tags int) {
	types := []string{"feat", "fix", "docs", "chore", "fix", "perf", "refactor", "feat"}
	releases := 0
	for n := 1; n <= commits; n++ {
		subject := fmt.Sprintf("%s(part-%d): change number %d of `some_code` (#%d)", types[n%len(types)], n%11, n, n)
		body := "\n\nWhat it does, and why it does so. The lines are as long as people make\nthem, and some go on for a while.\n"
		merge := ""
		switch {
		case n%10 == 0 && n > 20: // the branch began two commits ago
			subject, body = fmt.Sprintf("Merge pull request #%d from acme/branch-%d", n, n), "\n\nIts title\n"
			merge = fmt.Sprintf("merge :%d\n", n-2)
		case n%50 == 1:
			body += "\nBREAKING CHANGE: mind the step\n\n- one\n- two\n"
		case n%7 == 0:
			body += fmt.Sprintf("\nCloses #%d\nCo-authored-by: Bob Example <bob@example.com>\n", n/2)
		}
		text := subject + body
		fmt.Fprintf(out, "commit refs/heads/main\nmark :%d\nauthor Person %d <p%d@example.com> %d +0000\ncommitter Ada Example <ada@example.com> %d +0000\ndata %d\n%s\n%s", n, n%97, n%97, 1500000000+n*60, 1500000000+n*60, len(text), text, merge)
		for ; releases < tags && releases*commits <= n*tags-tags; releases++ {
			fmt.Fprintf(out, "reset refs/tags/v%d.%d.%d\nfrom :%d\n\n", 1+releases/2500, releases/50%50, releases%50, n)
		}
	}
}

// BenchmarkFullChangelog writes every release of histories that grow, and beside it reads the same
// history with git alone. The ratio must stay below 3, the memory below 256 MB, and the time for a
// commit and tag about the same. Of each the quickest of all runs counts.
func BenchmarkFullChangelog(b *testing.B) {
	binary := build(b)
	for _, size := range []struct {
		commits, tags int
		graph         bool
	}{{10_000, 1_000, true}, {30_000, 12_000, true}, {30_000, 12_000, false}, {100_000, 12_000, true}} {
		b.Run(fmt.Sprintf("%d-commits/%d-tags/graph=%t", size.commits, size.tags, size.graph), func(b *testing.B) {
			workspace, dir := tagged(b, size.commits, size.tags, size.graph), b.TempDir()
			ours, gits, memory := time.Duration(math.MaxInt64), time.Duration(math.MaxInt64), int64(0)
			for b.Loop() {
				os.Remove(filepath.Join(workspace, "CHANGELOG.md"))
				run := step(dir, workspace, binary, "changelog", "--full=true", "--version=99.0.0")
				start := time.Now()
				must(b, run)
				ours = min(ours, time.Since(start))
				memory = max(memory, run.ProcessState.SysUsage().(*syscall.Rusage).Maxrss)
				start = time.Now()
				must(b, exec.Command("git", "-C", workspace, "log", "--format=%H%x00%P%x00%B"))
				gits = min(gits, time.Since(start))
			}
			b.ReportMetric(float64(ours.Microseconds())/1000, "ms/run")
			b.ReportMetric(float64(gits.Microseconds())/1000, "ms/git-log")
			b.ReportMetric(float64(ours)/float64(gits), "ratio")
			b.ReportMetric(float64(memory)/1024, "MB")
			b.ReportMetric(float64(ours.Microseconds())/float64(size.commits+size.tags), "µs/commit-and-tag")
			b.ReportMetric(0, "ns/op")
		})
	}
}
