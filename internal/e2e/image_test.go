//go:build e2e

package e2e

import (
	"archive/tar"
	"bytes"
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

	"github.com/slipway-actions/slipway/internal/releasing"
)

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

// What is in the image is what it needs: that and its size a release checks, and nothing else may be there.
func TestImage(t *testing.T) {
	t.Parallel()
	image := saved(t, image(t))
	config, err := image.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	for _, label := range []string{"title", "description", "source", "licenses", "version"} {
		if config.Config.Labels["org.opencontainers.image."+label] == "" {
			t.Errorf("the image has no label %s: %v", label, config.Config.Labels)
		}
	}
	made, err := releasing.Canonical(image, built)
	if err != nil {
		t.Fatal(err)
	}
	layers, err := made.Layers()
	if err != nil {
		t.Fatal(err)
	}
	size, err := layers[0].Size()
	if err != nil {
		t.Fatal(err)
	}
	content, err := layers[0].Uncompressed()
	if err != nil {
		t.Fatal(err)
	}
	defer content.Close()
	files, archive := 0, tar.NewReader(content)
	for file, err := archive.Next(); err != io.EOF; file, err = archive.Next() {
		if err != nil {
			t.Fatal(err)
		}
		if file.Typeflag == tar.TypeDir {
			continue
		}
		if files++; !belongs.MatchString(file.Name) {
			t.Errorf("the image holds %s", file.Name)
		}
	}
	measured(t, "image: %.1f MB compressed, %d files", float64(size)/1e6, files)
}

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
