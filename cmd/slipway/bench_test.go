package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/commandfile"
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

func must(b testing.TB, cmd *exec.Cmd) {
	b.Helper()
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%s: %v\n%s", cmd, err, out)
	}
}

// history makes a repository of so many commits and tags, in one pack, the last `since` commits without a
// tag. It is made to look like real ones: messages with bodies and footers, about every seventh commit
// a merge, some branches that began before the last release, files in ten folders services/s0 to s9, of
// which each has a tenth of a tenth of the tags for itself, and half of the tags annotated.
func history(b *testing.B, commits, tags, since int, graph bool) string {
	b.Helper()
	dir := b.TempDir()
	must(b, exec.Command("git", "-C", dir, "init", "--quiet", "--initial-branch=main"))
	load := exec.Command("git", "-C", dir, "fast-import", "--quiet")
	in, err := load.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	go func() {
		defer in.Close()
		out := bufio.NewWriter(in)
		defer out.Flush()
		head := 0 // mark of main's last commit
		tagged := 0
		for n := 1; n <= commits; n++ {
			date := 1_500_000_000 + n*600
			branch, from, merged := "refs/heads/main", head, 0
			switch {
			case n%7 == 5 && n > 40: // a branch that began a while ago
				branch, from = "refs/heads/side", head-7*(1+n%5)
			case n%7 == 6 && n > 40:
				merged = n - 1
			}
			text := message(n, merged)
			fmt.Fprintf(out, "commit %s\nmark :%d\nauthor Ada Example <ada@example.com> %d +0000\ncommitter Bob Example <bob@example.com> %d +0000\ndata %d\n%s\n", branch, n, date, date+60, len(text), text)
			if from > 0 {
				fmt.Fprintf(out, "from :%d\n", from)
			}
			if merged > 0 {
				fmt.Fprintf(out, "merge :%d\nM 100644 inline services/s%d/file%d\ndata %d\n%d\n", merged, merged%10, merged%50, len(fmt.Sprint(merged)), merged)
			} else {
				fmt.Fprintf(out, "M 100644 inline services/s%d/file%d\ndata %d\n%d\n", n%10, n%50, len(fmt.Sprint(n)), n)
			}
			out.WriteString("\n")
			if branch == "refs/heads/main" {
				head = n
			}
			for tagged < tags && branch == "refs/heads/main" && (commits-since-40)*tagged < tags*(n-40) {
				tag(out, tagged, n, date)
				tagged++
			}
			if n == commits-since && branch != "refs/heads/main" {
				since++ // the last release is on main
			}
		}
	}()
	must(b, load)
	must(b, exec.Command("git", "-C", dir, "branch", "--quiet", "-D", "side"))
	must(b, exec.Command("git", "-C", dir, "reset", "--hard", "--quiet"))
	must(b, exec.Command("git", "-C", dir, "pack-refs", "--all"))
	if graph {
		must(b, exec.Command("git", "-C", dir, "commit-graph", "write", "--reachable"))
	}
	return dir
}

// tag writes the n-th tag: of every hundred, ten are of a component each, and some no release at all.
func tag(out io.Writer, n, commit, date int) {
	name := fmt.Sprintf("v%d.%d.%d", 1+n/1000, n/10%100, n%10)
	switch {
	case n%100 < 10:
		name = fmt.Sprintf("s%d/v1.%d.0", n%10, n/100)
	case n%100 == 10:
		name = fmt.Sprintf("v%d.%d.0-%07x-nightly", 1+n/1000, n/10%100, n)
	}
	if n%2 == 0 {
		fmt.Fprintf(out, "reset refs/tags/%s\nfrom :%d\n\n", name, commit)
		return
	}
	fmt.Fprintf(out, "tag %s\nfrom :%d\ntagger Bob Example <bob@example.com> %d +0000\ndata %d\n%s\n", name, commit, date+120, len(name), name)
}

// message is what people write: a subject, some paragraphs, footers.
func message(n, merged int) string {
	if merged > 0 {
		return fmt.Sprintf("Merge pull request #%d from acme/topic-%d\n\nWhat topic %d is about", n, merged, merged)
	}
	kind := []string{"fix", "feat", "docs", "chore", "fix", "refactor", "test", "perf"}[n%8]
	text := fmt.Sprintf("%s(s%d): make part %d do what was agreed upon (#%d)\n\n", kind, n%10, n%97, n)
	for p := range n % 4 {
		text += fmt.Sprintf("Paragraph %d says why: the part used to answer late whenever more than\nten callers asked at once, and nobody could tell from its log who had.\n\n", p)
	}
	text += fmt.Sprintf("Refs: #%d\nSigned-off-by: Ada Example <ada@example.com>\n", n/2)
	if n%200 == 0 {
		text += "BREAKING CHANGE: the part wants its callers to say who they are\n"
	}
	return text
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
func gitCalls(b testing.TB, cmd *exec.Cmd) [][]string {
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

// quickest is the shortest of all runs: it says least about what else the machine was doing.
type quickest time.Duration

func (q *quickest) run(f func()) {
	start := time.Now()
	f()
	if took := quickest(time.Since(start)); *q == 0 || took < *q {
		*q = took
	}
}

func (q quickest) ms() float64 { return float64(time.Duration(q).Microseconds()) / 1000 }

// peak is the most memory, in megabytes, that a command had for itself. What the kernel says when it has
// ended counts the process that started it as well, so it is looked at while it runs.
func peak(b *testing.B, cmd *exec.Cmd) (most float64) {
	b.Helper()
	cmd.Stdout, cmd.Stderr = nil, nil
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for {
		select {
		case err := <-ended:
			if err != nil {
				b.Fatal(err)
			}
			return most
		case <-time.After(time.Millisecond):
		}
		status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid))
		_, rest, _ := strings.Cut(string(status), "VmHWM:")
		var kilobytes float64
		fmt.Sscan(rest, &kilobytes)
		if name, _, _ := strings.Cut(string(status), "\n"); strings.HasSuffix(name, "slipway") {
			most = max(most, kilobytes/1024)
		}
	}
}

// needs are the calls of git that a next version cannot do without: all tags, and the log of the range.
func needs(workspace, base string) []*exec.Cmd {
	return []*exec.Cmd{
		exec.Command("git", "-C", workspace, "for-each-ref", "--format=%(refname)%00%(objecttype)%00%(objectname)%00%(*objecttype)%00%(*objectname)", "refs/tags"),
		exec.Command("git", "-C", workspace, "log", "-z", "--format=%H%x00%P%x00%an%x00%ae%x00%ct%x00%B", base+"..HEAD"),
	}
}

// previous is the output previous-tag of the last run of a step.
func previous(b *testing.B, dir string) string {
	b.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "output"))
	if err != nil {
		b.Fatal(err)
	}
	values, err := commandfile.Parse(string(text))
	if err != nil || values["previous-tag"] == "" {
		b.Fatalf("no previous tag: %v", err)
	}
	return values["previous-tag"]
}

// BenchmarkVersionBump runs version-bump on a history of 30,000 commits and 12,000 tags, and beside it the
// calls of git that it needs. Their ratio must stay below 1.5, the calls that it makes at three or
// fewer, and four where branches began before the last release; its own memory below 64 MB.
func BenchmarkVersionBump(b *testing.B) {
	binary := build(b)
	for _, graph := range []bool{true, false} {
		for _, since := range []int{3, 100, 1_000, 10_000} {
			b.Run(fmt.Sprintf("%d-since-the-release/graph=%v", since, graph), func(b *testing.B) {
				workspace, dir := history(b, 30_000, 12_000, since, graph), b.TempDir()
				calls := gitCalls(b, step(dir, workspace, binary, "version-bump"))
				base := previous(b, dir)
				var ours, gits quickest
				memory := peak(b, step(dir, workspace, binary, "version-bump"))
				for b.Loop() {
					ours.run(func() {
						must(b, step(dir, workspace, binary, "version-bump"))
					})
					gits.run(func() {
						for _, cmd := range needs(workspace, base) {
							must(b, cmd)
						}
					})
				}
				b.ReportMetric(ours.ms(), "ms/run")
				b.ReportMetric(gits.ms(), "ms/git-needed")
				b.ReportMetric(float64(ours)/float64(gits), "ratio")
				b.ReportMetric(float64(len(calls)), "git-calls")
				b.ReportMetric(memory, "MB")
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}

// BenchmarkComponents runs version-bump for ten components beside one, which must cost less than twice.
func BenchmarkComponents(b *testing.B) {
	binary := build(b)
	for _, graph := range []bool{true, false} {
		for _, since := range []int{100, 3_000} {
			b.Run(fmt.Sprintf("%d-since-the-release/graph=%v", since, graph), func(b *testing.B) {
				workspace, dir := history(b, 30_000, 12_000, since, graph), b.TempDir()
				var times [2]quickest
				for n, parts := range []int{1, 10} {
					policy := "version: 1\nversioning:\n  components:\n"
					for i := range parts {
						policy += fmt.Sprintf("    s%d: {paths: [services/s%d]}\n", i, i)
					}
					name := fmt.Sprintf("policy%d.yml", n)
					if err := os.WriteFile(filepath.Join(workspace, name), []byte(policy), 0o644); err != nil {
						b.Fatal(err)
					}
				}
				for b.Loop() {
					for n := range times {
						times[n].run(func() { must(b, step(dir, workspace, binary, "version-bump", fmt.Sprintf("--policy=policy%d.yml", n))) })
					}
				}
				b.ReportMetric(times[0].ms(), "ms/one")
				b.ReportMetric(times[1].ms(), "ms/ten")
				b.ReportMetric(float64(times[1])/float64(times[0]), "ratio")
				b.ReportMetric(0, "ns/op")
			})
		}
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
