package versionbump

import (
	"context"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/publish"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/semver"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// publishing is what is to be written at GitHub.
type publishing struct {
	push, float bool
	dispatch    string // file name of a workflow; ""
	hub         publish.Hub
	ownToken    bool // pushing with it may start no workflow
}

var workflowFile = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]*\.ya?ml$`)

// readPublishing reads the inputs of tags; what is wrong with them is for the inputs' Err.
func readPublishing(in *action.Inputs, w *action.World) publishing {
	p := publishing{
		push: in.Bool("push-tag"), float: in.Bool("floating-tags"),
		dispatch: strings.TrimPrefix(in.Text("dispatch"), ".github/workflows/"),
		hub:      publish.Hub{GitHub: w.GitHub, Repository: w.Facts.Repository, RunURL: w.Facts.RunURL(), DryRun: w.DryRun},
		ownToken: w.GitHub.JobToken(),
	}
	if p.dispatch != "" && !workflowFile.MatchString(path.Clean(p.dispatch)) {
		in.Refuse("dispatch", p.dispatch, "allowed: the file name of a workflow in .github/workflows, such as release.yml")
	} else if p.dispatch != "" && !p.push {
		in.Refuse("dispatch", p.dispatch, "a workflow is started for the tag that push-tag pushes; set push-tag: true too")
	}
	for _, one := range []struct {
		name string
		set  bool
	}{{"push-tag", p.push}, {"floating-tags", p.float}} {
		if one.set {
			if why := w.CannotPublish(); why != "" {
				in.Refuse(one.name, "true", why)
			}
		}
	}
	return p
}

// run publishes what was decided, and adds to the outcome what became of it.
func (p publishing) run(ctx context.Context, e evidence, d decision, head string, o action.Outcome) action.Outcome {
	if !p.push && !p.float {
		return o
	}
	if o.Verdict != verdict.Pass {
		return published(o, []result.Finding{publish.Skip("tag", "nothing is tagged: the version is not certain")}, "")
	}
	v := d.version
	if !d.changed {
		if e.latest == nil || e.latest.SHA != head {
			return published(o, []result.Finding{publish.Skip("tag", "nothing is tagged: there is nothing to release")}, "")
		}
		v = e.latest.Version // a release that may have died half-way
	}
	t := publish.Tag{Name: e.line.prefix + v.String(), Commit: head, Why: d.reason}
	var tagged publish.Tagged
	if p.push && d.changed {
		tagged = p.hub.PushTag(ctx, t)
	} else {
		tagged = p.hub.FindTag(ctx, t)
		if p.push && tagged.Finding.Outcome == verdict.Warned { // in the clone alone: what was asked for is not there
			tagged.Finding.Outcome = verdict.Undecided
		}
	}
	findings := []result.Finding{tagged.Finding}
	switch {
	case p.float && (tagged.OK || p.hub.DryRun):
		ignored := func(tag string) bool { _, yes := e.types.Ignores(tag); return yes }
		findings = append(findings, p.hub.FloatTags(ctx, e.line.prefix, v, head, versions(e.releases), ignored))
	case p.float:
		findings = append(findings, publish.Skip("floating-tags", "they follow a tag that is there, and "+t.Name+" is not"))
	}
	if p.dispatch != "" && d.changed {
		findings = append(findings, p.hub.Dispatch(ctx, p.dispatch, tagged, t.Name))
	}
	if doc, ok := o.Data.(data); ok && p.push && d.changed {
		findings = append(findings, unlanded(t.Name, doc.Files)...)
	}
	note := ""
	if tagged.Pushed && p.dispatch == "" && p.ownToken {
		note = "If github-token is the job's own, GitHub starts no workflow for the tag " + t.Name + ". Name one in the input dispatch, or pass the token of a GitHub App."
	}
	return published(o, findings, note)
}

// unlanded is the warning that a tagged commit does not hold the files with its version.
func unlanded(tag string, files []fileData) []result.Finding {
	var paths []string
	for _, f := range files {
		if f.Changed {
			paths = append(paths, f.Path)
		}
	}
	if len(paths) == 0 {
		return nil
	}
	return []result.Finding{{
		ID: "tagged-files", Outcome: verdict.Warned, Title: "Version files and the tag",
		Observed: fmt.Sprintf("%s leads to a commit in which the version is still another in %s; they were written in the workspace alone", tag, listOrNothing(paths)),
		Next:     "If they belong into the repository, leave push-tag out and let changelog land them: land: commit and release: publish tag the commit that holds them.",
	}}
}

func versions(releases []semver.Release) []*semver.Version {
	var all []*semver.Version
	for _, r := range releases {
		all = append(all, r.Version)
	}
	return all
}

// published adds what was written to an outcome.
func published(o action.Outcome, findings []result.Finding, note string) action.Outcome {
	o.Findings = append(slices.Clip(o.Findings), findings...)
	o.Verdict = result.VerdictOf(o.Findings)
	said := publish.Trouble(findings)
	if said == "" && findings[0].Outcome == verdict.Passed {
		said = findings[0].Observed
	}
	if said != "" {
		o.Sentence = strings.TrimSuffix(o.Sentence, ".") + "; " + said + "."
	}
	o.Page = slices.Insert(slices.Clone(o.Page), min(1, len(o.Page)), publish.Page(findings, note)...) // behind the answer, before the lists
	return o
}
