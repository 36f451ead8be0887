// Slipway is release tooling for GitHub Actions: one binary, an action per argument. It also runs
// on a laptop, with every input as a flag.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"syscall"
	_ "time/tzdata" // policies name time zones, and the image holds no zone files

	"github.com/slipway-actions/slipway/internal/action"
	"github.com/slipway-actions/slipway/internal/changelog"
	"github.com/slipway-actions/slipway/internal/deployverify"
	"github.com/slipway-actions/slipway/internal/gonogo"
	"github.com/slipway-actions/slipway/internal/preflight"
	"github.com/slipway-actions/slipway/internal/reach"
	"github.com/slipway-actions/slipway/internal/securitygate"
	"github.com/slipway-actions/slipway/internal/versionbump"
)

// steps are the actions before a deployment, in their order: what preflight runs as one.
var steps = []action.Action{
	versionbump.Action,
	changelog.Action,
	securitygate.Action,
	gonogo.Action,
}

// actions are all there are. A new one is one line here and two folders of its own.
var actions = append(slices.Clone(steps),
	deployverify.Action,
	preflight.Of(steps, specOf),
)

// version is set by the linker for a release.
var version = "dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], process{getenv: os.Getenv, environ: os.Environ(), stdout: os.Stdout, stderr: os.Stderr}))
}

// process is what the operating system gives a program.
type process struct {
	getenv         func(string) string
	environ        []string
	stdout, stderr io.Writer
}

// run is main without the globals; it returns the exit code.
func run(ctx context.Context, args []string, p process) int {
	if len(args) == 0 {
		fmt.Fprint(p.stderr, usage())
		return exitCaller
	}
	switch args[0] {
	case "version", "--version":
		fmt.Fprintln(p.stdout, "slipway", toolVersion())
		return exitPass
	case reach.Argument: // this program again, as the process of an analysis
		return reach.Run(args[1:], p.stdout, p.stderr)
	case "report":
		return reportPipeline(args[1:], p)
	case "help", "--help", "-h":
		fmt.Fprint(p.stdout, usage())
		return exitPass
	}
	for _, a := range actions {
		if a.Name == args[0] {
			return perform(ctx, a, args[1:], p)
		}
	}
	fmt.Fprintf(p.stderr, "slipway: there is no action %q.\n\n%s", args[0], usage())
	return exitCaller
}

// toolVersion is the release, or what the build knows of its commit.
func toolVersion() string {
	if version != "dev" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				return "dev-" + s.Value[:min(len(s.Value), 12)]
			}
		}
	}
	return version
}
