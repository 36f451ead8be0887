package action

import "strings"

// CannotPublish says why this run must not write at GitHub, "" where it may. What a pull request is
// tested on is no commit of any branch, and its author may be a stranger.
func (w *World) CannotPublish() string {
	f := w.Facts
	switch {
	case strings.HasPrefix(f.EventName, "pull_request"), f.EventName == "merge_group", strings.HasPrefix(f.Ref, "refs/pull/"), f.BaseRef != "":
		return "this run is about a pull request, and nothing is published from one. Set it for pushes alone: put if: github.event_name == 'push' on the step, or write ${{ github.event_name == 'push' && 'publish' || 'none' }} for release, ${{ github.event_name == 'push' }} for push-tag"
	case w.DryRun:
		return ""
	case f.Repository == "":
		return "it is not known which repository to write to. Set GITHUB_REPOSITORY to owner/name"
	case !w.GitHub.HasToken():
		return "there is no token to write with. Leave github-token out inside a workflow, or pass one with the permission contents: write"
	}
	return ""
}
