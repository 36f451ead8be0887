package advisory

import (
	"archive/zip"
	"bufio"
	"cmp"
	"compress/flate"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Bounds of a folder's data, far above what osv.dev publishes.
const (
	recordLimit  = 10 << 20 // bytes of a record
	entriesLimit = 1_000_000
	totalLimit   = 8 << 30 // bytes of all records of an ecosystem, and of its files
)

// errTooMuch ends the reading of an ecosystem.
var errTooMuch = errors.New("there is more data than a database of advisories can have")

var errChanged = errors.New("it was changed while it was read")

// source are the files of one ecosystem, in their order.
type source struct {
	files  []dataFile
	size   int64
	digest string // sha256:… of the files; "" where one of them cannot be read
	layout string // their names and sizes: the digest alone does not tell where one ends
	err    error  // of the file behind the last one
}

// dataFile is an archive or a single record.
type dataFile struct {
	name    string
	called  string // for people
	size    int64
	changed time.Time
	archive *os.File // nil for a record
}

// openSource takes the digest of all files. An archive stays open, so that what is read is what
// the digest is of even where a new one takes its place.
func openSource(ctx context.Context, names []string, called string) *source {
	s := &source{}
	hash := sha256.New()
	for _, name := range names {
		data := dataFile{name: name, called: cmp.Or(called, name)}
		if err := s.add(ctx, hash, data); err != nil {
			s.err = fmt.Errorf("read %s: %w", data.called, err)
			return s
		}
	}
	s.digest = fmt.Sprintf("sha256:%x", hash.Sum(nil))
	return s
}

func (s *source) add(ctx context.Context, hash io.Writer, data dataFile) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	info, err := os.Stat(data.name)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return errors.New("it is no regular file")
	}
	if s.size += info.Size(); s.size > totalLimit {
		return errTooMuch
	}
	f, err := os.Open(data.name)
	if err != nil {
		return err
	}
	data.size, data.changed = info.Size(), info.ModTime()
	if strings.HasSuffix(data.name, ".zip") {
		data.archive = f
	} else {
		defer f.Close()
	}
	s.files = append(s.files, data)
	s.layout += fmt.Sprintf("%s\x00%d\n", filepath.Base(data.name), data.size)
	n, err := io.Copy(hash, io.LimitReader(f, data.size+1))
	if err == nil && n != data.size {
		err = errChanged
	}
	return err
}

func (s *source) close() {
	for _, f := range s.files {
		if f.archive != nil {
			_ = f.archive.Close() // it was only read
		}
	}
}

// changed tells of a file that was written to since its digest was taken.
func (s *source) changed() error {
	for _, f := range s.files {
		info, err := os.Stat(f.name)
		if f.archive != nil {
			info, err = f.archive.Stat()
		}
		if err == nil && (info.Size() != f.size || !info.ModTime().Equal(f.changed)) {
			err = errChanged
		}
		if err != nil {
			return fmt.Errorf("read %s: %w", f.called, err)
		}
	}
	return nil
}

// ref is where the text of a record lies.
type ref struct {
	file   uint32
	method uint16 // of compression, in the numbers of zip
	sum    uint32 // CRC-32 of the text
	size   uint32 // of the text
	offset uint64
	packed uint64 // bytes in the file
}

// inflaters are used again and again: each is far larger than a record.
var inflaters = sync.Pool{New: func() any { return flate.NewReader(nil) }}

// text reads a record by itself. Where the place holds anything else, that is an error.
func (s *source) text(r ref) ([]byte, error) {
	if int64(r.file) >= int64(len(s.files)) || r.size > recordLimit || r.offset > uint64(totalLimit) || r.packed > uint64(totalLimit) {
		return nil, errUnfit
	}
	f := s.files[r.file]
	from := f.archive
	if from == nil {
		var err error
		if from, err = os.Open(f.name); err != nil {
			return nil, err
		}
		defer from.Close()
	}
	var content io.Reader = io.NewSectionReader(from, int64(r.offset), int64(r.packed))
	switch r.method {
	case zip.Store:
	case zip.Deflate:
		inflated := inflaters.Get().(io.ReadCloser)
		defer inflaters.Put(inflated)
		if err := inflated.(flate.Resetter).Reset(bufio.NewReaderSize(content, int(min(r.packed, 16<<10))), nil); err != nil {
			return nil, err
		}
		content = inflated
	default:
		return nil, errUnfit
	}
	text := make([]byte, r.size)
	if _, err := io.ReadFull(content, text); err != nil {
		return nil, err
	}
	if crc32.ChecksumIEEE(text) != r.sum {
		return nil, errUnfit
	}
	return text, nil
}
