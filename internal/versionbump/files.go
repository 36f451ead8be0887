package versionbump

import (
	"fmt"
	"path/filepath"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/verdict"
	"github.com/slipway-actions/slipway/internal/versionfile"
)

// declared are the files that shall carry the version, as the caller or the policy names them.
type declared []declaredFile

type declaredFile struct {
	versionfile.Target        // with the path below the workspace
	as                 string // as it was written, for people
	err                error  // why the path cannot be used
}

// declaredFiles are those of the input, below the working directory, else those of the policy for
// the component or for the repository's own line, from the repository's top.
func declaredFiles(in *action.Inputs, w *action.World) declared {
	var all declared
	if lines := in.Lines("version-files"); len(lines) > 0 {
		for _, line := range lines {
			target, err := versionfile.ParseTarget(line)
			if err != nil {
				in.Refuse("version-files", line, err.Error())
				continue
			}
			all = append(all, locate(w, w.Dir, target))
		}
		return all
	}
	files, top := w.Policy.Versioning.Files, w.Dir
	if name := in.Text("component"); name != "" {
		files = w.Policy.Versioning.Components[name].Files
	}
	if w.Repo != nil {
		top = w.Repo.Root
	}
	for _, f := range files {
		all = append(all, locate(w, top, policyTarget(f)))
	}
	return all
}

func policyTarget(f policy.VersionFile) versionfile.Target {
	target := versionfile.Target{Path: f.Path}
	if f.Key != "" {
		target.Key, _ = versionfile.ParseKey(f.Key) // the policy was checked
	}
	return target
}

func locate(w *action.World, dir string, t versionfile.Target) declaredFile {
	f := declaredFile{Target: t, as: t.String()}
	path := t.Path
	if !filepath.IsAbs(path) {
		path = filepath.Join(dir, path)
	}
	f.Path, f.err = w.InDir(path)
	return f
}

// carry writes the version that was decided into the files, all or none, and tells so in the
// outcome. Where nothing is to be released, or that is unknown, nothing is read or written.
func (all declared) carry(w *action.World, d decision, o action.Outcome) (action.Outcome, error) {
	if len(all) == 0 || !d.changed || d.version == nil || o.Verdict != verdict.Pass {
		return o, nil
	}
	p := preparation{tree: w.Files, version: d.version.String(), files: map[string]*prepared{}}
	for _, f := range all {
		p.declared(f)
	}
	p.companions()
	if err := p.err(); err != nil {
		return action.Outcome{}, err
	}
	if err := writeAll(w, p.inOrder()); err != nil {
		return action.Outcome{}, err
	}
	return p.tell(o, w.DryRun), nil
}

// writer replaces a file of the workspace.
type writer interface {
	Write(path string, data []byte) (changed bool, err error)
}

// writeAll writes every file that changed. When one cannot be written those before it are put back:
// half a release in a working tree would be landed as if it were one.
func writeAll(w writer, files []*prepared) error {
	for i, f := range files {
		if !f.changed() {
			continue
		}
		if _, err := w.Write(f.path, f.next); err != nil {
			return fmt.Errorf("write the version into %s: %w; %s", f.path, err, putBack(w, files[:i]))
		}
	}
	return nil
}

// putBack tells what became of the files that were written before.
func putBack(w writer, files []*prepared) string {
	var back, stuck []string
	for _, f := range files {
		if !f.changed() {
			continue
		}
		if _, err := w.Write(f.path, f.old); err != nil {
			stuck = append(stuck, fmt.Sprintf("%s (%v)", f.path, err))
		} else {
			back = append(back, f.path)
		}
	}
	switch {
	case stuck != nil:
		return fmt.Sprintf("these were written before and could not be put back, so restore them with git checkout: %s", listOrNothing(stuck))
	case back != nil:
		return fmt.Sprintf("what was written before was put back: %s", listOrNothing(back))
	}
	return "nothing else was written"
}
