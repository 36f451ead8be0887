//go:build e2e

package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/slipway-actions/slipway/internal/releasing"
)

// jobImage is what act takes for the machine of runs-on.
const jobImage = "slipway-e2e-job:latest"

// release is a release of this repository, as a consumer's uses: finds it: the image in a registry, and a copy of
// the repository in which each action names that image by its digest.
type release struct {
	dir        string // holds the rest
	act        string // the binary
	image      releasing.Pin
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
		_ = exec.Command("docker", "rmi", released.image.Repository+"@"+released.image.Digest).Run()
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
		made.image = pushed(t, image(t), images())
		copyRepository(t, made)
		released = made
	})
	if released.act == "" {
		t.Fatal("the release could not be made; see the first test that needed it")
	}
	return released
}

// copyRepository copies what a consumer uses of this repository, with the image by tag and digest in each action,
// as the release commit has it.
func copyRepository(t *testing.T, made release) {
	t.Helper()
	files := strings.Fields(git(t, root, "ls-files", "-co", "--exclude-standard", "action.yml", "actions/*/action.yml", ".github/workflows"))
	for _, file := range files {
		content, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Fatal(err)
		}
		text := string(content)
		if filepath.Base(file) == "action.yml" {
			if text, err = made.image.Write(text); err != nil {
				t.Fatalf("%s: %v", file, err)
			}
		}
		write(t, filepath.Join(made.repository, file), text)
	}
}
