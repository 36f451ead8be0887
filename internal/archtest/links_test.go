package archtest

import (
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// Every relative link of the documents leads to a file that is there, and its anchor to a heading.
func TestLinksInDocumentsResolve(t *testing.T) {
	checked := 0
	for _, page := range documents(t) {
		if !strings.HasSuffix(page, ".md") {
			continue
		}
		for _, link := range links(read(t, page)) {
			u, err := url.Parse(link)
			if err != nil {
				t.Errorf("%s: %q is no address: %v", page, link, err)
				continue
			}
			if u.Scheme != "" || u.Host != "" {
				continue
			}
			checked++
			if problem := deadEnd(t, page, u); problem != "" {
				t.Errorf("%s: the link %q leads nowhere: %s", page, link, problem)
			}
		}
	}
	if checked < 150 {
		t.Errorf("only %d links were found in the documents", checked)
	}
}

// deadEnd says why a link of a page leads nowhere; it is empty where it does lead somewhere.
func deadEnd(t *testing.T, page string, u *url.URL) string {
	t.Helper()
	target := page
	if u.Path != "" {
		target = path.Join(path.Dir(page), u.Path)
	}
	if strings.HasPrefix(target, "../") {
		return "it leaves the repository"
	}
	info, err := os.Stat(filepath.Join(root, target))
	if err != nil {
		return "there is no " + target
	}
	if u.Fragment == "" || info.IsDir() || !strings.HasSuffix(target, ".md") {
		return ""
	}
	if !anchors(read(t, target))[u.Fragment] {
		return target + " has no heading #" + u.Fragment
	}
	return ""
}

func parsed(page string) (ast.Node, []byte) {
	source := []byte(page)
	return goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(text.NewReader(source)), source
}

// links are the destinations of a page's links; what stands in code is none.
func links(page string) []string {
	var found []string
	tree, _ := parsed(page)
	_ = ast.Walk(tree, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if link, ok := n.(*ast.Link); ok && entering {
			found = append(found, string(link.Destination))
		}
		return ast.WalkContinue, nil
	})
	return found
}

// noAnchor is what GitHub leaves out of a heading's anchor.
var noAnchor = regexp.MustCompile(`[^\p{L}\p{N}\p{M}_ -]`)

// anchors are those that GitHub gives to a page's headings; a repeated one is counted up.
func anchors(page string) map[string]bool {
	found, seen := map[string]bool{}, map[string]int{}
	tree, source := parsed(page)
	_ = ast.Walk(tree, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		heading, ok := n.(*ast.Heading)
		if !ok || !entering {
			return ast.WalkContinue, nil
		}
		name := strings.ReplaceAll(noAnchor.ReplaceAllString(strings.ToLower(plain(heading, source)), ""), " ", "-")
		if count := seen[name]; count > 0 {
			found[name+"-"+strconv.Itoa(count)] = true
		} else {
			found[name] = true
		}
		seen[name]++
		return ast.WalkSkipChildren, nil
	})
	return found
}

// plain is the text of a node without its marks.
func plain(n ast.Node, source []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if t, ok := n.(*ast.Text); ok && entering {
			b.Write(t.Segment.Value(source))
			if t.SoftLineBreak() {
				b.WriteByte(' ')
			}
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

// The check itself knows a dead link from a live one.
func TestDeadEndsAreSeen(t *testing.T) {
	for link, want := range map[string]string{
		"policy.md":                    "",
		"policy.md#criteria":           "",
		"policy.md#evidence-action":    "", // of `evidence: {action}`
		"../README.md#the-policy":      "",
		"../examples/canary":           "",
		"nowhere.md":                   "there is no docs/nowhere.md",
		"policy.md#nothing":            "docs/policy.md has no heading #nothing",
		"#nothing":                     "docs/gate.md has no heading #nothing",
		"../../elsewhere/README.md":    "it leaves the repository",
		"policy.md#conditions":         "docs/policy.md has no heading #conditions",
		"policy.md#evidence-action-no": "docs/policy.md has no heading #evidence-action-no",
	} {
		u, err := url.Parse(link)
		if err != nil {
			t.Fatal(err)
		}
		if got := deadEnd(t, "docs/gate.md", u); got != want {
			t.Errorf("%s: %q, want %q", link, got, want)
		}
	}
	page := "# A `b`: c\n\n[x](y.md#z) `[no](no.md)`\n\n```md\n[no](no.md)\n# no\n```\n\n## A `b`: c\n"
	if got := links(page); len(got) != 1 || got[0] != "y.md#z" {
		t.Errorf("links: %q", got)
	}
	if got := anchors(page); !got["a-b-c"] || !got["a-b-c-1"] || got["no"] {
		t.Errorf("anchors: %v", got)
	}
}
