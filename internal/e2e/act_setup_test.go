//go:build e2e

package e2e

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-containerregistry/pkg/registry"
)

// jobImage is what act takes for the machine of runs-on.
const jobImage = "slipway-e2e-job:latest"

// release is a release of this repository, as a consumer's uses: finds it: the image in a registry, and a copy of
// the repository in which each action names that image by its digest.
type release struct {
	dir        string // holds the rest
	act        string // the binary
	image      string // host/slipway@sha256:…
	repository string
}

var (
	releaseOnce sync.Once
	released    release
)

// TestMain takes the release away once no test asks for it any more.
func TestMain(m *testing.M) {
	code := m.Run()
	if released.dir != "" {
		// What the engine keeps of it is of no use without the registry. That it is gone already is no failure.
		_ = exec.Command("docker", "rmi", released.image).Run()
		if err := os.RemoveAll(released.dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

// newRelease makes the release once for all tests.
func newRelease(t *testing.T) release {
	t.Helper()
	releaseOnce.Do(func() {
		dir, err := os.MkdirTemp("", "slipway-e2e-")
		if err != nil {
			t.Fatal(err)
		}
		made := release{dir: dir, act: filepath.Join(dir, "act"), repository: filepath.Join(dir, "slipway")}
		must(t, "", "go", "build", "-C", filepath.Join(root, "tools/act"), "-o", made.act, "github.com/nektos/act")
		base := os.Getenv("SLIPWAY_BASE")
		if base == "" {
			t.Fatal("SLIPWAY_BASE does not name the image that jobs run in: run make e2e")
		}
		must(t, "", "docker", "build", "--network", "host", "--build-arg", "BASE="+base, "-t", jobImage, "testdata/act")
		made.image = push(t)
		copyRepository(t, made)
		released = made
	})
	if released.act == "" {
		t.Fatal("the release could not be made; see the first test that needed it")
	}
	return released
}

var pushedDigest = regexp.MustCompile(`digest: (sha256:[0-9a-f]{64})`)

// push brings the image to a registry on loopback and returns its name by digest. It drops the engine's own
// knowledge of that name, so that it has to be pulled.
func push(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(registry.New(registry.Logger(log.New(io.Discard, "", 0))))
	host := strings.TrimPrefix(server.URL, "http://")
	name := host + "/slipway:v1"
	must(t, "", "docker", "tag", image(t), name)
	pushed := pushedDigest.FindStringSubmatch(must(t, "", "docker", "push", name))
	if pushed == nil {
		t.Fatal("docker push does not tell a digest")
	}
	must(t, "", "docker", "rmi", name)
	return host + "/slipway@" + pushed[1]
}

// copyRepository copies what a consumer uses of this repository, with the image by digest in each action, as a
// release has it.
func copyRepository(t *testing.T, made release) {
	t.Helper()
	dockerfile := regexp.MustCompile(`(?m)^  image: .*Dockerfile$`)
	files := strings.Fields(must(t, root, "git", "ls-files", "-co", "--exclude-standard", "action.yml", "actions/*/action.yml", ".github/workflows"))
	for _, file := range files {
		text, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Base(file) == "action.yml" {
			if n := len(dockerfile.FindAll(text, -1)); n != 1 {
				t.Fatalf("%s names the Dockerfile %d times, want once", file, n)
			}
			text = dockerfile.ReplaceAll(text, []byte("  image: docker://"+made.image))
		}
		write(t, filepath.Join(made.repository, file), string(text))
	}
}

// must runs a program that has to succeed and returns what it prints.
func must(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	command := exec.Command(name, args...)
	command.Dir = dir
	text, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %q: %v\n%s", name, args, err, text)
	}
	return string(text)
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// answer is a service on loopback that answers every request with what text tells.
func answer(t *testing.T, text func(path string) (int, string)) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		code, body := text(r.URL.Path)
		w.WriteHeader(code)
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(server.Close)
	return server.URL
}
