package main

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// answers are what programs do beyond being recorded: no more than the examples need.
var answers = map[string]func() error{
	"gh issue list":    listIssue,
	"gh issue create":  func() error { return os.WriteFile(openIssue, []byte("7\n"), 0o644) },
	"gh issue close":   func() error { return os.Remove(openIssue) },
	"npm publish":      publish,
	"gh issue comment": listIssue,
	"docker inspect":   inspect,
}

// inspect tells an image by its digest, another one after each build.
func inspect() error {
	calls, err := os.ReadFile("/standin/calls")
	if err != nil {
		return err
	}
	builds := strings.Count(string(calls), "docker build ")
	fmt.Printf("ghcr.io/acme/shop@sha256:%x\n", sha256.Sum256([]byte{byte(builds)}))
	return nil
}

// openIssue holds the number of the issue that is open, if one is.
const openIssue = "/standin/issue"

func listIssue() error {
	text, err := os.ReadFile(openIssue)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	fmt.Print(string(text))
	return err
}

// publish records what the package says of itself, as the registry would learn it.
func publish() error {
	var manifest struct{ Name, Version string }
	text, err := os.ReadFile("package.json")
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, &manifest); err != nil {
		return err
	}
	return note("registry has " + manifest.Name + "@" + manifest.Version)
}

func record(name string, args []string) error {
	call := strings.Join(append([]string{name}, args...), " ")
	if err := note(call); err != nil {
		return err
	}
	if text, err := os.ReadFile("/standin/fail/" + name); err == nil {
		return fmt.Errorf("%s: %s", name, strings.TrimSpace(string(text)))
	}
	for beginning, answer := range answers {
		if strings.HasPrefix(call, beginning) {
			return answer()
		}
	}
	return nil
}

func note(call string) error {
	calls, err := os.OpenFile("/standin/calls", os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(calls, call)
	return errors.Join(err, calls.Close())
}
