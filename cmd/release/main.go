// Release makes a release of Slipway, a step at a time: docs/how-slipway-is-released.md. It is no part of what
// is shipped. What a later step needs is printed as name=value, for GITHUB_OUTPUT; words go to stderr.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/slipway-actions/slipway/internal/github"
	"github.com/slipway-actions/slipway/internal/gitrepo"
	"github.com/slipway-actions/slipway/internal/releasing"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	ctx, end := context.WithTimeout(ctx, longest)
	defer end()
	os.Exit(run(ctx, ".", os.Args[1:], os.Getenv, os.Stdout, os.Stderr))
}

// longest bounds a step: a registry that takes a connection and never answers ends it, too.
const longest = 15 * time.Minute

// step is one of a release's.
type step struct {
	name, does string
	needs      []string // flags without which it can't begin
	do         func(context.Context, *options) error
}

var steps = []step{
	{"check", "hold the tag that starts a release against the history", []string{"candidate", "revision"}, check},
	{"image", "make an image canonical, and push it by digest", []string{"archive", "registry", "version", "revision", "created"}, pushImage},
	{"index", "let the version's tag lead to the images of all platforms", []string{"candidate", "revision", "registry", "digests"}, pushIndex},
	{"commit", "make the commit in which every action.yml names the image", []string{"candidate", "revision", "image"}, makeCommit},
	{"draft", "draft the release, with its files", []string{"candidate", "revision", "image", "commit", "notes"}, draft},
	{"publish", "tag, publish the release, and let the floating tags follow", []string{"candidate", "revision", "image", "commit", "notes"}, publish},
}

// options are the flags of all steps.
type options struct {
	candidate, revision, version, archive, registry, digests, image, commit, notes, branches, repository, created, files string

	dir string // of the clone; what flags name lies below it, or anywhere by its whole path
	env func(string) string
	out io.Writer
}

// run returns the exit code: 0 done, 1 it could not be done, 2 the caller is wrong.
func run(ctx context.Context, dir string, args []string, env func(string) string, out, words io.Writer) int {
	var chosen *step
	for i := range steps {
		if len(args) > 0 && steps[i].name == args[0] {
			chosen = &steps[i]
		}
	}
	if chosen == nil {
		fmt.Fprintln(words, "usage: release <step> [flags]")
		for _, s := range steps {
			fmt.Fprintf(words, "  %-8s %s\n", s.name, s.does)
		}
		return 2
	}
	o := &options{dir: dir, env: env, out: out}
	flags := flag.NewFlagSet("release "+chosen.name, flag.ContinueOnError)
	flags.SetOutput(words)
	texts := map[string]*string{}
	text := func(into *string, name, otherwise, usage string) {
		flags.StringVar(into, name, otherwise, usage)
		texts[name] = into
	}
	text(&o.candidate, "candidate", "", "tag that started the release, such as release/v1.4.0")
	text(&o.revision, "revision", "", "commit that it leads to")
	text(&o.created, "created", env("SOURCE_DATE_EPOCH"), "time of that commit, in seconds since 1970")
	text(&o.version, "version", "", "version that the image was built with, such as 1.4.0")
	text(&o.archive, "archive", "", "image as docker save writes it")
	text(&o.registry, "registry", "", "repository of images, such as ghcr.io/slipway-actions/slipway")
	text(&o.digests, "digests", "", "digests of the images, with commas between them")
	text(&o.image, "image", "", "image by tag and digest: repository:tag@sha256:…")
	text(&o.commit, "commit", "", "release commit")
	text(&o.notes, "notes", "", "file with the release's notes")
	text(&o.files, "files", "", "files to add to the release, with commas between them")
	text(&o.branches, "branches", "origin/main", "branches that releases are made from, with commas between them")
	text(&o.repository, "repository", env("GITHUB_REPOSITORY"), "owner/name at GitHub")
	if err := flags.Parse(args[1:]); err != nil {
		return 2
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(words, "release %s: %q is no flag\n", chosen.name, flags.Arg(0))
		return 2
	}
	for _, name := range chosen.needs {
		if *texts[name] == "" {
			fmt.Fprintf(words, "release %s: --%s is missing: %s\n", chosen.name, name, flags.Lookup(name).Usage)
			return 2
		}
	}
	if err := chosen.do(ctx, o); err != nil {
		fmt.Fprintf(words, "release %s: %v\n", chosen.name, err)
		return 1
	}
	return 0
}

func (o *options) say(name, value string) error {
	_, err := fmt.Fprintf(o.out, "%s=%s\n", name, strings.Join(strings.Fields(value), " "))
	return err
}

// file is where a file lies that a flag names.
func (o *options) file(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(o.dir, name)
}

func check(ctx context.Context, o *options) error {
	c, err := o.read(ctx)
	if err != nil {
		return err
	}
	return errors.Join(o.say("version", c.Version.String()), o.say("tag", c.Tag()))
}

func (o *options) read(ctx context.Context) (releasing.Candidate, error) {
	repo, err := gitrepo.Open(ctx, o.dir, "")
	if err != nil {
		return releasing.Candidate{}, err
	}
	return releasing.ReadCandidate(ctx, repo, o.candidate, o.revision, strings.Split(o.branches, ","))
}

func pushImage(ctx context.Context, o *options) error {
	seconds, err := strconv.ParseInt(o.created, 10, 64)
	if err != nil {
		return fmt.Errorf("--created is %q; wanted: seconds since 1970, as git log -1 --format=%%ct prints them", o.created)
	}
	source := releasing.Source{Created: time.Unix(seconds, 0), Version: o.version, Revision: o.revision}
	built, err := releasing.Load(o.file(o.archive))
	if err != nil {
		return err
	}
	image, err := releasing.Canonical(built, source)
	if err != nil {
		return err
	}
	digest, err := releasing.Registry{Repository: o.registry}.Push(ctx, image)
	if err != nil {
		return err
	}
	return o.say("digest", digest)
}

func pushIndex(ctx context.Context, o *options) error {
	c, err := o.read(ctx)
	if err != nil {
		return err
	}
	source := releasing.Source{Version: c.Version.String(), Revision: c.Revision}
	digest, err := releasing.Registry{Repository: o.registry}.Tag(ctx, c.Tag(), source, strings.Split(o.digests, ","))
	if err != nil {
		return err
	}
	return errors.Join(o.say("digest", digest), o.say("image", releasing.Pin{Repository: o.registry, Tag: c.Tag(), Digest: digest}.String()))
}

// release is what the steps at GitHub share.
func (o *options) release(ctx context.Context) (releasing.Release, error) {
	c, err := o.read(ctx)
	if err != nil {
		return releasing.Release{}, err
	}
	pin, err := releasing.ParsePin(o.image)
	if err != nil {
		return releasing.Release{}, err
	}
	token := o.env("GITHUB_TOKEN")
	if token == "" || o.repository == "" {
		return releasing.Release{}, errors.New("GITHUB_TOKEN and GITHUB_REPOSITORY have to be set")
	}
	client, err := github.New(github.Options{APIURL: o.env("GITHUB_API_URL"), Token: token, UserAgent: "slipway-release"})
	if err != nil {
		return releasing.Release{}, err
	}
	manifests, err := fs.Glob(os.DirFS(o.dir), "actions/*/action.yml")
	if err != nil {
		return releasing.Release{}, err
	}
	runURL := ""
	if id := o.env("GITHUB_RUN_ID"); id != "" {
		runURL = o.env("GITHUB_SERVER_URL") + "/" + o.repository + "/actions/runs/" + id
	}
	return releasing.Release{
		Candidate: c, GitHub: client, Repository: o.repository, RunURL: runURL, Pin: pin,
		Registry: releasing.Registry{Repository: pin.Repository}, Manifests: slices.Concat([]string{"action.yml"}, manifests),
	}, nil
}

func makeCommit(ctx context.Context, o *options) error {
	r, err := o.release(ctx)
	if err != nil {
		return err
	}
	id, err := r.Commit(ctx)
	if err != nil {
		return err
	}
	return errors.Join(o.say("commit", id), o.say("branch", r.Branch()))
}

func draft(ctx context.Context, o *options) error {
	r, notes, err := o.announcement(ctx)
	if err != nil {
		return err
	}
	files := map[string][]byte{}
	for _, name := range strings.FieldsFunc(o.files, func(c rune) bool { return c == ',' }) {
		text, err := os.ReadFile(o.file(name))
		if err != nil {
			return err
		}
		files[filepath.Base(name)] = text
	}
	url, err := r.Draft(ctx, o.commit, notes, files)
	if err != nil {
		return err
	}
	return o.say("url", url)
}

func publish(ctx context.Context, o *options) error {
	r, notes, err := o.announcement(ctx)
	if err != nil {
		return err
	}
	url, err := r.Publish(ctx, o.commit, notes)
	if err != nil {
		return err
	}
	return o.say("url", url)
}

func (o *options) announcement(ctx context.Context) (r releasing.Release, notes string, err error) {
	if r, err = o.release(ctx); err != nil {
		return r, "", err
	}
	text, err := os.ReadFile(o.file(o.notes))
	return r, string(text), err
}
