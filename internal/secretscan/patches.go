package secretscan

import (
	"bufio"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
)

// Patches searches what commits add. It reads what git diff-tree prints of them, each behind a line
// with its full id; patchReader tells why nothing in a commit can forge that. Removed lines are not
// searched, and of a merge those alone that none of its parents has. Line numbers are those of the
// commit, paths those of the repository. A patch that ends too early, or that is none, is an error.
func (*Scanner) Patches(ctx context.Context, patch io.Reader) (Result, error) {
	r, err := load()
	if err != nil {
		return Result{}, err
	}
	l := newLedger()
	look := func(ctx context.Context, s *searcher, p piece) error {
		none := 0
		err := s.into(ctx, p, &none, l)
		var off broken
		if errors.As(err, &off) || errors.Is(err, errUnread) {
			l.skip(p.path, "in commit "+p.commit+": "+err.Error())
			return nil
		}
		return err
	}
	err = parallel(ctx, r, look, func(give func(piece) error) error {
		added := &addition{rules: r, ledger: l, give: give}
		added.cutter.emit = added.piece
		in := patchReader{in: bufio.NewReaderSize(patch, headerLimit), sink: added}
		if err := in.read(); err != nil {
			return fmt.Errorf("read what commits add: %w", err)
		}
		return added.fileEnd()
	})
	if err != nil {
		return Result{}, err
	}
	return l.close(), nil
}

// addition is what a commit adds to a file.
type addition struct {
	rules  *rules
	ledger *ledger
	give   func(piece) error

	commit, path string
	cutter       cutter
	bytes        int64
	passed       bool // over, as the rules have it
	first        bool // the run begins the file, and nothing of it was given yet
	binary       bool // the run is no text

	// Of a file that is a secret as a whole, what it holds. The last line break is kept back, for only
	// what follows tells whether the file has it.
	whole  []*rule
	sum    hash.Hash
	atLine bool
}

func (a *addition) file(commit, path string) error {
	if err := a.fileEnd(); err != nil {
		return err
	}
	*a = addition{rules: a.rules, ledger: a.ledger, give: a.give, cutter: a.cutter, commit: commit, path: path}
	a.passed = a.rules.leavesOut(path)
	for i := range a.rules.all {
		if r := &a.rules.all[i]; r.Regex == nil && !a.passed && r.wants(path) {
			a.whole, a.sum = append(a.whole, r), sha256.New()
		}
	}
	return nil
}

// fileEnd writes down what the file came to.
func (a *addition) fileEnd() error {
	if a.path == "" || a.bytes == 0 {
		return nil
	}
	a.ledger.count(func(r *Result) {
		switch {
		case a.passed:
			r.Allowed++
		case a.binary:
			r.Binary++
		default:
			r.Files, r.Bytes = r.Files+1, r.Bytes+a.bytes
		}
	})
	if a.atLine {
		a.sum.Write([]byte{'\n'})
	}
	for _, r := range a.whole {
		if err := a.ledger.add(a.path, a.commit, hit{rule: r, secret: string(a.sum.Sum(nil))}); err != nil {
			return err
		}
	}
	return nil
}

func (a *addition) run(line int) error {
	a.first, a.binary = line == 1, false
	a.cutter.begin(line)
	return nil
}

func (a *addition) text(text []byte) error {
	a.bytes += int64(len(text))
	if a.sum != nil {
		if a.atLine {
			a.sum.Write([]byte{'\n'})
		}
		if a.atLine = len(text) > 0 && text[len(text)-1] == '\n'; a.atLine {
			a.sum.Write(text[:len(text)-1])
		} else {
			a.sum.Write(text)
		}
	}
	if a.passed || a.binary {
		return nil
	}
	_, err := a.cutter.Write(text)
	return err
}

func (a *addition) noBreak() { a.atLine = false }

func (a *addition) runEnd() error {
	if a.passed || a.binary {
		return nil
	}
	return a.cutter.end()
}

// piece gives on one of a run.
func (a *addition) piece(p piece) error {
	if a.first && binary(p.text[:min(len(p.text), sniffed)]) {
		a.binary = true
	}
	if a.first = false; a.binary {
		return nil
	}
	p.path, p.commit = a.path, a.commit
	return a.give(p)
}

func (a *addition) unseen(reason string) {
	if !a.passed {
		a.ledger.skip(a.path, "in commit "+a.commit+": "+reason)
	}
}
