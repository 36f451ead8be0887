package gonogo

import "github.com/slipway-actions/slipway/internal/policy"

func judgeMigrations(id string, _ policy.Migrations, _ evidence) criterion {
	return unjudged(id, "criteria of the kind migrations")
}
