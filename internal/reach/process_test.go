package reach_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/dirhash"

	"github.com/slipway-actions/slipway/internal/osv"
	"github.com/slipway-actions/slipway/internal/reach"
)

// acts are what a program does in place of an analysis.
var acts = map[string]func(args []string) int{
	"spy": func(args []string) int { // notes its environment, and goes on
		if err := os.WriteFile(args[0], []byte(strings.Join(os.Environ(), "\n")), 0o600); err != nil {
			return 1
		}
		return reach.Run(args[2:], os.Stdout, os.Stderr)
	},
	"panic":  func([]string) int { panic("the code is odd") },
	"silent": func([]string) int { return 0 },
	"half":   func([]string) int { os.Stdout.WriteString(`{"SBOM":{}}{"finding":{`); return 0 },
	"fails":  func([]string) int { os.Stdout.WriteString(`{"SBOM":{}}`); return 3 },
	"empty":  func([]string) int { os.Stdout.WriteString(`{"SBOM":{}}{"finding":{"osv":"V0"}}`); return 0 },
	"sleeps": func([]string) int { time.Sleep(time.Minute); return 0 },
	"shallow": func(args []string) int { // knows the packages, and no more
		if slices.Contains(args, "symbol") {
			panic("too much code")
		}
		return reach.Run(args[1:], os.Stdout, os.Stderr)
	},
}

func acting(t *testing.T, act ...string) reach.Analyser {
	a := self(t)
	a.Program = slices.Insert(a.Program, 1, act...)
	return a
}

// A program that ends before its time tells nothing.
func TestBrokenProcess(t *testing.T) {
	root := workspace(t, with(parsing(""), app(``, ``)))
	for act, want := range map[string]string{
		"panic":  "govulncheck failed: the code is odd",
		"silent": "what govulncheck says cannot be read: unexpected EOF",
		"half":   "what govulncheck says cannot be read: unexpected EOF",
		"fails":  "govulncheck ended: exit status 3",
		"empty":  "what govulncheck says cannot be read: a finding without a place",
	} {
		_, err := acting(t, act).Analyse(t.Context(), root, ".", nil)
		var failed *reach.NotLoaded
		if !errors.As(err, &failed) || failed.Reason != want {
			t.Errorf("%s: %v, want %s", act, err, want)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	start := time.Now()
	if _, err := acting(t, "sleeps").Analyse(ctx, root, ".", nil); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > 20*time.Second {
		t.Errorf("after %v: %v", time.Since(start), err)
	}
	slow := acting(t, "sleeps")
	slow.Timeout = time.Second
	var failed *reach.NotLoaded
	if _, err := slow.Analyse(t.Context(), root, ".", nil); !errors.As(err, &failed) || failed.Reason != "it takes too long" {
		t.Error(err)
	}
	if _, err := (reach.Analyser{}).Analyse(t.Context(), root, ".", nil); err == nil {
		t.Error("nothing analysed, and no error")
	}
}

// What the packages settle is told, whatever becomes of the rest.
func TestPackagesAlone(t *testing.T) {
	root := workspace(t, with(parsing(""), app(`import "example.org/parsing/html"`, `html.Parse("")`), map[string]string{"x_windows.go": "package main\n"}))
	records := []*osv.Record{advisory(t, "GO-2026-0001", "example.org/parsing", imports), advisory(t, "GO-2026-0002", "example.org/parsing", `[{"path":"example.org/parsing/xml"}]`)}
	got, err := acting(t, "shallow").Analyse(t.Context(), root, ".", records)
	if err != nil || len(got.Levels) != 1 || got.Levels["GO-2026-0002"] != reach.Required || len(got.Platforms) != 2 ||
		got.Untold["GO-2026-0001"] != "its package is imported, and whether it is called is not known: govulncheck failed: too much code" {
		t.Errorf("%+v, %v", got, err)
	}
}

// Nothing of our own environment comes to the go command, and nothing of the tree is started.
func TestEnvironment(t *testing.T) {
	sign := filepath.Join(t.TempDir(), "started")
	evil := "#!/bin/sh\n: >" + sign + "\n"
	files := with(parsing(""), app(`import ("example.org/parsing/html"; _ "example.com/app/c")`, `html.Parse("")`), map[string]string{
		"gen.go":      "package main\n\n//go:generate touch " + sign + "\n",
		"c/c.go":      "package c\n\n// #cgo CFLAGS: -fplugin=/evil.so\n// #cgo pkg-config: evil\nimport \"C\"\n",
		"c/n.go":      "package c\n",
		"c/c.c":       "int x;\n",
		"c/c.swig":    "%module c\n",
		"c/c.s":       "#include \"nowhere\"\n",
		".git/HEAD":   "ref: refs/heads/main\n",
		".git/config": "[core]\n\trepositoryformatversion = 0\n\tfsmonitor = touch " + sign + "\n",
	})
	programs := []string{"gcc", "cc", "clang", "swig", "pkg-config", "git", "gopackagesdriver", "toolexec"}
	for _, name := range programs {
		files["bin/"+name] = evil
	}
	root := workspace(t, files)
	for _, name := range programs {
		if err := os.Chmod(filepath.Join(root, "bin", name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	settings := filepath.Join(t.TempDir(), "env")
	if err := os.WriteFile(settings, []byte("GOFLAGS=-toolexec="+root+"/bin/toolexec\nCGO_ENABLED=1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"GITHUB_TOKEN": "ghs_secret", "INPUT_TOKEN": "ghs_secret", "ACTIONS_RUNTIME_TOKEN": "ghs_secret", "GOENV": settings, "GOFLAGS": "-toolexec=" + root + "/bin/toolexec",
		"GOPACKAGESDRIVER": root + "/bin/gopackagesdriver", "CC": root + "/bin/gcc", "CGO_ENABLED": "1", "GOTOOLCHAIN": "go1.999.0", "GOPROXY": "https://user:ghs_secret@127.0.0.1:1",
		"GOOS": "plan9", "GOWORK": "/nowhere/go.work",
	} {
		t.Setenv(name, value)
	}
	t.Setenv("PATH", os.Getenv("PATH")+":"+filepath.Join(root, "bin"))
	seen := filepath.Join(t.TempDir(), "seen")
	got, err := acting(t, "spy", seen).Analyse(t.Context(), root, ".", []*osv.Record{advisory(t, "GO-2026-0001", "example.org/parsing", imports)})
	if err != nil || got.Levels["GO-2026-0001"] != reach.Called || !slices.Equal(got.Platforms, []string{runtime.GOOS + "/" + runtime.GOARCH}) {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := os.Stat(sign); err == nil {
		t.Error("something of the tree was started")
	}
	text, err := os.ReadFile(seen)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		names = append(names, name)
		if strings.Contains(value, "secret") || strings.Contains(value, root) {
			t.Errorf("%s is %s", name, value)
		}
	}
	slices.Sort(names)
	want := "CGO_ENABLED GO111MODULE GOARCH GOAUTH GOCACHE GOENV GOFLAGS GOMODCACHE GOOS GOPACKAGESDRIVER GOPATH GOPROXY GOSUMDB GOTOOLCHAIN GOVCS GOVERSION GOWORK LC_ALL PATH TMPDIR"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("the environment has\n%s\nwant\n%s", got, want)
	}
}

// A toolchain counts where it is out of the workspace, and no other.
func TestNoToolchain(t *testing.T) {
	root := workspace(t, with(parsing(""), app(``, ``), map[string]string{"bin/go": "#!/bin/sh\ntouch started\n"}))
	if err := os.Chmod(filepath.Join(root, "bin/go"), 0o755); err != nil {
		t.Fatal(err)
	}
	link, broken := t.TempDir(), t.TempDir()
	if err := os.Symlink(filepath.Join(root, "bin/go"), filepath.Join(link, "go")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(broken, "go"), []byte("no program"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Chdir(root)
	for name, path := range map[string]string{"empty": "", "nowhere": "/nowhere", "of the workspace": filepath.Join(root, "bin"), "relative": "bin", "a link into the workspace": link, "broken": broken} {
		t.Setenv("PATH", path)
		if _, err := self(t).Analyse(t.Context(), root, ".", nil); !errors.Is(err, reach.ErrNoToolchain) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestModuleCacheInWorkspace(t *testing.T) {
	root := workspace(t, with(parsing(""), app(``, ``)))
	t.Setenv("GOMODCACHE", filepath.Join(root, ".cache"))
	var failed *reach.NotLoaded
	if _, err := self(t).Analyse(t.Context(), root, ".", nil); !errors.As(err, &failed) {
		t.Error(err)
	}
}

// Without a vendor folder the code comes from the module cache, and is what go.sum says.
func TestModuleCache(t *testing.T) {
	mod := "module example.org/parsing\n\ngo 1.21\n"
	modules := workspace(t, map[string]string{
		"example.org/parsing@v1.0.0/go.mod": mod, "example.org/parsing@v1.0.0/html/html.go": "package html\n\nfunc Parse(string) {}\n",
		"cache/download/example.org/parsing/@v/v1.0.0.mod": mod, "cache/download/example.org/parsing/@v/v1.0.0.info": `{"Version":"v1.0.0"}`, "cache/download/example.org/parsing/@v/v1.0.0.zip": "",
	})
	code, err := dirhash.HashDir(filepath.Join(modules, "example.org/parsing@v1.0.0"), "example.org/parsing@v1.0.0", dirhash.Hash1)
	if err != nil {
		t.Fatal(err)
	}
	gomod, err := dirhash.Hash1([]string{"go.mod"}, func(string) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(mod)), nil })
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(modules, "cache/download/example.org/parsing/@v/v1.0.0.ziphash"), []byte(code), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOMODCACHE", modules)
	files := with(app(`import "example.org/parsing/html"`, `html.Parse("")`), map[string]string{
		"go.mod": "module example.com/app\n\ngo 1.21\n\nrequire example.org/parsing v1.0.0\n",
		"go.sum": "example.org/parsing v1.0.0 " + code + "\nexample.org/parsing v1.0.0/go.mod " + gomod + "\n",
	})
	records := []*osv.Record{advisory(t, "GO-2026-0001", "example.org/parsing", imports)}
	root := workspace(t, files)
	if got, err := self(t).Analyse(t.Context(), root, ".", records); err != nil || got.Levels["GO-2026-0001"] != reach.Called {
		t.Errorf("%+v, %v", got, err)
	}
	for name, sum := range map[string]string{"no sum": "", "another sum": strings.Replace(files["go.sum"], code, "h1:"+strings.Repeat("A", 43)+"=", 1)} {
		var failed *reach.NotLoaded
		root := workspace(t, with(files, map[string]string{"go.sum": sum}))
		if _, err := self(t).Analyse(t.Context(), root, ".", records); !errors.As(err, &failed) {
			t.Errorf("%s: %v", name, err)
		}
		if text, err := os.ReadFile(filepath.Join(root, "go.sum")); err != nil || string(text) != sum {
			t.Errorf("%s: go.sum was changed", name)
		}
	}
}
