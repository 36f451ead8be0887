package reach

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/osv"
)

// Analyser analyses modules.
type Analyser struct {
	// Program is what starts a process of its own that calls Run: the path of the program, and Argument.
	Program []string
	Timeout time.Duration // of one call of Analyse; 0 is two minutes
}

// errTime is why an analysis ends before it is done.
var errTime = errors.New("it takes too long")

// analysis is one module in one workspace, and what go and govulncheck need to know of it.
type analysis struct {
	program     []string
	root        string // absolute, links resolved
	dir         string // absolute folder of the module
	temporary   string // absolute folder for whatever is written
	moduleCache string
	database    string // address
	env         []string
}

// Analyse tells how far the vulnerabilities of some advisories reach into a module. Root is the absolute
// path of the workspace, dir the module's folder in it, slash-separated. All records speak of modules
// whose version has been found affected; each has a level in the result, or a reason why there is none. The
// error is an ErrNoToolchain, an ErrNoGoFiles, a *NotLoaded or what the system says, and all of them mean
// that nothing is told.
func (a Analyser) Analyse(ctx context.Context, root, dir string, records []*osv.Record) (Result, error) {
	if len(a.Program) == 0 {
		return Result{}, errors.New("analyse a Go module: there is no program to do so")
	}
	bounded, cancel := context.WithTimeoutCause(ctx, cmp.Or(a.Timeout, timeout), errTime)
	defer cancel()
	root, err := filepath.EvalSymlinks(root)
	if err != nil {
		return Result{}, err
	}
	workspace, err := os.OpenRoot(root)
	if err != nil {
		return Result{}, err
	}
	defer workspace.Close()
	temporary, err := os.MkdirTemp("", "slipway-reach-")
	if err != nil {
		return Result{}, fmt.Errorf("make a folder for the analysis: %w", err)
	}
	defer os.RemoveAll(temporary)
	if temporary, err = filepath.EvalSymlinks(temporary); err != nil {
		return Result{}, err
	}
	result, err := a.analyse(bounded, workspace, dir, temporary, records)
	if err != nil && bounded.Err() != nil && ctx.Err() == nil {
		return Result{}, &NotLoaded{errTime.Error()}
	}
	return result, err
}

func (a Analyser) analyse(ctx context.Context, workspace *os.Root, dir, temporary string, records []*osv.Record) (Result, error) {
	t, err := survey(ctx, workspace, dir)
	if err != nil {
		return Result{}, err
	}
	if len(t.folders) == 0 {
		return Result{}, ErrNoGoFiles
	}
	root := workspace.Name()
	tools, err := findToolchain(ctx, root, temporary)
	if err != nil {
		return Result{}, err
	}
	chosen, unseen, err := t.platforms(ctx, platform{tools.OS, tools.Arch})
	if err != nil {
		return Result{}, err
	}
	records = unique(records)
	address, err := writeDatabase(filepath.Join(temporary, "database"), records)
	if err != nil {
		return Result{}, fmt.Errorf("write a database of the advisories: %w", err)
	}
	work := "off"
	if t.work != "" {
		work = filepath.Join(root, filepath.FromSlash(t.work))
	}
	one := analysis{
		program: a.Program, root: root, dir: filepath.Join(root, filepath.FromSlash(t.dir)), temporary: temporary,
		moduleCache: tools.Modules, database: address, env: tools.environment(temporary, work),
	}
	j := judge{tree: &t, records: records, levels: make([]Level, len(records)), untold: make([]string, len(records)), traces: make([][]string, len(records))}
	result := Result{Toolchain: tools.Version}
	imported := make([][]int, len(chosen))
	for n, p := range chosen {
		modules, found, err := one.govulncheck(ctx, p, "package")
		var failed *NotLoaded
		switch {
		case err == nil:
			imported[n] = j.take(modules, found)
			result.Platforms = append(result.Platforms, p.String())
		case n > 0 && errors.As(err, &failed): // what is for this platform alone is not seen
			j.unsure(fmt.Sprintf("the build for %s cannot be analysed: %s", p, failed.Reason))
		default:
			return Result{}, err
		}
	}
	for n, p := range chosen {
		if err := one.calls(ctx, p, &j, imported[n]); err != nil {
			return Result{}, err
		}
	}
	if len(unseen) > 0 {
		j.unsure(clean(fmt.Sprintf("%d files of the module are not analysed, for cgo or for tags of their own, such as %s", len(unseen), unseen[0]), reasonLimit))
	}
	j.into(&result)
	return result, nil
}

// calls finds out which of the imported records are called in the build for one platform. All of the code
// has to be understood for that, which takes minutes where there is much; what packages are part of a
// build took seconds.
func (a analysis) calls(ctx context.Context, p platform, j *judge, imported []int) error {
	imported = slices.DeleteFunc(imported, func(n int) bool { return j.levels[n] == Called })
	if len(imported) == 0 {
		return nil
	}
	modules, found, err := a.govulncheck(ctx, p, "symbol")
	var failed *NotLoaded
	switch {
	case err == nil:
		j.take(modules, found)
	case errors.As(err, &failed):
		for _, n := range imported {
			j.doubt(n, "its package is imported, and whether it is called is not known: "+failed.Reason)
		}
	default:
		return err
	}
	return nil
}

// unique leaves the first of the records with the same id.
func unique(records []*osv.Record) []*osv.Record {
	seen := map[string]bool{}
	var kept []*osv.Record
	for _, r := range records {
		if !seen[r.ID] {
			seen[r.ID] = true
			kept = append(kept, r)
		}
	}
	slices.SortFunc(kept, func(a, b *osv.Record) int { return strings.Compare(a.ID, b.ID) })
	return kept
}
