package inventory

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/google/osv-scanner/v2/pkg/osvscanner"

	"github.com/slipway-actions/slipway/internal/manifest"
	"github.com/slipway-actions/slipway/internal/osv"
)

// OSVScanner reads lockfiles with osv-scanner's own parsers, one file at a time. Nothing else of it
// is used: matching, configuration and walking of its own pass silently where they fail.
type OSVScanner struct{}

// running keeps scans apart: osv-scanner logs through the process, not through the scan.
var running sync.Mutex

// Parse reads one lockfile. What the library logs as an error is an error here as well.
func (OSVScanner) Parse(ctx context.Context, l Lockfile) ([]manifest.Entry, error) {
	type answer struct {
		entries []manifest.Entry
		err     error
	}
	done := make(chan answer, 1) // the library cannot be cancelled, so it may be left behind
	go func() {
		entries, err := parse(l)
		done <- answer{entries, err}
	}()
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case a := <-done:
		return a.entries, a.err
	}
}

func parse(l Lockfile) (entries []manifest.Entry, err error) {
	defer func() {
		if r := recover(); r != nil {
			entries, err = nil, fmt.Errorf("the parser broke off: %v", r)
		}
	}()
	config, err := os.CreateTemp("", "slipway-scan-*.toml")
	if err != nil {
		return nil, err
	}
	defer os.Remove(config.Name())
	config.Close()
	running.Lock()
	defer running.Unlock()
	var log errorLog
	osvscanner.SetLogger(&log)
	found, err := osvscanner.DoScan(osvscanner.ScannerActions{
		LockfilePaths:         []string{l.As + ":" + l.Path},
		ConfigOverridePath:    config.Name(), // empty: one that lies beside a lockfile has no effect
		NoIgnore:              true,
		ShowAllPackages:       true,
		CompareOffline:        true,
		PluginNetworkDisabled: true,
		ExperimentalScannerActions: osvscanner.ExperimentalScannerActions{
			PluginsEnabled:     []string{l.Plugin},
			PluginsNoDefaults:  true,
			PluginsDisabled:    []string{"vulnmatch/osvlocal"},
			TransitiveScanning: osvscanner.TransitiveScanningActions{Disabled: true},
		},
	})
	if problems := log.problems(filepath.Dir(l.Path)); len(problems) > 0 {
		return nil, errors.New(strings.Join(problems, "; "))
	}
	if err != nil && !errors.Is(err, osvscanner.ErrNoPackagesFound) {
		return nil, err
	}
	// The library has left out Go's "stdlib", which it makes of the go directive: that is the lowest
	// version of the language that will do, not the toolchain that builds.
	for _, source := range found.Results {
		for _, p := range source.Packages {
			e := manifest.Entry{Package: osv.Package{Ecosystem: p.Package.Ecosystem, Name: p.Package.Name, Version: p.Package.Version}}
			if at := p.Package.Inventory; at != nil && at.Location.Descriptor != nil && at.Location.Descriptor.File != nil {
				e.Line = at.Location.Descriptor.File.LineNumber
			}
			entries = append(entries, e)
		}
	}
	return entries, nil
}

// errorLog keeps what is logged as an error and prints nothing.
type errorLog struct {
	mu     sync.Mutex
	errors []string
}

func (l *errorLog) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelError }
func (l *errorLog) WithAttrs([]slog.Attr) slog.Handler               { return l }
func (l *errorLog) WithGroup(string) slog.Handler                    { return l }

func (l *errorLog) Handle(_ context.Context, r slog.Record) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.errors = append(l.errors, r.Message)
	return nil
}

// preamble is what the library puts before the words of a parser.
var preamble = regexp.MustCompile(`^Error during extraction: \(extracting as [^)]*\) [^:]*: (could not extract: )?`)

// problems are the messages without the folder that the copy lies in, and without preamble.
func (l *errorLog) problems(dir string) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var texts []string
	for _, text := range l.errors {
		text = strings.ReplaceAll(text, strings.TrimPrefix(dir, "/")+"/", "")
		text = strings.ReplaceAll(text, "/"+dir, "")
		texts = append(texts, preamble.ReplaceAllString(text, ""))
	}
	slices.Sort(texts)
	return slices.Compact(texts)
}
