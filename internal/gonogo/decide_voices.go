package gonogo

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/codeowners"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/ticket"
)

// word is what one person said about a commit, once.
type word struct {
	by    string
	bot   bool
	how   string // review, environment or comment
	role  string // that they spoke as; "" is every role of theirs
	state string // approved, rejected or dismissed
	at    time.Time
	url   string
	void  string // why it does not count; "" where it does
}

// voices are all words about one commit, and who may speak.
type voices struct {
	gate      policy.Gate
	words     map[string][]word     // by the login in small letters
	members   map[string]membership // by team and login, in small letters
	authors   []string
	starters  []string
	unknowing string               // why it is not known who made the change; "" where it is, or does not matter
	owned     []string             // the changed files that have owners
	owners    [][]codeowners.Owner // of each of them
	ownerless string               // why it is not known who owns what; "" where it is
}

// voicesNow are those about the judged commit.
func voicesNow(e evidence) voices {
	v := voicesOf(e, e.SHA, e.People.Spoken, e.Ticketed.Comments, bindingOf(e))
	v.own(e)
	return v
}

// voicesThen are those about an emergency change: its ticket is about no other commit any more.
func voicesThen(e evidence, p past) voices {
	v := voicesOf(e, p.Commit, p.Spoken, p.Comments, binding{known: true, after: p.Since})
	v.ownerless = "the files of a former change are not known"
	return v
}

// binding is after when a comment is surely about the commit, though it does not name all of it.
type binding struct {
	known bool
	after time.Time
}

// bindingOf is when the commit was surely on GitHub, and the ticket about it: who wrote before that may have
// meant the commit that it was about then.
func bindingOf(e evidence) binding {
	b := binding{!e.People.Traced.IsZero(), e.People.Traced}
	_, m, err := ticket.Parse(e.Ticketed.Body)
	switch {
	case errors.Is(err, ticket.ErrNoMark):
	case err != nil || m.Commit != e.SHA || m.Environment != e.Environment:
		return binding{}
	case m.Since.After(b.after):
		b.after = m.Since
	}
	return b
}

// voicesOf gathers what was said about a commit.
func voicesOf(e evidence, commit string, s spoken, comments []comment, b binding) voices {
	v := voices{gate: e.Gate, words: map[string][]word{}, authors: s.Authors, starters: s.Starters, members: map[string]membership{}}
	for _, m := range e.People.Members {
		v.members[m.key()] = m
	}
	add := func(w word) {
		if w.by != "" {
			v.words[strings.ToLower(w.by)] = append(v.words[strings.ToLower(w.by)], w)
		}
	}
	switch {
	case selfApproval(e.Gate):
	case s.Authorless.What != "":
		v.unknowing = s.Authorless.What
	case len(s.Authors) == 0:
		v.unknowing = "no author of it is recorded"
	}
	for _, a := range s.Acts {
		w := word{by: a.By, bot: a.Bot, how: a.Kind, state: a.State, at: a.At, url: a.URL}
		want := commit
		if a.Kind == "review" {
			want = s.Head
		}
		if a.State == "approved" && (want == "" || !strings.EqualFold(a.Commit, want)) {
			w.void = "it is about another commit, " + shortID(a.Commit)
		}
		if a.State == "approved" && a.Kind != "review" && a.Kind != "environment" {
			w.void = "in which way it was said is not known"
		}
		add(w)
	}
	for _, c := range commandsOf(comments) {
		if c.verb != "waive" && c.fault == "" {
			if _, there := e.Gate.Roles[c.role]; !there && c.verb == "reject" {
				c.role = "" // see readRejection
			}
			add(wordOf(c, commit, b))
		}
	}
	return v
}

// wordOf binds a comment to the commit: it names it with all its digits, or came when the commit was
// there already. Fewer digits are no name: who makes a commit can make another one that begins alike. A
// rejection needs no binding: it holds until its author takes it back.
func wordOf(c command, commit string, b binding) word {
	w := word{by: c.by, bot: strings.HasSuffix(c.by, "[bot]"), how: "comment", role: c.role, state: "approved", at: c.at, url: c.url}
	if c.verb == "reject" {
		w.state = "rejected"
	}
	switch {
	case !strings.HasPrefix(commit, c.sha):
		w.void = "it is about another commit, " + shortID(c.sha)
	case w.state == "rejected":
	case c.edited:
		w.void = "the comment was edited; write a new one"
	case c.sha != commit && (!b.known || !c.at.After(b.after)):
		w.void = fmt.Sprintf("it may be about another commit; write /approve as %s for %s", c.role, commit)
	}
	return w
}

// holder tells whether somebody holds a role as one of its users or members; where that is not known,
// why is not empty. A bot must be named.
func (v voices) holder(role, login string, bot bool) (yes bool, why string) {
	r := v.gate.Roles[role]
	if slices.ContainsFunc(r.Users, func(user string) bool { return strings.EqualFold(strings.TrimPrefix(user, "@"), login) }) {
		return true, ""
	}
	if bot {
		return false, ""
	}
	return v.inTeams(r.Teams, login)
}

func (v voices) inTeams(teams []string, login string) (yes bool, why string) {
	for _, team := range teams {
		team = strings.TrimPrefix(team, "@")
		m, ok := v.members[strings.ToLower(team+" "+login)]
		if !ok {
			m = membership{Team: team, Login: login}
		}
		switch belongs, unknown := m.belongs(); {
		case belongs:
			return true, ""
		case unknown != "":
			why = unknown
		}
	}
	return false, why
}

// last is what somebody says for a role in the end: approved, rejected, or "" for nothing. In each way of
// speaking the last word counts, and one that is void changes nothing. A rejection in one way falls only
// to a later approval in another.
func (v voices) last(role, login string) (state string, w word, void []word) {
	standing := map[string]word{}
	for _, w := range v.words[strings.ToLower(login)] {
		if w.role != "" && w.role != role {
			continue
		}
		if w.void != "" {
			void = append(void, w)
			continue
		}
		if before, ok := standing[w.how]; !ok || w.replaces(before) {
			standing[w.how] = w
		}
	}
	var approved, rejected []word
	for _, how := range []string{"review", "environment", "comment", ""} {
		switch w := standing[how]; w.state {
		case "approved":
			approved = append(approved, w)
		case "rejected":
			rejected = append(rejected, w)
		}
	}
	for _, r := range rejected {
		if r.at.IsZero() || !slices.ContainsFunc(approved, func(a word) bool { return a.at.After(r.at) }) {
			return "rejected", r, void
		}
	}
	if len(approved) > 0 { // whoever cannot approve in one way may yet in another
		first := max(0, slices.IndexFunc(approved, func(w word) bool { return v.self(w) == "" }))
		return "approved", approved[first], void
	}
	return "", word{}, void
}

// replaces tells whether a word is somebody's later one. Where the order is not known, as of an environment's
// words, which have no time, what is no approval stays.
func (w word) replaces(before word) bool {
	if w.at.IsZero() || before.at.IsZero() || w.at.Equal(before.at) {
		return before.state == "approved"
	}
	return w.at.After(before.at)
}

// speakers are all who said something, in order of their names, each with their first word.
func (v voices) speakers() []word {
	var first []word
	for _, login := range slices.Sorted(maps.Keys(v.words)) {
		first = append(first, v.words[login][0])
	}
	return first
}

// stand is how a role stands to the commit.
type stand struct {
	role    string
	by      []word   // approvals of those who hold it
	against []word   // rejections of those who hold it
	doubt   []string // why a rejection may stand in the way
	maybe   []string // why an approval may count, and does not
	void    []string // what does not count, and why
}

func (s stand) holds() bool { return len(s.by) > 0 && len(s.against) == 0 && len(s.doubt) == 0 }

// of judges how a role stands.
func (v voices) of(role string) stand {
	s := stand{role: role}
	owners := v.gate.Roles[role].CodeOwners
	var approvers []word
	for _, person := range v.speakers() {
		state, w, void := v.last(role, person.by)
		holds, why := v.holder(role, person.by, person.bot)
		for _, one := range void {
			if holds || why != "" || one.role == role || owners {
				s.void = append(s.void, one.by+": "+one.void)
			}
		}
		switch state {
		case "rejected":
			if owners && !holds {
				if some, unknown := v.ownsSome(person.by); some || why == "" {
					holds, why = some, unknown
				}
			}
			if holds {
				s.against = append(s.against, w)
			} else if why != "" {
				s.doubt = append(s.doubt, w.by+" rejected it and "+why)
			}
		case "approved":
			switch self := v.self(w); {
			case self != "":
				if holds || why != "" || w.role == role || owners {
					s.void = append(s.void, w.by+": "+self)
				}
			case v.unknowing != "" && (holds || why != "" || owners):
				s.maybe = append(s.maybe, w.by+" approved, but who made the change is not known")
			case holds:
				s.by = append(s.by, w)
			default:
				if !person.bot {
					approvers = append(approvers, w)
				}
				if why != "" {
					s.maybe = append(s.maybe, w.by+" approved and "+why)
				} else if w.role == role && !owners {
					s.void = append(s.void, w.by+": does not hold the role")
				}
			}
		}
	}
	if owners && len(s.by) == 0 {
		v.cover(&s, approvers)
	}
	return s
}

// self is why somebody cannot approve: it is their own change, or their own run.
func (v voices) self(w word) string {
	is := func(login string) bool { return strings.EqualFold(login, w.by) }
	switch {
	case selfApproval(v.gate):
		return ""
	case slices.ContainsFunc(v.authors, is):
		return "an author of the change cannot approve it"
	case w.how == "environment" && len(v.starters) == 0:
		return "who started the run is not known, and cannot approve it"
	case w.how == "environment" && slices.ContainsFunc(v.starters, is):
		return "who started the run cannot approve it"
	}
	return ""
}

func selfApproval(g policy.Gate) bool { return g.Approvals != nil && g.Approvals.SelfApproval }

func shortID(sha string) string {
	if sha == "" {
		return "which is gone"
	}
	return sha[:min(len(sha), 7)]
}
