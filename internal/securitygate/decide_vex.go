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

// stated is what a VEX file says that takes a vulnerability out; nil where none does. An acceptance is
// asked first, for it has an owner and an end.
func (e evidence) stated(r risk) *carried {
	if r.kind != vulnerable {
		return nil
	}
	ids := append([]string{r.id}, r.aliases...)
	for _, file := range e.vex {
		s, ok := vex.Latest(file.said, ids, r.pkg)
		if !ok {
			continue
		}
		if excused, _ := s.Excuses(); excused {
			return &carried{owner: s.Author, reason: strings.Join(slices.DeleteFunc([]string{string(s.Status), s.Justification, s.Impact}, func(word string) bool { return word == "" }), ": "), source: file.path, since: s.Issued}
		}
	}
	return nil
}
