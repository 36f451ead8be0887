package deployverify

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// look is one round of requests, all checks in turn.
type look struct {
	at     time.Time // when it began
	sights [][]sight // by check; none of one that was not asked
	halted bool      // another version answered, so that nothing else was asked
}

// stretch is a number of looks in a row that showed the same.
type stretch struct {
	From  time.Time `json:"from"` // when the first and the last of them began
	To    time.Time `json:"to"`
	Looks int       `json:"looks"`
	Says  says      `json:"says"`
	Text  string    `json:"text"`
}

// whole tells whether every check was asked, or need not be.
func (l look) whole() bool {
	return l.halted || !slices.ContainsFunc(l.sights, func(s []sight) bool { return len(s) == 0 })
}

// says is the worst that any of its requests says.
func (l look) says() says {
	worst := good
	for _, sights := range l.sights {
		for _, s := range sights {
			worst = max(worst, s.says)
		}
	}
	return worst
}

// text is a look in a few words: what its failures say, or the versions it was told.
func (l look) text(checks []check) string {
	var parts []string
	for i, sights := range l.sights {
		if len(sights) == 0 {
			continue
		}
		name := ""
		if len(checks) > 1 {
			name = checks[i].id() + " "
		}
		failed, last, version := 0, "", ""
		for _, s := range sights {
			version = s.version
			if s.says != good {
				failed, last = failed+1, s.problem
			}
		}
		switch {
		case failed > 0 && len(sights) > 1:
			parts = append(parts, fmt.Sprintf("%s%d of %d requests failed, the last with: %s", name, failed, len(sights), last))
		case failed > 0:
			parts = append(parts, name+last)
		case version != "":
			parts = append(parts, name+"said "+version)
		default:
			parts = append(parts, name+"as wanted")
		}
	}
	return strings.Join(parts, "; ")
}
