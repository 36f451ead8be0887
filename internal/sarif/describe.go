package sarif

import (
	"cmp"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/osv"
	"github.com/slipway-actions/slipway/internal/report"
)

// rulesOf are the rules of alerts that are sorted by rule, and where each is. A rule is described
// by its most severe alert, and has the highest score and level of all: GitHub knows no score of a
// single result.
func rulesOf(alerts []Alert, cuts *cuts) ([]ruleOut, map[string]int) {
	rules, at := []ruleOut{}, map[string]int{}
	for len(alerts) > 0 {
		n := 1
		for n < len(alerts) && alerts[n].Rule == alerts[0].Rule {
			n++
		}
		at[alerts[0].Rule] = len(rules)
		rules = append(rules, ruleOf(alerts[:n], cuts))
		alerts = alerts[n:]
	}
	return rules, at
}

func ruleOf(alerts []Alert, cuts *cuts) ruleOut {
	worst := slices.MinFunc(alerts, moreSevere)
	best := slices.MaxFunc(alerts, func(a, b Alert) int { return cmp.Compare(a.score(), b.score()) })
	rule := ruleOut{ID: worst.Rule, Name: worst.Name, HelpURI: webAddress(worst.HelpURI), Default: levelOut{"note"}}
	for _, a := range alerts {
		if rank(a.level()) > rank(rule.Default.Level) {
			rule.Default.Level = a.level()
		}
	}
	rule.Short.Text = oneLine(cmp.Or(strings.TrimSpace(worst.Summary), worst.Rule), 250)
	rule.Full.Text = plainText(cmp.Or(strings.TrimSpace(worst.Description), rule.Short.Text), 1000)
	rule.Help = helpOf(worst, rule)
	tags := []string{}
	for _, a := range alerts {
		tags = append(tags, a.Tags...)
	}
	if score := best.score(); score > 0 {
		rule.Properties.Severity = decimal(score)
	}
	if worst.Level == osv.Unrated {
		tags = append(tags, "unrated")
	}
	rule.Properties.Tags = tagsOf(tags, cuts)
	return rule
}

// tagsOf puts "security", by which GitHub knows an alert as one of security, before all others.
func tagsOf(tags []string, cuts *cuts) []string {
	all := []string{}
	for _, tag := range tags {
		if tag = oneLine(tag, 200); tag != "" && tag != "security" {
			all = append(all, tag)
		}
	}
	slices.Sort(all)
	all = slices.Concat([]string{"security"}, slices.Compact(all))
	cuts.tags += max(len(all)-tagLimit, 0)
	return all[:min(len(all), tagLimit)]
}

// helpOf is what GitHub shows beside an alert: in Markdown, so the words of advisories are escaped.
func helpOf(a Alert, rule ruleOut) textOut {
	var text, markdown []string
	add := func(s, escaped string) {
		text, markdown = append(text, s), append(markdown, escaped)
	}
	add(rule.Full.Text, escapeLines(rule.Full.Text))
	if next := plainText(a.Next, 1000); next != "" {
		add("Next: "+next, "**Next:** "+escapeLines(next))
	}
	if rule.HelpURI != "" {
		add(rule.HelpURI, "<"+rule.HelpURI+">")
	}
	return textOut{strings.Join(text, "\n\n"), strings.Join(markdown, "\n\n")}
}

func escapeLines(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = report.Escape(line)
	}
	return strings.Join(lines, "\n")
}

func resultOf(a Alert, index int, rule ruleOut, cuts *cuts) resultOut {
	cuts.places += max(len(a.Places)-locationLimit, 0)
	places := a.Places[:min(len(a.Places), locationLimit)]
	text := cmp.Or(plainText(a.Message, 1000), rule.Short.Text)
	if next := plainText(a.Next, 1000); next != "" {
		text += "\n" + next
	}
	result := resultOut{
		RuleID: a.Rule, RuleIndex: index, Level: a.level(), Message: textOut{Text: text},
		Locations: []locationOut{{Physical: physicalOf(places[0])}}, Partial: map[string]string{"slipway/v1": a.Fingerprint},
		Suppressions: []suppressionOut{}, // none and "not known" are different things (specification, 3.27.23)
	}
	for i, p := range places[1:] {
		result.Related = append(result.Related, locationOut{ID: i + 1, Message: &textOut{Text: "It is here as well."}, Physical: physicalOf(p)})
	}
	if a.Outcome == Accepted {
		result.Suppressions = append(result.Suppressions, suppressionOut{
			Kind: "external", Status: "accepted", Justification: plainText(a.Justification, 1000),
			Properties: acceptedByOut{oneLine(a.Owner, 200), oneLine(a.Expires, 200)},
		})
	}
	return result
}

func physicalOf(p Place) physicalOut {
	return physicalOut{artifactOut{uriOf(p.File), sourceRoot}, regionOut{max(p.Line, 1)}}
}

// uriOf writes a path as a relative reference: each byte but the plainest in hexadecimal, so that
// no name can be read as a scheme, a query or a fragment (RFC 3986, 2.3).
func uriOf(file string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(file) {
		switch c := file[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.IndexByte("-._~/", c) >= 0:
			b.WriteByte(c)
		default:
			b.WriteString("%" + string(hex[c>>4]) + string(hex[c&15]))
		}
	}
	return b.String()
}

// plainText is text for a message, in which [words](target) is a link (specification, 3.11.6): a
// package's name must not become one.
func plainText(s string, most int) string {
	return report.Clip(strings.ReplaceAll(strings.TrimSpace(report.Printable(s)), "](", "] ("), most)
}

func oneLine(s string, most int) string { return report.Clip(report.OneLine(s), most) }
