package securitygate

import (
	"context"
	"slices"
	"time"

	"github.com/slipway-actions/slipway/internal/advisory"
	"github.com/slipway-actions/slipway/internal/inventory"
	"github.com/slipway-actions/slipway/internal/manifest"
	"github.com/slipway-actions/slipway/internal/osv"
)

// evidence is all that a decision is made from.
type evidence struct {
	rules
	path    string
	now     time.Time
	exposed bool
	tree    manifest.Tree
	known   string          // which manifests the inventory looks for, for whoever has none
	answer  advisory.Answer // of the database; empty where there was nothing to ask
}

// collect takes the inventory, then asks the database about each package once.
func collect(ctx context.Context, parser inventory.Parser, root string, i inputs, now time.Time) (evidence, error) {
	e := evidence{rules: i.rules, path: i.path, now: now, exposed: i.exposed}
	var err error
	e.known = inventory.Known()
	if e.tree, err = inventory.Read(ctx, parser, root, i.path); err != nil {
		return e, err
	}
	if packages := distinct(e.tree); len(packages) > 0 {
		e.answer = i.database.Ask(ctx, packages)
	}
	return e, ctx.Err()
}

// distinct are the packages of all manifests, in order.
func distinct(i manifest.Tree) []osv.Package {
	var all []osv.Package
	for _, m := range i.Manifests {
		for _, e := range m.Packages {
			all = append(all, e.Package)
		}
	}
	slices.SortFunc(all, osv.Package.Compare)
	return slices.Compact(all)
}
