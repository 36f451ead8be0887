package github

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	api "github.com/google/go-github/v60/github"
)

// Membership is what GitHub says about a person and a team.
type Membership string

// The memberships. GitHub answers alike for a person that is no member and for a team that the token may
// not see: the first is told only where the team can be seen.
const (
	Member     Membership = "active"
	Invited    Membership = "pending"
	NoMember   Membership = "none"
	TeamHidden Membership = "hidden"
)

// Membership is whether a person belongs to a team such as acme/release. Repository only says which server's
// names are meant.
func (c *Client) Membership(ctx context.Context, repository, team, login string) (Membership, error) {
	m := TeamHidden
	q := question{fmt.Sprintf("the membership of %s in %s", login, team), "members: read (of the organisation; a workflow's own token cannot have it, but a GitHub App's can)"}
	err := c.ask(ctx, q, repository, func(ctx context.Context, _, _ string) error {
		organisation, slug, _ := strings.Cut(team, "/")
		organisation, slug = url.PathEscape(organisation), url.PathEscape(slug)
		found, _, err := c.api.Teams.GetTeamMembershipBySlug(ctx, organisation, slug, url.PathEscape(login))
		switch {
		case missing(err):
			var seen *api.Team
			if seen, _, err = c.api.Teams.GetTeamBySlug(ctx, organisation, slug); missing(err) {
				return nil
			}
			if err == nil && !strings.EqualFold(seen.GetSlug(), slug) {
				return fmt.Errorf("%w: the team %q came", errIncomplete, seen.GetSlug())
			}
			m = NoMember
			return err
		case err != nil:
			return err
		}
		switch m = Membership(found.GetState()); m {
		case Member, Invited:
			return nil
		}
		return fmt.Errorf("%w: a membership came with the state %q", errIncomplete, found.GetState())
	})
	if err != nil {
		return "", err
	}
	return m, nil
}
