package securitygate

import (
	"context"
	"maps"
	"os"
	"path"
	"slices"
	"time"

	"github.com/slipway-actions/slipway/internal/manifest"
	"github.com/slipway-actions/slipway/internal/osv"
	"github.com/slipway-actions/slipway/internal/reach"
)

// showTime is the longest that all modules take together where their reachability is only shown.
const showTime = 30 * time.Second

// readReach finds out, module by module, whether vulnerable Go code is called. Where that cannot be told
// nothing is noted, and what is not told counts as called.
func (c *collector) readReach(ctx context.Context) {
	if c.reachability == "off" {
		return
	}
	var modules manifest.Tree
	for _, m := range c.tree.Manifests {
		if path.Base(m.Path) == "go.mod" {
			modules.Manifests = append(modules.Manifests, m)
		}
	}
	records := map[string][]*osv.Record{} // by go.mod
	found, _ := c.vulnerabilities(modules)
	for _, r := range found {
		for _, p := range r.places {
			for _, candidate := range c.answer.Candidates[r.pkg] {
				if !slices.Contains(records[p.File], candidate.Record) {
					records[p.File] = append(records[p.File], candidate.Record)
				}
			}
		}
	}
	if len(records) == 0 {
		return
	}
	program, err := os.Executable()
	if err != nil {
		c.remark("reachability", "Reachability", "Run the released binary.", "it cannot be told, so all counts as called: %v", err)
		return
	}
	c.reach, c.untold = map[string]map[string]string{}, map[string]map[string]string{}
	analyser := reach.Analyser{Program: []string{program, reach.Argument}}
	if c.reachability == "show" { // nothing hangs on it, so nobody shall wait long for it
		bounded, cancel := context.WithTimeout(ctx, showTime)
		defer cancel()
		ctx, analyser.Timeout = bounded, showTime
	}
	for _, file := range slices.Sorted(maps.Keys(records)) {
		told, err := analyser.Analyse(ctx, c.world.Files.Dir, path.Dir(file), records[file])
		if err != nil {
			if c.reachability != "show" {
				c.remark("reachability:"+file, "Reachability in "+file, "Install Go and the module's dependencies before this step.", "it cannot be told, so all counts as called: %v", err)
			}
			continue
		}
		levels := map[string]string{}
		for id, level := range told.Levels {
			levels[id] = level.String()
		}
		c.reach[file], c.untold[file] = levels, told.Untold
	}
}
