package reach

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime/debug"
	"strings"

	"golang.org/x/vuln/scan"
)

// Argument is the first one of a program that starts itself to be the process of an analysis.
const Argument = "analyse-go"

// Run is that process: govulncheck with the arguments that follow. It is not called in the process that
// wants to know, for govulncheck hands its whole environment to some of the go commands it starts,
// cannot be stopped, and panics where nobody can catch it.
func Run(args []string, stdout, stderr io.Writer) int {
	bound(memoryLimit)
	debug.SetMemoryLimit(memoryLimit / 4 * 3)
	c := scan.Command(context.Background(), args...)
	c.Stdin, c.Stdout, c.Stderr = bytes.NewReader(nil), stdout, stderr
	err := c.Start()
	if err == nil {
		err = c.Wait()
	}
	if err != nil {
		fmt.Fprintln(stderr, err)
		return 1
	}
	return 0
}

// message is one of govulncheck's, as far as it is read.
type message struct {
	SBOM *struct {
		Modules []struct{ Path, Version string } `json:"modules"`
	} `json:"SBOM"`
	Finding *finding `json:"finding"`
}

// finding says that a module is required, a package of it imported, or a function of it called.
type finding struct {
	OSV   string  `json:"osv"`
	Trace []frame `json:"trace"` // from the vulnerable function to the entry
}

type frame struct {
	Module   string `json:"module"`
	Package  string `json:"package"`
	Function string `json:"function"`
	Receiver string `json:"receiver"`
	Position *struct {
		Filename string `json:"filename"`
		Line     int    `json:"line"`
	} `json:"position"`
}

// govulncheck runs one analysis, by packages or by symbols, and returns the modules that packages come from, and
// the findings.
func (a analysis) govulncheck(ctx context.Context, p platform, by string) (modules []string, found []finding, err error) {
	args := append(a.program[1:len(a.program):len(a.program)], "-C", a.dir, "-db", a.database, "-format", "json", "-scan", by, "./...")
	cmd := exec.CommandContext(ctx, a.program[0], args...)
	cmd.Dir, cmd.Env = a.temporary, append(a.env[:len(a.env):len(a.env)], "GOOS="+p.os, "GOARCH="+p.arch)
	var said bytes.Buffer
	cmd.Stderr = &limited{to: &said, left: 64 << 10}
	alone(cmd)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if ctx.Err() != nil {
		return nil, nil, a.ended(ctx)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("start an analysis: %w", err)
	}
	modules, found, unread := readMessages(io.LimitReader(out, outputLimit))
	if unread != nil {
		_ = cmd.Cancel()
	}
	err = cmd.Wait()
	switch {
	case ctx.Err() != nil:
		return nil, nil, a.ended(ctx)
	case unread != nil && said.Len() == 0:
		return nil, nil, a.notLoaded("what govulncheck says cannot be read: " + unread.Error())
	case err != nil || unread != nil:
		return nil, nil, a.notLoaded(why(said.String(), err))
	}
	return modules, found, nil
}

// ended tells whether our own time is up or the caller's.
func (a analysis) ended(ctx context.Context) error {
	if errors.Is(context.Cause(ctx), errTime) {
		return a.notLoaded(errTime.Error())
	}
	return ctx.Err()
}

// readMessages reads all that govulncheck says. A list of modules is always part of it.
func readMessages(out io.Reader) (modules []string, found []finding, err error) {
	listed := false
	for in := json.NewDecoder(out); ; {
		var m message
		switch err := in.Decode(&m); {
		case err == io.EOF && listed:
			return modules, found, nil
		case err == io.EOF:
			return nil, nil, io.ErrUnexpectedEOF
		case err != nil:
			return nil, nil, err
		}
		if m.SBOM != nil {
			listed = true
			for _, module := range m.SBOM.Modules {
				modules = append(modules, module.Path)
			}
		}
		if m.Finding != nil {
			if len(m.Finding.Trace) == 0 {
				return nil, nil, errors.New("a finding without a place")
			}
			found = append(found, *m.Finding)
		}
	}
}

// why is the reason among what a process says before it ends.
func why(said string, err error) string {
	if _, panicked, ok := strings.Cut(said, "panic: "); ok {
		return "govulncheck failed: " + first(panicked)
	}
	if _, fatal, ok := strings.Cut(said, "fatal error: "); ok {
		return "govulncheck failed: " + first(fatal)
	}
	said = strings.TrimPrefix(strings.TrimSpace(said), "govulncheck: ")
	said = strings.TrimPrefix(said, "loading packages: ")
	said = strings.ReplaceAll(said, "There are errors with the provided package patterns:", "")
	said, _, _ = strings.Cut(said, "For details on package patterns")
	if said = strings.TrimSpace(said); said == "" && err != nil {
		said = "govulncheck ended: " + err.Error()
	}
	return said
}

func first(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// notLoaded makes a reason of what a program says: one line, without the places of this machine.
func (a analysis) notLoaded(reason string) error {
	for _, place := range []string{a.root, a.temporary, a.moduleCache} {
		if place != "" {
			reason = strings.ReplaceAll(strings.ReplaceAll(reason, place+string(os.PathSeparator), ""), place, ".")
		}
	}
	return &NotLoaded{clean(reason, reasonLimit)}
}

// limited is a writer that drops what is too much.
type limited struct {
	to   io.Writer
	left int
}

func (l *limited) Write(p []byte) (int, error) {
	n := min(len(p), l.left)
	l.left -= n
	_, err := l.to.Write(p[:n])
	return len(p), err
}
