// Package runner is GitHub's runner as an action meets it: the facts in its environment, the
// commands and files it reads back, and the workspace it mounts. Commands are issued with
// sethvargo/go-githubactions; what that package leaves open to hostile text is closed here.
package runner

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/sethvargo/go-githubactions"
)

// Facts is what the environment says about a run. On a laptop most of it is empty.
type Facts struct {
	Actions    bool   // GITHUB_ACTIONS=true: outputs and commands are read by a runner
	Repository string // owner/name
	SHA        string // the commit that started the run; for a pull request, its merge commit
	Ref        string // refs/heads/main, refs/tags/v1.4.0, refs/pull/7/merge
	RefName    string // short name of Ref
	BaseRef    string // target branch of a pull request or a merge queue, else ""
	HeadRef    string // source branch of a pull request, else ""
	HeadSHA    string // newest commit of the pull request, else ""
	Pull       int    // number of the pull request, else 0
	EventName  string
	Actor      string
	Job        string // key of the job in its workflow
	RunID      int64
	RunAttempt int64
	RunnerName string // of the machine, which tells this job from others of the run
	ServerURL  string // https://github.com, without a trailing slash
	APIURL     string
	Workspace  string // absolute folder
	ToolCache  string // absolute folder for what outlives a job on this machine, else ""
}

// ReadFacts reads the environment and the event's payload.
func ReadFacts(getenv func(string) string) (Facts, error) {
	c, err := githubactions.New(githubactions.WithGetenv(getenv)).Context()
	if err != nil {
		return Facts{}, fmt.Errorf("read the runner's environment: %w", err)
	}
	f := Facts{
		Actions: c.Actions, Repository: c.Repository, SHA: c.SHA, Ref: c.Ref, RefName: c.RefName,
		BaseRef: c.BaseRef, HeadRef: c.HeadRef, EventName: c.EventName, Actor: c.Actor, Job: c.Job,
		RunID: c.RunID, RunAttempt: c.RunAttempt, RunnerName: getenv("RUNNER_NAME"),
		ServerURL: strings.TrimRight(c.ServerURL, "/"), APIURL: c.APIURL, Workspace: c.Workspace, ToolCache: getenv("RUNNER_TOOL_CACHE"),
	}
	if pull, ok := c.Event["pull_request"].(map[string]any); ok {
		if number, ok := pull["number"].(float64); ok {
			f.Pull = int(number)
		}
		if head, ok := pull["head"].(map[string]any); ok {
			f.HeadSHA, _ = head["sha"].(string)
		}
		// A review runs what a pull request would be merged as, and yet the environment names no base.
		if base, ok := pull["base"].(map[string]any); ok && f.BaseRef == "" {
			f.BaseRef, _ = base["ref"].(string)
		}
	}
	if group, ok := c.Event["merge_group"].(map[string]any); ok && f.BaseRef == "" {
		base, _ := group["base_ref"].(string)
		f.BaseRef = strings.TrimPrefix(base, "refs/heads/")
	}
	if rest, ok := strings.CutPrefix(f.Ref, "refs/pull/"); ok && f.Pull == 0 {
		number, _, _ := strings.Cut(rest, "/")
		f.Pull, _ = strconv.Atoi(number)
	}
	if f.Workspace == "" {
		if f.Actions {
			return Facts{}, errors.New("GITHUB_WORKSPACE is not set; a runner always sets it")
		}
		if f.Workspace, err = os.Getwd(); err != nil {
			return Facts{}, fmt.Errorf("find the current folder: %w", err)
		}
	}
	return f, nil
}

// RunURL is the page of this run, "" outside a workflow.
func (f Facts) RunURL() string {
	if f.RunID == 0 || f.Repository == "" {
		return ""
	}
	return fmt.Sprintf("%s/%s/actions/runs/%d", f.ServerURL, f.Repository, f.RunID)
}
