package changelog

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/gitrepo"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// recordLimit is the most bytes of version-bump's result that are read.
const recordLimit = 64 << 20

// recorded is a file that version-bump wrote, as its result records it.
type recorded struct {
	Path   string `json:"path"`   // in the workspace
	SHA256 string `json:"sha256"` // of what it wrote, in hexadecimal digits
}

// toLand are the files that version-bump and changelog changed, as far as the commit does not hold
// them already. A file that somebody changed after version-bump is a finding, and then none is landed.
func toLand(ctx context.Context, w *action.World, repo *gitrepo.Repo, e evidence, d decision) (files []github.File, findings []result.Finding, err error) {
	record, f, err := versionFiles(w, repo.Head, d)
	if err != nil {
		return nil, nil, err
	}
	if f.ID != "" {
		findings = append(findings, f)
	}
	if f.Outcome == verdict.Failed {
		return nil, findings, nil
	}
	for _, one := range record {
		data, err := w.Files.Read(one.Path, fileLimit)
		if err != nil || fmt.Sprintf("%x", sha256.Sum256(data)) != one.SHA256 {
			observed := one.Path + " is not as version-bump wrote it; nothing was landed"
			if err != nil {
				observed = fmt.Sprintf("%s cannot be read (%v); nothing was landed", one.Path, err)
			}
			return nil, append(findings, result.Finding{ID: "land", Outcome: verdict.Failed, Title: "Landing", Observed: observed,
				Next: "Run changelog before the step that changes the file, or version-bump after it."}), nil
		}
		if files, err = add(ctx, w, repo, files, one.Path, data); err != nil {
			return nil, nil, err
		}
	}
	if e.file == "" {
		return files, findings, nil
	}
	data, err := w.Files.Read(e.file, fileLimit)
	if w.DryRun && d.file != nil {
		data, err = d.file, nil
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return files, findings, nil
	case err != nil:
		return nil, nil, err
	}
	files, err = add(ctx, w, repo, files, e.file, data)
	return files, findings, err
}

// add adds a file unless the commit holds it as it is. A file keeps the mode that it has there.
func add(ctx context.Context, w *action.World, repo *gitrepo.Repo, files []github.File, name string, data []byte) ([]github.File, error) {
	path, err := filepath.Rel(repo.Root, filepath.Join(w.Files.Dir, name))
	if err != nil || !filepath.IsLocal(path) {
		return nil, action.Wrong("%s lies outside of the repository %s, and cannot be landed", name, repo.Root)
	}
	path = filepath.ToSlash(path)
	for _, have := range files {
		if have.Path == path {
			return files, nil
		}
	}
	mode, err := repo.FileMode(ctx, repo.Head, path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		mode = "100644"
	case err != nil:
		return nil, err
	default:
		old, err := repo.ReadFile(ctx, repo.Head, path, fileLimit)
		if err != nil {
			return nil, err
		}
		if bytes.Equal(old, data) {
			return files, nil
		}
	}
	return append(files, github.File{Path: path, Mode: mode, Data: data}), nil
}

// versionFiles are the files that version-bump wrote for this version, in this run and on this commit. A
// result of another run, commit or version is no news of them, which f says; one that is about them
// and does not pass lets nothing land, for the release would lack them.
func versionFiles(w *action.World, head string, d decision) (files []recorded, f result.Finding, err error) {
	text, err := w.Files.Read(result.Path("version-bump"), recordLimit)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, f, nil
	}
	if err != nil {
		return nil, f, fmt.Errorf("read the result of version-bump: %w", err)
	}
	doc, err := result.Decode(text)
	if err != nil {
		return nil, f, fmt.Errorf("the result of version-bump in %s: %w", result.Path("version-bump"), err)
	}
	var record struct {
		Data struct {
			Files []recorded `json:"files"`
		} `json:"data"`
	}
	if err := json.Unmarshal(text, &record); err != nil {
		return nil, f, fmt.Errorf("the result of version-bump in %s: %w", result.Path("version-bump"), err)
	}
	left := ""
	switch {
	case len(record.Data.Files) == 0:
		return nil, f, nil
	case doc.Action != "version-bump":
		left = "it is of " + doc.Action
	case doc.Subject.SHA != head:
		left = "it is about another commit"
	case doc.Run.ID != w.Facts.RunID:
		left = "it is of another workflow run"
	case doc.Subject.Version != d.notes.version.String():
		left = "it is about the version " + doc.Subject.Version
	case doc.Verdict != verdict.Pass:
		return nil, result.Finding{ID: "land", Outcome: verdict.Failed, Title: "Landing",
			Observed: "version-bump wrote the version into files, yet its verdict is " + string(doc.Verdict) + "; nothing was landed",
			Next:     "Run version-bump again until it passes; changelog then lands its files too."}, nil
	}
	if left != "" {
		return nil, result.Finding{ID: "version-files", Outcome: verdict.Skipped, Title: "Version files", Observed: "the files of version-bump's result are not landed: " + left}, nil
	}
	return record.Data.Files, f, nil
}
