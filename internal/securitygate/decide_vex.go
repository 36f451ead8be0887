package securitygate

import (
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/vex"
)

// statements are those of one VEX file that the policy names.
type statements struct {
	path string
	said []vex.Statement
}

// stated is what the VEX files say that takes a vulnerability out; nil where nothing does, with the reason
// where something tries to. The last word counts, in whichever file. An acceptance is asked first, for it
// has an owner and an end.
func (e evidence) stated(r risk) (clears *carried, why string) {
	if r.kind != vulnerable {
		return nil, ""
	}
	ids := append([]string{r.id}, r.aliases...)
	var last []vex.Statement // of each file
	var paths []string
	for _, file := range e.vex {
		said := slices.DeleteFunc(slices.Clone(file.said), func(s vex.Statement) bool { return s.Issued.After(e.now) })
		if s, ok := vex.Latest(said, ids, r.pkg); ok {
			last, paths = append(last, s), append(paths, file.path)
		}
	}
	s, ok := vex.Latest(last, ids, r.pkg)
	if !ok {
		return nil, ""
	}
	path := paths[slices.IndexFunc(last, func(one vex.Statement) bool {
		return one.Issued.Equal(s.Issued) && one.Status == s.Status && one.Line == s.Line
	})]
	if excused, why := s.Excuses(); !excused {
		return nil, path + " is about it and does not count: " + why
	}
	words := slices.DeleteFunc([]string{string(s.Status), s.Justification, s.Impact}, func(word string) bool { return word == "" })
	return &carried{owner: s.Author, reason: strings.Join(words, ": "), source: path, since: s.Issued}, ""
}
