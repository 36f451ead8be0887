package main

import (
	"context"
	"fmt"
	"net"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// production is where the service runs: one address on loopback, one version at a time.
type production struct {
	addr     string
	builds   string // folder of the binaries, one a version
	instance *exec.Cmd
}

// newProduction takes a free address, which it keeps over all versions.
func newProduction(dir string) (*production, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	defer listener.Close()
	return &production{addr: listener.Addr().String(), builds: filepath.Join(dir, "builds")}, nil
}

// binary is the program of a version.
func (p *production) binary(version string) string {
	return filepath.Join(p.builds, "shop-"+version)
}

// deploy ends what runs and starts a version. Whether that version is well is not its business.
func (p *production) deploy(ctx context.Context, version string) error {
	p.stop()
	p.instance = exec.CommandContext(ctx, p.binary(version), "-addr", p.addr)
	if err := p.instance.Start(); err != nil {
		return fmt.Errorf("start shop %s: %w", version, err)
	}
	for range 100 { // until somebody listens; what it answers is for the verification
		if c, err := net.Dial("tcp", p.addr); err == nil {
			return c.Close()
		}
		time.Sleep(20 * time.Millisecond)
	}
	return fmt.Errorf("shop %s does not listen on %s", version, p.addr)
}

func (p *production) stop() {
	if p.instance == nil {
		return
	}
	p.instance.Process.Signal(syscall.SIGTERM)
	p.instance.Wait()
	p.instance = nil
}
