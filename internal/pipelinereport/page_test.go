package pipelinereport

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/slipway-actions/slipway/internal/chart"
	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

// document is the page as it is written.
func document(p Pipeline) []byte {
	made := p.Page()
	return made.Page.HTML(made.Title, made.About)
}

// pictured is a page of an action with each kind of block.
func pictured(s string) report.Page {
	c := chart.Chart{Title: s, Unit: "%", Limit: 1, Series: []chart.Series{{Name: s, Role: chart.Canary}, {Name: "1.1.0", Role: chart.Baseline}}}
	for i := range 30 {
		c.X = append(c.X, noon.Add(time.Duration(i)*time.Minute))
		c.Series[0].Values = append(c.Series[0].Values, 0.5+0.3*math.Sin(float64(i)))
		c.Series[1].Values = append(c.Series[1].Values, 0.6+0.2*math.Sin(float64(i)*0.7))
	}
	table := report.Table{Header: []string{"Name", "Value"}, Rows: [][]report.Text{{report.T(s), report.Link(s, s)}}}
	return report.Page{
		report.Paragraph{Text: report.T(s)}, table, table, report.Heading{Level: 3, Text: report.T(s)}, report.Chart{Chart: c}, report.Chart{Chart: c},
		report.Heading{Level: 4, Text: report.T("Below")}, report.List{Items: []report.Text{report.T(s)}}, report.Alert{Kind: report.Warning, Text: report.T(s)},
		report.Details{Summary: s, Body: report.Page{report.Heading{Level: 3, Text: report.T("In a fold")}, table}},
	}
}

// wild is a pipeline in which every foreign text is s.
func wild(s string) Pipeline {
	p := whole()
	p.Title = s
	p.Tool = s
	p.Aside = []Aside{{s, s}}
	for i := range p.Sources {
		src := &p.Sources[i]
		src.Path, src.Page = s, pictured(s)
		d := &src.Document
		d.Tool, d.Sentence, d.ReportOnly, d.Trimmed = s, s, true, true
		d.Subject = result.Subject{Repository: s, SHA: s, Ref: s, Version: s, Digest: s}
		d.Run.URL, d.Run.Actor = s, s
		d.Findings = []result.Finding{{ID: s, Outcome: verdict.Failed, Title: s, Observed: s, Threshold: s, Evidence: s, Owner: s, Next: s, Where: &result.Where{File: s, Line: -1}}}
	}
	p.Sources = append(p.Sources, source("deploy-verify", verdict.Pass, 99), p.Sources[0])
	p.Sources[6].Document.Action, p.Sources[6].Document.Subject.Repository = s, "x/"+s
	return p
}

// hostile are texts that would be more than text in a page that trusts them.
var hostile = []string{
	"x", `<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `javascript:alert(1)`, "data:text/html,<script>", `' onmouseover='x`, "</style></title></svg>", "<!--", "]]>", "&lt;b&gt;",
	"a\x00b\x1b[31mc", "\u202egnp.exe", "\u2066x\u2069", "\xff\xfe\xfd", "# h\n\n* a\n", "https://evil.example/\"onload=x", strings.Repeat("W", 100_000), strings.Repeat("\n", 5000), "🚢" + strings.Repeat("\u0301", 500),
}

func TestHostileDocuments(t *testing.T) {
	shape := func(root *html.Node) string {
		var names []string
		for n := range root.Descendants() {
			if n.Type == html.ElementNode && !slices.Contains([]string{"a", "text", "path"}, n.Data) {
				names = append(names, n.Data)
			}
		}
		return strings.Join(names, " ")
	}
	want := shape(accessible(t, document(wild("x"))))
	for _, s := range hostile {
		text := document(wild(s))
		if got := shape(accessible(t, text)); got != want {
			t.Errorf("%.40q changes the page:\n got %.3000s\nwant %.3000s", s, got, want)
		}
		if len(text) > 3<<20 {
			t.Errorf("%.40q makes a page of %d bytes", s, len(text))
		}
	}
}

// accessible holds a page to what the checks of axe-core want of its structure, and to having nothing that runs
// or is loaded. Colours and sizes are the browser's test.
func accessible(t *testing.T, text []byte) *html.Node {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	ids, labels, counts, level := map[string]bool{}, map[string]bool{}, map[string]int{}, 0
	var links []*html.Node
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		counts[n.Data]++
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "src" || a.Key == "srcset" || a.Key == "action" {
				t.Errorf("%s has an attribute %s=%q", n.Data, a.Key, a.Val)
			}
		}
		if id := attr(n, "id"); id != "" {
			if ids[id] {
				t.Errorf("two elements have the id %s", id)
			}
			ids[id] = true
		}
		if attr(n, "role") == "region" {
			if label := attr(n, "aria-label"); label == "" || labels[label] {
				t.Errorf("a region is called %q, as another one or not at all", label)
			} else {
				labels[label] = true
			}
		}
		if tab := attr(n, "tabindex"); !slices.Contains([]string{"", "0", "-1"}, tab) {
			t.Errorf("the tab order is changed by %s", tab)
		}
		switch n.Data {
		case "h1", "h2", "h3", "h4", "h5", "h6":
			next := int(n.Data[1] - '0')
			if next > level+1 {
				t.Errorf("a heading of level %d follows one of level %d: %q", next, level, words(n))
			}
			if level = next; words(n) == "" {
				t.Error("an empty heading")
			}
		case "a":
			links = append(links, n)
		case "th":
			if s := attr(n, "scope"); s != "col" && s != "row" {
				t.Errorf("a header without a scope: %q", words(n))
			}
		case "table":
			if n.FirstChild == nil || n.FirstChild.Data != "caption" || words(n.FirstChild) == "" {
				t.Error("a table without a caption")
			}
		case "summary":
			if words(n) == "" {
				t.Error("a fold without a name")
			}
		case "svg":
			named := strings.Fields(attr(n, "aria-labelledby"))
			if attr(n, "role") != "img" || len(named) != 2 {
				t.Error("a picture without title and description")
			}
		case "script", "link", "img", "iframe", "object", "embed", "form", "base", "video", "audio", "use", "foreignobject", "foreignObject", "animate", "set":
			t.Errorf("element %s", n.Data)
		}
	}
	for _, name := range []string{"main", "header", "footer", "nav", "h1", "title", "style"} {
		if n := counts[name]; n != 1 && !(name == "title" && n > 1) { // pictures have titles
			t.Errorf("%d elements %s", n, name)
		}
	}
	if len(links) == 0 || attr(links[0], "href") != "#content" {
		t.Error("the first link does not skip to the content")
	}
	for _, a := range links {
		href := attr(a, "href")
		if id, ok := strings.CutPrefix(href, "#"); ok && !ids[id] {
			t.Errorf("a link leads to %s, which is nowhere", href)
		} else if !ok && !strings.HasPrefix(href, "https://") && !strings.HasPrefix(href, "http://") {
			t.Errorf("a link to %q", href)
		}
		if words(a) == "" {
			t.Errorf("a link to %q without a name", href)
		}
	}
	for n := range root.Descendants() {
		for _, id := range strings.Fields(attr(n, "aria-labelledby")) {
			if !ids[id] {
				t.Errorf("a picture is named by %s, which is nowhere", id)
			}
		}
	}
	if !bytes.Contains(text, []byte(`<html lang="en">`)) || !bytes.Contains(text, []byte(`content="default-src 'none'; style-src 'sha256-`)) {
		t.Error("no language, or no policy of content")
	}
	if strings.ContainsAny(words(root), "\x00\x1b\u202e\u2066") {
		t.Error("characters that nobody can see are left in the text")
	}
	return root
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func words(root *html.Node) string {
	var s strings.Builder
	for n := range root.Descendants() {
		if n.Type == html.TextNode {
			s.WriteString(n.Data + " ")
		}
	}
	return strings.Join(strings.Fields(s.String()), " ")
}

// A page shows stages in their order and results of one action in the order of time, whatever order they came in.
func TestOrder(t *testing.T) {
	p := whole()
	p.Sources = append(p.Sources, source("deploy-verify", verdict.Fail, 5), source("deploy-verify", verdict.Unknown, 300), source("magic", verdict.Pass, 0), source("preflight", verdict.Pass, 0))
	for i := range p.Sources {
		if p.Sources[i].Document.Action == "deploy-verify" { // its headings are its own, and belong below it
			p.Sources[i].Page = report.Page{report.Heading{Level: 3, Text: report.T("Metrics")}}
		}
	}
	slices.Reverse(p.Sources)
	var got []string
	for n := range accessible(t, document(p)).Descendants() {
		if n.Type == html.ElementNode && (n.Data == "h2" || n.Data == "h3") {
			got = append(got, words(n))
		}
	}
	want := []string{"What was judged", "Timeline", "Version (version-bump)", "What changes (changelog)", "Scan (security-gate)", "Steps in one run (preflight)", "Decision (go-no-go)", "Deployment (deploy-verify)",
		"1 of 3: 1.2.0, ended 2026-03-01 12:05:30 UTC", "2 of 3: 1.2.0, ended 2026-03-01 12:40:30 UTC", "3 of 3: 1.2.0, ended 2026-03-01 17:00:30 UTC", "magic", "Documents"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if p.Sources[0].Document.Action != "preflight" || p.Sources[0].number != "" {
		t.Error("making the page changed what it was made from")
	}
}

// What stands on top can be acted on: the words of the worst, the next step, what is missing and what misleads.
func TestTop(t *testing.T) {
	p := whole()
	p.Sources[2], p.Sources[3] = source("security-gate", verdict.Fail, 20), source("go-no-go", verdict.Unknown, 30)
	p.Sources[2].Document.ReportOnly, p.Sources[1].Document.ReportOnly, p.Sources[0].Document.Trimmed = true, true, true
	p.Sources[0].Again = verdict.Fail
	p.Sources[4].Document.Verdict, p.Sources[4].Document.Findings = verdict.Pass, nil
	p.Sources, p.Stages = p.Sources[:5:5], append(slices.Clone(Stages), "preflight")
	top := p.Page().Page
	text := top[:slices.IndexFunc(top, func(b report.Block) bool { _, ok := b.(report.Heading); return ok })].Terminal(5000)
	for _, want := range []string{
		"❌ fail · 2 of 5 results fail, 2 of 5 are unknown, 1 of 5 passes. No preflight result was handed in.",
		"CAUTION: version-bump: it says pass, and its own evidence, judged again by this release, comes to fail (it was made by 1.4.0). Compare",
		"WARNING: version-bump: it was trimmed", "CAUTION: deploy-verify: it says pass and lists nothing that passed, so it counts as unknown.",
		"CAUTION: security-gate ran with report-only: its verdict is fail, and its job went on all the same.", "NOTE: changelog ran with report-only. It passed",
		"- version-bump: version-bump says pass. (It counts as fail.)", "- security-gate: security-gate says fail.", "- Mend security-gate.", "- Hand in the results of preflight, or name the stages that this pipeline has: --stages=version-bump,changelog,security-gate,go-no-go,deploy-verify.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	if strings.Contains(text, "Mend go-no-go") {
		t.Error("what weighs less stands on top too")
	}
	fine := whole().Page().Page.Terminal(5000)
	if !strings.Contains(fine, "- deploy-verify: deploy-verify says pass.") || !strings.Contains(fine, "Next step: the results name none.") {
		t.Errorf("%.600s", fine)
	}
}

// Many results make a page that can still be read.
func TestManyDocuments(t *testing.T) {
	p := Pipeline{Stages: Stages, Made: noon}
	for i := range 200 {
		s := source(fmt.Sprintf("a%d", i), verdict.Fail, i)
		s.Document.ReportOnly, s.Document.Trimmed, s.Document.Subject.SHA = true, true, fmt.Sprint(i)
		for range 1000 {
			s.Document.Findings = append(s.Document.Findings, s.Document.Findings[0])
		}
		p.Sources = append(p.Sources, s)
	}
	made := p.Page()
	top := made.Page[:slices.IndexFunc(made.Page, func(b report.Block) bool { _, ok := b.(report.Heading); return ok })]
	if text := top.Terminal(80); strings.Count(text, "\n") > 250 || !strings.Contains(text, "and 195 more") || !strings.Contains(text, "more such doubts") {
		t.Errorf("the top of the page has %d lines:\n%.2000s", strings.Count(text, "\n"), text)
	}
	if text := document(p); len(text) > 40<<20 {
		t.Errorf("%d bytes", len(text))
	}
}

// Times that nobody told, or that do not add up, are named and not made up.
func TestTook(t *testing.T) {
	for want, d := range map[string]result.Document{
		"30s": {StartedAt: noon, FinishedAt: noon.Add(30 * time.Second)}, "less than 1s": {StartedAt: noon, FinishedAt: noon}, "24h1m": {StartedAt: noon, FinishedAt: noon.Add(24*time.Hour + time.Minute)},
		"1m30s": {StartedAt: noon, FinishedAt: noon.Add(90 * time.Second)}, "2h0m": {StartedAt: noon, FinishedAt: noon.Add(2 * time.Hour)},
	} {
		if got := (Source{Document: d}).took(); got != want {
			t.Errorf("it took %s, want %s", got, want)
		}
	}
	for _, d := range []result.Document{{FinishedAt: noon}, {StartedAt: noon.Add(1), FinishedAt: noon}} {
		if got := (Source{Document: d}).took(); got != "not known" {
			t.Errorf("it took %s", got)
		}
	}
}
