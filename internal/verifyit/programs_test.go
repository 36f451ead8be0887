//go:build verifyit

package verifyit

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"
)

// program is one that runs beside the test. Its log is shown where the test fails.
type program struct {
	name string
	cmd  *exec.Cmd
	log  string
	over chan struct{}
}

// find is the path of a program; servers lie where not everybody's PATH leads.
func find(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		path, err = exec.LookPath(filepath.Join("/usr/sbin", name))
	}
	if err != nil {
		t.Fatalf("%s is not installed; run tools/verifyit/install.sh, or make verify-it", name)
	}
	return path
}

func start(t *testing.T, dir, name, path string, args ...string) *program {
	t.Helper()
	p := &program{name: name, cmd: exec.Command(path, args...), log: filepath.Join(dir, name+".log"), over: make(chan struct{})}
	log, err := os.OpenFile(p.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	p.cmd.Dir, p.cmd.Stdout, p.cmd.Stderr = dir, log, log
	// A test that is killed leaves nothing behind.
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		p.cmd.Wait()
		close(p.over)
	}()
	t.Cleanup(func() {
		p.stop()
		if t.Failed() {
			text, _ := os.ReadFile(p.log)
			t.Logf("the last that %s said:\n%s", p.name, text[max(0, len(text)-2000):])
		}
	})
	return p
}

// stop asks it to end, and ends it where it does not.
func (p *program) stop() {
	p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.over:
	case <-time.After(5 * time.Second):
		p.cmd.Process.Kill()
		<-p.over
	}
}

var (
	taken   = map[int]bool{}
	takenMu sync.Mutex
)

// address is a free one on loopback. Its port is below those that the system gives to connections, and no
// other test of this run gets it.
func address(t *testing.T) string {
	t.Helper()
	takenMu.Lock()
	defer takenMu.Unlock()
	for range 1000 {
		port := 20000 + rand.IntN(12000)
		if taken[port] {
			continue
		}
		a := fmt.Sprintf("127.0.0.1:%d", port)
		if l, err := net.Listen("tcp", a); err == nil {
			l.Close()
			taken[port] = true
			return a
		}
	}
	t.Fatal("no port is free")
	return ""
}

// eventually waits until something is so. The bound is generous, for the machine may be busy.
func eventually(t *testing.T, what string, so func() error) {
	t.Helper()
	var err error
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if err = so(); err == nil {
			return
		}
	}
	t.Fatalf("%s, yet: %v", what, err)
}

// listens tells whether somebody takes connections there.
func listens(address string) error {
	c, err := net.DialTimeout("tcp", address, time.Second)
	if err != nil {
		return err
	}
	return c.Close()
}

// plain is a text without the blanks around it.
func plain(text []byte) string { return string(bytes.TrimSpace(text)) }
