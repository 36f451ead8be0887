package inventory

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/osv-scanner/v2/pkg/osvscanner"

	"github.com/slipway-actions/slipway/internal/manifest"
	"github.com/slipway-actions/slipway/internal/osv"
)

// scan reads a lockfile with a whole scan of the library, which the parsers called directly must agree with.
func scan(file, plugin, as, config string) (packages []osv.Package, err error) {
	osvscanner.SetLogger(slog.DiscardHandler)
	found, err := osvscanner.DoScan(osvscanner.ScannerActions{
		LockfilePaths:         []string{as + ":" + file},
		ConfigOverridePath:    config,
		NoIgnore:              true,
		ShowAllPackages:       true,
		CompareOffline:        true,
		PluginNetworkDisabled: true,
		ExperimentalScannerActions: osvscanner.ExperimentalScannerActions{
			PluginsEnabled:     []string{plugin},
			PluginsNoDefaults:  true,
			PluginsDisabled:    []string{"vulnmatch/osvlocal"},
			TransitiveScanning: osvscanner.TransitiveScanningActions{Disabled: true},
		},
	})
	if err != nil && !errors.Is(err, osvscanner.ErrNoPackagesFound) {
		return nil, err
	}
	for _, source := range found.Results {
		for _, p := range source.Packages {
			packages = append(packages, osv.Package{Ecosystem: p.Package.Ecosystem, Name: p.Package.Name, Version: p.Package.Version})
		}
	}
	slices.SortFunc(packages, osv.Package.Compare)
	return slices.Compact(packages), nil
}

func emptyConfig(t testing.TB) string {
	config := filepath.Join(t.TempDir(), "osv-scanner.toml")
	if err := os.WriteFile(config, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	return config
}

// TestAgreesWithScan holds what is read of every lockfile under testdata against a scan of the
// library. More may be read where its parsers are known to pass something over, and never less.
func TestAgreesWithScan(t *testing.T) {
	config := emptyConfig(t)
	for _, archive := range []string{"testdata/formats.txtar", "testdata/lines.txtar"} {
		text, err := os.ReadFile(archive)
		if err != nil {
			t.Fatal(err)
		}
		dir := tree(t, string(text))
		inv, err := Read(t.Context(), OSVScanner{}, dir, ".")
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range inv.Manifests {
			format := formatOf(m.Path)
			if format == nil || format.own != nil || m.State != manifest.Scanned {
				continue
			}
			want, err := scan(filepath.Join(dir, m.Path), format.Plugin, "", config)
			if err != nil {
				t.Errorf("%s: %v", m.Path, err)
				continue
			}
			var got []osv.Package
			for _, e := range m.Packages {
				got = append(got, e.Package)
			}
			want = slices.DeleteFunc(want, local)
			for _, p := range want {
				if !slices.Contains(got, p) {
					t.Errorf("%s: %s %s is missing", m.Path, p.Ecosystem, p)
				}
			}
			switch format.Plugin {
			case "haskell/stacklock", "haskell/cabal", "swift/packageresolved", pomxml:
			default:
				if len(got) != len(want) {
					t.Errorf("%s: got %v, and a scan %v", m.Path, got, fmt.Sprint(want))
				}
			}
		}
	}
}
