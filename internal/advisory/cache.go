package advisory

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/slipway-actions/slipway/internal/osv"
)

// What the cache holds of an advisory is a line with a sum, then the text as the server sent it. The
// server says with every question when each advisory was modified, so one that has not been since
// need not be fetched again. Newer text takes the place of older.

func (s Server) place(id string) string {
	return filepath.Join(s.Cache, "osv-records", fileName(s.Base.String()), fileName(id))
}

// fileName is a name for anything, fit for every disk.
func fileName(of string) string {
	sum := sha256.Sum256([]byte(of))
	return fmt.Sprintf("%x", sum[:16])
}

// seal binds a text to the server, the id and the moment that it is of.
func (s Server) seal(id string, modified time.Time, text []byte) []byte {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%s\n%s\n%s", s.Base, id, modified.UTC().Format(time.RFC3339Nano), text))
	return fmt.Appendf(nil, "slipway advisory 1 %x\n", sum)
}

// cached is an advisory of just this moment; nil where there is none, or anything is wrong with it.
func (s Server) cached(id string, modified time.Time) *osv.Record {
	if s.Cache == "" || modified.IsZero() {
		return nil
	}
	text, err := readPlain(s.place(id), recordLimit+1024)
	if err != nil {
		return nil
	}
	line, text, _ := bytes.Cut(text, []byte("\n"))
	if !bytes.Equal(append(line[:len(line):len(line)], '\n'), s.seal(id, modified, text)) {
		return nil
	}
	r, err := osv.Parse(text)
	if err != nil || !strings.EqualFold(r.ID, id) || !r.Modified.Equal(modified) {
		return nil
	}
	return r
}

// keep puts an advisory into the cache. Where that fails, it has to be fetched again.
func (s Server) keep(id string, modified time.Time, text []byte) {
	if s.Cache != "" {
		_ = writeWhole(s.place(id), append(s.seal(id, modified, text), text...)) // a cache may do without
	}
}
