// The demo releases a small service twice, on this machine and offline: a version that works is
// promoted; one that builds, passes its tests and is broken all the same is seen to be, and rolled
// back. It takes the runner's part: every action runs as a workflow would run it, and what the demo
// goes by are the outputs. It exits 0 only if every decision was the right one.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

func main() {
	slipway := flag.String("slipway", "bin/slipway", "the binary to run")
	shop := flag.String("shop", "examples/shop", "sources of the service")
	advisories := flag.String("advisories", "", "folder of OSV advisories to scan against")
	dir := flag.String("dir", "bin/demo", "folder to work in; it is emptied first")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, absolute(*slipway), absolute(*shop), absolute(*advisories), absolute(*dir)); err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

func absolute(path string) string {
	full, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	return full
}

func run(ctx context.Context, slipway, shop, advisories, dir string) error {
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	log := &timeline{start: time.Now()}
	team, err := newTeam(ctx, filepath.Join(dir, "shop"), shop)
	if err != nil {
		return err
	}
	log.say("a repository with %d commits and the release v1.0.0", team.commits)

	server, err := startGitHub()
	if err != nil {
		return err
	}
	defer server.close()
	production, err := newProduction(dir)
	if err != nil {
		return err
	}
	defer production.stop()

	p := &pipeline{
		slipway: slipway, advisories: advisories, team: team, server: server, production: production, log: log,
		results: filepath.Join(dir, "results"),
	}
	log.chapter("A release that works")
	if err := p.release(ctx, "1.1.0", "promote"); err != nil {
		return err
	}
	log.chapter("A release that is broken")
	if err := team.commit(ctx, "feat(api): answer from memory", map[string]edit{"build.go": replace(`const fault = ""`, `const fault = "the cache is empty"`)}); err != nil {
		return err
	}
	if err := p.release(ctx, "1.2.0", "rollback"); err != nil {
		return err
	}
	log.chapter("Back to the last verified version")
	if err := p.rollback(ctx, "1.1.0"); err != nil {
		return err
	}
	return log.end(p.results)
}
