package securitygate

import (
	"context"
	"slices"
	"time"

	"github.com/slipway-actions/slipway/internal/advisory"
	"github.com/slipway-actions/slipway/internal/inventory"
	"github.com/slipway-actions/slipway/internal/osv"
)

// evidence is all that a decision is made from.
type evidence struct {
	rules
	path      string
	now       time.Time
	exposed   bool
	inventory inventory.Inventory
	answer    advisory.Answer // of the database; empty where there was nothing to ask
}

// collect takes the inventory, then asks the database about each package once.
func collect(ctx context.Context, parser inventory.Parser, root string, i inputs, now time.Time) (evidence, error) {
	e := evidence{rules: i.rules, path: i.path, now: now, exposed: i.exposed}
	var err error
	if e.inventory, err = inventory.Read(ctx, parser, root, i.path); err != nil {
		return e, err
	}
	if packages := distinct(e.inventory); len(packages) > 0 {
		e.answer = i.database.Ask(ctx, packages)
	}
	return e, ctx.Err()
}

// distinct are the packages of all manifests, in order.
func distinct(i inventory.Inventory) []osv.Package {
	var all []osv.Package
	for _, m := range i.Manifests {
		for _, e := range m.Packages {
			all = append(all, e.Package)
		}
	}
	slices.SortFunc(all, osv.Package.Compare)
	return slices.Compact(all)
}
