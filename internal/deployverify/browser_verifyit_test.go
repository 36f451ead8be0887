//go:build verifyit

package deployverify

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

	"github.com/slipway-actions/slipway/internal/report"
)

// browser is Chromium, which draws a page as its readers see it.
type browser struct{ path, profile string }

func openBrowser(t *testing.T) browser {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return browser{path, t.TempDir()}
		}
	}
	t.Fatal("there is no chromium, chromium-browser or google-chrome in PATH; install Debian's chromium")
	return browser{}
}

// run opens an address and does what the flags say; its output is the document where they ask for that.
func (b browser) run(t *testing.T, address string, flags ...string) string {
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

// frame shows a document as wide as screens would, and says what came out of it: an inner frame is as
// narrow as it is told to be, which a window is not.
const frame = `<!doctype html><body style="margin:0"><pre id="seen" style="display:none"></pre><script>
const asked = new URLSearchParams(location.search), seen = [];
function look(inner) {
  const page = inner.contentDocument, root = page.documentElement, shown = n => n.getClientRects().length > 0;
  const svgs = [...page.querySelectorAll("svg")].filter(shown), outside = [], small = [];
  for (const svg of svgs) for (const text of svg.querySelectorAll("text")) {
    const box = text.getBBox(), size = svg.viewBox.baseVal;
    if (box.x < -1 || box.y < -3 || box.x + box.width > size.width + 1 || box.y + box.height > size.height + 1) outside.push(text.textContent);
    if (11 * svg.getBoundingClientRect().width / size.width < 9) small.push(text.textContent);
  }
  const wide = [...page.querySelectorAll("body *")].filter(n => !n.closest(".wide, pre, svg, table, .skip") && n.getBoundingClientRect().right > root.clientWidth + 1).map(n => n.tagName + " " + n.textContent.slice(0, 40));
  const style = n => n ? page.defaultView.getComputedStyle(n) : {};
  return {
    scroll: root.scrollWidth, client: root.clientWidth, height: root.scrollHeight, charts: svgs.length, outside, small, wide,
    look: style(page.body).backgroundColor + " " + style(page.querySelector("svg .canary.line")).stroke, forbidden: page.querySelectorAll("script, [style], img, link").length,
  };
}
for (const width of asked.getAll("w")) {
  const inner = document.createElement("iframe");
  inner.style = "border:0;display:block;width:" + width + "px;height:" + asked.get("h") + "px";
  inner.onload = () => { seen.push(look(inner)); document.getElementById("seen").textContent = JSON.stringify(seen); };
  inner.src = "/report";
  document.body.append(inner);
}
</script>`

// seen is what the frame tells of one width.
type seen struct {
	Scroll, Client, Height, Charts, Forbidden int
	Outside, Small, Wide                      []string
	Look                                      string
}

var saidByFrame = regexp.MustCompile(`(?s)<pre id="seen"[^>]*>(\[.*?\])</pre>`)

// look shows the document at each of the widths.
func (b browser) look(t *testing.T, server string, widths []int, flags ...string) []seen {
	t.Helper()
	query := url.Values{"h": {"800"}}
	for _, w := range widths {
		query.Add("w", fmt.Sprint(w))
	}
	dom := b.run(t, server+"/frame?"+query.Encode(), append(flags, "--dump-dom", "--window-size=1400,900")...)
	found := saidByFrame.FindStringSubmatch(dom)
	if found == nil {
		t.Fatalf("the frame told nothing:\n%.2000s", dom)
	}
	var all []seen
	if err := json.Unmarshal([]byte(html.UnescapeString(found[1])), &all); err != nil {
		t.Fatal(err)
	}
	if len(all) != len(widths) {
		t.Fatalf("%d of %d frames were shown", len(all), len(widths))
	}
	slices.SortFunc(all, func(a, b seen) int { return a.Client - b.Client })
	return all
}

func serve(t *testing.T, document []byte) string {
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

// shelf is where pictures of the pages are kept: the folder that SLIPWAY_SCREENSHOTS names, or one that is
// removed afterwards.
func shelf(t *testing.T) string {
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

// shelved holds that a file was made, and that it is what it should be.
func shelved(t *testing.T, path, magic string) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(content), magic) || len(content) < 5000 {
		t.Errorf("%s is no such picture: %d bytes", path, len(content))
	}
}

// hostileReport is a report in which every foreign text is as long and as wild as it may be.
func hostileReport() []byte {
	e, d := watchedFor(3, true)
	wild := `"><svg onload=alert(1)>` + strings.Repeat("W", 150)
	e.Expected, e.Previous, e.Service.Environment = wild, wild, wild
	for i := range d.numbers.metrics {
		j := &d.numbers.metrics[i]
		j.metric.Name, j.reason = wild[:100-i], wild
		e.Watch.Metrics[i].Name, e.Watch.Metrics[i].Queries[0].Query = j.metric.Name, strings.Repeat(wild, 10)
		for k := range j.lines {
			j.lines[k].unit, j.lines[k].title = wild, wild
		}
	}
	return htmlReport(e, d, sameText)
}

// plainReport has every other kind of block, also what is wide by nature.
func plainReport() []byte {
	table := report.Table{Header: strings.Fields("a b c d e f g h i j k l")}
	for range 4 {
		var row []report.Text
		for range table.Header {
			row = append(row, report.T("some words that take room"))
		}
		table.Rows = append(table.Rows, row)
	}
	long := strings.Repeat("x", 400)
	return report.Page{
		report.Alert{Kind: report.Caution, Text: report.T("report-only is set.")}, report.Alert{Kind: report.Note, Text: report.T(long)}, report.Heading{Level: 2, Text: report.T(long)}, table,
		report.Heading{Level: 2, Text: report.T("List")}, report.List{Items: []report.Text{report.Code(long), report.Link(long, "https://e.example/"+long)}},
		report.Heading{Level: 2, Text: report.T("Text")}, report.Fence{Info: "yaml", Body: long}, report.Fence{Info: "mermaid", Body: "gantt\n    " + long},
		report.Markdown("### Fixed\n\n| a | b |\n|---|---|\n| " + long + " | `" + long + "` |\n"), report.Details{Summary: long, Body: report.Page{table}},
	}.HTML("A page of everything "+long, report.T(long))
}

// The report is seen as it should be: on phones, on desks, by day and by night, and on paper.
func TestBrowserShowsReports(t *testing.T) {
	b, folder := openBrowser(t), shelf(t)
	made := func(metrics int, harmful bool) []byte {
		e, d := watchedFor(metrics, harmful)
		return htmlReport(e, d, sameText)
	}
	widths := []int{340, 390, 1280} // ascending
	for _, tc := range []struct {
		name     string
		document []byte
		charts   int
	}{
		{"harm-1", made(1, true), 2}, {"harm-20", made(20, true), 34}, {"fine-3", made(3, false), 5}, {"hostile", hostileReport(), 5}, {"blocks", plainReport(), 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			server := serve(t, tc.document)
			var looks []string
			for theme, flag := range map[string]string{"light": "--blink-settings=preferredColorScheme=1", "dark": "--blink-settings=preferredColorScheme=0"} {
				for i, s := range b.look(t, server, widths, flag) {
					at := fmt.Sprintf("%d wide, %s", widths[i], theme)
					if s.Scroll > s.Client || s.Client != widths[i] || len(s.Wide) > 0 {
						t.Errorf("%s: it takes %d of %d: %q", at, s.Scroll, s.Client, s.Wide)
					}
					if s.Charts != tc.charts || s.Forbidden > 0 {
						t.Errorf("%s: %d charts, want %d; %d elements that should not be", at, s.Charts, tc.charts, s.Forbidden)
					}
					if len(s.Outside) > 0 || len(s.Small) > 0 {
						t.Errorf("%s: outside of their picture: %q; too small to read: %q", at, s.Outside, s.Small)
					}
					if i == 0 {
						looks = append(looks, s.Look)
						continue
					}
					path := filepath.Join(folder, fmt.Sprintf("%s-%d-%s.png", tc.name, widths[i], theme))
					b.run(t, fmt.Sprintf("%s/frame?w=%d&h=%d", server, widths[i], s.Height), flag, "--screenshot="+path, fmt.Sprintf("--window-size=%d,%d", max(widths[i], 500), min(s.Height, 8000)))
					shelved(t, path, "\x89PNG")
				}
			}
			if looks[0] == looks[1] {
				t.Errorf("light and dark look alike: %v", looks)
			}
			path := filepath.Join(folder, tc.name+".pdf")
			b.run(t, server+"/report", "--print-to-pdf="+path, "--no-pdf-header-footer")
			shelved(t, path, "%PDF")
		})
	}
}
