package advisory

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/slipway-actions/slipway/internal/osv"
)

// Bounds of a folder's data, far above what osv.dev publishes.
const (
	recordLimit  = 10 << 20 // bytes of a record
	entriesLimit = 1_000_000
	totalLimit   = 8 << 30 // bytes of all records of an ecosystem
)

// errTooMuch ends the reading of an ecosystem.
var errTooMuch = errors.New("there is more data than a database of advisories can have")

// reading is what was found beside the records.
type reading struct {
	digest    string
	malformed []string // what and why
	hash      hash.Hash
	total     int64 // bytes of records so far
	each      func(*osv.Record)
}

// readFiles reads archives and single records in their order.
func readFiles(ctx context.Context, files []string, each func(*osv.Record)) (reading, error) {
	r := reading{hash: sha256.New(), each: each}
	for _, name := range files {
		if err := r.file(ctx, name); err != nil {
			return r, fmt.Errorf("read %s: %w", name, err)
		}
	}
	r.digest = fmt.Sprintf("sha256:%x", r.hash.Sum(nil))
	return r, nil
}

func (r *reading) file(ctx context.Context, name string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return errors.New("it is no regular file")
	}
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	if !strings.HasSuffix(name, ".zip") {
		return r.record(filepath.Base(name), io.TeeReader(f, r.hash))
	}
	if _, err := io.Copy(r.hash, f); err != nil {
		return err
	}
	archive, err := zip.NewReader(f, info.Size())
	if err != nil {
		return err
	}
	if len(archive.File) > entriesLimit {
		return errTooMuch
	}
	for _, entry := range archive.File {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !strings.HasSuffix(entry.Name, ".json") {
			continue
		}
		if err := r.entry(entry); err != nil {
			return err
		}
	}
	return nil
}

// entry reads one record of an archive. Its reader checks the size and the sum that the archive
// states, so a lie is an error.
func (r *reading) entry(entry *zip.File) error {
	content, err := entry.Open()
	if err != nil {
		return fmt.Errorf("%s: %w", entry.Name, err)
	}
	defer content.Close()
	return r.record(entry.Name, content)
}

// record reads one record. What is none is noted; only what cannot be read at all is an error.
func (r *reading) record(name string, content io.Reader) error {
	text, err := io.ReadAll(io.LimitReader(content, recordLimit+1))
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if r.total += int64(len(text)); r.total > totalLimit {
		return errTooMuch
	}
	if len(text) > recordLimit {
		r.malformed = append(r.malformed, fmt.Sprintf("%s: it is larger than %d MB", name, recordLimit>>20))
		return nil
	}
	parsed, err := osv.Parse(text)
	if err != nil {
		r.malformed = append(r.malformed, fmt.Sprintf("%s: %v", name, err))
		return nil
	}
	r.each(parsed)
	return nil
}
