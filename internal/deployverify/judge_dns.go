package deployverify

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/slipway-actions/slipway/internal/probe"
)

func (r namesRule) wanted() []string {
	parts := []string{fmt.Sprintf("addresses: %s", r.answers)}
	if len(r.addresses) > 0 {
		parts = append(parts, "among them "+list(r.addresses))
	}
	return parts
}

// judgeNames says what is wrong with what a name resolves to. Of an answer that is not whole only what it
// holds is known, not what it lacks.
func (s *sight) judgeNames(r namesRule, n *probe.Names) (problems []string) {
	if n == nil {
		return s.unclear("the resolver said nothing")
	}
	s.whole = true
	if len(n.Addresses) == 0 {
		problems = append(problems, "there is no such name, or it has no address")
	} else if !r.answers.Holds(len(n.Addresses)) {
		problems = append(problems, fmt.Sprintf("addresses: %d, wanted %s", len(n.Addresses), r.answers))
	}
	for _, want := range r.addresses {
		address, err := netip.ParseAddr(want)
		if err != nil || !slices.Contains(n.Addresses, address.Unmap()) {
			problems = append(problems, want+" is not among its addresses")
		}
	}
	if n.Partial != "" && (len(problems) > 0 || !r.answers.AtLeast()) {
		return s.unclear("the resolver: " + shown(n.Partial))
	}
	return problems
}
