package changelog

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/change"
)

// person is somebody who contributed.
type person struct {
	name  string
	email string
	login string // "" where none is known
	first bool   // contributed nothing before
	pull  string // number of the pull request of the newest change, "" for none
	sha   string // of the newest change
}

var (
	coAuthor = regexp.MustCompile(`^(.*\S)\s*<([^<>\s]+)>$`)
	login    = regexp.MustCompile(`^[A-Za-z0-9](?:-?[A-Za-z0-9_])*$`)
)

// authors are who brought a change: its author and co-authors, but no bots.
func (a arrangement) authors(c change.Change) []person {
	found := []person{{name: c.Commit.Author, email: c.Commit.Email, login: a.logins[c.Commit.SHA]}}
	for _, value := range c.Values("Co-authored-by") {
		for line := range strings.Lines(value) { // trailers of one token are often written below each other
			if m := coAuthor.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
				found = append(found, person{name: m[1], email: m[2]})
			}
		}
	}
	found = slices.DeleteFunc(found, person.bot)
	for i, p := range found {
		if !login.MatchString(p.login) { // it goes into an address
			found[i].login = a.links.loginOf(p.email)
		}
		found[i].pull, found[i].sha = c.Pull, c.Commit.SHA
	}
	return found
}

// bot tells that nobody is to be thanked: a program, or the page that merged.
func (p person) bot() bool {
	name := strings.ToLower(p.name)
	local, _, _ := strings.Cut(strings.ToLower(p.email), "@")
	return p.name == "" || strings.HasSuffix(name, "[bot]") || strings.HasSuffix(local, "[bot]") || strings.HasSuffix(strings.ToLower(p.login), "[bot]") ||
		name == "github" && local == "noreply" || name == "web-flow"
}

// loginOf reads the login out of the address that the server gives those who hide theirs:
// 123+login@users.noreply.github.com. Elsewhere anybody may write that, and it is nobody's.
func (l links) loginOf(email string) string {
	local, domain, _ := strings.Cut(email, "@")
	_, host, _ := strings.Cut(l.server, "://")
	if host == "" || !strings.EqualFold(domain, "users.noreply."+host) {
		return ""
	}
	if _, after, ok := strings.Cut(local, "+"); ok {
		local = after
	}
	if !login.MatchString(local) || len(local) > 60 {
		return ""
	}
	return local
}

// identities are what a person may be known by.
func (p person) identities() []string {
	var ids []string
	for _, id := range []string{"name " + p.name, "email " + p.email, "login " + p.login} {
		if kind, value, _ := strings.Cut(id, " "); strings.TrimSpace(value) != "" {
			ids = append(ids, kind+" "+strings.ToLower(strings.TrimSpace(value)))
		}
	}
	return ids
}

// contributors are the people behind changes, each once, by name. One is the same where name, address
// or login is.
func (a arrangement) contributors(all []person) []person {
	var people []person
	at := map[string]int{}
	for _, p := range all {
		i := -1
		for _, id := range p.identities() {
			if found, ok := at[id]; ok {
				i = found
				break
			}
		}
		if i < 0 {
			i = len(people)
			p.first = a.known != nil
			people = append(people, p)
		}
		people[i].login = cmp.Or(people[i].login, p.login)
		people[i].pull = cmp.Or(people[i].pull, p.pull)
		for _, id := range p.identities() {
			at[id] = i
			people[i].first = people[i].first && !a.known[id]
		}
	}
	slices.SortStableFunc(people, func(x, y person) int {
		return cmp.Compare(strings.ToLower(cmp.Or(x.login, x.name)), strings.ToLower(cmp.Or(y.login, y.name)))
	})
	return people
}
