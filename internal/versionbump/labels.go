package versionbump

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"sync"

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/change"
	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/policy"
	"github.com/slipway-actions/slipway/internal/semver"
)

// label is what a pull request says of the commits that came with it.
type label struct {
	name  string
	level semver.Level
	pull  int
}

// pulls knows pull requests and their labels.
type pulls interface {
	Pull(ctx context.Context, repository string, number int) (p github.Pull, ok bool, err error)
	Pulls(ctx context.Context, repository, sha string) ([]github.Pull, error)
}

// labelSource is where labels come from, and what they mean. Without meanings nobody is asked.
type labelSource struct {
	pulls      pulls
	repository string
	meanings   map[string]policy.Level
}

// questionLimit is the most that is asked of the API in one run, and askedAtOnce how much at a time.
const (
	questionLimit = 500
	askedAtOnce   = 8
)

// of finds the labels of commits, by commit. A commit without a pull request, or whose pull request has
// none of these labels, is not among them, and its message says what it asks for. If the API cannot be
// asked nothing is known: a message must not stand in for a label that nobody could read.
func (s labelSource) of(ctx context.Context, passes []pass) (map[string]label, error) {
	if len(s.meanings) == 0 {
		return nil, nil
	}
	// One question for each pull request that is known, and one for each other commit.
	questions := map[string][]string{}
	numbers := numbers(passes)
	for _, sha := range slices.Sorted(maps.Keys(numbers)) {
		key := sha
		if n := numbers[sha]; n > 0 {
			key = strconv.Itoa(n)
		}
		questions[key] = append(questions[key], sha)
	}
	if n := len(questions); n > questionLimit {
		return nil, action.Undecided("Release more often, or take versioning.labels out of the policy.",
			"the policy's versioning.labels needs %d questions to the API; at most %d are asked", n, questionLimit)
	}
	found := map[string]label{}
	var (
		mu      sync.Mutex
		group   sync.WaitGroup
		failed  error
		waiting = make(chan struct{}, askedAtOnce)
	)
	for _, shas := range questions {
		waiting <- struct{}{}
		mu.Lock()
		stop := failed != nil
		mu.Unlock()
		if stop {
			break
		}
		group.Go(func() {
			answers, err := s.ask(ctx, numbers[shas[0]], shas)
			mu.Lock()
			defer mu.Unlock()
			maps.Copy(found, answers)
			if failed == nil {
				failed = err
			}
			<-waiting
		})
	}
	group.Wait()
	if failed != nil {
		return nil, unread(failed)
	}
	return found, nil
}

// ask finds the labels of commits that came with one pull request, or of one commit. Where the
// number is an issue's, or of the repository that a commit was picked from, no such pull request is here.
func (s labelSource) ask(ctx context.Context, number int, shas []string) (map[string]label, error) {
	found := map[string]label{}
	if number > 0 {
		pull, ok, err := s.pulls.Pull(ctx, s.repository, number)
		if err != nil {
			return nil, err
		}
		for _, sha := range shas {
			if l, says := s.read(pull); ok && says {
				found[sha] = l
			}
		}
		if ok {
			return found, nil
		}
	}
	for _, sha := range shas {
		list, err := s.pulls.Pulls(ctx, s.repository, sha)
		if err != nil {
			return nil, err
		}
		merged := slices.DeleteFunc(slices.Clone(list), func(p github.Pull) bool { return !p.Merged })
		if list = append(merged, list...); len(list) > 0 { // what is merged brought it; else it may be under way
			if l, says := s.read(list[0]); says {
				found[sha] = l
			}
		}
	}
	return found, nil
}

// numbers are the pull requests of the commits that count, by commit; 0 where none is known. Of what
// does not count nobody wants a label.
func numbers(passes []pass) map[string]int {
	numbers := map[string]int{}
	for _, p := range passes {
		for _, c := range p.changes {
			if c.State == change.Counts && numbers[c.Commit.SHA] == 0 {
				numbers[c.Commit.SHA], _ = strconv.Atoi(c.Pull)
			}
		}
	}
	return numbers
}

// read is the label that asks for most, of those that mean something.
func (s labelSource) read(p github.Pull) (l label, says bool) {
	for _, name := range p.Labels {
		level, ok := s.meanings[name]
		if ok && (!says || semver.Level(level) > l.level) {
			l, says = label{name, semver.Level(level), p.Number}, true
		}
	}
	return l, says
}

// unread says that labels cannot be read, and what to do about it.
func unread(err error) error {
	next := "Run the step again."
	var answer *github.Error
	switch {
	case errors.Is(err, github.ErrNoToken):
		next = "Pass a github-token with the permission pull-requests: read."
	case errors.As(err, &answer):
		next = answer.Next
	}
	return action.Undecided(next, "the policy's versioning.labels decide what commits ask for, but they cannot be read: %w", err)
}
