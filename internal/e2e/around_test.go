//go:build e2e

package e2e

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/fakegithub"
)

// hubToken is what a job may ask GitHub with.
const hubToken = "ghs_the-token-of-this-job"

// startHub is a GitHub on loopback that has acme/shop as a bare repository.
func startHub(t *testing.T, bare string) (hub *fakegithub.Hub, address string) {
	t.Helper()
	hub = fakegithub.New("acme/shop", bare, hubToken)
	address = hub.Start()
	t.Cleanup(func() {
		hub.Close()
		for _, complaint := range hub.Complaints() {
			t.Errorf("GitHub's description does not know: %s", complaint)
		}
	})
	return hub, address
}

func seed(t *testing.T, hub *fakegithub.Hub, state map[string]any) {
	t.Helper()
	text, err := json.Marshal(state)
	if err != nil {
		t.Fatal(err)
	}
	if err := hub.Seed(text); err != nil {
		t.Fatal(err)
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

// git runs in a folder, whoever owns it, and returns what it prints.
func git(t *testing.T, dir string, args ...string) string {
	t.Helper()
	command := exec.Command("git", append([]string{"-c", "safe.directory=*"}, args...)...)
	command.Dir = dir
	command.Env = append(os.Environ(), "GIT_AUTHOR_NAME=Ada", "GIT_AUTHOR_EMAIL=ada@example.com", "GIT_COMMITTER_NAME=Ada", "GIT_COMMITTER_EMAIL=ada@example.com")
	text, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("git %q: %v\n%s", args, err, text)
	}
	return strings.TrimSpace(string(text))
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
