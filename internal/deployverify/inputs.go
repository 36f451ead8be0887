package deployverify

import (
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/duration"
	"github.com/slipway-actions/slipway/internal/jsonpath"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/probe"
	"github.com/slipway-actions/slipway/internal/report"
)

// inputs are the wishes of the caller and of the policy.
type inputs struct {
	service   service // whose versions the state file keeps
	expected  string  // "" asks for no version
	checks    []check // never empty
	plan      plan
	stateFile string // as given; "" is the default
	digest    string // of the image that runs, such as sha256:…; "" where the caller names none
	ticket    int    // number of the change ticket's issue; 0 is none

	unjudged []string      // what the policy asks for before a version may be promoted, and this release cannot judge
	unranked []string      // what the policy asks for before a version may be rolled back, likewise
	window   time.Duration // the policy's rollback.window, 0 where there is none
}

// shownLimit is the most characters of a foreign text that are shown, and of a version that is taken.
const shownLimit = 200

var digest = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)

func readInputs(in *action.Inputs, repository string, p policy.Policy) (inputs, error) {
	i := inputs{
		service:  service{Environment: in.Text("environment")},
		expected: in.Text("expected-version"),
		plan: plan{
			consecutive: in.Int("consecutive", 1, 1000, 1),
			interval:    in.Duration("interval", 10*time.Millisecond, time.Hour),
			timeout:     in.Duration("timeout", 10*time.Millisecond, 24*time.Hour),
			soak:        in.Duration("soak", 0, 5*24*time.Hour),
		},
		stateFile: in.Text("state-file"),
		digest:    strings.ToLower(in.Text("image-digest")),
		ticket:    readTicket(in, repository),
	}
	for _, name := range []string{"environment", "expected-version"} {
		if value := in.Text(name); utf8.RuneCountInString(value) > shownLimit || shown(value) != value {
			in.Refuse(name, shown(value), fmt.Sprintf("allowed: one line of at most %d printable characters", shownLimit))
		}
	}
	if i.digest != "" && !digest.MatchString(i.digest) {
		in.Refuse("image-digest", shown(i.digest), "allowed: sha256: and 64 hexadecimal digits, such as docker build and push print")
	}
	if least := time.Duration(i.plan.consecutive-1) * i.plan.interval; least > i.plan.timeout && in.Err() == nil {
		in.Refuse("timeout", in.Text("timeout"), fmt.Sprintf("it leaves no room for %d looks %s apart; allowed: %s or more, or a smaller consecutive or interval",
			i.plan.consecutive, duration.Format(i.plan.interval), duration.Format(least)))
	}
	i.readURL(in)
	if err := in.Err(); err != nil {
		return inputs{}, err
	}
	if p.Verify != nil {
		if err := i.readPolicy(*p.Verify); err != nil {
			return inputs{}, err
		}
	}
	if len(i.checks) == 0 {
		return inputs{}, action.Wrong("there is nothing to look at. Give the input url, such as https://shop.example/version, or put an http probe into the policy:\n" +
			"  verify:\n    probes:\n      - {name: identity, http: \"https://shop.example/version\", expect: {json: {\"$.version\": \"${version}\"}}}")
	}
	if i.expected != "" && !i.tellsVersion() {
		return inputs{}, action.Wrong("input expected-version is %q, but no probe of the policy compares it, so any version would pass. "+
			"Give the input url, or let a probe expect ${version}: expect: {json: {\"$.version\": \"${version}\"}}", i.expected)
	}
	i.service.URL = probe.Redact(i.checks[0].url)
	return i, nil
}

// readURL makes the first check of the inputs url, expected-version and version-path.
func (i *inputs) readURL(in *action.Inputs) {
	raw, path := in.Text("url"), in.Text("version-path")
	c := check{times: 1, low: 200, high: 299}
	if i.expected != "" {
		c.version = &versionRule{want: i.expected}
	}
	if path != "" {
		parsed, err := jsonpath.Parse(path)
		switch {
		case err != nil:
			in.Refuse("version-path", path, "allowed: "+err.Error())
		case raw == "":
			in.Refuse("version-path", path, "it says where url's answer holds the version, but the input url is empty")
		case i.expected == "":
			in.Refuse("version-path", path, "nothing would be compared with what is found there, for the input expected-version is empty; an expression that names nothing is, too")
		default:
			c.version.path = &parsed
		}
	}
	if raw == "" {
		return
	}
	u, err := policy.ParseAddress(raw)
	if err != nil {
		in.Refuse("url", withoutSecrets(raw), err.Error())
		return
	}
	c.url = u
	i.checks = append(i.checks, c)
}

func (i *inputs) tellsVersion() bool {
	for _, c := range i.checks {
		if c.tellsVersion() {
			return true
		}
	}
	return false
}

// withoutSecrets is what can be shown of a text that should be an address.
func withoutSecrets(raw string) string {
	raw, _, _ = strings.Cut(raw, "?")
	raw, _, _ = strings.Cut(raw, "#")
	if at := strings.LastIndex(raw, "@"); at >= 0 {
		scheme, _, found := strings.Cut(raw[:at], "//")
		if !found {
			scheme = ""
		}
		raw = scheme + "//***" + raw[at:]
	}
	return shown(raw)
}

// shown makes a short, printable line of a foreign text.
func shown(s string) string {
	if len(s) > 8*shownLimit { // spare the work on what would be cut off
		s = s[:8*shownLimit]
	}
	s = report.OneLine(s)
	if utf8.RuneCountInString(s) > shownLimit {
		return string([]rune(s)[:shownLimit]) + "…"
	}
	return s
}
