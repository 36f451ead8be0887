package securitygate

import (
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
		for _, s := range file.said {
			if s.Clears() && s.Covers(ids, r.pkg) {
				return &carried{owner: s.Author, reason: s.Why(), source: file.path, since: s.Issued}
			}
		}
	}
	return nil
}
