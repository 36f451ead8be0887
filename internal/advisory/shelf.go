package advisory

import (
	"crypto/sha256"
	"errors"
	"io"
	"os"
	"path/filepath"
)

const (
	indexName  = "slipway.index"
	indexLimit = 256 << 20 // bytes
	// smallData is read as quickly as its index would be, and needs none. So nothing appears in
	// folders that people keep a few records in.
	smallData = 256 << 10 // bytes
)

// shelf are the places where the index of an ecosystem may lie: beside its data, and in a cache.
type shelf []string

// newShelf has a place in the cache for each folder of data, where newer data takes the place of older.
func newShelf(dir, cache, ecosystem string) shelf {
	s := shelf{filepath.Join(dir, indexName)}
	if cache != "" {
		s = append(s, filepath.Join(cache, "osv-index", fileName(dir+"\x00"+ecosystem)+".index"))
	}
	return s
}

// load takes the index of this data. None is no error: it is made again.
func (s shelf) load(key [sha256.Size]byte) *index {
	for _, place := range s {
		text, err := readPlain(place, indexLimit)
		if err != nil {
			continue
		}
		if x, ok := openIndex(text, key); ok {
			return x
		}
	}
	return nil
}

// save puts an index where it can. Where it cannot, the next run has to make it again.
func (s shelf) save(text []byte) {
	if len(text) > indexLimit {
		return
	}
	for _, place := range s {
		if writeWhole(place, text) == nil {
			return
		}
	}
}

// readPlain reads a file of ours, and nothing else: no link to another, no pipe that never ends.
func readPlain(name string, limit int64) ([]byte, error) {
	info, err := os.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > limit {
		return nil, errUnfit
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text := make([]byte, info.Size())
	_, err = io.ReadFull(f, text)
	return text, err
}

// writeWhole writes a file so that everybody sees either the whole of it or what was there before.
func writeWhole(name string, text []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".slipway-*")
	if errors.Is(err, os.ErrNotExist) {
		if err = os.MkdirAll(filepath.Dir(name), 0o755); err == nil {
			f, err = os.CreateTemp(filepath.Dir(name), ".slipway-*")
		}
	}
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	err = errors.Join(err, f.Chmod(0o644), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		_ = os.Remove(f.Name()) // it is of no use, and the error says why
	}
	return err
}
