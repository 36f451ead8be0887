package gonogo

import (
	"cmp"
	"slices"
	"strings"
)

// claims are the memberships that decide what somebody's words count for.
func claims(e evidence) []membership {
	var pairs []membership
	claim := func(login string, bot bool, teams []string) {
		if bot || !isLogin(login) {
			return
		}
		for _, team := range teams {
			pairs = append(pairs, membership{Team: strings.TrimPrefix(team, "@"), Login: login})
		}
	}
	as := func(login string, bot bool, role string) {
		r := e.Gate.Roles[role]
		if slices.ContainsFunc(r.Users, func(user string) bool { return strings.EqualFold(strings.TrimPrefix(user, "@"), login) }) {
			return
		}
		claim(login, bot, r.Teams)
	}
	speak := func(v voices) {
		teams := v.ownerTeams()
		for _, words := range v.words {
			for _, w := range words {
				for _, role := range e.Gate.Approvals.Roles() {
					if w.role != "" && w.role != role {
						continue
					}
					as(w.by, w.bot, role)
					if e.Gate.Roles[role].CodeOwners {
						claim(w.by, w.bot, teams)
					}
				}
			}
		}
	}
	if e.Gate.Approvals != nil {
		speak(voicesNow(e))
		for _, p := range e.People.Past {
			speak(voicesThen(e, p))
		}
	}
	if w := e.Gate.Waivers; w != nil {
		for _, role := range w.Allow {
			for _, g := range w.Granted {
				as(strings.TrimPrefix(g.By, "@"), false, role)
			}
			for _, c := range commandsOf(e.Ticketed.Comments) {
				if c.verb == "waive" && c.fault == "" {
					as(c.by, strings.HasSuffix(c.by, "[bot]"), role)
				}
			}
		}
	}
	for _, c := range e.Gate.Criteria {
		if c.Checklist != nil && c.Checklist.By != "" {
			for _, t := range e.People.Ticks {
				as(t.By, false, c.Checklist.By)
			}
		}
	}
	slices.SortFunc(pairs, func(a, b membership) int {
		return cmp.Or(strings.Compare(a.key(), b.key()), strings.Compare(a.Login, b.Login), strings.Compare(a.Team, b.Team))
	})
	return slices.CompactFunc(pairs, func(a, b membership) bool { return a.key() == b.key() })
}

// ownerTeams are the teams that own changed files, each once.
func (v voices) ownerTeams() []string {
	var teams []string
	for _, owners := range v.owners {
		for _, o := range owners {
			if o.Team != "" {
				teams = append(teams, o.Team)
			}
		}
	}
	slices.Sort(teams)
	return slices.Compact(teams)
}

func (m membership) key() string { return strings.ToLower(m.Team + " " + m.Login) }

// isLogin keeps odd names out of addresses.
func isLogin(s string) bool {
	return s != "" && len(s) <= 100 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == ""
}
