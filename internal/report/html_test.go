package report_test

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"github.com/slipway-actions/slipway/internal/chart"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// picture is a chart of two versions beside a limit.
func picture(name string) report.Chart {
	began := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	c := chart.Chart{Title: name, Unit: "%", Limit: 1, Marks: []chart.Mark{{At: began.Add(3 * time.Minute), Text: name}},
		Series: []chart.Series{{Name: name, Role: chart.Canary}, {Name: "1.4.2", Role: chart.Baseline}}}
	for i := range 12 {
		c.X = append(c.X, began.Add(time.Duration(i+1)*time.Minute))
		c.Series[0].Values, c.Series[1].Values = append(c.Series[0].Values, 4+float64(i%4)), append(c.Series[1].Values, 0.5)
	}
	c.Series[0].Values[5] = math.NaN()
	return report.Chart{Chart: c}
}

// timeline is one of two runs.
func timeline(name string) report.Timeline {
	began := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	return report.Timeline{Timeline: chart.Timeline{Title: name, Bars: []chart.Bar{
		{Name: name, Sentence: name, Outcome: chart.Good, Began: began, Ended: began.Add(time.Minute)}, {Name: "x", Sentence: "y", Ended: began},
	}}}
}

// parsed reads a document as a browser does.
func parsed(t *testing.T, document []byte) *html.Node {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(document))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// elements are all of a document, each with what it may lead or load from.
func elements(root *html.Node) map[string][]*html.Node {
	all := map[string][]*html.Node{}
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			all[n.Data] = append(all[n.Data], n)
		}
	}
	return all
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func textOf(root *html.Node) string {
	var s strings.Builder
	for n := range root.Descendants() {
		if n.Type == html.TextNode {
			s.WriteString(n.Data)
		}
	}
	return s.String()
}

// allowed are the elements and attributes that a document may have at all. None of them runs or loads anything.
var (
	allowedElements   = strings.Fields("html head meta title style body a header h1 h2 h3 h4 h5 h6 nav main footer p strong em del code pre ul ol li table caption thead tbody tr th td details summary div figure figcaption svg desc path text circle hr blockquote br")
	allowedAttributes = strings.Fields("lang charset http-equiv content name class href id tabindex rel role aria-label aria-labelledby scope viewbox viewBox d x y dx dy cx cy r text-anchor xmlns start align")
)

// harmlessDocument holds a document to what every one must be.
func harmlessDocument(t *testing.T, document []byte) *html.Node {
	t.Helper()
	root := parsed(t, document)
	ids := map[string]bool{}
	for name, nodes := range elements(root) {
		if !slices.Contains(allowedElements, name) {
			t.Errorf("element %s", name)
		}
		for _, n := range nodes {
			for _, a := range n.Attr {
				if !slices.Contains(allowedAttributes, a.Key) {
					t.Errorf("attribute %s=%q of %s", a.Key, a.Val, name)
				}
				if a.Key == "href" && !strings.HasPrefix(a.Val, "#") && !strings.HasPrefix(a.Val, "https://") && !strings.HasPrefix(a.Val, "http://") {
					t.Errorf("link to %q", a.Val)
				}
				if a.Key == "id" && ids[a.Val] {
					t.Errorf("two elements have the id %s", a.Val)
				}
				if a.Key == "id" {
					ids[a.Val] = true
				}
			}
		}
	}
	for _, n := range elements(root)["svg"] {
		for _, id := range strings.Fields(attribute(n, "aria-labelledby")) {
			if !ids[id] {
				t.Errorf("the picture is named by %s, which is nowhere", id)
			}
		}
	}
	if text := textOf(root); strings.ContainsAny(text, "\x00\x1b\u202e\u2066") {
		t.Error("characters that nobody can see are left in the text")
	}
	return root
}

// everything is a page with each kind of block, the text wherever one can stand.
func everything(s string) report.Page {
	return report.Page{
		report.Heading{Level: 2, Text: report.T(s)}, report.Paragraph{Text: report.Join(report.T(s), report.Code(s), report.Bold(s), report.Link(s, s), report.Link("x", "https://e.example/"+s))},
		report.Alert{Kind: report.Caution, Text: report.T(s)}, report.Alert{Kind: report.AlertKind(s), Text: report.T("x")},
		report.Heading{Level: 4, Text: report.Code(s)},
		report.Table{Header: []string{s, "B"}, Rows: [][]report.Text{{report.T(s), report.Link(s, "javascript:alert(1)")}, {}}}, report.List{Items: []report.Text{report.T(s)}},
		report.Fence{Info: s, Body: s}, report.Fence{Info: "mermaid", Body: s}, report.Markdown(report.Escape(s)), picture(s), picture(s),
		report.Details{Summary: s, Body: report.Page{report.Table{Header: []string{s}}, picture(s)}}, report.Table{},
		report.Banner{Outcome: verdict.Failed, Text: report.T(s)}, report.Banner{Outcome: verdict.Outcome(s), Text: report.Link(s, s)}, timeline(s),
	}
}

// TestHTMLHostileText holds that text is text wherever it stands: the document has the elements that it has
// with an "x" in that place, and a reader sees the text.
func TestHTMLHostileText(t *testing.T) {
	shape := func(root *html.Node) string {
		var s strings.Builder
		for n := range root.Descendants() {
			if n.Type == html.ElementNode && n.Data != "a" && n.Data != "text" {
				s.WriteString(n.Data + " ")
			}
		}
		return s.String()
	}
	want := shape(parsed(t, everything("x").HTML("x", report.T("x"))))
	for _, s := range append(slices.Clone(hostile), "a\x00b", "\u202eevil", `" onload="x`, `'><svg onload=x>`, "</style><script>x</script>", "]]>", "javascript:alert(1)", strings.Repeat("x", 5000)) {
		root := harmlessDocument(t, everything(s).HTML(s, report.T(s)))
		if got := shape(root); got != want {
			t.Errorf("%q changes the document:\n got %s\nwant %s", s, got, want)
		}
		if seen := readable(textOf(elements(root)["h1"][0])); seen != readable(report.Printable(s)) {
			t.Errorf("%q is read as %q", s, seen)
		}
	}
}

// Markdown that nobody escaped is harmless all the same.
func TestHTMLOfRawMarkdown(t *testing.T) {
	for _, s := range append(slices.Clone(hostile),
		"<script>alert(1)</script>\n", "[a](javascript:alert(1))", "[a](data:text/html,x)", "<javascript:alert(1)>", "![a](https://evil.example/x.png)", "[a](//evil.example)",
		"[a](https://ok.example \"t\" )", "<div onclick=x>\n\nx\n\n</div>", "a <code> b", "| a |\n|:-:|\n| <img src=x> |", "- [x] y", "<!-- x", "<pre>\n</main>", "\u202e",
	) {
		root := harmlessDocument(t, report.Page{report.Markdown(s)}.HTML("t", nil))
		for _, name := range []string{"img", "script", "input", "iframe"} {
			if len(elements(root)[name]) > 0 {
				t.Errorf("%q makes an element %s", s, name)
			}
		}
	}
	got := string(report.Page{report.Markdown("x [a](https://ok.example/?a=1&b=2) me@<wbr>here <code>c</code> `d` <b>e</b>")}.HTML("t", nil))
	if want := `<p>x <a href="https://ok.example/?a=1&amp;b=2" rel="noopener noreferrer">a</a> me@here c <code>d</code> &lt;b&gt;e&lt;/b&gt;</p>`; !strings.Contains(got, want) {
		t.Errorf("want %s in\n%s", want, got[strings.Index(got, "<main"):])
	}
}

// The order of headings tells a screen reader what belongs to what: no level is left out.
func TestHTMLHeadings(t *testing.T) {
	for name, tc := range map[string]struct{ levels, want []int }{
		"as they are": {[]int{2, 3, 3, 2}, []int{2, 3, 3, 2}}, "too high": {[]int{1, 2}, []int{2, 3}}, "too low": {[]int{3, 3, 4}, []int{2, 2, 3}},
		"left out": {[]int{2, 4, 4, 3}, []int{2, 3, 3, 3}}, "too deep": {[]int{1, 2, 3, 4, 5, 6, 7}, []int{2, 3, 4, 5, 6, 6, 6}},
	} {
		var page report.Page
		for _, l := range tc.levels {
			page = append(page, report.Heading{Level: l, Text: report.T("x")})
		}
		var got []int
		for n := range parsed(t, page.HTML("t", nil)).Descendants() {
			if n.Type == html.ElementNode && len(n.Data) == 2 && n.Data[0] == 'h' && n.Data > "h1" && n.Data <= "h6" {
				got = append(got, int(n.Data[1]-'0'))
			}
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s: -want +got\n%s", name, diff)
		}
	}
}

// What has a name and is given none says so: a reader of the page's structure would hear nothing.
func TestHTMLWithoutWords(t *testing.T) {
	root := harmlessDocument(t, report.Page{report.Heading{Level: 2, Text: report.T(" \n")}, report.Details{Summary: "\n"}}.HTML("\n", nil))
	for _, name := range []string{"h1", "h2", "summary"} {
		if got := textOf(elements(root)[name][0]); got != "(no text)" {
			t.Errorf("%s is read as %q", name, got)
		}
	}
}

// A list of contents that is longer than a screen has the uppermost headings alone, if there are any to choose.
func TestHTMLContents(t *testing.T) {
	for name, tc := range map[string]struct{ upper, lower, want int }{
		"none": {2, 0, 0}, "few": {2, 3, 8}, "many": {4, 10, 4}, "all are lower": {1, 40, 41},
	} {
		var page report.Page
		for range tc.upper {
			page = append(page, report.Heading{Level: 2, Text: report.T("x")})
			for range tc.lower {
				page = append(page, report.Heading{Level: 3, Text: report.T("y")})
			}
		}
		links := 0
		for _, nav := range elements(parsed(t, page.HTML("t", nil)))["nav"] {
			links += len(elements(nav)["a"])
		}
		if links != tc.want {
			t.Errorf("%s: %d links, want %d", name, links, tc.want)
		}
	}
}

// What a reader needs besides eyes and a mouse.
func TestHTMLAccess(t *testing.T) {
	page := append(slices.Clone(example), example[1], picture("5xx"), picture("p95"), report.Heading{Level: 2, Text: report.T("b")}, report.Heading{Level: 2, Text: report.T("c")})
	root := harmlessDocument(t, page.HTML("deploy-verify: promote", report.T("by slipway")))
	all := elements(root)
	for name, most := range map[string]int{"main": 1, "header": 1, "footer": 1, "nav": 1, "h1": 1, "style": 1} {
		if len(all[name]) != most {
			t.Errorf("%d elements %s", len(all[name]), name)
		}
	}
	if lang := attribute(all["html"][0], "lang"); lang != "en" {
		t.Errorf("lang %q", lang)
	}
	first := all["a"][0]
	if attribute(first, "href") != "#content" || attribute(all["main"][0], "id") != "content" {
		t.Error("the first link does not lead to the content")
	}
	regions := map[string]bool{}
	for _, table := range all["table"] {
		if label := attribute(table.Parent, "aria-label"); regions[label] {
			t.Errorf("two regions are called %q", label)
		} else {
			regions[label] = true
		}
		if parent := table.Parent; attribute(parent, "tabindex") != "0" || attribute(parent, "aria-label") == "" || table.FirstChild.Data != "caption" {
			t.Error("a table cannot be scrolled by the keyboard, or has no name")
		}
	}
	for _, th := range all["th"] {
		if attribute(th, "scope") == "" {
			t.Error("a header without a scope")
		}
	}
	if n := len(all["svg"]); n != 2 || len(all["figcaption"]) != 2 {
		t.Errorf("%d pictures", n)
	}
}

// TestHTMLGolden holds the whole document; look at it in a browser.
func TestHTMLGolden(t *testing.T) {
	page := append(slices.Clone(example), report.Heading{Level: 2, Text: report.T("Metrics")}, picture("5xx of 1.5.0"), picture("p95 of 1.5.0"), report.Fence{Info: "mermaid", Body: "gantt\n    title x"})
	for name, got := range map[string]string{"page.html": string(page.HTML("deploy-verify: rollback to 1.4.2", report.T("Slipway, 2026-03-01"))), "chart.md": report.Page{picture("5xx of 1.5.0 | a")}.Markdown(4000), "chart-60.txt": report.Page{picture("5xx of 1.5.0")}.Terminal(60)} {
		path := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s: -want +got\n%s", name, diff)
		}
	}
}

// A chart in the summary is harmless Markdown, takes its room like other blocks, and hides what must be hidden.
func TestChartBlock(t *testing.T) {
	for _, s := range hostile {
		page := report.Page{picture(s)}
		rendered := github(t, page.Markdown(report.SummaryLimit))
		if strings.Contains(rendered, "<script") || strings.Contains(rendered, "<img") || strings.Contains(rendered, "href") {
			t.Errorf("%q becomes more than text:\n%s", s, rendered)
		}
		if strings.Count(rendered, "<pre>") != 1 {
			t.Errorf("%q breaks the fence:\n%s", s, rendered)
		}
	}
	if text := (report.Page{picture("x"), report.Paragraph{Text: report.T("y")}}).Markdown(300); strings.Contains(text, "mermaid") || !strings.Contains(text, "cut here") {
		t.Errorf("half a chart: %s", text)
	}
	original := picture("secret")
	original.Unit, original.LimitName = "secret", "secret"
	hidden := report.Page{original}.Map(func(s string) string { return strings.ReplaceAll(s, "secret", "hidden") })
	for _, text := range []string{hidden.Markdown(report.SummaryLimit), hidden.Terminal(80), string(hidden.HTML("t", nil))} {
		if strings.Contains(text, "secret") || !strings.Contains(text, "hidden") {
			t.Errorf("not hidden in\n%s", text)
		}
	}
	if original.Series[0].Name != "secret" {
		t.Error("hiding changed the original")
	}
}

func FuzzHTML(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		harmlessDocument(t, append(everything(s), report.Markdown(s)).HTML(s, report.T(s)))
	})
}

func BenchmarkHTML(b *testing.B) {
	page := report.Page{}
	for i := range 40 {
		page = append(page, report.Heading{Level: 3, Text: report.T(fmt.Sprint(i))}, picture("x"))
	}
	for b.Loop() {
		io.Discard.Write(page.HTML("t", nil))
	}
}
