package sarif

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/slipway-actions/slipway/internal/report"
)

// What GitHub's code scanning takes. Beyond either of these it refuses the report.
// https://docs.github.com/en/code-security/code-scanning/troubleshooting-sarif-uploads
const (
	packedLimit   = 10 << 20 // bytes after gzip
	locationLimit = 1_000    // of a result, the first included
	tagLimit      = 20       // of a rule
	noteLimit     = 200      // notifications: ours, GitHub names none
)

const (
	toolName = "Slipway security-gate"
	home     = "https://github.com/slipway-actions/slipway"
	schema   = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

// Encode writes a report as GitHub's code scanning takes it: one run, rules and results in order,
// the same text for the same report. What does not fit is left out, the least severe first, and
// the report says so and counts as incomplete. An alert without rule, place or fingerprint is an
// error.
func Encode(r Report) ([]byte, error) { return encode(r, packedLimit) }

func encode(r Report, limit int) ([]byte, error) {
	alerts := slices.Clone(r.Alerts)
	for i := range alerts {
		a := &alerts[i]
		a.Rule, a.Name, a.Places = oneLine(a.Rule, 250), oneLine(a.Name, 250), a.places()
		if err := a.check(); err != nil {
			return nil, fmt.Errorf("encode SARIF report: %w", err)
		}
	}
	slices.SortStableFunc(alerts, moreSevere)
	for keep := min(len(alerts), resultLimit); ; {
		text, err := marshal(r, alerts[:keep])
		if err != nil {
			return nil, fmt.Errorf("encode SARIF report: %w", err)
		}
		size, err := packed(text)
		if err != nil {
			return nil, fmt.Errorf("encode SARIF report: %w", err)
		}
		if size <= limit {
			return text, nil
		}
		if keep == 0 {
			return nil, fmt.Errorf("encode SARIF report: without any result it still has more than %d bytes after gzip", limit)
		}
		keep = min(keep-1, int(float64(keep)*0.95*float64(limit)/float64(size)))
	}
}

// moreSevere orders alerts by what must not be left out, then by all that tells them apart.
func moreSevere(a, b Alert) int {
	failing := func(a Alert) int {
		return map[Outcome]int{Failing: 0, Warning: 1, Accepted: 2}[a.Outcome]
	}
	return cmp.Or(failing(a)-failing(b), -cmp.Compare(a.Level, b.Level), -cmp.Compare(a.score(), b.score()), inOrder(a, b))
}

// inOrder is the order in which alerts are written.
func inOrder(a, b Alert) int {
	return cmp.Or(
		strings.Compare(a.Rule, b.Rule), slices.CompareFunc(a.Places, b.Places, comparePlaces),
		strings.Compare(a.Fingerprint, b.Fingerprint), strings.Compare(a.Message, b.Message), strings.Compare(a.Summary, b.Summary),
		strings.Compare(a.Description, b.Description), strings.Compare(a.Next, b.Next),
	)
}

func comparePlaces(a, b Place) int {
	return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
}

func marshal(r Report, alerts []Alert) ([]byte, error) {
	var cuts cuts
	cuts.results = len(r.Alerts) - len(alerts)
	alerts = slices.Clone(alerts)
	slices.SortStableFunc(alerts, inOrder)
	rules, at := rulesOf(alerts, &cuts)
	run := runOut{
		Tool:       toolOut{driverOut{Name: toolName, Version: r.ToolVersion, InformationURI: home, Rules: rules}},
		Automation: idOut{"slipway/security-gate/"},
		Bases:      map[string]baseOut{sourceRoot: {textOut{Text: "The workspace: where the repository is checked out."}}},
		Results:    make([]resultOut, len(alerts)),
	}
	// A baselineState on one result is one on all (specification, 3.27.24).
	compared := !slices.ContainsFunc(alerts, func(a Alert) bool { return a.Baseline == "" })
	for i, a := range alerts {
		index := at[a.Rule]
		run.Results[i] = resultOf(a, index, rules[index], &cuts)
		if compared {
			run.Results[i].Baseline = a.Baseline
		}
	}
	notes := notificationsOf(r.Incomplete, cuts)
	failed := slices.ContainsFunc(notes, func(n notificationOut) bool { return n.Level == "error" })
	run.Invocations = []invocationOut{{Successful: !failed, Notifications: notes}}

	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	err := e.Encode(logOut{Schema: schema, Version: "2.1.0", Runs: []runOut{run}})
	return b.Bytes(), err
}

// cuts counts what was left out.
type cuts struct{ results, places, tags int }

// notificationsOf says what the report does not hold: of the level error where a result may be
// missing, a warning where only a part of one is.
func notificationsOf(incomplete []string, c cuts) []notificationOut {
	notes := []notificationOut{}
	add := func(level, text string) {
		notes = append(notes, notificationOut{level, textOut{Text: plainText(text, 1000)}})
	}
	incomplete = slices.Clone(incomplete)
	slices.Sort(incomplete)
	incomplete = slices.Compact(incomplete)
	for i, text := range incomplete {
		if i == noteLimit {
			add("error", fmt.Sprintf("And %s more.", report.Count(len(incomplete)-i, "thing")))
			break
		}
		if text = strings.TrimSpace(text); text == "" {
			text = "Something could not be looked at."
		}
		add("error", text)
	}
	if c.results > 0 {
		add("error", fmt.Sprintf("%s left out, the least severe: GitHub takes at most %d, or %d MB after gzip.", report.Count(c.results, "result"), resultLimit, packedLimit>>20))
	}
	if c.places > 0 {
		add("warning", fmt.Sprintf("%s left out: GitHub takes at most %d of a result.", report.Count(c.places, "place"), locationLimit))
	}
	if c.tags > 0 {
		add("warning", fmt.Sprintf("%s left out: GitHub takes at most %d of a rule.", report.Count(c.tags, "tag"), tagLimit))
	}
	return notes
}

// packed is how many bytes are sent to GitHub, before base64.
func packed(text []byte) (int, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(text); err != nil {
		return 0, err
	}
	err := z.Close()
	return b.Len(), err
}
