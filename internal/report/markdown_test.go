package report_test

import (
	"bytes"
	"flag"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	goldmarkhtml "github.com/yuin/goldmark/renderer/html"

	"github.com/slipway-actions/slipway/internal/report"
	"github.com/slipway-actions/slipway/internal/result"
	"github.com/slipway-actions/slipway/internal/verdict"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// github renders Markdown as GitHub does, HTML let through: what comes out must be harmless by itself.
func github(t *testing.T, markdown string) string {
	t.Helper()
	var b bytes.Buffer
	md := goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote), goldmark.WithRendererOptions(goldmarkhtml.WithUnsafe()))
	if err := md.Convert([]byte(markdown), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// hostile are texts that mean something somewhere.
var hostile = []string{
	"<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</details></td><b>", "<!-- ", "<![CDATA[x]]>", "<https://evil.example>", "a <b@evil.example> c",
	"[x](https://evil.example)", "![x](https://evil.example/x.png)", "[x][y]", "[x]: https://evil.example", "[^1]", "[^1]: x", "[ ] x", "[x] y", "[!CAUTION]",
	"https://evil.example/a_b", "see http://evil.example.", "www.evil.example", "(WWW.evil.example)", "ftp://evil.example", "mail@evil.example", "@everyone", "@acme/team", "a@b",
	"a | b", `a \| b`, `\`, `\\`, `a\`, "`code`", "``a`b``", "a ` b", "```", "~~~", "~~x~~", "*x*", "**x**", "***", "_x_", "__x__", "snake_case_name", "_ _ _", "~x~",
	"# x", "   # x", "    x", "\tx", "#", "- x", "-", "--- ", "---", "===", "=", "+ x", "* x", "1. x", "1) x", "12345678. x", "1.", "> x", ":-", ":--|--:", "|---|", "|",
	"&lt;b&gt;", "&amp;", "&#60;", "AT&T", "&copy;", "$x$", "$$x$$", "$`x`$", "{{ x }}", "${{ secrets.X }}", "x\n\n# y", "x\n===", "x\r\ny", "x\ry", "a\n\n    b", ":smile:x",
	"1.2.3", "-1", "é日本語🚀", "\"'", "  two  blanks  ", "a\u2028b", "::error::x", "##[error]x",
}

// readable is text as a reader takes it in.
func readable(s string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(s, "\u2028", "\uFFFD")), " ")
}

var tag = regexp.MustCompile(`<[^>]*>`)

// taken splits rendered HTML into its tags and what a reader sees.
func taken(rendered string) (tags, text string) {
	rendered = strings.ReplaceAll(rendered, "<wbr>", "")
	return strings.Join(tag.FindAllString(rendered, -1), ""), readable(html.UnescapeString(tag.ReplaceAllString(rendered, " ")))
}

// TestHostileText holds that text is text wherever it stands: rendered, the page has the tags that
// it has with an "x" in that place, and a reader sees the text as it was given.
func TestHostileText(t *testing.T) {
	places := map[string]func(s string) report.Block{
		"paragraph":   func(s string) report.Block { return report.Paragraph{Text: report.T(s)} },
		"heading":     func(s string) report.Block { return report.Heading{Level: 2, Text: report.T(s)} },
		"alert":       func(s string) report.Block { return report.Alert{Kind: report.Warning, Text: report.T(s)} },
		"bold":        func(s string) report.Block { return report.Paragraph{Text: report.Bold(s)} },
		"code":        func(s string) report.Block { return report.Paragraph{Text: report.Code(s)} },
		"link":        func(s string) report.Block { return report.Paragraph{Text: report.Link(s, "https://github.com/")} },
		"unsafe link": func(s string) report.Block { return report.Paragraph{Text: report.Link(s, "javascript:alert(1)")} },
		"list":        func(s string) report.Block { return report.List{Items: []report.Text{report.T(s), report.T("y")}} },
		"cell": func(s string) report.Block {
			return report.Table{Header: []string{"a", "b"}, Rows: [][]report.Text{{report.T(s), report.Code(s)}, {report.Bold(s), report.Link(s, "https://github.com/")}}}
		},
		"spans": func(s string) report.Block {
			return report.Paragraph{Text: report.Join(report.T("1"), report.T(s), report.T(s))}
		},
		"summary": func(s string) report.Block {
			return report.Details{Summary: s, Body: report.Page{report.Paragraph{Text: report.T("y")}}}
		},
		"escaped": func(s string) report.Block { return report.Markdown(report.Escape(s) + "\n") },
		"finding": func(s string) report.Block {
			return report.Findings([]result.Finding{{Title: s, Outcome: verdict.Failed, Observed: s, Next: s, Where: &result.Where{File: s}}})
		},
		"a target": func(s string) report.Block { return report.Paragraph{Text: report.Link("x", "https://github.com/"+s)} },
	}
	for name, place := range places {
		t.Run(name, func(t *testing.T) {
			wantTags, wantText := taken(github(t, report.Page{place("¤")}.Markdown(1<<20)))
			for _, s := range hostile {
				page := report.Page{place(s)}.Markdown(1 << 20)
				tags, text := taken(github(t, page))
				want := strings.ReplaceAll(wantText, "¤", readable(s))
				if name == "a target" {
					if strings.Count(tags, "<a ") != strings.Count(tags, "</a>") || strings.Count(tags, "<") > 4 {
						t.Errorf("%q became\n%s\nwith the tags %s", s, page, tags)
					}
					continue
				}
				if name == "spans" { // no blank between them
					want = readable("1" + s + s)
				}
				if tags != wantTags {
					t.Errorf("%q became\n%s\nwith the tags %s, want %s", s, page, tags, wantTags)
				}
				if text != readable(want) {
					t.Errorf("%q became\n%s\nwhich reads %q, want %q", s, page, text, want)
				}
			}
		})
	}
}

// FuzzText looks for texts that the list above has forgotten.
func FuzzText(f *testing.F) {
	for _, s := range []string{"a", "<b>", "1. x", "www.a.example"} {
		f.Add(s)
	}
	page := func(s string) report.Page {
		return report.Page{
			report.Paragraph{Text: report.T(s)}, report.List{Items: []report.Text{report.T(s)}},
			report.Table{Header: []string{"a", "b"}, Rows: [][]report.Text{{report.T(s), report.Code(s)}}},
			report.Alert{Kind: report.Note, Text: report.T(s)}, report.Details{Summary: s, Body: report.Page{report.Heading{Level: 3, Text: report.T(s)}}},
		}
	}
	f.Fuzz(func(t *testing.T, s string) {
		if strings.TrimSpace(s) == "" {
			return
		}
		want, _ := taken(github(t, page("x").Markdown(1<<20)))
		text := page(s).Markdown(1 << 20)
		if got, _ := taken(github(t, text)); got != want {
			t.Errorf("%q became\n%s\nwith the tags %s, want %s", s, text, got, want)
		}
		page(s).Terminal(60)
	})
}

// A fence holds anything, and ends where it should.
func TestFence(t *testing.T) {
	for _, body := range append(hostile, "a\n```\nb", "`````", "~~~\n", "\n\n", "") {
		page := report.Page{report.Fence{Info: "yaml", Body: body}, report.Paragraph{Text: report.T("after")}}.Markdown(1 << 20)
		tags, text := taken(github(t, page))
		if tags != `<pre><code class="language-yaml"></code></pre><p></p>` || text != readable(body+" after") {
			t.Errorf("%q became\n%s\nwith the tags %s, which reads %q", body, page, tags, text)
		}
	}
}

// A page over the limit is cut between blocks and says so.
func TestLimit(t *testing.T) {
	block := report.Paragraph{Text: report.T(strings.Repeat("word ", 100))}
	for _, tt := range []struct{ blocks, limit, want int }{
		{blocks: 3, limit: 2000, want: 3}, {blocks: 10, limit: 2000, want: 3}, {blocks: 5000, limit: report.SummaryLimit, want: 2088}, {blocks: 2, limit: 200, want: 0},
	} {
		var page report.Page
		for range tt.blocks {
			page = append(page, block)
		}
		text := page.Markdown(tt.limit)
		got := strings.Count(text, "word word word") / 33
		if len(text) > tt.limit || got != tt.want {
			t.Errorf("%d blocks within %d bytes: %d bytes with %d blocks, want %d", tt.blocks, tt.limit, len(text), got, tt.want)
		}
		if cut := strings.Contains(text, "This page was cut here"); cut != (tt.want < tt.blocks) {
			t.Errorf("%d blocks within %d bytes: says that it was cut: %v", tt.blocks, tt.limit, cut)
		}
	}
	// Neither a folded part nor a table is shown by halves.
	table := report.Table{Header: []string{"a"}}
	for range 1000 {
		table.Rows = append(table.Rows, []report.Text{report.T("row")})
	}
	page := report.Page{report.Heading{Level: 2, Text: report.T("title")}, report.Details{Summary: "part", Body: report.Page{table}}, block}
	if text := page.Markdown(2000); strings.Contains(text, "details") || !strings.Contains(text, "cut here") || !strings.Contains(text, "title") {
		t.Errorf("got %s", text)
	}
}

// example is a page with one of everything.
var example = report.Page{
	report.Heading{Level: 2, Text: report.T("✅ version-bump: v1.5.0 — a minor release after v1.4.2, because of 1a2b3c4 feat: a | b.")},
	report.Alert{Kind: report.Caution, Text: report.T("report-only is set: this step would have failed the job (verdict unknown), and did not.")},
	report.Paragraph{Text: report.Join(report.T("From "), report.Code("v1.4.2"), report.T(" to "), report.Bold("v1.5.0"), report.T(", see "), report.Link("the run", "https://github.com/acme/shop/actions/runs/42"), report.T("."))},
	report.Findings([]result.Finding{
		{ID: "tests", Outcome: verdict.Passed, Title: "Tests", Observed: "12 of 12 checks succeeded", Threshold: "all", Evidence: "https://github.com/acme/shop/runs/1"},
		{ID: "cve", Outcome: verdict.Failed, Title: "GO-2024-3333", Observed: "golang.org/x/net v0.32.0 in a lockfile", Threshold: "v0.33.0 or higher", Where: &result.Where{File: "go.mod", Line: 12}, Owner: "appsec", Next: "go get golang.org/x/net@v0.33.0"},
		{ID: "deploy", Outcome: verdict.Undecided, Title: "デプロイ 🚀", Observed: "no result", Next: "Run deploy-verify in staging."},
	}),
	report.Table{Header: []string{"Next tag", "Bump"}, Rows: [][]report.Text{{report.Code("v1.5.0"), report.T("minor")}, {report.T("short row")}}},
	report.List{Items: []report.Text{report.T("one"), report.T("two that is so long that it must be folded at some place or other, for no screen is as wide as all that and the words go on and on")}},
	report.Details{Summary: "2 commits", Body: report.Page{report.Table{Header: []string{"Commit"}, Rows: [][]report.Text{{report.Code("1a2b3c4")}}}}},
	report.Markdown("### Fixed\n\n- **api:** a `code` \\<b\\> &lt;c&gt; ([#12](https://github.com/acme/shop/pull/12))\n"),
	report.Fence{Info: "yaml", Body: "version: 1\n\x1b[31mred\n"},
	report.Table{},
}

// TestGoldens hold the page as GitHub and as terminals show it; read them as a user would.
func TestGoldens(t *testing.T) {
	for name, got := range map[string]string{
		"page.md": example.Markdown(1 << 20), "page-110.txt": example.Terminal(110), "page-60.txt": example.Terminal(60),
	} {
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
