package versionbump

import (
	"fmt"

	"github.com/slipway-actions/slipway/internal/semver"
)

// wanted is the highest level that the caller or the commits ask for. On a channel only what is
// fresh makes a release, but all since the last final version makes its number.
func wanted(e evidence) (semver.Level, string) {
	if e.bump != "auto" && e.bump != "prerelease" && e.bump != "none" {
		level, _ := semver.ParseLevel(e.bump) // the input was checked
		return level, "the input bump says so"
	}
	var most, fresh judged
	for _, c := range e.commits {
		if c.Level > most.Level {
			most = c
		}
		if c.Anew > fresh.Anew {
			fresh = c
		}
	}
	level := tamed(e, most.Level)
	switch {
	case level != semver.None:
		return level, "of " + cite(most) + said(e, most)
	case e.dependency != "":
		return semver.Patch, "the component " + e.dependency + " changes, which it depends on"
	case tamed(e, fresh.Anew) != semver.None:
		return semver.None, "of " + cite(fresh) + said(e, fresh)
	case e.bump == "prerelease":
		return semver.Patch, "the input bump says so"
	}
	return semver.None, "no commit asks for one"
}

// anew is the level that what is fresh asks for.
func anew(e evidence) semver.Level {
	if e.bump != "auto" {
		return semver.Patch // it is asked for
	}
	most := semver.None
	for _, c := range e.commits {
		most = max(most, c.Anew)
	}
	return tamed(e, most)
}

// tamed is what a level means while the version is 0.y.z: it stays so until somebody says otherwise.
func tamed(e evidence, level semver.Level) semver.Level {
	if e.final != nil && e.final.Version.Major() == 0 {
		switch level {
		case semver.Major:
			return semver.Level(*e.types.ZeroMajor.Breaking)
		case semver.Minor:
			return semver.Level(*e.types.ZeroMajor.Feature)
		}
	}
	return level
}

// said is what is not to be seen in a commit's subject of why it asks for its level.
func said(e evidence, c judged) string {
	text := ""
	if c.Label != "" {
		text = fmt.Sprintf(", whose pull request #%d is labelled %s", c.Pull, short(c.Label))
	}
	if c.Level == semver.Major && e.final != nil && e.final.Version.Major() == 0 {
		text += ", which breaks, while the version is still 0.y.z"
	}
	return text
}
