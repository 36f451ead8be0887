package gonogo

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/runner"
)

// identity tells which check run is this very job, which cannot have succeeded yet. GitHub does
// not tell a job its own id.
type identity struct {
	facts runner.Facts
	id    int64 // once found
	why   string
	jobs  problem // why the jobs of the run could not be read
}

// findOwn takes this job's check run out of the newest ones. The jobs of the run are asked for
// only where one of them can be it; why is empty where none can.
func (own *identity) findOwn(ctx context.Context, api checkAPI, all []check) (rest []check, c *check, why string) {
	candidates := slices.DeleteFunc(slices.Clone(all), func(c check) bool {
		return c.Conclusion != "" || strings.HasPrefix(c.ExternalID, "slipway/") || !ofRun(c, own.facts.RunID)
	})
	if len(candidates) == 0 {
		return all, nil, ""
	}
	if own.id == 0 {
		jobs, err := api.Jobs(ctx, own.facts.Repository, own.facts.RunID, max(own.facts.RunAttempt, 1))
		own.jobs = problemOf(err)
		own.id, own.why = recognise(candidates, jobs, err, own.facts)
	}
	for i, c := range all {
		if c.ID == own.id && own.id != 0 && c.Conclusion == "" {
			return slices.Delete(slices.Clone(all), i, i+1), &c, own.why
		}
	}
	return all, nil, own.why
}

// ofRun tells whether a check is a job of a workflow run.
func ofRun(c check, run int64) bool {
	return run != 0 && (c.App == "github-actions" || c.App == "") && strings.Contains(c.URL+"/", fmt.Sprintf("/actions/runs/%d/", run))
}

// recognise finds this job among the unfinished checks of its run: by the machine it runs on, else
// by its name, else as the only one. Where that is not plain it is none, id 0: a check too many is
// an unknown, a check too few could be a false go.
func recognise(candidates []check, jobs []github.Job, err error, facts runner.Facts) (id int64, why string) {
	here := slices.DeleteFunc(slices.Clone(jobs), func(j github.Job) bool {
		return j.Status != "in_progress" || j.RunnerName != facts.RunnerName || facts.RunnerName == ""
	})
	if len(here) == 1 && slices.ContainsFunc(candidates, func(c check) bool { return c.ID == here[0].ID }) {
		return here[0].ID, "it is the job that runs on this runner, " + facts.RunnerName
	}
	because := "the jobs of this run do not tell which one runs here"
	if err != nil {
		because = "the jobs of this run could not be read: " + err.Error()
	}
	named := slices.DeleteFunc(slices.Clone(candidates), func(c check) bool { return !hasJobName(c.Name, facts.Job) })
	switch {
	case len(named) == 1:
		return named[0].ID, "it is the only unfinished job of this run named " + facts.Job + " (" + because + ")"
	case len(candidates) == 1:
		return candidates[0].ID, "it is the only unfinished job of this run (" + because + ")"
	}
	return 0, fmt.Sprintf("%d unfinished checks belong to this run, and %s", len(candidates), because)
}

// hasJobName tells whether a check has the name that a job gets by default: its key, with the
// values of a matrix behind it or the names of calling workflows before it.
func hasJobName(name, job string) bool {
	return job != "" && (name == job || strings.HasSuffix(name, " / "+job) || strings.HasPrefix(name, job+" ("))
}
