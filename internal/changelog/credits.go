package changelog

import (
	"context"
	"errors"

	"github.com/slipway-actions/slipway/internal/commit"
	"github.com/slipway-actions/slipway/internal/github"
)

// readAuthors finds out the logins of those who contributed, and who did so before. Without the API
// they go by the names of the log, for notes are no gate.
func (e *evidence) readAuthors(ctx context.Context, s sources, since string) error {
	asked := e.releases[0]
	if !e.credits() || asked.counted() == 0 {
		return nil
	}
	if since != "" && e.arrangement.known == nil {
		before, err := s.history.Authors(ctx, since)
		if err != nil {
			return err
		}
		e.arrangement.known = map[string]bool{}
		for _, a := range before {
			e.arrangement.know(a.Name, a.Email)
		}
	}
	if s.links.repository == "" || !e.arrangement.anonymous(asked.commits) {
		return nil
	}
	logins, err := s.authors.Logins(ctx, s.links.name(), since, asked.tip)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, github.ErrNoToken):
	case err != nil:
		e.trouble = err
	}
	e.arrangement.logins = logins
	return nil
}

// anonymous tells whether the log leaves open who wrote a commit.
func (a arrangement) anonymous(commits []commit.Commit) bool {
	for _, c := range commits {
		if p := (person{name: c.Author, email: c.Email}); !p.bot() && a.links.loginOf(c.Email) == "" {
			return true
		}
	}
	return false
}

// know notes somebody who contributed before.
func (a arrangement) know(name, email string) {
	for _, id := range (person{name: name, email: email, login: a.links.loginOf(email)}).identities() {
		a.known[id] = true
	}
}

// knownBefore are the authors of what a commit reaches.
func knownBefore(g commit.Graph, since string, a arrangement) map[string]bool {
	a.known = map[string]bool{}
	told := map[string]bool{}
	for _, i := range g.Reach(make([]bool, len(g.Commits)), since) {
		c := g.Commits[i]
		if key := c.Author + "\x00" + c.Email; !told[key] {
			told[key] = true
			a.know(c.Author, c.Email)
		}
	}
	return a.known
}
