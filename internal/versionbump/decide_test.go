package versionbump

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/slipway-actions/slipway/internal/change"
	"github.com/slipway-actions/slipway/internal/clone"
	"github.com/slipway-actions/slipway/internal/commit"
	"github.com/slipway-actions/slipway/internal/gitrepo"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/semver"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// given is evidence in short.
type given struct {
	tags       []string // "~" before one that cannot be reached
	commits    []string // messages, newest first; merges begin with "Merge"
	old        []string // those that are in a pre-release of the channel already
	bump       string   // "" is auto
	channel    string
	initial    string // "" is 0.1.0
	ref        string
	paths      []string
	policy     func(*policy.Versioning)
	dependency string
	missing    clone.Tags
	labels     map[string]label
	strict     bool
	others     []string // prefixes of components
}

// id is that of the n-th commit.
func id(n int) string { return fmt.Sprintf("%07d%033d", n, 0) }

func (g given) evidence(t *testing.T) evidence {
	t.Helper()
	p := policy.Default().Versioning
	if g.policy != nil {
		g.policy(&p)
	}
	i := inputs{line: line{prefix: "v", paths: g.paths, others: g.others}, bump: g.bump, channel: g.channel, types: p, ref: g.ref, branch: branch(p.Branches, g.ref), strict: g.strict}
	i.span, i.fixed = span(p.Branches, i.branch, g.ref)
	if i.bump == "" {
		i.bump = "auto"
	}
	if g.initial == "" {
		g.initial = "0.1.0"
	}
	var err error
	if i.initial, err = semver.Parse(g.initial); err != nil {
		t.Fatal(err)
	}
	var tags []gitrepo.Tag
	for _, name := range g.tags {
		name, elsewhere := strings.CutPrefix(name, "~")
		tags = append(tags, gitrepo.Tag{Name: name, Reachable: !elsewhere})
	}
	e := evidence{inputs: i, tags: g.missing, dependency: g.dependency, known: true}
	e.sort(tags, true)
	var commits []commit.Commit
	fresh := map[string]bool{}
	for n, message := range append(append([]string{}, g.commits...), g.old...) {
		c := commit.Commit{SHA: id(n), Parents: []string{"p"}, Message: message}
		if strings.HasPrefix(message, "Merge") {
			c.Parents = []string{"p", "q"}
		}
		commits, fresh[c.SHA] = append(commits, c), n < len(g.commits)
	}
	if g.old == nil {
		fresh = nil
	}
	e.judge(change.Of(commits, i.options()), since{fresh: fresh}, g.labels)
	return e
}

func TestDecide(t *testing.T) {
	zero := func(breaking, feature semver.Level) func(*policy.Versioning) {
		return func(v *policy.Versioning) {
			b, f := policy.Level(breaking), policy.Level(feature)
			v.ZeroMajor = policy.ZeroMajor{Breaking: &b, Feature: &f}
		}
	}
	types := func(v *policy.Versioning) {
		v.Types = map[string]policy.Level{"deps": policy.Level(semver.Patch), "feat": policy.Level(semver.None)}
	}
	tests := map[string]struct {
		given
		version, bump string // bump "none" is nothing to release
		reason        string // all of it
	}{
		"a fix": {given{tags: []string{"v1.2.3"}, commits: []string{"fix: a"}}, "1.2.4", "patch",
			"a patch release after v1.2.3, because of 0000000 fix: a"},
		"a feature": {given{tags: []string{"v1.2.3"}, commits: []string{"fix: a", "feat(api): b"}}, "1.3.0", "minor",
			"a minor release after v1.2.3, because of 0000001 feat(api): b"},
		"the newest of equal ones is named": {given{tags: []string{"v1.2.3"}, commits: []string{"feat: b", "feat: a"}}, "1.3.0", "minor",
			"a minor release after v1.2.3, because of 0000000 feat: b"},
		"breaking by a mark": {given{tags: []string{"v1.2.3"}, commits: []string{"chore!: a"}}, "2.0.0", "major",
			"a major release after v1.2.3, because of 0000000 chore!: a"},
		"breaking by a footer, below any subject": {given{tags: []string{"v1.2.3"}, commits: []string{"Drop it\n\nBREAKING CHANGE: gone"}}, "2.0.0", "major",
			"a major release after v1.2.3, because of 0000000 Drop it"},
		"types that look alike": {given{tags: []string{"v1.2.3"}, commits: []string{"prefix: a", "defeat: b"}}, "1.2.3", "none",
			"none of 2 commits since v1.2.3 asks for a version"},
		"other types": {given{tags: []string{"v1.2.3"}, commits: []string{"docs: a", "chore: b"}}, "1.2.3", "none",
			"none of 2 commits since v1.2.3 asks for a version"},
		"no type at all": {given{tags: []string{"v1.2.3"}, commits: []string{"wip"}}, "1.2.3", "none",
			"none of 1 commit since v1.2.3 asks for a version"},
		"no commit": {given{tags: []string{"v1.2.3"}}, "1.2.3", "none", "no commit since v1.2.3"},
		"no commit in the paths": {given{tags: []string{"v1.2.3"}, paths: []string{"api", "lib"}}, "1.2.3", "none",
			"no commit since v1.2.3 in api, lib"},
		"a merge alone":                    {given{tags: []string{"v1.2.3"}, commits: []string{"Merge branch 'x'"}}, "1.2.3", "none", "no commit since v1.2.3"},
		"no commit, but a bump":            {given{tags: []string{"v1.2.3"}, bump: "major"}, "1.2.3", "none", "no commit since v1.2.3"},
		"bump is none":                     {given{tags: []string{"v1.2.3"}, commits: []string{"feat: a"}, bump: "none"}, "1.2.3", "none", "bump is none"},
		"bump is more than commits ask":    {given{tags: []string{"v1.2.3"}, commits: []string{"docs: a"}, bump: "major"}, "2.0.0", "major", "a major release after v1.2.3, because the input bump says so"},
		"bump is less than commits ask":    {given{tags: []string{"v1.2.3"}, commits: []string{"feat!: a"}, bump: "patch"}, "1.2.4", "patch", "a patch release after v1.2.3, because the input bump says so"},
		"the highest tag, not the newest":  {given{tags: []string{"v1.2.3", "v1.10.0", "v1.9.0"}, commits: []string{"fix: a"}}, "1.10.1", "patch", "a patch release after v1.10.0, because of 0000000 fix: a"},
		"a tag that is no version":         {given{tags: []string{"v1.2.3", "v2", "nightly", "v2024.01.02"}, commits: []string{"fix: a"}}, "1.2.4", "patch", "a patch release after v1.2.3, because of 0000000 fix: a"},
		"build metadata is left behind":    {given{tags: []string{"v1.2.3+b1"}, commits: []string{"fix: a"}}, "1.2.4", "patch", "a patch release after v1.2.3+b1, because of 0000000 fix: a"},
		"a higher release elsewhere":       {given{tags: []string{"v1.2.3", "~v3.0.0"}, commits: []string{"fix: a"}}, "1.2.4", "patch", "a patch release after v1.2.3, because of 0000000 fix: a"},
		"the next one is taken":            {given{tags: []string{"v1.2.3", "~v1.3.0", "~v1.4.0+b"}, commits: []string{"feat: a"}}, "1.5.0", "minor", "a minor release after v1.2.3, because of 0000000 feat: a; v1.3.0 is taken by another branch; v1.4.0+b is taken by another branch"},
		"a patch in the way of a minor":    {given{tags: []string{"v1.2.3", "~v1.2.4"}, commits: []string{"fix: a"}}, "1.2.5", "patch", "a patch release after v1.2.3, because of 0000000 fix: a; v1.2.4 is taken by another branch"},
		"pre-releases do not count":        {given{tags: []string{"v1.2.3", "v1.2.4-nightly"}, commits: []string{"fix: a"}}, "1.2.4", "patch", "a patch release after v1.2.3, because of 0000000 fix: a"},
		"0.y.z: a fix":                     {given{tags: []string{"v0.2.3"}, commits: []string{"fix: a"}}, "0.2.4", "patch", "a patch release after v0.2.3, because of 0000000 fix: a"},
		"0.y.z: a feature":                 {given{tags: []string{"v0.2.3"}, commits: []string{"feat: a"}}, "0.3.0", "minor", "a minor release after v0.2.3, because of 0000000 feat: a"},
		"0.y.z: breaking":                  {given{tags: []string{"v0.2.3"}, commits: []string{"feat!: a"}}, "0.3.0", "minor", "a minor release after v0.2.3, because of 0000000 feat!: a, which breaks, while the version is still 0.y.z"},
		"0.y.z: a bump is meant":           {given{tags: []string{"v0.2.3"}, commits: []string{"fix: a"}, bump: "major"}, "1.0.0", "major", "a major release after v0.2.3, because the input bump says so"},
		"0.y.z: policy, breaking":          {given{tags: []string{"v0.2.3"}, commits: []string{"feat!: a"}, policy: zero(semver.Major, semver.Patch)}, "1.0.0", "major", "a major release after v0.2.3, because of 0000000 feat!: a, which breaks, while the version is still 0.y.z"},
		"0.y.z: policy, feature":           {given{tags: []string{"v0.2.3"}, commits: []string{"feat: a"}, policy: zero(semver.Major, semver.Patch)}, "0.2.4", "patch", "a patch release after v0.2.3, because of 0000000 feat: a"},
		"0.y.z: policy, nothing":           {given{tags: []string{"v0.2.3"}, commits: []string{"feat: a"}, policy: zero(semver.None, semver.None)}, "0.2.3", "none", "none of 1 commit since v0.2.3 asks for a version"},
		"0.y.z: policy, nothing but asked": {given{tags: []string{"v0.2.3"}, commits: []string{"feat: a"}, policy: zero(semver.None, semver.None), bump: "prerelease", channel: "rc"}, "0.2.4-rc.1", "prerelease", "a patch release after v0.2.3, because the input bump says so, on the channel rc"},
		"policy: another type":             {given{tags: []string{"v1.2.3"}, commits: []string{"DEPS: a"}, policy: types}, "1.2.4", "patch", "a patch release after v1.2.3, because of 0000000 DEPS: a"},
		"policy: a type that asks nothing": {given{tags: []string{"v1.2.3"}, commits: []string{"feat: a"}, policy: types}, "1.2.3", "none", "none of 1 commit since v1.2.3 asks for a version"},

		"first release":                    {given{commits: []string{"wip"}}, "0.1.0", "minor", "the first release"},
		"first release, as told":           {given{commits: []string{"wip"}, initial: "1.0.0"}, "1.0.0", "major", "the first release"},
		"first release, a small one":       {given{commits: []string{"wip"}, initial: "0.0.1"}, "0.0.1", "patch", "the first release"},
		"first release, nought":            {given{commits: []string{"wip"}, initial: "0.0.0"}, "0.0.0", "patch", "the first release"},
		"first release is taken":           {given{tags: []string{"~v0.1.0"}, commits: []string{"wip"}}, "0.2.0", "minor", "the first release; v0.1.0 is taken by another branch"},
		"first release, nought taken":      {given{tags: []string{"~v0.0.0"}, commits: []string{"wip"}, initial: "0.0.0"}, "0.0.1", "patch", "the first release; v0.0.0 is taken by another branch"},
		"first release on a channel":       {given{commits: []string{"wip"}, channel: "rc"}, "0.1.0-rc.1", "prerelease", "the first release, on the channel rc"},
		"first release of paths":           {given{paths: []string{"api"}}, "0.1.0", "none", "there is no commit in api"},
		"first release, bump none":         {given{commits: []string{"feat: a"}, bump: "none"}, "0.1.0", "none", "bump is none"},
		"after pre-releases only":          {given{tags: []string{"v1.0.0-rc.2"}, commits: []string{"fix: a", "feat: b"}}, "1.0.0", "major", "completes v1.0.0-rc.2"},
		"after lower pre-releases only":    {given{tags: []string{"v0.1.0-rc.2"}, commits: []string{"fix: a"}}, "0.1.0", "minor", "the first release"},
		"after pre-releases, same channel": {given{tags: []string{"v1.0.0-rc.2"}, commits: []string{"fix: a"}, old: []string{"feat: b"}, channel: "rc"}, "1.0.0-rc.3", "prerelease", "completes v1.0.0-rc.2, on the channel rc"},

		"channel: the first":                   {given{tags: []string{"v1.2.3"}, commits: []string{"feat: a"}, channel: "rc"}, "1.3.0-rc.1", "prerelease", "a minor release after v1.2.3, because of 0000000 feat: a, on the channel rc"},
		"channel: the next":                    {given{tags: []string{"v1.2.3", "v1.3.0-rc.1"}, commits: []string{"fix: b"}, old: []string{"feat: a"}, channel: "rc"}, "1.3.0-rc.2", "prerelease", "a minor release after v1.2.3, because of 0000001 feat: a, on the channel rc"},
		"channel: ten is after nine":           {given{tags: []string{"v1.2.3", "v1.3.0-rc.9", "v1.3.0-rc.10"}, commits: []string{"feat: a"}, channel: "rc"}, "1.3.0-rc.11", "prerelease", "a minor release after v1.2.3, because of 0000000 feat: a, on the channel rc"},
		"channel: to a higher target":          {given{tags: []string{"v1.2.3", "v1.3.0-rc.1"}, commits: []string{"feat!: b"}, old: []string{"feat: a"}, channel: "rc"}, "2.0.0-rc.1", "prerelease", "a major release after v1.2.3, because of 0000000 feat!: b, on the channel rc"},
		"channel: never back":                  {given{tags: []string{"v1.2.3", "v2.0.0-rc.1"}, commits: []string{"fix: b"}, old: []string{"fix: a"}, channel: "rc"}, "2.0.0-rc.2", "prerelease", "a patch release after v1.2.3, because of 0000000 fix: b, still on the way to what v2.0.0-rc.1 announced, on the channel rc"},
		"channel: nothing new":                 {given{tags: []string{"v1.2.3", "v1.3.0-rc.1"}, old: []string{"feat: a"}, channel: "rc"}, "1.3.0-rc.1", "none", "no commit since v1.3.0-rc.1"},
		"channel: nothing new, but a bump":     {given{tags: []string{"v1.2.3", "v1.3.0-rc.1"}, old: []string{"feat: a"}, channel: "rc", bump: "minor"}, "1.3.0-rc.1", "none", "no commit since v1.3.0-rc.1"},
		"channel: nothing new that asks":       {given{tags: []string{"v1.2.3", "v1.3.0-rc.1"}, commits: []string{"docs: b"}, old: []string{"feat: a"}, channel: "rc"}, "1.3.0-rc.1", "none", "none of 1 commit since v1.3.0-rc.1 asks for a version"},
		"channel: nothing that asks, but told": {given{tags: []string{"v1.2.3", "v1.3.0-rc.1"}, commits: []string{"docs: b"}, old: []string{"feat: a"}, channel: "rc", bump: "prerelease"}, "1.3.0-rc.2", "prerelease", "a minor release after v1.2.3, because of 0000001 feat: a, on the channel rc"},
		"channel: told at the start":           {given{tags: []string{"v1.2.3"}, commits: []string{"docs: b"}, channel: "rc", bump: "prerelease"}, "1.2.4-rc.1", "prerelease", "a patch release after v1.2.3, because the input bump says so, on the channel rc"},
		"channel: a level, told":               {given{tags: []string{"v1.2.3"}, commits: []string{"docs: b"}, channel: "rc", bump: "major"}, "2.0.0-rc.1", "prerelease", "a major release after v1.2.3, because the input bump says so, on the channel rc"},
		"channel: to the final one":            {given{tags: []string{"v1.2.3", "v1.3.0-rc.1", "v1.3.0-rc.2"}, commits: []string{"fix: b", "feat: a"}}, "1.3.0", "minor", "a minor release after v1.2.3, because of 0000001 feat: a"},
		"channel: another one's number":        {given{tags: []string{"v1.2.3", "v1.3.0-beta.4"}, commits: []string{"feat: a"}, channel: "rc"}, "1.3.0-rc.1", "prerelease", "a minor release after v1.2.3, because of 0000000 feat: a, on the channel rc"},
		"channel: a number taken elsewhere":    {given{tags: []string{"v1.2.3", "~v1.3.0-rc.4"}, commits: []string{"feat: a"}, channel: "rc"}, "1.3.0-rc.5", "prerelease", "a minor release after v1.2.3, because of 0000000 feat: a, on the channel rc"},
		"channel: the final one is out":        {given{tags: []string{"v1.2.3", "~v1.3.0"}, commits: []string{"feat: a"}, channel: "rc"}, "1.4.0-rc.1", "prerelease", "a minor release after v1.2.3, because of 0000000 feat: a; v1.3.0 is taken by another branch, on the channel rc"},

		"release as":                        {given{tags: []string{"v1.2.3"}, commits: []string{"fix: a", "chore: b\n\nRelease-As: 3.0.0"}}, "3.0.0", "major", "commit 0000001 says Release-As: 3.0.0"},
		"release as, with the prefix":       {given{tags: []string{"v1.2.3"}, commits: []string{"chore: b\n\nRelease-As: v1.3.0"}}, "1.3.0", "minor", "commit 0000000 says Release-As: v1.3.0"},
		"release as, the newest":            {given{tags: []string{"v1.2.3"}, commits: []string{"fix: a\n\nRelease-As: 2.0.0", "chore: b\n\nRelease-As: 3.0.0"}}, "2.0.0", "major", "commit 0000000 says Release-As: 2.0.0"},
		"release as, spent":                 {given{tags: []string{"v1.2.3", "~v3.0.0"}, commits: []string{"fix: a\n\nRelease-As: 3.0.0", "fix: b\n\nRelease-As: 2.0.0"}}, "1.2.4", "patch", "a patch release after v1.2.3, because of 0000000 fix: a"},
		"release as, too low":               {given{tags: []string{"v1.2.3"}, commits: []string{"fix: a\n\nRelease-As: 1.2.3-rc.1", "fix: b\n\nRelease-As: 1.2.9"}}, "1.2.9", "patch", "commit 0000001 says Release-As: 1.2.9"},
		"release as, in a merge":            {given{tags: []string{"v1.2.3"}, commits: []string{"Merge pull request #1 from a/b\n\nRelease-As: 2.0.0", "fix: a"}}, "2.0.0", "major", "commit 0000000 says Release-As: 2.0.0"},
		"release as, a first release":       {given{commits: []string{"chore: a\n\nRelease-As: 1.0.0"}}, "1.0.0", "major", "commit 0000000 says Release-As: 1.0.0"},
		"release as, another component's":   {given{tags: []string{"v1.2.3"}, commits: []string{"fix: a\n\nRelease-As: api/v3.0.0"}, others: []string{"api/v"}}, "1.2.4", "patch", "a patch release after v1.2.3, because of 0000000 fix: a"},
		"release as, on a channel":          {given{tags: []string{"v1.2.3"}, commits: []string{"fix: a\n\nRelease-As: 2.0.0"}, channel: "rc"}, "2.0.0-rc.1", "prerelease", "commit 0000000 says Release-As: 2.0.0, on the channel rc"},
		"release as, a pre-release":         {given{tags: []string{"v1.2.3"}, commits: []string{"fix: a\n\nRelease-As: 2.0.0-beta.7"}, channel: "rc"}, "2.0.0-beta.7", "prerelease", "commit 0000000 says Release-As: 2.0.0-beta.7"},
		"release as, bump none":             {given{tags: []string{"v1.2.3"}, commits: []string{"fix: a\n\nRelease-As: 2.0.0"}, bump: "none"}, "1.2.3", "none", "bump is none"},
		"a label":                           {given{tags: []string{"v1.2.3"}, commits: []string{"docs: a"}, labels: map[string]label{id(0): {"semver:minor", semver.Minor, 7}}}, "1.3.0", "minor", "a minor release after v1.2.3, because of 0000000 docs: a, whose pull request #7 is labelled semver:minor"},
		"a label asks for less":             {given{tags: []string{"v1.2.3"}, commits: []string{"feat!: a"}, labels: map[string]label{id(0): {"semver:patch", semver.Patch, 7}}}, "1.2.4", "patch", "a patch release after v1.2.3, because of 0000000 feat!: a, whose pull request #7 is labelled semver:patch"},
		"a label for nothing":               {given{tags: []string{"v1.2.3"}, commits: []string{"feat!: a"}, labels: map[string]label{id(0): {"semver:none", semver.None, 7}}}, "1.2.3", "none", "none of 1 commit since v1.2.3 asks for a version"},
		"a revert of what is released":      {given{tags: []string{"v1.2.3"}, commits: []string{"Revert \"feat: a\"\n\nThis reverts commit 0123456789012345678901234567890123456789."}}, "1.2.4", "patch", "a patch release after v1.2.3, because of 0000000 Revert \"feat: a\""},
		"a revert of what is not":           {given{tags: []string{"v1.2.3"}, commits: []string{"Revert \"feat: a\"\n\nThis reverts commit " + id(1) + ".", "feat: a", "fix: b"}}, "1.2.4", "patch", "a patch release after v1.2.3, because of 0000002 fix: b"},
		"a revert of a pre-release's":       {given{tags: []string{"v1.2.3", "v1.3.0-rc.1"}, commits: []string{"Revert \"feat: a\"\n\nThis reverts commit " + id(1) + "."}, old: []string{"feat: a"}, channel: "rc"}, "1.3.0-rc.2", "prerelease", "a release after v1.2.3, because of 0000000 Revert \"feat: a\", still on the way to what v1.3.0-rc.1 announced, on the channel rc"},
		"what came once more":               {given{tags: []string{"v1.2.3", "v1.3.0-rc.1"}, commits: []string{"feat: a (#7)"}, old: []string{"feat: a (#7)"}, channel: "rc"}, "1.3.0-rc.1", "none", "none of 1 commit since v1.3.0-rc.1 asks for a version"},
		"maintenance: within its range":     {given{tags: []string{"v1.4.2"}, commits: []string{"feat: a"}, ref: "1.x"}, "1.5.0", "minor", "a minor release after v1.4.2, because of 0000000 feat: a"},
		"maintenance: the first of a range": {given{tags: []string{"v1.3.0"}, commits: []string{"fix: a"}, ref: "1.4.x"}, "1.4.0", "minor", "a patch release after v1.3.0, because of 0000000 fix: a, and the first of the range 1.4.x"},
		"maintenance: its own line":         {given{tags: []string{"v1.4.2", "v2.0.0"}, commits: []string{"fix: a"}, ref: "1.x"}, "1.4.3", "patch", "a patch release after v1.4.2, because of 0000000 fix: a"},
		"maintenance: taken by main":        {given{tags: []string{"v1.4.2", "~v1.4.3"}, commits: []string{"fix: a"}, ref: "1.4.x"}, "1.4.4", "patch", "a patch release after v1.4.2, because of 0000000 fix: a; v1.4.3 is taken by another branch"},
		"a version that is ignored":         {given{tags: []string{"v1.2.3", "v1.2.4"}, commits: []string{"fix: a"}, policy: func(v *policy.Versioning) { v.IgnoreTags = []string{"v1.2.4"} }}, "1.2.5", "patch", "a patch release after v1.2.3, because of 0000000 fix: a; v1.2.4 is taken by a tag that is ignored"},

		"a long subject is cut": {given{tags: []string{"v1.2.3"}, commits: []string{"fix: " + strings.Repeat("ä", 10_000)}}, "1.2.4", "patch",
			"a patch release after v1.2.3, because of 0000000 fix: " + strings.Repeat("ä", 94) + "…"},
		"a dependency changes": {given{tags: []string{"v1.2.3"}, dependency: "api"}, "1.2.4", "patch", "a patch release after v1.2.3, because the component api changes, which it depends on"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			e := tt.given.evidence(t)
			d := decide(e)
			holdWords(t, d)
			if got := d.version.String(); got != tt.version || d.bump != tt.bump || d.reason != tt.reason {
				t.Errorf("got  %s %s: %s\nwant %s %s: %s", got, d.bump, d.reason, tt.version, tt.bump, tt.reason)
			}
			if d.changed != (tt.bump != "none") {
				t.Errorf("changed is %v", d.changed)
			}
			if d.wrong != "" {
				t.Errorf("wrong: %s", d.wrong)
			}
			if d.previous != e.latest {
				t.Errorf("previous is %v", d.previous)
			}
			if v := result.VerdictOf(d.findings); v != verdict.Pass {
				t.Errorf("the verdict is %s: %+v", v, d.findings)
			}
		})
	}
}

func TestReleaseType(t *testing.T) {
	lts := func(v *policy.Versioning) {
		v.Branches = map[string]policy.Branch{"release/*": {Maintenance: true}, "release/next": {}}
	}
	tests := map[string]struct {
		given
		want string
	}{
		"feature":                   {given{commits: []string{"feat: a"}}, "feature"},
		"a fix is one too":          {given{commits: []string{"fix: a"}}, "feature"},
		"beta":                      {given{commits: []string{"feat: a"}, channel: "rc"}, "beta"},
		"security by a footer":      {given{commits: []string{"feat: b", "fix: a\n\nSecurity: tokens were logged"}}, "security"},
		"security by an advisory":   {given{commits: []string{"fix: a\n\nFixes: CVE-2026-12345"}}, "security"},
		"security by GitHub's":      {given{commits: []string{"fix: a\n\nFixes #1, GHSA-jfh8-c2jp-5v3q"}}, "security"},
		"an issue is no advisory":   {given{commits: []string{"fix: a\n\nFixes: #12"}}, "feature"},
		"its own footer":            {given{commits: []string{"fix: a\n\nCVE: CVE-2026-12345"}}, "security"},
		"by its subject":            {given{commits: []string{"fix(deps): mend CVE-2026-12345"}}, "security"},
		"docs of one are none":      {given{commits: []string{"fix: b", "docs: what CVE-2026-12345 is"}}, "feature"},
		"by its type":               {given{commits: []string{"security: a"}}, "security"},
		"by its scope":              {given{commits: []string{"fix(security): a"}}, "security"},
		"one that is taken back":    {given{commits: []string{"Revert \"fix: a\"\n\nThis reverts commit " + id(1) + ".", "fix: a\n\nSecurity: b", "fix: c"}}, "feature"},
		"lts by its name":           {given{tags: []string{"v1.0.0"}, commits: []string{"fix: a"}, ref: "1.x"}, "lts"},
		"prose is none":             {given{commits: []string{"fix: a\n\nLike CVE-2026-12345"}}, "feature"},
		"hotfix by the branch":      {given{commits: []string{"fix: a"}, ref: "hotfix/login"}, "hotfix"},
		"security before hotfix":    {given{commits: []string{"fix: a\n\nSecurity: b"}, ref: "hotfix/login"}, "security"},
		"lts by the policy":         {given{commits: []string{"fix: a"}, ref: "release/1.x", policy: lts}, "lts"},
		"its own name goes first":   {given{commits: []string{"fix: a"}, ref: "release/next", policy: lts}, "feature"},
		"nothing, nothing released": {given{tags: []string{"v1.0.0"}}, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			d := decide(tt.given.evidence(t))
			holdWords(t, d)
			if d.releaseType != tt.want || (d.typeReason == "") != (tt.want == "") {
				t.Errorf("release type %q (%s), want %q", d.releaseType, d.typeReason, tt.want)
			}
		})
	}
}

// TestWrong holds what the caller has to mend.
func TestWrong(t *testing.T) {
	ranged := func(span string) func(*policy.Versioning) {
		return func(v *policy.Versioning) {
			v.Branches = map[string]policy.Branch{"old": {Maintenance: true, Range: span}}
		}
	}
	for name, tt := range map[string]struct {
		given
		want string // part of it; "" for nothing
	}{
		"a major on 1.x":          {given{tags: []string{"v1.4.2"}, commits: []string{"feat!: a"}, ref: "release/1.x", policy: func(v *policy.Versioning) { v.Branches = map[string]policy.Branch{"release/*": {Maintenance: true}} }}, "v2.0.0 would be the next version (a major release after v1.4.2, because of 0000000 feat!: a), but the branch release/1.x keeps to 1.x, by its name. Release this from another branch"},
		"a minor on 1.4.x":        {given{tags: []string{"v1.4.2"}, commits: []string{"feat: a"}, ref: "1.4.x"}, "v1.5.0 would be"},
		"by the policy":           {given{tags: []string{"v1.4.2"}, commits: []string{"feat: a"}, ref: "old", policy: ranged("1.4.x")}, "keeps to 1.4.x, by the policy's versioning.branches"},
		"by the base":             {given{tags: []string{"v1.4.2"}, commits: []string{"feat!: a"}, ref: "old", policy: ranged("")}, "keeps to 1.x, by its last release v1.4.2"},
		"release as":              {given{tags: []string{"v1.4.2"}, commits: []string{"fix: a\n\nRelease-As: 2.0.0"}, ref: "1.x"}, "v2.0.0 would be"},
		"the input bump":          {given{tags: []string{"v1.4.2"}, commits: []string{"fix: a"}, ref: "1.x", bump: "major"}, "because the input bump says so"},
		"pushed out":              {given{tags: []string{"v1.4.2", "~v1.5.0"}, commits: []string{"fix: a"}, ref: "1.4.x"}, ""},
		"nothing to release":      {given{tags: []string{"v1.4.2"}, commits: []string{"docs: a"}, ref: "1.4.x"}, ""},
		"a release branch of git": {given{tags: []string{"v1.3.2"}, commits: []string{"feat!: a"}, ref: "release/1.4"}, ""},
		"strict":                  {given{tags: []string{"v1.4.2"}, commits: []string{"wip", "fix: a", "Merge x"}, strict: true}, "input strict is \"true\", and 1 commit is no Conventional Commit:\n  0000000 wip\n"},
		"strict, and all have":    {given{tags: []string{"v1.4.2"}, commits: []string{"fix: a", "Merge x", "Revert \"feat: b\"\n\nThis reverts commit 0123456789012345678901234567890123456789."}, strict: true}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := decide(tt.given.evidence(t))
			holdWords(t, d)
			if got := d.wrong; (got == "") != (tt.want == "") || !strings.Contains(got, tt.want) {
				t.Errorf("got %q", got)
			}
		})
	}
}

// TestWarnings holds which warnings there are; none of them changes the verdict.
func TestWarnings(t *testing.T) {
	tests := map[string]struct {
		given
		want []string
	}{
		"none":                     {given{tags: []string{"v1.0.0"}, commits: []string{"fix: a"}}, nil},
		"a commit without a type":  {given{tags: []string{"v1.0.0"}, commits: []string{"fix: a", "wip", "Merge x"}}, []string{"unparsed-commits: 1 of 2 commits without a type of Conventional Commits; such a commit asks for no version unless it has a BREAKING CHANGE footer"}},
		"releases elsewhere":       {given{tags: []string{"~v3.0.0"}, commits: []string{"fix: a"}}, []string{"unreachable-releases: v3.0.0 exists, but this commit does not build on it nor on any other release"}},
		"a higher one elsewhere":   {given{tags: []string{"~v3.0.0", "v1.0.0"}, commits: []string{"fix: a"}}, []string{"higher-elsewhere: v3.0.0 is on another branch, and higher than 1.0.1"}},
		"a lower one elsewhere":    {given{tags: []string{"~v0.9.0", "~v2.0.0-rc.1", "v1.0.0"}, commits: []string{"fix: a"}}, nil},
		"a maintenance branch":     {given{tags: []string{"~v3.0.0", "v1.0.0"}, commits: []string{"fix: a"}, ref: "release/1.x", policy: func(v *policy.Versioning) { v.Branches = map[string]policy.Branch{"release/1.x": {Maintenance: true}} }}, nil},
		"a higher one announced":   {given{tags: []string{"v1.0.0", "v2.0.0-rc.1"}, commits: []string{"fix: a"}}, []string{"announced: v2.0.0-rc.1 is in this history, yet it is higher than 1.0.1"}},
		"a date":                   {given{tags: []string{"v1.0.0", "v2024.1.2"}, commits: []string{"fix: a"}}, []string{"calendar-tags: v2024.1.2 is a semantic version and looks like a date; it counts, as it is the highest"}},
		"a nightly":                {given{tags: []string{"v1.0.0", "v2.0.0-8f3d2c1-nightly"}, commits: []string{"fix: a"}}, nil},
		"what was announced comes": {given{tags: []string{"v1.0.0", "v2.0.0-rc.1"}, commits: []string{"feat!: a"}}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var got []string
			d := decide(tt.given.evidence(t))
			holdWords(t, d)
			for _, f := range d.findings {
				if f.Outcome == verdict.Warned {
					got = append(got, f.ID+": "+f.Observed)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// TestDecideAll holds that a change goes up through the components that are built from it.
func TestDecideAll(t *testing.T) {
	part := func(name, commit string, dependsOn ...string) evidence {
		g := given{tags: []string{"v1.0.0"}}
		if commit != "" {
			g.commits = []string{commit}
		}
		e := g.evidence(t)
		e.line.component, e.line.dependsOn = name, dependsOn
		return e
	}
	tests := map[string]struct {
		parts []evidence
		want  string
	}{
		"nothing changes":             {[]evidence{part("api", ""), part("web", "", "api")}, "1.0.0 1.0.0"},
		"a dependency changes":        {[]evidence{part("api", "feat: a"), part("web", "", "api")}, "1.1.0 1.0.1"},
		"whatever the order":          {[]evidence{part("api", "", "web"), part("web", "feat: a")}, "1.0.1 1.1.0"},
		"through several":             {[]evidence{part("a", "", "b"), part("b", "", "c"), part("c", "fix: x")}, "1.0.1 1.0.1 1.0.1"},
		"its own change counts more":  {[]evidence{part("api", "fix: a"), part("web", "feat: b", "api")}, "1.0.1 1.1.0"},
		"its own change asks nothing": {[]evidence{part("api", "fix: a"), part("web", "docs: b", "api")}, "1.0.1 1.0.1"},
		"the other way nothing":       {[]evidence{part("api", ""), part("web", "feat: b", "api")}, "1.0.0 1.1.0"},
		"a circle":                    {[]evidence{part("a", "", "b"), part("b", "", "a")}, "1.0.0 1.0.0"},
		"a circle that moves":         {[]evidence{part("a", "", "b"), part("b", "", "a", "c"), part("c", "fix: x")}, "1.0.1 1.0.1 1.0.1"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var got []string
			all := decideAll(tt.parts)
			holdWords(t, all...)
			for _, d := range all {
				got = append(got, d.version.String())
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}
