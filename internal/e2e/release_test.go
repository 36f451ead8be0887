//go:build e2e

package e2e

import (
	"io"
	"log"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"

	"github.com/slipway-actions/slipway/internal/releasing"
)

// built is what the image of these tests is made from.
var built = releasing.Source{Created: time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC), Version: "e2e", Revision: strings.Repeat("e2", 20)}

// pushed brings an image to a registry as a release does.
func pushed(t *testing.T, name string, r releasing.Registry) releasing.Pin {
	t.Helper()
	canonical, err := releasing.Canonical(saved(t, name), built)
	if err != nil {
		t.Fatal(err)
	}
	digest, err := r.Push(t.Context(), canonical)
	if err != nil {
		t.Fatal(err)
	}
	return releasing.Pin{Repository: r.Repository, Tag: "v1", Digest: digest}
}

// saved is an image of the engine as a release reads it.
func saved(t *testing.T, name string) v1.Image {
	t.Helper()
	archive := filepath.Join(t.TempDir(), "image.tar")
	docker(t, "save", "-o", archive, name)
	image, err := releasing.Load(archive)
	if err != nil {
		t.Fatal(err)
	}
	return image
}

// images is a registry on loopback, which stays there until all tests have ended.
func images() releasing.Registry {
	server := httptest.NewServer(registry.New(registry.Logger(log.New(io.Discard, "", 0))))
	return releasing.Registry{Repository: strings.TrimPrefix(server.URL, "http://") + "/slipway"}
}

// What a release pushes is what its users pull, and it works as the one that was built.
func TestReleasedImage(t *testing.T) {
	t.Parallel()
	pin := newRelease(t).image
	j := newJob(t, "feat: add a cart")
	j.image = pin.String()
	docker(t, "pull", "-q", j.image)
	got := j.step("version-bump", nil)
	j.check("version-bump", got, 0, "pass")
	if got.outputs["version"] != "0.1.0" {
		t.Errorf("the version is %q", got.outputs["version"])
	}
	mismatched := exec.Command("docker", "run", "--rm", pin.Repository+"@sha256:"+strings.Repeat("0", 64), "version")
	if text, err := mismatched.CombinedOutput(); err == nil {
		t.Errorf("a digest that the registry has not was run:\n%s", text)
	}
}

// A second build from nothing has the same digest as the first.
func TestTwoBuildsOneDigest(t *testing.T) {
	t.Parallel()
	base := os.Getenv("SLIPWAY_BASE")
	if base == "" {
		t.Fatal("SLIPWAY_BASE does not name the image to build with: run make e2e")
	}
	again := image(t) + "-again"
	build := exec.Command("docker", "build", "--no-cache", "--network", "host", "--build-arg", "GO_IMAGE="+base, "--build-arg", "VERSION="+built.Version,
		"--build-arg", "HTTP_PROXY", "--build-arg", "HTTPS_PROXY", "--build-arg", "NO_PROXY", "-t", again, ".")
	build.Dir = root
	build.Env = append(os.Environ(), "DOCKER_BUILDKIT=1")
	if text, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	r := images()
	one, two := pushed(t, image(t), r), pushed(t, again, r)
	if one != two {
		t.Errorf("two builds of one source are %s and %s", one, two)
	}
	if first, second := docker(t, "image", "inspect", "--format", "{{.Id}}", image(t)), docker(t, "image", "inspect", "--format", "{{.Id}}", again); string(first) == string(second) {
		t.Error("the second build did not build anything: both are the same image")
	}
	docker(t, "rmi", again)
}
