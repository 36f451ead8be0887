package gonogo

import (
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/codeowners"
)

// own finds the owners of the changed files.
func (v *voices) own(e evidence) {
	f := e.People.Owners
	switch {
	case f.File.Problem.What != "":
		v.ownerless = "CODEOWNERS could not be read: " + f.File.Problem.What
		return
	case f.File.Missing:
		v.ownerless = "there is no CODEOWNERS where the policy is"
		return
	case f.Path == "":
		v.ownerless = "CODEOWNERS was not read"
		return
	case f.Unlisted.What != "":
		v.ownerless = "the changed files are not known: " + f.Unlisted.What
		return
	}
	rules, err := codeowners.Parse(string(f.File.Text))
	paths := f.Changed
	var owners [][]codeowners.Owner
	if err == nil {
		owners, err = rules.Of(paths)
	}
	if err != nil {
		v.ownerless = f.Path + " cannot be read: " + err.Error()
		return
	}
	for i, some := range owners {
		if len(some) > 0 {
			v.owned, v.owners = append(v.owned, paths[i]), append(v.owners, some)
		}
	}
	if len(v.owned) == 0 {
		v.ownerless = "no changed file has an owner in " + f.Path
	}
}

// owns tells whether somebody is among some owners.
func (v voices) owns(owners []codeowners.Owner, login string) (yes bool, why string) {
	var teams []string
	for _, o := range owners {
		switch {
		case o.Login != "" && strings.EqualFold(o.Login, login):
			return true, ""
		case o.Team != "":
			teams = append(teams, o.Team)
		}
	}
	return v.inTeams(teams, login)
}

// ownsSome tells whether somebody owns any of the changed files.
func (v voices) ownsSome(login string) (yes bool, why string) {
	if len(v.owned) == 0 {
		return false, v.ownerless
	}
	for _, owners := range v.owners {
		yes, unknown := v.owns(owners, login)
		if yes {
			return true, ""
		}
		if unknown != "" {
			why = unknown
		}
	}
	return false, why
}

// cover lets approvers stand for the role if each changed file that has owners has one of them.
func (v voices) cover(s *stand, approvers []word) {
	if v.ownerless != "" {
		s.maybe = append(s.maybe, v.ownerless)
		return
	}
	var by []word
	for i, owners := range v.owners {
		var found *word
		why := ""
		for _, w := range approvers {
			yes, unknown := v.owns(owners, w.by)
			if yes {
				found = &w
				break
			}
			if unknown != "" {
				why = w.by + " approved and " + unknown
			}
		}
		if found == nil {
			text := v.owned[i] + " has no approval of an owner (" + ownerList(owners) + ")"
			if why != "" {
				text += "; " + why
			}
			s.maybe = append(s.maybe, text)
			return
		}
		if !slices.ContainsFunc(by, func(w word) bool { return strings.EqualFold(w.by, found.by) }) {
			by = append(by, *found)
		}
	}
	s.by = by
}

func ownerList(owners []codeowners.Owner) string {
	var names []string
	for _, o := range owners {
		name := o.String()
		if o.Email != "" {
			name += ", an address that is nobody's login"
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}
