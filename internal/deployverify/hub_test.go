package deployverify

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/fakegithub"
	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/runner"
	"github.com/slipway-actions/slipway/internal/verdict"
)

const (
	hubToken     = "ghs_verysecret"
	otherCommit  = "89abcdef0123456789abcdef0123456789abcdef"
	shopAddress  = "https://shop.example/version"
	theRun       = "https://github.com/acme/shop/actions/runs/42"
	repositoryAt = "/repos/acme/shop"
)

// hubWorld is a world around a GitHub that keeps what it is seeded with. The test fails where GitHub's
// description does not know what was asked or answered.
func hubWorld(t *testing.T, seed string) (*fakegithub.Hub, *action.World) {
	t.Helper()
	h := fakegithub.New("acme/shop", "", hubToken)
	h.Now = func() time.Time { return epoch }
	if err := h.Seed([]byte(strings.NewReplacer("$SHA", judgedCommit, "$OTHER", otherCommit).Replace(seed))); err != nil {
		t.Fatal(err)
	}
	address := h.Start()
	t.Cleanup(func() {
		h.Close()
		for _, c := range h.Complaints() {
			t.Error(c)
		}
	})
	client, err := github.New(github.Options{APIURL: address, Token: hubToken, Sleep: func(context.Context, time.Duration) error { return nil }})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	files, err := runner.OpenWorkspace(dir)
	if err != nil {
		t.Fatal(err)
	}
	return h, &action.World{
		GitHub: client, Facts: runner.Facts{Repository: "acme/shop", SHA: judgedCommit, RunID: 42, ServerURL: "https://github.com"}, Dir: filepath.Clean(dir), Files: files,
		Now: func() time.Time { return h.Now() }, Redact: func(s string) string { return strings.ReplaceAll(s, "hunter2", "***") },
	}
}

// faults are the ways in which a request can go wrong, and what is said of it.
var faults = map[string]string{
	"403": "permission|may not write|403", "403-limit": "rate limit", "404": "404", "422": "422", "429": "rate limit", "500": "trouble", "cut": "no answer", "half": "broke off|no answer", "html": "not JSON", "shape": "incomplete|no answer|without|not the status", "none": "not JSON|incomplete|no list",
}

// warnedOnce wants one warning that names a fault, tells what to do, and holds no secret.
func warnedOnce(t *testing.T, name string, found []result.Finding, words string) {
	t.Helper()
	if len(found) != 1 || found[0].Outcome != verdict.Warned || found[0].Next == "" || !regexp.MustCompile(words).MatchString(found[0].Observed) {
		t.Errorf("%s: %+v, want a warning of %s", name, found, words)
	}
	if text := fmt.Sprint(found); strings.Contains(text, hubToken) {
		t.Errorf("%s: the token is in %s", name, text)
	}
}

// hubState is what a hub keeps, as a test reads it.
type hubState struct {
	Issues []struct {
		Number      int
		Title, Body string
		State       string
		Labels      []any
	} `json:"issues"`
	DeploymentStatuses map[string][]struct {
		State, Description string
		Log                string `json:"log_url"`
		Address            string `json:"environment_url"`
	} `json:"deployment_statuses"`
}

func keptBy(t *testing.T, h *fakegithub.Hub) hubState {
	t.Helper()
	var k hubState
	if err := json.Unmarshal([]byte(h.Text()), &k); err != nil {
		t.Fatal(err)
	}
	return k
}

// statuses are a deployment's, oldest first, each as "state: description".
func statuses(t *testing.T, h *fakegithub.Hub, id string) (all []string) {
	t.Helper()
	for _, s := range keptBy(t, h).DeploymentStatuses[id] {
		all = append(all, s.State+": "+s.Description)
	}
	return all
}
