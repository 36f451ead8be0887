package gonogo

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/slipway-actions/slipway/internal/migration"
)

// What of migrations is read.
const (
	migrationsRead = 500
	migrationBytes = 8 << 20 // of all together
	besideRead     = 50      // ways back that the change does not bring
)

// migrations reads the migrations of the change, and what may be their ways back, as they are in the judged
// commit: those that the change brings in one call.
func (c collector) migrations(ctx context.Context, e *evidence) {
	ids, beside := map[string]string{}, map[string]bool{}
	for _, rule := range migrationRules(*e) {
		names := migration.Named(rule.Down)
		for _, f := range e.Change.Files {
			if role := names.RoleOf(f.Path); f.Status == "D" || !within(rule.Paths, f.Path) || role != migration.Forward && role != migration.Repeatable {
				continue
			}
			if id, ok := e.Change.contents[f.Path]; ok {
				ids[f.Path] = id
			}
			for _, name := range names.Backs(f.Path) {
				if id, ok := e.Change.contents[name]; ok {
					ids[name] = id
				} else if f.Status == "A" {
					beside[name] = true
				}
			}
		}
	}
	for i, name := range slices.Sorted(maps.Keys(beside)) {
		if i < besideRead {
			e.Files[atCommit+name] = c.fromCommit(ctx, name)
		} else {
			e.Files[atCommit+name] = file{Problem: problem{What: "there are too many to be read", Next: "Release in smaller steps."}}
		}
	}
	c.readMigrations(ctx, e, ids)
}

func (c collector) readMigrations(ctx context.Context, e *evidence, ids map[string]string) {
	paths := slices.Sorted(maps.Keys(ids))
	for _, path := range paths[min(len(paths), migrationsRead):] {
		e.Files[atCommit+path] = file{Problem: problem{What: fmt.Sprintf("there are %d files of migrations; at most %d are read", len(paths), migrationsRead), Next: "Release in smaller steps."}}
	}
	paths = paths[:min(len(paths), migrationsRead)]
	var wanted []string
	for _, path := range paths {
		wanted = append(wanted, ids[path])
	}
	if len(wanted) == 0 {
		return
	}
	contents, err := c.Repo.Contents(ctx, wanted, migration.SizeLimit, migrationBytes)
	for i, path := range paths {
		switch {
		case err != nil:
			e.Files[atCommit+path] = file{Problem: problem{What: "the clone does not hold it: " + shorten(err.Error()), Next: fetchAll}}
		case contents[i].Large:
			e.Files[atCommit+path] = file{Problem: problem{What: fmt.Sprintf("it has %d bytes; at most %d are read, and %d of all together", contents[i].Size, migration.SizeLimit, migrationBytes), Next: "Make it smaller, or release in smaller steps."}}
		default:
			e.Files[atCommit+path] = fileOf(contents[i].Text, nil)
		}
	}
}
