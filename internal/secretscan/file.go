package secretscan

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// file searches one file. That it cannot be searched is no error, but written down.
func (s *searcher) file(ctx context.Context, tree *os.Root, name string, l *ledger) error {
	f, err := tree.Open(name)
	if err != nil {
		l.skip(name, "it cannot be read: "+cause(err))
		return nil
	}
	defer f.Close()
	err = s.content(ctx, name, f, l)
	var off broken
	switch {
	case err == nil || ctx.Err() != nil || errors.Is(err, errTooMany):
		return err
	case errors.As(err, &off), errors.Is(err, errUnread):
		l.skip(name, err.Error())
	default:
		l.skip(name, "it cannot be read: "+cause(err))
	}
	return nil
}

// errUnread is a file that is not searched, or not to its end.
var errUnread = errors.New("not searched")

// unread is such an error with a reason.
type unread string

func (u unread) Error() string        { return string(u) }
func (u unread) Is(target error) bool { return target == errUnread }

func (s *searcher) content(ctx context.Context, name string, f *os.File, l *ledger) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return unread("it is no regular file")
	}
	if err := s.byPath(name, f, l); err != nil {
		return err
	}
	n, err := io.ReadFull(f, s.head[:])
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return err
	}
	head := s.head[:n]
	if binary(string(head)) {
		l.count(func(r *Result) { r.Binary++ })
		return nil
	}
	tooLarge := unread(fmt.Sprintf("it is larger than %d MB", sizeLimit>>20))
	if info.Size() > sizeLimit {
		return tooLarge
	}
	found := 0
	s.cutter.begin(1)
	s.cutter.emit = func(p piece) error {
		p.path = name
		return s.into(ctx, p, &found, l)
	}
	_, err = s.cutter.Write(head)
	var more int64
	if err == nil {
		more, err = io.Copy(&s.cutter, io.LimitReader(f, sizeLimit+1-int64(n)))
	}
	if err == nil {
		err = s.cutter.end()
	}
	size := int64(n) + more
	if err == nil && size > sizeLimit {
		err = tooLarge // it has grown
	}
	if err == nil {
		l.count(func(r *Result) { r.Files, r.Bytes = r.Files+1, r.Bytes+size })
	}
	return err
}

// into searches a piece of a file and writes down what is in it. Found counts within the file.
func (s *searcher) into(ctx context.Context, p piece, found *int, l *ledger) error {
	hits, err := s.search(ctx, p)
	if err != nil {
		return err
	}
	inOrderOfPlace(hits)
	for _, h := range hits {
		if *found++; *found > fileLeaks {
			return unread(fmt.Sprintf("it holds more than %d secrets, and the others are not listed", fileLeaks))
		}
		if err := l.add(p.path, p.commit, h); err != nil {
			return err
		}
	}
	return nil
}

// byPath looks for files that are secrets as a whole, which some rules know by their names. What
// stands for the secret's text is what the file holds, so that another one is another secret.
func (s *searcher) byPath(name string, f io.ReadSeeker, l *ledger) error {
	for i := range s.all {
		r := &s.all[i]
		if r.Regex != nil || !r.wants(name) {
			continue
		}
		sum := sha256.New()
		if _, err := io.Copy(sum, io.LimitReader(f, sizeLimit)); err != nil {
			return err
		}
		if err := l.add(name, "", hit{rule: r, secret: string(sum.Sum(nil))}); err != nil {
			return err
		}
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return err
		}
	}
	return nil
}

// cause is what an error says without the path, which stands beside it.
func cause(err error) string {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err.Error()
	}
	return err.Error()
}
