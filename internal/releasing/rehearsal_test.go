package releasing_test

import (
	"context"
	"io"
	"log"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"github.com/slipway-actions/slipway/internal/fakegithub"
	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/gitrepo"
	"github.com/slipway-actions/slipway/internal/releasing"
)

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
	hub             *fakegithub.Hub
	client          *github.Client
	registry        *httptest.Server
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
	s.git("add", ".")
	s.git("commit", "-q", "-m", "feat: a first release")
	s.git("tag", "v1.3.0")
	s.git("tag", "v1")
	s.git("commit", "-q", "--allow-empty", "-m", "feat: another")
	s.git("tag", "release/v1.4.0")
	s.revision = s.git("rev-parse", "HEAD")
	bare := filepath.Join(t.TempDir(), "bare.git")
	s.git("clone", "-q", "--bare", ".", bare)
	s.hub = fakegithub.New("slipway-actions/slipway", bare, "token")
	s.hub.Immutable = true
	address := s.hub.Start()
	t.Cleanup(func() {
		s.hub.Close()
		for _, complaint := range s.hub.Complaints() {
			t.Errorf("GitHub's description does not know: %s", complaint)
		}
	})
	s.registry = httptest.NewServer(registry.New(registry.Logger(log.New(io.Discard, "", 0))))
	t.Cleanup(s.registry.Close)
	var err error
	s.client, err = github.New(github.Options{APIURL: address, Token: "token", UserAgent: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *site) git(args ...string) string {
	s.Helper()
	command := exec.Command("git", args...)
	command.Dir = s.clone
	command.Env = append(os.Environ(), "GIT_AUTHOR_NAME=Ada", "GIT_AUTHOR_EMAIL=ada@example.com", "GIT_COMMITTER_NAME=Ada", "GIT_COMMITTER_EMAIL=ada@example.com")
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

func (s *site) images() releasing.Registry {
	return releasing.Registry{Repository: strings.TrimPrefix(s.registry.URL, "http://") + "/slipway"}
}

// run is a whole release, a step after the other, as the workflow goes through it.
func (s *site) run(ctx context.Context) error {
	repo, err := gitrepo.Open(ctx, s.clone, "")
	if err != nil {
		return err
	}
	candidate, err := releasing.ReadCandidate(ctx, repo, "release/v1.4.0", s.revision, []string{"main"})
	if err != nil {
		return err
	}
	of := source
	of.Revision = s.revision
	var digests []string
	for _, architecture := range []string{"arm64", "amd64"} {
		image, err := releasing.Canonical(good(architecture).image(s.T), of)
		if err != nil {
			return err
		}
		digest, err := s.images().Push(ctx, image)
		if err != nil {
			return err
		}
		digests = append(digests, digest)
	}
	digest, err := s.images().Tag(ctx, candidate.Tag(), of, digests)
	if err != nil {
		return err
	}
	release := releasing.Release{
		Candidate: candidate, GitHub: s.client, Repository: s.hub.Repository, RunURL: "https://github.com/slipway-actions/slipway/actions/runs/1",
		Registry: s.images(), Pin: releasing.Pin{Repository: s.images().Repository, Tag: candidate.Tag(), Digest: digest},
		Manifests: []string{"action.yml", "actions/changelog/action.yml", "actions/version-bump/action.yml"},
	}
	commit, err := release.Commit(ctx)
	if err != nil {
		return err
	}
	if _, err := release.Draft(ctx, commit, "## Added\n\n- Another.", map[string][]byte{"sbom.json": []byte("{}"), "digest.txt": []byte(digest)}); err != nil {
		return err
	}
	_, err = release.Publish(ctx, commit, "## Added\n\n- Another.")
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
	digest, err := s.images().Digest(s.Context(), "v1.4.0")
	if err != nil {
		s.Fatal(err)
	}
	for _, name := range []string{"action.yml", "actions/version-bump/action.yml"} {
		text, err := exec.Command("git", "-C", s.hub.Dir, "show", commit+":"+name).Output()
		if err != nil {
			s.Fatal(err)
		}
		want := strings.Replace(manifest, "../../Dockerfile", "docker://"+s.images().Repository+":v1.4.0@"+digest, 1)
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

func TestRehearsal(t *testing.T) {
	s := newSite(t)
	if err := s.run(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.released()
	before := s.hub.Text() + s.ref("refs/tags/v1.4.0")
	if err := s.run(t.Context()); err != nil {
		t.Fatalf("once more: %v", err)
	}
	s.released()
	if after := s.hub.Text() + s.ref("refs/tags/v1.4.0"); after != before {
		t.Errorf("the second run changed something:\n%s\nbefore:\n%s", after, before)
	}
}

// What stops a release leaves nothing of it published.
func TestStopped(t *testing.T) {
	for name, test := range map[string]struct {
		spoil func(*site)
		want  string
	}{
		"the registry is down":        {func(s *site) { s.registry.Close() }, "can't be reached"},
		"the candidate was moved":     {func(s *site) { s.git("commit", "-q", "--allow-empty", "-m", "x"); s.git("tag", "-f", "release/v1.4.0") }, "somebody has moved it"},
		"the version is no next one":  {func(s *site) { s.git("tag", "v1.4.1") }, "v1.4.1 was released before v1.4.0"},
		"the candidate is on no main": {func(s *site) { s.git("checkout", "-q", "-b", "other"); s.git("branch", "-f", "main", "v1.3.0") }, "on none of the branches"},
		"the image's tag is taken": {func(s *site) {
			of := source
			other, err := releasing.Canonical(good("amd64").image(s.T), of)
			if err != nil {
				s.Fatal(err)
			}
			digest, err := s.images().Push(s.Context(), other)
			if err != nil {
				s.Fatal(err)
			}
			s.retag(digest, "v1.4.0")
		}, "is not moved"},
		"releases can be changed": {func(s *site) { s.hub.Immutable = false }, "Turn on release immutability"},
		"the branch is taken":     {func(s *site) { s.bare("branch", "releases/v1.4.0", "v1.3.0") }, "is not this release's commit"},
		"the tag is taken":        {func(s *site) { s.bare("tag", "v1.4.0", "v1.3.0") }, "v1.4.0"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			floating := s.ref("refs/tags/v1")
			test.spoil(s)
			err := s.run(t.Context())
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("the error is %v, want one with %q", err, test.want)
			}
			if got := s.ref("refs/tags/v1"); got != floating {
				t.Errorf("v1 moved to %s", got)
			}
			for _, one := range s.hub.Releases {
				if !one.Draft && s.hub.Immutable {
					t.Errorf("%s was published", one.Tag)
				}
			}
		})
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
	reference, err := name.NewDigest(s.images().Repository + "@" + digest)
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

// A digest that is not the registry's stops everything, at each step that would go by it.
func TestDigestMismatch(t *testing.T) {
	s := newSite(t)
	if err := s.run(t.Context()); err != nil {
		t.Fatal(err)
	}
	other := good("amd64")
	of := source
	other.layers[0]["usr/bin/git"] = entry{text: "another", mode: 0o755}
	image, err := releasing.Canonical(other.image(t), of)
	if err != nil {
		t.Fatal(err)
	}
	digest, err := s.images().Push(t.Context(), image)
	if err != nil {
		t.Fatal(err)
	}
	there, err := s.images().Digest(t.Context(), "v1.4.0")
	if err != nil {
		t.Fatal(err)
	}
	pin := releasing.Pin{Repository: s.images().Repository, Tag: "v1.4.0", Digest: there}
	s.retag(digest, "v1.4.0")
	if err := s.images().Confirm(t.Context(), pin); err == nil || !strings.Contains(err.Error(), "digest mismatch") {
		t.Errorf("the error is %v", err)
	}
	if err := s.images().Confirm(t.Context(), releasing.Pin{Repository: pin.Repository, Tag: "v9.9.9", Digest: there}); err == nil || !strings.Contains(err.Error(), "no tag v9.9.9") {
		t.Errorf("the error is %v", err)
	}
}
