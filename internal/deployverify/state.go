package deployverify

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"time"

	"github.com/slipway-actions/slipway/internal/action"
)

const (
	stateSchema  = "slipway.verify-state/v2"
	stateBefore  = "slipway.verify-state/v1" // verified versions alone
	defaultState = ".slipway/state/deploy-verify.json"
	stateLimit   = 64 << 20
	keptVerified = 20 // versions a service
	keptRollouts = 3  // a service
	aheadLimit   = 2 * time.Minute
)

// state is what is known of services from run to run: which versions were verified, where one can go back
// to, and how far the watching of a version has come.
type state struct {
	Schema   string   `json:"schema"`
	Services []record `json:"services"`
}

type record struct {
	service
	Verified []verified `json:"verified"`           // oldest first
	Rollouts []rollout  `json:"rollouts,omitempty"` // oldest first
}

// service is whose versions they are.
type service struct {
	Environment string `json:"environment"`
	URL         string `json:"url"` // of the first check, without its query
}

// verified is a version that was promoted.
type verified struct {
	Version string    `json:"version"`
	SHA     string    `json:"sha"` // the commit that was judged; may be empty
	At      time.Time `json:"at"`
}

// rollout is one deployment of a version on its way.
type rollout struct {
	Version    string    `json:"version"`
	SHA        string    `json:"sha"`
	Digest     string    `json:"digest,omitempty"`     // of the image; "" where none was told
	Deployment string    `json:"deployment,omitempty"` // GitHub's id; "" where none was named
	Deployed   time.Time `json:"deployedAt"`           // when it was first looked at
	Passed     []passage `json:"passed,omitempty"`     // steps of the plan
	Watching   *watching `json:"watching,omitempty"`   // nil between two steps
}

// passage is a step that was passed.
type passage struct {
	Step string    `json:"step"`
	At   time.Time `json:"at"`
}

// watching is a soak that goes on in the next run.
type watching struct {
	Step      string        `json:"step"`                // "" without a plan
	Rules     string        `json:"rules"`               // what it is watched by; by others it begins anew
	Watch     watch         `json:"watch"`               // what the sources said so far
	Looked    time.Time     `json:"lookedAt"`            // when the service was last looked at
	Unwatched time.Duration `json:"unwatched,omitempty"` // time in which nobody looked, beyond what is tolerated
	Runs      int           `json:"runs"`                // that have watched
	Load      *loaded       `json:"load,omitempty"`
}

// parseState reads a state file as strictly as it is written: it will be written again, and what
// was not understood would be lost.
func parseState(text []byte, now time.Time) (state, error) {
	var s state
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return state{}, fmt.Errorf("it is no state file: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return state{}, errors.New("text follows the JSON document")
	}
	if s.Schema != stateSchema && s.Schema != stateBefore {
		return state{}, fmt.Errorf("its schema is %q, not %q", shown(s.Schema), stateSchema)
	}
	for _, r := range s.Services {
		for _, v := range r.Verified {
			if v.Version == "" || v.Version != shown(v.Version) || v.At.IsZero() {
				return state{}, fmt.Errorf("a version of %s is %q, verified at %s; it needs a printable version and a time", shown(r.URL), shown(v.Version), v.At.Format(time.RFC3339))
			}
		}
		for _, o := range r.Rollouts {
			if err := o.check(now); err != nil {
				return state{}, fmt.Errorf("the rollout of %s to %s: %w", shown(o.Version), shown(r.URL), err)
			}
		}
	}
	return s, nil
}

// check refuses what no run writes.
func (o rollout) check(now time.Time) error {
	if o.Version != shown(o.Version) || o.Deployed.IsZero() {
		return errors.New("it needs a printable version and the time of its deployment")
	}
	future := func(t time.Time) bool { return t.After(now.Add(aheadLimit)) }
	if future(o.Deployed) {
		return fmt.Errorf("it began at %s, which is yet to come; this machine's clock or that of the run before is wrong", o.Deployed.Format(time.RFC3339))
	}
	w := o.Watching
	if w == nil {
		return nil
	}
	if future(w.Watch.Began) || future(w.Looked) {
		return fmt.Errorf("it was watched from %s to %s, which is yet to come; this machine's clock or that of the run before is wrong", w.Watch.Began.Format(time.RFC3339), w.Looked.Format(time.RFC3339))
	}
	if w.Watch.Began.IsZero() || w.Watch.Width <= 0 || w.Watch.Max < w.Watch.Soak || w.Watch.Soak <= 0 || w.Watch.most() > mostSlots || w.Unwatched < 0 {
		return errors.New("its watching has no beginning, or no bounds")
	}
	for _, m := range w.Watch.Metrics {
		end := w.Watch.Began.Add(time.Duration(len(m.Slots)) * w.Watch.Width)
		if len(m.Slots) > w.Watch.most() || future(end) {
			return fmt.Errorf("the metric %s has %d slots, more than there can be", shown(m.Name), len(m.Slots))
		}
	}
	return nil
}

func (s *state) record(which service) *record {
	i := slices.IndexFunc(s.Services, func(r record) bool { return r.service == which })
	if i < 0 {
		s.Services = append(s.Services, record{service: which})
		i = len(s.Services) - 1
	}
	return &s.Services[i]
}

func (s state) of(which service) []verified {
	for _, r := range s.Services {
		if r.service == which {
			return r.Verified
		}
	}
	return nil
}

// returned is when a version was verified that another one was on its way to replace since then: it came
// back, as after a rollback. Zero where that is not so.
func (s state) returned(which service, version string) (at time.Time) {
	for _, r := range s.Services {
		if r.service != which || version == "" {
			continue
		}
		for _, v := range r.Verified {
			if v.Version == version {
				at = v.At
			}
		}
		if !slices.ContainsFunc(r.Rollouts, func(o rollout) bool { return o.Version != version && !o.Deployed.Before(at) }) {
			return time.Time{}
		}
	}
	return at
}

// rollout is what is known of a deployment; one that is not known yet has nothing but its names. Another image
// of the same version is another deployment: what was seen of the one says nothing of the other.
func (s state) rollout(which service, version, sha, digest, deployment string) rollout {
	for _, r := range s.Services {
		if r.service != which {
			continue
		}
		for _, o := range r.Rollouts {
			if o.is(version, sha, deployment) && (digest == "" || o.Digest == digest) {
				return o
			}
		}
	}
	return rollout{Version: version, SHA: sha, Digest: digest, Deployment: deployment}
}

// is tells deployments apart by their version. A commit is no name for one: a soak may go on in a job that
// was started by a later commit. Only without a version there is nothing better.
func (o rollout) is(version, sha, deployment string) bool {
	return o.Version == version && o.Deployment == deployment && (version != "" || o.SHA == sha)
}

// keep notes how far a deployment has come, as the newest one.
func (s *state) keep(which service, o rollout) {
	r := s.record(which)
	r.Rollouts = slices.DeleteFunc(r.Rollouts, func(old rollout) bool { return old.is(o.Version, o.SHA, o.Deployment) })
	r.Rollouts = append(r.Rollouts, o)
	r.Rollouts = r.Rollouts[max(0, len(r.Rollouts)-keptRollouts):]
}

// add notes a version as the newest verified one. The same version of the same commit is there once. What
// other deployments had come to is over: whoever deploys one of them again begins anew.
func (s *state) add(which service, v verified) {
	r := s.record(which)
	r.Verified = slices.DeleteFunc(r.Verified, func(old verified) bool { return old.Version == v.Version && old.SHA == v.SHA })
	r.Verified = append(r.Verified, v)
	r.Verified = r.Verified[max(0, len(r.Verified)-keptVerified):]
	r.Rollouts = slices.DeleteFunc(r.Rollouts, func(o rollout) bool { return o.Version != v.Version })
}

// readState finds the file and what it holds; one that is not there holds nothing.
func readState(w *action.World, given string) (path string, s state, err error) {
	path = defaultState
	if given != "" {
		if path, err = w.InDir(given); err != nil {
			return "", state{}, action.Wrong("input state-file is %q; %w. Name a file inside of it, or leave the input out", given, err)
		}
	}
	text, err := w.Files.Read(path, stateLimit)
	if errors.Is(err, fs.ErrNotExist) {
		return path, state{}, nil
	}
	if err == nil {
		s, err = parseState(text, w.Now())
	}
	if err != nil {
		return "", state{}, action.Wrong("the state file %s cannot be used, and is left as it is: %w. Restore it, move it away to begin anew, or name another one with the input state-file", path, err)
	}
	return path, s, nil
}

func writeState(w *action.World, path string, s state) error {
	s.Schema = stateSchema
	text, err := json.Marshal(s)
	if err == nil {
		_, err = w.Write(path, append(text, '\n'))
	}
	if err != nil {
		return action.Undecided("Make "+path+" writable, or name another file with the input state-file, and run the step again.",
			"what was seen of the service cannot be kept for the next run, or for a later rollback: %w", err)
	}
	return nil
}
