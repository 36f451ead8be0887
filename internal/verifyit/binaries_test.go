//go:build verifyit

package verifyit

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

const top = "../.."

// The versions of the sample service: what runs, and what is to follow.
const (
	before = "1.4.0"
	after  = "1.5.0"
)

// built is where the binaries lie: slipway, and shop-<version>.
var built string

// TestMain builds them once. SLIPWAY names a binary that is there already.
func TestMain(m *testing.M) {
	code, err := tried(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, "verifyit:", err)
		os.Exit(1)
	}
	os.Exit(code)
}

func tried(m *testing.M) (code int, err error) {
	if built, err = os.MkdirTemp("", "verifyit-"); err != nil {
		return 0, err
	}
	defer os.RemoveAll(built)
	for _, version := range []string{before, after} {
		if err := build(filepath.Join(top, "examples/shop"), "shop-"+version, ".", "-X main.version="+version); err != nil {
			return 0, err
		}
	}
	if given := os.Getenv("SLIPWAY"); given != "" {
		absolute, err := filepath.Abs(given)
		if err != nil {
			return 0, err
		}
		if err := os.Symlink(absolute, filepath.Join(built, "slipway")); err != nil {
			return 0, err
		}
	} else if err := build(top, "slipway", "./cmd/slipway", ""); err != nil {
		return 0, err
	}
	return m.Run(), nil
}

func build(dir, name, what, ldflags string) error {
	cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w "+ldflags, "-o", filepath.Join(built, name), what)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off")
	if text, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build %s: %w\n%s", name, err, text)
	}
	return nil
}
