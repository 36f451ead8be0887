package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/fakeimage"
)

func TestRehearsal(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	if err := s.release(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.released()
	before := s.hub.Text() + s.ref("refs/tags/v1.4.0")
	if err := s.release(t.Context()); err != nil {
		t.Fatalf("once more: %v", err)
	}
	s.released()
	if after := s.hub.Text() + s.ref("refs/tags/v1.4.0"); after != before {
		t.Errorf("the second run changed something:\n%s\nbefore:\n%s", after, before)
	}
}

// What stops a release leaves nothing of it published.
func TestStopped(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		spoil func(*site)
		want  string
	}{
		"the registry is down":              {func(s *site) { s.registry.Close() }, "can't be reached"},
		"the candidate was moved":           {func(s *site) { s.git("commit", "-q", "--allow-empty", "-m", "x"); s.git("tag", "-f", "release/v1.4.0") }, "somebody has moved it"},
		"the candidate was moved at GitHub": {func(s *site) { s.bare("tag", "-f", "release/v1.4.0", "v1.3.0") }, "somebody has moved it"},
		"the candidate was taken back":      {func(s *site) { s.bare("tag", "-d", "release/v1.4.0") }, "is gone"},
		"the version is no next one":        {func(s *site) { s.git("tag", "v1.4.1") }, "v1.4.1 was released before v1.4.0"},
		"the candidate is on no main":       {func(s *site) { s.git("checkout", "-q", "-b", "other"); s.git("branch", "-f", "main", "v1.3.0") }, "on none of the branches"},
		"the image's tag is taken": {func(s *site) {
			s.retag(s.push(fakeimage.Good("amd64", "1.4.0")), "v1.4.0")
		}, "is not moved"},
		"releases can be changed": {func(s *site) { s.hub.Immutable = false }, "Turn on release immutability"},
		"the branch is taken":     {func(s *site) { s.bare("branch", "releases/v1.4.0", "v1.3.0") }, "is not this release's commit"},
		"the tag is taken":        {func(s *site) { s.bare("tag", "v1.4.0", "v1.3.0") }, "v1.4.0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			floating := s.ref("refs/tags/v1")
			test.spoil(s)
			err := s.release(t.Context())
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

// A digest that is not the registry's stops everything, at each step that would go by it.
func TestDigestMismatch(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	if err := s.release(t.Context()); err != nil {
		t.Fatal(err)
	}
	commit, image := s.ref("refs/tags/v1.4.0"), s.images()+":v1.4.0@"+s.at("v1.4.0")
	other := fakeimage.Good("amd64", "1.4.0")
	other.Layers[0]["usr/bin/git"] = fakeimage.Entry{Text: "another", Mode: 0o755}
	s.retag(s.push(other), "v1.4.0")
	flags := map[string]string{"candidate": "release/v1.4.0", "revision": s.revision, "branches": "main", "image": image, "commit": commit, "notes": "notes.md"}
	for _, step := range []string{"commit", "draft", "publish"} {
		if _, err := s.step(t.Context(), step, flags); err == nil || !strings.Contains(err.Error(), "digest mismatch") {
			t.Errorf("%s: the error is %v", step, err)
		}
	}
	flags["image"] = strings.Replace(image, ":v1.4.0@", ":v9.9.9@", 1)
	if _, err := s.step(t.Context(), "commit", flags); err == nil || !strings.Contains(err.Error(), "the image's tag is v9.9.9; wanted: v1.4.0") {
		t.Errorf("the error is %v", err)
	}
}

// A commit with anything but the image's name in it is not the release's, whoever made it.
func TestAnotherCommit(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	if err := s.release(t.Context()); err != nil {
		t.Fatal(err)
	}
	flags := map[string]string{
		"candidate": "release/v1.4.0", "revision": s.revision, "branches": "main", "image": s.images() + ":v1.4.0@" + s.at("v1.4.0"), "notes": "notes.md",
	}
	for name, commit := range map[string]string{"the candidate itself": s.revision, "nothing that is there": strings.Repeat("0", 40)} {
		flags["commit"] = commit
		if _, err := s.step(t.Context(), "publish", flags); err == nil || !strings.Contains(err.Error(), commit) {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}

// An image that can't be pulled without logging in is of no use to anybody.
func TestPackageNotPublic(t *testing.T) {
	s := newSite(t)
	s.registry.put(func(w http.ResponseWriter, r *http.Request) bool {
		if user, password, _ := r.BasicAuth(); user == "ada" && password == "secret" {
			return false
		}
		w.Header().Set("WWW-Authenticate", "Basic")
		w.WriteHeader(http.StatusUnauthorized)
		return true
	})
	home := t.TempDir()
	t.Setenv("DOCKER_CONFIG", home)
	login := fmt.Sprintf(`{"auths":{%q:{"username":"ada","password":"secret"}}}`, strings.TrimPrefix(s.registry.URL, "http://"))
	if err := os.WriteFile(filepath.Join(home, "config.json"), []byte(login), 0o600); err != nil {
		t.Fatal(err)
	}
	err := s.release(t.Context())
	if err == nil || !strings.Contains(err.Error(), "can't be pulled without logging in") || !strings.Contains(err.Error(), "Make the package public") {
		t.Errorf("the error is %v", err)
	}
	if s.ref("refs/heads/releases/v1.4.0") != "" || len(s.hub.Releases) > 0 {
		t.Error("something was written")
	}
}

// The command tells a caller who is wrong what is wrong, and does nothing.
func TestUsage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, test := range []struct{ args, want string }{
		{"", "usage: release <step> [flags]"},
		{"ship", "publish  tag, publish the release"},
		{"check", "release check: --candidate is missing: tag that started the release"},
		{"check --candidate release/v1.4.0 --revision x y", `release check: "y" is no flag`},
		{"check --colour red", "flag provided but not defined: -colour"},
	} {
		var out, words strings.Builder
		if code := run(t.Context(), s.clone, strings.Fields(test.args), func(string) string { return "" }, &out, &words); code != 2 || !strings.Contains(words.String(), test.want) || out.Len() > 0 {
			t.Errorf("release %s ends with %d: %s%s", test.args, code, out.String(), words.String())
		}
	}
	for _, test := range []struct{ step, flag, value, want string }{
		{"check", "candidate", "v1.4.0", "starts no release"},
		{"check", "revision", "main", "is no commit id"},
		{"check", "branches", "other", "the branch other"},
		{"image", "archive", "gone.tar", "gone.tar"},
		{"image", "archive", "notes.md", "is no image of docker save"},
		{"image", "created", "yesterday", "seconds since 1970"},
		{"commit", "image", "slipway:latest", "names no image"},
		{"draft", "notes", "gone.md", "gone.md"},
		{"commit", "repository", "", "GITHUB_REPOSITORY have to be set"},
	} {
		flags := map[string]string{"candidate": "release/v1.4.0", "revision": s.revision, "branches": "main"}
		switch test.step {
		case "image":
			flags = map[string]string{"archive": s.archives[0], "registry": s.images(), "version": "1.4.0", "revision": s.revision}
		case "commit", "draft":
			flags["image"], flags["commit"], flags["notes"] = "ghcr.io/a/b:v1.4.0@sha256:"+strings.Repeat("0", 64), s.revision, "notes.md"
		}
		flags[test.flag] = test.value
		if _, err := s.step(t.Context(), test.step, flags); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s with --%s=%s: the error is %v", test.step, test.flag, test.value, err)
		}
	}
}
