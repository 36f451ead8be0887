package changelog

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/gitrepo"
	"github.com/slipway-actions/slipway/internal/publish"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/semver"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// publishing is what is to be written at GitHub.
type publishing struct {
	release  string // none, draft, publish
	land     string // none, commit, pull-request
	branch   string // that is landed on
	hub      publish.Hub
	ownToken bool // a tag pushed with it may start no workflow
}

// readPublishing reads the inputs of releases; what is wrong with them is for the inputs' Err.
func readPublishing(ctx context.Context, in *action.Inputs, w *action.World) publishing {
	p := publishing{
		release: in.OneOf("release", "none", "draft", "publish"), land: in.OneOf("land", "none", "commit", "pull-request"),
		hub:      publish.Hub{GitHub: w.GitHub, Repository: w.Facts.Repository, RunURL: w.Facts.RunURL(), DryRun: w.DryRun},
		ownToken: w.GitHub.JobToken(),
	}
	why := w.CannotPublish()
	for _, one := range [][2]string{{"release", p.release}, {"land", p.land}} {
		if one[1] != "none" && one[1] != "" && why != "" {
			in.Refuse(one[0], one[1], why)
		}
	}
	if p.lands() && why == "" {
		switch p.branch = w.Branch(ctx); {
		case w.Facts.Ref != "" && !strings.HasPrefix(w.Facts.Ref, "refs/heads/"):
			in.Refuse("land", p.land, w.Facts.Ref+" is no branch, and there is nowhere to land. Set it in workflows that run on a branch")
		case p.branch == "":
			in.Refuse("land", p.land, "no branch is checked out, and there is nowhere to land")
		}
	}
	return p
}

func (p publishing) lands() bool    { return p.land == "commit" || p.land == "pull-request" }
func (p publishing) releases() bool { return p.release == "draft" || p.release == "publish" }

// made is what was published, for outputs and findings.
type made struct {
	findings                    []result.Finding
	releaseURL, commit, request string
	note                        string
}

// run lands, tags and releases, in this order, and adds to the outcome what became of it. Each step
// waits for the one before.
func (p publishing) run(ctx context.Context, w *action.World, repo *gitrepo.Repo, e evidence, d decision, o action.Outcome) (action.Outcome, error) {
	if !p.lands() && !p.releases() {
		return o, nil
	}
	if o.Verdict != verdict.Pass {
		return made{findings: []result.Finding{publish.Skip("release", "nothing is published: the notes are not certain")}}.in(o), nil
	}
	if d.notes.version == nil {
		return o, action.Wrong("input %s is set, but there is no version to publish: give the input version, or run on a commit with a release tag", p.first())
	}
	judged, err := repo.Resolve(ctx, e.to)
	if err != nil {
		return o, wrongRevision("to", e.to, err)
	}
	if p.lands() && judged != repo.Head {
		return o, action.Wrong("input land is %q, but to is %q: only what is checked out can be landed. Leave to out", p.land, e.to)
	}
	tags, err := repo.Tags(ctx, judged)
	if err != nil {
		return o, err
	}
	r := p.plan(e, d, judged, tags)
	m, ready, err := p.landing(ctx, w, repo, e, d, &r)
	if err != nil {
		return o, err
	}
	if p.releases() && !ready {
		m.findings = append(m.findings, publish.Skip("release", r.Tag+" is not released before all is landed"))
	} else if p.releases() {
		p.publish(ctx, &m, r)
	}
	return m.in(o), nil
}

func (p publishing) first() string {
	if p.lands() {
		return "land"
	}
	return "release"
}

// planned is a release and the places of its tag.
type planned struct {
	publish.Release
	judged string
	tagAt  string // where the history has the tag, "" where it has none
	prefix string
}

func (p publishing) plan(e evidence, d decision, judged string, tags []gitrepo.Tag) planned {
	n := d.notes
	r := planned{judged: judged, prefix: e.prefix, Release: publish.Release{
		Tag: n.tag, Version: n.version, Commit: judged, Notes: d.body, Draft: p.release == "draft",
	}}
	for _, t := range tags {
		_, ignored := e.policy.Ignores(t.Name)
		if v, ok := semver.ParseTag(t.Name, e.prefix); ok && !ignored {
			r.Known = append(r.Known, v)
		}
		if t.Name == n.tag && t.Reachable { // elsewhere it is another release
			r.tagAt, r.Commit = t.SHA, t.SHA
		}
	}
	r.Link = e.links.compare(n.release)
	return r
}

// landing lands what is to land; ready tells that nothing is left to wait for.
func (p publishing) landing(ctx context.Context, w *action.World, repo *gitrepo.Repo, e evidence, d decision, r *planned) (m made, ready bool, err error) {
	if !p.lands() {
		return m, true, nil
	}
	files, findings, err := toLand(ctx, w, repo, e, d)
	m.findings = findings
	if err != nil || result.VerdictOf(append(findings, result.Finding{Outcome: verdict.Passed})) != verdict.Pass {
		return m, false, err
	}
	tree, err := repo.Tree(ctx, r.judged)
	if err != nil {
		return m, false, err
	}
	l := publish.Landing{Branch: p.branch, Commit: r.judged, Tree: tree, Tag: r.Tag, TagAt: r.tagAt, Files: files, Notes: d.body, Link: r.Link}
	if p.land == "pull-request" {
		pulled := p.hub.LandPull(ctx, l, r.prefix)
		m.request = pulled.Number
		m.findings = append(m.findings, pulled.Finding)
		return m, pulled.OK, nil
	}
	landed := p.hub.LandCommit(ctx, l)
	m.commit = landed.Commit
	m.findings = append(m.findings, landed.Finding)
	if landed.Commit != "" {
		r.Commit = landed.Commit
		if file, err := filepath.Rel(repo.Root, filepath.Join(w.Files.Dir, e.file)); err == nil && e.file != "" && e.links.repository != "" {
			r.Link = e.links.repository + "/blob/" + r.Tag + "/" + filepath.ToSlash(file)
		}
	}
	return m, landed.OK || p.hub.DryRun, nil
}

// publish tags, where a release is to be public, and makes the release. A draft has no tag yet; one that
// is there must be its own all the same.
func (p publishing) publish(ctx context.Context, m *made, r planned) {
	t := publish.Tag{Name: r.Tag, Commit: r.Commit, Also: []string{r.judged, r.tagAt}, Why: "Released with its notes."}
	if r.Draft {
		tagged := p.hub.FindTag(ctx, t)
		if tagged.Outcome == verdict.Failed || tagged.Outcome == verdict.Undecided {
			m.findings = append(m.findings, tagged.Finding, publish.Skip("release", r.Tag+" is not drafted, for its tag is not its own or cannot be looked at"))
			return
		}
	} else {
		tagged := p.hub.PushTag(ctx, t)
		m.findings = append(m.findings, tagged.Finding)
		switch {
		case !tagged.OK && !p.hub.DryRun:
			m.findings = append(m.findings, publish.Skip("release", r.Tag+" is not released without its tag"))
			return
		case tagged.OK && m.commit != "" && tagged.Commit != m.commit:
			m.note = fmt.Sprintf("The tag %s is on %.7s; what landed as %.7s came after it. To have it in the release, leave push-tag out and let release: publish tag.", r.Tag, tagged.Commit, m.commit)
		case tagged.Pushed && p.ownToken:
			m.note = "If github-token is the job's own, GitHub starts no workflow for the tag " + r.Tag + " or the release. Pass the token of a GitHub App to have them started."
		}
	}
	released := p.hub.Release(ctx, r.Release)
	m.releaseURL = released.URL
	m.findings = append(m.findings, released.Finding)
}

// in adds what was published to an outcome.
func (m made) in(o action.Outcome) action.Outcome {
	o.Findings = append(slices.Clip(o.Findings), m.findings...)
	o.Verdict = result.VerdictOf(o.Findings)
	for i, output := range o.Outputs {
		switch output.Name {
		case "release-url":
			o.Outputs[i].Value = m.releaseURL
		case "commit":
			o.Outputs[i].Value = m.commit
		case "pull-request":
			o.Outputs[i].Value = m.request
		}
	}
	if said := m.sentence(); said != "" {
		o.Sentence = strings.TrimSuffix(o.Sentence, ".") + "; " + said + "."
	}
	o.Page = append(publish.Page(m.findings, m.note), o.Page...) // notes are long
	return o
}

// sentence is what went wrong, else what was done.
func (m made) sentence() string {
	if trouble := publish.Trouble(m.findings); trouble != "" {
		return trouble
	}
	var done []string
	for _, f := range m.findings {
		if f.Outcome == verdict.Passed {
			done = append(done, f.Observed)
		}
	}
	return strings.Join(done, "; ")
}
