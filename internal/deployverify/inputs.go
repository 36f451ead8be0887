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

// inputs are the wishes of the caller and of the policy. What follows from others of them, or holds a
// secret, is not recorded.
type inputs struct {
	Service     service       `json:"service"`               // whose versions the state file keeps
	ServiceName string        `json:"serviceName,omitempty"` // what the policy calls it
	Repository  string        `json:"repository,omitempty"`
	SHA         string        `json:"sha,omitempty"`      // the commit that is judged
	Expected    string        `json:"expected"`           // "" asks for no version
	Previous    string        `json:"previous,omitempty"` // the version that numbers are compared with; "" where none is known
	Address     string        `json:"address,omitempty"`  // the input url, without its query
	VersionPath string        `json:"versionPath,omitempty"`
	Plan        plan          `json:"plan"`
	Stage       stage         `json:"stage"`
	Digest      string        `json:"digest,omitempty"` // of the image that runs, such as sha256:…; "" where the caller names none
	Policy      string        `json:"policy,omitempty"` // the file's text; "" where there was none
	PolicyFrom  string        `json:"policyFrom,omitempty"`
	ReportOnly  bool          `json:"reportOnly,omitempty"`
	Unwatched   time.Duration `json:"unwatched,omitempty"` // time of the soak in which nobody looked, beyond what is tolerated

	checks     []check // never empty
	verify     policy.Verify
	stateFile  string   // as given; "" is the default
	ticket     int      // number of the change ticket's issue; 0 is none
	deployment int64    // GitHub's id of the deployment; 0 is none
	incident   reported // the issue that an incident is told on
	step       string   // as given; "" is the first that has not been passed
	evidence   string   // results of earlier steps, as given
	given      *inputURL
}

// inputURL is the input url as it is asked, with its query.
type inputURL struct{ address string }

// shownLimit is the most characters of a foreign text that are shown, and of a version that is taken.
const shownLimit = 200

var digest = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)

func readInputs(in *action.Inputs, w *action.World) (inputs, error) {
	i := inputs{
		Service: service{Environment: in.Text("environment")}, ServiceName: w.Policy.Service, Repository: w.Facts.Repository, SHA: w.SHA(),
		Expected: in.Text("expected-version"), Previous: in.Text("previous-version"),
		Plan: plan{
			Consecutive: in.Int("consecutive", 1, 1000, 1),
			Interval:    in.Duration("interval", 10*time.Millisecond, time.Hour),
			Timeout:     in.Duration("timeout", 10*time.Millisecond, 24*time.Hour),
			Soak:        in.Duration("soak", 0, 30*24*time.Hour),
			Slice:       endless,
		},
		Digest: strings.ToLower(in.Text("image-digest")), Policy: w.Policy.Source, PolicyFrom: w.PolicyFrom,
		stateFile: in.Text("state-file"), ticket: readTicket(in, w.Facts.Repository), deployment: readDeployment(in), incident: readIncident(in, w.Facts.Repository), ReportOnly: in.Bool("report-only"), step: in.Text("step"), evidence: in.Text("evidence"),
	}
	if in.Text("slice") != "" {
		i.Plan.Slice = in.Duration("slice", 0, 30*24*time.Hour)
	}
	for _, name := range []string{"environment", "expected-version", "previous-version", "step"} {
		if value := in.Text(name); utf8.RuneCountInString(value) > shownLimit || shown(value) != value {
			in.Refuse(name, shown(value), fmt.Sprintf("allowed: one line of at most %d printable characters", shownLimit))
		}
	}
	if i.Previous != "" && i.Previous == i.Expected {
		in.Refuse("previous-version", i.Previous, "it is the expected version itself; allowed: the one that ran before, or empty for the one that was verified last")
	}
	if i.Digest != "" && !digest.MatchString(i.Digest) {
		in.Refuse("image-digest", shown(i.Digest), "allowed: sha256: and 64 hexadecimal digits, such as docker build and push print")
	}
	if least := time.Duration(i.Plan.Consecutive-1) * i.Plan.Interval; least > i.Plan.Timeout && in.Err() == nil {
		in.Refuse("timeout", in.Text("timeout"), fmt.Sprintf("it leaves no room for %d looks %s apart; allowed: %s or more, or a smaller consecutive or interval",
			i.Plan.Consecutive, duration.Format(i.Plan.Interval), duration.Format(least)))
	}
	i.readURL(in)
	if err := in.Err(); err != nil {
		return inputs{}, err
	}
	if w.Policy.Verify != nil {
		i.verify = *w.Policy.Verify
	}
	if err := i.govern(); err != nil {
		return inputs{}, err
	}
	if len(i.verify.Plan) > 0 && i.Plan.Soak > 0 {
		return inputs{}, action.Wrong("input soak is %q, but the policy has a plan, whose steps say how long they are watched. Leave the input out, or take the plan out of the policy", in.Text("soak"))
	}
	if len(i.verify.Plan) == 0 && len(i.verify.Metrics) > 0 && i.Plan.Soak == 0 {
		return inputs{}, action.Wrong("the policy watches metrics (%s, …), but the input soak is 0s, in which nothing can be seen of them. "+
			"Give the input soak, such as 1h, or put a plan into the policy:\n  verify:\n    plan: [{step: full, traffic: 100%%, soak: 1h}]", i.verify.Metrics[0].Name)
	}
	return i, nil
}

// govern makes what follows from the recorded inputs and the policy. It asks nobody, so that a decision can
// be made again.
func (i *inputs) govern() error {
	i.checks = nil
	if i.Address != "" {
		c, err := i.urlCheck()
		if err != nil {
			return err
		}
		i.checks = append(i.checks, c)
	}
	if err := i.readProbes(i.verify); err != nil {
		return err
	}
	if len(i.checks) == 0 {
		return action.Wrong("there is nothing to look at. Give the input url, such as https://shop.example/version, or put a probe into the policy:\n" +
			"  verify:\n    probes:\n      - {name: identity, http: \"https://shop.example/version\", expect: {json: {\"$.version\": \"${version}\"}}}")
	}
	if i.Expected != "" && !i.tellsVersion() {
		return action.Wrong("input expected-version is %q, but no probe of the policy compares it, so any version would pass. "+
			"Give the input url, or let a probe expect ${version}: expect: {json: {\"$.version\": \"${version}\"}}", i.Expected)
	}
	i.Service.URL = i.checks[0].address()
	return nil
}

// readURL reads the inputs url and version-path.
func (i *inputs) readURL(in *action.Inputs) {
	raw, path := in.Text("url"), in.Text("version-path")
	if path != "" {
		_, err := jsonpath.Parse(path)
		switch {
		case err != nil:
			in.Refuse("version-path", path, "allowed: "+err.Error())
		case raw == "":
			in.Refuse("version-path", path, "it says where url's answer holds the version, but the input url is empty")
		case i.Expected == "":
			in.Refuse("version-path", path, "nothing would be compared with what is found there, for the input expected-version is empty; an expression that names nothing is, too")
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
	i.Address, i.VersionPath, i.given = probe.Redact(u), path, &inputURL{raw}
}

// urlCheck is the check of the inputs url, expected-version and version-path.
func (i *inputs) urlCheck() (check, error) {
	address := i.Address
	if i.given != nil {
		address = i.given.address
	}
	u, err := policy.ParseAddress(address)
	if err != nil {
		return check{}, err
	}
	c := check{url: u, times: 1, low: 200, high: 299}
	if i.Expected == "" {
		return c, nil
	}
	c.version = &versionRule{want: i.Expected}
	if i.VersionPath != "" {
		path, err := jsonpath.Parse(i.VersionPath)
		if err != nil {
			return check{}, err
		}
		c.version.path = &path
	}
	return c, nil
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
