package main

import (
	"context"
	"errors"
	"io"
	"log"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/tarball"

	"github.com/slipway-actions/slipway/internal/fakegithub"
	"github.com/slipway-actions/slipway/internal/fakeimage"
	"github.com/slipway-actions/slipway/internal/releasing"
)

const token = "ghs_the-token-of-this-job"

const manifest = `name: Slipway
inputs:
  image:
    description: 'An input that is called like a key of runs.'
    default: ''
runs:
  using: docker
  image: ../../Dockerfile
  args: [version-bump]
`

// site is all that a release deals with: a clone, GitHub, and a registry.
type site struct {
	*testing.T
	clone, revision string
	archives        []string // an image for each platform
	hub             *fakegithub.Hub
	github          *wire
	registry        *wire
}

// wire is a server, or what stands in for it for a while.
type wire struct {
	*httptest.Server
	behind http.Handler

	mu      sync.Mutex
	instead func(w http.ResponseWriter, r *http.Request) (answered bool) // nil: nothing
}

func newWire(t *testing.T, behind http.Handler) *wire {
	t.Helper()
	w := &wire{behind: behind}
	w.Server = httptest.NewServer(w)
	t.Cleanup(w.Close)
	return w
}

func (s *wire) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !s.stoodIn(w, r) {
		s.behind.ServeHTTP(w, r)
	}
}

func (s *wire) stoodIn(w http.ResponseWriter, r *http.Request) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.instead != nil && s.instead(w, r)
}

func (s *wire) put(instead func(w http.ResponseWriter, r *http.Request) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.instead = instead
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{T: t, clone: t.TempDir()}
	s.git("init", "-q", "-b", "main")
	for _, name := range []string{"action.yml", "actions/version-bump/action.yml", "actions/changelog/action.yml"} {
		file := filepath.Join(s.clone, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(manifest), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range map[string]string{"notes.md": "## Added\n\n- Another.", "sbom.json": "{}", "image.txt": "an image"} {
		if err := os.WriteFile(filepath.Join(s.clone, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	s.git("add", "action.yml", "actions")
	s.git("commit", "-q", "-m", "feat: a first release")
	s.git("tag", "v1.3.0")
	s.git("tag", "v1")
	s.git("commit", "-q", "--allow-empty", "-m", "feat: another")
	s.git("tag", "release/v1.4.0")
	s.revision = s.git("rev-parse", "HEAD")
	bare := filepath.Join(t.TempDir(), "bare.git")
	s.git("clone", "-q", "--bare", ".", bare)
	s.hub = fakegithub.New("slipway-actions/slipway", bare, token)
	s.hub.Immutable = true
	s.github = newWire(t, s.hub)
	t.Cleanup(func() {
		for _, complaint := range s.hub.Complaints() {
			t.Errorf("GitHub's description does not know: %s", complaint)
		}
	})
	for _, platform := range []string{"arm64", "amd64"} {
		s.archives = append(s.archives, s.save(fakeimage.Good(platform, "1.4.0")))
	}
	s.registry = newWire(t, registry.New(registry.Logger(log.New(io.Discard, "", 0))))
	return s
}

func (s *site) git(args ...string) string {
	s.Helper()
	command := exec.Command("git", args...)
	command.Dir = s.clone
	command.Env = append(os.Environ(), "GIT_AUTHOR_NAME=Ada", "GIT_AUTHOR_EMAIL=ada@example.com", "GIT_COMMITTER_NAME=Ada", "GIT_COMMITTER_EMAIL=ada@example.com",
		"GIT_AUTHOR_DATE=2026-11-02T08:00:00Z", "GIT_COMMITTER_DATE=2026-11-02T08:00:00Z")
	text, err := command.CombinedOutput()
	if err != nil {
		s.Fatalf("git %q: %v\n%s", args, err, text)
	}
	return strings.TrimSpace(string(text))
}

// ref is where GitHub has a branch or tag, "" for nowhere.
func (s *site) ref(name string) string {
	s.Helper()
	text, err := exec.Command("git", "-C", s.hub.Dir, "rev-parse", "-q", "--verify", name+"^{commit}").Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}

func (s *site) images() string { return strings.TrimPrefix(s.registry.URL, "http://") + "/slipway" }

// at is what a tag of the registry leads to.
func (s *site) at(tag string) string {
	s.Helper()
	digest, err := releasing.Registry{Repository: s.images()}.Digest(s.Context(), tag)
	if err != nil {
		s.Fatal(err)
	}
	return digest
}

// step runs one step of the command and returns what it says for later ones.
func (s *site) step(ctx context.Context, name string, flags map[string]string) (said map[string]string, err error) {
	args := []string{name}
	for flag, value := range flags {
		args = append(args, "--"+flag, value)
	}
	env := map[string]string{
		"GITHUB_TOKEN": token, "GITHUB_API_URL": s.github.URL, "GITHUB_REPOSITORY": s.hub.Repository,
		"GITHUB_SERVER_URL": "https://github.com", "GITHUB_RUN_ID": "1", "SOURCE_DATE_EPOCH": "1793610000",
	}
	var out, words strings.Builder
	code := run(ctx, s.clone, args, func(name string) string { return env[name] }, &out, &words)
	if strings.Contains(out.String()+words.String(), token) {
		s.Errorf("release %s shows the token: %s%s", name, out.String(), words.String())
	}
	if (code == 0) != (words.Len() == 0) {
		s.Errorf("release %s ends with %d and the words %q", name, code, words.String())
	}
	if code != 0 {
		return nil, errors.New(words.String())
	}
	said = map[string]string{}
	for line := range strings.Lines(out.String()) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		said[key] = value
	}
	return said, nil
}

// save keeps an image as docker save does.
func (s *site) save(b *fakeimage.Built) string {
	s.Helper()
	image, err := b.Image()
	if err != nil {
		s.Fatal(err)
	}
	file := filepath.Join(s.TempDir(), "image.tar")
	if err := tarball.WriteToFile(file, name.MustParseReference("slipway:one"), image); err != nil {
		s.Fatal(err)
	}
	return file
}

// release is a whole release, a step after the other, as the workflow goes through it.
func (s *site) release(ctx context.Context) error {
	candidate := map[string]string{"candidate": "release/v1.4.0", "revision": s.revision, "branches": "main"}
	checked, err := s.step(ctx, "check", candidate)
	if err != nil {
		return err
	}
	var digests []string
	for _, archive := range s.archives {
		pushed, err := s.step(ctx, "image", map[string]string{"archive": archive, "registry": s.images(), "version": checked["version"], "revision": s.revision})
		if err != nil {
			return err
		}
		digests = append(digests, pushed["digest"])
	}
	flags := maps.Clone(candidate)
	flags["registry"], flags["digests"] = s.images(), strings.Join(digests, ",")
	index, err := s.step(ctx, "index", flags)
	if err != nil {
		return err
	}
	flags = maps.Clone(candidate)
	flags["image"] = index["image"]
	committed, err := s.step(ctx, "commit", flags)
	if err != nil {
		return err
	}
	flags["commit"], flags["notes"] = committed["commit"], "notes.md"
	drafted := maps.Clone(flags)
	drafted["files"] = "sbom.json,image.txt"
	if _, err := s.step(ctx, "draft", drafted); err != nil {
		return err
	}
	published, err := s.step(ctx, "publish", flags)
	if err == nil && published["url"] == "" {
		s.Error("nobody learns where the release is")
	}
	return err
}

// released sees that everything of the release is there, once.
func (s *site) released() {
	s.Helper()
	commit := s.ref("refs/tags/v1.4.0")
	if commit == "" || commit == s.revision {
		s.Fatalf("v1.4.0 is on %q", commit)
	}
	for _, name := range []string{"refs/tags/v1", "refs/tags/v1.4", "refs/heads/releases/v1.4.0"} {
		if got := s.ref(name); got != commit {
			s.Errorf("%s is on %q, want %s", name, got, commit)
		}
	}
	if got := s.ref("refs/heads/main"); got != s.revision {
		s.Errorf("main has moved to %s", got)
	}
	digest := s.at("v1.4.0")
	for _, name := range []string{"action.yml", "actions/version-bump/action.yml"} {
		text, err := exec.Command("git", "-C", s.hub.Dir, "show", commit+":"+name).Output()
		if err != nil {
			s.Fatal(err)
		}
		want := strings.Replace(manifest, "../../Dockerfile", "docker://"+s.images()+":v1.4.0@"+digest, 1)
		if string(text) != want {
			s.Errorf("%s is\n%q\nwant\n%q", name, text, want)
		}
	}
	if files := s.hub.Releases[0].Assets; len(files) != 2 {
		s.Errorf("the release has %d files, want 2", len(files))
	}
	if n := len(s.hub.Releases); n != 1 || s.hub.Releases[0].Draft || s.hub.Releases[0].Tag != "v1.4.0" {
		s.Errorf("%d releases: %s", n, s.hub.Text())
	}
}

func (s *site) bare(args ...string) {
	s.Helper()
	if text, err := exec.Command("git", slices.Concat([]string{"-C", s.hub.Dir}, args)...).CombinedOutput(); err != nil {
		s.Fatalf("git %q: %v\n%s", args, err, text)
	}
}

// retag lets a tag of the registry lead to a digest, as somebody with a token could.
func (s *site) retag(digest, tag string) {
	s.Helper()
	reference, err := name.NewDigest(s.images() + "@" + digest)
	if err != nil {
		s.Fatal(err)
	}
	image, err := remote.Image(reference)
	if err != nil {
		s.Fatal(err)
	}
	if err := remote.Tag(reference.Context().Tag(tag), image); err != nil {
		s.Fatal(err)
	}
}

// push brings an image of the same commit to the registry, and returns its digest.
func (s *site) push(b *fakeimage.Built) string {
	s.Helper()
	said, err := s.step(s.Context(), "image", map[string]string{"archive": s.save(b), "registry": s.images(), "version": b.Version, "revision": s.revision})
	if err != nil {
		s.Fatal(err)
	}
	return said["digest"]
}
