package gonogo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/codeowners"
	"github.com/slipway-actions/slipway/internal/github"
)

// people is who spoke for the commit, and as whom.
type people struct {
	Spoken  spoken       `json:"spoken,omitzero"`
	Traced  time.Time    `json:"tracedAt,omitzero"`    // when GitHub surely had the commit; zero where nothing shows it
	Members []membership `json:"members,omitempty"`    // of those who spoke, by team and login
	Owners  ownersFile   `json:"codeowners,omitzero"`  // asked for only where a role is held by code owners
	Past    []past       `json:"past,omitempty"`       // emergency changes that were let through, newest first
	Unread  []problem    `json:"unreadPast,omitempty"` // why there may be more of them
	Ticks   []tick       `json:"ticks,omitempty"`      // of all boxes of the ticket's text, in their order
	Unticks problem      `json:"unreadTicks,omitzero"` // why it is not known who ticked them
}

// spoken is what people said about a commit, apart from comments.
type spoken struct {
	Asked      string    `json:"asked,omitempty"` // the commit that they were read for; "" where nobody read any
	Pull       int       `json:"pull,omitempty"`  // that brought the commit, or is to bring it; 0 for none
	URL        string    `json:"url,omitempty"`
	Head       string    `json:"head,omitempty"`     // of the pull request: what its reviews must be about
	Authors    []string  `json:"authors,omitempty"`  // logins of who made the change, sorted
	Unlinked   int       `json:"unlinked,omitempty"` // commits whose author has no account that is known
	Starters   []string  `json:"starters,omitempty"` // logins of who started the workflow run
	Acts       []act     `json:"acts,omitempty"`     // oldest first
	Problems   []problem `json:"problems,omitempty"` // why there may be more acts
	Authorless problem   `json:"authorless,omitzero"`
}

// act is a review, or an approval of the workflow run's environment.
type act struct {
	By     string    `json:"by"` // login
	Bot    bool      `json:"bot,omitempty"`
	Kind   string    `json:"kind"`             // review or environment
	State  string    `json:"state"`            // approved, rejected or dismissed
	Commit string    `json:"commit,omitempty"` // that it is about
	At     time.Time `json:"at,omitzero"`      // zero where GitHub does not say, as for environments
	URL    string    `json:"url,omitempty"`
}

// membership is whether somebody belongs to a team.
type membership struct {
	Team    string            `json:"team"`
	Login   string            `json:"login"`
	State   github.Membership `json:"state,omitempty"` // "" where there is a problem
	Problem problem           `json:"problem,omitzero"`
}

// ownersFile is the CODEOWNERS of the policy's place.
type ownersFile struct {
	Path     string   `json:"path,omitempty"` // "" where there is none
	File     file     `json:"file,omitzero"`
	Changed  []string `json:"changed,omitempty"` // files that the change touches: of the pull request, else since the last release
	Unlisted problem  `json:"unlisted,omitzero"` // why they are not known
}

// memberLimit is how many memberships are asked for. Anybody may comment on an open repository's ticket.
const memberLimit = 200

// people reads who approved, where the policy asks for it.
func (c collector) people(ctx context.Context, e *evidence) {
	e.People = people{}
	gate, p := c.in.Gate, &e.People
	commands := commandsOf(e.Ticketed.Comments)
	waives := gate.Waivers != nil && (len(gate.Waivers.Granted) > 0 || slices.ContainsFunc(commands, func(c command) bool { return c.verb == "waive" }))
	if gate.Approvals != nil || waives {
		p.Spoken = c.spoken(ctx, e.SHA, gate.Approvals != nil, c.pullOfEvent(*e))
	}
	if gate.Approvals != nil {
		c.admissions(ctx, &p.Spoken)
		p.Owners = c.codeOwners(ctx, *e)
		if slices.ContainsFunc(commands, func(c command) bool { return c.verb == "approve" && len(c.sha) < len(e.SHA) && c.fault == "" }) {
			p.Traced = c.traced(ctx, *e)
		}
	}
	c.past(ctx, e)
	c.ticks(ctx, e)
	c.members(ctx, e)
}

// spoken reads the pull request of a commit, who made it, and what its reviewers said.
func (c collector) spoken(ctx context.Context, sha string, reviews bool, pull int) spoken {
	s := spoken{Asked: sha}
	proposal, err := c.proposal(ctx, sha, pull)
	if err != nil {
		s.Problems = append(s.Problems, problemOf(err))
		s.Authorless = problemOf(err)
		return s
	}
	var made []github.Contributor
	if proposal.Number == 0 {
		var one github.Contributor
		one, err = c.GitHub.Contributor(ctx, c.in.Repository, sha)
		made = append(made, one)
	} else {
		s.Pull, s.URL, s.Head = proposal.Number, proposal.URL, proposal.Head
		made, err = c.GitHub.Contributors(ctx, c.in.Repository, proposal.Number, proposal.Head)
		s.Authors = append(s.Authors, proposal.Author)
	}
	s.Authorless = problemOf(err)
	for _, one := range made {
		if one.Author == "" {
			s.Unlinked++
		}
		s.Authors = append(s.Authors, one.Author, one.Committer)
	}
	s.Authors = sorted(s.Authors)
	if len(s.Authors) == 0 && err == nil {
		s.Authorless = problem{What: "no account belongs to the addresses of the commit's author and committer", Next: "Have its author add the address to their account, or bring the commit in with a pull request."}
	}
	if reviews && s.Pull != 0 {
		c.reviews(ctx, &s)
	}
	return s
}

// reviews keeps of each person what they said last: comments change nothing.
func (c collector) reviews(ctx context.Context, s *spoken) {
	all, err := c.GitHub.Reviews(ctx, c.in.Repository, s.Pull)
	if err != nil {
		s.Problems = append(s.Problems, problemOf(err))
	}
	states := map[string]string{"APPROVED": "approved", "CHANGES_REQUESTED": "rejected", "DISMISSED": "dismissed"}
	for _, r := range all {
		if states[r.State] == "" || r.By == "" {
			continue
		}
		s.Acts = slices.DeleteFunc(s.Acts, func(a act) bool { return a.Kind == "review" && strings.EqualFold(a.By, r.By) })
		s.Acts = append(s.Acts, act{By: r.By, Bot: r.Bot, Kind: "review", State: states[r.State], Commit: r.Commit, At: r.At, URL: r.URL})
	}
}

// proposal is the pull request that brought a commit: the one that was merged as it, else the one whose
// newest commit it is. The zero one says that there is none.
func (c collector) proposal(ctx context.Context, sha string, number int) (github.Proposal, error) {
	if number != 0 {
		p, err := c.GitHub.Proposal(ctx, c.in.Repository, number)
		if err == nil && p.Head != sha {
			err = fmt.Errorf("the pull request #%d has moved on to %.7s", number, p.Head)
		}
		return p, err
	}
	all, err := c.GitHub.Proposals(ctx, c.in.Repository, sha)
	if err != nil {
		return github.Proposal{}, err
	}
	for _, brought := range []func(github.Proposal) bool{
		func(p github.Proposal) bool { return p.Merged && p.Merge == sha },
		func(p github.Proposal) bool { return p.Head == sha },
	} {
		found := slices.DeleteFunc(slices.Clone(all), func(p github.Proposal) bool { return !brought(p) })
		switch len(found) {
		case 0:
		case 1:
			return found[0], nil
		default:
			return github.Proposal{}, fmt.Errorf("%d pull requests have the commit as their last one, and which of them brought it is not known", len(found))
		}
	}
	return github.Proposal{}, nil
}

// pullOfEvent is the pull request that this run is about, if it is about the judged commit.
func (c collector) pullOfEvent(e evidence) int {
	if strings.HasPrefix(c.Facts.EventName, "pull_request") && strings.EqualFold(c.Facts.HeadSHA, e.SHA) {
		return c.Facts.Pull
	}
	return 0
}

// admissions reads what people said to the environments that this run waited for, if the run is about
// the judged commit.
func (c collector) admissions(ctx context.Context, s *spoken) {
	about := strings.EqualFold(c.Facts.SHA, c.in.SHA) || strings.EqualFold(c.Facts.HeadSHA, c.in.SHA)
	if c.Facts.RunID == 0 || !about || !strings.EqualFold(c.Facts.Repository, c.in.Repository) {
		return
	}
	all, err := c.GitHub.Admissions(ctx, c.in.Repository, c.Facts.RunID)
	all = slices.DeleteFunc(all, func(a github.Admission) bool {
		return a.By == "" || a.State == "pending" || !slices.Contains(a.Environments, c.in.Environment)
	})
	if err != nil || len(all) == 0 {
		if err != nil {
			s.Problems = append(s.Problems, problemOf(err))
		}
		return
	}
	run, err := c.GitHub.Run(ctx, c.in.Repository, c.Facts.RunID)
	if err != nil {
		s.Problems = append(s.Problems, problemOf(err))
		return
	}
	s.Starters = sorted(append(run.Starters, c.Facts.Actor))
	for _, a := range all {
		s.Acts = append(s.Acts, act{
			By: a.By, Bot: a.Bot, Kind: "environment", State: a.State, Commit: run.Head,
			URL: fmt.Sprintf("%s/%s/actions/runs/%d", c.Facts.ServerURL, c.in.Repository, run.ID),
		})
	}
}

// traced is when GitHub surely had the commit, by what it alone can set: the making of a workflow run,
// or of a commit status. Dates of git, and those of check runs, are their author's own.
func (c collector) traced(ctx context.Context, e evidence) time.Time {
	var at time.Time
	earlier := func(t time.Time) {
		if !t.IsZero() && (at.IsZero() || t.Before(at)) {
			at = t
		}
	}
	runs, _ := c.GitHub.WorkflowRuns(ctx, c.in.Repository, e.SHA) // without them a comment must name the commit
	for _, r := range runs {
		earlier(r.Created)
	}
	for _, k := range e.Checks.All {
		if k.App == "" {
			earlier(k.Started)
		}
	}
	return at
}

// codeOwners reads the first CODEOWNERS that is there, from where the policy is.
func (c collector) codeOwners(ctx context.Context, e evidence) ownersFile {
	for _, name := range c.in.Gate.Approvals.Roles() {
		if !c.in.Gate.Roles[name].CodeOwners {
			continue
		}
		for _, path := range codeowners.Places {
			if text, _, err := c.Governed(ctx, path); !errors.Is(err, fs.ErrNotExist) {
				o := ownersFile{Path: path, File: fileOf(text, err)}
				o.Changed, o.Unlisted = c.touched(ctx, e)
				return o
			}
		}
		return ownersFile{File: file{Missing: true}}
	}
	return ownersFile{}
}

// touched are the files that owners are to approve: those of the pull request that brought the commit, for
// which its reviews speak; without one, all that changed since the last release.
func (c collector) touched(ctx context.Context, e evidence) ([]string, problem) {
	if pull := e.People.Spoken.Pull; pull != 0 {
		paths, err := c.GitHub.ChangedPaths(ctx, c.in.Repository, pull)
		return paths, problemOf(err)
	}
	switch {
	case e.unread() != "":
		return nil, problem{What: e.unread(), Next: e.Change.Problem.Next}
	case e.Change.MoreFiles > 0:
		return nil, problem{What: "the change is too large to be read whole", Next: "Release in smaller steps."}
	}
	var paths []string
	for _, f := range e.Change.Files {
		paths = append(paths, f.Path)
	}
	return paths, problem{}
}

// members asks for the teams of those who spoke.
func (c collector) members(ctx context.Context, e *evidence) {
	pairs := claims(*e)
	for i, pair := range pairs {
		if i == memberLimit {
			pair.Problem = problem{What: fmt.Sprintf("only %d of %d memberships are asked for, since so many people spoke", memberLimit, len(pairs)), Next: "Name the people of the role in gate.roles as users."}
			e.People.Members = append(e.People.Members, pair)
			continue
		}
		if i > memberLimit {
			break // what is not listed is not known either
		}
		state, err := c.GitHub.Membership(ctx, c.in.Repository, pair.Team, pair.Login)
		pair.State, pair.Problem = state, problemOf(err)
		e.People.Members = append(e.People.Members, pair)
	}
}

// sorted is each of some logins once, without empty ones.
func sorted(logins []string) []string {
	logins = slices.DeleteFunc(slices.Clone(logins), func(s string) bool { return s == "" })
	slices.SortFunc(logins, func(a, b string) int {
		return cmp.Or(strings.Compare(strings.ToLower(a), strings.ToLower(b)), strings.Compare(a, b))
	})
	return slices.CompactFunc(logins, strings.EqualFold)
}

// belongs tells whether somebody is a member; where it is not known, why is not empty.
func (m membership) belongs() (yes bool, why string) {
	switch m.State {
	case github.Member:
		return true, ""
	case github.NoMember, github.Invited:
		return false, ""
	case github.TeamHidden:
		return false, "is no member of " + m.Team + ", or the token may not see the team (GitHub answers both alike)"
	}
	return false, "may be in " + m.Team + ", but " + cmp.Or(shorten(m.Problem.What), "that was not asked")
}
