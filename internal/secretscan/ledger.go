package secretscan

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"github.com/slipway-actions/slipway/internal/secret"
)

// ledger is where those who search write down what they find.
type ledger struct {
	mu     sync.Mutex
	result Result
	leaks  map[secret.Leak]secret.Leak  // the first on its line, by what is the same for all of them there
	names  map[[sha256.Size]byte]string // fingerprints, which are slow to make, by rule and secret
}

func newLedger() *ledger {
	return &ledger{leaks: map[secret.Leak]secret.Leak{}, names: map[[sha256.Size]byte]string{}}
}

// errTooMany ends a search that would list more than anybody can look at.
var errTooMany = fmt.Errorf("there are more than %d secrets; search a part of it", leakLimit)

// add writes down a secret. From here on nobody has its text.
func (l *ledger) add(path, commit string, h hit) error {
	leak := secret.Leak{
		Rule: h.rule.RuleID, Description: h.rule.Description, File: path, Commit: commit,
		Line: h.line, EndLine: h.endLine, Column: h.column, Fingerprint: l.name(h.rule.RuleID, h.secret),
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	line := leak
	line.EndLine, line.Column = 0, 0
	if first, known := l.leaks[line]; known && first.Compare(leak) <= 0 {
		return nil // seen in two ways, or from two pieces
	}
	if l.leaks[line] = leak; len(l.leaks) > leakLimit {
		return errTooMany
	}
	return nil
}

func (l *ledger) name(rule, text string) string {
	key := sha256.Sum256([]byte(rule + "\x00" + text))
	l.mu.Lock()
	name := l.names[key]
	l.mu.Unlock()
	if name == "" {
		name = secret.Fingerprint(rule, text)
		l.mu.Lock()
		l.names[key] = name
		l.mu.Unlock()
	}
	return name
}

// count writes down what a file came to.
func (l *ledger) count(change func(*Result)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change(&l.result)
}

// skip names what was not searched.
func (l *ledger) skip(path, reason string) {
	l.count(func(r *Result) { r.Skipped = append(r.Skipped, secret.Skipped{Path: path, Reason: reason}) })
}

// close is the result, in order.
func (l *ledger) close() Result {
	r := l.result
	for _, leak := range l.leaks {
		r.Leaks = append(r.Leaks, leak)
	}
	slices.SortFunc(r.Leaks, secret.Leak.Compare)
	slices.SortFunc(r.Skipped, secret.Skipped.Compare)
	r.Skipped = slices.Compact(r.Skipped)
	slices.SortFunc(r.Passed, secret.Skipped.Compare)
	return r
}

// inOrderOfPlace puts secrets into the order in which a reader meets them.
func inOrderOfPlace(hits []hit) {
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Or(a.line-b.line, a.column-b.column) })
}

// parallel does jobs on all processors, each with a searcher of its own. The first that fails ends all.
func parallel[J any](ctx context.Context, r *rules, do func(context.Context, *searcher, J) error, feed func(give func(J) error) error) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	jobs := make(chan J)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			s := newSearcher(r)
			for job := range jobs {
				if ctx.Err() != nil {
					continue
				}
				if err := do(ctx, s, job); err != nil {
					stop(err)
				}
			}
		})
	}
	err := feed(func(job J) error {
		select {
		case jobs <- job:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	})
	close(jobs)
	workers.Wait()
	return cmp.Or(context.Cause(ctx), err)
}
