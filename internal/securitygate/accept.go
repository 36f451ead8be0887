package securitygate

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/duration"
	"github.com/slipway-actions/slipway/internal/policy"
)

const day = 24 * time.Hour

// covers tells whether an acceptance is about a vulnerability, by its id or an alias.
func covers(a policy.Acceptance, v vulnerability) bool {
	if a.Package != "" && a.Package != v.pkg.Name {
		return false
	}
	return slices.ContainsFunc(append([]string{v.id}, v.aliases...), func(id string) bool { return strings.EqualFold(id, a.ID) })
}

// daysLeft counts the days until an acceptance's last one is over; negative after it.
func daysLeft(a policy.Acceptance, now time.Time) int {
	left := a.Expires.Add(day).Sub(now)
	if left <= 0 {
		return -1
	}
	return int(left / day)
}

// rejected says why an acceptance does not hold now; "" where it does.
func rejected(a policy.Acceptance, now time.Time, longest time.Duration) string {
	expires := a.Expires.Format(time.DateOnly)
	switch {
	case daysLeft(a, now) < 0:
		return fmt.Sprintf("%s accepted it until %s, which is over", a.Owner, expires)
	case longest > 0 && a.Expires.Sub(now) > longest:
		return fmt.Sprintf("%s accepted it until %s, but the policy's max-acceptance allows %s", a.Owner, expires, duration.Format(longest))
	}
	return ""
}

// accept takes out what is accepted, and lists the acceptances that nothing needs.
func accept(found []vulnerability, r rules, now time.Time) (live, accepted []vulnerability, unused []policy.Acceptance) {
	used := make([]bool, len(r.accepted))
	for _, v := range found {
		for i, a := range r.accepted {
			if !covers(a, v) {
				continue
			}
			used[i] = true
			if why := rejected(a, now, r.maxAcceptance); why != "" {
				v.note = why
				continue
			}
			v.accepted = &r.accepted[i]
			break
		}
		if v.accepted != nil {
			accepted = append(accepted, v)
		} else {
			live = append(live, v)
		}
	}
	for i, a := range r.accepted {
		if !used[i] {
			unused = append(unused, a)
		}
	}
	return live, accepted, unused
}
