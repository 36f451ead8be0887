package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Every command that the documents show is one that this program takes: its action, and each flag.
func TestCommandsInDocumentsParse(t *testing.T) {
	checked := 0
	for _, page := range pages(t) {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, command := range commandsIn(string(text)) {
			checked++
			if err := accepts(command); err != nil {
				t.Errorf("%s: `%s`: %v", strings.TrimPrefix(page, filepath.Dir(docs)+"/"), strings.Join(command, " "), err)
			}
		}
	}
	if checked < 10 {
		t.Errorf("only %d commands were found in the documents", checked)
	}
}

// pages are the documents for people who use the program.
func pages(t *testing.T) []string {
	t.Helper()
	var found []string
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/*/*.md", "actions/*/README.md", "examples/*/README.md"} {
		paths, err := filepath.Glob(filepath.Join(filepath.Dir(docs), pattern))
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, paths...)
	}
	return found
}

var (
	fence      = regexp.MustCompile("(?ms)^```(console|sh)\n(.*?)^```")
	inlineCode = regexp.MustCompile("`((?:bin/)?slipway [^`(]+)`") // a name with brackets is that of the check run
	commandEnd = regexp.MustCompile(` +#.*$| +[|>].*$| +&&.*$| +;.*$`)
	word       = regexp.MustCompile(`(?:[^\s"']|"[^"]*"|'[^']*')+`)
)

// commandsIn are the calls of this program in a page's blocks of commands and in its code, as words.
func commandsIn(page string) [][]string {
	var lines []string
	for _, block := range fence.FindAllStringSubmatch(page, -1) {
		lines = append(lines, strings.Split(strings.ReplaceAll(block[2], "\\\n", " "), "\n")...)
	}
	for _, code := range inlineCode.FindAllStringSubmatch(fence.ReplaceAllString(page, ""), -1) {
		lines = append(lines, code[1])
	}
	var commands [][]string
	for _, line := range lines {
		line = commandEnd.ReplaceAllString(strings.TrimPrefix(strings.TrimSpace(line), "$ "), "")
		if words := word.FindAllString(line, -1); len(words) > 1 && filepath.Base(words[0]) == "slipway" && words[1] != "<action>" {
			commands = append(commands, words[1:])
		}
	}
	return commands
}

// accepts tells whether the program takes these words, without doing what they say.
func accepts(words []string) error {
	for _, a := range actions {
		if a.Name != words[0] {
			continue
		}
		spec, err := specOf(a.Name)
		if err != nil {
			return err
		}
		_, _, err = readInputs(a, spec, words[1:], nil)
		if errors.Is(err, flag.ErrHelp) || err != nil && strings.HasPrefix(err.Error(), "flag needs an argument") { // a flag is spoken of
			return nil
		}
		return err
	}
	if slices.ContainsFunc(strings.Split(usage(), "\n"), func(line string) bool { return strings.HasPrefix(line, "  "+words[0]+" ") }) {
		return nil
	}
	return fmt.Errorf("there is no action %q", words[0])
}

// The check itself knows a command that is none.
func TestCommandsThatAreNoneAreSeen(t *testing.T) {
	page := "```console\n$ bin/slipway version-bump --channel rc   # a comment\n$ slipway go-no-go --nothing=1 | jq .\nslipway \\\n  deploy --url x\nmake test\n```\n" +
		"`slipway preflight --only=\"go-no-go\"` and `slipway <action> --help`\n"
	want := []string{"", "flag provided but not defined: -nothing", `there is no action "deploy"`, ""}
	commands := commandsIn(page)
	if len(commands) != len(want) {
		t.Fatalf("commands: %q", commands)
	}
	for i, command := range commands {
		got := ""
		if err := accepts(command); err != nil {
			got = err.Error()
		}
		if got != want[i] {
			t.Errorf("%q: %q, want %q", command, got, want[i])
		}
	}
}
