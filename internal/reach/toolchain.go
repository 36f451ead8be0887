package reach

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// toolchain is the go command, and where it keeps things.
type toolchain struct {
	Version string `json:"GOVERSION"`
	Root    string `json:"GOROOT"`
	Modules string `json:"GOMODCACHE"`
	Path    string `json:"GOPATH"`
	OS      string `json:"GOHOSTOS"`
	Arch    string `json:"GOHOSTARCH"`
}

// asked are the variables of our own environment that a toolchain gets to tell where it keeps things.
var asked = []string{"HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "GOPATH", "GOMODCACHE", "GOROOT", "GOENV"}

// findToolchain looks for go on PATH, past what lies in the workspace or is not absolute, and asks it.
func findToolchain(ctx context.Context, root, temporary string) (toolchain, error) {
	var folders []string
	program := ""
	for _, folder := range filepath.SplitList(os.Getenv("PATH")) {
		if real, err := filepath.EvalSymlinks(folder); err != nil || !filepath.IsAbs(folder) || within(root, real) {
			continue
		}
		folders = append(folders, folder)
		if program == "" {
			if real, err := filepath.EvalSymlinks(filepath.Join(folder, executable)); err == nil && !within(root, real) {
				program, _ = exec.LookPath(filepath.Join(folder, executable))
			}
		}
	}
	if program == "" {
		return toolchain{}, ErrNoToolchain
	}
	cmd := exec.CommandContext(ctx, program, "env", "-json", "GOVERSION", "GOROOT", "GOMODCACHE", "GOPATH", "GOHOSTOS", "GOHOSTARCH")
	cmd.Dir = temporary
	cmd.Env = append(unable(), "PATH="+strings.Join(folders, string(filepath.ListSeparator)), "TMPDIR="+temporary, "GOWORK=off")
	for _, name := range asked {
		if value, ok := os.LookupEnv(name); ok {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
	}
	var out bytes.Buffer
	cmd.Stdout = &limited{to: &out, left: 64 << 10}
	alone(cmd)
	if err := cmd.Run(); err != nil {
		return toolchain{}, fmt.Errorf("%w that answers: go env: %w", ErrNoToolchain, err)
	}
	var t toolchain
	if err := json.Unmarshal(out.Bytes(), &t); err != nil || t.Version == "" || t.Root == "" || t.OS == "" || t.Arch == "" {
		return toolchain{}, fmt.Errorf("%w that answers: go env prints no settings", ErrNoToolchain)
	}
	for _, place := range []struct{ name, path string }{{"toolchain", t.Root}, {"module cache", t.Modules}} {
		if real, err := filepath.EvalSymlinks(place.path); err == nil && within(root, real) || within(root, place.path) {
			return toolchain{}, &NotLoaded{"the " + place.name + " lies in the workspace, where a change could have rewritten it"}
		}
	}
	return t, nil
}

var executable = map[bool]string{true: "go.exe", false: "go"}[runtime.GOOS == "windows"]

// unable are the settings with which go starts nothing but itself and asks nobody.
func unable() []string {
	return []string{
		"LC_ALL=C", "GO111MODULE=on", "GOTOOLCHAIN=local", "GOFLAGS=-buildvcs=false", "GOPACKAGESDRIVER=off",
		"GOPROXY=off", "GOSUMDB=off", "GOVCS=*:off", "GOAUTH=off", "CGO_ENABLED=0",
	}
}

// environment is what govulncheck and the go commands it starts get. Whether to use the vendor folder is
// left to go, which takes it where it is complete, and else changes no go.mod.
func (t toolchain) environment(temporary, work string) []string {
	return append(unable(),
		"GOENV=off", "GOWORK="+work, "PATH="+filepath.Join(t.Root, "bin"), "TMPDIR="+temporary,
		"GOCACHE="+filepath.Join(temporary, "cache"), "GOPATH="+t.Path, "GOMODCACHE="+t.Modules,
		"GOVERSION="+t.Version, // for govulncheck, which would ask go with another environment
	)
}

// within tells whether a path is a folder or lies in it. Both are absolute.
func within(folder, path string) bool {
	rel, err := filepath.Rel(folder, path)
	return err == nil && filepath.IsLocal(rel)
}
