package inventory

import (
	"context"
	"crypto/sha256"
	"path"
	"path/filepath"
	"slices"
	"sync"

	"github.com/slipway-actions/slipway/internal/manifest"
)

// Memo remembers what a parser said of a lockfile, so that the same one in another tree, such as that
// of the base of a change, is not parsed again. A lockfile is the same if its format, name and
// content are, and if so is each file that the parser read beside it: go.sum, package.json, the
// parents of a pom.xml. Failures are not remembered. It is safe for use by several at a time.
func Memo(p Parser) Parser {
	return &memo{parser: p, known: map[memoKey][]memory{}}
}

type memo struct {
	parser Parser
	mu     sync.Mutex
	known  map[memoKey][]memory
}

type memoKey struct {
	plugin, base string
	digest       [sha256.Size]byte
}

// memory is one answer and what it rests on beside the lockfile.
type memory struct {
	beside  []besideFile
	entries []manifest.Entry
}

// besideFile is a file that was read, or looked for in vain.
type besideFile struct {
	name   string // relative to the folder of the lockfile
	held   bool
	digest [sha256.Size]byte
}

// Parse answers from memory, or asks the parser.
func (m *memo) Parse(ctx context.Context, l Lockfile) ([]manifest.Entry, error) {
	key := memoKey{l.Plugin, path.Base(l.Path), sha256.Sum256(l.Text)}
	m.mu.Lock()
	memories := m.known[key] // never changed in place
	m.mu.Unlock()
	for _, old := range memories {
		if !slices.ContainsFunc(old.beside, func(f besideFile) bool { return l.look(f.name) != f }) {
			return slices.Clone(old.entries), nil
		}
	}
	var mu sync.Mutex // a parser that is left behind may still read
	var read []besideFile
	watched := l
	if l.Beside != nil {
		watched.Beside = func(name string) ([]byte, error) {
			text, err := l.Beside(name)
			relative, relErr := filepath.Rel(filepath.FromSlash(path.Dir(l.Path)), filepath.FromSlash(name))
			if relErr == nil {
				mu.Lock()
				read = append(read, seen(filepath.ToSlash(relative), text, err))
				mu.Unlock()
			}
			return text, err
		}
	}
	entries, err := m.parser.Parse(ctx, watched)
	if err != nil {
		return nil, err
	}
	mu.Lock()
	beside := slices.Clone(read)
	mu.Unlock()
	m.mu.Lock()
	m.known[key] = append(slices.Clone(m.known[key]), memory{beside, slices.Clone(entries)})
	m.mu.Unlock()
	return entries, nil
}

// look reads a file beside the lockfile as the parser did.
func (l Lockfile) look(relative string) besideFile {
	if l.Beside == nil {
		return besideFile{name: relative}
	}
	text, err := l.Beside(path.Join(path.Dir(l.Path), relative))
	return seen(relative, text, err)
}

func seen(name string, text []byte, err error) besideFile {
	if err != nil {
		return besideFile{name: name}
	}
	return besideFile{name, true, sha256.Sum256(text)}
}
