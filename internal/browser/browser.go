//go:build verifyit

package browser

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// Browser is Chromium, which draws a page as its readers see it.
type Browser struct{ path, profile string }

// Open finds the browser. A test that needs it fails without one.
func Open(t *testing.T) Browser {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return Browser{path, t.TempDir()}
		}
	}
	t.Fatal("there is no chromium, chromium-browser or google-chrome in PATH; install Debian's chromium")
	return Browser{}
}

// Run opens an address and does what the flags say; its output is the document where they ask for that.
func (b Browser) Run(t *testing.T, address string, flags ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	args := append([]string{"--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars", "--disable-background-networking", "--disable-component-update",
		"--disable-sync", "--disable-dev-shm-usage", "--virtual-time-budget=3000", "--user-data-dir=" + b.profile}, flags...)
	out, err := exec.CommandContext(ctx, b.path, append(args, address)...).Output()
	if err != nil {
		var told []byte
		if exit, ok := err.(*exec.ExitError); ok {
			told = exit.Stderr
		}
		t.Fatalf("%s %s: %v\n%s", b.path, strings.Join(flags, " "), err, told)
	}
	return string(out)
}

// Seen is what the frame tells of one width.
type Seen struct {
	Scroll, Client, Height, Charts, Forbidden int
	Outside, Small, Wide                      []string
	Look                                      string
	Open                                      int      // how wide it is with every fold open
	Faint                                     []string // texts and lines without enough contrast
	Stops                                     struct { // of the tab key
		First          string
		Number, Turned int // how many, and of those how many whose order is not the page's
		Lost           []string
	}
}

var saidByFrame = regexp.MustCompile(`(?s)<pre id="seen"[^>]*>(\[.*?\])</pre>`)

// Look shows the document at each of the widths.
func (b Browser) Look(t *testing.T, server string, widths []int, flags ...string) []Seen {
	t.Helper()
	query := url.Values{"h": {"800"}}
	for _, w := range widths {
		query.Add("w", fmt.Sprint(w))
	}
	dom := b.Run(t, server+"/frame?"+query.Encode(), append(flags, "--dump-dom", "--window-size=1400,900")...)
	found := saidByFrame.FindStringSubmatch(dom)
	if found == nil {
		t.Fatalf("the frame told nothing:\n%.2000s", dom)
	}
	var all []Seen
	if err := json.Unmarshal([]byte(html.UnescapeString(found[1])), &all); err != nil {
		t.Fatal(err)
	}
	if len(all) != len(widths) {
		t.Fatalf("%d of %d frames were shown", len(all), len(widths))
	}
	slices.SortFunc(all, func(a, b Seen) int { return a.Client - b.Client })
	return all
}

// Serve shows a document at /report, and the frame around it at /frame; it returns the address.
func Serve(t *testing.T, document []byte) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/report", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Write(document)
	})
	mux.HandleFunc("/frame", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		io.WriteString(w, frame)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

// Shelf is where pictures of the pages are kept: the folder that SLIPWAY_SCREENSHOTS names, or one that is
// removed afterwards.
func Shelf(t *testing.T) string {
	t.Helper()
	folder, err := filepath.Abs(cmp.Or(os.Getenv("SLIPWAY_SCREENSHOTS"), t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	return folder
}

// Shelved holds that a file was made, and that it is what it should be.
func Shelved(t *testing.T, path, magic string) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(content), magic) || len(content) < 5000 {
		t.Errorf("%s is no such picture: %d bytes", path, len(content))
	}
}
