package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

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
			workspace, dir := history(b, size.commits, size.tags, 3, size.graph), b.TempDir()
			full := func() *exec.Cmd {
				os.Remove(filepath.Join(workspace, "CHANGELOG.md"))
				return step(dir, workspace, binary, "changelog", "--full=true", "--version=99.0.0")
			}
			memory := peak(b, full())
			var ours, gits quickest
			for b.Loop() {
				run := full()
				ours.run(func() { must(b, run) })
				gits.run(func() { must(b, exec.Command("git", "-C", workspace, "log", "--format=%H%x00%P%x00%B")) })
			}
			b.ReportMetric(ours.ms(), "ms/run")
			b.ReportMetric(gits.ms(), "ms/git-log")
			b.ReportMetric(float64(ours)/float64(gits), "ratio")
			b.ReportMetric(memory, "MB")
			b.ReportMetric(ours.ms()*1000/float64(size.commits+size.tags), "µs/commit-and-tag")
			b.ReportMetric(0, "ns/op")
		})
	}
}
