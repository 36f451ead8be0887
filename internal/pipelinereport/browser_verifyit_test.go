//go:build verifyit

package pipelinereport

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/slipway-actions/slipway/internal/browser"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// pages are what release managers see: a release that went well, one that did not, and one that is hostile.
func pages() map[string]Pipeline {
	fine, bad := whole(), whole()
	for i := range fine.Sources {
		fine.Sources[i].Page = pictured(fine.Sources[i].Document.Action)
		bad.Sources[i].Page = pictured(bad.Sources[i].Document.Action)
	}
	bad.Sources[2], bad.Sources[3] = source("security-gate", verdict.Fail, 20), source("go-no-go", verdict.Unknown, 400)
	bad.Sources[2].Document.ReportOnly = true
	bad.Sources[1].Document.Subject.SHA = strings.Repeat("f", 40)
	bad.Sources = append(bad.Sources[:4], source("deploy-verify", verdict.Fail, 500), source("deploy-verify", verdict.Pass, 600))
	bad.Aside = []Aside{{".slipway/release-decision.intoto.json", "it names no schema"}}
	return map[string]Pipeline{"fine": fine, "bad": bad, "hostile": wild(`"><svg onload=alert(1)>` + strings.Repeat("W", 400))}
}

// The page is seen as it should be: on phones, on desks, by day and by night, on paper and by the keyboard.
func TestBrowserShowsPipelines(t *testing.T) {
	b, folder := browser.Open(t), browser.Shelf(t)
	widths := []int{340, 390, 1280} // ascending
	for name, p := range pages() {
		t.Run(name, func(t *testing.T) {
			server := browser.Serve(t, document(p))
			for theme, flag := range map[string]string{"light": "--blink-settings=preferredColorScheme=1", "dark": "--blink-settings=preferredColorScheme=0"} {
				for i, s := range b.Look(t, server, widths, flag) {
					at := fmt.Sprintf("%d wide, %s", widths[i], theme)
					if s.Scroll > s.Client || s.Open > s.Client || s.Client != widths[i] || len(s.Wide) > 0 {
						t.Errorf("%s: it takes %d, unfolded %d of %d: %q", at, s.Scroll, s.Open, s.Client, s.Wide)
					}
					if len(s.Outside) > 0 || len(s.Small) > 0 || len(s.Faint) > 0 || s.Forbidden > 0 || s.Charts == 0 {
						t.Errorf("%s: outside of their picture: %q; too small: %q; too faint: %q; %d elements that should not be, %d pictures", at, s.Outside, s.Small, s.Faint, s.Forbidden, s.Charts)
					}
					if s.Stops.First != "Skip to the content" || s.Stops.Turned > 0 || len(s.Stops.Lost) > 0 || s.Stops.Number < 10 {
						t.Errorf("%s: the tab key finds %+v", at, s.Stops)
					}
					if i == 1 {
						continue
					}
					path := filepath.Join(folder, fmt.Sprintf("pipeline-%s-%d-%s.png", name, widths[i], theme))
					b.Run(t, fmt.Sprintf("%s/frame?w=%d&h=%d", server, widths[i], min(s.Height, 8000)), flag, "--screenshot="+path, fmt.Sprintf("--window-size=%d,%d", max(widths[i], 500), min(s.Height, 8000)))
					browser.Shelved(t, path, "\x89PNG")
				}
			}
			path := filepath.Join(folder, "pipeline-"+name+".pdf")
			b.Run(t, server+"/report", "--print-to-pdf="+path, "--no-pdf-header-footer")
			browser.Shelved(t, path, "%PDF")
		})
	}
}

// What is measured is found where it is wrong; else the test above would hold nothing.
func TestBrowserFindsFaults(t *testing.T) {
	b := browser.Open(t)
	const faulty = `<!doctype html><html lang="en"><style>.f{color:#999}a:focus,summary:focus{outline:none}.w{width:900px}.c{color:#16191d}</style><body>
<p class="f">faint</p><p class="w">wide</p><details><summary>fold</summary><p class="w">more</p></details><a href="#x">no outline</a><b tabindex="2">turned</b><script></script>
<svg viewBox="0 0 10 10" width="10"><text x="50">out</text></svg></body></html>`
	s := b.Look(t, browser.Serve(t, []byte(faulty)), []int{340})[0]
	found := fmt.Sprintf("%q", s.Faint)
	if !strings.Contains(found, "faint has 2.8") || s.Scroll <= 340 || s.Open <= 340 || len(s.Wide) == 0 || s.Stops.Turned != 1 || len(s.Stops.Lost) < 2 || s.Stops.First == "Skip to the content" || s.Forbidden != 1 || len(s.Outside) != 1 {
		t.Errorf("not all faults were found: %+v", s)
	}
}
