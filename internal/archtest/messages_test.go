package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// Who looks a message up finds it letter by letter: what docs/troubleshooting.md quotes, in lines
// such as "> `the clone is shallow …`", is what the code says. "…" stands for what differs.
func TestMessagesInDocumentsAreTheCodes(t *testing.T) {
	spoken := literals(t)
	quoted := quotedMessages(read(t, "docs/troubleshooting.md"))
	for _, message := range quoted {
		if problem := unspoken(spoken, message); problem != "" {
			t.Errorf("docs/troubleshooting.md: %s", problem)
		}
	}
	if len(quoted) < 40 {
		t.Errorf("only %d messages were found in docs/troubleshooting.md", len(quoted))
	}
}

// quotedMessages are the quotations of a page that are code.
func quotedMessages(page string) []string {
	var found []string
	for line := range strings.Lines(page) {
		if quote, ok := strings.CutPrefix(strings.TrimSpace(line), "> `"); ok {
			found = append(found, strings.TrimSuffix(quote, "`"))
		}
	}
	return found
}

// least is how many letters a part of a message must have to prove anything.
const least = 12

// unspoken says what of a message the code never says; it is empty where it says all of it.
func unspoken(spoken []string, message string) string {
	proven := false
	for part := range strings.SplitSeq(message, "…") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		proven = proven || len(part) >= least
		if !said(spoken, part) {
			return fmt.Sprintf("the code does not say %q", part)
		}
	}
	if !proven {
		return fmt.Sprintf("%q has no part of %d letters, and proves nothing", message, least)
	}
	return ""
}

func said(spoken []string, part string) bool {
	for _, s := range spoken {
		if strings.Contains(s, part) {
			return true
		}
	}
	return false
}

// literals are the texts in the program's code. What is put together of several in one expression is
// one, with "…" where something is filled in.
func literals(t *testing.T) []string {
	t.Helper()
	var found []string
	for _, f := range sources(t) {
		inHouse := strings.HasPrefix(f.path, "internal/") || strings.HasPrefix(f.path, "cmd/slipway/")
		if !inHouse || strings.HasSuffix(f.path, "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, f.path), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			if e, ok := n.(ast.Expr); ok {
				if text := spokenBy(e); len(text) >= least {
					found = append(found, text)
				}
			}
			return true
		})
	}
	return found
}

// spokenBy is the text of a literal, or of a sum with one.
func spokenBy(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		if text, err := strconv.Unquote(e.Value); err == nil && e.Kind == token.STRING {
			return text
		}
	case *ast.BinaryExpr:
		if e.Op == token.ADD {
			return part(e.X) + part(e.Y)
		}
	}
	return ""
}

func part(e ast.Expr) string {
	if text := spokenBy(e); text != "" {
		return text
	}
	return "…"
}

// The check itself knows a message that is made up.
func TestMadeUpMessagesAreSeen(t *testing.T) {
	spoken := []string{"the clone is shallow: its history is cut off", "%s has moved: it is at %s"}
	for message, want := range map[string]bool{
		"the clone is shallow":                        true,
		"… has moved: it is at …":                     true,
		"the clone is deep":                           false,
		"the clone is shallow … and that is all of …": false,
		"… is …":                                      false,
	} {
		if got := unspoken(spoken, message) == ""; got != want {
			t.Errorf("%q: %v, want %v", message, got, want)
		}
	}
	if got := quotedMessages("> `a` b\n\n> `c`\n\n`d`\n"); len(got) != 2 || got[1] != "c" {
		t.Errorf("quoted: %q", got)
	}
}

// What SECURITY.md names as held by a test has that test.
func TestTheThreatModelNamesTestsThatAre(t *testing.T) {
	there := map[string]bool{}
	err := filepath.WalkDir(filepath.Join(root, "internal"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, m := range testFunction.FindAllStringSubmatch(string(text), -1) {
			there[m[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	named := testName.FindAllStringSubmatch(read(t, "SECURITY.md"), -1)
	for _, m := range named {
		if !there[m[1]] {
			t.Errorf("SECURITY.md: there is no test %s", m[1])
		}
	}
	if len(named) < 30 || there["TestThatIsNot"] || !there["TestTheThreatModelNamesTestsThatAre"] {
		t.Errorf("%d tests are named, %d were found", len(named), len(there))
	}
}

var (
	testFunction = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
	testName     = regexp.MustCompile("`((?:Test|Fuzz)\\w+)`")
)
