package deployverify

import "time"

// tally counts the looks of one phase.
type tally struct {
	looks     int
	good      int
	row       int  // of successes, up to the newest look
	fails     int  // row of other looks, up to the newest
	blamed    int  // looks that say something against the service
	rowBlamed int  // those of them in the newest row
	relapsed  bool // one of them came after a success
	checks    []checkTally
	broken    time.Time // when the newest row of failures began
}

// checkTally counts the requests of one check.
type checkTally struct {
	asked    int
	answered int // whole answers
	good     int
	blaming  int     // requests that say something against the service
	wrong    int     // answers with another version than the one expected
	failure  string  // what was wrong with the newest request that failed in another way
	versions []count // told, in the order they came up; the first few
}

type count struct {
	version string
	n       int
}

// keptVersions is how many different versions are counted apart; a hostile server tells a new one each time.
const keptVersions = 20

func newTally(checks []check) tally { return tally{checks: make([]checkTally, len(checks))} }

// add counts a look; answered tells whether the service has ever said anything, for only then does
// its silence say something too.
func (t *tally) add(l look, answered bool) {
	t.looks++
	blames := func(s says) bool { return s == bad || s == silent && answered }
	if says := l.says(); says == good {
		t.good++
		t.row++
		t.fails, t.rowBlamed = 0, 0
	} else {
		if t.fails == 0 {
			t.broken = l.at
		}
		t.row = 0
		t.fails++
		if blames(says) {
			t.blamed++
			t.rowBlamed++
			t.relapsed = t.relapsed || t.good > 0
		}
	}
	for i, sights := range l.sights {
		for _, s := range sights {
			t.checks[i].add(s, blames(s.says))
		}
	}
}

func (c *checkTally) add(s sight, blames bool) {
	c.asked++
	if s.whole {
		c.answered++
	}
	if s.says == good {
		c.good++
	} else if !s.wrong {
		c.failure = s.problem
	}
	if s.wrong {
		c.wrong++
	}
	if blames {
		c.blaming++
	}
	if s.version != "" {
		c.tell(s.version)
	}
}

func (c *checkTally) tell(version string) {
	for i := range c.versions {
		if c.versions[i].version == version {
			c.versions[i].n++
			return
		}
	}
	if len(c.versions) < keptVersions {
		c.versions = append(c.versions, count{version, 1})
	}
}

// mostWrong is the version told most often other than the one expected.
func (c checkTally) mostWrong(expected string) count {
	var most count
	for _, v := range c.versions {
		if v.version != expected && v.n > most.n {
			most = v
		}
	}
	return most
}
