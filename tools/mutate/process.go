package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// bench is a compiled test binary and where it runs.
type bench struct {
	binary   string
	dir      string // the package's own folder, where its testdata is
	scratch  string
	progress io.Writer
	least    time.Duration // of processor time, which a mutant gets even where its tests need none
}

// limits of one process. The clock's is for tests that wait for what never comes.
const (
	wallLimit   = 10 * time.Minute
	outputLimit = 1 << 16
)

// ran is how a process of tests ended.
type ran struct {
	passed bool
	cut    bool          // ended by a limit of time
	cpu    time.Duration // processor time, of its children as well
	output string
}

// run runs tests by name with a mutant on; 0 is none. trace, if any, is a file for the mutants that are reached.
func (b bench) run(tests []string, mutant int, cpu time.Duration, trace string) (ran, error) {
	temporary, err := os.MkdirTemp(b.scratch, "run")
	if err != nil {
		return ran{}, err
	}
	defer removeAll(temporary)
	ctx, cancel := context.WithTimeout(context.Background(), wallLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, b.binary, "-test.failfast", "-test.timeout=0", "-test.run", pattern(tests))
	cmd.Dir = b.dir
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1", "TMPDIR="+temporary, envMutant+"="+strconv.Itoa(mutant), envTrace+"="+trace)
	if cpu > 0 {
		cmd.Env = append(cmd.Env, envCPU+"="+strconv.Itoa(int(cpu/time.Second)+1))
	}
	var out limited
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.WaitDelay = time.Second
	err = cmd.Run()
	r := ran{passed: err == nil, output: out.String()}
	if state := cmd.ProcessState; state != nil {
		r.cpu = state.UserTime() + state.SystemTime()
		r.cut = state.ExitCode() == -1 || ctx.Err() != nil
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) && ctx.Err() == nil {
		return ran{}, fmt.Errorf("run %s: %w", b.binary, err)
	}
	return r, nil
}

// removeAll removes a folder, also where a test took away the right to.
func removeAll(dir string) {
	if os.RemoveAll(dir) == nil {
		return
	}
	_ = filepath.WalkDir(dir, func(path string, d os.DirEntry, _ error) error {
		if d != nil && d.IsDir() {
			_ = os.Chmod(path, 0o700)
		}
		return nil
	})
	_ = os.RemoveAll(dir)
}

// pattern matches the tests of these names, and no others.
func pattern(tests []string) string {
	quoted := make([]string, len(tests))
	for i, t := range tests {
		quoted[i] = regexp.QuoteMeta(t)
	}
	return "^(" + strings.Join(quoted, "|") + ")$"
}

// list names the tests of the binary, and the fuzz targets, whose seeds are tests as well.
func (b bench) list() ([]string, error) {
	cmd := exec.Command(b.binary, "-test.list", "^(Test|Fuzz|Example)")
	cmd.Dir = b.dir
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("list the tests of %s: %w", b.dir, err)
	}
	return strings.Fields(string(out)), nil
}

// limited keeps the beginning of what is written to it.
type limited struct{ bytes.Buffer }

func (l *limited) Write(p []byte) (int, error) {
	if room := outputLimit - l.Len(); room > 0 {
		l.Buffer.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}
