// Fences lints the workflows that stand in Markdown files, with actionlint: those that are whole, and
// those that show a part (jobs without "on", or steps), which it completes first.
//
//	go run ./fences ../README.md ../docs/*.md
//
// It reads the files that it is given, and writes what is wrong to stdout.
package main

import (
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/rhysd/actionlint"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout))
}

func run(paths []string, out io.Writer) int {
	linted, wrong := 0, 0
	for _, path := range paths {
		page, err := os.ReadFile(path)
		if err != nil {
			fmt.Fprintln(out, err)
			return 2
		}
		for _, w := range workflowsIn(string(page)) {
			linted++
			found, err := w.lint()
			if err != nil {
				fmt.Fprintf(out, "%s:%d: %v\n", path, w.line, err)
				return 2
			}
			for _, e := range found {
				wrong++
				fmt.Fprintf(out, "%s:%d:%d: %s [%s]\n", path, w.line+e.Line-w.added, max(1, e.Column-w.indented), e.Message, e.Kind)
			}
		}
	}
	if linted == 0 {
		fmt.Fprintln(out, "no workflow was found in what was given")
		return 2
	}
	if wrong > 0 {
		return 1
	}
	fmt.Fprintf(out, "%d workflows in %d documents: nothing wrong\n", linted, len(paths))
	return 0
}

// workflow is one of a page, completed.
type workflow struct {
	text     string
	line     int // of the page, before the block's first line
	added    int // lines before the block's own
	indented int // blanks before each of its lines
}

var (
	block = regexp.MustCompile("(?ms)^```ya?ml\n(.*?)^```")
	on    = regexp.MustCompile(`(?m)^(on|"on"):`)
	jobs  = regexp.MustCompile(`(?m)^jobs:`)
	steps = regexp.MustCompile(`(?m)^steps:`)
	need  = regexp.MustCompile(`needs\.([a-z-]+)\.outputs\.([a-z-]+)`)
	start = regexp.MustCompile(`(?m)^`)
)

func workflowsIn(page string) []workflow {
	var found []workflow
	for _, at := range block.FindAllStringSubmatchIndex(page, -1) {
		w := workflow{text: page[at[2]:at[3]], line: strings.Count(page[:at[2]], "\n")}
		switch {
		case jobs.MatchString(w.text):
		case steps.MatchString(w.text):
			w = w.asJob()
		default:
			continue
		}
		if !on.MatchString(w.text) {
			w.text += "on: push\n"
		}
		found = append(found, w)
	}
	return found
}

// asJob makes a job of steps, and beside it those whose outputs they use.
func (w workflow) asJob() workflow {
	var names, before []string
	for _, used := range need.FindAllStringSubmatch(w.text, -1) {
		names = append(names, used[1])
		before = append(before, fmt.Sprintf("  %s:\n    runs-on: ubuntu-24.04\n    outputs: {%s: x}\n    steps: [{run: make}]\n", used[1], used[2]))
	}
	slices.Sort(names)
	slices.Sort(before)
	needs := ""
	if len(names) > 0 {
		needs = "    needs: [" + strings.Join(slices.Compact(names), ", ") + "]"
	}
	w.added, w.indented = 4, 4
	w.text = "jobs:\n  job:\n    runs-on: ubuntu-24.04\n" + needs + "\n" +
		start.ReplaceAllString(w.text, "    ") + "\n" + strings.Join(slices.Compact(before), "")
	return w
}

func (w workflow) lint() ([]*actionlint.Error, error) {
	l, err := actionlint.NewLinter(io.Discard, &actionlint.LinterOptions{})
	if err != nil {
		return nil, err
	}
	return l.Lint("workflow.yml", []byte(w.text), nil)
}
