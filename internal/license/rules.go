package license

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/github/go-spdx/v2/spdxexp/spdxlicenses"
)

// judge are rules that were read.
type judge struct{ allow, deny []term }

func (r Rules) judge() (judge, error) {
	var j judge
	var err error
	if j.allow, err = terms("allow", r.Allow); err != nil {
		return judge{}, err
	}
	j.deny, err = terms("deny", r.Deny)
	return j, err
}

func terms(list string, rules []string) ([]term, error) {
	var all []term
	for _, rule := range rules {
		e, err := parse(rule)
		switch {
		case err != nil || e.guessed || e.op == "" && e.term.problem != "":
			return nil, unknownRule(list, rule, e, err)
		case e.op != "":
			return nil, fmt.Errorf("%s: %q is several licences; name each by itself", list, shorten(rule))
		}
		all = append(all, e.term)
	}
	return all, nil
}

func unknownRule(list, rule string, e expression, err error) error {
	problem := fmt.Sprintf("%s: %q is no licence that SPDX knows (https://spdx.org/licenses/)", list, shorten(rule))
	if err == nil && !e.guessed {
		problem = list + ": " + e.term.problem
	}
	if e.guessed {
		problem += fmt.Sprintf("; its id is %s", e.term.text)
	} else if near := nearest(rule); near != "" {
		problem += fmt.Sprintf("; is %s meant?", near)
	}
	return errors.New(problem)
}

// nearest is the id that differs by the fewest letters, "" where none is near.
func nearest(text string) string {
	if len(text) > 60 {
		return ""
	}
	best, least := "", 1+min(3, len(text)/3)
	ids := slices.Concat(spdxlicenses.GetLicenses(), spdxlicenses.GetExceptions())
	slices.SortFunc(ids, func(a, b string) int { return cmp.Compare(a, b) })
	for _, id := range ids {
		if d := distance(plain(text), plain(id)); d < least {
			best, least = id, d
		}
	}
	return best
}

// distance is how many letters have to be put in, taken out or changed.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := before
			if a[i] != b[j] {
				change++
			}
			before = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

func (j judge) expression(e expression) verdict {
	if e.op == "" {
		return j.term(e.term)
	}
	var all []verdict
	for _, p := range e.parts {
		all = append(all, j.expression(p))
	}
	if e.op == "OR" {
		return either(all)
	}
	return both(all)
}

// term judges one licence. Of one that may be taken in a later version, one version that is allowed
// will do.
func (j judge) term(t term) verdict {
	if t.problem != "" {
		return verdict{Unknown, t.problem}
	}
	denied := 0
	choices := t.versions()
	for _, choice := range choices {
		if j.denies(t, choice) {
			denied++
			continue
		}
		if !t.ref && len(j.allow) == 0 || j.allows(choice) {
			return verdict{Allowed, t.text + " is allowed"}
		}
	}
	switch {
	case denied == len(choices):
		return verdict{Denied, t.text + " is denied"}
	case t.ref:
		return verdict{Unknown, "what " + t.text + " says is written elsewhere"}
	}
	return verdict{Denied, t.text + " is not among the licences that are allowed"}
}

// denies looks for a choice among what is denied. A rule without an exception denies the licence
// with any, unless just that pair is allowed. A rule with an outdated id such as GPL-2.0 denies what
// has ever been meant by it: that version alone, and that version or later.
func (j judge) denies(t, choice term) bool {
	pair := choice.exception != "" && slices.ContainsFunc(j.allow, func(rule term) bool {
		return rule.exception == choice.exception && rule.covers(choice.base)
	})
	return slices.ContainsFunc(j.deny, func(rule term) bool {
		switch {
		case rule.exception != "" && rule.exception != choice.exception, rule.exception == "" && pair:
			return false
		case rule.outdated && rule.base == t.base:
			return true
		}
		return rule.covers(choice.base)
	})
}

// allows looks for a choice among what is allowed. An exception only adds to what a licence permits,
// so the licence without one covers it.
func (j judge) allows(choice term) bool {
	return slices.ContainsFunc(j.allow, func(rule term) bool {
		return (rule.exception == "" || rule.exception == choice.exception) && rule.covers(choice.base)
	})
}
