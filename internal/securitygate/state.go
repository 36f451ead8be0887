package securitygate

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/slipway-actions/slipway/internal/osv"
	"github.com/slipway-actions/slipway/internal/result"
)

// stateSchema names the form of the state file; another name is another form and is not read.
const stateSchema = "slipway.security-state/v1"

// Bounds of the state file.
const (
	stateLimit = 16 << 20
	fixedMost  = 1000 // of the newest
)

// state is what an earlier run left, so that a later one can tell what was fixed and how long it took.
type state struct {
	Schema string       `json:"schema"`
	Open   []stateRisk  `json:"open"`
	Fixed  []stateFixed `json:"fixed"` // the newest last

	unfit bool // there is a file that cannot be read; it is left as it is
}

// stateRisk is a risk that is there.
type stateRisk struct {
	Kind      string         `json:"kind"`
	ID        string         `json:"id"`
	Aliases   []string       `json:"aliases,omitempty"`
	Ecosystem string         `json:"ecosystem,omitempty"`
	Package   string         `json:"package,omitempty"`
	Version   string         `json:"version,omitempty"`
	Severity  osv.Level      `json:"severity"` // 0 unknown, 1 low to 4 critical
	Published string         `json:"published,omitempty"`
	FirstSeen string         `json:"firstSeen"`
	Places    []result.Where `json:"places,omitempty"`
}

// stateFixed is a risk that is gone.
type stateFixed struct {
	ID        string `json:"id"`
	Package   string `json:"package,omitempty"`
	Published string `json:"published,omitempty"`
	FirstSeen string `json:"firstSeen,omitempty"`
	Fixed     string `json:"fixed"`
}

// readState reads what an earlier run left. It serves the measures alone: a file that cannot be read is
// told of, and neither changes the verdict nor is it written over.
func (c *collector) readState() {
	file := c.inputs.stateFile
	if file == "" {
		return
	}
	text, err := c.world.Files.Read(file, stateLimit)
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	var s state
	if err == nil {
		err = json.Unmarshal(text, &s)
	}
	if err == nil && s.Schema != stateSchema {
		err = fmt.Errorf("its schema is %q, want %q", s.Schema, stateSchema)
	}
	if err != nil {
		c.state = state{unfit: true}
		c.remark("state", "The state file "+file, "Remove the file to begin anew, or name another as state-file.", "it cannot be read, so nobody can tell what was fixed since then, and it is left as it is: %v", err)
		return
	}
	c.state = s
}

// open are the risks that were there at the end of the earlier run.
func (s state) open() []risk {
	var risks []risk
	for _, o := range s.Open {
		r := risk{kind: kind(o.Kind), id: o.ID, aliases: o.Aliases, pkg: osv.Package{Ecosystem: o.Ecosystem, Name: o.Package, Version: o.Version}, places: o.Places}
		if o.Severity >= osv.Unrated && o.Severity <= osv.Critical {
			r.rating.Level = o.Severity
		}
		r.subject = r.pkg.String()
		if at, err := time.Parse(time.DateOnly, o.Published); err == nil {
			r.published = at
		}
		risks = append(risks, r)
	}
	return risks
}

// next is the state after a decision. Where the scan was incomplete a risk that was not seen stays open.
func (s state) next(e evidence, d decision, complete bool) state {
	today := date(e.now)
	first := map[string]string{}
	key := func(kind, id, pkg string) string { return kind + "\x00" + id + "\x00" + pkg }
	for _, o := range s.Open {
		for _, id := range append([]string{o.ID}, o.Aliases...) {
			first[key(o.Kind, id, o.Package)] = o.FirstSeen
		}
	}
	after := state{Schema: stateSchema, Open: []stateRisk{}, Fixed: s.Fixed}
	keep := func(r risk, seen string) {
		after.Open = append(after.Open, stateRisk{
			Kind: string(r.kind), ID: r.id, Aliases: r.aliases, Ecosystem: r.pkg.Ecosystem, Package: r.pkg.Name, Version: r.pkg.Version,
			Severity: r.rating.Level, Published: date(r.published), FirstSeen: seen, Places: r.places,
		})
	}
	here := append(append([]risk{}, d.found...), d.accepted...)
	for _, r := range here {
		seen := today
		for _, id := range append([]string{r.id}, r.aliases...) {
			if at := first[key(string(r.kind), id, r.pkg.Name)]; at != "" && at < seen {
				seen = at
			}
		}
		keep(r, seen)
	}
	if !complete {
		for _, o := range without(s.open(), here) {
			keep(o, first[key(string(o.kind), o.id, o.pkg.Name)])
		}
	}
	for _, r := range d.fixed {
		after.Fixed = append(after.Fixed, stateFixed{ID: r.id, Package: r.subject, Published: date(r.published), FirstSeen: first[key(string(r.kind), r.id, r.pkg.Name)], Fixed: today})
	}
	if n := len(after.Fixed); n > fixedMost {
		after.Fixed = after.Fixed[n-fixedMost:]
	}
	if after.Fixed == nil {
		after.Fixed = []stateFixed{}
	}
	return after
}

func (s state) encode() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(s)
	return b.Bytes(), err
}
