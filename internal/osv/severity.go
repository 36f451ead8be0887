package osv

import (
	"fmt"
	"math"
	"strings"

	cvss20 "github.com/pandatix/go-cvss/20"
	cvss30 "github.com/pandatix/go-cvss/30"
	cvss31 "github.com/pandatix/go-cvss/31"
	cvss40 "github.com/pandatix/go-cvss/40"
)

// Level is how severe a vulnerability is.
type Level int

// The levels, lowest first. Unrated is no level: nobody has said.
const (
	Unrated Level = iota
	Low
	Medium
	High
	Critical
)

var levelNames = []string{"unknown", "low", "medium", "high", "critical"}

func (l Level) String() string { return levelNames[l] }

// Rating is a level and who says so.
type Rating struct {
	Level  Level
	Score  float64 // of CVSS, 0 to 10; 0 where there is none
	Source string  // "CVSS 3.1 by GHSA-…", "GHSA-…"; "" where unrated
}

// Rate finds the severity of a group's vulnerability in a package: the highest CVSS score of its
// records, in the newest version of CVSS that each gives; else that of other records it is known
// under (aliases); else the word of the database. Databases without scores, such as Go's, are rated by the aliases
// alone.
func Rate(p Package, group, aliases []*Record) Rating {
	for _, records := range [][]*Record{group, aliases} {
		var best Rating
		for _, r := range records {
			best = higher(best, r.score(p))
		}
		if best.Level != Unrated {
			return best
		}
	}
	for _, records := range [][]*Record{group, aliases} {
		var best Rating
		for _, r := range records {
			if level := word(r.Specific.Severity); level != Unrated {
				best = higher(best, Rating{Level: level, Source: r.ID})
			}
		}
		if best.Level != Unrated {
			return best
		}
	}
	return Rating{}
}

// higher does not depend on the order it is asked in.
func higher(a, b Rating) Rating {
	switch {
	case a.Level != b.Level:
		if a.Level > b.Level {
			return a
		}
		return b
	case a.Score != b.Score:
		if a.Score > b.Score {
			return a
		}
		return b
	case b.Source != "" && (a.Source == "" || b.Source < a.Source):
		return b
	}
	return a
}

// score is the record's own CVSS rating, of the newest version it gives.
func (r *Record) score(p Package) Rating {
	vectors := r.Severity
	for _, a := range r.about(p) {
		vectors = append(vectors[:len(vectors):len(vectors)], a.Severity...)
	}
	for _, scale := range []string{"CVSS_V4", "CVSS_V3", "CVSS_V2"} {
		var best Rating
		for _, v := range vectors {
			if v.Type != scale {
				continue
			}
			if score, version, ok := baseScore(v); ok {
				best = higher(best, Rating{Level: band(score), Score: score, Source: fmt.Sprintf("CVSS %s by %s", version, r.ID)})
			}
		}
		if best.Level != Unrated {
			return best
		}
	}
	return Rating{}
}

// baseScore computes a vector's score; false where the vector is none.
func baseScore(s Severity) (score float64, version string, ok bool) {
	switch vector := strings.TrimSpace(s.Score); {
	case s.Type == "CVSS_V2":
		if c, err := cvss20.ParseVector(strings.Trim(vector, "()")); err == nil {
			return c.BaseScore(), "2.0", true
		}
	case strings.HasPrefix(vector, "CVSS:3.0/"):
		if c, err := cvss30.ParseVector(vector); err == nil {
			return c.BaseScore(), "3.0", true
		}
	case strings.HasPrefix(vector, "CVSS:3.1/"):
		if c, err := cvss31.ParseVector(vector); err == nil {
			return c.BaseScore(), "3.1", true
		}
	case strings.HasPrefix(vector, "CVSS:4.0/"):
		if c, err := cvss40.ParseVector(vector); err == nil {
			return c.Score(), "4.0", true
		}
	}
	return 0, "", false
}

// band is the qualitative scale of CVSS (https://www.first.org/cvss/v3.1/specification-document,
// section 5). A score of 0 counts as low: a published advisory is never nothing.
func band(score float64) Level {
	switch score = math.Round(score*10) / 10; {
	case score >= 9:
		return Critical
	case score >= 7:
		return High
	case score >= 4:
		return Medium
	}
	return Low
}

// word reads a database's own word.
func word(s string) Level {
	switch strings.ToUpper(strings.TrimSpace(s)) {
	case "LOW":
		return Low
	case "MODERATE", "MEDIUM":
		return Medium
	case "HIGH":
		return High
	case "CRITICAL":
		return Critical
	}
	return Unrated
}
