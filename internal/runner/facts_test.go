package runner_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/slipway-actions/slipway/internal/runner"
)

func facts(t *testing.T, environ map[string]string, event string) (runner.Facts, error) {
	t.Helper()
	if event != "" {
		environ["GITHUB_EVENT_PATH"] = filepath.Join(t.TempDir(), "event.json")
		if err := os.WriteFile(environ["GITHUB_EVENT_PATH"], []byte(event), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return runner.ReadFacts(func(name string) string { return environ[name] })
}

func TestFacts(t *testing.T) {
	got, err := facts(t, map[string]string{
		"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "acme/shop", "GITHUB_SHA": "abc", "GITHUB_REF": "refs/pull/7/merge", "GITHUB_REF_NAME": "7/merge",
		"GITHUB_BASE_REF": "main", "GITHUB_HEAD_REF": "change", "GITHUB_EVENT_NAME": "pull_request", "GITHUB_ACTOR": "ada", "GITHUB_JOB": "gate", "GITHUB_RUN_ID": "42",
		"GITHUB_RUN_ATTEMPT": "2", "RUNNER_NAME": "r1", "GITHUB_SERVER_URL": "https://ghe.example/", "GITHUB_API_URL": "https://ghe.example/api/v3", "GITHUB_WORKSPACE": "/w",
	}, `{"pull_request":{"number":7,"head":{"sha":"def"}}}`)
	want := runner.Facts{
		Actions: true, Repository: "acme/shop", SHA: "abc", Ref: "refs/pull/7/merge", RefName: "7/merge", BaseRef: "main", HeadRef: "change", HeadSHA: "def", Pull: 7,
		EventName: "pull_request", Actor: "ada", Job: "gate", RunID: 42, RunAttempt: 2, RunnerName: "r1", ServerURL: "https://ghe.example", APIURL: "https://ghe.example/api/v3", Workspace: "/w",
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v; -want +got\n%s", err, diff)
	}
	if got := got.RunURL(); got != "https://ghe.example/acme/shop/actions/runs/42" {
		t.Errorf("the run's page is %s", got)
	}
}

// A merge queue tests changes before they are merged: what they are held to is the branch they go to.
func TestMergeGroup(t *testing.T) {
	f, err := facts(t, map[string]string{"GITHUB_EVENT_NAME": "merge_group", "GITHUB_REF": "refs/heads/gh-readonly-queue/main/pr-7-abc", "GITHUB_WORKSPACE": "/w"}, `{"merge_group":{"base_ref":"refs/heads/main"}}`)
	if err != nil || f.BaseRef != "main" || f.Pull != 0 {
		t.Errorf("%+v, %v", f, err)
	}
}

// A review's run has the pull request's files and none of its variables; it is held to the target branch all the same.
func TestReview(t *testing.T) {
	f, err := facts(t, map[string]string{"GITHUB_EVENT_NAME": "pull_request_review", "GITHUB_REF": "refs/pull/7/merge", "GITHUB_WORKSPACE": "/w"}, `{"pull_request":{"number":7,"head":{"sha":"def"},"base":{"ref":"main"}}}`)
	if err != nil || f.BaseRef != "main" || f.Pull != 7 || f.HeadSHA != "def" {
		t.Errorf("%+v, %v", f, err)
	}
}

func TestOddEvents(t *testing.T) {
	for _, event := range []string{"{}", `{"pull_request":null}`, `{"pull_request":"x"}`, `{"pull_request":{"head":{"sha":7}}}`, `{"pull_request":{"head":[]}}`, `{"pull_request":{"base":{"ref":7}}}`, `{"pull_request":{"base":[]}}`} {
		if f, err := facts(t, map[string]string{"GITHUB_WORKSPACE": "/w"}, event); err != nil || f.HeadSHA != "" {
			t.Errorf("%s: %q, %v", event, f.HeadSHA, err)
		}
	}
	for _, event := range []string{"{", "[]", "nonsense"} {
		if _, err := facts(t, map[string]string{"GITHUB_WORKSPACE": "/w"}, event); err == nil || !strings.Contains(err.Error(), "read the runner's environment") {
			t.Errorf("%s: %v", event, err)
		}
	}
}

func TestMissingVariables(t *testing.T) {
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	f, err := facts(t, map[string]string{}, "")
	if err != nil || f.Workspace != here || f.Actions || f.RunURL() != "" {
		t.Errorf("on a laptop: %+v, %v", f, err)
	}
	if _, err := facts(t, map[string]string{"GITHUB_ACTIONS": "true"}, ""); err == nil || !strings.Contains(err.Error(), "GITHUB_WORKSPACE is not set") {
		t.Errorf("in a workflow: %v", err)
	}
	if _, err := facts(t, map[string]string{"GITHUB_RUN_ID": "x", "GITHUB_WORKSPACE": "/w"}, ""); err == nil {
		t.Error("a run id that is no number was read")
	}
	if _, err := facts(t, map[string]string{"GITHUB_EVENT_PATH": "/nonexistent", "GITHUB_WORKSPACE": "/w"}, ""); err != nil {
		t.Errorf("without an event's file: %v", err)
	}
}
