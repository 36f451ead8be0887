package deployverify

import "time"

// tally counts the looks of one phase.
type tally struct {
	Looks     int          `json:"looks"`
	Good      int          `json:"good"`
	Row       int          `json:"row"`       // of successes, up to the newest look
	Fails     int          `json:"fails"`     // row of other looks, up to the newest
	Blamed    int          `json:"blamed"`    // looks that say something against the service
	RowBlamed int          `json:"rowBlamed"` // those of them in the newest row
	Relapsed  bool         `json:"relapsed"`  // one of them came after a success
	Checks    []checkTally `json:"checks"`
	Broken    time.Time    `json:"broken,omitzero"` // when the newest row of failures began
}

// checkTally counts the requests of one check.
type checkTally struct {
	Asked    int     `json:"asked"`
	Answered int     `json:"answered"` // whole answers
	Good     int     `json:"good"`
	Blaming  int     `json:"blaming"`            // requests that say something against the service
	Wrong    int     `json:"wrong"`              // answers with another version than the one expected
	Failure  string  `json:"failure,omitempty"`  // what was wrong with the newest request that failed in another way
	Versions []count `json:"versions,omitempty"` // told, in the order they came up; the first few
	Row      int     `json:"row"`                // looks in a row in which it was as wanted, up to the newest it was asked in
	Fails    int     `json:"fails"`              // row of looks in which it was not
}

type count struct {
	Version string `json:"version"`
	N       int    `json:"n"`
}

// keptVersions is how many different versions are counted apart; a hostile server tells a new one each time.
const keptVersions = 20

func newTally(checks []check) tally { return tally{Checks: make([]checkTally, len(checks))} }

// add counts a look; answered tells whether the service has ever said anything, for only then does
// its silence say something too.
func (t *tally) add(l look, answered bool) {
	t.Looks++
	blames := func(s says) bool { return s == bad || s == silent && answered }
	if says := l.says(); says == good {
		t.Good++
		t.Row++
		t.Fails, t.RowBlamed = 0, 0
	} else {
		if t.Fails == 0 {
			t.Broken = l.at
		}
		t.Row = 0
		t.Fails++
		if blames(says) {
			t.Blamed++
			t.RowBlamed++
			t.Relapsed = t.Relapsed || t.Good > 0
		}
	}
	for i, sights := range l.sights {
		c, well := &t.Checks[i], len(sights) > 0
		for _, s := range sights {
			c.add(s, blames(s.says))
			well = well && s.says == good
		}
		switch {
		case well:
			c.Row, c.Fails = c.Row+1, 0
		case len(sights) > 0:
			c.Row, c.Fails = 0, c.Fails+1
		case l.halted: // what came before another version answered does not count
			c.Row = 0
		}
	}
}

func (c *checkTally) add(s sight, blames bool) {
	c.Asked++
	if s.whole {
		c.Answered++
	}
	if s.says == good {
		c.Good++
	} else if !s.wrong {
		c.Failure = s.problem
	}
	if s.wrong {
		c.Wrong++
	}
	if blames {
		c.Blaming++
	}
	if s.version != "" {
		c.tell(s.version)
	}
}

func (c *checkTally) tell(version string) {
	for i := range c.Versions {
		if c.Versions[i].Version == version {
			c.Versions[i].N++
			return
		}
	}
	if len(c.Versions) < keptVersions {
		c.Versions = append(c.Versions, count{version, 1})
	}
}

// mostWrong is the version told most often other than the one expected.
func (c checkTally) mostWrong(expected string) count {
	var most count
	for _, v := range c.Versions {
		if v.Version != expected && v.N > most.N {
			most = v
		}
	}
	return most
}
