package changelog

import (
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/change"
	"github.com/slipway-actions/slipway/internal/policy"
)

// view is what one kind of reader is shown, and how.
type view struct {
	audience   string   // all, internal, external or support
	hideScopes []string // lower case
	hideTypes  []string // lower case
}

func viewFor(audience string, p policy.Audience) view {
	v := view{audience: audience}
	for _, s := range p.HideScopes {
		v.hideScopes = append(v.hideScopes, strings.ToLower(s))
	}
	for _, t := range p.HideTypes {
		v.hideTypes = append(v.hideTypes, strings.ToLower(t))
	}
	return v
}

// hides tells whether an audience is spared a change, and why. What breaks is hidden from nobody.
func (v view) hides(c change.Change) (why string, yes bool) {
	if c.Breaking {
		return "", false
	}
	if slices.Contains(v.hideTypes, c.Type) {
		return "the type " + c.Type + " is hidden from this audience", true
	}
	scopes := strings.FieldsFunc(strings.ToLower(c.Scope), func(r rune) bool { return r == ',' || r == ' ' })
	for _, s := range scopes {
		if !slices.Contains(v.hideScopes, s) {
			return "", false
		}
	}
	if len(scopes) > 0 {
		return "the scope " + c.Scope + " is hidden from this audience", true
	}
	return "", false
}

// plain tells that the notes are for people who do not know the repository: no ids, no scopes in
// bold, no links into it, no authors.
func (v view) plain() bool { return v.audience == policy.External }

// others tells that types which no section lists are shown as well.
func (v view) others() bool { return v.audience == policy.Internal }

// fixesOnly tells that of the policy's sections only those with fixes are shown.
func (v view) fixesOnly() bool { return v.audience == policy.Support && len(v.hideTypes) == 0 }

// credits tells that contributors are named.
func (v view) credits() bool { return v.audience == policy.All || v.audience == policy.Internal }
