package image

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	plugins "github.com/google/osv-scalibr/binary/proto/config_go_proto"
	"github.com/google/osv-scalibr/extractor"
	"github.com/google/osv-scalibr/extractor/filesystem"
	"github.com/google/osv-scalibr/extractor/filesystem/os/rpm"
	rpmmeta "github.com/google/osv-scalibr/extractor/filesystem/os/rpm/metadata"
	scalibrfs "github.com/google/osv-scalibr/fs"
	scalibrlog "github.com/google/osv-scalibr/log"

	"github.com/slipway-actions/slipway/internal/osv"
)

// parsing is what the readers of files share.
type parsing struct {
	distribution distribution
	temporary    string // a folder of our own
	most         bounds
	journal      func(path string) *io.SectionReader // the content of a file beside; nil where there is none
	log          *errorLog
}

// whole reads a file that is parsed in memory.
func (p parsing) whole(s subject) ([]byte, error) {
	if s.content.Size() > p.most.file {
		return nil, fmt.Errorf("it is larger than %d MB", p.most.file>>20)
	}
	if _, err := s.content.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	return io.ReadAll(s.content)
}

// archiveLimit is the most bytes that archives in archives unpack to.
const archiveLimit = 1 << 30

// extract reads a file with one of osv-scalibr's parsers. What one logs as an error is an error
// here too.
func extract(plugin func(*plugins.PluginConfig) (filesystem.Extractor, error)) func(context.Context, parsing, subject) ([]osv.Package, error) {
	return func(ctx context.Context, p parsing, s subject) ([]osv.Package, error) {
		if _, err := s.content.Seek(0, io.SeekStart); err != nil {
			return nil, err
		}
		found, err := p.run(ctx, plugin, &filesystem.ScanInput{FS: nowhere{}, Path: s.path, Info: info{path.Base(s.path), s.content.Size()}, Reader: s.content})
		if err = errors.Join(err, p.log.drain()); err != nil {
			return nil, err
		}
		var packages []osv.Package
		for _, f := range found {
			ecosystem := f.Ecosystem().String()
			if ecosystem == "" || f.Name == "unknown" && f.Version == "unknown" { // an archive that does not say what it is
				continue
			}
			packages = append(packages, osv.Package{Ecosystem: ecosystem, Name: f.Name, Version: f.Version})
		}
		return packages, nil
	}
}

func (p parsing) run(ctx context.Context, plugin func(*plugins.PluginConfig) (filesystem.Extractor, error), input *filesystem.ScanInput) ([]*extractor.Package, error) {
	e, err := plugin(&plugins.PluginConfig{
		MaxFileSizeBytes: p.most.file,
		PluginSpecific: []*plugins.PluginSpecificConfig{{Config: &plugins.PluginSpecificConfig_JavaArchive{
			JavaArchive: &plugins.JavaArchiveConfig{MaxOpenedBytes: archiveLimit},
		}}},
	})
	if err != nil {
		return nil, err
	}
	found, err := e.Extract(ctx, input)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", e.Name(), err)
	}
	return found.Packages, nil
}

// readRpm reads a database of RPM. Its parser wants a file of the disk, so a copy is made, with
// the journal beside it that holds what was written last.
func readRpm(ctx context.Context, p parsing, s subject) ([]osv.Package, error) {
	dir, err := os.MkdirTemp(p.temporary, "rpm-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	base := path.Base(s.path)
	if err := copyTo(filepath.Join(dir, base), s.content); err != nil {
		return nil, err
	}
	if journal := p.journal(s.path + "-wal"); journal != nil {
		if err := copyTo(filepath.Join(dir, base+"-wal"), journal); err != nil {
			return nil, err
		}
	}
	found, err := p.run(ctx, rpm.New, &filesystem.ScanInput{FS: scalibrfs.DirFS(dir), Root: dir, Path: base, Info: info{base, s.content.Size()}, Reader: s.content})
	_ = p.log.drain() // that there is no os-release beside the copy
	if err != nil {
		return nil, errors.New(strings.ReplaceAll(err.Error(), dir+"/", ""))
	}
	var all []installed
	for _, f := range found {
		if f.Name == "gpg-pubkey" { // a key, which RPM keeps in the form of a package
			continue
		}
		i := installed{name: f.Name, version: f.Version}
		if i.name == "" || strings.Trim(i.version, "-") == "" {
			return nil, fmt.Errorf("a package in it has no name or no version: %q", i.name+i.version)
		}
		if m, ok := f.Metadata.(*rpmmeta.Metadata); ok {
			i.sourceName, i.sourceVersion = sourceRPM(m.SourceRPM)
			if m.Epoch > 0 { // packages share the epoch of their source, with rare exceptions
				i.version = fmt.Sprintf("%d:%s", m.Epoch, i.version)
				if i.sourceVersion != "" {
					i.sourceVersion = fmt.Sprintf("%d:%s", m.Epoch, i.sourceVersion)
				}
			}
		}
		all = append(all, i)
	}
	return p.distribution.packages(all), nil
}

// sourceRPM takes name-version-release.src.rpm apart.
func sourceRPM(file string) (name, version string) {
	file, ok := strings.CutSuffix(file, ".rpm")
	at := strings.LastIndexByte(file, '.') // src or nosrc
	if !ok || at < 0 {
		return "", ""
	}
	parts := strings.Split(file[:at], "-")
	if n := len(parts); n >= 3 {
		return strings.Join(parts[:n-2], "-"), parts[n-2] + "-" + parts[n-1]
	}
	return "", ""
}

func copyTo(name string, content *io.SectionReader) error {
	if _, err := content.Seek(0, io.SeekStart); err != nil {
		return err
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, content)
	return errors.Join(err, f.Close())
}

// info is what a parser asks about a file.
type info struct {
	name string
	size int64
}

func (i info) Name() string       { return i.name }
func (i info) Size() int64        { return i.size }
func (i info) Mode() fs.FileMode  { return 0o644 }
func (i info) ModTime() time.Time { return time.Time{} }
func (i info) IsDir() bool        { return false }
func (i info) Sys() any           { return nil }

// nowhere is a file system without files: a parser is given one file alone.
type nowhere struct{}

func (nowhere) Open(name string) (fs.File, error) { return nil, absent("open", name) }
func (nowhere) Stat(name string) (fs.FileInfo, error) {
	return nil, absent("stat", name)
}
func (nowhere) ReadDir(name string) ([]fs.DirEntry, error) { return nil, absent("read", name) }

func absent(op, name string) error { return &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist} }

// reading keeps images apart: osv-scalibr logs through the process.
var reading sync.Mutex

// errorLog keeps what is logged as an error and prints nothing.
type errorLog struct {
	mu     sync.Mutex
	errors []string
}

func listen() *errorLog {
	l := &errorLog{}
	scalibrlog.SetLogger(l)
	return l
}

// drain hands over what was logged since.
func (l *errorLog) drain() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	texts := l.errors
	l.errors = nil
	if len(texts) == 0 {
		return nil
	}
	slices.Sort(texts)
	return errors.New(strings.Join(slices.Compact(texts), "; "))
}

func (l *errorLog) keep(text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.errors) < 10 { // the rest says the same
		l.errors = append(l.errors, text)
	}
}

func (l *errorLog) Errorf(format string, args ...any) { l.keep(fmt.Sprintf(format, args...)) }
func (l *errorLog) Error(args ...any)                 { l.keep(fmt.Sprint(args...)) }
func (l *errorLog) Warnf(string, ...any)              {}
func (l *errorLog) Warn(...any)                       {}
func (l *errorLog) Infof(string, ...any)              {}
func (l *errorLog) Info(...any)                       {}
func (l *errorLog) Debugf(string, ...any)             {}
func (l *errorLog) Debug(...any)                      {}
