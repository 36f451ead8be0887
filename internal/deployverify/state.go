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
	stateSchema  = "slipway.verify-state/v1"
	defaultState = ".slipway/state/deploy-verify.json"
	stateLimit   = 1 << 20
	keptVerified = 20 // versions a service
)

// state is which versions of which services were verified: where one can go back to.
type state struct {
	Schema   string   `json:"schema"`
	Services []record `json:"services"`
}

type record struct {
	service
	Verified []verified `json:"verified"` // oldest first
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

// parseState reads a state file as strictly as it is written: it will be written again, and what
// was not understood would be lost.
func parseState(text []byte) (state, error) {
	var s state
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return state{}, fmt.Errorf("it is no state file: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return state{}, errors.New("text follows the JSON document")
	}
	if s.Schema != stateSchema {
		return state{}, fmt.Errorf("its schema is %q, not %q", shown(s.Schema), stateSchema)
	}
	for _, r := range s.Services {
		for _, v := range r.Verified {
			if v.Version == "" || v.Version != shown(v.Version) || v.At.IsZero() {
				return state{}, fmt.Errorf("a version of %s is %q, verified at %s; it needs a printable version and a time", shown(r.URL), shown(v.Version), v.At.Format(time.RFC3339))
			}
		}
	}
	return s, nil
}

func (s state) of(which service) []verified {
	for _, r := range s.Services {
		if r.service == which {
			return r.Verified
		}
	}
	return nil
}

// add notes a version as the newest verified one. The same version of the same commit is there once.
func (s *state) add(which service, v verified) {
	i := slices.IndexFunc(s.Services, func(r record) bool { return r.service == which })
	if i < 0 {
		s.Services = append(s.Services, record{service: which})
		i = len(s.Services) - 1
	}
	r := &s.Services[i]
	r.Verified = slices.DeleteFunc(r.Verified, func(old verified) bool { return old.Version == v.Version && old.SHA == v.SHA })
	r.Verified = append(r.Verified, v)
	r.Verified = r.Verified[max(0, len(r.Verified)-keptVerified):]
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
		s, err = parseState(text)
	}
	if err != nil {
		return "", state{}, action.Wrong("the state file %s cannot be used, and is left as it is: %w. Restore it, move it away to begin anew, or name another one with the input state-file", path, err)
	}
	return path, s, nil
}

func writeState(w *action.World, path string, s state) error {
	s.Schema = stateSchema
	text, err := json.MarshalIndent(s, "", "  ")
	if err == nil {
		_, err = w.Write(path, append(text, '\n'))
	}
	if err != nil {
		return action.Undecided("Make "+path+" writable, or name another file with the input state-file, and run the step again.",
			"the service passed, but that cannot be kept for a later rollback: %w", err)
	}
	return nil
}
