package securitygate

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/duration"
	"github.com/slipway-actions/slipway/internal/glob"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/result"
)

const day = 24 * time.Hour

// covers tells whether an acceptance is about a risk: its id or an alias, the package, the versions and
// the files. Versions that cannot be compared are not covered, and the reason is told.
func covers(a policy.Acceptance, r risk) (yes bool, why string) {
	named := slices.ContainsFunc(append([]string{r.id}, r.aliases...), func(id string) bool { return strings.EqualFold(id, a.ID) })
	if !named && r.kind == leaked && a.Path != "" { // all secrets of a rule, in certain files only
		named = len(a.ID) < len(r.id) && strings.HasPrefix(r.id, a.ID+":") && strings.Count(a.ID, ":") == 1
	}
	if !named || a.Package != "" && a.Package != r.pkg.Name {
		return false, ""
	}
	if a.Path != "" && (len(r.places) == 0 || slices.ContainsFunc(r.places, func(p result.Where) bool { return !glob.Within(a.Path, p.File) })) {
		return false, ""
	}
	if a.Versions != "" {
		switch in, err := r.pkg.Within(a.Versions); {
		case err != nil:
			return false, fmt.Sprintf("%s accepted it for %s, but %v", a.Owner, a.Versions, err)
		case !in:
			return false, fmt.Sprintf("%s accepted it for %s alone", a.Owner, a.Versions)
		}
	}
	return true, ""
}

// daysLeft counts the days until an acceptance's last one is over; negative after it.
func daysLeft(expires, now time.Time) int {
	left := expires.Add(day).Sub(now)
	if left <= 0 {
		return -1
	}
	return int(left / day)
}

// rejected says why an acceptance does not hold now; "" where it does.
func rejected(a policy.Acceptance, now time.Time, longest time.Duration) string {
	expires := a.Expires.Format(time.DateOnly)
	from := now
	if !a.Since.IsZero() && a.Since.Before(now) {
		from = a.Since.Time
	}
	switch {
	case daysLeft(a.Expires.Time, now) < 0:
		return fmt.Sprintf("%s accepted it until %s, which is over", a.Owner, expires)
	case longest > 0 && a.Expires.Sub(from) > longest:
		return fmt.Sprintf("%s accepted it until %s, but the policy's max-acceptance allows %s", a.Owner, expires, duration.Format(longest))
	}
	return ""
}

// accept takes out what is accepted, and lists the acceptances that nothing needs. A statement of a VEX
// file counts where no acceptance does.
func accept(found []risk, e evidence) (live, accepted []risk, unused []policy.Acceptance) {
	used := make([]bool, len(e.rules.accepted))
	for _, r := range found {
		if r.accepted != nil { // a report says so
			accepted = append(accepted, r)
			continue
		}
		for i, a := range e.rules.accepted {
			yes, why := covers(a, r)
			used[i] = used[i] || yes || why != ""
			if yes {
				why = rejected(a, e.now, e.maxAcceptance)
			}
			if yes && why == "" {
				r.accepted = &carried{owner: a.Owner, reason: a.Reason, source: "policy", since: a.Since.Time, expires: a.Expires.Time}
				break
			}
			if why != "" {
				r.notes = append(r.notes, why)
			}
		}
		if r.accepted == nil {
			var why string
			if r.accepted, why = e.stated(r); why != "" {
				r.notes = append(r.notes, why)
			}
		}
		if r.accepted != nil {
			accepted = append(accepted, r)
		} else {
			live = append(live, r)
		}
	}
	for i, a := range e.rules.accepted {
		if !used[i] {
			unused = append(unused, a)
		}
	}
	return live, accepted, unused
}
