package gonogo

import (
	"slices"

	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// known is what follows from the evidence and more than one criterion needs.
type known struct {
	release    release
	changeType string // standard, normal or emergency
	risk       score
}

// release is what version-bump found out about this commit.
type release struct {
	known                           bool // a result of version-bump for this commit was handed in and passes
	version, tag, previousTag, bump string
	kind                            string // feature, hotfix, security, beta or lts
	changed                         bool   // there is something to release
	vague                           bool   // it does not say whether there is
	rootless                        bool   // it does not say what was released before, or that nothing was
}

func knownOf(e evidence) known {
	k := known{release: releaseOf(e)}
	k.changeType = changeTypeOf(e, k.release)
	k.risk = riskOf(e)
	return k
}

// releaseOf takes the release from version-bump's result. Where several were handed in that do not
// say the same, none counts.
func releaseOf(e evidence) release {
	var found release
	for _, d := range e.Documents {
		if d.Problem != "" || d.Action != "version-bump" || judgeDocument(d, policy.Evidence{}, e).outcome != verdict.Passed {
			continue
		}
		text := func(name string) string { s, _ := d.Data[name].(string); return s }
		changed, said := d.Data["changed"].(bool)
		_, rooted := d.Data["previousTag"].(string)
		r := release{true, text("version"), text("tag"), text("previousTag"), text("bump"), text("releaseType"), changed, !said, !rooted}
		if found.known && found != r {
			return release{}
		}
		found = r
	}
	return found
}

// changeTypeOf is the type that the caller names, else the one that the policy gives to the bump or
// the type of the release, emergency before standard; else normal, which asks for most. A change is standard
// only where both are known: what is not told might make it an emergency.
func changeTypeOf(e evidence, r release) string {
	if e.ChangeType != "auto" && e.ChangeType != "" {
		return e.ChangeType
	}
	for _, name := range []string{"emergency", "standard"} {
		if name == "standard" && r.known && (r.vague || r.changed && (r.bump == "" || r.kind == "")) {
			continue
		}
		for _, word := range []string{r.bump, r.kind} {
			if word != "" && slices.Contains(e.Gate.ChangeTypes[name], word) {
				return name
			}
		}
	}
	return "normal"
}
