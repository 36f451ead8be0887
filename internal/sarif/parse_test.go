package sarif_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/slipway-actions/slipway/internal/sarif"
)

// run is a report of one run with these results and whatever else.
func run(results, more string) string {
	return `{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"T","rules":[
		{"id":"R","defaultConfiguration":{"level":"note"},"properties":{"security-severity":"5.0"}},
		{"id":"E","defaultConfiguration":{"level":"error"}},{"id":"P"}]}},"results":` + results + more + `}]}`
}

func one(result string) string { return run("["+result+"]", "") }

func TestRefused(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"empty", "", "it is no JSON"},
		{"cut off", run("[", "")[:60], "line 1: unexpected end of JSON input"},
		{"no JSON", "{\n\"version\": 2.1.0}", "line 2: invalid character"},
		{"two reports in one file", one(`{}`) + one(`{}`), "it is no JSON"},
		{"UTF-16", "\xff\xfe{\x00}\x00", "UTF-16"},
		{"a list", "[]", "it is of the type array"},
		{"null", "null", "it is null"},
		{"no version", `{"runs":[]}`, `version: "", and only 2.1.0`},
		{"another version", `{"version":"2.0.0","runs":[]}`, `version: "2.0.0"`},
		{"a version of the wrong type", `{"version":2.1,"runs":[]}`, "version: it is of the type number"},
		{"no runs", `{"version":"2.1.0"}`, "runs: there is none"},
		{"runs are null", `{"version":"2.1.0","runs":null}`, "runs: there is none"},
		{"runs are empty", `{"version":"2.1.0","runs":[]}`, "runs: there is none"},
		{"a run is null", `{"version":"2.1.0","runs":[null]}`, "runs[0]: it is null"},
		{"results elsewhere in the report", `{"version":"2.1.0","runs":[{}],"inlineExternalProperties":[{"results":[]}]}`, "inlineExternalProperties"},
		{"no tool", `{"version":"2.1.0","runs":[{"results":[]}]}`, "runs[0].tool.driver.name: it is missing"},
		{"a tool without a name", `{"version":"2.1.0","runs":[{"tool":{"driver":{"name":" "}},"results":[]}]}`, "tool.driver.name: it is missing"},
		{"results of the wrong type", run(`{}`, ""), "runs[0].results: it is of the type object"},
		{"a result is null", one(`null`), "runs[0].results[0]: it is null"},
		{"a result of the wrong type", run(`[{"ruleId":"R"},7]`, ""), "runs[0].results[1]: it is of the type number"},
		{"a level of the wrong type", one(`{"level":3}`), "runs[0].results[0].level: it is of the type number"},
		{"a line of the wrong type", one(`{"locations":[{"physicalLocation":{"region":{"startLine":"3"}}}]}`), "startLine: it is of the type string"},
		{"an unknown level", one(`{"level":"critical"}`), `runs[0].results[0].level: "critical", want one of none, note, warning, error`},
		{"an unknown level of a rule", strings.Replace(one(`{"ruleId":"E"}`), `"error"`, `"high"`, 1), `level of its rule: "high"`},
		{"an unknown kind", one(`{"kind":"Pass"}`), `results[0].kind: "Pass"`},
		{"an unknown baseline state", one(`{"baselineState":"gone"}`), `baselineState: "gone"`},
		{"an index past the rules", one(`{"ruleIndex":3}`), "runs[0].results[0].ruleIndex: 3, and the list has 3"},
		{"an index below the rules", one(`{"ruleIndex":-2}`), "ruleIndex: -2"},
		{"an index past the rules beside an id", one(`{"ruleId":"R","ruleIndex":9}`), "ruleIndex: 9"},
		{"an index in rule", one(`{"rule":{"index":3}}`), "ruleIndex: 3"},
		{"two indexes", one(`{"ruleIndex":1,"rule":{"index":2}}`), "ruleIndex is 1 and rule.index 2"},
		{"an index past the extensions", one(`{"rule":{"id":"R","toolComponent":{"index":0}}}`), "rule.toolComponent.index: 0, and the list has 0"},
		{"an unknown extension", one(`{"rule":{"id":"R","toolComponent":{"name":"X"}}}`), `the tool has no part "X"`},
		{"a rule is null", strings.Replace(one(`{}`), `{"id":"P"}`, `null`, 1), "runs[0].tool.driver.rules[2]: it is null"},
		{"an extension is null", strings.Replace(one(`{}`), `{"driver"`, `{"extensions":[null],"driver"`, 1), "runs[0].tool.extensions[0]: it is null"},
		{"an invocation is null", run(`[]`, `,"invocations":[null]`), "invocations[0]: it is null"},
		{"success of the wrong type", run(`[]`, `,"invocations":[{"executionSuccessful":"yes"}]`), "invocations.executionSuccessful: it is of the type string"},
		{"a notification of an unknown level", run(`[]`, `,"invocations":[{"executionSuccessful":true,"toolExecutionNotifications":[{"level":"fatal"}]}]`), `level: "fatal"`},
		{"an override past the rules", run(`[]`, `,"invocations":[{"executionSuccessful":true,"ruleConfigurationOverrides":[{"descriptor":{"index":7}}]}]`), "descriptor.ruleIndex: 7"},
		{"an index past the invocations", one(`{"ruleId":"R","provenance":{"invocationIndex":0}}`), "provenance.invocationIndex: 0"},
		{"an index past the artifacts", one(`{"locations":[{"physicalLocation":{"artifactLocation":{"index":0}}}]}`), "artifactLocation.index: 0"},
		{"a location is null", one(`{"locations":[null]}`), "locations[0]: it is null"},
		{"a suppression is null", one(`{"suppressions":[null]}`), "suppressions[0]: it is null"},
		{"a suppression of an unknown status", one(`{"suppressions":[{"kind":"inSource","status":"fine"}]}`), `status: "fine"`},
		{"results twice", `{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"T"}},"results":[{"level":"error"}],"results":[]}]}`, `line 1: the key "results" is there twice`},
		{"results twice in other letters", `{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"T"}},"results":[{"level":"error"}],"Re\u017fults":[]}]}`, `the key "results" is there twice`},
		{"too deep", `{"version":"2.1.0","x":` + strings.Repeat("[", 200) + strings.Repeat("]", 200) + `}`, "more than 200 levels"},
		{"too many elements", `{"version":"2.1.0","x":[` + strings.Repeat("0,", 200_000) + `0]}`, "more than 200000 elements"},
		{"too many results", run(`[`+strings.Repeat("{},", 100_000)+`{}]`, ""), "runs[0].results: with those before there are more than 100000"},
		{"too many results of all runs", `{"version":"2.1.0","runs":[` + strings.Repeat(`{"tool":{"driver":{"name":"T"}},"results":[`+strings.Repeat("{},", 24_999)+`{}]},`, 4) + `{"tool":{"driver":{"name":"T"}},"results":[{}]}]}`, "runs[4].results: with those before there are more than 100000"},
		{"a rule with too long an id", strings.Replace(one(`{}`), `"P"`, `"`+strings.Repeat("P", 1001)+`"`, 1), "rules[2].id: it has more than 1000 bytes"},
		{"a result with too long an id", one(`{"ruleId":"` + strings.Repeat("P", 1001) + `"}`), "ruleId: it has more than 1000 bytes"},
		{"too many extensions", strings.Replace(one(`{}`), `{"driver"`, `{"extensions":[`+strings.Repeat("{},", 1000)+`{}],"driver"`, 1), "extensions: there are more than 1000"},
		{"too many runs", `{"version":"2.1.0","runs":[` + strings.Repeat("{},", 100) + `{}]}`, "runs: there are more than 100"},
		{"too large", strings.Repeat(" ", 50<<20) + "{}", "it has more than 50 MB"},
	}
	for _, test := range tests {
		runs, err := sarif.Parse([]byte(test.text))
		if err == nil || !strings.HasPrefix(err.Error(), "read SARIF report: ") || !strings.Contains(err.Error(), test.want) || runs != nil {
			t.Errorf("%s: %v, want %q", test.name, err, test.want)
		}
	}
}

// A run that is not all that the tool should have looked at is not complete.
func TestComplete(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string // problems
	}{
		{"nothing found", run(`[]`, ""), nil},
		{"nothing looked at", run(`null`, ""), []string{"it has no list of results, which means that the tool did not get to look for any"}},
		{"no results", `{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"T"}}}]}`, []string{"it has no list of results, which means that the tool did not get to look for any"}},
		{"success", run(`[]`, `,"invocations":[{"executionSuccessful":true,"exitCode":1}]`), nil},
		{"failure", run(`[]`, `,"invocations":[{"executionSuccessful":true},{"executionSuccessful":false,"exitCode":2}]`), []string{"the tool failed (executionSuccessful is false, its exit code 2)"}},
		{"neither", run(`[]`, `,"invocations":[{}]`), []string{"the tool does not say whether it succeeded (executionSuccessful is missing)"}},
		{"it did not start", run(`[]`, `,"invocations":[{"executionSuccessful":true,"processStartFailureMessage":"no such file"}]`), []string{"the tool did not start: no such file"}},
		{"a warning", run(`[]`, `,"invocations":[{"executionSuccessful":true,"toolExecutionNotifications":[{"message":{"text":"slow"}},{"level":"warning","message":{"text":"slow"}}]}]`), nil},
		{"an error", run(`[]`, `,"invocations":[{"executionSuccessful":true,"toolExecutionNotifications":[{"level":"error","message":{"text":"cannot\nparse"}}]}]`), []string{"the tool reports an error: cannot parse"}},
		{"an error of configuration", run(`[]`, `,"invocations":[{"executionSuccessful":true,"toolConfigurationNotifications":[{"level":"error","descriptor":{"id":"CFG1"},"message":{}}]}]`), []string{"the tool reports an error: CFG1"}},
		{"an error by its kind", strings.Replace(run(`[]`, `,"invocations":[{"executionSuccessful":true,"toolExecutionNotifications":[{"descriptor":{"id":"N"},"message":{"id":"m","arguments":["a.go"]}}]}]`),
			`"name":"T"`, `"name":"T","notifications":[{"id":"N","defaultConfiguration":{"level":"error"},"messageStrings":{"m":{"text":"skipped {0}"}}}]`, 1), []string{"the tool reports an error: skipped a.go"}},
		{"results in other files", run(`[]`, `,"externalPropertyFileReferences":{"results":[{"location":{"uri":"x.sarif-external-properties"}}]}`), []string{"a part of it is in other files (externalPropertyFileReferences), and those are not read"}},
		{"a severity that is none", one(`{"ruleId":"R","properties":{"security-severity":"HIGH"}}`), []string{`the rule "R": security-severity is "HIGH", want a number from 0 to 10`}},
		{"a severity past 10", one(`{"ruleId":"R","properties":{"security-severity":98}}`), []string{`the rule "R": security-severity is "98", want a number from 0 to 10`}},
		{"a severity that is no number", one(`{"ruleId":"R","properties":{"security-severity":"NaN"}}`), []string{`the rule "R": security-severity is "NaN", want a number from 0 to 10`}},
		{"rules that contradict each other", one(`{"ruleId":"X","ruleIndex":0}`), []string{`a result names the rule "X", and by its index the rule "R", so how severe it is cannot be told`}},
		{"a level that contradicts the kind", one(`{"ruleId":"R","kind":"pass","level":"error"}`), []string{`a result of the rule "R" is of the kind pass and yet of the level error`}},
	}
	for _, test := range tests {
		runs, err := sarif.Parse([]byte(test.text))
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if diff := cmp.Diff(test.want, runs[0].Problems); diff != "" || runs[0].Complete != (test.want == nil) {
			t.Errorf("%s: complete %v (-want +got):\n%s", test.name, runs[0].Complete, diff)
		}
	}
}

func TestRate(t *testing.T) {
	tests := []struct{ name, result, want string }{
		{"nothing known", `{}`, "unknown ()"},
		{"an unknown rule", `{"ruleId":"X"}`, "unknown ()"},
		{"an unknown rule and a level", `{"ruleId":"X","level":"warning"}`, "medium (level warning of T)"},
		{"an error", `{"ruleId":"P","level":"error"}`, "high (level error of T)"},
		{"a note", `{"ruleId":"P","level":"note"}`, "low (level note of T)"},
		{"none", `{"ruleId":"P","level":"none"}`, "no finding"},
		{"the rule's level", `{"ruleId":"E"}`, "high (level error of T)"},
		{"the default of a known rule", `{"ruleId":"P"}`, "medium (level warning of T)"},
		{"the rule's severity", `{"ruleId":"R","level":"error"}`, "medium (security-severity 5.0 of T)"},
		{"by index", `{"ruleIndex":1}`, "high (level error of T)"},
		{"by rule.index", `{"rule":{"index":1}}`, "high (level error of T)"},
		{"by rule.id", `{"rule":{"id":"E","index":-1}}`, "high (level error of T)"},
		{"a part of a rule", `{"ruleId":"E/1/a"}`, "high (level error of T)"},
		{"a part of a rule, with its index", `{"ruleId":"E/1","ruleIndex":1}`, "high (level error of T)"},
		{"the id against the index", `{"ruleId":"E","ruleIndex":2}`, "high (level error of T)"},
		{"the result's severity is higher", `{"ruleId":"R","properties":{"security-severity":9.1}}`, "critical (security-severity 9.1 of T)"},
		{"the result's severity is lower", `{"ruleId":"R","properties":{"security-severity":"1"}}`, "medium (security-severity 5.0 of T)"},
		{"almost critical", `{"properties":{"security-severity":"8.94"}}`, "high (security-severity 8.9 of T)"},
		{"critical, but for a rounding", `{"properties":{"security-severity":"8.95"}}`, "critical (security-severity 8.9 of T)"},
		{"ten", `{"properties":{"security-severity":10}}`, "critical (security-severity 10.0 of T)"},
		{"seven", `{"properties":{"security-severity":" 7.0 "}}`, "high (security-severity 7.0 of T)"},
		{"four", `{"properties":{"security-severity":"4"}}`, "medium (security-severity 4.0 of T)"},
		{"a little", `{"properties":{"security-severity":"0.1"}}`, "low (security-severity 0.1 of T)"},
		{"zero and an error", `{"level":"error","properties":{"security-severity":"0.0"}}`, "high (level error of T)"},
		{"zero and a note", `{"level":"note","properties":{"security-severity":"0.0"}}`, "unknown ()"},
		{"no severity", `{"level":"note","properties":{"security-severity":""}}`, "low (level note of T)"},
		{"properties that are none", `{"level":"note","properties":[]}`, "low (level note of T)"},
		{"a pass", `{"ruleId":"R","kind":"pass"}`, "no finding"},
		{"not applicable", `{"ruleId":"R","kind":"notApplicable","level":"none"}`, "no finding"},
		{"informational", `{"ruleId":"E","kind":"informational"}`, "no finding"},
		{"to be reviewed", `{"ruleId":"E","kind":"review"}`, "unknown ()"},
		{"undecided", `{"ruleId":"E","kind":"open","level":"none"}`, "unknown ()"},
		{"undecided, but severe", `{"ruleId":"R","kind":"open"}`, "medium (security-severity 5.0 of T)"},
		{"gone", `{"ruleId":"E","baselineState":"absent"}`, "no finding"},
		{"unchanged", `{"ruleId":"E","baselineState":"unchanged"}`, "high (level error of T)"},
	}
	for _, test := range tests {
		runs, err := sarif.Parse([]byte(one(test.result)))
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		got := "no finding"
		if rating, ok := runs[0].Rate(runs[0].Results[0]); ok {
			got = fmt.Sprintf("%s (%s)", rating.Level, rating.Source)
		}
		if got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

// Levels set when the tool was started go before the rule's, and behind the result's own.
func TestOverrides(t *testing.T) {
	invocation := func(level string) string {
		return `{"executionSuccessful":true,"ruleConfigurationOverrides":[{"descriptor":{"id":"P"},"configuration":{"level":"` + level + `"}}]}`
	}
	tests := []struct{ name, result, invocations, want string }{
		{"of the one invocation", `{"ruleId":"P"}`, invocation("error"), "error"},
		{"of the invocation named", `{"ruleId":"P","provenance":{"invocationIndex":1}}`, invocation("note") + "," + invocation("error"), "error"},
		{"of none of two", `{"ruleId":"P"}`, invocation("note") + "," + invocation("error"), "warning"},
		{"of another rule", `{"ruleId":"E"}`, invocation("note"), "error"},
		{"behind the result's own", `{"ruleId":"P","level":"note"}`, invocation("error"), "note"},
	}
	for _, test := range tests {
		runs, err := sarif.Parse([]byte(run("["+test.result+"]", `,"invocations":[`+test.invocations+`]`)))
		if err != nil || runs[0].Results[0].Level != test.want {
			t.Errorf("%s: %+v, %v, want %s", test.name, runs, err, test.want)
		}
	}
}

// Rules may be those of an extension, and one id may be there twice.
func TestRulesOfExtensions(t *testing.T) {
	report := func(result string) string {
		return `{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"T","rules":[{"id":"A","defaultConfiguration":{"level":"note"}}]},"extensions":[
			{"name":"x","guid":"G-1","rules":[{"id":"A","defaultConfiguration":{"level":"error"}},{"id":"B","defaultConfiguration":{"level":"note"}}]},
			{"name":"y","rules":[{"id":"B","defaultConfiguration":{"level":"error"}}]}]},"results":[` + result + `]}]}`
	}
	for result, want := range map[string]string{
		`{"ruleId":"A"}`: "note", `{"ruleId":"A","ruleIndex":0}`: "note",
		`{"ruleId":"A","rule":{"index":0,"toolComponent":{"index":0}}}`: "error",
		`{"ruleId":"A","rule":{"toolComponent":{"name":"x"}}}`:          "error",
		`{"ruleId":"A","rule":{"toolComponent":{"guid":"g-1"}}}`:        "error",
		`{"ruleId":"A","rule":{"toolComponent":{}}}`:                    "note",
		`{"ruleId":"B"}`: "error", // the severer of two
		`{"ruleId":"B","rule":{"toolComponent":{"index":0,"name":"y"}}}`: "note",
	} {
		runs, err := sarif.Parse([]byte(report(result)))
		if err != nil || runs[0].Results[0].Level != want {
			t.Errorf("%s: %+v, %v, want %s", result, runs, err, want)
		}
	}
}

func TestMessages(t *testing.T) {
	texts := `,"messageStrings":{"m":{"text":"{1} before {0}, not {{0}} or {7}"}},"shortDescription":{"text":"About P"}`
	report := func(message string) string {
		s := strings.Replace(one(`{"ruleId":"P","message":`+message+`}`), `{"id":"P"`, `{"id":"P"`+texts, 1)
		return strings.Replace(s, `"name":"T"`, `"name":"T","globalMessageStrings":{"g":{"text":"for all"}}`, 1)
	}
	for message, want := range map[string]string{
		`{"text":"plain {0}"}`:                        "plain {0}",
		`{"text":"a {0}","arguments":["b"]}`:          "a b",
		`{"id":"m","arguments":["x","{0}"]}`:          "{0} before x, not {0} or {7}",
		`{"id":"g"}`:                                  "for all",
		`{"id":"unknown"}`:                            "About P",
		`{}`:                                          "About P",
		`{"text":"see [the \\[odd\\] value](3)."}`:    `see the \[odd\] value.`,
		`{"text":"see [the page](https://x.test/)."}`: "see [the page](https://x.test/).",
		`{"text":"\u001b[31mred\u202e"}`:              "\ufffd[31mred\ufffd",
	} {
		runs, err := sarif.Parse([]byte(report(message)))
		if err != nil || runs[0].Results[0].Message != want {
			t.Errorf("%s: %q, %v, want %q", message, runs[0].Results[0].Message, err, want)
		}
	}
	many := `{"text":"` + strings.Repeat("{0}", 10_000) + `","arguments":["` + strings.Repeat("x", 10_000) + `"]}`
	runs, err := sarif.Parse([]byte(report(many)))
	if err != nil || len(runs[0].Results[0].Message) > 5_000 {
		t.Errorf("a message of %d bytes, %v", len(runs[0].Results[0].Message), err)
	}
}

func TestHelp(t *testing.T) {
	for uri, want := range map[string]string{
		"https://x.test/a?b#c": "https://x.test/a?b#c", "http://x.test": "http://x.test",
		"javascript:alert(1)": "", "file:///etc/passwd": "", "https://": "", "https://user:word@x.test/": "", "https://x.test/?a>b": "", "not a URI": "", "": "",
	} {
		runs, err := sarif.Parse([]byte(strings.Replace(one(`{"ruleId":"P"}`), `{"id":"P"`, `{"id":"P","helpUri":"`+uri+`"`, 1)))
		if err != nil || runs[0].Results[0].Help != want {
			t.Errorf("%s: %+v, %v", uri, runs, err)
		}
	}
}

func TestSuppressed(t *testing.T) {
	for result, want := range map[string]bool{
		`{}`: false, `{"suppressions":null}`: false, `{"suppressions":[]}`: false,
		`{"suppressions":[{"kind":"inSource"}]}`:                                                             true,
		`{"suppressions":[{"kind":"external","status":"accepted"}]}`:                                         true,
		`{"suppressions":[{"kind":"external","status":"underReview"}]}`:                                      false,
		`{"suppressions":[{"kind":"external","status":"rejected"}]}`:                                         false,
		`{"suppressions":[{"kind":"inSource","status":"accepted"},{"kind":"external","status":"rejected"}]}`: false,
	} {
		runs, err := sarif.Parse([]byte(one(result)))
		if err != nil || runs[0].Results[0].Suppressed() != want {
			t.Errorf("%s: %v, want %v", result, err, want)
		}
	}
}

func TestByteOrderMark(t *testing.T) {
	if runs, err := sarif.Parse([]byte("\ufeff" + one(`{}`))); err != nil || len(runs[0].Results) != 1 {
		t.Errorf("%+v, %v", runs, err)
	}
}

func TestProblemsAreCounted(t *testing.T) {
	var results []string
	for i := range 30 {
		results = append(results, fmt.Sprintf(`{"ruleId":"X%d","ruleIndex":0}`, i))
	}
	runs, err := sarif.Parse([]byte(run("["+strings.Join(results, ",")+"]", "")))
	if err != nil || len(runs[0].Problems) != 21 || runs[0].Problems[20] != "and 10 problems more" || runs[0].Complete {
		t.Errorf("%+v, %v", runs, err)
	}
}

func TestWeaknesses(t *testing.T) {
	text := run(`[{"ruleId":"P","properties":{"tags":["b","a","b"]},"taxa":[{"id":"79","toolComponent":{"name":"cwe"}},{"id":"CWE-80","toolComponent":{"index":0}},{"id":"T1059","toolComponent":{"name":"ATT&CK"}},{"id":"8x","toolComponent":{"name":"CWE"}},{"id":"81"}]}]`, `,"taxonomies":[{"name":"CWE"}]`)
	runs, err := sarif.Parse([]byte(text))
	if err != nil || !slices.Equal(runs[0].Results[0].Tags, []string{"a", "b", "external/cwe/cwe-79", "external/cwe/cwe-80"}) {
		t.Errorf("%+v, %v", runs, err)
	}
}

// Of rules that share an id, none hides a severer one, however it says so.
func TestRulesOfOneID(t *testing.T) {
	const scored, level = `{"id":"D","defaultConfiguration":{"level":"note"},"properties":{"security-severity":"9.8"}}`, `{"id":"D","defaultConfiguration":{"level":"error"}}`
	for _, rules := range []string{scored + "," + level, level + "," + scored} {
		runs, err := sarif.Parse([]byte(strings.Replace(one(`{"ruleId":"D"}`), `{"id":"P"}`, rules, 1)))
		if err != nil || runs[0].Results[0].SecuritySeverity != 9.8 {
			t.Errorf("%s: %+v, %v", rules, runs, err)
		}
	}
}
