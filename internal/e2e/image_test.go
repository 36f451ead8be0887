//go:build e2e

package e2e

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"debug/elf"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// largest is what the image may weigh for whoever pulls it, in bytes.
const largest = 40_000_000

// belongs are the files that the image may hold.
var belongs = regexp.MustCompile(`^(usr/bin/slipway|usr/bin/git|usr/lib/git-core/git-remote-https?|(usr/)?lib(64)?/[^/]*(/[^/]*)?/[^/]*\.so[.0-9]*|(usr/)?lib64/ld-[^/]*|etc/ssl/certs/ca-certificates\.crt|etc/passwd|etc/os-release|var/lib/dpkg/status\.d/[a-z0-9.+-]+)$`)

func docker(t *testing.T, args ...string) []byte {
	t.Helper()
	text, err := exec.Command("docker", args...).Output()
	if err != nil {
		var failed *exec.ExitError
		if errors.As(err, &failed) {
			t.Fatalf("docker %q: %v\n%s", args, err, failed.Stderr)
		}
		t.Fatal(err)
	}
	return text
}

func TestImage(t *testing.T) {
	t.Parallel()
	var about []struct {
		Architecture, Os string
		Config           struct {
			User            string
			Entrypoint, Cmd []string
			Labels          map[string]string
		}
	}
	if err := json.Unmarshal(docker(t, "image", "inspect", image(t)), &about); err != nil {
		t.Fatal(err)
	}
	config := about[0].Config
	if config.User != "" && config.User != "0" && config.User != "root" {
		t.Errorf("the image runs as %q; only root can write GITHUB_OUTPUT", config.User)
	}
	if len(config.Entrypoint) != 1 || config.Entrypoint[0] != "/usr/bin/slipway" || len(config.Cmd) > 0 {
		t.Errorf("the image starts %q %q", config.Entrypoint, config.Cmd)
	}
	for _, label := range []string{"title", "description", "source", "licenses", "version"} {
		if config.Labels["org.opencontainers.image."+label] == "" {
			t.Errorf("the image has no label %s: %v", label, config.Labels)
		}
	}

	var packed counter
	zip := gzip.NewWriter(&packed)
	files := map[string]int64{}
	var binary []byte
	saved := tar.NewReader(bytes.NewReader(docker(t, "save", image(t))))
	for layer, err := saved.Next(); err != io.EOF; layer, err = saved.Next() {
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(layer.Name, "layer.tar") {
			continue
		}
		content := tar.NewReader(io.TeeReader(saved, zip))
		for file, err := content.Next(); err != io.EOF; file, err = content.Next() {
			if err != nil {
				t.Fatal(err)
			}
			if file.Typeflag == tar.TypeDir {
				continue
			}
			files[file.Name] = file.Size
			if !belongs.MatchString(file.Name) {
				t.Errorf("the image holds %s", file.Name)
			}
			if file.Name == "usr/bin/slipway" {
				if binary, err = io.ReadAll(content); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	for _, file := range []string{"usr/bin/slipway", "usr/bin/git", "usr/lib/git-core/git-remote-https", "etc/ssl/certs/ca-certificates.crt"} {
		if files[file] == 0 {
			t.Errorf("the image lacks %s", file)
		}
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	if packed > largest {
		t.Errorf("compressed, the image has %d bytes; %d are allowed", packed, largest)
	}
	program, err := elf.NewFile(bytes.NewReader(binary))
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range program.Progs {
		if part.Type == elf.PT_INTERP {
			t.Error("the binary needs a loader: it is not static")
		}
	}
	measured(t, "image: %.1f MB compressed, %d files", float64(packed)/1e6, len(files))
}

type counter int64

func (c *counter) Write(p []byte) (int, error) { *c += counter(len(p)); return len(p), nil }

// measured prints a figure that is shown even where the tests pass. No test judges time: the machine is shared.
func measured(t *testing.T, format string, args ...any) {
	t.Helper()
	os.Stdout.WriteString("measured " + strings.TrimSpace(fmt.Sprintf(format, args...)) + "\n")
}

// How long a person waits for the smallest step, beside a container that does nothing but say its version.
func TestStartsSoon(t *testing.T) {
	j := newJob(t, "feat: add a cart")
	took := func(run func()) time.Duration {
		least := time.Hour
		for range 5 {
			began := time.Now()
			run()
			least = min(least, time.Since(began))
		}
		return least
	}
	step := took(func() { j.check("version-bump", j.step("version-bump", nil), 0, "pass") })
	bare := took(func() { docker(t, "run", "--rm", "--network", "none", image(t), "version") })
	measured(t, "docker run version-bump: %v, of which %v start a container (fastest of 5)", step.Round(time.Millisecond), bare.Round(time.Millisecond))
}

// The same sources make the same binary, wherever the folder lies and whatever was built before.
func TestSameBinary(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	id := strings.TrimSpace(string(docker(t, "create", image(t), "version")))
	defer docker(t, "rm", id)
	docker(t, "cp", id+":/usr/bin/slipway", filepath.Join(folder, "image"))
	build := exec.Command("go", "build", "-buildvcs=false", "-trimpath", "-ldflags", "-s -w -X main.version=e2e", "-o", filepath.Join(folder, "here"), "./cmd/slipway")
	build.Dir = root
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if text, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	one, err := os.ReadFile(filepath.Join(folder, "image"))
	if err != nil {
		t.Fatal(err)
	}
	two, err := os.ReadFile(filepath.Join(folder, "here"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(one, two) {
		t.Errorf("the image's binary (%d bytes) and one that is built here (%d bytes) differ", len(one), len(two))
	}
}
