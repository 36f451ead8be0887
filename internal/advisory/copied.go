package advisory

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// copied is an archive of a mirror on disk. Its file is named by its digest, so that those who run
// at the same time never see another one behind the same name.
type copied struct {
	state // without a digest where there is none
	dir   string
}

// state is what is remembered of the last archive. It lies beside it.
type state struct {
	Digest       string `json:"digest"`
	ETag         string `json:"etag"`
	LastModified string `json:"lastModified"`
}

const stateName = "mirror.state"

var plainDigest = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)

func (c copied) file() string { return filepath.Join(c.dir, archiveName(c.Digest)) }

func archiveName(digest string) string { return strings.Replace(digest, ":", "-", 1) + ".zip" }

// asOf is when the mirror says that the archive was made; zero where it does not.
func (c copied) asOf() time.Time {
	t, err := http.ParseTime(c.LastModified)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// lastCopy is the archive that was fetched last, if its content still is what it was.
func lastCopy(dir string) copied {
	text, err := readPlain(filepath.Join(dir, stateName), 64<<10)
	if err != nil {
		return copied{}
	}
	c := copied{dir: dir}
	if json.Unmarshal(text, &c.state) != nil || !plainDigest.MatchString(c.Digest) {
		return copied{}
	}
	if sum, err := digestOf(c.file()); err != nil || sum != c.Digest {
		return copied{}
	}
	return c
}

func digestOf(name string) (string, error) {
	info, err := os.Lstat(name)
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", errors.New("it is no regular file")
	}
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, io.LimitReader(f, archiveLimit)); err != nil {
		return "", err
	}
	return fmt.Sprintf("sha256:%x", sum.Sum(nil)), nil
}

// download is an archive that is being fetched.
type download struct {
	file *os.File
	sum  hash.Hash
}

func newDownload(dir string) (*download, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(dir, ".slipway-*")
	if err != nil {
		return nil, err
	}
	return &download{file: f, sum: sha256.New()}, nil
}

func (d *download) Write(p []byte) (int, error) {
	n, err := d.file.Write(p)
	if err != nil {
		return n, fmt.Errorf("%w: %w", errUnfit, err)
	}
	return d.sum.Write(p)
}

func (d *download) empty() error {
	d.sum.Reset()
	_, err := d.file.Seek(0, io.SeekStart)
	return errors.Join(err, d.file.Truncate(0))
}

func (d *download) digest() string { return fmt.Sprintf("sha256:%x", d.sum.Sum(nil)) }

// remove leaves nothing of an archive that was not kept.
func (d *download) remove() {
	_ = d.file.Close() // what was kept is closed already
	_ = os.Remove(d.file.Name())
}

// keep gives the archive its name, remembers it, and removes those before the last, which somebody
// may just be reading.
func (d *download) keep(s state, last copied) (copied, error) {
	c := copied{state: s, dir: filepath.Dir(d.file.Name())}
	if err := errors.Join(d.file.Chmod(0o644), d.file.Close()); err != nil {
		return copied{}, err
	}
	if err := os.Rename(d.file.Name(), c.file()); err != nil {
		return copied{}, err
	}
	text, err := json.Marshal(s)
	if err == nil {
		err = writeWhole(filepath.Join(c.dir, stateName), text)
	}
	if err != nil {
		return copied{}, err
	}
	names, err := filepath.Glob(filepath.Join(c.dir, "sha256-*.zip"))
	for _, name := range names {
		if name != c.file() && name != last.file() {
			_ = os.Remove(name) // somebody may have been quicker
		}
	}
	return c, err
}
