package advisory

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/slipway-actions/slipway/internal/osv"
)

// unit is a record that is still to be read, or an error in its place.
type unit struct {
	file  int
	entry *zip.File // nil for a file that is a record
	err   error
}

// units lists what is to be read, in the order of the files.
func (s *source) units() []unit {
	var units []unit
	var total uint64
	for i, f := range s.files {
		if f.archive == nil {
			units = append(units, unit{file: i})
			continue
		}
		archive, err := zip.NewReader(f.archive, f.size)
		if err == nil && len(archive.File) > entriesLimit {
			err = errTooMuch
		}
		if err != nil {
			return append(units, unit{err: fmt.Errorf("read %s: %w", f.called, err)})
		}
		for _, entry := range archive.File {
			if !strings.HasSuffix(entry.Name, ".json") {
				continue
			}
			// Every entry is read to this size at most, and one that is larger is an error.
			if total += min(entry.UncompressedSize64, recordLimit+1); total > totalLimit {
				return append(units, unit{err: fmt.Errorf("read %s: %w", f.called, errTooMuch)})
			}
			units = append(units, unit{file: i, entry: entry})
		}
	}
	if s.err != nil {
		units = append(units, unit{err: s.err})
	}
	return units
}

// share is how many records a worker takes at a time.
const share = 64

// build reads all records. They are many, so all processors take part; what comes of it is the same
// as if one had read them in their order, up to the first error.
func (s *source) build(ctx context.Context, ecosystem string) (contents, error) {
	units := s.units()
	shares := make([]contents, (len(units)+share-1)/share)
	errs := make([]error, len(shares))
	var (
		next   atomic.Int64
		failed atomic.Bool
		group  sync.WaitGroup
	)
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			b := builder{source: s, ecosystem: ecosystem}
			// Shares are begun in their order, so all before one that failed are finished.
			for n := int(next.Add(1)) - 1; n < len(shares) && !failed.Load(); n = int(next.Add(1)) - 1 {
				b.contents = &shares[n]
				if errs[n] = b.read(ctx, units[n*share:min((n+1)*share, len(units))]); errs[n] != nil {
					failed.Store(true)
				}
			}
		})
	}
	group.Wait()
	var all contents
	for n := range shares {
		all.add(shares[n])
		if errs[n] != nil {
			return all, errs[n]
		}
	}
	return all, s.changed()
}

// builder reads a share of the records.
type builder struct {
	*contents
	source    *source
	ecosystem string
	buffer    bytes.Buffer
}

func (b *builder) read(ctx context.Context, units []unit) error {
	for _, u := range units {
		err := u.err
		if err == nil {
			err = ctx.Err()
		}
		if err == nil {
			err = b.unit(u)
		}
		if err != nil && u.err == nil {
			err = fmt.Errorf("read %s: %w", b.source.files[u.file].called, err)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) unit(u unit) error {
	place := ref{file: uint32(u.file)}
	if u.entry == nil {
		name := b.source.files[u.file].name
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		defer f.Close()
		return b.record(place, filepath.Base(name), f)
	}
	// Its reader checks the size and the sum that the archive states, so a lie is an error.
	content, err := u.entry.Open()
	if err != nil {
		return fmt.Errorf("%s: %w", u.entry.Name, err)
	}
	defer content.Close()
	offset, err := u.entry.DataOffset()
	if err != nil {
		return fmt.Errorf("%s: %w", u.entry.Name, err)
	}
	place.method, place.offset, place.packed = u.entry.Method, uint64(offset), u.entry.CompressedSize64
	return b.record(place, u.entry.Name, content)
}

// record reads one record. What is none is noted; only what cannot be read at all is an error.
func (b *builder) record(place ref, name string, content io.Reader) error {
	b.buffer.Reset()
	if _, err := b.buffer.ReadFrom(io.LimitReader(content, recordLimit+1)); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	text := b.buffer.Bytes()
	if len(text) > recordLimit {
		b.malformed = append(b.malformed, fmt.Sprintf("%s: it is larger than %d MB", name, recordLimit>>20))
		return nil
	}
	parsed, err := osv.Parse(text)
	if err != nil {
		b.malformed = append(b.malformed, fmt.Sprintf("%s: %v", name, err))
		return nil
	}
	place.size, place.sum = uint32(len(text)), crc32.ChecksumIEEE(text)
	if place.offset == 0 { // a file of its own
		place.packed = uint64(len(text))
	}
	b.note(b.ecosystem, parsed, place)
	return nil
}
